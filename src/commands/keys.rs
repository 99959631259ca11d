//! `shopkeeper key`: the keys that sign access tokens. Servers that run notice what changes here by themselves.

use super::{Said, told_as};
use crate::cli::{Key as Step, ListKeys, Rotate};
use crate::infra::clock::Clock;
use crate::infra::tokens::{self, KeyInfo, Standing};
use crate::settings::Settings;
use crate::start::Fault;
use chrono::SecondsFormat;
use serde_json::{Value, json};

/// Takes a step with the signing keys.
///
/// # Errors
/// When there are no keys, or they cannot be read or written.
pub fn key(settings: &Settings, step: &Step) -> Result<Said, Fault> {
    let folder = &settings.keys_dir;
    if !folder.is_dir() {
        return Err(Fault(format!(
            "There are no keys in `{}`: name the folder of a shop with SHOPKEEPER_DATA_DIR, or that of its keys with \
             SHOPKEEPER_KEYS_DIR.",
            folder.display()
        )));
    }
    let done = match step {
        Step::Rotate(wanted) => rotate(settings, wanted),
        Step::List(form) => tokens::keys_in(folder, Clock::system().now()).map(|keys| listed(&keys, *form)),
    };
    done.map_err(|error| Fault(format!("The keys cannot be used: {error}.")))
}

fn rotate(settings: &Settings, wanted: &Rotate) -> Result<Said, tokens::KeyFileError> {
    let (folder, now) = (&settings.keys_dir, Clock::system().now());
    let kid = if wanted.stolen { tokens::replace(folder, now)? } else { tokens::rotate(folder, now, wanted.lead)? };
    let keys = tokens::keys_in(folder, now)?;
    let Some(key) = keys.iter().find(|key| key.kid == kid) else {
        return Err(tokens::KeyFileError::Damaged { path: folder.clone() });
    };
    let told = if wanted.stolen {
        format!("{kid} is the only key now; tokens of all others are refused from now on.\n")
    } else {
        let from = key.signs_from.to_rfc3339_opts(SecondsFormat::Secs, true);
        format!("{kid} signs from {from} on; the keys before it verify until their last token has expired.\n")
    };
    Ok(told_as(wanted.json, &described(key), told))
}

fn listed(keys: &[KeyInfo], form: ListKeys) -> Said {
    let line = |key: &KeyInfo| {
        if form.json {
            return format!("{}\n", described(key));
        }
        let from = key.signs_from.to_rfc3339_opts(SecondsFormat::Secs, true);
        let standing = match key.standing {
            Standing::Verifies { until } => {
                format!("verifies until {}", until.to_rfc3339_opts(SecondsFormat::Secs, true))
            }
            other => name(other).to_owned(),
        };
        format!("{}  {from}  {standing}\n", key.kid)
    };
    Said::well(keys.iter().map(line).collect())
}

fn described(key: &KeyInfo) -> Value {
    let until = match key.standing {
        Standing::Verifies { until } => Some(until),
        _ => None,
    };
    json!({ "kid": key.kid, "signs_from": key.signs_from, "standing": name(key.standing), "verifies_until": until })
}

const fn name(standing: Standing) -> &'static str {
    match standing {
        Standing::Waits => "waits",
        Standing::Signs => "signs",
        Standing::Verifies { .. } => "verifies",
        Standing::Spent => "spent",
    }
}
