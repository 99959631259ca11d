//! What is counted: requests and their duration by operation and status class, requests and connections underway.
//!
//! A request costs a look into one small map and a few atomic additions. The numbers of other rooms join when they are told:
//! [`Metrics::with`].

use super::exposition::{Exposition, Kind, Spread};
use super::retired::Callers;
use super::tick;
use foldhash::quality::RandomState;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Upper bounds of the histogram in microseconds: kept reads take some ten, a password hash some twenty thousand.
const BOUNDS: [u64; 13] =
    [100, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000];
/// The name under which requests are counted that nothing answers to.
const NOTHING: &str = "none";

/// The server's numbers.
pub struct Metrics {
    operations: HashMap<&'static str, Classes, RandomState>,
    nothing: Classes,
    deprecated: Callers,
    requests: AtomicI64,
    connections: AtomicI64,
    shortcuts: AtomicU64,
    started: Instant,
    others: Vec<Told>,
}

/// Writes the numbers of another room.
type Told = Box<dyn Fn(&mut Exposition) + Send + Sync>;

/// The requests of one operation.
type Classes = [Durations; CLASSES.len()];

/// The requests of one operation and status class, by how long they took.
#[derive(Default)]
struct Durations {
    /// Those up to each bound and above the one before it; last, those above all bounds.
    counts: [AtomicU64; BOUNDS.len() + 1],
    nanoseconds: AtomicU64,
}

impl Metrics {
    /// Numbers for these operations; a request of any other name counts as `none`.
    #[must_use]
    pub fn new(operations: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            operations: operations.into_iter().map(|operation| (operation, Classes::default())).collect(),
            nothing: Classes::default(),
            deprecated: Callers::default(),
            requests: AtomicI64::new(0),
            connections: AtomicI64::new(0),
            shortcuts: AtomicU64::new(0),
            started: tick::instant(),
            others: Vec::new(),
        }
    }

    /// Tells the numbers of another room as well.
    #[must_use]
    pub fn with(mut self, told: impl Fn(&mut Exposition) + Send + Sync + 'static) -> Self {
        self.others.push(Box::new(told));
        self
    }

    pub(super) fn begin(&self) {
        self.requests.fetch_add(1, Relaxed);
    }

    pub(super) fn end(&self, operation: &str, status: u16, duration: Duration) {
        self.requests.fetch_sub(1, Relaxed);
        self.count(operation, status, duration);
    }

    /// Counts a request that had no beginning: one that hyper refused.
    pub(super) fn count(&self, operation: &str, status: u16, duration: Duration) {
        let classes = self.operations.get(operation).unwrap_or(&self.nothing);
        classes[usize::from(status / 100).clamp(1, CLASSES.len()) - 1].add(duration);
    }

    /// Counts a request that was answered by its bytes alone.
    pub(super) fn count_shortcut(&self, operation: &str, status: u16, duration: Duration) {
        self.shortcuts.fetch_add(1, Relaxed);
        self.count(operation, status, duration);
    }

    /// Counts a request for an operation on its way out.
    pub(super) fn count_deprecated(&self, operation: &'static str, client: String) {
        self.deprecated.count(operation, client);
    }

    pub(super) fn connected(&self) {
        self.connections.fetch_add(1, Relaxed);
    }

    pub(super) fn disconnected(&self) {
        self.connections.fetch_sub(1, Relaxed);
    }

    /// Connections at this moment.
    #[must_use]
    pub fn connections(&self) -> i64 {
        self.connections.load(Relaxed)
    }

    /// The numbers in Prometheus' text format.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = Exposition::default();
        let seen = self.seen();
        let (name, help) = ("shopkeeper_http_requests_total", "Requests answered.");
        text.family(Kind::Counter, name, help, seen.iter().map(|(labels, spread)| (*labels, spread.count())));
        let (name, help) = ("shopkeeper_http_request_duration_seconds", "Time from head to answer.");
        text.histogram(name, help, seen);
        self.deprecated.tell(&mut text);
        let (name, help) =
            ("shopkeeper_http_shortcuts_total", "Requests answered by their bytes, as those before them.");
        text.one(Kind::Counter, name, help, self.shortcuts.load(Relaxed));
        let requests = self.requests.load(Relaxed);
        text.one(Kind::Gauge, "shopkeeper_http_requests_in_flight", "Requests being handled.", requests);
        text.one(Kind::Gauge, "shopkeeper_http_connections", "Open connections.", self.connections());
        let uptime = self.started.elapsed().as_secs();
        text.one(Kind::Gauge, "shopkeeper_uptime_seconds", "Time since the start.", uptime);
        self.others.iter().for_each(|tell| tell(&mut text));
        text.into_text()
    }

    /// What has occurred, in the order of its labels: rows of zeros would swell every scrape.
    fn seen(&self) -> Vec<([(&'static str, &'static str); 2], Spread)> {
        let operations = self.operations.iter().map(|(operation, classes)| (*operation, classes));
        let rows = operations.chain([(NOTHING, &self.nothing)]).flat_map(|(operation, classes)| {
            let labelled = move |class| [("operation", operation), ("status", class)];
            CLASSES.into_iter().zip(classes).map(move |(class, durations)| (labelled(class), durations.spread()))
        });
        let mut seen: Vec<_> = rows.filter(|(_, spread)| spread.count() > 0).collect();
        seen.sort_unstable_by_key(|(labels, _)| *labels);
        seen
    }
}

impl Durations {
    fn add(&self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        // Most requests belong to the first bounds.
        let place = BOUNDS.iter().position(|bound| micros <= *bound).unwrap_or(BOUNDS.len());
        self.counts[place].fetch_add(1, Relaxed);
        self.nanoseconds.fetch_add(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }

    fn spread(&self) -> Spread {
        let seconds = |micros: u64| Duration::from_micros(micros).as_secs_f64();
        Spread {
            below: BOUNDS
                .iter()
                .zip(&self.counts)
                .map(|(bound, count)| (seconds(*bound), count.load(Relaxed)))
                .collect(),
            above: self.counts[BOUNDS.len()].load(Relaxed),
            sum: Duration::from_nanos(self.nanoseconds.load(Relaxed)).as_secs_f64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_operation_and_class() {
        let metrics = Metrics::new(["getUser", "neverCalled"]);
        for status in [200, 204, 404] {
            metrics.begin();
            metrics.end("getUser", status, Duration::from_millis(2));
        }
        metrics.begin();
        metrics.count("neverHeardOf", 404, Duration::from_secs(6));
        let text = metrics.render();
        for line in [
            "shopkeeper_http_requests_total{operation=\"getUser\",status=\"2xx\"} 2",
            "shopkeeper_http_requests_total{operation=\"getUser\",status=\"4xx\"} 1",
            "shopkeeper_http_requests_total{operation=\"none\",status=\"4xx\"} 1",
            "shopkeeper_http_request_duration_seconds_bucket{operation=\"getUser\",status=\"2xx\",le=\"0.0025\"} 2",
            "shopkeeper_http_request_duration_seconds_bucket{operation=\"getUser\",status=\"2xx\",le=\"0.001\"} 0",
            "shopkeeper_http_request_duration_seconds_bucket{operation=\"none\",status=\"4xx\",le=\"5\"} 0",
            "shopkeeper_http_request_duration_seconds_bucket{operation=\"none\",status=\"4xx\",le=\"+Inf\"} 1",
            "shopkeeper_http_request_duration_seconds_sum{operation=\"getUser\",status=\"2xx\"} 0.004",
            "shopkeeper_http_request_duration_seconds_count{operation=\"getUser\",status=\"2xx\"} 2",
            "shopkeeper_http_requests_in_flight 1",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} is missing from\n{text}");
        }
        assert!(!text.contains("neverCalled"), "what never happened takes no line");
    }

    /// Not a promise but a measurement: `cargo test --release -- --ignored --nocapture the_cost_of_counting`.
    #[test]
    #[ignore = "measures"]
    fn the_cost_of_counting() {
        let metrics = Metrics::new(["a", "b", "getCurrentUser", "d"]);
        let rounds = 1_000_000;
        let start = tick::instant();
        for _ in 0..rounds {
            metrics.begin();
            metrics.end(std::hint::black_box("getCurrentUser"), 200, Duration::from_micros(12));
        }
        println!("{:?} a request", start.elapsed() / rounds);
    }
}
