//! Operations on their way out: what their answers say of it, and who calls them still.

use super::exposition::{Exposition, Kind};
use contract::Operation;
use http::{HeaderName, HeaderValue};
use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

const CALLS: &str = "shopkeeper_deprecated_requests_total";
/// Most clients that are counted apart: each is a line of every scrape.
const MOST_CLIENTS: usize = 1000;
/// As whom all further ones are counted.
const OTHERS: &str = "others";

/// `Deprecation` (RFC 9745) and `Sunset` (RFC 8594).
pub(super) fn headers(operation: &Operation) -> impl Iterator<Item = (HeaderName, HeaderValue)> + use<> {
    let deprecation = operation.deprecated_at.and_then(|at| HeaderValue::from_str(&format!("@{at}")).ok());
    let sunset = operation.sunset_at.and_then(|at| chrono::DateTime::from_timestamp(at, 0));
    let sunset = sunset.and_then(|at| HeaderValue::from_str(&at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok());
    let deprecation = deprecation.map(|value| (HeaderName::from_static("deprecation"), value));
    deprecation.into_iter().chain(sunset.map(|value| (HeaderName::from_static("sunset"), value)))
}

/// Counts the calls of deprecated operations by client, so that it is known whom to tell before they end.
#[derive(Default)]
pub(super) struct Callers(Mutex<Known>);

#[derive(Default)]
struct Known {
    calls: BTreeMap<(&'static str, String), u64>,
    clients: HashSet<String>,
}

impl Callers {
    /// Counts a call of a deprecated operation by this client.
    pub(super) fn count(&self, operation: &'static str, client: String) {
        let mut known = self.lock();
        let client = if known.clients.contains(&client) || known.clients.len() < MOST_CLIENTS {
            known.clients.insert(client.clone());
            client
        } else {
            OTHERS.to_owned()
        };
        *known.calls.entry((operation, client)).or_default() += 1;
    }

    /// Tells what was counted, if anything was.
    pub(super) fn tell(&self, text: &mut Exposition) {
        let known = self.lock();
        if known.calls.is_empty() {
            return;
        }
        let help = "Requests for deprecated operations, by the client that its tokens name.";
        let rows = known
            .calls
            .iter()
            .map(|((operation, client), calls)| ([("operation", *operation), ("client", client.as_str())], calls));
        text.family(Kind::Counter, CALLS, help, rows);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deprecated_operation_says_since_when_and_until_when() {
        let operation = Operation {
            deprecated: true,
            deprecated_at: Some(1_798_761_600),
            sunset_at: Some(1_814_400_000),
            ..generated::OPERATIONS[0]
        };
        let told: Vec<_> = headers(&operation).map(|(name, value)| (name.to_string(), value)).collect();
        assert_eq!(told[0], ("deprecation".to_owned(), HeaderValue::from_static("@1798761600")));
        assert_eq!(told[1], ("sunset".to_owned(), HeaderValue::from_static("Thu, 01 Jul 2027 00:00:00 GMT")));
        assert_eq!(headers(&generated::OPERATIONS[0]).count(), 0);
    }

    #[test]
    fn many_clients_do_not_swell_the_numbers() {
        let callers = Callers::default();
        for client in 0..MOST_CLIENTS + 20 {
            callers.count("listUsers", client.to_string());
        }
        callers.count("listUsers", "0".to_owned());
        let mut text = Exposition::default();
        callers.tell(&mut text);
        let text = text.into_text();
        let of = |client: &str| format!("{CALLS}{{operation=\"listUsers\",client=\"{client}\"}}");
        assert!(text.contains(&format!("{} 2\n", of("0"))), "who is known stays known");
        assert!(text.contains(&format!("{} 20\n", of(OTHERS))));
        assert_eq!(text.lines().filter(|line| line.starts_with(CALLS)).count(), MOST_CLIENTS + 1);
    }
}
