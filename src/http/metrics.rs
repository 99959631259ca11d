//! What is counted: requests and their duration by operation and status class, requests and connections underway.
//!
//! Handles are made once, so that a request costs a look into one small map and two atomic operations. The numbers of
//! other rooms join when they are told: [`Metrics::with`].

use super::retired::Callers;
use super::tick;
use foldhash::quality::RandomState;
use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder, Unit};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

const REQUESTS: &str = "shopkeeper_http_requests_total";
const SECONDS: &str = "shopkeeper_http_request_duration_seconds";
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Upper bounds of the histogram in seconds: cached reads take microseconds, a password hash some 20 ms.
const BOUNDS: [f64; 13] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// The name under which requests are counted that nothing answers to.
const NOTHING: &str = "none";

/// The server's numbers.
pub struct Metrics {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
    operations: HashMap<&'static str, Classes, RandomState>,
    nothing: Classes,
    deprecated: Callers,
    requests: AtomicI64,
    connections: AtomicI64,
    started: Instant,
    others: Vec<Told>,
}

/// Writes the numbers of another room in Prometheus' text format.
type Told = Box<dyn Fn(&mut String) + Send + Sync>;

/// The handles of one operation, made when a class first occurs: rows of zeros would swell every scrape.
struct Classes {
    operation: &'static str,
    seen: [OnceLock<Class>; CLASSES.len()],
}

/// The handles of one operation and status class.
struct Class {
    count: Counter,
    seconds: Histogram,
}

impl Metrics {
    /// Numbers for these operations; a request of any other name counts as `none`.
    ///
    /// # Errors
    /// Never with the bounds above; the exporter wants to be asked.
    pub fn new(operations: impl IntoIterator<Item = &'static str>) -> Result<Self, BuildError> {
        let recorder = Arc::new(PrometheusBuilder::new().set_buckets(&BOUNDS)?.build_recorder());
        recorder.describe_counter(REQUESTS.into(), Some(Unit::Count), "Requests answered.".into());
        recorder.describe_histogram(SECONDS.into(), Some(Unit::Seconds), "Time from head to answer.".into());
        Ok(Self {
            handle: recorder.handle(),
            operations: operations.into_iter().map(|operation| (operation, Classes::new(operation))).collect(),
            nothing: Classes::new(NOTHING),
            deprecated: Callers::new(Arc::clone(&recorder)),
            recorder,
            requests: AtomicI64::new(0),
            connections: AtomicI64::new(0),
            started: tick::instant(),
            others: Vec::new(),
        })
    }

    /// Tells the numbers of another room as well, which it writes in Prometheus' text format.
    #[must_use]
    pub fn with(mut self, told: impl Fn(&mut String) + Send + Sync + 'static) -> Self {
        self.others.push(Box::new(told));
        self
    }

    pub(super) fn begin(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn end(&self, operation: &str, status: u16, duration: Duration) {
        self.requests.fetch_sub(1, Ordering::Relaxed);
        self.count(operation, status, duration);
    }

    /// Counts a request that had no beginning: one that hyper refused.
    pub(super) fn count(&self, operation: &str, status: u16, duration: Duration) {
        let classes = self.operations.get(operation).unwrap_or(&self.nothing);
        let class = classes.of(status, &self.recorder);
        class.count.increment(1);
        class.seconds.record(duration.as_secs_f64());
    }

    /// Counts a request for an operation on its way out.
    pub(super) fn count_deprecated(&self, operation: &'static str, client: String) {
        self.deprecated.count(operation, client);
    }

    pub(super) fn connected(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn disconnected(&self) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
    }

    /// Connections at this moment.
    #[must_use]
    pub fn connections(&self) -> i64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Files the durations that were recorded since the last time; without it they would pile up.
    pub(super) fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    /// The numbers in Prometheus' text format.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = self.handle.render();
        let gauges = [
            ("shopkeeper_http_requests_in_flight", "Requests being handled.", self.requests.load(Ordering::Relaxed)),
            ("shopkeeper_http_connections", "Open connections.", self.connections()),
            (
                "shopkeeper_uptime_seconds",
                "Time since the start.",
                i64::try_from(self.started.elapsed().as_secs()).unwrap_or(i64::MAX),
            ),
        ];
        for (name, help, value) in gauges {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
        }
        self.others.iter().for_each(|tell| tell(&mut text));
        text
    }
}

impl Classes {
    fn new(operation: &'static str) -> Self {
        Self { operation, seen: Default::default() }
    }

    fn of(&self, status: u16, recorder: &PrometheusRecorder) -> &Class {
        let position = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        self.seen[position].get_or_init(|| {
            let metadata = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));
            let operation = Label::from_static_parts("operation", self.operation);
            let labels = vec![operation, Label::from_static_parts("status", CLASSES[position])];
            Class {
                count: recorder.register_counter(&Key::from_parts(REQUESTS, labels.clone()), &metadata),
                seconds: recorder.register_histogram(&Key::from_parts(SECONDS, labels), &metadata),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_operation_and_class() {
        let metrics = Metrics::new(["getUser"]).unwrap();
        for status in [200, 204, 404] {
            metrics.begin();
            metrics.end("getUser", status, Duration::from_millis(2));
        }
        metrics.begin();
        metrics.count("neverHeardOf", 404, Duration::ZERO);
        let text = metrics.render();
        for line in [
            "shopkeeper_http_requests_total{operation=\"getUser\",status=\"2xx\"} 2",
            "shopkeeper_http_requests_total{operation=\"getUser\",status=\"4xx\"} 1",
            "shopkeeper_http_requests_total{operation=\"none\",status=\"4xx\"} 1",
            "shopkeeper_http_request_duration_seconds_bucket{operation=\"getUser\",status=\"2xx\",le=\"0.0025\"} 2",
            "shopkeeper_http_request_duration_seconds_bucket{operation=\"getUser\",status=\"2xx\",le=\"0.001\"} 0",
            "shopkeeper_http_requests_in_flight 1",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} is missing from\n{text}");
        }
    }

    /// Not a promise but a measurement: `cargo test --release -- --ignored --nocapture the_cost_of_counting`.
    #[test]
    #[ignore = "measures"]
    fn the_cost_of_counting() {
        let metrics = Metrics::new(["a", "b", "getCurrentUser", "d"]).unwrap();
        let rounds = 1_000_000;
        let start = tick::instant();
        for _ in 0..rounds {
            metrics.begin();
            metrics.end(std::hint::black_box("getCurrentUser"), 200, Duration::from_micros(12));
        }
        println!("{:?} a request", start.elapsed() / rounds);
        let start = tick::instant();
        metrics.upkeep();
        println!("{:?} upkeep of a million", start.elapsed());
    }
}
