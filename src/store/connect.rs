//! Where the database is, and opening it.

use std::path::PathBuf;
use std::sync::Arc;

use super::counts::Counts;
use super::link::Replica;
use super::postgres::{self, Address, Trust};
use super::sqlite::{Readers, Writer};
use super::{Error, Pools};

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of `SQLite`, made when absent. Its folder has to exist.
    Sqlite(PathBuf),
    /// A database of `PostgreSQL`, how many connections to it there are at most, and a copy of it for readers who may be told
    /// what was true a moment ago.
    Postgres(Address, usize, Option<Address>),
}

/// A database address that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLocation {
    /// Another kind of database.
    #[error("it begins with neither sqlite: nor postgres://")]
    Scheme,
    /// No host, no database, or an option that there is not.
    #[error("it is no address of PostgreSQL: postgres://user:password@host:5432/database")]
    Postgres,
    /// No file.
    #[error("the path of the database file is missing after sqlite:")]
    Path,
}

impl Location {
    /// Connections to a server, unless somebody says otherwise.
    pub const CONNECTIONS: usize = 16;

    /// Reads `sqlite:path` or `sqlite://path` (`sqlite:///path` is absolute), or `postgres://user:password@host:port/database`.
    /// After a file's path a `?` and what follows is refused: how it is opened is not for the address to say.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(url: &str, trust: Trust) -> Result<Self, BadLocation> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let address = Address::parse(url, trust).ok_or(BadLocation::Postgres)?;
            return Ok(Self::Postgres(address, Self::CONNECTIONS, None));
        }
        let rest = url.strip_prefix("sqlite:").ok_or(BadLocation::Scheme)?;
        let path = rest.strip_prefix("//").unwrap_or(rest);
        if path.is_empty() || path.contains('?') || path == ":memory:" {
            return Err(BadLocation::Path);
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

pub(super) async fn open(location: &Location) -> Result<(Pools, Option<Replica>), Error> {
    match location {
        Location::Sqlite(path) => Ok((open_file(path.clone()).await?, None)),
        Location::Postgres(address, most, copy) => {
            let pool = postgres::Pool::open(address, *most, Arc::default()).await?;
            let replica = match copy {
                Some(copy) => Some(Replica::open((address, &pool), copy, *most).await?),
                None => None,
            };
            Ok((Pools::Postgres(pool), replica))
        }
    }
}

async fn open_file(path: PathBuf) -> Result<Pools, Error> {
    let opening = tokio::task::spawn_blocking(move || {
        let counts = Arc::<Counts>::default();
        // The writer comes first: it makes the file and turns the write-ahead log on.
        let writer = Writer::open(&path, Arc::clone(&counts))?;
        let readers = Readers::open(path, Arc::clone(&counts))?;
        Ok(Pools::Sqlite { readers, writer, counts })
    });
    opening.await.unwrap_or_else(|stopped| Err(Error::Broken(stopped.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Location, BadLocation> {
        Location::parse(url, || Err(rustls::Error::General("nobody is trusted".to_owned())))
    }

    #[test]
    fn an_address_names_a_file() {
        for (url, path) in [
            ("sqlite:data/shop.db", "data/shop.db"),
            ("sqlite://data/shop.db", "data/shop.db"),
            ("sqlite:///var/lib/shop.db", "/var/lib/shop.db"),
            ("sqlite:/var/lib/shop.db", "/var/lib/shop.db"),
        ] {
            assert_eq!(parse(url), Ok(Location::Sqlite(path.into())), "{url}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        assert_eq!(parse("mysql://localhost/shop"), Err(BadLocation::Scheme));
        assert_eq!(parse("postgres://localhost"), Err(BadLocation::Postgres));
        for url in ["sqlite:", "sqlite://", "sqlite::memory:", "sqlite:shop.db?mode=memory"] {
            assert_eq!(parse(url), Err(BadLocation::Path), "{url}");
        }
    }
}
