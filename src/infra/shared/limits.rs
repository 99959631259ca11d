//! Limits that all instances count together: the buckets of [`Limiter`], kept by the server and judged by its clock.
//!
//! One script judges all limits of a request, so they cost one way there and back. While the server is away each instance
//! counts alone; it goes on from what it admitted itself, which is counted here as well.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redis::Script;

use super::Shared;
use crate::infra::limiter::{Bucket, Counts, Decision, Limiter};
use crate::infra::secret::SecretKey;

/// What keys are told apart by, from the secret's other uses.
const PURPOSE: &str = "limits";

/// Judges the buckets `KEYS` in turn and stops at the first that refuses. `ARGV`: whether to take, then for each bucket its
/// size and the microseconds that one admission takes to come back. Answers for each: whether it admits, how many are left,
/// and for how many microseconds a refusal holds. Kept is the moment at which the bucket is whole again, as with `governor`.
const SCRIPT: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local take = ARGV[1] == '1'
local told = {}
for place, key in ipairs(KEYS) do
  local size, interval = tonumber(ARGV[2 * place]), tonumber(ARGV[2 * place + 1])
  local whole = math.max(now, tonumber(redis.call('GET', key) or 0))
  local wait = whole - now - interval * (size - 1)
  if wait > 0 then
    told[#told + 1] = {0, 0, math.ceil(wait)}
    if take then break end
  else
    local left = math.floor((now + interval * size - whole) / interval)
    if take then
      redis.call('SET', key, string.format('%.0f', whole + interval), 'PX', math.ceil((whole + interval - now) / 1000))
      left = left - 1
    end
    told[#told + 1] = {1, left, 0}
  end
end
return told
";

/// The limits of all instances.
#[derive(Debug)]
pub struct Together {
    limiter: Arc<Limiter>,
    shared: Shared,
    secret: SecretKey,
    script: Script,
}

/// One question: may `who`, of this audience, under this policy?
#[derive(Debug, Clone, Copy)]
pub struct Question<'q, C> {
    /// The policy's name.
    pub policy: &'q str,
    /// The caller's group.
    pub audience: &'q str,
    /// Whom it counts.
    pub who: &'q C,
}

impl Together {
    /// Counts by `shared` what `limiter` knows; the secret must be the same for all instances.
    #[must_use]
    pub fn new(limiter: Arc<Limiter>, shared: Shared, secret: SecretKey) -> Self {
        Self { limiter, shared, secret, script: Script::new(SCRIPT) }
    }

    /// As [`Limiter::check`], for several limits at once: what each says, up to the first that refuses.
    pub async fn check<C: Counts>(&self, questions: &[Question<'_, C>]) -> Vec<Option<Decision>> {
        let Some(decisions) = self.ask(questions, true).await else {
            let mut refused = false;
            let judged = questions.iter().map_while(|Question { policy, audience, who }| {
                let decision = (!refused).then(|| self.limiter.check(policy, audience, who))?;
                refused = decision.is_some_and(|decision| !decision.admitted);
                Some(decision)
            });
            return judged.collect();
        };
        for (Question { policy, audience, who }, decision) in questions.iter().zip(&decisions) {
            if decision.is_some_and(|decision| decision.admitted) {
                // Only noted, for the time when it is asked.
                let _ = self.limiter.check(policy, audience, who);
            }
        }
        decisions
    }

    /// As [`Limiter::peek`], for several limits at once: what each says.
    pub async fn peek<C: Counts>(&self, questions: &[Question<'_, C>]) -> Vec<Option<Decision>> {
        match self.ask(questions, false).await {
            Some(decisions) => decisions,
            None => questions.iter().map(|one| self.limiter.peek(one.policy, one.audience, one.who)).collect(),
        }
    }

    /// `None` when the server does not answer.
    async fn ask<C: Counts>(&self, questions: &[Question<'_, C>], take: bool) -> Option<Vec<Option<Decision>>> {
        let buckets: Vec<Option<&Bucket>> =
            questions.iter().map(|one| self.limiter.bucket(one.policy, one.audience)).collect();
        if buckets.iter().all(Option::is_none) {
            return Some(vec![None; questions.len()]);
        }
        let prefix = self.shared.prefix();
        let mut script = self.script.prepare_invoke();
        script.arg(u8::from(take));
        for (question, bucket) in questions.iter().zip(&buckets) {
            let Some(bucket) = bucket else { continue };
            script.key(self.key(&prefix, question, bucket));
            script.arg(bucket.limit()).arg(micros(bucket.interval()));
        }
        let answers: Vec<(u8, u32, u64)> = self.shared.ask(&script).await?;
        let mut answers = answers.into_iter();
        let decide = |bucket: Option<&Bucket>| match bucket {
            // Behind a refusal there are no more answers, nor questions that matter.
            Some(bucket) => answers.next().map(|answer| Some(decision(bucket, answer, take))),
            None => Some(None),
        };
        Some(buckets.into_iter().map_while(decide).collect())
    }

    /// Callers stay unknown to whoever can look into the server, and can aim at nobody's place.
    fn key<C: Counts>(&self, prefix: &str, question: &Question<'_, C>, bucket: &Bucket) -> String {
        let mut who = Vec::with_capacity(64);
        question.who.write_to(&mut who);
        let who = URL_SAFE_NO_PAD.encode(&self.secret.mac(PURPOSE, &who)[..16]);
        format!("{prefix}:limit:{}:{}:{who}", question.policy, bucket.audience())
    }
}

fn decision(bucket: &Bucket, (admitted, left, wait): (u8, u32, u64), take: bool) -> Decision {
    match admitted {
        0 => bucket.refused(Duration::from_micros(wait)),
        _ => bucket.admitted(left.min(bucket.limit() - u32::from(take))),
    }
}

fn micros(interval: Duration) -> u64 {
    u64::try_from(interval.as_micros()).unwrap_or(u64::MAX).max(1)
}
