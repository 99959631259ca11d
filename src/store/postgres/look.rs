//! Looking at a database of `PostgreSQL` without opening a shop over it: what it is, what this account may do there, which
//! migrations it has been through, and whether a copy keeps up. Nothing is changed by it.

use tokio_postgres::Client;

use super::address::Address;
use super::{fault, pulse, replica};
use crate::store::Error;
use crate::store::inspect::History;

/// What a server says of itself and of the account that asks. A copy says of most things what its original is.
const QUESTION: &str = "\
SELECT current_setting('server_version') AS version,
  CAST(current_setting('server_version_num') AS int4) / 10000 AS major,
  current_setting('server_encoding') AS encoding,
  CAST(current_setting('max_connections') AS int4) - CAST(current_setting('superuser_reserved_connections') AS int4)
    AS connections,
  current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS durable,
  pg_is_in_recovery() AS is_copy,
  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted,
  coalesce((SELECT rolsuper FROM pg_roles WHERE rolname = current_user), false) AS superuser,
  coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_make,
  (SELECT CAST(min(relname) AS text) FROM pg_class
    WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind IN ('r', 'p')
    AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
      AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))) AS closed";

/// A server that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct Server {
    /// As it writes it.
    pub version: String,
    /// The first number of it.
    pub major: i32,
    /// In which text is kept.
    pub encoding: String,
    /// How many there can be of ordinary accounts.
    pub connections: usize,
    /// Whether a commit is on the disk when it says so.
    pub durable: bool,
    /// Whether it repeats another one, and takes no changes.
    pub is_copy: bool,
    /// Whether what is said can be read by nobody else: it is encrypted, or does not leave the machine.
    pub private: bool,
    /// Whether this account may do anything.
    pub superuser: bool,
    /// Whether this account may make tables.
    pub may_make: bool,
    /// A table that this account may not use.
    pub closed: Option<String>,
}

/// What came of a copy's race to catch up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lag {
    /// It holds what the original held when that was asked.
    None,
    /// It did not get there within the time after which it is not asked any more.
    Behind {
        /// What it lacks of the write-ahead log.
        bytes: i64,
    },
}

/// Asks a server who it is.
///
/// # Errors
/// When it does not answer, or lets nobody in.
pub async fn at(address: &Address) -> Result<Server, Error> {
    let client = pulse::connect(address).await?;
    let row = client.query_one(QUESTION, &[]).await.map_err(|error| fault::told(&error))?;
    Ok(Server {
        version: row.get("version"),
        major: row.get("major"),
        encoding: row.get("encoding"),
        connections: usize::try_from(row.get::<_, i32>("connections")).unwrap_or(0),
        durable: row.get("durable"),
        is_copy: row.get("is_copy"),
        private: row.get::<_, bool>("encrypted") || address.is_near(),
        superuser: row.get("superuser"),
        may_make: row.get("may_make"),
        closed: row.get("closed"),
    })
}

/// Which migrations a database has been through; none if it is no shop's.
///
/// # Errors
/// As [`at`].
pub async fn history(address: &Address) -> Result<History, Error> {
    let client = pulse::connect(address).await?;
    Ok(History::of(applied(&client).await.map_err(|error| fault::told(&error))?))
}

async fn applied(client: &Client) -> Result<Vec<String>, tokio_postgres::Error> {
    let recorded = client.query_one("SELECT to_regclass('seaql_migrations') IS NOT NULL", &[]).await?;
    if !recorded.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let rows = client.query("SELECT CAST(version AS text) FROM seaql_migrations ORDER BY version", &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Whether a copy keeps up with its original.
///
/// # Errors
/// When one of them does not answer.
pub async fn lag(original: &Address, copy: &Address) -> Result<Lag, Error> {
    let (original, copy) = tokio::try_join!(pulse::connect(original), pulse::connect(copy))?;
    match tokio::time::timeout(replica::PATIENCE, replica::catch_up(&original, &copy)).await {
        Ok(caught_up) => Ok(caught_up.map(|()| Lag::None).map_err(|error| fault::told(&error))?),
        Err(_) => Ok(Lag::Behind { bytes: distance(&original, &copy).await.map_err(|error| fault::told(&error))? }),
    }
}

async fn distance(original: &Client, copy: &Client) -> Result<i64, tokio_postgres::Error> {
    let question = "SELECT coalesce(CAST(pg_last_wal_replay_lsn() AS text), '0/0')";
    let place: String = copy.query_one(question, &[]).await?.get(0);
    let question = "SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), CAST(CAST($1 AS text) AS pg_lsn)) AS int8)";
    Ok(original.query_one(question, &[&place]).await?.get(0))
}
