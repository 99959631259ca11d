//! `shopkeeper backup`: database and keys in one file, as of one moment, while the server runs or not.

use super::{Said, told_as};
use crate::cli::Backup;
use crate::infra::clock::Clock;
use crate::infra::keyfiles;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::start::{self, Fault};
use crate::store::backup::{self, Companion, Note};
use serde_json::json;

/// Writes a backup.
///
/// # Errors
/// When there is no shop, it is damaged, or the file cannot be written: then there is no such file, and an older one stays.
pub fn backup(settings: &Settings, wanted: &Backup) -> Result<Said, Fault> {
    let database = start::existing_database(settings)?;
    let file = wanted.file.as_path();
    if file.exists() && !wanted.force {
        let shown = file.display();
        return Err(Fault(format!("`{shown}` is there already: name another file, or replace it with --force.")));
    }
    let note = Note { taken_at: Clock::system().now(), program: env!("CARGO_PKG_VERSION").to_owned() };
    // Asked for after the database's moment: whatever the copy needs of them is there by then.
    let keys = || {
        let files = keyfiles::all_in(&settings.keys_dir).map_err(|error| failed(&error))?;
        if files.is_empty() {
            let shown = settings.keys_dir.display();
            return Err(failed(&format!("there are no keys in `{shown}`, without which it would be of no use")));
        }
        Ok(files.into_iter().map(|(name, bytes)| Companion { name, bytes }).collect())
    };
    let mut progress = Progress::on_terminal();
    let taken = backup::take(&database, file, &note, keys, &mut |done, of| progress.show("pages", done, Some(of)));
    progress.end();
    let bytes = taken?;
    let shown = file.display().to_string();
    let told = format!("`{shown}` holds database and keys, {bytes} bytes, checked. Keep it secret.\n");
    let report = json!({ "file": shown, "bytes": bytes, "taken_at": note.taken_at, "program": note.program });
    Ok(told_as(wanted.json, &report, told))
}

impl From<backup::Error> for Fault {
    fn from(error: backup::Error) -> Self {
        failed(&error)
    }
}

fn failed(reason: &dyn std::fmt::Display) -> Fault {
    Fault(format!("There is no backup: {reason}."))
}
