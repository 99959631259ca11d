//! The trace of a request: where it hangs (W3C Trace Context), what it is called, and what its answer says of it.
//!
//! All of this is done only while somebody collects traces.

use super::trace::{TraceId, Visit};
use crate::telemetry::TRACES;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// What tells callers under which span their request was answered (W3C Trace Context Level 2, draft).
const TRACERESPONSE: HeaderName = HeaderName::from_static("traceresponse");

/// A request's own span; it is none while nobody collects traces.
#[derive(Debug)]
pub(super) struct Traced(Span);

impl Traced {
    /// Begins it, below the span that the caller names.
    pub(super) fn begin(parts: &Parts) -> Self {
        let span = tracing::info_span!(
            target: TRACES,
            "request",
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = Empty,
            url.path = Empty,
            http.response.status_code = Empty,
            request_id = Empty,
        );
        if !span.is_disabled() {
            span.record("http.request.method", parts.method.as_str());
            // Without the query, which may hold what is nobody's business.
            span.record("url.path", parts.uri.path());
            let caller =
                TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(&parts.headers));
            // Fails only for a span that has ended, or without the layer that made it.
            let _ = span.set_parent(caller);
        }
        Self(span)
    }

    /// Whether somebody collects traces.
    pub(super) fn is_on(&self) -> bool {
        !self.0.is_disabled()
    }

    /// The span in which the request is handled.
    pub(super) fn span(&self) -> &Span {
        &self.0
    }

    /// The trace's id, if there is a trace.
    pub(super) fn id(&self) -> Option<TraceId> {
        let context = self.context()?;
        TraceId::hex(&context.trace_id().to_string())
    }

    /// Tells the caller where to look.
    pub(super) fn tell(&self, headers: &mut HeaderMap) {
        let Some(context) = self.context() else { return };
        let sampled = u8::from(context.is_sampled());
        let response = format!("00-{}-{}-{sampled:02x}", context.trace_id(), context.span_id());
        if let Ok(response) = HeaderValue::try_from(response) {
            headers.insert(TRACERESPONSE, response);
        }
    }

    /// Notes what became of the request.
    pub(super) fn note(&self, visit: &Visit, status: u16) {
        if self.0.is_disabled() {
            return;
        }
        let operation = visit.operation();
        // A span that has begun gets no other name by being recorded.
        self.0.context().span().update_name(if operation.is_empty() { "none" } else { operation });
        self.0.record("http.response.status_code", i64::from(status));
        self.0.record("request_id", visit.request_id.as_str());
        if status >= 500 {
            self.0.record("otel.status_code", "ERROR");
        }
    }

    fn context(&self) -> Option<SpanContext> {
        if self.0.is_disabled() {
            return None;
        }
        let context = self.0.context().span().span_context().clone();
        context.is_valid().then_some(context)
    }
}
