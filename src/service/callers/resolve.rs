//! The way from a credential to a caller.

use std::hash::Hash;
use std::sync::Arc;

use uuid::Uuid;

use super::usage::{Seen, Used};
use super::{Caller, KEEP, KnownKey, KnownSession, Via};
use crate::domain::access::{Role, ScopeSet};
use crate::domain::api_key::secret;
use crate::domain::time::{Timestamp, from_micros};
use crate::domain::user::{Status, User};
use crate::infra::cache::Fresh;
use crate::infra::digest::sha256;
use crate::infra::tokens::{AccessClaims, TokenError};
use crate::service::{Error, Shop, tokens};

/// Why a credential makes nobody a caller.
#[derive(Debug, thiserror::Error)]
pub enum Rejection {
    /// It is malformed, forged, revoked, or its account or key is gone.
    #[error("the credential is not valid")]
    Invalid,
    /// It was good once.
    #[error("the credential has expired")]
    Expired,
    /// It is good; its account is suspended.
    #[error("the account is suspended")]
    Suspended,
    /// Nobody could find out.
    #[error("{0}")]
    Failed(#[source] Error),
}

impl From<crate::store::Error> for Rejection {
    fn from(error: crate::store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Shop {
    /// Who presents this access token (RFC 6750).
    ///
    /// # Errors
    /// [`Rejection`].
    pub async fn caller_by_token(&self, token: &str) -> Result<Arc<Caller>, Rejection> {
        let digest = sha256(token.as_bytes());
        let now = self.parts().clock.now();
        // Keys are kept beside tokens: what was good as one must not pass as the other.
        if let Some(caller) = self.recently(&digest, now).filter(|caller| !matches!(caller.via, Via::ApiKey(_))) {
            return Ok(caller);
        }
        // Rarely gone, and long: on the heap it does not lengthen the way of those who never go it.
        let caller = Box::pin(self.look_up_token(&digest, token, now)).await?;
        Ok(self.remember(&digest, caller, now))
    }

    /// Who presents this API key.
    ///
    /// # Errors
    /// [`Rejection`].
    pub async fn caller_by_api_key(&self, text: &str) -> Result<Arc<Caller>, Rejection> {
        let digest = sha256(text.as_bytes());
        let now = self.parts().clock.now();
        if let Some(caller) = self.recently(&digest, now).filter(|caller| matches!(caller.via, Via::ApiKey(_))) {
            return Ok(caller);
        }
        if !secret::is_plausible(text) || !tokens::is_marked(self, text) {
            return Err(Rejection::Invalid);
        }
        let caller = Box::pin(self.look_up_key(&digest, now)).await?;
        Ok(self.remember(&digest, caller, now))
    }

    /// The OAuth client with these credentials (RFC 6749 §2.3.1): an API key, by its id and its secret.
    ///
    /// # Errors
    /// [`Rejection`]; also when id and secret are good but not of the same key.
    pub async fn client(&self, id: &str, secret: &str) -> Result<Arc<Caller>, Rejection> {
        let id = Uuid::parse_str(id).map_err(|_| Rejection::Invalid)?;
        let caller = self.caller_by_api_key(secret).await?;
        if caller.via == Via::ApiKey(id) { Ok(caller) } else { Err(Rejection::Invalid) }
    }

    /// Like [`caller_by_token`](Self::caller_by_token), without counting as a use; with the token's claims.
    pub(in super::super) async fn inspect_token(
        &self,
        token: &str,
    ) -> Result<(Arc<Caller>, Arc<AccessClaims>), Rejection> {
        let digest = sha256(token.as_bytes());
        let now = self.parts().clock.now();
        let caller = self.look_up_token(&digest, token, now).await?;
        let claims = self.claims(&digest, token, now).await?;
        Ok((Arc::new(caller), claims))
    }

    /// Whether the credential of somebody who called before is as good now, and grants the same; that counts as a use of it.
    #[must_use]
    pub fn still_calls(&self, caller: &Caller) -> bool {
        self.still(caller, self.parts().clock.now())
    }

    /// The same without using it.
    #[must_use]
    pub fn could_call(&self, caller: &Caller) -> bool {
        self.may_still(caller, self.parts().clock.now())
    }

    fn still(&self, caller: &Caller, now: Timestamp) -> bool {
        let holds = self.may_still(caller, now);
        if holds {
            self.0.callers.usage.note(&caller.seen, now);
        }
        holds
    }

    fn may_still(&self, caller: &Caller, now: Timestamp) -> bool {
        let unchanged = self.generations().is_certain() && caller.epoch == self.0.callers.epoch();
        unchanged && now < caller.valid_until
    }

    fn recently(&self, digest: &[u8; 32], now: Timestamp) -> Option<Arc<Caller>> {
        self.0.callers.recent.get(digest).filter(|caller| self.still(caller, now))
    }

    fn remember(&self, digest: &[u8; 32], caller: Caller, now: Timestamp) -> Arc<Caller> {
        let known = &self.0.callers;
        known.usage.note(&caller.seen, now);
        // Whoever holds it besides looks again as soon.
        let caller = Arc::new(Caller { valid_until: caller.valid_until.min(now + KEEP), ..caller });
        known.recent.put(digest, Arc::clone(&caller));
        caller
    }

    async fn look_up_token(&self, digest: &[u8; 32], token: &str, now: Timestamp) -> Result<Caller, Rejection> {
        // Before anything else is asked: what changes from here on makes the outcome outdated.
        let epoch = self.0.callers.epoch();
        let claims = self.claims(digest, token, now).await?;
        let known = self.session(claims.sid).await?;
        if known.session.user_id != claims.sub {
            return Err(Rejection::Invalid);
        }
        let user = self.account(claims.sub).await?;
        // The token's own end comes before its session's, so only an early end has to be asked for.
        if known.session.ended_at.is_some() {
            return Err(Rejection::Invalid);
        }
        let via = match known.session.api_key_id {
            Some(api_key) => Via::ClientSession { session: claims.sid, api_key },
            None => Via::Session(claims.sid),
        };
        let scopes = self.scopes_of_token(&claims, known.session.scopes, user.role);
        let valid_until = from_micros(claims.exp.saturating_mul(1_000_000)).ok_or(Rejection::Invalid)?;
        let (table, seen) = (Arc::clone(self.scopes()), Arc::clone(&known.seen));
        Ok(Caller { user, via, scopes, table, epoch, valid_until, seen })
    }

    async fn look_up_key(&self, digest: &[u8; 32], now: Timestamp) -> Result<Caller, Rejection> {
        let epoch = self.0.callers.epoch();
        let known = self.key(digest).await?;
        let user = self.account(known.key.user_id).await?;
        if !known.key.is_live(now) {
            return Err(Rejection::Expired);
        }
        let scopes = known.key.scopes.intersection(self.scopes().of(user.role));
        let valid_until = known.key.expires_at.unwrap_or(Timestamp::MAX_UTC);
        let (table, seen) = (Arc::clone(self.scopes()), Arc::clone(&known.seen));
        Ok(Caller { user, via: Via::ApiKey(known.key.id), scopes, table, epoch, valid_until, seen })
    }

    /// A token that was not narrowed follows its account's role, up and down. One that was grants what it says, as far as the
    /// role and the session still do.
    fn scopes_of_token(&self, claims: &AccessClaims, session: Option<ScopeSet>, role: Role) -> ScopeSet {
        let table = self.scopes();
        let granted = |role| session.map_or(table.of(role), |set| set.intersection(table.of(role)));
        let stated = table.parse_known(&claims.scope);
        let was_whole = Role::parse(&claims.role).is_some_and(|then| stated == granted(then));
        if was_whole { granted(role) } else { stated.intersection(granted(role)) }
    }

    async fn claims(&self, digest: &[u8; 32], token: &str, now: Timestamp) -> Result<Arc<AccessClaims>, Rejection> {
        let verify = async || match self.parts().keyring.verify(token, now) {
            Ok(claims) => Ok(Arc::new(claims)),
            Err(TokenError::Expired) => Err(Rejection::Expired),
            Err(_) => Err(Rejection::Invalid),
        };
        let claims = self.0.callers.tokens.get_or_load(digest, verify).await?;
        if now.timestamp() < claims.exp { Ok(claims) } else { Err(Rejection::Expired) }
    }

    async fn session(&self, id: Uuid) -> Result<Arc<KnownSession>, Rejection> {
        let load = async || {
            let session = self.parts().store.session(id).await?.ok_or(Rejection::Invalid)?;
            let seen = Arc::new(Seen::new(Used::Session(id), Some(session.last_used_at)));
            Ok(Arc::new(KnownSession { session, seen }))
        };
        self.kept_or(&self.0.callers.sessions, &id, load).await
    }

    async fn key(&self, digest: &[u8; 32]) -> Result<Arc<KnownKey>, Rejection> {
        let load = async || {
            let key = self.parts().store.api_key_by_hash(digest).await?.ok_or(Rejection::Invalid)?;
            let seen = Arc::new(Seen::new(Used::ApiKey(key.id), key.last_used_at));
            Ok(Arc::new(KnownKey { key, seen }))
        };
        self.kept_or(&self.0.callers.keys, digest, load).await
    }

    /// What is kept, or, while changes may be missed, what the store says now: that is not kept either.
    async fn kept_or<K, V, F>(&self, kept: &Fresh<K, V>, key: &K, load: impl FnOnce() -> F) -> Result<V, Rejection>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
        F: Future<Output = Result<V, Rejection>>,
    {
        if self.generations().is_certain() { kept.get_or_load(key, load).await } else { load().await }
    }

    /// The account, if it may act.
    async fn account(&self, id: Uuid) -> Result<Arc<User>, Rejection> {
        let load = async || match self.parts().store.user(id).await? {
            Some(user) => Ok(Arc::new(user)),
            None => Err(Rejection::Invalid),
        };
        let user = self.kept_or(&self.0.callers.accounts, &id, load).await?;
        match user.status {
            Status::Active => Ok(user),
            Status::Suspended => Err(Rejection::Suspended),
        }
    }
}
