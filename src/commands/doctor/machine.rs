//! What the machine gives: descriptors, time, a port.

use super::{Finding, Patient};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rustix::process::{Resource, geteuid, getrlimit};
use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::Path;

use crate::settings::Profile;
use crate::start;

/// Descriptors that a server needs beside those of connections.
const FOR_THE_REST: u64 = 128;
/// No release of this program is older than that day.
const RELEASED: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 11, 21);
/// By how much files may seem to be of the future: disks of the network have clocks of their own.
const SKEW: TimeDelta = TimeDelta::minutes(2);

/// Descriptors, and who runs it.
pub fn environment(patient: &Patient<'_>) -> Finding {
    let wanted = u64::try_from(patient.settings.max_connections).unwrap_or(u64::MAX);
    let needed = wanted.saturating_add(FOR_THE_REST);
    // A server raises the limit by itself as far as it may.
    match getrlimit(Resource::Nofile).maximum {
        Some(most) if most < needed => Finding::warn(
            format!("the system grants {most} open files, which is too few for {wanted} connections"),
            format!("raise the limit (`ulimit -n`, LimitNOFILE) to {needed}, or lower SHOPKEEPER_MAX_CONNECTIONS"),
        ),
        _ if geteuid().is_root() && patient.settings.profile == Profile::Production => Finding::warn(
            "this is the superuser",
            "run the server as a user of its own, who owns the data folder and nothing else",
        ),
        _ => {
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            Finding::ok(format!("{cores} cores, and open files for {wanted} connections"))
        }
    }
}

/// Whether it can be that time.
pub fn clock(patient: &Patient<'_>) -> Finding {
    let now = patient.now;
    let shown = now.format("%Y-%m-%dT%H:%M:%SZ");
    let mend = "set the clock, and keep it right with NTP: tokens and orders expire by it";
    if RELEASED.is_some_and(|day| now.date_naive() < day) {
        return Finding::fail(format!("it is {shown}, before this program was made"), mend);
    }
    let settings = patient.settings;
    let files =
        start::database_file(settings).into_iter().chain([settings.data_dir.clone(), settings.keys_dir.clone()]);
    match files.filter_map(|file| changed_at(&file)).max() {
        Some(newest) if newest > now + SKEW => {
            let newest = newest.format("%Y-%m-%dT%H:%M:%SZ");
            Finding::fail(format!("it is {shown}, but the shop was written at {newest}"), mend)
        }
        _ => Finding::ok(format!("it is {shown}")),
    }
}

fn changed_at(file: &Path) -> Option<DateTime<Utc>> {
    Some(fs::metadata(file).ok()?.modified().ok()?.into())
}

/// Whether the address can be listened on, or is already, by this shop's server.
pub fn listen(patient: &Patient<'_>) -> Finding {
    let address = patient.settings.listen;
    match TcpListener::bind(address) {
        Ok(_) => Finding::ok(format!("{address} is free")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && start::is_locked(&patient.settings.data_dir) => {
            Finding::ok(format!("{address} is in use, and so is the data folder: the server runs"))
        }
        // Nobody has the folder to himself where the database is a server's.
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && start::database_file(patient.settings).is_err() => {
            Finding::warn(
                format!("{address} is in use"),
                "see that it is this shop's server that listens there, or choose another with SHOPKEEPER_LISTEN",
            )
        }
        // The sentence ends with what mends it.
        Err(error) => match start::cannot_listen(address, "LISTEN", &error).to_string().split_once(": ") {
            Some((what, mend)) => Finding::fail(what, mend.trim_end_matches('.')),
            None => Finding::fail(error.to_string(), "choose another address with SHOPKEEPER_LISTEN"),
        },
    }
}
