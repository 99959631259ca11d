//! What the running program tells its operator: events as text on a terminal, as JSON lines elsewhere.
//!
//! Everything goes to standard error through one [`Sink`], so that lines keep their order and nobody waits for
//! the reader. Requests leave their line through [`AccessLog`]; all other events come from `tracing`.

mod access;
mod level;
mod sink;
mod stamp;
mod traces;

pub use access::{Access, AccessLog};
pub use level::Level;
pub use sink::{Flusher, Sink};
pub use traces::{Collector, TRACES};

use opentelemetry_otlp::ExporterBuildError;
use std::io::{self, IsTerminal};
use std::panic::PanicHookInfo;
use traces::Traces;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{EnvFilter, FilterExt, LevelFilter, ParseError, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::reload;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

/// The target under which access lines are filtered: `SHOPKEEPER_LOG=info,request=off` silences them.
pub const REQUEST: &str = "request";

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line.
    Json,
    /// Text for people.
    Text { colours: bool },
}

impl Format {
    /// The word by which it is chosen.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Text { .. } => "text",
        }
    }

    /// Text on a terminal, JSON elsewhere.
    #[must_use]
    pub fn of_standard_error() -> Self {
        if io::stderr().is_terminal() { Self::text() } else { Self::Json }
    }

    /// Text, coloured where a terminal shows it, unless the operator asks for none (`NO_COLOR`).
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a convention of terminals, not a setting of the shop")]
    pub fn text() -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self::Text { colours: io::stderr().is_terminal() && !plain }
    }
}

/// The running telemetry; what is still queued is written when it is dropped.
pub struct Telemetry {
    pub access: AccessLog,
    /// How much the log tells.
    pub level: Level,
    // In this order: what goes wrong with the last traces is still written.
    _traces: Option<Traces>,
    _flusher: Flusher,
}

/// Why telemetry could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Thread(#[from] io::Error),
    #[error(transparent)]
    Filter(#[from] ParseError),
    #[error("traces cannot be sent: {0}")]
    Traces(#[from] ExporterBuildError),
    #[error(transparent)]
    Twice(#[from] TryInitError),
}

/// Reads a level filter such as `info` or `warn,shopkeeper=debug`.
///
/// # Errors
/// When it is none.
pub fn filter(directives: &str) -> Result<EnvFilter, ParseError> {
    let quiet = ["sqlx=warn", "sea_orm=warn", "sea_orm_migration=warn"].join(",");
    EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).parse(format!("{quiet},{directives}"))
}

/// Installs the process's subscriber and panic hook. With a collector, spans of the target [`TRACES`] are sent there.
///
/// # Errors
/// When the filter is none, there is no thread to be had, or a subscriber is installed already.
pub fn start(directives: &str, format: Format, collector: Option<Collector>) -> Result<Telemetry, StartError> {
    let (sink, flusher) = Sink::start(io::stderr(), move |dropped| lost(format, dropped))?;
    let writer = {
        let sink = sink.clone();
        move || sink.clone()
    };
    let traces = collector.map(Traces::start).transpose()?;
    let (told, handle) = reload::Layer::new(filter(directives)?);
    let apply = move |filter| handle.reload(filter);
    match &traces {
        // One filter for all: whatever it passes over costs a look at a constant, spans for traces included.
        None => {
            let registry = tracing_subscriber::registry().with(told).with(filter_fn(is_for_the_log));
            registry.with(lines(format, writer)).try_init()?;
        }
        Some(traces) => {
            let lines = lines(format, writer).with_filter(told.and(filter_fn(is_for_the_log)));
            tracing_subscriber::registry().with(lines).with(traces.layer()).try_init()?;
        }
    }
    std::panic::set_hook(Box::new(tell_panic));
    let access = AccessLog::new(sink, format);
    let level = Level::new(directives, apply, access.switch());
    Ok(Telemetry { access, level, _traces: traces, _flusher: flusher })
}

/// Events as lines of this format.
fn lines<S, W>(format: Format, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    match format {
        Format::Json => {
            layer.json().flatten_event(true).with_current_span(true).with_span_list(false).with_timer(Clock).boxed()
        }
        Format::Text { colours } => layer.with_ansi(colours).with_timer(TimeOfDay).boxed(),
    }
}

/// Whether the log may tell of this, whatever its level. At the levels below `info` the protocol crates tell whole headers,
/// tokens included; and spans for traces are none of its business.
fn is_for_the_log(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let protocol = ["h2", "hyper", "hyper_util", "reqwest", "rustls", "opentelemetry"]
        .iter()
        .any(|name| target.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")));
    target != TRACES && (!protocol || *metadata.level() <= tracing::Level::INFO)
}

fn lost(format: Format, dropped: u64) -> String {
    let at = stamp::rfc3339(stamp::now());
    let at = String::from_utf8_lossy(&at);
    match format {
        Format::Json => {
            format!(
                "{{\"timestamp\":\"{at}\",\"level\":\"WARN\",\"event\":\"log_lines_dropped\",\"count\":{dropped}}}\n"
            )
        }
        Format::Text { .. } => format!("{at} WARN {dropped} log lines dropped: nobody read them fast enough\n"),
    }
}

/// Standard error belongs to the sink: a panic becomes an event like any other.
fn tell_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload_as_str().unwrap_or("no message");
    tracing::error!(event = "panic", place, "{message}");
}

struct Clock;

impl FormatTime for Clock {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        writer.write_str(&String::from_utf8_lossy(&stamp::rfc3339(stamp::now())))
    }
}

struct TimeOfDay;

impl FormatTime for TimeOfDay {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        writer.write_str(&String::from_utf8_lossy(&stamp::rfc3339(stamp::now())[11..23]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Not a promise but a measurement: `cargo test --release -- --ignored --nocapture the_cost_of_spans_that_nobody_wants`.
    #[test]
    #[ignore = "measures, and installs the process's subscriber"]
    fn the_cost_of_spans_that_nobody_wants() {
        let _telemetry = start("info", Format::Json, None).unwrap();
        let clock = crate::infra::clock::Clock::system();
        let rounds = 1_000_000;
        for _ in 0..rounds {
            let _span = tracing::info_span!(target: TRACES, "request", number = std::hint::black_box(7)).entered();
        }
        println!("{:?} a span", clock.elapsed() / rounds);
        let before = clock.elapsed();
        for _ in 0..rounds {
            tracing::debug!(number = std::hint::black_box(7));
        }
        println!("{:?} an event", clock.elapsed().saturating_sub(before) / rounds);
    }

    #[test]
    fn filters_are_read_or_refused() {
        assert!(filter("info").is_ok());
        assert!(filter("warn,shopkeeper::http=debug").is_ok());
        assert!(filter("shopkeeper=loud").is_err());
    }
}
