//! Settings that each stand, but not together.

use super::{Finding, Patient};
use crate::settings::{Profile, PublicUrl, Settings};

/// Whether there are any.
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
