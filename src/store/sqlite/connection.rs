//! One connection that understands `SeaORM`'s statements.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, OpenFlags};
use sea_orm::{ProxyExecResult, ProxyRow, Statement, Values};

use super::super::counts::span;
use super::fault::Fault;
use super::hurry::Hurry;
use super::shape::{Bound, Shape};
use super::{Counts, PATIENCE};

/// Statements that stay prepared. There are fewer in the program; lists with many filters have one for each combination.
const PREPARED: usize = 256;

/// Pages that the writer keeps; KiB. It changes indexes at many places, and each page that is not here is read first.
const WRITERS_CACHE: i64 = 8 * 1024;

/// What traces call this database.
const SYSTEM: &str = "sqlite";

/// Either the one that writes or one that reads.
pub struct Connection {
    raw: rusqlite::Connection,
    /// By the text of the statement.
    shapes: HashMap<String, Shape>,
    hurry: Hurry,
    counts: Arc<Counts>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connection").finish_non_exhaustive()
    }
}

impl Connection {
    /// Opens the connection that writes, making the file where there is none and turning the write-ahead log on.
    ///
    /// It overwrites what it deletes: an account that is erased must not be readable in the file.
    ///
    /// # Errors
    /// When the file cannot be opened or is no database.
    pub fn writing(path: &Path, counts: Arc<Counts>) -> Result<Self, Fault> {
        let raw = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        raw.busy_timeout(PATIENCE)?;
        raw.pragma_update(None, "journal_mode", "WAL")?;
        // NORMAL would lose the last commits with the power; what was answered must have happened.
        raw.pragma_update(None, "synchronous", "FULL")?;
        raw.pragma_update(None, "foreign_keys", true)?;
        raw.pragma_update(None, "secure_delete", true)?;
        // What savepoints may have to put back would be written to a file of its own: as often as all the rest together, and
        // it would outlive there what was overwritten here.
        raw.pragma_update(None, "temp_store", "MEMORY")?;
        raw.pragma_update(None, "cache_size", -WRITERS_CACHE)?;
        Self::over(raw, counts)
    }

    /// Opens a connection that only reads, over a file that is there.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn reading(path: &Path, counts: Arc<Counts>) -> Result<Self, Fault> {
        let raw = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        raw.pragma_update(None, "query_only", true)?;
        Self::over(raw, counts)
    }

    fn over(raw: rusqlite::Connection, counts: Arc<Counts>) -> Result<Self, Fault> {
        // Who has to wait does so where no thread is kept.
        raw.busy_timeout(Duration::ZERO)?;
        raw.set_prepared_statement_cache_capacity(PREPARED);
        // Plans do not depend on parameters: otherwise `LIMIT ?` alone has every statement prepared anew each time.
        raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let hurry = Hurry::none();
        hurry.watch(&raw)?;
        Ok(Self { raw, shapes: HashMap::new(), hurry, counts })
    }

    /// The rows that a statement answers with. One that only reads is cut off after about a millisecond; one that writes
    /// never is, because `SQLite` would roll the whole transaction back.
    ///
    /// # Errors
    /// [`Fault::TooLong`] when it was cut off; what else `SQLite` says.
    pub fn rows(&mut self, statement: &Statement) -> Result<Vec<ProxyRow>, Fault> {
        self.run(statement, true)
    }

    /// As [`rows`](Self::rows), for as long as it takes, or until `hurry` is told to cut it off.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub fn rows_at_length(&mut self, statement: &Statement, hurry: &Hurry) -> Result<Vec<ProxyRow>, Fault> {
        hurry.watch(&self.raw)?;
        let rows = self.run(statement, false);
        self.hurry.watch(&self.raw)?;
        rows
    }

    fn run(&mut self, statement: &Statement, bounded: bool) -> Result<Vec<ProxyRow>, Fault> {
        // Preparing is watched as well, and the statement before may have used everything up.
        self.hurry.unhurried();
        let _span = span(SYSTEM, &statement.sql).entered();
        let _watch = self.counts.watch(&statement.sql);
        let before = self.raw.total_changes();
        let mut prepared = self.raw.prepare_cached(&statement.sql)?;
        if bounded && prepared.readonly() {
            self.hurry.quick();
        }
        bind(&mut prepared, statement.values.as_ref())?;
        let shape = match self.shapes.get(&statement.sql) {
            Some(shape) if shape.fits(&prepared) => shape,
            _ => {
                if self.shapes.len() >= PREPARED {
                    self.shapes.clear();
                }
                let shape = Shape::of(&prepared);
                self.shapes.entry(statement.sql.clone()).insert_entry(shape).into_mut()
            }
        };
        let mut found = Vec::new();
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next()? {
            found.push(shape.read(row)?);
        }
        drop(rows);
        self.counts.carried_out(self.raw.total_changes() - before);
        Ok(found)
    }

    /// Carries a statement out, or, if it comes without parameters, several with semicolons between them.
    ///
    /// # Errors
    /// What `SQLite` says.
    pub fn execute(&mut self, statement: &Statement) -> Result<ProxyExecResult, Fault> {
        self.hurry.unhurried();
        let _span = span(SYSTEM, &statement.sql).entered();
        let _watch = self.counts.watch(&statement.sql);
        let before = self.raw.total_changes();
        if statement.values.is_some() {
            let mut prepared = self.raw.prepare_cached(&statement.sql)?;
            bind(&mut prepared, statement.values.as_ref())?;
            let mut rows = prepared.raw_query();
            while rows.next()?.is_some() {}
        } else {
            self.raw.execute_batch(&statement.sql)?;
        }
        // `changes` goes on telling of the last statement that changed something.
        let changed_rows = self.raw.total_changes() - before;
        self.counts.carried_out(changed_rows);
        Ok(ProxyExecResult {
            last_insert_id: self.raw.last_insert_rowid().unsigned_abs(),
            rows_affected: if changed_rows > 0 { self.raw.changes() } else { 0 },
        })
    }

    /// Begins or ends something.
    ///
    /// # Errors
    /// What `SQLite` says.
    pub fn control(&mut self, sql: &'static str) -> Result<(), Fault> {
        self.hurry.unhurried();
        self.raw.prepare_cached(sql)?.raw_execute()?;
        Ok(())
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        !self.raw.is_autocommit()
    }

    /// Closes it; the last one to a file folds the write-ahead log into it.
    ///
    /// # Errors
    /// What `SQLite` says.
    pub fn close(self) -> Result<(), Fault> {
        self.raw.close().map_err(|(_, error)| error.into())
    }
}

/// Opens a file as it is. Nobody is waited for yet.
pub fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<rusqlite::Connection> {
    // Without a folder before it, a name that begins with `file:` would be read as an address.
    let path = if path.is_relative() { Path::new(".").join(path) } else { path.to_owned() };
    // A connection is used by one thread at a time, so it needs no lock of its own.
    rusqlite::Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

fn bind(prepared: &mut CachedStatement<'_>, values: Option<&Values>) -> rusqlite::Result<()> {
    for (place, value) in (1..).zip(values.map_or(&[][..], |values| &values.0)) {
        prepared.raw_bind_parameter(place, Bound(value))?;
    }
    Ok(())
}
