//! Traces for an OpenTelemetry collector, by OTLP over HTTP.
//!
//! Spans that are traced have the target [`TRACES`] and nothing else has; the log passes over them. Without a collector no
//! layer wants that target, so that a span costs one look at a constant and is never made.
//!
//! The SDK reads what else the OpenTelemetry specification puts into the environment, such as `OTEL_TRACES_SAMPLER` and
//! `OTEL_RESOURCE_ATTRIBUTES`.

use super::REQUEST;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::HttpClient;
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::EnvResourceDetector;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::sync::Arc;
use std::time::Duration;
use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, dynamic_filter_fn};
use tracing_subscriber::layer::{Context, Filter};
use tracing_subscriber::registry::LookupSpan;

/// The target of spans that are traced. Rooms that may not name this one write it out.
pub const TRACES: &str = "traces";
/// How long the last spans may take to leave when the program ends.
const GOODBYE: Duration = Duration::from_secs(3);

/// Where traces go.
pub struct Collector {
    /// Its address, without the path of traces.
    pub endpoint: String,
    /// Who brings them there.
    pub client: Arc<dyn HttpClient>,
}

/// Traces that are gathered; the last ones are sent when it is dropped.
pub(super) struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to gather.
    ///
    /// # Errors
    /// When the collector's address is none.
    pub(super) fn start(collector: Collector) -> Result<Self, ExporterBuildError> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_shared_http_client(collector.client)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", collector.endpoint))
            .build()?;
        let resource = Resource::builder_empty()
            .with_service_name("shopkeeper")
            .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .with_detector(Box::new(EnvResourceDetector::new()))
            .build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// What turns spans into traces.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + Send + Sync + 'static
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("shopkeeper"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_filter(of_requests())
    }
}

/// Lets requests through, and what is done for one. What the house does for itself from time to time would be traces of one
/// statement each.
fn of_requests<S>() -> impl Filter<S> + Send + Sync + 'static
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let traced = |metadata: &Metadata<'_>| metadata.target() == TRACES && metadata.is_span();
    dynamic_filter_fn(move |metadata, context: &Context<'_, S>| {
        traced(metadata) && (metadata.name() == REQUEST || context.lookup_current().is_some())
    })
    .with_callsite_filter(move |metadata| if traced(metadata) { Interest::sometimes() } else { Interest::never() })
    .with_max_level_hint(LevelFilter::INFO)
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(GOODBYE) {
            tracing::warn!(event = "traces_lost", %error, "the last traces could not be sent");
        }
    }
}
