//! The lines to a server: our own client's transport, which is the one way on which tests call. It repeats nothing here and asks
//! for nothing by itself, so that tests hear what the server said.

use super::call::{Call, To};
use super::caller::Credentials;
use contract::client::{Patience, Transport};
use http::Method;
use reqwest::{Client, ClientBuilder, redirect};
use serde_json::{Value, json};
use std::sync::Arc;

/// Connections to one server, which all its callers share.
#[derive(Debug)]
pub struct Lines {
    pub http: Transport,
    /// The same over HTTP/2.
    pub http2: Transport,
}

impl Lines {
    /// To the server whose origin is `base`.
    pub fn to(base: &str) -> Self {
        Self::with(base, |builder| builder)
    }

    /// To the same, by a client that is changed so.
    pub fn with(base: &str, change: impl Fn(ClientBuilder) -> ClientBuilder) -> Self {
        let builder = || {
            let redirect = redirect::Policy::none();
            change(Client::builder().redirect(redirect).no_proxy().user_agent("tests/1"))
        };
        let line = |builder: ClientBuilder| {
            Transport::over(base, builder.build().expect("a client")).with_patience(Patience::NONE)
        };
        Self { http: line(builder()), http2: line(builder().http2_prior_knowledge()) }
    }
}

/// Somebody who calls a server in another process.
#[derive(Clone)]
pub struct Guest {
    lines: Arc<Lines>,
    credentials: Credentials,
}

impl Guest {
    /// Somebody without credentials.
    pub fn on(lines: Lines) -> Self {
        Self { lines: Arc::new(lines), credentials: Credentials::None }
    }

    /// The same with credentials.
    pub fn with(&self, credentials: Credentials) -> Self {
        Self { lines: Arc::clone(&self.lines), credentials }
    }

    /// The same with this access token.
    pub fn bearing(&self, token: &str) -> Self {
        self.with(Credentials::Bearer(token.to_owned()))
    }

    pub fn call(&self, method: Method, target: &str) -> Call {
        Call::new(To::Server(Arc::clone(&self.lines)), &self.credentials, method, target)
    }

    pub fn get(&self, target: &str) -> Call {
        self.call(Method::GET, target)
    }

    pub fn post(&self, target: &str, body: &Value) -> Call {
        self.call(Method::POST, target).json(body)
    }

    /// The token pair of a new session.
    pub async fn log_in(&self, name: &str, password: &str) -> Value {
        let body = json!({"username": name, "password": password});
        self.post("/auth/login", &body).await.expect_status(200).json()
    }
}
