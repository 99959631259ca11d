//! Servers that this one leans on: Valkey, and a collector of traces. It starts without them; what they are for is missing
//! then.

use super::{Finding, PATIENCE, Patient, wait_for};
use crate::http::collector;
use crate::infra::shared::look::{self, Server};
use secrecy::ExposeSecret;

/// Whether Valkey answers, and does what instances need.
pub fn valkey(patient: &Patient<'_>) -> Finding {
    let Some(url) = &patient.settings.redis_url else {
        return Finding::ok(if patient.settings.shared {
            "none is set; each instance counts limits alone, and believes nothing that it keeps"
        } else {
            "none is set, and no other instance to share anything with"
        });
    };
    let mend = "see that it runs, and that SHOPKEEPER_REDIS_URL names it, the account and the password rightly; until then \
                each instance counts limits alone";
    match wait_for(look::at(url.expose_secret())) {
        Some(Ok(Server { name, version, is_copy: false, latency })) => {
            Finding::ok(format!("{name} {version} answers within {} ms", latency.as_millis().max(1)))
        }
        Some(Ok(Server { name, .. })) => Finding::warn(
            format!("this {name} is a replica, which takes no writes"),
            "name the one that it copies with SHOPKEEPER_REDIS_URL",
        ),
        Some(Err(error)) => Finding::warn(error.to_string(), mend),
        None => Finding::warn(silence("Valkey"), mend),
    }
}

/// Whether somebody listens where traces are sent.
pub fn collector(patient: &Patient<'_>) -> Finding {
    let Some(endpoint) = &patient.settings.otlp_endpoint else { return Finding::ok("none is set; no traces are made") };
    let mend = "see that it runs, and that SHOPKEEPER_OTLP_ENDPOINT names it; until then traces are lost";
    match wait_for(collector::reach(endpoint)) {
        Some(Ok(())) => Finding::ok(format!("{endpoint} can be reached")),
        Some(Err(error)) => Finding::warn(format!("{endpoint} cannot be reached ({error})"), mend),
        None => Finding::warn(silence(endpoint), mend),
    }
}

fn silence(who: &str) -> String {
    format!("{who} does not answer within {} s", PATIENCE.as_secs())
}
