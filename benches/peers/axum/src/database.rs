//! Connections to Shopkeeper's database, opened as Shopkeeper opens them.

use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

const PATIENCE: Duration = Duration::from_secs(5);

/// As many as Shopkeeper's.
const READERS: u32 = 4;

/// A pool that only reads. Statements are prepared once per connection, which sqlx does by itself.
///
/// # Errors
/// When the file is no database or is not there.
pub async fn readers(path: &str) -> Result<SqlitePool, sqlx::Error> {
    SqlitePoolOptions::new()
        .min_connections(READERS)
        .max_connections(READERS)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        // A connection to a file does not go stale.
        .test_before_acquire(false)
        .connect_with(options(path).pragma("query_only", "ON"))
        .await
}

/// The one that writes: who waits for it waits in the pool's queue and not for the database's lock, where waiting is polling.
///
/// # Errors
/// When the file is no database or is not there.
pub async fn writer(path: &str) -> Result<SqlitePool, sqlx::Error> {
    SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options(path))
        .await
}

/// What readers share with a writer: full durability and a write-ahead log.
fn options(path: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
}
