//! One file per tag implements that tag's generated trait: convert, call one use case, convert back.
//!
//! What every operation has in common was judged before: who calls, whether they may, how often, and that the input
//! is well-formed. What is left to refuse is a rule of the service, whose errors `problems` translates.
#![allow(clippy::wildcard_imports, reason = "a new operation is one function here, not also a line of imports")]

mod api_keys;
mod auth;
mod categories;
pub mod limits;
mod members;
mod oauth;
mod page;
mod problems;
mod products;
mod stock;
mod users;

use crate::infra::limiter::Limiter;
use crate::service::{Caller, Shop};
use contract::{Operation, Problem};
use http::{HeaderMap, Uri};
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

/// Implements the operations of the document.
pub struct Handlers {
    pub shop: Shop,
    pub limiter: Arc<Limiter>,
}

/// What is known of a call besides its parameters.
pub struct Context<'r> {
    pub operation: &'static Operation,
    pub caller: Option<Arc<Caller>>,
    /// The caller's address, proxies considered.
    pub ip: IpAddr,
    /// Scheme and authority under which the caller reached this server, for links.
    pub base: Cow<'r, str>,
    pub uri: &'r Uri,
    pub headers: &'r HeaderMap,
}

impl Context<'_> {
    /// The caller of an operation that lets nobody in without credentials.
    ///
    /// # Errors
    /// An internal error, if the document lets anonymous callers in after all.
    fn caller(&self) -> Result<&Caller, Problem> {
        self.caller.as_deref().ok_or_else(|| {
            let detail = format!("{} was called by nobody", self.operation.id);
            Problem::new(contract::problem::kinds::INTERNAL_ERROR, detail)
        })
    }

    fn user_agent(&self) -> Option<&str> {
        self.headers.get(http::header::USER_AGENT).and_then(|value| value.to_str().ok())
    }
}
