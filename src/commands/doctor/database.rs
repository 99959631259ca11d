//! The database: a file that is whole, or a server that does what the shop needs; and a copy of it.

use super::{Finding, PATIENCE, Patient, wait_for};
use crate::settings::Settings;
use crate::start::{self, Fault, looking};
use crate::store::Address;
use crate::store::inspect::{Care, History, Look};
use crate::store::look::{Lag, Server};
use std::path::{Path, PathBuf};

/// No older `PostgreSQL` is mended any more by those who make it.
const OLDEST: i32 = 14;
/// Connections that one instance has beside those for requests: signs of life, the replica's place.
const BESIDE: usize = 3;

/// Where the database is, and whether it is there yet.
enum Place {
    File(PathBuf),
    /// The first start makes it.
    Nowhere(PathBuf),
    Server(Address),
}

fn place(settings: &Settings) -> Result<Place, Fault> {
    match start::database_file(settings) {
        Ok(file) if file.exists() => Ok(Place::File(file)),
        Ok(file) => Ok(Place::Nowhere(file)),
        Err(_) => looking::database(settings).map(Place::Server),
    }
}

fn not_yet(file: &Path) -> Finding {
    Finding::ok(format!("`{}` is not there yet; the first start makes it", file.display()))
}

/// What a server answers in time.
fn answer<T>(address: &Address, question: impl Future<Output = Result<T, Fault>>) -> Result<T, Finding> {
    match wait_for(question) {
        Some(answer) => answer.map_err(|fault| failed(&fault)),
        None => Err(Finding::fail(
            format!("{address} does not answer within {} s", PATIENCE.as_secs()),
            "see whether it is overloaded, or a firewall is in between",
        )),
    }
}

/// A sentence that ends with what mends it.
fn failed(fault: &Fault) -> Finding {
    match fault.0.rsplit_once(": ") {
        Some((what, mend)) => Finding::fail(what, mend.trim_end_matches('.')),
        None => Finding::fail(fault.0.clone(), "see SHOPKEEPER_DATABASE_URL"),
    }
}

/// Whether every page of a file can be read; whether a server is as the shop needs it.
pub fn database(patient: &Patient<'_>) -> Finding {
    let file = match place(patient.settings) {
        Ok(Place::File(file)) => file,
        Ok(Place::Nowhere(file)) => return not_yet(&file),
        Ok(Place::Server(address)) => {
            let server = answer(&address, looking::server(&address));
            return server.map_or_else(|finding| finding, |server| judge(patient.settings, &address, &server));
        }
        Err(fault) => return failed(&fault),
    };
    let shown = file.display();
    let mend = "restore a backup (`shopkeeper restore`)";
    match Look::at(&file).and_then(|look| look.faults(Care::Pages)) {
        Ok(faults) if faults.is_empty() => Finding::ok(format!("`{shown}` is whole")),
        Ok(faults) => Finding::fail(format!("`{shown}` is damaged: {}", faults.join("; ")), mend),
        Err(error) => Finding::fail(format!("`{shown}` cannot be read ({error})"), mend),
    }
}

/// The worst that there is to say of a server.
fn judge(settings: &Settings, address: &Address, server: &Server) -> Finding {
    let Server { version, encoding, connections, .. } = server;
    let wanted = settings.database_connections + BESIDE;
    let failures = [
        (
            server.is_copy,
            format!("{address} is a replica, which takes no changes"),
            "name the one that it copies with SHOPKEEPER_DATABASE_URL".to_owned(),
        ),
        (
            encoding != "UTF8",
            format!("{address} keeps text in {encoding}"),
            "make a database with `CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`".to_owned(),
        ),
        (
            !server.may_make,
            format!("this account may make no tables in {address}"),
            "make it the owner of the database, or `GRANT CREATE ON SCHEMA public TO` it".to_owned(),
        ),
        (
            server.closed.is_some(),
            format!("this account may not use the table {} of {address}", server.closed.as_deref().unwrap_or_default()),
            "make it the owner of all tables there (`REASSIGN OWNED`)".to_owned(),
        ),
    ];
    let warnings = [
        (
            !server.private,
            format!("what is said with {address} travels in the clear"),
            "take `sslmode=disable` out of SHOPKEEPER_DATABASE_URL".to_owned(),
        ),
        (
            !server.durable,
            format!("{address} answers before a commit is on the disk"),
            "set `fsync` and `synchronous_commit` on: otherwise what was acknowledged is lost with the power"
                .to_owned(),
        ),
        (
            server.major < OLDEST,
            format!("{address} is PostgreSQL {version}, which nobody mends any more"),
            format!("upgrade it to {OLDEST} or newer"),
        ),
        (
            *connections < wanted,
            format!("{address} has {connections} connections, and this instance alone may want {wanted}"),
            "raise its `max_connections`, or lower SHOPKEEPER_DATABASE_CONNECTIONS".to_owned(),
        ),
        (
            server.superuser,
            format!("this account is a superuser of {address}"),
            "give the shop an account of its own, which owns its database and nothing else".to_owned(),
        ),
    ];
    let worst = |(holds, what, mend)| -> Option<(String, String)> { bool::then_some(holds, (what, mend)) };
    if let Some((what, mend)) = failures.into_iter().find_map(worst) {
        return Finding::fail(what, mend);
    }
    if let Some((what, mend)) = warnings.into_iter().find_map(worst) {
        return Finding::warn(what, mend);
    }
    Finding::ok(format!("{address} answers: PostgreSQL {version}"))
}

/// Whether this program knows its tables.
pub fn migrations(patient: &Patient<'_>) -> Finding {
    let (told, name) = match place(patient.settings) {
        Ok(Place::File(file)) => {
            let told = Look::at(&file).and_then(|look| look.history());
            let mend = "restore a backup (`shopkeeper restore`)";
            let told = told.map_err(|error| Finding::fail(format!("they cannot be read ({error})"), mend));
            (told, format!("`{}`", file.display()))
        }
        Ok(Place::Nowhere(file)) => return not_yet(&file),
        Ok(Place::Server(address)) => match answer(&address, looking::history(&address)) {
            Ok(History { applied: 0, .. }) => {
                return Finding::ok(format!("{address} is empty yet; the first start makes the tables"));
            }
            told => (told, address.to_string()),
        },
        Err(fault) => return failed(&fault),
    };
    match told {
        Ok(History { unknown, .. }) if !unknown.is_empty() => Finding::fail(
            format!("a newer Shopkeeper wrote the database ({} is unknown)", unknown.join(", ")),
            "use that one, or restore a backup made by this one",
        ),
        Ok(History { applied: 0, .. }) => {
            Finding::fail(format!("{name} is no shop's database"), "name another with SHOPKEEPER_DATABASE_URL")
        }
        Ok(History { missing, applied, .. }) if missing.is_empty() => Finding::ok(format!("all {applied} are applied")),
        Ok(History { missing, .. }) => Finding::warn(
            format!("{} are missing", missing.join(", ")),
            "back up; the next start applies them, as does `shopkeeper migrate up`",
        ),
        Err(finding) => finding,
    }
}

/// Whether the copy that answers readers is one, and keeps up.
pub fn replica(patient: &Patient<'_>) -> Finding {
    let (original, copy) = match (looking::database(patient.settings), looking::copy(patient.settings)) {
        (Ok(original), Ok(Some(copy))) => (original, copy),
        (_, Ok(None)) => return Finding::ok("none is set; the database answers all readers"),
        (Err(_), Ok(Some(_))) => {
            return Finding::warn(
                "SHOPKEEPER_DATABASE_REPLICA_URL is set, but the database is a file",
                "unset it, or name the PostgreSQL that it copies with SHOPKEEPER_DATABASE_URL",
            );
        }
        (_, Err(fault)) => return failed(&fault),
    };
    match answer(&copy, looking::copy_of(&original, &copy)) {
        Ok((Server { is_copy: false, .. }, _)) => Finding::fail(
            format!("{copy} is no replica: it repeats nobody, and would never be asked"),
            "name a streaming replica with SHOPKEEPER_DATABASE_REPLICA_URL, or unset it",
        ),
        Ok((_, Lag::Behind { bytes })) => Finding::warn(
            format!("{copy} is {bytes} bytes behind, and not asked meanwhile"),
            "see whether it streams (`pg_stat_wal_receiver`), and from which server",
        ),
        Ok((Server { private: false, .. }, Lag::None)) => Finding::warn(
            format!("what is said with {copy} travels in the clear"),
            "take `sslmode=disable` out of SHOPKEEPER_DATABASE_REPLICA_URL",
        ),
        Ok((Server { version, .. }, Lag::None)) => Finding::ok(format!("{copy} keeps up: PostgreSQL {version}")),
        Err(finding) => finding,
    }
}
