//! What is on the disk: folders, room, keys.

use super::{Finding, Patient};
use crate::infra::secret::SecretKey;
use crate::infra::tokens::{self, Standing};
use rustix::fs::{Access, access, statvfs};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const MIB: u64 = 1 << 20;
/// Less room than this is soon none.
const LITTLE: u64 = 512 * MIB;
/// With less room than this the database cannot even fold its log.
const NONE: u64 = 32 * MIB;

/// Whether the folder is there, is writable, and closed to others.
pub fn data_folder(patient: &Patient<'_>) -> Finding {
    let folder = patient.settings.data_dir.as_path();
    let shown = folder.display();
    let Ok(metadata) = fs::metadata(folder) else {
        return match nearest(folder) {
            Some(above) if access(above, Access::WRITE_OK | Access::EXEC_OK).is_ok() => {
                Finding::ok(format!("`{shown}` is not there yet; the first start makes it"))
            }
            _ => Finding::fail(
                format!("`{shown}` is not there and cannot be made"),
                "name a folder that this user may write to with SHOPKEEPER_DATA_DIR",
            ),
        };
    };
    if !metadata.is_dir() {
        return Finding::fail(format!("`{shown}` is no folder"), "name one with SHOPKEEPER_DATA_DIR");
    }
    if access(folder, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        return Finding::fail(format!("`{shown}` cannot be written to"), "give it to the user who runs the server");
    }
    if metadata.permissions().mode() & 0o077 != 0 {
        return Finding::warn(format!("other users can look into `{shown}`"), format!("chmod 700 {shown}"));
    }
    Finding::ok(format!("`{shown}` can be written to, by its user only"))
}

/// Whether there is room.
pub fn disk(patient: &Patient<'_>) -> Finding {
    let folder = patient.settings.data_dir.as_path();
    let Some(space) = nearest(folder).and_then(|folder| statvfs(folder).ok()) else {
        return Finding::warn("nobody knows how much room there is", "see `df`");
    };
    let free = space.f_bavail.saturating_mul(space.f_frsize);
    let told = format!("{} MiB are free for `{}`", free / MIB, folder.display());
    let mend = "make room, or move the data folder to a larger disk";
    match free {
        ..NONE => Finding::fail(told, mend),
        NONE..LITTLE => Finding::warn(told, mend),
        _ => Finding::ok(told),
    }
}

/// Whether the keys can be read, by this user only, and one of them signs.
pub fn keys(patient: &Patient<'_>) -> Finding {
    let folder = patient.settings.keys_dir.as_path();
    let shown = folder.display();
    if !folder.is_dir() {
        let database = crate::start::existing_database(patient.settings);
        return match database {
            Ok(_) => Finding::fail(
                format!("`{shown}` is not there, but the database is"),
                "restore a backup, which has the keys; without them no API key and no session works",
            ),
            Err(_) => Finding::ok(format!("`{shown}` is not there yet; the first start makes it")),
        };
    }
    let keys = match tokens::keys_in(folder, patient.now) {
        Ok(keys) => keys,
        Err(error) => return Finding::fail(error.to_string(), "the server does not start with such a key"),
    };
    let secret = match SecretKey::is_in(folder) {
        Ok(there) => there,
        Err(error) => return Finding::fail(error.to_string(), "the server does not start with such a key"),
    };
    match keys.iter().find(|key| key.standing == Standing::Signs) {
        Some(key) if secret => Finding::ok(format!("{} signs since {}", key.kid, key.signs_from.format("%Y-%m-%d"))),
        _ => Finding::warn(
            format!("`{shown}` lacks a key"),
            "restore a backup, unless this shop never started; the next start makes another key",
        ),
    }
}

/// The folder, or what is above it and there.
fn nearest(folder: &Path) -> Option<&Path> {
    let named = folder.ancestors().find(|path| path.exists());
    // What is above the first folder of a relative path is the one that we are in.
    let found = named.or_else(|| folder.is_relative().then_some(Path::new(".")))?;
    found.is_dir().then_some(found)
}
