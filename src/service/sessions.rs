//! Signing in and out, and the sessions of an account.

use secrecy::SecretString;
use uuid::Uuid;

use super::audit::{By, Event};
use super::callers::{Caller, Changed};
use super::lists::{List, ListRequest};
use super::tokens::{self, TokenPair};
use super::{Error, Shop};
use crate::domain::access::ScopeSet;
use crate::domain::page::Order;
use crate::domain::session::{ClientInfo, REFRESH_TOKEN_LIFETIME, Rotation, Session, SessionSort};
use crate::domain::time::Timestamp;
use crate::domain::user::{Email, Status, User, Username};
use crate::infra::digest::sha256;
use crate::infra::passwords::Asker;
use crate::infra::random;
use crate::store::{Account, RefreshToken, Tx};

/// How often a password is checked again because it was changed while it was being checked.
const ATTEMPTS: usize = 3;

/// Somebody who wants to sign in.
#[derive(Debug)]
pub struct LogIn {
    /// Username or e-mail address, in any case.
    pub username: String,
    /// The password.
    pub password: SecretString,
    /// Where from.
    pub client: ClientInfo,
}

/// An account whose password was presented.
struct Proven {
    account: Account,
    /// To be kept instead of the present hash, which is weaker than today's.
    stronger_hash: Option<String>,
}

impl Shop {
    /// Begins a session. An unknown name takes as long as a wrong password and gives the same answer; that an account is
    /// suspended is told only to whoever knows its password.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`], [`Error::Suspended`], [`Error::Busy`].
    pub async fn log_in(&self, request: LogIn) -> Result<TokenPair, Error> {
        self.begin_session(request, |_| Ok(None)).await
    }

    /// Like [`log_in`](Self::log_in), narrowed to what `narrow` makes of the account.
    pub(super) async fn begin_session(
        &self,
        request: LogIn,
        narrow: impl Fn(&User) -> Result<Option<ScopeSet>, Error>,
    ) -> Result<TokenPair, Error> {
        for _ in 0..ATTEMPTS {
            let proven = self.prove(&request).await?;
            if let Some(pair) = self.admit(proven, &request.client, &narrow).await? {
                return Ok(pair);
            }
        }
        Err(Error::Busy)
    }

    /// The account of this name, written as for [`log_in`](Self::log_in).
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn account_named(&self, name: &str) -> Result<Option<Uuid>, Error> {
        Ok(self.find_account(name).await?.map(|account| account.user.id))
    }

    /// The account that the name and the password belong to.
    async fn prove(&self, request: &LogIn) -> Result<Proven, Error> {
        let account = self.find_account(&request.username).await?;
        let stored = account.as_ref().map(|account| account.password_hash.as_str());
        let (passwords, asker) = (&self.parts().passwords, Asker::at(request.client.address()));
        let verdict = passwords.verify(asker, request.password.clone(), stored).await?;
        let Some(account) = account.filter(|_| verdict.ok) else { return Err(Error::InvalidCredentials) };
        let stronger_hash =
            if verdict.needs_rehash { Some(passwords.hash(asker, request.password.clone()).await?) } else { None };
        Ok(Proven { account, stronger_hash })
    }

    /// Opens the session, unless the password was changed while it was being checked: then it proves nothing.
    async fn admit(
        &self,
        proven: Proven,
        client: &ClientInfo,
        narrow: &impl Fn(&User) -> Result<Option<ScopeSet>, Error>,
    ) -> Result<Option<TokenPair>, Error> {
        let tx = self.parts().store.begin().await?;
        let Account { user, password_hash } =
            tx.account(proven.account.user.id).await?.ok_or(Error::InvalidCredentials)?;
        if password_hash != proven.account.password_hash {
            return Ok(None);
        }
        if user.status == Status::Suspended {
            return Err(Error::Suspended);
        }
        if let Some(hash) = proven.stronger_hash {
            tx.set_password_hash(user.id, &hash).await?;
        }
        let pair = self.open_session(&tx, &user, narrow(&user)?, client.clone()).await?;
        self.commit(tx, Changed::default(), Vec::new()).await?;
        Ok(Some(pair))
    }

    async fn find_account(&self, name: &str) -> Result<Option<Account>, Error> {
        let store = &self.parts().store;
        let found = if name.contains('@') {
            let Ok(email) = Email::parse(name) else { return Ok(None) };
            store.account_by_email(&email).await?
        } else {
            let Ok(username) = Username::parse(name) else { return Ok(None) };
            store.account_by_username(&username).await?
        };
        Ok(found)
    }

    async fn open_session(
        &self,
        tx: &Tx,
        user: &User,
        scopes: Option<ScopeSet>,
        client: ClientInfo,
    ) -> Result<TokenPair, Error> {
        let clock = &self.parts().clock;
        let now = clock.now();
        let session = Session {
            id: random::new_id(clock),
            user_id: user.id,
            created_at: now,
            last_used_at: now,
            expires_at: now + REFRESH_TOKEN_LIFETIME,
            ended_at: None,
            client,
            scopes,
            api_key_id: None,
        };
        let access = tokens::sign(self, &session, user, tokens::scopes_of(self, &session, user), now)?;
        let refresh_token = tokens::marked(self, random::token());
        tx.insert_session(&session).await?;
        self.record(tx, &session, &refresh_token, now).await?;
        Ok(TokenPair { access, refresh_token, account: user.id })
    }

    async fn record(&self, tx: &Tx, session: &Session, refresh_token: &str, now: Timestamp) -> Result<(), Error> {
        let (id, hash) = (random::new_id(&self.parts().clock), sha256(refresh_token.as_bytes()));
        Ok(tx.insert_refresh_token(id, session.id, &hash, now, now + REFRESH_TOKEN_LIFETIME).await?)
    }

    /// Exchanges a refresh token for the next pair. Sent again within ten seconds, and not followed by its successor, it gives
    /// that successor again; any other second use ends the session.
    ///
    /// # Errors
    /// [`Error::InvalidRefreshToken`], [`Error::Suspended`], [`Error::Busy`].
    pub async fn refresh(&self, refresh_token: &str) -> Result<TokenPair, Error> {
        self.rotate(refresh_token, |_, granted| Ok(granted)).await
    }

    /// Like [`refresh`](Self::refresh), with an access token narrowed to what `narrow` makes of what the session grants.
    pub(super) async fn rotate(
        &self,
        refresh_token: &str,
        narrow: impl Fn(&Self, ScopeSet) -> Result<ScopeSet, Error>,
    ) -> Result<TokenPair, Error> {
        let hash = sha256(refresh_token.as_bytes());
        // Strangers' texts are turned away here, without a look into the store or a turn to write.
        if !tokens::is_marked(self, refresh_token) || self.parts().store.refresh_token(&hash).await?.is_none() {
            return Err(Error::InvalidRefreshToken);
        }
        let tx = self.parts().store.begin().await?;
        let (token, session, user) = self.behind(&tx, &hash).await?;
        let now = self.parts().clock.now();
        if !session.is_live(now) {
            return Err(Error::InvalidRefreshToken);
        }
        let rotation = Rotation::of(token.history, now);
        match rotation {
            Rotation::Rotate | Rotation::Repeat => {}
            Rotation::Expired => return Err(Error::InvalidRefreshToken),
            Rotation::Reuse => {
                tracing::warn!(session = %session.id, account = %user.id, "a used refresh token came back: session ended");
                tx.end_session(session.id, now).await?;
                self.commit(tx, Changed { sessions: vec![session.id], ..Changed::default() }, Vec::new()).await?;
                return Err(Error::InvalidRefreshToken);
            }
        }
        let scopes = narrow(self, tokens::scopes_of(self, &session, &user))?;
        let access = tokens::sign(self, &session, &user, scopes, now)?;
        let successor = tokens::successor(self, refresh_token);
        if rotation == Rotation::Rotate {
            self.record(&tx, &session, &successor, now).await?;
            tx.replace_refresh_token(token.id, &sha256(successor.as_bytes()), now).await?;
            tx.extend_session(session.id, now, now + REFRESH_TOKEN_LIFETIME).await?;
            self.commit(tx, Changed::default(), Vec::new()).await?;
        }
        Ok(TokenPair { access, refresh_token: successor, account: user.id })
    }

    async fn behind(&self, tx: &Tx, hash: &[u8; 32]) -> Result<(RefreshToken, Session, User), Error> {
        let token = tx.refresh_token(hash).await?.ok_or(Error::InvalidRefreshToken)?;
        let session = tx.session(token.session_id).await?.ok_or(Error::InvalidRefreshToken)?;
        let user = tx.user(session.user_id).await?.ok_or(Error::InvalidRefreshToken)?;
        match user.status {
            Status::Active => Ok((token, session, user)),
            Status::Suspended => Err(Error::Suspended),
        }
    }

    /// Ends the caller's session: its access tokens and its refresh token stop working before this returns.
    ///
    /// # Errors
    /// [`Error::Denied`] for an API key, which has no session.
    pub async fn log_out(&self, by: impl Into<By<'_>>) -> Result<(), Error> {
        let by = by.into();
        let session = by.session_id().ok_or(Error::Denied(super::Denial::PersonNeeded))?;
        self.end_session(session, vec![ended(by, session)]).await
    }

    /// A part of the list of the caller's live sessions; not those that API keys obtained.
    ///
    /// # Errors
    /// [`Error::Denied`] for API keys, [`Error::Invalid`] for a cursor of another list.
    pub async fn sessions(
        &self,
        caller: &Caller,
        sort: SessionSort,
        order: Order,
        request: &ListRequest,
    ) -> Result<List<Session>, Error> {
        caller.person()?;
        let name = format!("sessions {} {sort:?} {}", caller.id(), order.as_str());
        let page = self.open_cursor(&name, request)?;
        let found = self.parts().store.sessions_of(caller.id(), self.parts().clock.now(), sort, order, &page).await?;
        Ok(self.seal_cursors(&name, found))
    }

    /// Ends one of the caller's sessions, the current one included.
    ///
    /// # Errors
    /// [`Error::Denied`] for API keys, [`Error::Missing`] when it is over, another account's, or no session at all.
    pub async fn revoke_session(&self, by: impl Into<By<'_>>, id: Uuid) -> Result<(), Error> {
        let by = by.into();
        by.person()?;
        let own = |session: &Session| {
            session.user_id == by.id() && session.api_key_id.is_none() && session.is_live(self.parts().clock.now())
        };
        self.parts().store.session(id).await?.filter(own).ok_or(Error::Missing)?;
        self.end_session(id, vec![ended(by, id)]).await
    }

    /// Ends a session; one that is over stays so.
    pub(super) async fn end_session(&self, id: Uuid, events: Vec<Event>) -> Result<(), Error> {
        let tx = self.parts().store.begin().await?;
        tx.end_session(id, self.parts().clock.now()).await?;
        self.commit(tx, Changed { sessions: vec![id], ..Changed::default() }, events).await
    }
}

fn ended(by: By<'_>, session: Uuid) -> Event {
    by.on(Some(by.id())).did("session.ended", "session", session, Vec::new())
}
