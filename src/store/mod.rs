//! What the shop remembers. `SeaORM` is named in this room only, and rows never leave it.
//!
//! [`Db`] is one set of queries over two kinds of connection: [`Store`], the pool, reads; [`Tx`], one transaction, reads what
//! it wrote and writes. A write exists on `Tx` alone, so that nothing is ever written outside a transaction.
//!
//! `SQLite` has one writer at a time. Here the writers queue for the one connection that may write and take the lock as they
//! begin: a transaction that reads, decides and writes cannot find that somebody wrote in between. Those who wait for each
//! other share a commit. The readers have connections of their own and, thanks to the write-ahead log, wait for nobody.

mod api_keys;
mod audit;
pub mod backup;
mod bulk;
mod categories;
mod connect;
mod error;
mod idempotency;
pub mod inspect;
mod orders;
mod overview;
mod paging;
#[cfg(test)]
mod plans;
mod products;
mod pruning;
mod refresh_tokens;
mod rows;
pub mod schema;
mod search;
mod sessions;
mod sqlite;
mod stock_adjustments;
mod users;

use std::sync::Arc;

use sea_orm::ConnectionTrait;

pub use connect::{BadLocation, Location};
pub use error::{Error, Unique};
pub use idempotency::IdempotencyRecord;
pub use orders::Available;
pub use pruning::Pruned;
pub use refresh_tokens::RefreshToken;
pub use sqlite::Stats;
pub use users::Account;

use crate::domain::access::RoleScopes;
use sqlite::{Counts, Readers, Transaction, Writer};

/// The queries, over a pool or a transaction.
#[derive(Debug, Clone)]
pub struct Db<L> {
    link: L,
    /// Sets of scopes are written down by name; reading them back takes the table.
    scopes: Arc<RoleScopes>,
}

/// The pool. Reads see what was committed when they began; for writing, [`begin`](Store::begin).
pub type Store = Db<Pools>;

/// One open transaction. Dropped without [`commit`](Tx::commit), it never happened.
pub type Tx = Db<Transaction>;

/// The connections of a [`Store`].
#[derive(Debug, Clone)]
pub struct Pools {
    readers: Readers,
    writer: Writer,
    counts: Arc<Counts>,
}

/// Where queries are sent.
pub trait Link: Send + Sync {
    /// What runs them.
    type Connection: ConnectionTrait + Send + Sync;

    /// The one to use for reading.
    fn connection(&self) -> &Self::Connection;
}

impl Link for Pools {
    type Connection = Readers;

    fn connection(&self) -> &Readers {
        &self.readers
    }
}

impl Link for Transaction {
    type Connection = Self;

    fn connection(&self) -> &Self {
        self
    }
}

impl<L: Link> Db<L> {
    fn connection(&self) -> &L::Connection {
        self.link.connection()
    }
}

impl Store {
    /// Opens the database, making an empty one where there is none. Call [`schema::up`] before anything else.
    ///
    /// # Errors
    /// [`Error::Broken`] when it cannot be opened.
    pub async fn open(location: &Location, scopes: Arc<RoleScopes>) -> Result<Self, Error> {
        Ok(Self { link: connect::open(location).await?, scopes })
    }

    /// Begins a transaction that holds the write lock until it ends. Waits for its turn.
    ///
    /// # Errors
    /// [`Error::Busy`] when the turn does not come in time.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let link = Transaction::new(self.link.writer.begin().await?);
        Ok(Tx { link, scopes: Arc::clone(&self.scopes) })
    }

    /// Waits until nothing that a transaction saw, which has just ended without a commit, could still vanish. A refusal tells
    /// of the state that it found: whoever looks for that state must find it.
    ///
    /// # Errors
    /// When what was seen could not be made durable, or the turn does not come in time.
    pub async fn settle(&self) -> Result<(), Error> {
        Ok(self.link.writer.settle().await?)
    }

    /// Whether the database answers; for readiness checks.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<(), Error> {
        // What the schema is called asks the file; a constant would not.
        self.link.readers.execute_unprepared("PRAGMA schema_version").await?;
        Ok(())
    }

    /// Closes every connection once it is idle, which also folds the write-ahead log into the database.
    ///
    /// # Errors
    /// When closing fails; nothing committed is lost by that.
    pub async fn close(self) -> Result<(), Error> {
        // The writer last: whoever is last folds the log.
        let (readers, writer) = (self.link.readers.close().await, self.link.writer.close().await);
        Ok(readers.and(writer)?)
    }

    /// What has been done since it was opened.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.link.counts.stats()
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
