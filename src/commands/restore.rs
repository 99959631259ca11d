//! `shopkeeper restore`: a shop from a backup, checked before anything is touched.

use super::{Said, told_as};
use crate::cli::Restore;
use crate::infra::clock::Clock;
use crate::infra::keyfiles;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::start::{self, Fault};
use crate::store::backup::{self, Note, beside};
use crate::store::inspect;
use serde_json::json;
use std::fmt::Write;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};

/// Brings a backup back, or only looks at it.
///
/// # Errors
/// When the backup is not whole, a server runs, or there is a shop already and nobody said `--force`: then nothing was changed.
pub fn restore(settings: &Settings, wanted: &Restore) -> Result<Said, Fault> {
    let file = wanted.file.as_path();
    if !file.is_file() {
        return Err(Fault(format!("There is no file `{}`: name one that `shopkeeper backup` wrote.", file.display())));
    }
    let database = start::database_file(settings)?;
    let note = backup::check(file).map_err(|error| refused(&error))?;
    let shown = file.display().to_string();
    if wanted.check {
        let told = format!("`{shown}` is whole: the shop as of {}, by version {}.\n", note.taken_at, note.program);
        return Ok(told_as(wanted.json, &report(&shown, &note, None), told));
    }
    let lock = start::lock(&settings.data_dir)?;
    let there = Present::find(settings, &database);
    if there.is_something() && !wanted.force {
        let shown = settings.data_dir.display();
        return Err(Fault(format!(
            "There is a shop in `{shown}` already: restore into another folder with --data-dir, or put that one aside with \
             --force."
        )));
    }
    // The lock is the data folder's; a database elsewhere may be that of another one. A damaged one is nobody's.
    if database.exists() && inspect::is_in_use(&database).unwrap_or(false) {
        return Err(Fault(format!("A program has `{}` open: stop it first.", database.display())));
    }
    let aside = bring_back(settings, file, &database, &there)?;
    drop(lock);
    let mut told = format!("The shop is as of {} again: start it with `shopkeeper serve`.\n", note.taken_at);
    if let Some(aside) = &aside {
        // Writing into a string cannot fail.
        let _ = writeln!(told, "What was there before is in `{}`; delete it when all is well.", aside.display());
    }
    Ok(told_as(wanted.json, &report(&shown, &note, aside.as_deref()), told))
}

fn report(file: &str, note: &Note, aside: Option<&Path>) -> serde_json::Value {
    let aside = aside.map(|aside| aside.display().to_string());
    json!({ "file": file, "taken_at": note.taken_at, "program": note.program, "put_aside": aside })
}

/// Returns the folder into which went what was there. Nothing is moved before the whole database stands beside its place.
fn bring_back(settings: &Settings, file: &Path, database: &Path, there: &Present) -> Result<Option<PathBuf>, Fault> {
    let draft = beside(database, ".restored");
    let mut progress = Progress::on_terminal();
    let keys = backup::put_back(file, &draft, &mut |done, of| progress.show("pages", done, Some(of)));
    progress.end();
    let keys: Vec<_> = keys.map_err(|error| refused(&error))?.into_iter().map(|key| (key.name, key.bytes)).collect();
    let aside = there.is_something().then(|| aside(settings));
    let placed = || {
        if let Some(aside) = &aside {
            there.move_to(settings, aside)?;
        }
        // Keys first: a database makes it a shop, so that one without its keys is never found.
        keyfiles::put_into(&settings.keys_dir, &keys).map_err(io::Error::other)?;
        give_to_owner(&settings.data_dir, &settings.keys_dir)?;
        give_to_owner(&settings.data_dir, &draft)?;
        fs::rename(&draft, database)
    };
    placed().map_err(|error: io::Error| match &aside {
        None => refused(&error),
        Some(aside) => Fault(format!(
            "The restored shop could not take its place ({error}): what was there is in `{}`, as far as it was moved.",
            aside.display()
        )),
    })?;
    Ok(aside)
}

fn aside(settings: &Settings) -> PathBuf {
    settings.data_dir.join(format!("replaced-{}", Clock::system().now().format("%Y%m%dT%H%M%S%6f")))
}

/// What is where a shop is to be restored.
struct Present {
    database: Vec<PathBuf>,
    keys: Vec<PathBuf>,
}

impl Present {
    fn find(settings: &Settings, database: &Path) -> Self {
        // After a kill the last commits are in the log.
        let database = ["", "-wal", "-shm"].map(|end| beside(database, end)).into_iter().filter(|path| path.exists());
        Self { database: database.collect(), keys: keyfiles::names_in(&settings.keys_dir) }
    }

    fn is_something(&self) -> bool {
        !self.database.is_empty() || !self.keys.is_empty()
    }

    fn move_to(&self, settings: &Settings, aside: &Path) -> io::Result<()> {
        for (folder, files) in [(aside.to_owned(), &self.database), (aside.join("keys"), &self.keys)] {
            fs::DirBuilder::new().mode(0o700).create(&folder)?;
            give_to_owner(&settings.data_dir, &folder)?;
            for file in files {
                moved(file, &folder.join(file.file_name().unwrap_or_default()))?;
            }
        }
        Ok(())
    }
}

/// Keys and database may be on other disks.
fn moved(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            fs::copy(from, to)?;
            fs::remove_file(from)
        }
        done => done,
    }
}

/// What the superuser writes would be of no use to a server that runs as somebody else.
fn give_to_owner(folder: &Path, path: &Path) -> io::Result<()> {
    let (own, wanted) = (fs::metadata(path)?, fs::metadata(folder)?);
    if own.uid() == wanted.uid() { Ok(()) } else { chown(path, Some(wanted.uid()), Some(wanted.gid())) }
}

fn refused(error: &dyn std::fmt::Display) -> Fault {
    Fault(format!("Nothing was restored: {error}."))
}
