//! Traces by OTLP, as a collector of ours sees them: what a request's trace is made of, where it hangs, and that nobody is
//! told anything unless somebody asks.

use crate::program::{Running, folder, program};
use crate::raw::PATIENCE;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::aws_lc_rs};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// Takes what is exported, and hands its spans on.
struct Collector {
    address: SocketAddr,
    spans: Receiver<Span>,
    seen: Vec<Span>,
}

impl Collector {
    /// Over TLS if there is something for it.
    fn start(tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, spans) = channel();
        // Ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let _ = match &tls {
                    None => take(stream, &sender),
                    Some(config) => {
                        let session = ServerConnection::new(Arc::clone(config)).expect("a session");
                        take(StreamOwned::new(session, stream), &sender)
                    }
                };
            }
        });
        Self { address, spans, seen: Vec::new() }
    }

    /// Waits until a span has come that this holds of.
    fn wait(&mut self, what: &str, holds: impl Fn(&Span) -> bool) -> Span {
        let since = began();
        loop {
            if let Some(found) = self.seen.iter().find(|span| holds(span)) {
                return found.clone();
            }
            let left = PATIENCE.saturating_sub(since.elapsed());
            let next = self.spans.recv_timeout(left);
            self.seen.push(next.unwrap_or_else(|_| {
                panic!("{what} did not come, but {:?}", self.seen.iter().map(|span| &span.name).collect::<Vec<_>>())
            }));
        }
    }

    /// The span of a request, by the operation that it called.
    fn request(&mut self, operation: &str) -> Span {
        self.wait(operation, |span| span.name == operation && text(span, "url.path").is_some())
    }

    /// Waits for a span of this name below another.
    fn below(&mut self, parent: &Span, name: &str) -> Span {
        let parent = parent.span_id.clone();
        self.wait(name, |span| span.name == name && span.parent_span_id == parent)
    }
}

#[expect(clippy::disallowed_methods, reason = "how long to wait is real time")]
fn began() -> Instant {
    Instant::now()
}

/// One export: the path is that of the specification, the body is protobuf.
fn take(stream: impl Read + Write, spans: &Sender<Span>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    stream.read_line(&mut line)?;
    assert!(line.starts_with("POST /v1/traces HTTP/1.1"), "{line}");
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let header = line.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length: ") {
            length = value.parse().expect("a length");
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let export = ExportTraceServiceRequest::decode(&*body).expect("an export");
    for resource in export.resource_spans {
        let attributes = resource.resource.expect("a resource").attributes;
        assert!(attributes.iter().any(|it| it.key == "service.name" && format!("{it:?}").contains("shopkeeper")));
        let all = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        all.for_each(|span| drop(spans.send(span)));
    }
    stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
    stream.get_mut().flush()
}

fn attribute<'s>(span: &'s Span, name: &str) -> Option<&'s Value> {
    span.attributes.iter().find(|it| it.key == name)?.value.as_ref()?.value.as_ref()
}

fn text<'s>(span: &'s Span, name: &str) -> Option<&'s str> {
    match attribute(span, name)? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    let number = bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    format!("{number:0width$x}", width = 2 * bytes.len())
}

/// The program, exporting there without much delay.
fn exporting(folder: &tempfile::TempDir, variable: &str, endpoint: &str) -> Command {
    let mut command = program(folder);
    command.env(variable, endpoint).env("OTEL_BSP_SCHEDULE_DELAY", "20");
    command
}

/// Asks with these headers; the answer as it came.
fn ask(running: &Running, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(running.address).expect("connects");
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n").expect("is read");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

fn traceparent(flags: &str) -> String {
    format!("traceparent: 00-{TRACE}-{CALLER}-{flags}\r\n")
}

#[test]
fn a_request_is_traced_below_its_caller_down_to_its_queries() {
    let folder = folder();
    let mut collector = Collector::start(None);
    let endpoint = format!("http://{}", collector.address);
    let mut running = Running::start(&mut exporting(&folder, "SHOPKEEPER_OTLP_ENDPOINT", &endpoint));
    let answer = ask(&running, "/api/v1/products?limit=7&search=s3cret", &traceparent("01"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    let request = collector.request("listProducts");
    assert_eq!((hex(&request.trace_id), hex(&request.parent_span_id)), (TRACE.to_owned(), CALLER.to_owned()));
    assert_eq!((request.kind, text(&request, "url.path")), (2, Some("/api/v1/products")));
    assert_eq!(attribute(&request, "http.response.status_code"), Some(&Value::IntValue(200)));
    let told = format!("traceresponse: 00-{TRACE}-{}-01", hex(&request.span_id));
    assert!(answer.contains(&told), "{told} is missing from {answer}");
    assert_eq!(running.told("request")["trace_id"], TRACE);

    let cache = collector.below(&request, "cache");
    assert_eq!(attribute(&cache, "hit"), Some(&Value::BoolValue(false)));
    let work = collector.wait("the use case", |span| span.name == "listProducts" && span.kind == 1);
    assert_eq!(work.trace_id, request.trace_id);
    let query = collector.below(&work, "query");
    let sql = text(&query, "db.query.text").expect("a statement");
    assert!(sql.contains("SELECT") && sql.contains('?'), "{sql}");
    assert!(!format!("{:?}", collector.seen).contains("s3cret"), "values are not told");

    ask(&running, "/api/v1/products?limit=7&search=s3cret", "");
    let found = collector.wait("a kept answer", |span| attribute(span, "hit") == Some(&Value::BoolValue(true)));
    let made_up = running.told("request")["trace_id"].as_str().expect("an id").to_owned();
    assert_eq!(hex(&found.trace_id), made_up);
    assert_ne!(made_up, TRACE);
}

#[test]
fn failures_are_marked_and_the_last_spans_leave_before_the_end() {
    let folder = folder();
    let mut collector = Collector::start(None);
    let endpoint = format!("http://{}/", collector.address);
    let mut command = exporting(&folder, "OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint);
    let running = Running::start(command.env("OTEL_BSP_SCHEDULE_DELAY", "60000"));
    assert!(ask(&running, "/nowhere", "").starts_with("HTTP/1.1 404"));
    running.signal("-TERM");
    let (code, log) = running.ended();
    assert_eq!(code, Some(0), "{log}");
    let lost = collector.request("none");
    assert_eq!(attribute(&lost, "http.response.status_code"), Some(&Value::IntValue(404)));
    assert!(lost.parent_span_id.is_empty());
}

#[test]
fn a_caller_who_is_not_sampled_is_not_traced() {
    let folder = folder();
    let mut collector = Collector::start(None);
    let endpoint = format!("http://{}", collector.address);
    let running = Running::start(&mut exporting(&folder, "SHOPKEEPER_OTLP_ENDPOINT", &endpoint));
    assert!(ask(&running, "/healthz", &traceparent("00")).contains(&format!("traceresponse: 00-{TRACE}-")));
    ask(&running, "/readyz", &traceparent("01"));
    collector.request("page_readyz");
    assert!(collector.seen.iter().all(|span| span.name != "page_healthz"), "{:#?}", collector.seen);
}

#[test]
fn without_a_collector_nothing_is_traced() {
    let folder = folder();
    let mut running = Running::start(&mut program(&folder));
    assert!(!ask(&running, "/healthz", &traceparent("01")).contains("traceresponse"));
    assert_eq!(running.told("request")["trace_id"], TRACE, "the log names the caller's trace all the same");
}

#[test]
fn a_collector_that_is_gone_is_told_once_and_harms_nobody() {
    let folder = folder();
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let mut command = exporting(&folder, "SHOPKEEPER_OTLP_ENDPOINT", &format!("http://{gone}"));
    let mut running = Running::start(&mut command);
    ask(&running, "/healthz", "");
    running.told("traces_not_sent");
    for _ in 0..5 {
        assert!(ask(&running, "/healthz", "").starts_with("HTTP/1.1 200"));
    }
    running.signal("-TERM");
    let (code, log) = running.ended();
    assert_eq!((code, log.matches("\"traces_not_sent\"").count()), (Some(0), 1), "{log}");
}

#[test]
fn a_collector_behind_tls_is_trusted_by_this_machines_certificates() {
    let folder = folder();
    let names = ["localhost".to_owned()];
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names).expect("a certificate");
    let key = signing_key.serialize_der().try_into().expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("versions").with_no_client_auth();
    let config = config.with_single_cert(vec![cert.der().clone()], key).expect("a pair");
    let mut collector = Collector::start(Some(Arc::new(config)));
    let endpoint = format!("https://localhost:{}", collector.address.port());
    let trusted = folder.path().join("trusted.pem");
    std::fs::write(&trusted, cert.pem()).expect("written");
    let mut command = exporting(&folder, "SHOPKEEPER_OTLP_ENDPOINT", &endpoint);
    let running = Running::start(command.env("SSL_CERT_FILE", &trusted));
    ask(&running, "/healthz", "");
    collector.request("page_healthz");
}
