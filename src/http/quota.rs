//! Rate limits from the document, and what answers tell of them (IETF draft ratelimit-headers).
//!
//! Callers are counted by their account once they are verified, by their address before.

use crate::api::limits::key;
use crate::infra::limiter::{Decision, Limiter};
use crate::service::Caller;
use contract::problem::kinds;
use contract::{Limit, Operation, Problem};
use generated::call::Call;
use http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::Arc;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The limits in force.
#[derive(Clone)]
pub struct Limits(pub Arc<Limiter>);

/// What the limits said to one request.
#[derive(Debug, Default)]
pub struct Quota(Vec<(&'static str, Decision)>);

impl Quota {
    /// Counts the request against the limits that need nothing but the caller.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn admit(
        &mut self,
        limits: &Limits,
        operation: &Operation,
        caller: Option<&Arc<Caller>>,
        ip: IpAddr,
    ) -> Result<(), Problem> {
        for limit in operation.limits.iter().filter(|limit| !limit.partitioned) {
            self.judge(limit, limits, caller, ip, None)?;
        }
        Ok(())
    }

    /// Counts the decoded call against the limits whose key holds one of its members, always together with the
    /// address, so that nobody can lock somebody else out.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn admit_partition(
        &mut self,
        limits: &Limits,
        operation: &Operation,
        call: &Call,
        caller: Option<&Arc<Caller>>,
        ip: IpAddr,
    ) -> Result<(), Problem> {
        for limit in operation.limits.iter().filter(|limit| limit.partitioned) {
            if let Some(member) = call.partition(limit.policy) {
                self.judge(limit, limits, caller, ip, Some(member))?;
            }
        }
        Ok(())
    }

    fn judge(
        &mut self,
        limit: &Limit,
        limits: &Limits,
        caller: Option<&Arc<Caller>>,
        ip: IpAddr,
        member: Option<&str>,
    ) -> Result<(), Problem> {
        if limits.0.is_off() {
            return Ok(());
        }
        let policy = limit.policy;
        let (audience, key) = key(caller.map(AsRef::as_ref), ip, member, limit.by_address);
        let Some(decision) = limits.0.check(policy, audience, &key) else { return Ok(()) };
        self.0.push((policy, decision));
        if decision.admitted {
            return Ok(());
        }
        let wait = decision.retry_after_seconds.max(1);
        let detail = format!(
            "The limit `{policy}` of {} requests in {} seconds is used up. Try again in {wait} seconds.",
            decision.limit, decision.window_seconds
        );
        Err(Problem::new(kinds::RATE_LIMITED, detail)
            .with_member("policy", policy)
            .with_header(RETRY_AFTER, &wait.to_string()))
    }

    /// `RateLimit` and `RateLimit-Policy`.
    pub fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let mut state = String::with_capacity(64);
        let mut policies = String::with_capacity(64);
        for (policy, decision) in &self.0 {
            let comma = if state.is_empty() { "" } else { ", " };
            let _ = write!(state, "{comma}\"{policy}\";r={};t={}", decision.remaining, decision.reset_seconds);
            let _ = write!(policies, "{comma}\"{policy}\";q={};w={}", decision.limit, decision.window_seconds);
        }
        let pair = |name: HeaderName, text: String| Some((name, HeaderValue::from_str(&text).ok()?));
        let pairs =
            if self.0.is_empty() { [None, None] } else { [pair(RATE_LIMIT, state), pair(RATE_LIMIT_POLICY, policies)] };
        pairs.into_iter().flatten()
    }
}
