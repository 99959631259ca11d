//! Rate limits from the document, and what answers tell of them (IETF draft ratelimit-headers).
//!
//! Callers are counted by their account once they are verified, by their address before.

use crate::api::limits::{Counted, Member, audience};
use crate::infra::limiter::{Decision, Limiter};
use crate::infra::shared::limits::{Question, Together};
use crate::service::Caller;
use contract::problem::kinds;
use contract::{Limit, Operation, Problem};
use generated::policies::LIMIT_POLICIES;
use http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use std::cell::RefCell;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The limits in force.
#[derive(Clone)]
pub struct Limits {
    limiter: Arc<Limiter>,
    /// What counts instead of it, where several instances count together.
    together: Option<Arc<Together>>,
    /// `RateLimit-Policy` of each policy and limit: it says the same in every answer.
    policies: Arc<[(&'static str, u32, HeaderValue)]>,
    /// Requests that each policy refused.
    refused: Arc<[(&'static str, AtomicU64)]>,
}

impl Limits {
    /// What the document limits, counted by `limiter`, or, where there are several instances, by all of them.
    #[must_use]
    pub fn new(limiter: Arc<Limiter>, together: Option<Arc<Together>>) -> Self {
        let policies = LIMIT_POLICIES.iter().flat_map(|policy| {
            policy.audiences.iter().filter_map(|(_, limit)| {
                let text = policy_text(policy.name, *limit, policy.window_seconds);
                Some((policy.name, *limit, HeaderValue::try_from(text).ok()?))
            })
        });
        let refused = LIMIT_POLICIES.iter().map(|policy| (policy.name, AtomicU64::new(0))).collect();
        Self { policies: policies.collect(), refused, limiter, together }
    }

    /// How many requests each policy has refused.
    pub fn refusals(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.refused.iter().map(|(policy, count)| (*policy, count.load(Ordering::Relaxed)))
    }

    fn note_refusal(&self, policy: &str) {
        if let Some((_, count)) = self.refused.iter().find(|(name, _)| *name == policy) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Whether nothing is limited.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.limiter.is_off()
    }

    /// Whether asking takes a way to another server.
    #[must_use]
    pub fn are_shared(&self) -> bool {
        self.together.is_some() && !self.is_off()
    }

    fn policy(&self, policy: &str, limit: u32) -> Option<HeaderValue> {
        let found = self.policies.iter().find(|(name, number, _)| *number == limit && *name == policy);
        found.map(|(_, _, header)| header.clone())
    }
}

/// What the limits said to one request; few operations name more than one.
#[derive(Debug, Default)]
pub struct Quota {
    first: Option<(&'static str, Decision)>,
    more: Vec<(&'static str, Decision)>,
}

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
        for limit in operation.limits_of_callers() {
            self.judge(limit, limits, caller, ip, None)?;
        }
        Ok(())
    }

    /// As [`admit`](Self::admit), for requests that are looked at anew where they may not go on: then nothing is said, and
    /// nothing counted against a refusal.
    pub fn admits(&mut self, limits: &Limits, operation: &Operation, caller: Option<&Caller>, ip: IpAddr) -> bool {
        operation.limits_of_callers().all(|limit| {
            let counted = Counted::of(caller, ip, None, limit.by_address);
            let decision = limits.limiter.check(limit.policy, audience(caller), &counted);
            decision.is_none_or(|decision| {
                self.add(limit.policy, decision);
                decision.admitted
            })
        })
    }

    /// As [`admit`](Self::admit), over all instances: one way there and back for all limits.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub async fn admit_together(
        &mut self,
        limits: &Limits,
        operation: &Operation,
        caller: Option<&Arc<Caller>>,
        ip: IpAddr,
    ) -> Result<(), Problem> {
        let caller = caller.map(AsRef::as_ref);
        let asked = operation.limits_of_callers();
        let asked: Vec<_> =
            asked.map(|limit| (limit.policy, Counted::of(caller, ip, None, limit.by_address))).collect();
        self.judge_together(limits, &asked, audience(caller)).await
    }

    /// Counts the decoded call against a limit whose key holds one of its members, always together with the address, so
    /// that nobody can lock somebody else out.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub async fn admit_partition(
        &mut self,
        limits: &Limits,
        limit: &Limit,
        member: Member<'_>,
        caller: Option<&Arc<Caller>>,
        ip: IpAddr,
    ) -> Result<(), Problem> {
        if limits.are_shared() {
            let caller = caller.map(AsRef::as_ref);
            let asked = [(limit.policy, Counted::of(caller, ip, Some(member), limit.by_address))];
            return self.judge_together(limits, &asked, audience(caller)).await;
        }
        self.judge(limit, limits, caller, ip, Some(member))
    }

    async fn judge_together(
        &mut self,
        limits: &Limits,
        asked: &[(&'static str, Counted)],
        audience: &str,
    ) -> Result<(), Problem> {
        let Some(together) = &limits.together else { return Ok(()) };
        let questions: Vec<_> = asked.iter().map(|(policy, who)| Question { policy, audience, who }).collect();
        let decisions = together.check(&questions).await;
        asked.iter().zip(decisions).try_for_each(|((policy, _), decision)| self.note(limits, policy, decision))
    }

    fn judge(
        &mut self,
        limit: &Limit,
        limits: &Limits,
        caller: Option<&Arc<Caller>>,
        ip: IpAddr,
        member: Option<Member<'_>>,
    ) -> Result<(), Problem> {
        let policy = limit.policy;
        let caller = caller.map(AsRef::as_ref);
        let counted = Counted::of(caller, ip, member, limit.by_address);
        self.note(limits, policy, limits.limiter.check(policy, audience(caller), &counted))
    }

    fn note(&mut self, limits: &Limits, policy: &'static str, decision: Option<Decision>) -> Result<(), Problem> {
        let Some(decision) = decision else { return Ok(()) };
        self.add(policy, decision);
        if decision.admitted {
            return Ok(());
        }
        limits.note_refusal(policy);
        let wait = decision.retry_after_seconds.max(1);
        let detail = format!(
            "The limit `{policy}` of {} requests in {} seconds is used up. Try again in {wait} seconds.",
            decision.limit, decision.window_seconds
        );
        Err(Problem::new(kinds::RATE_LIMITED, detail)
            .with_member("policy", policy)
            .with_header(RETRY_AFTER, &wait.to_string()))
    }

    fn add(&mut self, policy: &'static str, decision: Decision) {
        match self.first {
            None => self.first = Some((policy, decision)),
            Some(_) => self.more.push((policy, decision)),
        }
    }

    /// Sets the [`headers`](Self::headers) of an answer.
    pub fn tell(&self, limits: &Limits, headers: &mut HeaderMap) {
        // Not `extend`, which makes room for more even where the names have their places.
        for (name, value) in self.headers(limits) {
            headers.insert(name, value);
        }
    }

    /// `RateLimit` and `RateLimit-Policy`.
    pub fn headers(&self, limits: &Limits) -> impl Iterator<Item = (HeaderName, HeaderValue)> + use<> {
        let state = self.first.and_then(|_| Some((RATE_LIMIT, self.state()?)));
        let policies = self.first.and_then(|(policy, decision)| {
            let value = match &*self.more {
                [] => limits.policy(policy, decision.limit)?,
                more => {
                    let all = self.first.iter().chain(more);
                    let texts = all.map(|(policy, told)| policy_text(policy, told.limit, told.window_seconds));
                    HeaderValue::try_from(texts.collect::<Vec<_>>().join(", ")).ok()?
                }
            };
            Some((RATE_LIMIT_POLICY, value))
        });
        state.into_iter().chain(policies)
    }

    fn state(&self) -> Option<HeaderValue> {
        thread_local! {
            // The value is copied out once its length is known: one piece of memory for each answer, and not two.
            static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        TEXT.with_borrow_mut(|text| {
            text.clear();
            self.write_state(text);
            HeaderValue::from_bytes(text).ok()
        })
    }

    /// Appends the line of `RateLimit`, if there is anything to say.
    pub(super) fn write_line(&self, lines: &mut Vec<u8>) {
        if self.first.is_some() {
            lines.extend_from_slice(b"ratelimit: ");
            self.write_state(lines);
            lines.extend_from_slice(b"\r\n");
        }
    }

    fn write_state(&self, text: &mut Vec<u8>) {
        for (place, (policy, decision)) in self.first.iter().chain(&self.more).enumerate() {
            text.extend_from_slice(if place == 0 { b"\"" } else { b", \"" });
            text.extend_from_slice(policy.as_bytes());
            text.extend_from_slice(b"\";r=");
            text.extend_from_slice(itoa::Buffer::new().format(decision.remaining).as_bytes());
            text.extend_from_slice(b";t=");
            text.extend_from_slice(itoa::Buffer::new().format(decision.reset_seconds).as_bytes());
        }
    }
}

fn policy_text(policy: &str, limit: u32, window_seconds: u32) -> String {
    format!("\"{policy}\";q={limit};w={window_seconds}")
}
