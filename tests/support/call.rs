//! A request on its way: built step by step, sent by awaiting it.

use super::answer::Answer;
use super::caller::Credentials;
use super::coding;
use super::lines::Lines;
use super::promises;
use super::shop::Inner;
use bytes::Bytes;
use contract::client::Error;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, header};
use serde_json::Value;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

/// Who is called.
#[derive(Clone)]
pub enum To {
    /// A shop in this process, of which more is known: whether it has limits, and what it must not tell.
    Shop(Arc<Inner>),
    /// A server in another one.
    Server(Arc<Lines>),
}

impl To {
    fn lines(&self) -> &Lines {
        match self {
            Self::Shop(shop) => &shop.lines,
            Self::Server(lines) => lines,
        }
    }

    fn shop(&self) -> Option<&Inner> {
        match self {
            Self::Shop(shop) => Some(shop),
            Self::Server(_) => None,
        }
    }
}

/// A request.
#[derive(Clone)]
pub struct Call {
    to: To,
    pub method: Method,
    /// With its query; below the base path, or anywhere with a leading `!`.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Option<Vec<u8>>,
    chunked: bool,
    http2: bool,
}

impl Call {
    pub fn new(to: To, credentials: &Credentials, method: Method, target: &str) -> Self {
        let mut headers = HeaderMap::new();
        match credentials {
            Credentials::None => {}
            Credentials::Bearer(token) => put(&mut headers, header::AUTHORIZATION, &format!("Bearer {token}")),
            Credentials::Key(secret) => put(&mut headers, HeaderName::from_static("x-api-key"), secret),
            Credentials::Basic(id, secret) => {
                use base64::Engine as _;
                let pair = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
                put(&mut headers, header::AUTHORIZATION, &format!("Basic {pair}"));
            }
        }
        Self { to, method, target: target.to_owned(), headers, body: None, chunked: false, http2: false }
    }

    /// Replaces a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        put(&mut self.headers, name.parse().expect("a header name"), value);
        self
    }

    /// Adds a header beside those of the same name.
    pub fn header_too(mut self, name: &str, value: &str) -> Self {
        self.headers.append(name.parse::<HeaderName>().expect("a header name"), value.parse().expect("a header value"));
        self
    }

    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        let joint = if self.target.contains('?') { '&' } else { '?' };
        self.target = format!("{}{joint}{name}={}", self.target, escape(value));
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub fn form(self, members: &[(&str, &str)]) -> Self {
        let pairs: Vec<_> = members.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        self.body("application/x-www-form-urlencoded", pairs.join("&"))
    }

    pub fn body(mut self, media: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", media)
    }

    /// Sends the body in chunks, its length not announced.
    pub fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// Sends it over HTTP/2.
    pub fn by_http2(mut self) -> Self {
        self.http2 = true;
        self
    }

    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Method and path as messages name them.
    pub fn asked(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// The path that is asked for, with its query.
    pub fn path(&self) -> String {
        match self.target.strip_prefix('!') {
            Some(outside) => outside.to_owned(),
            None => format!("{}{}", generated::BASE_PATH, self.target),
        }
    }

    /// Sends it. The answer has kept the document's promises.
    ///
    /// # Errors
    /// When there is none.
    pub async fn answered(self) -> Result<Answer, Error> {
        let path = self.path();
        let lines = self.to.lines();
        let mut call = (if self.http2 { &lines.http2 } else { &lines.http }).request(self.method.clone(), &path);
        call.headers(self.headers.clone());
        match self.body.clone() {
            Some(body) if self.chunked => call.body(reqwest::Body::wrap(Unannounced(Some(body.into())))),
            Some(body) => call.body(body),
            None => {}
        }
        let answer = hear(self.to.shop(), &self.method, &path, call.answer().await?);
        Ok(Answer { asked: self.asked(), ..answer })
    }

    async fn send(self) -> Answer {
        let asked = self.asked();
        self.answered().await.unwrap_or_else(|error| panic!("{asked}: no answer: {error:?}"))
    }
}

/// Notes an answer and holds it to the document. All that callers hear passes here.
fn hear(shop: Option<&Inner>, method: &Method, target: &str, response: Response<Bytes>) -> Answer {
    let (head, sent) = response.into_parts();
    let body = match head.headers.get(header::CONTENT_ENCODING).and_then(|coding| coding.to_str().ok()) {
        Some(coding) if !sent.is_empty() => coding::decode(coding, &sent),
        _ => sent.to_vec(),
    };
    let (status, headers) = (head.status.as_u16(), head.headers);
    let answer = Answer { asked: format!("{method} {target}"), status, headers, body, wire: sent.len() };
    promises::check(shop, method, target, &answer);
    answer
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Escapes all that is not unreserved (RFC 3986, section 2.3).
pub fn escape(text: &str) -> String {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"));
}

/// A body whose length is known only when it has ended.
struct Unannounced(Option<bytes::Bytes>);

impl http_body::Body for Unannounced {
    type Data = bytes::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, Self::Error>>> {
        std::task::Poll::Ready(self.0.take().map(|bytes| Ok(http_body::Frame::data(bytes))))
    }
}
