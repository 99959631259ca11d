//! What whoever runs the shop does with its accounts from the machine itself: nobody signs in for it, any role may be given,
//! and the audit trail says `system`.

use secrecy::SecretString;
use uuid::Uuid;

use super::changes::{Expected, UserPatch};
use super::{NewUser, check_registration, password_changed};
use crate::domain::access::Role;
use crate::domain::page::{Order, Page, PageRequest};
use crate::domain::password::Password;
use crate::domain::user::{Status, User, UserFilter, UserSort};
use crate::infra::passwords::Asker;
use crate::service::audit::Author;
use crate::service::callers::Changed;
use crate::service::error::Faults;
use crate::service::{Error, Keep, Shop};

impl Shop {
    /// Makes an account with whichever role the request names.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Taken`], [`Error::Busy`].
    pub async fn create_account(&self, request: NewUser) -> Result<User, Error> {
        self.add_account(check_registration(request)?, Author::SYSTEM, Keep::nothing()).await
    }

    /// The account with this id, username or e-mail address, the last two in any case.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Busy`].
    pub async fn find_user(&self, name: &str) -> Result<User, Error> {
        let id = match Uuid::try_parse(name) {
            // Usernames have no hyphens, so that nobody is called by somebody else's id.
            Ok(id) if name.contains('-') => Some(id),
            _ => self.account_named(name).await?,
        };
        self.parts().store.user(id.ok_or(Error::Missing)?).await?.ok_or(Error::Missing)
    }

    /// A part of all accounts by age.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn all_users(&self, filter: &UserFilter, part: &PageRequest) -> Result<Page<User>, Error> {
        Ok(self.parts().store.users(filter, UserSort::CreatedAt, Order::Ascending, part).await?)
    }

    /// Gives an account another role, another standing, or both. A suspended account loses its sessions.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Conflict`] when no administrator could act any more.
    pub async fn set_standing(&self, id: Uuid, role: Option<Role>, status: Option<Status>) -> Result<User, Error> {
        let patch = UserPatch { role, status, ..UserPatch::default() }.check()?;
        self.alter_user(Author::SYSTEM, true, id, patch, &Expected::Any).await?.ok_or(Error::Missing)
    }

    /// Gives an account another password and ends all its sessions; tells how many. Its API keys stay.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Invalid`] for a password that is not good enough, [`Error::Busy`].
    pub async fn reset_password(&self, id: Uuid, new: SecretString) -> Result<usize, Error> {
        let mut faults = Faults::default();
        let Some(new) = faults.check_all("password", Password::parse(new)) else { return Err(faults.into_error()) };
        let hash = self.parts().passwords.hash(Asker::House, new.into_secret()).await?;
        let tx = self.parts().store.begin().await?;
        tx.set_password_hash(id, &hash).await?;
        let sessions = tx.end_sessions_of(id, None, self.now()).await?;
        let ended = sessions.len();
        let event = password_changed(Author::SYSTEM, id);
        self.commit(tx, Changed { sessions, ..Changed::default() }, vec![event]).await?;
        Ok(ended)
    }

    /// Ends all sessions of an account, those of its API keys included; tells how many.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn end_sessions_of(&self, id: Uuid) -> Result<usize, Error> {
        let tx = self.parts().store.begin().await?;
        let sessions = tx.end_sessions_of(id, None, self.now()).await?;
        let ended = sessions.len();
        let told = |session: &Uuid| Author::SYSTEM.did("session.ended", "session", *session, Vec::new());
        let events = sessions.iter().map(told).collect();
        self.commit(tx, Changed { sessions, ..Changed::default() }, events).await?;
        Ok(ended)
    }
}
