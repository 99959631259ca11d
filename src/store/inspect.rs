//! Looking at a database file without opening a shop over it: whether it is whole, and which migrations it has been through.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

use super::sqlite;

/// How long a look waits for whoever has the file to himself for a moment.
const PATIENCE: Duration = Duration::from_secs(5);
/// Faults of a damaged file that are told.
const MOST_FAULTS: u32 = 5;

/// Why a file cannot be looked at.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(#[from] pub(super) rusqlite::Error);

/// The schema of a database, compared with what this program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Migrations that it has been through.
    pub applied: usize,
    /// Those of this program that it has not.
    pub missing: Vec<String>,
    /// Those that this program does not know: a newer one wrote it.
    pub unknown: Vec<String>,
}

impl History {
    /// Compares what a database has been through with what this program knows.
    pub(super) fn of(applied: Vec<String>) -> Self {
        let number = applied.len();
        let migrations::History { known, unknown } = migrations::compared(applied);
        let missing = known.into_iter().filter(|step| !step.applied).map(|step| step.name).collect();
        Self { applied: number, missing, unknown }
    }
}

/// How carefully a file is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Every page.
    Pages,
    /// Every page, every index and every reference between rows.
    Everything,
}

/// A look at a database file that is there.
#[derive(Debug)]
pub struct Look(pub(super) Connection);

impl Look {
    /// Opens a file to read it. Whoever else has it open is not disturbed.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn at(file: &Path) -> Result<Self, Unreadable> {
        // The right to write is for the write-ahead log, which even readers take up after a crash.
        let raw = patiently(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        raw.pragma_update(None, "query_only", true)?;
        Ok(Self(raw))
    }

    /// What is wrong with it; nothing if it is whole.
    ///
    /// # Errors
    /// When it is no database at all, or cannot be read.
    pub fn faults(&self, care: Care) -> Result<Vec<String>, Unreadable> {
        let pragma = match care {
            Care::Pages => format!("PRAGMA quick_check({MOST_FAULTS})"),
            Care::Everything => format!("PRAGMA integrity_check({MOST_FAULTS})"),
        };
        let mut statement = self.0.prepare(&pragma)?;
        let found = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        let mut faults: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
        if care == Care::Everything {
            let mut statement = self.0.prepare("PRAGMA foreign_key_check")?;
            let orphans = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            if let Some(table) = orphans.first() {
                faults.push(format!("{} rows name others that are not there, the first in {table}", orphans.len()));
            }
        }
        Ok(faults)
    }

    /// Which migrations it has been through; none if it is no shop's.
    ///
    /// # Errors
    /// When it is no database at all, or cannot be read.
    pub fn history(&self) -> Result<History, Unreadable> {
        let recorded: Option<i64> = self
            .0
            .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'seaql_migrations'", [], |row| row.get(0))
            .optional()?;
        let mut applied: Vec<String> = Vec::new();
        if recorded.is_some() {
            let mut statement = self.0.prepare("SELECT version FROM seaql_migrations ORDER BY version")?;
            applied = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        }
        Ok(History::of(applied))
    }
}

/// Whether another process has the database open, be it idle.
///
/// # Errors
/// When it is no database at all, or cannot be read.
pub fn is_in_use(file: &Path) -> Result<bool, Unreadable> {
    let raw = sqlite::open(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    raw.busy_timeout(Duration::ZERO)?;
    // Who wants it alone cannot even read while somebody else is there.
    raw.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    match raw.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        Ok(_) => Ok(false),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// A connection that waits for others for a while.
pub(super) fn patiently(file: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let raw = sqlite::open(file, flags)?;
    raw.busy_timeout(PATIENCE)?;
    Ok(raw)
}
