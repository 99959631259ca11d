//! Where the database is, and opening it.

use std::path::PathBuf;
use std::sync::Arc;

use super::sqlite::{Counts, Readers, Writer};
use super::{Error, Pools};

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
    let path = path.clone();
    let opening = tokio::task::spawn_blocking(move || {
        let counts = Arc::<Counts>::default();
        // The writer comes first: it makes the file and turns the write-ahead log on.
        let writer = Writer::open(&path, Arc::clone(&counts))?;
        let readers = Readers::open(path, Arc::clone(&counts))?;
        Ok(Pools { readers, writer, counts })
    });
    opening.await.unwrap_or_else(|stopped| Err(Error::Broken(stopped.into())))
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
