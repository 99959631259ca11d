//! Where queries are sent: to whichever database it is, to its pool or to one transaction.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use sea_orm::sea_query::{LockType, SelectStatement};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, ExecResult, QueryResult, QuerySelect, Select,
    Statement,
};

use super::counts::{Counts, Stats};
use super::{postgres, sqlite};

/// What follows from a transaction as soon as it is durable.
pub type After = Box<dyn FnOnce() + Send>;

/// Where queries are sent.
pub trait Link: Send + Sync {
    /// What runs them.
    type Connection: ConnectionTrait + Send + Sync;

    /// The one to use for reading.
    fn connection(&self) -> &Self::Connection;

    /// The same rows, which nobody else can change before this transaction ends. Outside of one it is the same query; and so
    /// it is where there is but one writer at a time.
    fn hold<E: EntityTrait>(&self, list: Select<E>) -> Select<E>;

    /// Whether [`hold`](Self::hold) makes a difference.
    fn holds(&self) -> bool {
        false
    }
}

/// The connections of a store.
#[derive(Debug, Clone)]
pub enum Pools {
    /// Readers, who wait for nobody, and the queue of those who write.
    Sqlite {
        readers: sqlite::Readers,
        writer: sqlite::Writer,
        counts: Arc<Counts>,
    },
    Postgres(postgres::Pool),
}

/// A copy of the database, for readers who may hear of the world as it was a moment ago.
pub type Replica = postgres::Replica;

/// One open transaction.
pub enum Transaction {
    Sqlite(sqlite::Transaction),
    Postgres(postgres::Transaction),
}

impl fmt::Debug for Transaction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Transaction")
    }
}

impl Pools {
    /// Begins a transaction.
    ///
    /// # Errors
    /// When the turn, or a connection, does not come in time.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Transaction::Sqlite(sqlite::Transaction::new(writer.begin().await?)),
            Self::Postgres(pool) => Transaction::Postgres(pool.begin().await?),
        })
    }

    /// Waits until nothing that an ended transaction saw could still vanish, or be unknown to caches.
    ///
    /// # Errors
    /// When what was seen could not be made durable, or the turn does not come in time.
    pub async fn settle(&self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite { writer, .. } => writer.settle().await,
            Self::Postgres(pool) => {
                pool.settle().await;
                Ok(())
            }
        }
    }

    /// Asks for what costs nothing and is not answered from memory.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn check(&self) -> Result<(), DbErr> {
        let question = match self {
            Self::Sqlite { .. } => "PRAGMA schema_version",
            Self::Postgres(_) => "SELECT 1",
        };
        self.execute_unprepared(question).await.map(drop)
    }

    /// Closes every connection once it is idle.
    ///
    /// # Errors
    /// When that fails; nothing committed is lost by it.
    pub async fn close(&self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite { readers, writer, .. } => {
                // The writer last: whoever is last folds the log.
                let (readers, writer) = (readers.close().await, writer.close().await);
                readers.and(writer)
            }
            Self::Postgres(pool) => {
                pool.close();
                Ok(())
            }
        }
    }

    /// What has been done since they were opened.
    #[must_use]
    pub fn stats(&self) -> Stats {
        match self {
            Self::Sqlite { counts, .. } => counts.stats(),
            Self::Postgres(pool) => pool.counts().stats(),
        }
    }

    /// Whether other programs may use the same database at the same time.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

impl Transaction {
    /// Makes it durable, and then runs `after`.
    ///
    /// # Errors
    /// As the transactions of the databases say.
    pub async fn commit(self, after: After) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.commit(after).await,
            Self::Postgres(transaction) => transaction.commit(after).await,
        }
    }

    /// This transaction for what takes no other connection than one of `SeaORM`'s own: migrations.
    ///
    /// # Errors
    /// None that is known.
    pub async fn in_disguise(&self) -> Result<DatabaseConnection, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.in_disguise().await,
            Self::Postgres(transaction) => transaction.in_disguise().await,
        }
    }
}

impl Transaction {
    /// The same rows, which nobody changes before this transaction ends, while others may keep them as well.
    #[must_use]
    pub fn keep(&self, mut selection: SelectStatement) -> SelectStatement {
        if matches!(self, Self::Postgres(_)) {
            selection.lock_shared();
        }
        selection
    }
}

impl Link for Pools {
    type Connection = Self;

    fn connection(&self) -> &Self {
        self
    }

    fn hold<E: EntityTrait>(&self, list: Select<E>) -> Select<E> {
        list
    }
}

impl Link for Transaction {
    type Connection = Self;

    fn connection(&self) -> &Self {
        self
    }

    fn hold<E: EntityTrait>(&self, list: Select<E>) -> Select<E> {
        match self {
            Self::Sqlite(_) => list,
            // Not even its key could change: what points at the row need not wait.
            Self::Postgres(_) => list.lock(LockType::NoKeyUpdate),
        }
    }

    fn holds(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

/// What a connection will answer.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, DbErr>> + Send + 'a>>;

// Written out, since `async_trait` would put a box around each box.
macro_rules! passed_on {
    ($link:ty, $sqlite:pat, $postgres:pat, $inner:ident) => {
        impl ConnectionTrait for $link {
            fn get_database_backend(&self) -> DbBackend {
                match self {
                    $sqlite => $inner.get_database_backend(),
                    $postgres => $inner.get_database_backend(),
                }
            }

            fn execute_raw<'a, 'b>(&'a self, statement: Statement) -> Answer<'b, ExecResult>
            where
                'a: 'b,
                Self: 'b,
            {
                match self {
                    $sqlite => $inner.execute_raw(statement),
                    $postgres => $inner.execute_raw(statement),
                }
            }

            fn execute_unprepared<'a, 's, 'b>(&'a self, sql: &'s str) -> Answer<'b, ExecResult>
            where
                'a: 'b,
                's: 'b,
                Self: 'b,
            {
                match self {
                    $sqlite => $inner.execute_unprepared(sql),
                    $postgres => $inner.execute_unprepared(sql),
                }
            }

            fn query_one_raw<'a, 'b>(&'a self, statement: Statement) -> Answer<'b, Option<QueryResult>>
            where
                'a: 'b,
                Self: 'b,
            {
                match self {
                    $sqlite => $inner.query_one_raw(statement),
                    $postgres => $inner.query_one_raw(statement),
                }
            }

            fn query_all_raw<'a, 'b>(&'a self, statement: Statement) -> Answer<'b, Vec<QueryResult>>
            where
                'a: 'b,
                Self: 'b,
            {
                match self {
                    $sqlite => $inner.query_all_raw(statement),
                    $postgres => $inner.query_all_raw(statement),
                }
            }
        }
    };
}

passed_on!(Pools, Self::Sqlite { readers: connection, .. }, Self::Postgres(connection), connection);
passed_on!(Transaction, Self::Sqlite(connection), Self::Postgres(connection), connection);
