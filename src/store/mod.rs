//! What the shop remembers. `SeaORM` is named in this room only, and rows never leave it.
//!
//! [`Db`] is one set of queries over two kinds of connection: [`Store`], the pool, reads; [`Tx`], one transaction, reads what
//! it wrote and writes. A write exists on `Tx` alone, so that nothing is ever written outside a transaction.
//!
//! Two databases can be below. `SQLite` (`sqlite`) has one writer at a time: the writers queue for the one connection that may
//! write and take the lock as they begin, so a transaction that reads, decides and writes cannot find that somebody wrote in
//! between. `PostgreSQL` (`postgres`) has many writers, possibly of many instances: there a transaction [holds](Link::hold)
//! the rows that it decides by. What use cases may count on is the same.

mod api_keys;
mod audit;
pub mod backup;
mod bulk;
mod categories;
mod connect;
mod counts;
mod error;
mod idempotency;
pub mod inspect;
mod link;
mod matters;
mod orders;
mod overview;
mod paging;
#[cfg(test)]
mod plans;
mod postgres;
mod products;
mod pruning;
mod refresh_tokens;
mod rows;
mod runs;
pub mod schema;
mod search;
mod sessions;
mod sqlite;
mod stock_adjustments;
mod users;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend};

pub use connect::{BadLocation, Location};
pub use counts::{Stats, Usage};
pub use error::{Error, Unique};
pub use idempotency::IdempotencyRecord;
pub use link::{Link, Pools, Transaction};
pub use matters::{Duty, Matter};
pub use orders::Available;
pub use postgres::{Address, Trust, look};
pub use pruning::Pruned;
pub use refresh_tokens::RefreshToken;
pub use users::Account;

use crate::domain::access::RoleScopes;
use link::After;

/// The queries, over a pool or a transaction.
#[derive(Debug, Clone)]
pub struct Db<L> {
    link: L,
    replica: Option<link::Replica>,
    /// Sets of scopes are written down by name; reading them back takes the table.
    scopes: Arc<RoleScopes>,
}

/// The pool. Reads see what was committed when they began; for writing, [`begin`](Store::begin).
pub type Store = Db<Pools>;

/// One open transaction. Dropped without [`commit`](Tx::commit), it never happened. After a refusal of the database, such as
/// [`Error::Taken`], there is nothing to do but to drop it.
pub type Tx = Db<Transaction>;

impl<L: Link> Db<L> {
    fn connection(&self) -> &L::Connection {
        self.link.connection()
    }

    fn backend(&self) -> DbBackend {
        self.connection().get_database_backend()
    }
}

impl Store {
    /// Opens the database, making an empty one where there is none. Call [`schema::up`] before anything else.
    ///
    /// # Errors
    /// [`Error::Broken`] when it cannot be opened.
    pub async fn open(location: &Location, scopes: Arc<RoleScopes>) -> Result<Self, Error> {
        let (link, replica) = connect::open(location).await?;
        Ok(Self { link, replica, scopes })
    }

    /// Begins a transaction: on `SQLite` it is the only one until it ends.
    ///
    /// # Errors
    /// [`Error::Busy`] when its turn, or a connection, does not come in time.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let link = self.link.begin().await?;
        Ok(Tx { link, replica: None, scopes: Arc::clone(&self.scopes) })
    }

    /// Where to ask for the catalogue: a replica, as long as it holds every change of it that was
    /// [noted](Self::note_catalogue_change), else this.
    #[must_use]
    pub fn for_catalogue(&self) -> Cow<'_, Self> {
        match self.replica.as_ref().and_then(link::Replica::if_current) {
            Some(copy) => {
                let link = Pools::Postgres(copy.clone());
                Cow::Owned(Self { link, replica: None, scopes: Arc::clone(&self.scopes) })
            }
            None => Cow::Borrowed(self),
        }
    }

    /// To be called when a product or a category was changed, by whichever instance: once that is committed, and before
    /// anybody drops what was kept of it.
    pub fn note_catalogue_change(&self) {
        if let Some(replica) = &self.replica {
            replica.note_change();
        }
    }

    /// Waits until nothing that a transaction saw, which has just ended without a commit, could still vanish. A refusal tells
    /// of the state that it found: whoever looks for that state must find it.
    ///
    /// # Errors
    /// When what was seen could not be made durable, or the turn does not come in time.
    pub async fn settle(&self) -> Result<(), Error> {
        Ok(self.link.settle().await?)
    }

    /// Whether the database answers; for readiness checks.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<(), Error> {
        Ok(self.link.check().await?)
    }

    /// Closes every connection once it is idle, which also folds the write-ahead log into the database.
    ///
    /// # Errors
    /// When closing fails; nothing committed is lost by that.
    pub async fn close(self) -> Result<(), Error> {
        if let Some(replica) = &self.replica {
            replica.close();
        }
        Ok(self.link.close().await?)
    }

    /// Who uses the connections at this moment.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.link.usage()
    }

    /// From now on the log tells of statements that take this long, without their values; `None` tells of none.
    pub fn tell_slow(&self, from: Option<Duration>) {
        self.link.tell_slow(from);
    }

    /// What has been done since it was opened.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.link.stats()
    }

    /// Whether other instances may use the same database at the same time.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.link.is_shared()
    }
}

impl Tx {
    /// Makes it durable, in one commit with whoever waits for the turn.
    ///
    /// # Errors
    /// When it cannot be; then it never happened.
    pub async fn commit(self) -> Result<(), Error> {
        self.commit_then(|| ()).await
    }

    /// Makes it durable, then runs `after`, which must not wait: dropping what caches know of the rows changed. It has run
    /// before anybody can learn of the commit, and it runs even if the caller goes away meanwhile (a client that hangs up),
    /// lest a cache go on answering with what it knew before.
    ///
    /// # Errors
    /// As [`commit`](Self::commit); then `after` does not run.
    pub async fn commit_then(self, after: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        Ok(self.link.commit(Box::new(after)).await?)
    }
}
