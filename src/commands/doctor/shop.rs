//! What makes the shop: its database, and settings that fit together.

use super::{Finding, Patient};
use crate::settings::{Profile, PublicUrl, Settings};
use crate::start;
use crate::store::inspect::{Care, History, Look};
use std::path::{Path, PathBuf};
use tokio::runtime::Builder;

/// Settings that each stand, but not together.
pub fn contradictions(patient: &Patient<'_>) -> Finding {
    let found = contradiction(patient.settings);
    found.map_or_else(|| Finding::ok("the settings fit together"), |(what, mend)| Finding::warn(what, mend))
}

fn contradiction(settings: &Settings) -> Option<(&'static str, &'static str)> {
    let secure = settings.public_url.as_ref().is_some_and(PublicUrl::is_https);
    let open = !settings.listen.ip().is_loopback();
    let cases = [
        (
            settings.profile == Profile::Development && secure,
            "SHOPKEEPER_PUBLIC_URL is https, but SHOPKEEPER_PROFILE is development, which refuses nothing",
            "set SHOPKEEPER_PROFILE=production",
        ),
        (
            settings.profile == Profile::Development && open,
            "SHOPKEEPER_LISTEN is open to other machines, but SHOPKEEPER_PROFILE is development",
            "listen on 127.0.0.1, or set SHOPKEEPER_PROFILE=production",
        ),
        (
            settings.max_connections_per_address > settings.max_connections,
            "SHOPKEEPER_MAX_CONNECTIONS_PER_ADDRESS is more than SHOPKEEPER_MAX_CONNECTIONS, so that one address can take \
             them all",
            "lower it",
        ),
        (
            !settings.keys_dir.starts_with(&settings.data_dir) && settings.keys_dir.join("shopkeeper.db").exists(),
            "SHOPKEEPER_KEYS_DIR is the data folder of another shop",
            "name a folder of its own",
        ),
    ];
    cases.into_iter().find(|(holds, ..)| *holds).map(|(_, what, mend)| (what, mend))
}

/// Where the database is, and whether it is there yet.
enum Place {
    File(PathBuf),
    /// The first start makes it.
    Nowhere(PathBuf),
    /// A server that only answers or does not.
    Elsewhere,
}

fn place(settings: &Settings) -> Place {
    match start::database_file(settings) {
        Ok(file) if file.exists() => Place::File(file),
        Ok(file) => Place::Nowhere(file),
        Err(_) => Place::Elsewhere,
    }
}

fn not_yet(file: &Path) -> Finding {
    Finding::ok(format!("`{}` is not there yet; the first start makes it", file.display()))
}

/// Whether a database that is a server's answers.
fn answer(settings: &Settings) -> Finding {
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Finding::fail(error.to_string(), "see what the system lacks"),
    };
    match runtime.block_on(start::reach(settings)) {
        Ok(address) => Finding::ok(format!("{address} answers")),
        // The sentence ends with what mends it.
        Err(fault) => match fault.to_string().rsplit_once(": ") {
            Some((what, mend)) => Finding::fail(what, mend.trim_end_matches('.')),
            None => Finding::fail(fault.to_string(), "see SHOPKEEPER_DATABASE_URL"),
        },
    }
}

/// Whether every page of it can be read.
pub fn database(patient: &Patient<'_>) -> Finding {
    let file = match place(patient.settings) {
        Place::File(file) => file,
        Place::Nowhere(file) => return not_yet(&file),
        Place::Elsewhere => return answer(patient.settings),
    };
    let shown = file.display();
    let mend = "restore a backup (`shopkeeper restore`)";
    match Look::at(&file).and_then(|look| look.faults(Care::Pages)) {
        Ok(faults) if faults.is_empty() => Finding::ok(format!("`{shown}` is whole")),
        Ok(faults) => Finding::fail(format!("`{shown}` is damaged: {}", faults.join("; ")), mend),
        Err(error) => Finding::fail(format!("`{shown}` cannot be read ({error})"), mend),
    }
}

/// Whether this program knows its tables.
pub fn migrations(patient: &Patient<'_>) -> Finding {
    let file = match place(patient.settings) {
        Place::File(file) => file,
        Place::Nowhere(file) => return not_yet(&file),
        // Asking a server would make the table that they are recorded in.
        Place::Elsewhere => {
            return Finding::ok("the next start applies what is missing; `shopkeeper migrate status` lists them");
        }
    };
    match Look::at(&file).and_then(|look| look.history()) {
        Ok(History { unknown, .. }) if !unknown.is_empty() => Finding::fail(
            format!("a newer Shopkeeper wrote the database ({} is unknown)", unknown.join(", ")),
            "use that one, or restore a backup made by this one",
        ),
        Ok(History { applied: 0, .. }) => Finding::fail(
            format!("`{}` is no shop's database", file.display()),
            "name another with SHOPKEEPER_DATABASE_URL",
        ),
        Ok(History { missing, applied, .. }) if missing.is_empty() => Finding::ok(format!("all {applied} are applied")),
        Ok(History { missing, .. }) => Finding::warn(
            format!("{} are missing", missing.join(", ")),
            "back up; the next start applies them, as does `shopkeeper migrate up`",
        ),
        Err(error) => {
            Finding::fail(format!("they cannot be read ({error})"), "restore a backup (`shopkeeper restore`)")
        }
    }
}
