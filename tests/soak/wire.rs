//! Requests that are sent again until they are answered, whatever happens to the server meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use http::Method;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::support::{Credentials, Guest, Lines};
use contract::client::Error;

/// How long one request may go without an answer before that is a fault. Starting takes a part of it.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(20);
/// How long to wait for a server before looking again.
const PAUSE: Duration = Duration::from_millis(20);

/// What went over all wires.
#[derive(Debug, Default)]
pub struct Tally {
    pub answers: AtomicU64,
    /// Requests that got no answer at first.
    pub lost: AtomicU64,
    /// Those among them that turned out to have been done.
    pub replayed: AtomicU64,
}

/// The way of one client to whichever process serves at the moment.
#[derive(Clone)]
pub struct Wire {
    /// To the process that served last, and where that was.
    guest: Option<(String, Guest)>,
    base: watch::Receiver<Option<String>>,
    pub tally: Arc<Tally>,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    pub idempotency_key: Option<String>,
}

/// The answer to it.
#[derive(Debug, Clone)]
pub struct Answered {
    pub status: u16,
    pub body: Value,
    /// Given before, says the server.
    pub replayed: bool,
    /// It was sent more than once: what an earlier attempt did is not known.
    pub repeated: bool,
}

impl Answered {
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    pub fn id(&self) -> Result<uuid::Uuid, String> {
        id(&self.body["id"])
    }
}

pub fn id(value: &Value) -> Result<uuid::Uuid, String> {
    value.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| format!("{value} is no id"))
}

impl Asked {
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: None, idempotency_key: None }
    }

    pub fn with(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    pub fn once(self, key: String) -> Self {
        Self { idempotency_key: Some(key), ..self }
    }
}

impl Wire {
    pub fn new(base: watch::Receiver<Option<String>>) -> Self {
        Self { guest: None, base, tally: Arc::default() }
    }

    /// Sends it in the name of whom an API key stands for, as often as it takes.
    ///
    /// # Errors
    /// When it is never answered, or with a fault of the server's.
    pub async fn send(&mut self, api_key: &str, asked: &Asked) -> Result<Answered, String> {
        let (begin, mut repeated) = (Instant::now(), false);
        while begin.elapsed() < PATIENCE {
            match self.attempt(api_key, asked).await {
                Ok(answer) if may_come_later(&answer) => {}
                Ok(answer) if answer.status >= 500 => return Err(format!("{asked:?}: {answer:?}")),
                Ok(answer) => {
                    self.tally.answers.fetch_add(1, Ordering::Relaxed);
                    self.tally.replayed.fetch_add(u64::from(repeated && answer.replayed), Ordering::Relaxed);
                    return Ok(Answered { repeated, ..answer });
                }
                Err(sent) => {
                    self.tally.lost.fetch_add(u64::from(sent && !repeated), Ordering::Relaxed);
                    repeated |= sent;
                }
            }
            let _ = timeout(PAUSE, self.base.changed()).await;
        }
        Err(format!("{asked:?}: no answer in {PATIENCE:?}"))
    }

    /// One attempt. When it fails: whether the server may have got it.
    async fn attempt(&mut self, api_key: &str, asked: &Asked) -> Result<Answered, bool> {
        let base = timeout(PATIENCE, self.base.wait_for(Option::is_some)).await.map_err(|_| false)?;
        let base = base.map_err(|_| false)?.clone().unwrap_or_default();
        let guest = self.guest_at(&base).with(Credentials::Key(api_key.to_owned()));
        let mut call = guest.call(asked.method.clone(), &asked.path);
        if let Some(body) = &asked.body {
            call = call.json(body);
        }
        if let Some(key) = &asked.idempotency_key {
            call = call.header("Idempotency-Key", key);
        }
        let was_sent = |error| !matches!(error, Error::Transport(error) if error.is_connect());
        let heard = call.answered().await.map_err(was_sent)?;
        let replayed = heard.headers.contains_key("idempotent-replayed");
        Ok(Answered { status: heard.status, body: heard.json(), replayed, repeated: false })
    }
}

impl Wire {
    fn guest_at(&mut self, base: &str) -> &Guest {
        if self.guest.as_ref().is_none_or(|(at, _)| at != base) {
            self.guest = None;
        }
        let guest = || Guest::on(Lines::with(base, |client| client.timeout(ATTEMPT)));
        &self.guest.get_or_insert_with(|| (base.to_owned(), guest())).1
    }
}

/// Answers that say no more than to ask again.
fn may_come_later(answer: &Answered) -> bool {
    answer.status == 503 || answer.status == 409 && answer.code() == "idempotency_key_in_use"
}
