//! One file per tag implements that tag's generated trait: convert, call one use case, convert back.
//!
//! What every operation has in common was judged before: who calls, whether they may, how often, and that the input
//! is well-formed. What is left to refuse is a rule of the service, whose errors `problems` translates.
#![allow(clippy::wildcard_imports, reason = "a new operation is one function here, not also a line of imports")]

mod admin;
mod api_keys;
mod auth;
mod categories;
pub mod kept;
pub mod limits;
mod members;
mod oauth;
mod order_items;
mod order_steps;
mod orders;
mod page;
pub mod problems;
mod products;
mod stock;
mod users;
pub mod workflow;

use crate::domain::password;
use crate::infra::limiter::Limiter;
use crate::infra::shared::limits::Together;
use crate::service::{By, Caller, Shop, Ticket};
use contract::{Ground, Operation, Problem};
use http::{HeaderMap, Uri};
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// Implements the operations of the document.
pub struct Handlers {
    pub shop: Shop,
    pub limiter: Arc<Limiter>,
    /// What counts instead of it, where several instances count together.
    pub together: Option<Arc<Together>>,
    /// What the operator decided, for whoever may look.
    pub settings: Vec<Setting>,
}

impl Handlers {
    /// What the decoder asks for.
    #[must_use]
    pub fn ground(&self) -> Ground {
        Ground { now: self.shop.now(), is_common: password::is_common }
    }
}

/// A setting as it is in effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The name of its variable.
    pub name: String,
    /// Its value; of a secret that is set, only that it is.
    pub value: Option<String>,
    /// Whether the value is never shown.
    pub secret: bool,
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
    pub request_id: &'r str,
    /// To be filled by operations that find out whose call it is, for the log.
    pub account: &'r OnceLock<Uuid>,
    /// The right to be the first request with its `Idempotency-Key`.
    pub repeat: Option<&'r Ticket>,
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

    /// The caller in this request, for whatever is changed.
    ///
    /// # Errors
    /// As [`caller`](Self::caller).
    fn by(&self) -> Result<By<'_>, Problem> {
        Ok(By::new(self.caller()?, self.request_id))
    }

    /// Notes whose call it turned out to be.
    fn is_of(&self, account: Uuid) {
        let _ = self.account.set(account);
    }

    fn user_agent(&self) -> Option<&str> {
        self.headers.get(http::header::USER_AGENT).and_then(|value| value.to_str().ok())
    }
}
