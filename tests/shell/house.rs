//! A server with a probe behind it, on a port of its own.

use crate::raw::PATIENCE;
use bytes::Bytes;
use contract::client::{Patience, Transport};
use contract::problem::kinds;
use contract::{Problem, Reply};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};
use shopkeeper::http::cors::Cors;
use shopkeeper::http::listen::{self, Limits};
use shopkeeper::http::metrics::Metrics;
use shopkeeper::http::origin::Origin;
use shopkeeper::http::pages::{self, Authorization, Document, Pages};
use shopkeeper::http::shortcuts::{Again, Shortcuts};
use shopkeeper::http::shutdown::{Phase, Stop};
use shopkeeper::http::tls::Tls;
use shopkeeper::http::trace::Visit;
use shopkeeper::http::{Answer, Inbound, Shell};
use shopkeeper::telemetry::{AccessLog, Flusher, Format, Sink};
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

/// Limits that no test meets by accident; a test shortens the one that it is about.
pub fn patient() -> Limits {
    let long = Duration::from_mins(2);
    Limits { head: long, body: long, request: long, idle: long, linger: long, ping: long, ..Limits::default() }
}

/// How a house is built.
pub struct Plan {
    pub limits: Limits,
    pub grace: Duration,
    pub public: Option<&'static str>,
    pub trusted: &'static [&'static str],
    pub tls: Option<Arc<Tls>>,
    pub cors: Option<Cors>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { limits: patient(), grace: PATIENCE, public: None, trusted: &[], tls: None, cors: None }
    }
}

pub struct House {
    pub address: SocketAddr,
    pub stop: Stop,
    pub probe: Arc<Probe>,
    pub metrics: Arc<Metrics>,
    log: Written,
    flusher: Flusher,
    serving: JoinHandle<usize>,
}

/// What the probe shares with a test.
pub struct Probe {
    /// Requests for `/wait` that may go on.
    pub gate: Semaphore,
    /// Requests for `/wait` that have come.
    pub came: Semaphore,
    pub ready: Arc<AtomicBool>,
    /// What `/again` says: how it can be said again is told to whoever wants to know.
    pub words: Arc<Words>,
}

/// What can be said again.
#[derive(Default)]
pub struct Words {
    text: Mutex<String>,
    /// How often it was said again.
    pub again: AtomicU64,
    /// Whether the next who asks may not be told again, for whatever reason.
    pub stale: AtomicBool,
    pub panics: AtomicBool,
}

impl Words {
    /// Says something else from now on.
    pub fn say(&self, text: &str) {
        text.clone_into(&mut self.text.lock().unwrap());
    }

    fn said(&self) -> String {
        self.text.lock().unwrap().clone()
    }
}

/// The probe's answer, by whose word the caller's address is told too.
struct Echo(Arc<Words>);

impl Again for Echo {
    fn again(&self, ip: IpAddr, lines: &mut Vec<u8>) -> Option<Bytes> {
        lines.extend_from_slice(b"age: 7\r\n");
        assert!(!self.0.panics.load(Ordering::Relaxed), "the probe panics, as the test asked it to");
        if self.0.stale.load(Ordering::Relaxed) {
            return None;
        }
        self.0.again.fetch_add(1, Ordering::Relaxed);
        Some(format!("{} {ip}", self.0.said()).into())
    }

    fn is_alive(&self) -> bool {
        true
    }
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl House {
    pub fn open(plan: Plan) -> Self {
        let listener = listen::bind("127.0.0.1:0".parse().unwrap()).expect("a free port");
        let address = listener.local_addr().unwrap();
        let trusted: Vec<_> = plan.trusted.iter().map(|network| network.parse().unwrap()).collect();
        let origin = Origin::new(plan.public, address, &trusted);
        let counted = ["probe"].into_iter().chain(pages::names());
        let metrics = Arc::new(Metrics::new(counted));
        let ready = Arc::new(AtomicBool::new(true));
        let probe = Arc::new(Probe {
            gate: Semaphore::new(0),
            came: Semaphore::new(0),
            ready: Arc::clone(&ready),
            words: Arc::default(),
        });
        let answer = Front { probe: Arc::clone(&probe), pages: pages(&origin, Arc::clone(&metrics), ready) };
        let log = Written::default();
        let (sink, flusher) = Sink::start(log.clone(), |_| String::new()).unwrap();
        let log_lines = AccessLog::new(sink, Format::Json);
        let metrics_of_shell = Arc::clone(&metrics);
        let (limits, tls, cors) = (plan.limits, plan.tls, plan.cors);
        let origin = if tls.is_some() { origin.by_tls(address) } else { origin };
        let shortcuts = answer.gives_again().then(Arc::<Shortcuts>::default);
        let shell = Shell { answer, origin, log: log_lines, metrics: metrics_of_shell, limits, tls, cors, shortcuts };
        let stop = Stop::default();
        let serving = tokio::spawn(listen::serve(listener, Arc::new(shell), stop.clone(), plan.grace));
        Self { address, stop, probe, metrics, log, flusher, serving }
    }

    /// Somebody who speaks HTTP/2 with it, and is content with every answer.
    pub fn by_http2(&self) -> Transport {
        let http = reqwest::Client::builder().http2_prior_knowledge().no_proxy().build().unwrap();
        Transport::over(&format!("http://{}", self.address), http).with_patience(Patience::NONE)
    }

    /// Waits until `/wait` was asked for once more.
    pub async fn somebody_waits(&self) {
        timeout(PATIENCE, self.probe.came.acquire()).await.expect("comes in time").unwrap().forget();
    }

    /// Begins to stop.
    pub fn drain(&self) {
        self.stop.advance(Phase::Draining);
    }

    /// Waits for the end, and returns how many connections were cut off and the lines of the log.
    pub async fn ended(self) -> (usize, Vec<Value>) {
        let cut = timeout(PATIENCE, self.serving).await.expect("ends in time").unwrap();
        drop(self.flusher);
        let log = String::from_utf8(self.log.0.lock().unwrap().clone()).expect("a log of text");
        (cut, log.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    /// Stops, and returns the lines of the log.
    pub async fn log(self) -> Vec<Value> {
        self.drain();
        self.ended().await.1
    }
}

fn pages(origin: &Origin, metrics: Arc<Metrics>, ready: Arc<AtomicBool>) -> Pages {
    Pages {
        document: Document::new(generated::DOCUMENT_YAML, generated::DOCUMENT_JSON).unwrap(),
        metrics,
        ready: Box::new(move || {
            let ready = ready.load(Ordering::Relaxed);
            Box::pin(async move { if ready { Ok(()) } else { Err("the probe says no".to_owned()) } })
        }),
        jwks: Box::new(|| json!({ "keys": [{ "kid": "probe" }] })),
        authorization: Authorization {
            issuer: origin.fixed().to_owned(),
            base_path: generated::BASE_PATH,
            scopes: vec!["account:read"],
            password_grant: true,
        },
        metrics_elsewhere: false,
        demo: None,
    }
}

/// The probe's own account.
pub const ACCOUNT: Uuid = Uuid::from_u128(7);
/// A key of it.
pub const KEY: Uuid = Uuid::from_u128(8);
/// Larger than what sockets buffer.
pub const BIG: usize = 16 * 1024 * 1024;

struct Front {
    probe: Arc<Probe>,
    pages: Pages,
}

impl Answer for Front {
    fn gives_again(&self) -> bool {
        true
    }

    async fn answer(&self, parts: &Parts, body: Inbound, visit: &Visit) -> Result<Reply, Problem> {
        let mut reply = Reply::empty(StatusCode::OK);
        let text = HeaderValue::from_static("text/plain");
        visit_probe(&parts.uri, visit);
        match parts.uri.path() {
            "/echo" => {
                let read = body.bytes().await;
                reply.put(text, read.map_err(|error| Problem::new(kinds::MALFORMED_REQUEST, error.to_string()))?);
            }
            "/who" => {
                visit.note_caller(ACCOUNT, None);
                let who = json!({ "ip": visit.ip, "base": visit.base() });
                reply.put(HeaderValue::from_static("application/json"), who.to_string().into());
            }
            "/again" => {
                reply.headers.insert("age", HeaderValue::from_static("0"));
                reply.put(text, format!("{} {}", self.probe.words.said(), visit.ip).into());
                visit.tell_how(|| Arc::new(Echo(Arc::clone(&self.probe.words))));
            }
            "/wait" => {
                self.probe.came.add_permits(1);
                self.probe.gate.acquire().await.unwrap().forget();
                reply.put(text, "waited".into());
            }
            path if path.starts_with("/old/") => {
                visit.note_deprecated();
                match path {
                    "/old/person" => visit.note_caller(ACCOUNT, None),
                    "/old/program" => visit.note_caller(ACCOUNT, Some(KEY)),
                    _ => {}
                }
            }
            "/big" => reply.put(text, vec![b'x'; BIG].into()),
            "/refuse" => return Err(Problem::new(kinds::BODY_TOO_LARGE, "Too much.")),
            "/panic" => panic!("the probe panics, as the test asked it to"),
            _ => return self.pages.answer(parts, visit).await,
        }
        Ok(reply)
    }
}

fn visit_probe(uri: &http::Uri, visit: &Visit) {
    if ["/echo", "/who", "/again", "/wait", "/big", "/refuse", "/panic"].contains(&uri.path())
        || uri.path().starts_with("/old/")
    {
        visit.note_operation("probe");
    }
}
