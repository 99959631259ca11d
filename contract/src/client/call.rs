//! A call: put together, sent as often as it takes, answered.

use super::parameter::Parameter;
use super::patience::{Failure, retry_after};
use super::{Error, ProblemDocument, Transport};
use crate::Secret;
use http::{HeaderMap, Method, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::Deref;

/// What may not stand in a path as it is (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// An answer: its value, to which it gives way, and its headers.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    pub value: T,
    pub headers: HeaderMap,
}

impl<T> Reply<T> {
    /// The version that was answered, for `If-Match` and `If-None-Match` (RFC 9110, section 8.8.3).
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.headers.get(header::ETAG)?.to_str().ok()
    }

    /// Whether this is the answer to an earlier request under the same key.
    #[must_use]
    pub fn is_replayed(&self) -> bool {
        self.headers.get("idempotent-replayed").is_some_and(|value| value == "true")
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A request while it is put together.
#[derive(Debug)]
pub struct Call<'t> {
    transport: &'t Transport,
    method: &'static str,
    path: String,
    query: Vec<(&'static str, String)>,
    headers: Vec<(&'static str, String)>,
    form: Option<Vec<(&'static str, String)>>,
    body: Option<(&'static str, Vec<u8>)>,
    /// The server does under this key what is asked once, however often it is asked.
    keyed: bool,
    with_tokens: bool,
}

/// What came of one attempt.
struct Attempt {
    status: StatusCode,
    headers: HeaderMap,
    body: bytes::Bytes,
    /// The access token that was sent.
    bearer: Option<Secret>,
}

impl<'t> Call<'t> {
    pub(super) fn new(transport: &'t Transport, method: &'static str, path: &'static str) -> Self {
        Self {
            transport,
            method,
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            form: None,
            body: None,
            keyed: false,
            with_tokens: true,
        }
    }

    pub(super) fn without_tokens(mut self) -> Self {
        self.with_tokens = false;
        self
    }

    pub fn path<P: Parameter>(&mut self, name: &str, value: &P) {
        let text = value.values().join(",");
        let escaped = utf8_percent_encode(&text, RESERVED).to_string();
        self.path = self.path.replace(&format!("{{{name}}}"), &escaped);
    }

    pub fn query<P: Parameter>(&mut self, name: &'static str, value: &P) {
        self.query.extend(value.values().into_iter().map(|value| (name, value)));
    }

    /// Adds a header. An `Idempotency-Key` that the caller leaves out is made up: the same for all attempts.
    pub fn header<P: Parameter>(&mut self, name: &'static str, value: &P) {
        let mut values = value.values();
        if name == IDEMPOTENCY_KEY {
            self.keyed = true;
            if values.is_empty() {
                values.push(new_key());
            }
        }
        self.headers.extend(values.into_iter().map(|value| (name, value)));
    }

    pub fn form<P: Parameter>(&mut self, name: &'static str, value: &P) {
        let pairs = value.values().into_iter().map(|value| (name, value));
        self.form.get_or_insert_default().extend(pairs);
    }

    /// Sets a JSON body.
    ///
    /// # Errors
    /// [`Error::Unwritable`].
    pub fn json<T: Serialize>(&mut self, media_type: &'static str, value: &T) -> Result<(), Error> {
        self.body = Some((media_type, serde_json::to_vec(value).map_err(Error::Unwritable)?));
        Ok(())
    }

    /// Sends the request, again where it may be, and reads the answer's body.
    ///
    /// # Errors
    /// The server's problem, or why there is no answer.
    pub async fn send<T: DeserializeOwned>(self) -> Result<Reply<T>, Error> {
        let Attempt { status, headers, body, .. } = self.exchange().await?;
        match serde_json::from_slice(&body) {
            Ok(value) => Ok(Reply { value, headers }),
            Err(_) => Err(unexpected(status, &body)),
        }
    }

    /// Sends a request whose answer has no body.
    ///
    /// # Errors
    /// The server's problem, or why there is no answer.
    pub async fn send_for_nothing(self) -> Result<Reply<()>, Error> {
        self.exchange().await.map(|Attempt { headers, .. }| Reply { value: (), headers })
    }

    /// Doing it twice is as good as once: nothing is changed (RFC 9110, section 9.2.1), or the server knows the repeat.
    fn is_repeatable(&self) -> bool {
        self.keyed || matches!(self.method, "GET" | "HEAD" | "OPTIONS")
    }

    async fn exchange(self) -> Result<Attempt, Error> {
        let patience = self.transport.patience;
        let (mut attempts, mut renewed) = (0, false);
        loop {
            attempts += 1;
            let outcome = self.attempt().await;
            let (wait, error) = match outcome {
                Ok(answer) if answer.status.is_success() => return Ok(answer),
                Ok(answer) => {
                    let error = refusal(&answer);
                    let problem = error.problem();
                    let code = problem.map_or("", |problem| &*problem.code).to_owned();
                    if let Some(bearer) = &answer.bearer
                        && answer.status == StatusCode::UNAUTHORIZED
                        && code == "invalid_token"
                        && !renewed
                        && self.transport.keeper.renew(self.transport, bearer).await?
                    {
                        // Refused before anything was done, and by no fault of the server's: no attempt is used up.
                        (renewed, attempts) = (true, attempts - 1);
                        continue;
                    }
                    let wait = patience.wait(
                        attempts,
                        self.is_repeatable(),
                        &Failure::Answer { status: answer.status, code: &code, wait: retry_after(&answer.headers) },
                    );
                    (wait, error)
                }
                Err(error) => {
                    let failure = if error.is_connect() { Failure::Unsent } else { Failure::Lost };
                    (patience.wait(attempts, self.is_repeatable(), &failure), Error::Transport(error))
                }
            };
            let Some(wait) = wait else { return Err(error) };
            tokio::time::sleep(wait).await;
        }
    }

    async fn attempt(&self) -> Result<Attempt, reqwest::Error> {
        let bearer = self.transport.keeper.access().filter(|_| self.with_tokens);
        let response = self.request(bearer.as_ref()).send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Attempt { status, headers, body: response.bytes().await?, bearer })
    }

    fn request(&self, bearer: Option<&Secret>) -> reqwest::RequestBuilder {
        let mut url = format!("{}{}", self.transport.base, self.path);
        if !self.query.is_empty() {
            let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
            url = format!("{url}?{pairs}");
        }
        let mut headers: HeaderMap = self.transport.headers.iter().cloned().collect();
        headers.insert(header::ACCEPT, header::HeaderValue::from_static(crate::media::JSON));
        let method = self.method.parse().unwrap_or(Method::GET);
        let mut request = self.transport.http.request(method, url).headers(headers);
        if let Some(token) = bearer {
            request = request.bearer_auth(token.expose());
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(pairs) = &self.form {
            let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            request = request.header(header::CONTENT_TYPE, crate::media::FORM).body(text);
        }
        if let Some((media_type, body)) = &self.body {
            request = request.header(header::CONTENT_TYPE, *media_type).body(body.clone());
        }
        request
    }
}

fn refusal(answer: &Attempt) -> Error {
    if answer.status == StatusCode::NOT_MODIFIED {
        return Error::NotModified;
    }
    match serde_json::from_slice::<ProblemDocument>(&answer.body) {
        // What the body says of the status is there for people; the answer's own one counts (RFC 9457, section 3.1.2).
        Ok(problem) => Error::Problem(Box::new(ProblemDocument {
            status: answer.status.as_u16(),
            retry_after: retry_after(&answer.headers),
            ..problem
        })),
        Err(_) => unexpected(answer.status, &answer.body),
    }
}

fn unexpected(status: StatusCode, body: &[u8]) -> Error {
    Error::Unexpected { status: status.as_u16(), body: String::from_utf8_lossy(body).into_owned() }
}

/// A key that nobody made before, as a quoted string (RFC 8941, section 3.3.3).
#[allow(
    clippy::disallowed_methods,
    reason = "a client runs in a program of its own, whose clock and chance are its own"
)]
fn new_key() -> String {
    format!("\"{}\"", uuid::Uuid::now_v7())
}
