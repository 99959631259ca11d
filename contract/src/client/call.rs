//! A call: put together, sent as often as it takes, answered.

use super::parameter::Parameter;
use super::patience::{Failure, retry_after};
use super::{Error, ProblemDocument, Transport};
use crate::Secret;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
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
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    headers: HeaderMap,
    form: Option<Vec<(&'static str, String)>>,
    body: Option<reqwest::Body>,
    /// A header that cannot be sent.
    unsendable: Option<http::Error>,
    /// The server does under this key what is asked once, however often it is asked.
    keyed: bool,
    with_tokens: bool,
}

/// What came of one attempt.
struct Attempt {
    answer: Response<Bytes>,
    /// The access token that was sent.
    bearer: Option<Secret>,
}

impl<'t> Call<'t> {
    pub(super) fn new(transport: &'t Transport, method: Method, path: &str) -> Self {
        Self {
            transport,
            method,
            path: path.to_owned(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            form: None,
            body: None,
            unsendable: None,
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
        for value in values {
            match HeaderValue::try_from(value) {
                Ok(value) => drop(self.headers.append(name, value)),
                Err(error) => self.unsendable = Some(error.into()),
            }
        }
    }

    /// Sends these headers as they are. They win over the transport's, tokens included.
    pub fn headers(&mut self, headers: HeaderMap) {
        self.keyed |= headers.contains_key(IDEMPOTENCY_KEY);
        self.headers.extend(headers);
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
        self.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        self.body = Some(serde_json::to_vec(value).map_err(Error::Unwritable)?.into());
        Ok(())
    }

    /// Sets a body, of which only the headers tell what it is. One that streams is sent once, whatever comes of it.
    pub fn body(&mut self, body: impl Into<reqwest::Body>) {
        self.body = Some(body.into());
    }

    /// Sends the request, again where it may be, and reads the answer's body.
    ///
    /// # Errors
    /// The server's problem, or why there is no answer.
    pub async fn send<T: DeserializeOwned>(self) -> Result<Reply<T>, Error> {
        let (head, body) = judged(self.answer().await?)?.into_parts();
        match serde_json::from_slice(&body) {
            Ok(value) => Ok(Reply { value, headers: head.headers }),
            Err(_) => Err(unexpected(head.status, &body)),
        }
    }

    /// Sends a request whose answer has no body.
    ///
    /// # Errors
    /// The server's problem, or why there is no answer.
    pub async fn send_for_nothing(self) -> Result<Reply<()>, Error> {
        let (head, _) = judged(self.answer().await?)?.into_parts();
        Ok(Reply { value: (), headers: head.headers })
    }

    /// Sends the request, again where it may be, and gives the last answer as it is, whatever its status.
    ///
    /// # Errors
    /// [`Error::Transport`], and what renewing the tokens met.
    pub async fn answer(self) -> Result<Response<Bytes>, Error> {
        let patience = self.transport.patience;
        let (mut attempts, mut renewed) = (0, false);
        let (with_tokens, repeatable) = (self.with_tokens, self.is_repeatable());
        let transport = self.transport;
        let mut request = self.request()?;
        loop {
            attempts += 1;
            // A body that streams cannot be sent again.
            let spare = request.try_clone();
            let outcome = attempt(transport, request, with_tokens).await;
            let wait = match &outcome {
                Ok(Attempt { answer, .. }) if answer.status().is_success() => None,
                Ok(Attempt { answer, bearer }) => {
                    let code = code(answer);
                    if let (Some(bearer), Some(again)) = (bearer, &spare)
                        && answer.status() == StatusCode::UNAUTHORIZED
                        && code == "invalid_token"
                        && !renewed
                        && transport.keeper.renew(transport, bearer).await?
                        && let Some(again) = again.try_clone()
                    {
                        // Refused before anything was done, and by no fault of the server's: no attempt is used up.
                        (renewed, attempts, request) = (true, attempts - 1, again);
                        continue;
                    }
                    let wait = retry_after(answer.headers());
                    let failure = Failure::Answer { status: answer.status(), code: &code, wait };
                    patience.wait(attempts, repeatable, &failure)
                }
                Err(error) => {
                    let failure = if error.is_connect() { Failure::Unsent } else { Failure::Lost };
                    patience.wait(attempts, repeatable, &failure)
                }
            };
            let (Some(wait), Some(again)) = (wait, spare) else {
                return outcome.map(|attempt| attempt.answer).map_err(Error::Transport);
            };
            tokio::time::sleep(wait).await;
            request = again;
        }
    }

    /// Doing it twice is as good as once: nothing is changed (RFC 9110, section 9.2.1), or the server knows the repeat.
    fn is_repeatable(&self) -> bool {
        self.keyed || self.method.is_safe()
    }

    fn request(self) -> Result<reqwest::Request, Error> {
        if let Some(error) = self.unsendable {
            return Err(Error::Unsendable(error));
        }
        let mut url = format!("{}{}", self.transport.base, self.path);
        if !self.query.is_empty() {
            let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
            url = format!("{url}?{pairs}");
        }
        let common = self.transport.headers.iter().cloned().collect();
        let mut request = self.transport.http.request(self.method, url).headers(common).headers(self.headers);
        if let Some(pairs) = &self.form {
            let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            request = request.header(header::CONTENT_TYPE, crate::media::FORM).body(text);
        }
        if let Some(body) = self.body {
            request = request.body(body);
        }
        request.build().map_err(Error::Transport)
    }
}

async fn attempt(
    transport: &Transport,
    mut request: reqwest::Request,
    with_tokens: bool,
) -> Result<Attempt, reqwest::Error> {
    let wanted = with_tokens && !request.headers().contains_key(header::AUTHORIZATION);
    let bearer = transport.keeper.access().filter(|_| wanted);
    let value = bearer.as_ref().map(|token| HeaderValue::try_from(format!("Bearer {}", token.expose())));
    if let Some(Ok(mut value)) = value {
        value.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    let response = transport.http.execute(request).await?;
    let mut head = Response::new(());
    (*head.status_mut(), *head.version_mut()) = (response.status(), response.version());
    head.headers_mut().clone_from(response.headers());
    let body = response.bytes().await?;
    let answer = head.map(|()| body);
    Ok(Attempt { answer, bearer })
}

/// An answer that is none of the refusals.
fn judged(answer: Response<Bytes>) -> Result<Response<Bytes>, Error> {
    if answer.status().is_success() { Ok(answer) } else { Err(refusal(&answer)) }
}

/// The code of the problem that an answer is, if it is one.
fn code(answer: &Response<Bytes>) -> String {
    serde_json::from_slice::<ProblemDocument>(answer.body()).map(|problem| problem.code).unwrap_or_default()
}

fn refusal(answer: &Response<Bytes>) -> Error {
    if answer.status() == StatusCode::NOT_MODIFIED {
        return Error::NotModified;
    }
    match serde_json::from_slice::<ProblemDocument>(answer.body()) {
        // What the body says of the status is there for people; the answer's own one counts (RFC 9457, section 3.1.2).
        Ok(problem) => Error::Problem(Box::new(ProblemDocument {
            status: answer.status().as_u16(),
            retry_after: retry_after(answer.headers()),
            ..problem
        })),
        Err(_) => unexpected(answer.status(), answer.body()),
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
