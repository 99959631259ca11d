//! Who is calling: from a credential to an account, what it may do, and what follows when that changes.
//!
//! Every request passes here, so the way for a credential seen before is short: its digest, one look into a cache, and a
//! comparison. Behind that lie caches of sessions, keys and accounts, each loaded from the store when it is missed.
//!
//! What keeps it right: a use case that ends a session or changes an account tells [`Known::forget`] after its commit and
//! before its answer. That drops the entries concerned, and then advances an epoch, which makes every short-cut taken before
//! look again. The order matters: the other way round, a look between the two could keep what was about to be dropped.
//!
//! Other instances tell of their changes ([`super::news`]). While these may be missed, nothing kept is believed: sessions,
//! keys and accounts are read from the store for each request.

mod resolve;
mod usage;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use uuid::Uuid;

use self::usage::{Seen, Usage};
use super::{Denial, Error};
use crate::domain::access::{CATALOG_WRITE, Role, RoleScopes, ScopeSet, USERS_WRITE};
use crate::domain::api_key::ApiKey;
use crate::domain::session::Session;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::infra::cache::{Bounds, Fresh};
use crate::infra::tokens::AccessClaims;

pub use resolve::Rejection;
pub(super) use usage::Used;

/// Somebody whose credential was verified, as of this request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The whole account.
    pub user: Arc<User>,
    /// By what it was recognised.
    pub via: Via,
    scopes: ScopeSet,
    table: Arc<RoleScopes>,
    /// When all this was looked up.
    epoch: u64,
    /// Until when it holds if nothing changes; exclusive.
    valid_until: Timestamp,
    seen: Arc<Seen>,
}

/// By what a caller was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The access token of a session that a person began.
    Session(Uuid),
    /// The access token that an API key obtained as a client.
    ClientSession {
        /// The session made for the token.
        session: Uuid,
        /// The key.
        api_key: Uuid,
    },
    /// An API key itself.
    ApiKey(Uuid),
}

impl Caller {
    /// The account's id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.user.id
    }

    /// The account's role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.user.role
    }

    /// What it may do: what the credential was granted and the role still allows.
    #[must_use]
    pub fn scopes(&self) -> ScopeSet {
        self.scopes
    }

    /// Whether it holds a scope; one that no role grants is held by nobody.
    #[must_use]
    pub fn has_scope(&self, name: &str) -> bool {
        self.table.contains(self.scopes, name)
    }

    /// The session whose access token it presented.
    #[must_use]
    pub fn session_id(&self) -> Option<Uuid> {
        match self.via {
            Via::Session(session) | Via::ClientSession { session, .. } => Some(session),
            Via::ApiKey(_) => None,
        }
    }

    /// The API key that it acts with, directly or by a token.
    #[must_use]
    pub fn api_key_id(&self) -> Option<Uuid> {
        match self.via {
            Via::ApiKey(api_key) | Via::ClientSession { api_key, .. } => Some(api_key),
            Via::Session(_) => None,
        }
    }

    /// The session of a person, for what keys must not do.
    pub(super) fn person(&self) -> Result<Uuid, Error> {
        match self.via {
            Via::Session(session) => Ok(session),
            _ => Err(Error::Denied(Denial::PersonNeeded)),
        }
    }

    /// Own accounts are everyone's to use; others' take a scope, and without it they are not there.
    pub(super) fn reaches(&self, user_id: Uuid, scope: &str) -> Result<(), Error> {
        if self.id() == user_id || self.has_scope(scope) { Ok(()) } else { Err(Error::Missing) }
    }

    /// The catalogue is everyone's to read and takes a scope to change; so does its ledger.
    pub(super) fn keeps_catalog(&self) -> Result<(), Error> {
        if self.has_scope(CATALOG_WRITE) { Ok(()) } else { Err(Error::Denied(Denial::Scope)) }
    }

    pub(super) fn may_grant_privileges(&self) -> bool {
        self.has_scope(USERS_WRITE)
    }
}

/// Entries of each cache. A thousand of them take some 0.3 MiB.
const CAPACITY: u64 = 20_000;
/// How long an entry may be kept. Our own changes are told; this is for those made behind our back.
const KEEP: Duration = Duration::from_mins(5);

/// What is known of callers without asking the store.
#[derive(Debug)]
pub(super) struct Known {
    /// By the digest of the credential.
    recent: Fresh<[u8; 32], Arc<Caller>>,
    /// By the digest of the token: its claims, as they were verified.
    tokens: Fresh<[u8; 32], Arc<AccessClaims>>,
    /// By the digest of the secret.
    keys: Fresh<[u8; 32], Arc<KnownKey>>,
    sessions: Fresh<Uuid, Arc<KnownSession>>,
    accounts: Fresh<Uuid, Arc<User>>,
    epoch: AtomicU64,
    pub(super) usage: Usage,
}

#[derive(Debug)]
struct KnownSession {
    session: Session,
    seen: Arc<Seen>,
}

#[derive(Debug)]
struct KnownKey {
    key: ApiKey,
    seen: Arc<Seen>,
}

/// What reads show, and what may be kept of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// An account.
    User,
    /// A category.
    Category,
    /// A product, its stock included.
    Product,
    /// An order, its items and its history included.
    Order,
}

impl Resource {
    /// Every one whose changes are told.
    pub const ALL: [Self; 4] = [Self::User, Self::Category, Self::Product, Self::Order];

    /// Its name among the document's `x-resources`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Category => "category",
            Self::Product => "product",
            Self::Order => "order",
        }
    }
}

/// What a use case changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changed {
    pub users: Vec<Uuid>,
    pub sessions: Vec<Uuid>,
    /// Digests of the secrets of keys.
    pub keys: Vec<[u8; 32]>,
    /// What reads show and is another now, made or gone: answers kept of it are stale.
    pub resources: Vec<(Resource, Uuid)>,
}

impl Known {
    pub fn new() -> Self {
        let bounds = Bounds { weight: CAPACITY, keep: Some(KEEP) };
        Self {
            recent: Fresh::new(bounds, |_, _| 1),
            tokens: Fresh::new(bounds, |_, _| 1),
            keys: Fresh::new(bounds, |_, _| 1),
            sessions: Fresh::new(bounds, |_, _| 1),
            accounts: Fresh::new(bounds, |_, _| 1),
            epoch: AtomicU64::new(0),
            usage: Usage::default(),
        }
    }

    /// To be called after the change is committed and before it is answered.
    pub fn forget(&self, changed: &Changed) {
        if changed.users.is_empty() && changed.sessions.is_empty() && changed.keys.is_empty() {
            // The short-cuts stay good for everyone.
            return;
        }
        changed.users.iter().for_each(|id| self.accounts.invalidate(id));
        changed.sessions.iter().for_each(|id| self.sessions.invalidate(id));
        changed.keys.iter().for_each(|digest| self.keys.invalidate(digest));
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }

    /// Anything may have changed behind our back.
    pub fn forget_all(&self) {
        self.accounts.invalidate_all();
        self.sessions.invalidate_all();
        self.keys.invalidate_all();
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }

    fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }
}
