//! The transport of generated clients: builds requests, reads answers and problems.

use crate::Secret;
use chrono::{DateTime, SecondsFormat, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt::Display;
use std::sync::{Arc, RwLock};

/// What may not stand in a path as it is (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where the server is and who calls.
#[derive(Debug, Clone)]
pub struct Transport {
    base: Arc<str>,
    http: reqwest::Client,
    bearer: Arc<RwLock<Option<Secret>>>,
}

/// A problem as the server wrote it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ProblemDocument {
    pub r#type: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub errors: Vec<Value>,
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

/// Why a call has no answer.
#[derive(Debug)]
pub enum Error {
    /// The server refused.
    Problem(Box<ProblemDocument>),
    /// The server could not be asked, or broke off.
    Transport(reqwest::Error),
    /// The answer was not what the document says.
    Unexpected { status: u16, body: String },
    /// The parameters could not be written as JSON.
    Unwritable(serde_json::Error),
}

impl Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Problem(problem) => write!(f, "{} ({}): {}", problem.status, problem.code, problem.detail),
            Self::Transport(error) => write!(f, "the server could not be asked: {error}"),
            Self::Unexpected { status, body } => {
                write!(f, "an answer {status} that the document does not know: {body:.200}")
            }
            Self::Unwritable(error) => write!(f, "the parameters could not be written: {error}"),
        }
    }
}

impl std::error::Error for Error {}

/// A parameter as text: none, one, or several values.
pub trait Parameter {
    fn values(&self) -> Vec<String>;
}

macro_rules! displayed {
    ($($type:ty),*) => {
        $(impl Parameter for $type {
            fn values(&self) -> Vec<String> {
                vec![self.to_string()]
            }
        })*
    };
}
displayed!(String, i32, i64, bool, uuid::Uuid, crate::IdempotencyKey);

impl Parameter for Secret {
    fn values(&self) -> Vec<String> {
        vec![self.expose().to_owned()]
    }
}

impl Parameter for DateTime<Utc> {
    fn values(&self) -> Vec<String> {
        vec![self.to_rfc3339_opts(SecondsFormat::AutoSi, true)]
    }
}

impl<T: Parameter> Parameter for Option<T> {
    fn values(&self) -> Vec<String> {
        self.iter().flat_map(Parameter::values).collect()
    }
}

impl<T: Parameter> Parameter for Vec<T> {
    fn values(&self) -> Vec<String> {
        self.iter().flat_map(Parameter::values).collect()
    }
}

impl Transport {
    /// A transport for the server whose operations live under `base`, such as `http://127.0.0.1:8080/api/v1`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').into(),
            http: reqwest::Client::new(),
            bearer: Arc::new(RwLock::new(None)),
        }
    }

    /// Sends this access token from now on.
    pub fn authorize(&self, token: impl Into<String>) {
        if let Ok(mut bearer) = self.bearer.write() {
            *bearer = Some(Secret::new(token));
        }
    }

    /// Begins a call.
    #[must_use]
    pub fn call(&self, method: &'static str, path: &'static str) -> Call<'_> {
        Call {
            transport: self,
            method,
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            form: None,
            body: None,
        }
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
}

impl Call<'_> {
    pub fn path<P: Parameter>(&mut self, name: &str, value: &P) {
        let text = value.values().join(",");
        let escaped = utf8_percent_encode(&text, RESERVED).to_string();
        self.path = self.path.replace(&format!("{{{name}}}"), &escaped);
    }

    pub fn query<P: Parameter>(&mut self, name: &'static str, value: &P) {
        self.query.extend(value.values().into_iter().map(|value| (name, value)));
    }

    pub fn header<P: Parameter>(&mut self, name: &'static str, value: &P) {
        self.headers.extend(value.values().into_iter().map(|value| (name, value)));
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

    /// Sends the request and reads the answer's body.
    ///
    /// # Errors
    /// The server's problem, or why there is no answer.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        let (status, bytes) = self.exchange().await?;
        serde_json::from_slice(&bytes)
            .map_err(|_| Error::Unexpected { status, body: String::from_utf8_lossy(&bytes).into_owned() })
    }

    /// Sends a request whose answer has no body.
    ///
    /// # Errors
    /// The server's problem, or why there is no answer.
    pub async fn send_for_nothing(self) -> Result<(), Error> {
        self.exchange().await.map(|_| ())
    }

    async fn exchange(self) -> Result<(u16, bytes::Bytes), Error> {
        let mut url = format!("{}{}", self.transport.base, self.path);
        if !self.query.is_empty() {
            let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
            url = format!("{url}?{pairs}");
        }
        let method = self.method.parse().unwrap_or(http::Method::GET);
        let mut request = self.transport.http.request(method, url).header("accept", "application/json");
        if let Ok(bearer) = self.transport.bearer.read()
            && let Some(token) = bearer.as_ref()
        {
            request = request.header("authorization", format!("Bearer {}", token.expose()));
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if let Some(pairs) = self.form {
            let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            request = request.header("content-type", crate::media::FORM).body(text);
        }
        if let Some((media_type, body)) = self.body {
            request = request.header("content-type", media_type).body(body);
        }
        let response = request.send().await.map_err(Error::Transport)?;
        let status = response.status();
        let bytes = response.bytes().await.map_err(Error::Transport)?;
        if status.is_success() {
            return Ok((status.as_u16(), bytes));
        }
        Err(match serde_json::from_slice(&bytes) {
            Ok(problem) => Error::Problem(Box::new(problem)),
            Err(_) => Error::Unexpected { status: status.as_u16(), body: String::from_utf8_lossy(&bytes).into_owned() },
        })
    }
}
