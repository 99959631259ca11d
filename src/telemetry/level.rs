//! How much the log tells, which may change while the program runs: one step more at a time, and back to what is set.

use super::{REQUEST, filter};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::Arc;
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::reload;

/// What each step adds to the directives that are set; the last directive about a target counts.
const STEPS: [&str; 2] = ["shopkeeper=debug,request=info", "debug,shopkeeper=trace,request=info"];

/// The log's level; clones are the same one.
#[derive(Clone)]
pub struct Level {
    directives: Arc<str>,
    step: Arc<AtomicUsize>,
    apply: Arc<dyn Fn(EnvFilter) -> Result<(), reload::Error> + Send + Sync>,
    requests: Arc<AtomicBool>,
}

impl Level {
    /// The level that `directives` say, changed by `apply`. `requests` is told whether requests leave lines.
    pub(super) fn new(
        directives: &str,
        apply: impl Fn(EnvFilter) -> Result<(), reload::Error> + Send + Sync + 'static,
        requests: Arc<AtomicBool>,
    ) -> Self {
        let level = Self { directives: directives.into(), step: Arc::default(), apply: Arc::new(apply), requests };
        level.listen_to_requests();
        level
    }

    /// One step more; the last one stays.
    pub fn louder(&self) {
        let next = (self.step.load(Relaxed) + 1).min(STEPS.len());
        self.turn(next);
    }

    /// Back to what the settings say.
    pub fn as_set(&self) {
        self.turn(0);
    }

    fn turn(&self, step: usize) {
        let directives = match step.checked_sub(1).and_then(|added| STEPS.get(added)) {
            Some(added) => format!("{},{added}", self.directives),
            None => self.directives.to_string(),
        };
        // Told both before and after: at one of them the level lets it through.
        tracing::info!(event = "log_level_changes", directives);
        let changed = filter(&directives).map_err(|error| error.to_string());
        let changed = changed.and_then(|filter| (self.apply)(filter).map_err(|error| error.to_string()));
        match changed {
            Ok(()) => {
                self.step.store(step, Relaxed);
                self.listen_to_requests();
                tracing::info!(event = "log_level_changed", directives);
            }
            Err(error) => tracing::error!(event = "log_level_refused", directives, error),
        }
    }

    fn listen_to_requests(&self) {
        self.requests.store(tracing::enabled!(target: REQUEST, tracing::Level::INFO), Relaxed);
    }
}
