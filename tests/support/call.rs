//! A request on its way: built step by step, sent by awaiting it.

use super::answer::Answer;
use super::caller::Credentials;
use super::coding;
use super::promises;
use super::shop::Inner;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::Value;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

/// A request to one shop.
#[derive(Clone)]
pub struct Call {
    shop: Arc<Inner>,
    pub method: Method,
    /// With its query; below the base path, or anywhere with a leading `!`.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Option<Vec<u8>>,
    chunked: bool,
    http2: bool,
}

impl Call {
    pub fn new(shop: Arc<Inner>, credentials: &Credentials, method: Method, target: &str) -> Self {
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
        Self { shop, method, target: target.to_owned(), headers, body: None, chunked: false, http2: false }
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

    async fn send(self) -> Answer {
        let url = format!("{}{}", self.shop.base, self.path());
        let client = if self.http2 { &self.shop.http2 } else { &self.shop.http };
        let mut request = client.request(self.method.clone(), url).headers(self.headers.clone());
        if let Some(body) = self.body.clone() {
            request = if self.chunked {
                request.body(reqwest::Body::wrap(Unannounced(Some(body.into()))))
            } else {
                request.body(body)
            };
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{}: no answer: {error:?}", self.asked()));
        let heard = hear(Some(&self.shop), &self.method, &self.path(), response).await;
        let answer = heard.unwrap_or_else(|error| panic!("{}: no body: {error:?}", self.asked()));
        Answer { asked: self.asked(), ..answer }
    }
}

/// Sends a request to a shop in another process, and holds the answer to the document.
pub async fn send(request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
    let (client, request) = request.build_split();
    let request = request?;
    let (method, url) = (request.method().clone(), request.url().clone());
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    hear(None, &method, &format!("{}{query}", url.path()), client.execute(request).await?).await
}

/// Reads an answer to the end, notes it and holds it to the document. Every answer that a client of reqwest's gets passes
/// here.
async fn hear(
    shop: Option<&Inner>,
    method: &Method,
    target: &str,
    response: reqwest::Response,
) -> Result<Answer, reqwest::Error> {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let sent = response.bytes().await?;
    let body = match headers.get(header::CONTENT_ENCODING).and_then(|coding| coding.to_str().ok()) {
        Some(coding) if !sent.is_empty() => coding::decode(coding, &sent),
        _ => sent.to_vec(),
    };
    let answer = Answer { asked: format!("{method} {target}"), status, headers, body, wire: sent.len() };
    promises::check(shop, method, target, &answer);
    Ok(answer)
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
