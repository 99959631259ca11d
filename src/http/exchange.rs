//! One request in the shell: ids and gate before the handler, headers, numbers and the log line after it.

use super::body::{Arrived, Inbound};
use super::cors::Cors;
use super::gate;
use super::head::Head;
use super::life::Life;
use super::listen::Limits;
use super::message::{write_date, write_length, write_line, write_status};
use super::metrics::Metrics;
use super::origin::{Base, Origin};
use super::shortcuts::{Offer, Shortcuts};
use super::spans::Traced;
use super::tick;
use super::tls::Tls;
use super::trace::{RequestId, TraceId, Visit, X_REQUEST_ID};
use crate::telemetry::AccessLog;
use contract::problem::{Occurrence, Problem, kinds};
use contract::reply::Reply;
use http::header::{CONTENT_LENGTH, HeaderValue, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{Method, Request, Response, Version};
use http_body_util::Full;
use hyper::body::{Body, Bytes, Incoming};
use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::{Duration, Instant};
use tokio::time::sleep_until;

/// Whoever answers requests. A problem becomes an answer in the shell, in one place for all.
pub trait Answer: Send + Sync + 'static {
    /// Answers one request. The future is dropped when the caller leaves or time is up.
    fn answer(
        &self,
        parts: &Parts,
        body: Inbound,
        visit: &Visit,
    ) -> impl Future<Output = Result<Reply, Problem>> + Send;

    /// Whether any request is told how its answer can be given again: [`Visit::tell_how`].
    fn gives_again(&self) -> bool {
        false
    }

    /// Words a problem that the shell itself has with a request underway, such as a lack of time, as the handler would.
    fn word(&self, problem: Problem, visit: &Visit) -> Problem {
        let _ = visit;
        problem
    }
}

/// What surrounds every request.
pub struct Shell<A> {
    pub answer: A,
    pub origin: Origin,
    pub log: AccessLog,
    pub metrics: Arc<Metrics>,
    pub limits: Limits,
    /// What makes this door one for TLS.
    pub tls: Option<Arc<Tls>>,
    /// Whose pages may call; only those of this server, if none.
    pub cors: Option<Cors>,
    /// What can be answered by its bytes alone, if anything can.
    pub shortcuts: Option<Arc<Shortcuts>>,
}

/// Ends a request exactly once, however it ends.
struct Ending<'s, A> {
    shell: &'s Shell<A>,
    life: &'s Life,
    visit: Visit,
    traced: Traced,
    parts: &'s Parts,
    arrived: Option<Arrived>,
    /// Stays 499 when the caller leaves before there is an answer.
    status: u16,
}

impl<A> Drop for Ending<'_, A> {
    fn drop(&mut self) {
        let visit = &self.visit;
        self.traced.note(visit, self.status);
        let duration = visit.end(&self.shell.log, self.parts.method.as_str(), self.parts.uri.path(), self.status);
        self.shell.metrics.end(visit.operation(), self.status, duration);
        if visit.is_deprecated() {
            self.shell.metrics.count_deprecated(visit.operation(), visit.client());
        }
        let unread = self.arrived.as_ref().is_some_and(|arrived| !arrived.is_true());
        self.life.end(visit.started + duration, unread);
    }
}

impl<A: Answer> Shell<A> {
    pub(super) async fn exchange(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        life: &Life,
    ) -> Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        let at = tick::wall();
        life.begin(parts.version == Version::HTTP_2, body.size_hint().exact());
        self.metrics.begin();
        let (body, arrived) = Inbound::new(body);
        let head = Head::of(&parts.headers);
        let traced = Traced::begin(&parts);
        let visit = Visit::new(
            RequestId::of(head.request_id, at),
            traced.id().or_else(|| TraceId::of(head.traceparent)),
            self.origin.client_ip(peer.ip(), &parts.headers),
            at,
            self.origin.base(peer.ip(), &parts, head.host),
        )
        .asking_how(life.takes_wish() && !traced.is_on());
        let leave = self.cors.as_ref().map(|cors| cors.judge(&parts));
        let mut ending = Ending { shell: self, life, visit, traced, parts: &parts, arrived, status: 499 };

        let judged = gate::judge(&parts, &head, self.limits.target_bytes);
        let outcome = match judged {
            Some(outcome) => outcome,
            // On the heap, the long way does not lengthen the short one.
            None => Box::pin(self.attempt(body, &ending)).await,
        };
        let visit = &ending.visit;
        let reply = outcome.unwrap_or_else(|problem| {
            visit.note_code(problem.kind().code);
            problem.into_reply(&Occurrence {
                base: &visit.base(),
                instance: parts.uri.path(),
                request_id: visit.request_id.as_str(),
                timestamp: visit.at.into(),
            })
        });
        let mut response = self.finish(reply, &visit.request_id, parts.method == Method::HEAD);
        if let Some(leave) = leave {
            leave.tell(response.headers_mut());
        }
        ending.traced.tell(response.headers_mut());
        if let Some(again) = visit.how()
            && let Some(offer) = Offer::of(&parts, &response, visit, Arc::clone(again))
        {
            life.offer(offer);
        }
        ending.status = response.status().as_u16();
        response.map(Full::new)
    }

    /// Lets the handler answer, but neither without end nor by tearing down the connection.
    async fn attempt(&self, body: Inbound, ending: &Ending<'_, A>) -> Result<Reply, Problem> {
        let (visit, arrived) = (&ending.visit, ending.arrived.as_ref());
        let mut work = pin!(self.answer.answer(ending.parts, body, visit));
        let mut clock = None;
        let span = visit.span();
        std::future::poll_fn(|context| {
            let _traced = ending.traced.span().enter();
            let _entered = span.enter();
            match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
                Ok(Poll::Ready(outcome)) => return Poll::Ready(outcome),
                Ok(Poll::Pending) => {}
                Err(_) => return Poll::Ready(Err(self.answer.word(broken(visit), visit))),
            }
            // Most answers are ready at once and never need a timer. It moves when a body begins or ceases to be awaited.
            let deadline = self.deadline(visit, arrived).into();
            let clock = clock.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
            if clock.deadline() != deadline {
                clock.as_mut().reset(deadline);
            }
            ready!(clock.as_mut().poll(context));
            Poll::Ready(Err(self.answer.word(late(arrived), visit)))
        })
        .await
    }

    /// While the caller keeps us waiting for its body, a request has less time.
    fn deadline(&self, visit: &Visit, arrived: Option<&Arrived>) -> Instant {
        let waits = arrived.is_some_and(Arrived::is_awaited);
        visit.started + if waits { self.limits.body.min(self.limits.request) } else { self.limits.request }
    }

    /// Adds what every answer carries.
    fn finish(&self, reply: Reply, request_id: &RequestId, headless: bool) -> Response<Bytes> {
        let Reply { status, headers, mut body } = reply;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        let headers = response.headers_mut();
        headers.insert(X_REQUEST_ID, request_id.header());
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if self.origin.is_secure() {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
        if headless {
            // hyper leaves the body of an answer to HEAD away over HTTP/1 only.
            if !body.is_empty() {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
            }
            body = Bytes::new();
        }
        *response.body_mut() = body;
        response
    }

    /// The message for bytes that hyper could not read as a request.
    pub(super) fn excuse(&self, status: u16, head: &[u8], peer: IpAddr) -> Vec<u8> {
        let (kind, detail) = match status {
            414 => (kinds::URI_TOO_LONG, "Path and query are too long."),
            431 => (kinds::HEADERS_TOO_LARGE, "Send fewer or smaller headers."),
            _ => (kinds::MALFORMED_REQUEST, "This is no HTTP request that can be read."),
        };
        self.unasked(Problem::new(kind, detail), date_of(head), peer)
    }

    /// The message for somebody who holds as many connections as one may.
    pub(super) fn crowded(&self, peer: IpAddr) -> Vec<u8> {
        let detail = "Your address holds as many connections as one may. Use those, or try again later.";
        let problem = Problem::new(kinds::OVERLOADED, detail).with_header(RETRY_AFTER, "1");
        self.unasked(problem, &date(), peer)
    }

    /// The message for somebody who speaks HTTP where TLS is expected.
    pub(super) fn in_the_clear(&self, peer: IpAddr) -> Vec<u8> {
        let detail =
            "This port speaks TLS. Write https instead of http; what was sent just now could be read by others.";
        self.unasked(Problem::new(kinds::MALFORMED_REQUEST, detail), &date(), peer)
    }

    /// A problem for somebody of whom no request was read, with its line and its number.
    fn unasked(&self, problem: Problem, date: &[u8], peer: IpAddr) -> Vec<u8> {
        let at = tick::wall();
        let base = Base::Known(self.origin.fixed().into());
        let visit = Visit::new(RequestId::new(at), None, peer.to_canonical(), at, base);
        visit.note_code(problem.kind().code);
        let reply = problem.into_reply(&Occurrence {
            base: &visit.base(),
            instance: "/",
            request_id: visit.request_id.as_str(),
            timestamp: at.into(),
        });
        let status = reply.status.as_u16();
        visit.end(&self.log, "-", "-", status);
        self.metrics.count("", status, Duration::ZERO);
        let response = self.finish(reply, &visit.request_id, false);
        message(&response, date)
    }
}

/// A whole HTTP/1.1 message after which the connection closes.
fn message(response: &Response<Bytes>, date: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    write_status(&mut message, response.status());
    write_line(&mut message, "connection", b"close");
    write_length(&mut message, response.body().len());
    for (name, value) in response.headers() {
        write_line(&mut message, name.as_str(), value.as_bytes());
    }
    for part in [date, b"\r\n", response.body()] {
        message.extend_from_slice(part);
    }
    message
}

/// The line that tells the date, for heads that hyper does not write.
fn date() -> Vec<u8> {
    let mut line = Vec::new();
    write_date(&mut line, tick::wall());
    line
}

/// The line of a head that tells its date, with its end; hyper keeps the formatted date to itself.
fn date_of(head: &[u8]) -> &[u8] {
    let mut lines = head.split_inclusive(|byte| *byte == b'\n');
    lines.find(|line| line.starts_with(b"date: ")).unwrap_or_default()
}

fn broken(visit: &Visit) -> Problem {
    // The panic hook has told what and where; this tells to whom.
    tracing::error!(event = "request_panicked", request_id = visit.request_id.as_str());
    Problem::new(kinds::INTERNAL_ERROR, "Something broke here, not at your side. The request id helps to find it.")
}

fn late(arrived: Option<&Arrived>) -> Problem {
    if arrived.is_some_and(Arrived::is_awaited) {
        return Problem::new(kinds::REQUEST_TIMEOUT, "The body took too long to arrive. Send it again.");
    }
    Problem::new(kinds::OVERLOADED, "The answer took too long to make. Try again later.").with_header(RETRY_AFTER, "1")
}
