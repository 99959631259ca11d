//! Quotas: how often one caller may do something within a window of time.
//!
//! Policies come from the document; whom they count, and when they apply, is the caller's business. A quota is a bucket of
//! `limit` admissions that refills evenly, one every `window / limit` (the generic cell rate algorithm of `governor`).

mod store;

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};
use std::num::NonZeroU32;
use std::ops::Add;
use std::time::Duration;

use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::{Quota, RateLimiter};

use self::store::{Probe, Store};
use super::clock::Clock;

/// A limit as the document declares it: so many admissions per window, different for each audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its name in the document, and in the `RateLimit` header.
    pub name: String,
    /// Length of the window, in seconds.
    pub window_seconds: u32,
    /// Admissions per window, by audience.
    pub limits: BTreeMap<String, u32>,
}

/// Whom a quota counts.
pub trait Counts: Hash {
    /// Appends what tells it from all others, alike on every instance.
    fn write_to(&self, out: &mut Vec<u8>);
}

/// What a quota says to one caller at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the caller may go on.
    pub admitted: bool,
    /// Admissions per window.
    pub limit: u32,
    /// Length of the window, in seconds.
    pub window_seconds: u32,
    /// Admissions left at this moment.
    pub remaining: u32,
    /// Seconds, rounded up, until the whole limit is there again, if nothing is used meanwhile.
    pub reset_seconds: u64,
    /// Seconds, rounded up, until one more is admitted; 0 when one is admitted at once.
    pub retry_after_seconds: u64,
}

/// Why policies cannot be enforced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A limit or window of zero, or a policy without any audience.
    #[error("the rate limit policy `{policy}` needs a window, and a limit for every audience, of at least 1")]
    Empty {
        /// Its name.
        policy: String,
    },
    /// A policy that is not declared.
    #[error("there is no rate limit policy `{policy}`")]
    Unknown {
        /// Its name.
        policy: String,
    },
}

/// Counts callers against policies. Cheap to ask: some 100 ns.
pub struct Limiter {
    rules: Vec<Rule>,
    hasher: RandomState,
}

struct Rule {
    policy: String,
    /// Strictest first.
    buckets: Vec<Bucket>,
}

/// What one audience has under a policy.
pub struct Bucket {
    audience: String,
    limit: NonZeroU32,
    window_seconds: u32,
    interval: Duration,
    callers: RateLimiter<Probe, Store, Ticks, StateInformationMiddleware>,
}

impl Limiter {
    /// Enforces `policies`.
    ///
    /// # Errors
    /// [`PolicyError::Empty`] when a policy has a limit or window of zero, or no audience.
    pub fn new(policies: &[Policy], clock: &Clock) -> Result<Self, PolicyError> {
        let rules = policies.iter().map(|policy| Rule::new(policy, clock)).collect::<Result<_, _>>()?;
        Ok(Self { rules, hasher: RandomState::new() })
    }

    /// Admits everyone, and has nothing to say about quotas.
    #[must_use]
    pub fn off() -> Self {
        Self { rules: Vec::new(), hasher: RandomState::new() }
    }

    /// Whether anything is limited.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.rules.is_empty()
    }

    /// To be asked at start for every policy that an operation names, since [`Limiter::check`] lets undeclared ones pass.
    ///
    /// # Errors
    /// [`PolicyError::Unknown`] for the first that is not declared, unless limits are off.
    pub fn require<'a>(&self, policies: impl IntoIterator<Item = &'a str>) -> Result<(), PolicyError> {
        match policies.into_iter().find(|name| !self.is_off() && self.rule(name).is_none()) {
            Some(policy) => Err(PolicyError::Unknown { policy: policy.to_owned() }),
            None => Ok(()),
        }
    }

    /// Takes one admission for `key` under `policy`, or refuses. An audience that the policy does not name gets its lowest limit.
    ///
    /// `None` when limits are off or no such policy is declared: nothing to enforce, nothing to tell.
    #[must_use]
    pub fn check(&self, policy: &str, audience: &str, key: &(impl Hash + ?Sized)) -> Option<Decision> {
        self.ask(policy, audience, key, true)
    }

    /// What [`Limiter::check`] would say, without taking anything: `admitted` tells whether one would be admitted, `remaining`
    /// counts that one.
    #[must_use]
    pub fn peek(&self, policy: &str, audience: &str, key: &(impl Hash + ?Sized)) -> Option<Decision> {
        self.ask(policy, audience, key, false)
    }

    /// Forgets callers whose quota is whole again, as if they had never called. To be done every window or so: between two
    /// sweeps the memory grows by some 50 bytes with each new caller.
    pub fn sweep(&self) {
        for bucket in self.rules.iter().flat_map(|rule| &rule.buckets) {
            bucket.callers.retain_recent();
            bucket.callers.shrink_to_fit();
        }
    }

    /// How many callers are remembered, over all policies and audiences.
    #[must_use]
    pub fn callers(&self) -> usize {
        self.rules.iter().flat_map(|rule| &rule.buckets).map(|bucket| bucket.callers.len()).sum()
    }

    fn ask(&self, policy: &str, audience: &str, key: &(impl Hash + ?Sized), take: bool) -> Option<Decision> {
        let bucket = self.bucket(policy, audience)?;
        // Keys are hashed with a secret of this process: nobody can aim for another's place, and callers take no room for text.
        let probe = Probe { caller: self.hasher.hash_one(key), take };
        Some(bucket.ask(probe))
    }

    /// What this audience has under this policy; `None` as with [`check`](Self::check).
    #[must_use]
    pub fn bucket(&self, policy: &str, audience: &str) -> Option<&Bucket> {
        self.rule(policy)?.bucket(audience)
    }

    fn rule(&self, policy: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.policy == policy)
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.rules.iter().map(|rule| rule.policy.as_str()).collect::<Vec<_>>();
        formatter.debug_struct("Limiter").field("policies", &names).finish_non_exhaustive()
    }
}

impl Rule {
    fn new(policy: &Policy, clock: &Clock) -> Result<Self, PolicyError> {
        let empty = || PolicyError::Empty { policy: policy.name.clone() };
        let mut buckets = Vec::with_capacity(policy.limits.len());
        for (audience, &limit) in &policy.limits {
            let limit = NonZeroU32::new(limit).ok_or_else(empty)?;
            buckets.push(Bucket::new(audience, limit, policy.window_seconds, clock).ok_or_else(empty)?);
        }
        if buckets.is_empty() {
            return Err(empty());
        }
        buckets.sort_by_key(|bucket| bucket.limit);
        Ok(Self { policy: policy.name.clone(), buckets })
    }

    fn bucket(&self, audience: &str) -> Option<&Bucket> {
        self.buckets.iter().find(|bucket| bucket.audience == audience).or(self.buckets.first())
    }
}

impl Bucket {
    /// `None` for a window of zero.
    fn new(audience: &str, limit: NonZeroU32, window_seconds: u32, clock: &Clock) -> Option<Self> {
        let interval = Duration::from_secs(window_seconds.into()) / limit.get();
        let quota = Quota::with_period(interval)?.allow_burst(limit);
        let callers = RateLimiter::new(quota, Store::default(), Ticks(clock.clone()));
        Some(Self { audience: audience.to_owned(), limit, window_seconds, interval, callers })
    }

    /// Whom it is for.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// Admissions per window.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit.get()
    }

    /// How long one admission takes to come back.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.interval
    }

    fn ask(&self, probe: Probe) -> Decision {
        match self.callers.check_key(&probe) {
            Ok(after) => self.admitted(after.remaining_burst_capacity() + u32::from(!probe.take)),
            Err(refusal) => self.refused(refusal.wait_time_from(governor::clock::Clock::now(self.callers.clock()))),
        }
    }

    /// What it says to somebody who may go on, and so many times after that.
    #[must_use]
    pub fn admitted(&self, remaining: u32) -> Decision {
        Decision {
            admitted: true,
            limit: self.limit(),
            window_seconds: self.window_seconds,
            remaining,
            reset_seconds: seconds(self.interval * self.limit().saturating_sub(remaining)),
            retry_after_seconds: 0,
        }
    }

    /// What it says to somebody who has to wait.
    #[must_use]
    pub fn refused(&self, wait: Duration) -> Decision {
        Decision {
            admitted: false,
            limit: self.limit(),
            window_seconds: self.window_seconds,
            remaining: 0,
            reset_seconds: seconds(wait + self.interval * (self.limit() - 1)),
            // Whoever is refused waits for something, even if the moment has just come.
            retry_after_seconds: seconds(wait).max(1),
        }
    }
}

fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

/// Our clock, as `governor` reads it.
struct Ticks(Clock);

impl fmt::Debug for Ticks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Ticks")
    }
}

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::new(0).add(self.0.elapsed())
    }
}

#[cfg(test)]
mod tests;
