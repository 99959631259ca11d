//! The transport of generated clients: builds requests, reads answers and problems, and does what every careful caller would
//! have to do: it waits as it is told, repeats what may be repeated, keeps its tokens fresh, and walks through pages.

mod call;
mod parameter;
mod patience;
mod problem;
mod tokens;
mod walk;

pub use call::{Call, Reply};
pub use parameter::Parameter;
pub use patience::Patience;
pub use problem::{Error, ProblemDocument, Violation};
pub use walk::{PageFuture, Walk};

use crate::Secret;
use http::{HeaderName, HeaderValue, Method, header};
use std::sync::Arc;
use std::time::Duration;
use tokens::Keeper;

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long one attempt may take, its answer's body included.
const ATTEMPT_TIMEOUT: Duration = Duration::from_mins(1);

/// Where the server is and who calls. Clones share their tokens.
#[derive(Debug, Clone)]
pub struct Transport {
    base: Arc<str>,
    http: reqwest::Client,
    keeper: Arc<Keeper>,
    patience: Patience,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Transport {
    /// A transport for the server whose operations live under `base`, such as `http://127.0.0.1:8080/api/v1`. It follows no
    /// redirects: credentials go nowhere else.
    #[must_use]
    pub fn new(base: &str) -> Self {
        // What is built without options of the system's cannot fail.
        Self::over(base, Self::http().build().unwrap_or_default())
    }

    /// What [`new`](Self::new) calls through, before it is built: for whoever has something to add to it, such as a TLS of
    /// their own, and goes on with [`over`](Self::over).
    pub fn http() -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ATTEMPT_TIMEOUT)
    }

    /// The same over a client of one's own: its limits in time, its proxies, its TLS.
    #[must_use]
    pub fn over(base: &str, http: reqwest::Client) -> Self {
        let base = base.trim_end_matches('/').into();
        Self { base, http, keeper: Arc::default(), patience: Patience::default(), headers: Vec::new() }
    }

    /// The same with another rule about repeats.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// The same with a header on every request, such as `If-None-Match`. A header of the call itself wins.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The same server, called by somebody else: without tokens, and what is signed in there is not signed in here.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        Self { keeper: Arc::default(), ..self.clone() }
    }

    /// Sends this access token from now on, and does not renew it.
    pub fn authorize(&self, access_token: impl Into<String>) {
        self.keeper.hold(Some(Secret::new(access_token)), None);
    }

    /// Sends this access token from now on. Once the server no longer takes it, the refresh token is spent for another pair:
    /// one time, however many calls wait for it (RFC 6749, section 6).
    pub fn sign_in(&self, access_token: impl Into<String>, refresh_token: impl Into<String>) {
        self.keeper.hold(Some(Secret::new(access_token)), Some(Secret::new(refresh_token)));
    }

    /// Forgets all tokens.
    pub fn sign_out(&self) {
        self.keeper.hold(None, None);
    }

    /// Begins a call of an operation, which is answered in JSON. A method that is none of HTTP's counts as GET.
    #[must_use]
    pub fn call(&self, method: &'static str, path: &'static str) -> Call<'_> {
        let mut call = self.request(method.parse().unwrap_or(Method::GET), path);
        call.headers([(header::ACCEPT, HeaderValue::from_static(crate::media::JSON))].into_iter().collect());
        call
    }

    /// Begins a request of one's own: any method, any target below the base, asking for no media type in particular. Its
    /// [`answer`](Call::answer) can be had unjudged.
    #[must_use]
    pub fn request(&self, method: Method, target: &str) -> Call<'_> {
        Call::new(self, method, target)
    }
}
