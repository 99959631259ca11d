//! What the shop can do. One file for each resource, one method of [`Shop`] for each use case.
//!
//! A use case takes its caller as a value, knows no HTTP, opens and commits its own transaction, and drops what caches know of
//! the rows it changed once that is committed. Refusals are [`Error`].

mod api_keys;
mod callers;
mod categories;
mod error;
mod imports;
mod lists;
mod maintenance;
mod oauth;
mod products;
mod seeding;
mod sessions;
mod stock;
mod tokens;
mod users;

use std::sync::Arc;

pub use api_keys::{CreatedApiKey, NewApiKey};
pub use callers::{Caller, Rejection, Resource, Via};
pub use categories::{CategoryPatch, NewCategory};
pub use error::{Conflict, Denial, Error, GrantFault, Unique, Violation};
pub use imports::{Import, Imported, ProductRow, RowViolation};
pub use lists::{List, ListRequest, Start};
pub use oauth::{Grant, Introspection, Issue, OAuthToken, TokenRequest};
pub use products::{NewProduct, Price, PricePatch, ProductPatch};
pub use seeding::Stocked;
pub use sessions::LogIn;
pub use stock::NewStockAdjustment;
pub use tokens::{AccessToken, TokenPair};
pub use users::{Change, Expected, FirstAdmin, NewUser, UserPatch, UserReplacement};

use crate::domain::access::RoleScopes;
use crate::infra::clock::Clock;
use crate::infra::generations::Generations;
use crate::infra::passwords::Passwords;
use crate::infra::secret::SecretKey;
use crate::infra::tokens::Keyring;
use crate::store::Store;

/// What the shop is made of.
#[derive(Debug)]
pub struct Parts {
    /// What it remembers.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Who hashes.
    pub passwords: Passwords,
    /// Who signs.
    pub keyring: Arc<Keyring>,
    /// Who derives and seals.
    pub secret: SecretKey,
    /// Which role grants which scopes, as the document says.
    pub scopes: Arc<RoleScopes>,
    /// What has changed how often, for whoever keeps what was derived from it.
    pub generations: Arc<Generations>,
    /// What may be chosen.
    pub options: Options,
}

/// What whoever runs the shop may choose.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether the OAuth token endpoint takes names and passwords (RFC 6749 §4.3), which only first-party programs should see.
    pub password_grant: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { password_grant: true }
    }
}

/// The use cases. Clones share everything.
#[derive(Debug, Clone)]
pub struct Shop(Arc<Interior>);

#[derive(Debug)]
struct Interior {
    parts: Parts,
    callers: callers::Known,
}

impl Interior {
    /// To be called after the change is committed and before it is answered.
    fn forget(&self, changed: &callers::Changed) {
        self.callers.forget(changed);
        changed.resources.iter().for_each(|(resource, id)| self.parts.generations.advance(resource.name(), *id));
    }
}

impl Shop {
    /// Opens the shop over a store whose schema is up to date.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Interior { parts, callers: callers::Known::new() }))
    }

    /// Which role grants which scopes.
    #[must_use]
    pub fn scopes(&self) -> &Arc<RoleScopes> {
        &self.parts().scopes
    }

    /// What the shop remembers; for readiness checks.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.parts().store
    }

    /// What has changed how often.
    #[must_use]
    pub fn generations(&self) -> &Arc<Generations> {
        &self.parts().generations
    }

    fn parts(&self) -> &Parts {
        &self.0.parts
    }
}
