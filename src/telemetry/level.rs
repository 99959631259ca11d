//! How much the log tells, which may change while the program runs: one step more at a time, and back to what is set.

use super::{REQUEST, filter};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use tracing_subscriber::filter::{EnvFilter, Targets};
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
        requests.store(tells_requests(directives), Relaxed);
        Self { directives: directives.into(), step: Arc::default(), apply: Arc::new(apply), requests }
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
                self.requests.store(tells_requests(&directives), Relaxed);
                tracing::info!(event = "log_level_changed", directives);
            }
            Err(error) => tracing::error!(event = "log_level_refused", directives, error),
        }
    }
}

/// Whether requests leave lines. Asked of the words: `tracing::enabled!` would leave its answer behind where each layer has
/// a filter of its own, and the next event would be taken for what was asked about (tracing-subscriber 0.3.23).
fn tells_requests(directives: &str) -> bool {
    // Those about spans have no say in it.
    let targets = directives.split(',').filter(|directive| !directive.contains('[')).map(str::trim);
    let targets: Result<Targets, _> = targets.collect::<Vec<_>>().join(",").parse();
    targets.is_ok_and(|targets| targets.would_enable(REQUEST, &tracing::Level::INFO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_as_the_directives_say() {
        for told in
            ["info", "debug", "warn,request=info", "info,request[span]=off", "warn,shopkeeper=debug,request=info"]
        {
            assert!(tells_requests(told), "{told}");
        }
        for silent in ["warn", "info,request=off", "info,request=warn", "shopkeeper=info", "off"] {
            assert!(!tells_requests(silent), "{silent}");
        }
    }
}
