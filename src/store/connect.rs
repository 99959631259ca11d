//! Where the database is and how its connections behave.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use super::{Error, Pools};

/// How long a query waits for a connection, and a connection for a lock that another process holds, before it is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Readers work beside each other; more than a few only compete for the processor.
const READERS: u32 = 4;

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of `SQLite`, made when absent. Its folder has to exist.
    Sqlite(PathBuf),
}

/// A database address that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLocation {
    /// Another kind of database.
    #[error("only SQLite is supported: sqlite:<path of a file>, for example sqlite:./data/shopkeeper.db")]
    Scheme,
    /// No file.
    #[error("the path of the database file is missing after sqlite:")]
    Path,
}

impl Location {
    /// Reads `sqlite:path` or `sqlite://path` (`sqlite:///path` is absolute). A `?` and what follows is refused: how the
    /// database is opened is not for the address to say.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(url: &str) -> Result<Self, BadLocation> {
        let rest = url.strip_prefix("sqlite:").ok_or(BadLocation::Scheme)?;
        let path = rest.strip_prefix("//").unwrap_or(rest);
        if path.is_empty() || path.contains('?') || path == ":memory:" {
            return Err(BadLocation::Path);
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

pub(super) async fn open(location: &Location) -> Result<Pools, Error> {
    let Location::Sqlite(path) = location;
    // The writer comes first: it makes the file and turns the write-ahead log on.
    // It also overwrites what it deletes: an account that is erased must not be readable in the file.
    let writer = connect(path, 1, |options| options.create_if_missing(true).pragma("secure_delete", "ON")).await?;
    let readers = connect(path, READERS, |options| options.pragma("query_only", "ON")).await?;
    Ok(Pools { readers, writer })
}

async fn connect(
    path: &Path,
    connections: u32,
    role: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> Result<DatabaseConnection, Error> {
    // The path is set below, where it needs no escaping; the address only selects the driver.
    let mut options = ConnectOptions::new("sqlite:file");
    options
        .min_connections(1)
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        // Connections to a file do not go stale, so they need neither age limits nor a ping before each use.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        // The requests are logged, not the statements: those would bury them.
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    let path = path.to_owned();
    options.map_sqlx_sqlite_opts(move |defaults| {
        let shared = defaults
            .filename(&path)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL would lose the last commits with the power; what was answered must have happened.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        role(shared)
    });
    Ok(Database::connect(options).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_file() {
        for (url, path) in [
            ("sqlite:data/shop.db", "data/shop.db"),
            ("sqlite://data/shop.db", "data/shop.db"),
            ("sqlite:///var/lib/shop.db", "/var/lib/shop.db"),
            ("sqlite:/var/lib/shop.db", "/var/lib/shop.db"),
        ] {
            assert_eq!(Location::parse(url), Ok(Location::Sqlite(path.into())), "{url}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        assert_eq!(Location::parse("postgres://localhost/shop"), Err(BadLocation::Scheme));
        for url in ["sqlite:", "sqlite://", "sqlite::memory:", "sqlite:shop.db?mode=memory"] {
            assert_eq!(Location::parse(url), Err(BadLocation::Path), "{url}");
        }
    }
}
