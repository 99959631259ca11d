//! API keys of the caller's account.

use std::fmt;

use uuid::Uuid;

use super::audit::{By, added};
use super::callers::{Caller, Changed};
use super::error::{Denial, Error, Faults, Violation};
use super::idempotency::Keep;
use super::lists::{List, ListRequest};
use super::{Shop, tokens};
use crate::domain::api_key::{ApiKey, ApiKeySort, KeyName, secret};
use crate::domain::page::Order;
use crate::domain::time::{Timestamp, truncated};
use crate::domain::user::Status;
use crate::infra::digest::sha256;
use crate::infra::random;

/// A key to be made.
#[derive(Debug)]
pub struct NewApiKey {
    /// What to call it.
    pub name: String,
    /// What it may do; nothing beyond what the caller may.
    pub scopes: Vec<String>,
    /// When it stops working; `None` never.
    pub expires_at: Option<Timestamp>,
}

/// A new key with its secret, which nobody can show again.
#[derive(Clone)]
pub struct CreatedApiKey {
    /// The key.
    pub key: ApiKey,
    /// The secret.
    pub secret: String,
}

impl fmt::Debug for CreatedApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedApiKey").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Shop {
    /// Makes a key for the caller's account.
    ///
    /// # Errors
    /// [`Error::Denied`] for API keys and for scopes that the caller does not hold, [`Error::Invalid`].
    pub async fn create_api_key(
        &self,
        by: impl Into<By<'_>>,
        request: NewApiKey,
        keep: Keep<'_, CreatedApiKey>,
    ) -> Result<CreatedApiKey, Error> {
        let by = by.into();
        let session = by.person()?;
        let now = self.parts().clock.now();
        let mut faults = Faults::default();
        let name = faults.check("name", KeyName::parse(&request.name));
        let scopes = self.scopes().collect(request.scopes.iter().map(String::as_str));
        match &scopes {
            Ok(scopes) if scopes.is_empty() => faults.note(Violation::new("scopes", "min_items", "must not be empty")),
            Ok(_) => {}
            Err(_) => faults.note(Violation::new("scopes", "enum", "must only contain scopes that exist")),
        }
        let expires_at = request.expires_at.map(truncated);
        if expires_at.is_some_and(|expires_at| expires_at <= now) {
            faults.note(Violation::new("expires_at", "past", "must be in the future"));
        }
        let (Some(name), Ok(scopes)) = (name, scopes) else { return Err(faults.into_error()) };
        faults.settle()?;
        if !scopes.is_subset_of(by.scopes()) {
            return Err(Error::Denied(Denial::ScopesBeyondOwn));
        }

        let prefix = random::alphanumeric(secret::PREFIX_LENGTH);
        let secret = tokens::marked(self, secret::compose(&prefix, &random::token()));
        let id = random::new_id(&self.parts().clock);
        let key =
            ApiKey { id, user_id: by.id(), name, prefix, scopes, created_at: now, last_used_at: None, expires_at };
        let tx = self.parts().store.begin().await?;
        // Whoever was signed out, suspended or deleted meanwhile leaves no key behind.
        let lives = tx.session(session).await?.is_some_and(|session| session.is_live(now));
        let acts = tx.user(by.id()).await?.is_some_and(|user| user.status == Status::Active);
        if !lives || !acts {
            return Err(Error::Gone);
        }
        tx.insert_api_key(&key, &sha256(secret.as_bytes())).await?;
        let event = by.on(Some(by.id())).did("api_key.created", "api_key", id, added(&key));
        let made = CreatedApiKey { key, secret };
        self.keep(&tx, &keep, &made).await?;
        self.commit(tx, Changed::default(), vec![event]).await?;
        Ok(made)
    }

    /// A part of the list of the caller's keys.
    ///
    /// # Errors
    /// [`Error::Denied`] for API keys, [`Error::Invalid`] for a cursor of another list.
    pub async fn api_keys(
        &self,
        caller: &Caller,
        sort: ApiKeySort,
        order: Order,
        request: &ListRequest,
    ) -> Result<List<ApiKey>, Error> {
        caller.person()?;
        let name = format!("api keys {} {sort:?} {}", caller.id(), order.as_str());
        let page = self.open_cursor(&name, request)?;
        let found = self.parts().store.api_keys_of(caller.id(), sort, order, &page).await?;
        Ok(self.seal_cursors(&name, found))
    }

    /// Deletes one of the caller's keys. It, and every token that it obtained, stops working before this returns.
    ///
    /// # Errors
    /// [`Error::Denied`] for API keys, [`Error::Missing`].
    pub async fn delete_api_key(&self, by: impl Into<By<'_>>, id: Uuid) -> Result<(), Error> {
        let by = by.into();
        by.person()?;
        let tx = self.parts().store.begin().await?;
        let sessions = tx.end_sessions_of_key(id, self.parts().clock.now()).await?;
        // Not the caller's: what ended above is rolled back.
        let digest = tx.delete_api_key(by.id(), id).await?.ok_or(Error::Missing)?;
        let event = by.on(Some(by.id())).did("api_key.deleted", "api_key", id, Vec::new());
        self.commit(tx, Changed { sessions, keys: vec![digest], ..Changed::default() }, vec![event]).await
    }
}
