//! Copies of the whole database in one file, taken while others read and write, and put back.
//!
//! A backup is a database itself, with two tables beside the shop's: what it is (`backup`), and the files that go along with
//! it (`backup_files`), such as keys. So one file holds all that a shop needs, and is written and checked by the same means
//! as the shop's own.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, params};
use secrecy::{ExposeSecret, SecretSlice};

use super::inspect::{Care, History, Look, Unreadable, patiently};
use crate::domain::time::Timestamp;

/// Pages that are copied between two looks at how far it is.
const PAGES_AT_ONCE: i32 = 500;
/// How the name of a file ends until it is whole.
pub const DRAFT: &str = ".part";
/// The tables of a backup. `secure_delete` is on when they are dropped: keys must not stay in the file.
const TABLES: &str = "CREATE TABLE backup (taken_at INTEGER NOT NULL, program TEXT NOT NULL) STRICT;
    CREATE TABLE backup_files (name TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL) STRICT;";
const WITHOUT_TABLES: &str = "DROP TABLE backup; DROP TABLE backup_files;";

/// A file that goes along.
#[derive(Debug)]
pub struct Companion {
    /// Its name, without a folder.
    pub name: String,
    /// What is in it.
    pub bytes: SecretSlice<u8>,
}

/// What a backup is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The moment that it holds.
    pub taken_at: Timestamp,
    /// The version of the program that wrote it.
    pub program: String,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be made, written or renamed.
    #[error("`{path}` cannot be written ({source})")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no database, or damaged beyond reading.
    #[error("`{path}` cannot be read as a database ({source})")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The copy could not be written.
    #[error("the copy could not be written ({0})")]
    Copying(rusqlite::Error),
    /// Somebody has the database to himself for longer than one waits.
    #[error("`{0}` is busy: try again")]
    Busy(PathBuf),
    /// It can be read, and is damaged.
    #[error("`{path}` is damaged: {}", .faults.join("; "))]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        faults: Vec<String>,
    },
    /// A database of something else.
    #[error("`{0}` is no {1}")]
    Foreign(PathBuf, &'static str),
    /// Written by a newer program; only that one may go on.
    #[error("`{0}` was written by a newer Shopkeeper: use that one, or a newer one still")]
    Newer(PathBuf),
}

/// Told how many pages of how many are copied.
pub type Watch<'w> = &'w mut dyn FnMut(u64, u64);

/// Copies a database as of one moment into a new file, with its companions, checks the copy, and gives it its name in the end:
/// nobody ever finds half of it. Returns its size in bytes. `companions` are asked for after the moment that is copied.
///
/// # Errors
/// When the database cannot be read or is damaged, or the file cannot be written; then it is not there.
pub fn take<E: From<Error>>(
    database: &Path,
    file: &Path,
    note: &Note,
    companions: impl FnOnce() -> Result<Vec<Companion>, E>,
    watch: Watch<'_>,
) -> Result<u64, E> {
    let beside = Draft::beside(file)?;
    let mut copy = copy(database, &beside.0, watch)?;
    let companions = companions()?;
    add_companions(&mut copy, note, &companions).map_err(Error::Copying)?;
    copy.close().map_err(|(_, error)| Error::Copying(error))?;
    known(&beside.0, "shop's database")?;
    Ok(beside.become_file(file)?)
}

/// What a backup is, after a look at all of it.
///
/// # Errors
/// When it is none, is damaged, or was written by a newer program.
pub fn check(file: &Path) -> Result<Note, Error> {
    known(file, "backup of a shop")?;
    let look = Look::at(file).map_err(unreadable(file))?;
    note_in(&look.0).map_err(|_| Error::Foreign(file.to_owned(), "backup of a shop"))
}

/// Writes the database of a backup that was checked to where no file is yet, and returns its companions.
///
/// # Errors
/// When it cannot be read or written; then no file is there.
pub fn put_back(file: &Path, database: &Path, watch: Watch<'_>) -> Result<Vec<Companion>, Error> {
    let beside = Draft::beside(database)?;
    let copy = copy(file, &beside.0, watch)?;
    let companions = companions_in(&copy).map_err(|_| Error::Foreign(file.to_owned(), "backup of a shop"))?;
    copy.pragma_update(None, "secure_delete", true).map_err(Error::Copying)?;
    copy.execute_batch(WITHOUT_TABLES).map_err(Error::Copying)?;
    copy.close().map_err(|(_, error)| Error::Copying(error))?;
    known(&beside.0, "shop's database")?;
    beside.become_file(database)?;
    Ok(companions)
}

/// A file that has not got its name yet, and goes away if it never does.
struct Draft(PathBuf);

impl Draft {
    fn beside(file: &Path) -> Result<Self, Error> {
        let draft = beside(file, DRAFT);
        // What an attempt left that was killed.
        let _ = fs::remove_file(&draft);
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft);
        made.map_err(|source| Error::File { path: draft.clone(), source })?;
        Ok(Self(draft))
    }

    fn become_file(self, file: &Path) -> Result<u64, Error> {
        let kept = || {
            let written = File::open(&self.0)?;
            written.sync_all()?;
            fs::rename(&self.0, file)?;
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder)?.sync_all()?;
            Ok(written.metadata()?.len())
        };
        kept().map_err(|source| Error::File { path: file.to_owned(), source })
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // It has its name by now, or the first reason is the one to tell.
        let _ = fs::remove_file(&self.0);
    }
}

/// The place beside a file whose name has this end in addition.
#[must_use]
pub fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Copies what `from` holds at this moment, and keeps the copy open.
fn copy(from: &Path, to: &Path, watch: Watch<'_>) -> Result<Connection, Error> {
    let look = Look::at(from).map_err(unreadable(from))?;
    let source = |source| Error::Unreadable { path: from.to_owned(), source };
    // A transaction that reads holds the moment still. Without one the copy would begin anew whenever somebody writes.
    look.0.execute_batch("BEGIN").map_err(source)?;
    look.0.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)).map_err(source)?;
    let mut copy = patiently(to, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(Error::Copying)?;
    {
        let copying = Backup::new(&look.0, &mut copy).map_err(Error::Copying)?;
        loop {
            let step = copying.step(PAGES_AT_ONCE).map_err(Error::Copying)?;
            let progress = copying.progress();
            let (all, left) = (progress.pagecount.unsigned_abs(), progress.remaining.unsigned_abs());
            watch(u64::from(all - left.min(all)), u64::from(all));
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => return Err(Error::Busy(from.to_owned())),
            }
        }
    }
    // One file holds all, with no log beside it.
    copy.pragma_update(None, "journal_mode", "DELETE").map_err(Error::Copying)?;
    Ok(copy)
}

fn add_companions(copy: &mut Connection, note: &Note, companions: &[Companion]) -> rusqlite::Result<()> {
    let tx = copy.transaction()?;
    tx.execute_batch(TABLES)?;
    tx.execute("INSERT INTO backup VALUES (?, ?)", params![note.taken_at.timestamp_micros(), note.program])?;
    for Companion { name, bytes } in companions {
        tx.execute("INSERT INTO backup_files VALUES (?, ?)", params![name, bytes.expose_secret()])?;
    }
    tx.commit()
}

fn companions_in(copy: &Connection) -> rusqlite::Result<Vec<Companion>> {
    let mut statement = copy.prepare("SELECT name, bytes FROM backup_files ORDER BY name")?;
    let rows =
        statement.query_map([], |row| Ok(Companion { name: row.get(0)?, bytes: row.get::<_, Vec<u8>>(1)?.into() }))?;
    rows.collect()
}

fn note_in(backup: &Connection) -> rusqlite::Result<Note> {
    backup.query_row("SELECT taken_at, program FROM backup", [], |row| {
        let taken_at = Timestamp::from_timestamp_micros(row.get(0)?).unwrap_or_default();
        Ok(Note { taken_at, program: row.get(1)? })
    })
}

/// Sees whether a file is whole, and a shop's that this program can open.
fn known(file: &Path, what: &'static str) -> Result<(), Error> {
    let look = Look::at(file).map_err(unreadable(file))?;
    let faults = look.faults(Care::Everything).map_err(unreadable(file))?;
    if !faults.is_empty() {
        return Err(Error::Damaged { path: file.to_owned(), faults });
    }
    let History { applied, unknown, .. } = look.history().map_err(unreadable(file))?;
    match (applied, unknown.is_empty()) {
        (0, _) => Err(Error::Foreign(file.to_owned(), what)),
        (_, false) => Err(Error::Newer(file.to_owned())),
        _ => Ok(()),
    }
}

fn unreadable(file: &Path) -> impl FnOnce(Unreadable) -> Error {
    let path = file.to_owned();
    move |Unreadable(source)| Error::Unreadable { path, source }
}
