//! Accounts: registering, reading, changing, deleting.

mod changes;
mod first_admin;
mod stewardship;

use std::sync::Arc;

use secrecy::SecretString;
use uuid::Uuid;

use self::changes::CheckedPatch;
pub use self::changes::{Change, Expected, UserPatch, UserReplacement};
pub use self::first_admin::{FirstAdmin, made_up_password};
use super::audit::{Applicant, Author, By, Event, MASKED, added, between, change, gone};
use super::callers::{Caller, Changed, Resource};
use super::error::{Conflict, Denial, Error, Faults, Violation};
use super::idempotency::Keep;
use super::lists::{List, ListRequest};
use super::{Shop, Unique};
use crate::domain::access::{Role, USERS_READ, USERS_WRITE};
use crate::domain::page::Order;
use crate::domain::password::Password;
use crate::domain::session::ClientInfo;
use crate::domain::user::{Email, FullName, Status, User, UserFilter, UserSort, Username};
use crate::infra::passwords::Asker;
use crate::infra::random;
use crate::store::Tx;

/// How often a password is checked again because it was changed while it was being checked.
const ATTEMPTS: usize = 3;

/// Somebody who registers.
#[derive(Debug)]
pub struct NewUser {
    /// An address that no other account has.
    pub email: String,
    /// A name that no other account has.
    pub username: String,
    /// A password.
    pub password: SecretString,
    /// What to call the person; blank is the same as nothing.
    pub full_name: Option<String>,
    /// Where from.
    pub client: ClientInfo,
    /// Chosen by callers with the scope `users:write` only; `None` makes an ordinary account.
    pub role: Option<Role>,
}

/// A registration whose parts are all valid.
struct Registration {
    email: Email,
    username: Username,
    full_name: Option<FullName>,
    role: Role,
    password: Password,
    asker: Asker,
}

impl Shop {
    /// Makes an account, which can sign in at once.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Denied`] for a role that the caller may not choose, [`Error::Taken`], [`Error::Busy`].
    pub async fn register(&self, by: Applicant<'_>, request: NewUser, keep: Keep<'_, User>) -> Result<User, Error> {
        if request.role.is_some() && !by.caller().is_some_and(Caller::may_grant_privileges) {
            return Err(Error::Denied(Denial::Privileges));
        }
        self.add_account(check_registration(request)?, by.author(), keep).await
    }

    async fn add_account(
        &self,
        registration: Registration,
        author: Author<'_>,
        keep: Keep<'_, User>,
    ) -> Result<User, Error> {
        let Registration { email, username, full_name, role, password, asker } = registration;
        // Asked before the dear hash is made; the unique indices decide in the end.
        let store = &self.parts().store;
        if store.account_by_email(&email).await?.is_some() {
            return Err(Error::Taken(Unique::Email));
        }
        if store.account_by_username(&username).await?.is_some() {
            return Err(Error::Taken(Unique::Username));
        }
        let hash = self.parts().passwords.hash(asker, password.into_secret()).await?;

        let clock = &self.parts().clock;
        let (id, now) = (random::new_id(clock), clock.now());
        let status = Status::Active;
        let user = User { id, email, username, full_name, role, status, version: 1, created_at: now, updated_at: now };
        let tx = store.begin().await?;
        tx.insert_user(&user, &hash).await?;
        self.keep(&tx, &keep, &user).await?;
        let event = author.did("user.created", "user", id, added(&user));
        self.commit(tx, Changed::one(Resource::User, id), vec![event]).await?;
        Ok(user)
    }

    /// A part of the list of all accounts.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `users:read`, [`Error::Invalid`] for a cursor of another list.
    pub async fn users(
        &self,
        caller: &Caller,
        filter: &UserFilter,
        sort: UserSort,
        order: Order,
        request: &ListRequest,
    ) -> Result<List<User>, Error> {
        if !caller.has_scope(USERS_READ) {
            return Err(Error::Denied(Denial::Scope));
        }
        let name = format!("users {filter:?} {sort:?} {}", order.as_str());
        let page = self.open_cursor(&name, request)?;
        let found = self.parts().store.users(filter, sort, order, &page).await?;
        Ok(self.seal_cursors(&name, found))
    }

    /// An account: the caller's own, or any with the scope `users:read`. The own one takes no query.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn user(&self, caller: &Caller, id: Uuid) -> Result<Arc<User>, Error> {
        caller.reaches(id, USERS_READ)?;
        if caller.id() == id {
            return Ok(Arc::clone(&caller.user));
        }
        self.parts().store.user(id).await?.map(Arc::new).ok_or(Error::Missing)
    }

    /// Sets everything that can be changed of an account: the caller's own, or any with the scope `users:write`.
    ///
    /// # Errors
    /// As [`update_user`](Self::update_user).
    pub async fn replace_user(
        &self,
        by: impl Into<By<'_>>,
        id: Uuid,
        replacement: UserReplacement,
        expected: &Expected,
    ) -> Result<User, Error> {
        self.update_user(by, id, replacement.into(), expected).await
    }

    /// Changes some of an account: the caller's own, or any with the scope `users:write`, which it also takes to change role
    /// and status. A suspended account loses its sessions. What changes nothing leaves the version alone.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Stale`], [`Error::Invalid`], [`Error::Denied`], [`Error::Taken`], [`Error::Conflict`] when
    /// no administrator could act any more.
    pub async fn update_user(
        &self,
        by: impl Into<By<'_>>,
        id: Uuid,
        patch: UserPatch,
        expected: &Expected,
    ) -> Result<User, Error> {
        let by = by.into();
        by.reaches(id, USERS_WRITE)?;
        let (author, privileged) = (by.on(Some(id)), by.may_grant_privileges());
        let changed = self.alter_user(author, privileged, id, patch.check()?, expected).await?;
        changed.ok_or_else(|| absent(&by, id))
    }

    /// Changes an account for whoever was found to reach it; `privileged` may choose role and standing. `None` when there is
    /// no such account.
    async fn alter_user(
        &self,
        author: Author<'_>,
        privileged: bool,
        id: Uuid,
        patch: CheckedPatch,
        expected: &Expected,
    ) -> Result<Option<User>, Error> {
        let tx = self.parts().store.begin().await?;
        let Some(before) = tx.user(id).await? else { return Ok(None) };
        expected.check(id, before.version)?;
        let mut after = patch.apply(&before);
        if after == before {
            // What was read may be a neighbour's, and must be there for whoever is told of it.
            tx.commit().await?;
            return Ok(Some(before));
        }
        let privileges_change = after.role != before.role || after.status != before.status;
        if privileges_change && !privileged {
            return Err(Error::Denied(Denial::Privileges));
        }
        keep_an_admin(&tx, &before, Some(&after)).await?;

        let now = self.parts().clock.now();
        after.version = before.version + 1;
        after.updated_at = now;
        tx.update_user(&after, before.version).await?;
        let sessions = match after.status {
            Status::Suspended => tx.end_sessions_of(id, None, now).await?,
            Status::Active => Vec::new(),
        };
        let resources = vec![(Resource::User, id)];
        let event = author.did("user.updated", "user", id, between(&before, &after));
        self.commit(tx, Changed { users: vec![id], sessions, resources, ..Changed::default() }, vec![event]).await?;
        Ok(Some(after))
    }

    /// Empties an account of everything personal and ends its sessions and keys: the caller's own, or any with the scope
    /// `users:write`. What points at it stays.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Stale`], [`Error::Conflict`] for the last administrator who can act.
    pub async fn delete_user(&self, by: impl Into<By<'_>>, id: Uuid, expected: &Expected) -> Result<(), Error> {
        let by = by.into();
        by.reaches(id, USERS_WRITE)?;
        let tx = self.parts().store.begin().await?;
        let user = tx.user(id).await?.ok_or_else(|| absent(&by, id))?;
        expected.check(id, user.version)?;
        keep_an_admin(&tx, &user, None).await?;
        let sessions = tx.delete_sessions_of(id).await?;
        let keys = tx.delete_api_keys_of(id).await?;
        tx.anonymise_user(id, self.parts().clock.now()).await?;
        let event = by.on(Some(id)).did("user.deleted", "user", id, gone(&user));
        let resources = vec![(Resource::User, id)];
        self.commit(tx, Changed { users: vec![id], sessions, keys, resources }, vec![event]).await
    }

    /// Gives the caller's account another password and ends its other sessions.
    ///
    /// # Errors
    /// [`Error::Denied`] for API keys, [`Error::Invalid`] for a new password that is not good enough or a current one that is
    /// wrong, [`Error::Busy`].
    pub async fn change_password(
        &self,
        by: impl Into<By<'_>>,
        from: &ClientInfo,
        current: SecretString,
        new: SecretString,
    ) -> Result<(), Error> {
        let (by, asker) = (by.into(), Asker::at(from.address()));
        let session = by.person()?;
        let mut faults = Faults::default();
        let Some(new) = faults.check_all("new_password", Password::parse(new)) else { return Err(faults.into_error()) };
        let new = new.into_secret();
        for _ in 0..ATTEMPTS {
            let account = self.parts().store.account(by.id()).await?.ok_or(Error::Gone)?;
            let verdict = self.parts().passwords.verify(asker, current.clone(), Some(&account.password_hash)).await?;
            if !verdict.ok {
                let wrong = Violation::new("current_password", "incorrect", "is not the present password");
                return Err(Error::Invalid(vec![wrong]));
            }
            let hash = self.parts().passwords.hash(asker, new.clone()).await?;
            let tx = self.parts().store.begin().await?;
            let unchanged = tx.account(by.id()).await?.ok_or(Error::Gone)?.password_hash == account.password_hash;
            if unchanged {
                tx.set_password_hash(by.id(), &hash).await?;
                let sessions = tx.end_sessions_of(by.id(), Some(session), self.parts().clock.now()).await?;
                let event = password_changed(by.on(Some(by.id())), by.id());
                return self.commit(tx, Changed { sessions, ..Changed::default() }, vec![event]).await;
            }
        }
        Err(Error::Busy)
    }
}

fn password_changed(author: Author<'_>, id: Uuid) -> Event {
    let masked = || Some(MASKED.to_owned());
    author.did("user.password_changed", "user", id, vec![change("password", masked(), masked())])
}

/// Why an account is not there: the caller's own one was, when the request began.
fn absent(caller: &Caller, id: Uuid) -> Error {
    if caller.id() == id { Error::Gone } else { Error::Missing }
}

fn check_registration(request: NewUser) -> Result<Registration, Error> {
    let asker = Asker::at(request.client.address());
    let mut faults = Faults::default();
    let email = faults.check("email", Email::parse(&request.email));
    let username = faults.check("username", Username::parse(&request.username));
    let password = faults.check_all("password", Password::parse(request.password));
    let full_name = match request.full_name {
        Some(name) => faults.check("full_name", FullName::parse(&name)),
        None => Some(None),
    };
    match (email, username, password, full_name) {
        (Some(email), Some(username), Some(password), Some(full_name)) => {
            let role = request.role.unwrap_or(Role::User);
            Ok(Registration { email, username, full_name, role, password, asker })
        }
        _ => Err(faults.into_error()),
    }
}

/// Refuses what would leave nobody who can manage the shop. `after` is `None` for an account that goes.
async fn keep_an_admin(tx: &Tx, before: &User, after: Option<&User>) -> Result<(), Error> {
    let resigns = before.is_acting_admin() && !after.is_some_and(User::is_acting_admin);
    if resigns && !tx.has_other_acting_admin(before.id).await? {
        return Err(Error::Conflict(Conflict::LastAdmin));
    }
    Ok(())
}
