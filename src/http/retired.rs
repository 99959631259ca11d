//! Operations on their way out: what their answers say of it, and who calls them still.

use contract::Operation;
use http::{HeaderName, HeaderValue};
use metrics::{Key, Label, Level, Metadata, Recorder, Unit};
use metrics_exporter_prometheus::PrometheusRecorder;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

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
pub(super) struct Callers {
    recorder: Arc<PrometheusRecorder>,
    known: Mutex<HashSet<String>>,
}

impl Callers {
    pub(super) fn new(recorder: Arc<PrometheusRecorder>) -> Self {
        let help = "Requests for deprecated operations, by the client that its tokens name.";
        recorder.describe_counter(CALLS.into(), Some(Unit::Count), help.into());
        Self { recorder, known: Mutex::default() }
    }

    /// Counts a call of a deprecated operation by this client.
    pub(super) fn count(&self, operation: &'static str, client: String) {
        let client = self.kept(client);
        let labels = vec![Label::from_static_parts("operation", operation), Label::new("client", client)];
        let metadata = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));
        self.recorder.register_counter(&Key::from_parts(CALLS, labels), &metadata).increment(1);
    }

    fn kept(&self, client: String) -> String {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(&client) {
            return client;
        }
        if known.len() >= MOST_CLIENTS {
            return OTHERS.to_owned();
        }
        known.insert(client.clone());
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics_exporter_prometheus::PrometheusBuilder;

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
        let recorder = Arc::new(PrometheusBuilder::new().build_recorder());
        let callers = Callers::new(Arc::clone(&recorder));
        for client in 0..MOST_CLIENTS + 20 {
            callers.count("listUsers", client.to_string());
        }
        callers.count("listUsers", "0".to_owned());
        let text = recorder.handle().render();
        let of = |client: &str| format!("{CALLS}{{operation=\"listUsers\",client=\"{client}\"}}");
        assert!(text.contains(&format!("{} 2\n", of("0"))), "who is known stays known");
        assert!(text.contains(&format!("{} 20\n", of(OTHERS))));
        assert_eq!(text.lines().filter(|line| line.starts_with(CALLS)).count(), MOST_CLIENTS + 1);
    }
}
