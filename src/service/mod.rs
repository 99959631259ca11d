//! What the shop can do. One file for each resource, one method of [`Shop`] for each use case.
//!
//! A use case takes its caller as a value, knows no HTTP, opens and commits its own transaction, and drops what caches know of
//! the rows it changed once that is committed. Refusals are [`Error`].

mod api_keys;
mod audit;
mod callers;
mod categories;
mod error;
mod idempotency;
mod imports;
mod lists;
mod maintenance;
mod news;
mod oauth;
mod orders;
mod outbox;
mod overview;
mod products;
mod seeding;
mod sessions;
mod stock;
mod tokens;
mod users;

use std::sync::Arc;
use std::time::Duration;

pub use api_keys::{CreatedApiKey, NewApiKey};
pub use audit::{Applicant, By};
pub use callers::{Caller, Rejection, Resource, Via};
pub use categories::{CategoryPatch, NewCategory};
pub use error::{Conflict, Denial, Error, GrantFault, Shortage, Unique, Violation};
pub use idempotency::{Keep, Repeatable, Ticket, Turn};
pub use imports::{Import, Imported, ProductRow, RowViolation};
pub use lists::{List, ListRequest, Start};
pub use oauth::{Grant, Introspection, Issue, OAuthToken, TokenRequest};
pub use orders::{NewOrder, NewOrderItem, NewTransition};
pub use outbox::{Logged, Subscriber, Told};
pub use products::{NewProduct, Price, PricePatch, ProductPatch};
pub use seeding::{Sold, Stocked};
pub use sessions::LogIn;
pub use stock::NewStockAdjustment;
pub use tokens::{AccessToken, TokenPair};
pub use users::{Change, Expected, FirstAdmin, NewUser, UserPatch, UserReplacement, made_up_password};

use crate::domain::access::RoleScopes;
use crate::domain::order::Workflow;
use crate::domain::time::Timestamp;
use crate::infra::clock::Clock;
use crate::infra::generations::Generations;
use crate::infra::passwords::{Load, Passwords};
use crate::infra::secret::SecretKey;
use crate::infra::shared::Shared;
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
    /// Which steps orders take, as the document says.
    pub workflow: Workflow,
    /// What has changed how often, for whoever keeps what was derived from it.
    pub generations: Arc<Generations>,
    /// The way to other instances over the same store; `None` without.
    pub shared: Option<Shared>,
    /// What may be chosen.
    pub options: Options,
}

/// What whoever runs the shop may choose.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether the OAuth token endpoint takes names and passwords (RFC 6749 §4.3), which only first-party programs should see.
    pub password_grant: bool,
    /// How long an order may be pending.
    pub order_expiry: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { password_grant: true, order_expiry: Duration::from_mins(30) }
    }
}

/// The use cases. Clones share everything.
#[derive(Debug, Clone)]
pub struct Shop(Arc<Interior>);

#[derive(Debug)]
struct Interior {
    parts: Parts,
    callers: callers::Known,
    underway: Arc<idempotency::Underway>,
    outbox: outbox::Outbox,
}

impl Shop {
    /// Opens the shop over a store whose schema is up to date.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let (underway, outbox) = (Arc::default(), outbox::Outbox::default());
        Self(Arc::new(Interior { parts, callers: callers::Known::new(), underway, outbox }))
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

    /// How much there is to hash.
    #[must_use]
    pub fn password_load(&self) -> Load {
        self.parts().passwords.load()
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.parts().clock.now()
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
