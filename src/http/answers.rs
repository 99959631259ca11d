//! Answers that are kept: serialised, with their tag, for as long as the document allows and nothing has changed that
//! they tell of.
//!
//! Kept are reads whose `x-cache` names tags. An answer is looked up by its path, its parameters in one order, and its
//! audience: everybody, or one account with its scopes. It carries a stamp of its tags that was taken before the handler
//! looked, so a write that commits meanwhile or later makes it fall ([`crate::infra::generations`]). Compressed forms are
//! kept beside the plain one.

use super::coding;
use super::trace::{Visit, X_REQUEST_ID};
use crate::infra::cache::{Bounds, Fresh, Stats};
use crate::infra::clock::Clock;
use crate::infra::compression::{Coding, Effort};
use crate::infra::generations::{Generations, Mark, Stamp};
use crate::service::Caller;
use bytes::Bytes;
use contract::{Cache, Operation, PathParams, Problem, Reply, Tag, conditional};
use http::StatusCode;
use http::header::{AGE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// Longer queries are answered, but not kept: their variety has no end.
const LONGEST_QUERY: usize = 1024;
/// Longer conditions are left to whoever judges requests by the document: it may refuse them.
const LONGEST_CONDITION: usize = 256;
/// What the document lets nobody else keep is kept here for so long; a change makes it fall earlier.
const PRIVATELY: Duration = Duration::from_mins(5);
/// What everybody may keep is kept here for so long while changes of other instances may be missed; the document says so
/// below `x-cache`. What is one caller's is not kept at all then.
const UNCERTAIN: Duration = Duration::from_secs(2);
/// Bytes that an entry takes besides its key and body, roughly.
const OVERHEAD: usize = 3 * 1024;

/// The kept answers, and how often they were of use.
pub struct Answers {
    kept: Fresh<String, Arc<Kept>>,
    generations: Arc<Generations>,
    clock: Clock,
    counts: Box<[Count]>,
}

#[derive(Default)]
struct Count {
    hits: AtomicU64,
    misses: AtomicU64,
}

/// One answer.
#[derive(Debug)]
pub(super) struct Kept {
    stamp: Stamp,
    /// By our clock, since it began to run.
    made: Duration,
    longest: Duration,
    /// The same while changes may be missed.
    uncertain: Duration,
    /// With a place for everything that each request sets anew: a map that grows costs as much as all the rest.
    whole: Reply,
    /// What who has the answer is told.
    unchanged: Reply,
}

/// Where a request's answer is kept, and what makes it fall.
pub(super) struct Place<'r> {
    operation: &'static Operation,
    cache: &'static Cache,
    key: String,
    path: &'r PathParams<'r>,
    caller: Option<Uuid>,
    coding: Option<Coding>,
    request: &'r HeaderMap,
}

impl Answers {
    /// Room for answers of `bytes` in all; the operations are those of the document.
    #[must_use]
    pub fn new(bytes: u64, generations: Arc<Generations>, clock: Clock, operations: &[Operation]) -> Self {
        let weigh = |key: &String, kept: &Arc<Kept>| {
            u32::try_from(key.len() + kept.whole.body.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        let most = operations.iter().map(|operation| operation.index).max().unwrap_or_default();
        let counts = (0..=most).map(|_| Count::default()).collect();
        Self { kept: Fresh::new(Bounds { weight: bytes, keep: None }, weigh), generations, clock, counts }
    }

    /// Where the answer to this request would be kept; nowhere, if the document does not name what it depends on.
    pub(super) fn place<'r>(
        operation: &'static Operation,
        path: &'r PathParams<'r>,
        target: (&str, &str),
        caller: Option<&Caller>,
        visit: &Visit,
        request: &'r HeaderMap,
    ) -> Option<Place<'r>> {
        let cache = operation.cache.as_ref().filter(|cache| !cache.tags.is_empty())?;
        let (route, query) = target;
        if query.len() > LONGEST_QUERY || !request.get_all(IF_NONE_MATCH).iter().all(is_plain) {
            return None;
        }
        let coding = coding::wanted(request);
        let mut key = String::with_capacity(route.len() + query.len() + 128);
        key.push_str(coding.map_or("", Coding::name));
        visit.base.write_to(&mut key);
        // Nothing of this can hold a line feed, so no two requests can spell one key in two ways.
        key.push('\n');
        key.push_str(route);
        key.push('\n');
        write_in_order(&mut key, query);
        if !cache.public {
            let caller = caller?;
            let _ = write!(key, "\n{} {:x}", caller.id().simple(), caller.scopes().bits());
        }
        Some(Place { operation, cache, key, path, caller: caller.map(Caller::id), coding, request })
    }

    /// The answer, if it is here and holds; without a body to who has it.
    pub(super) fn get(&self, place: &Place<'_>) -> Option<(Arc<Kept>, Reply)> {
        let now = self.clock.elapsed();
        let found = self.kept.get_while(&place.key, |kept| self.holds(kept, now))?;
        self.count_hit(place.operation);
        let reply = found.reply(place.request, place.cache, now);
        Some((found, reply))
    }

    /// How old this answer is, if it still holds.
    pub(super) fn age(&self, kept: &Kept) -> Option<Duration> {
        let now = self.clock.elapsed();
        self.holds(kept, now).then(|| now.saturating_sub(kept.made))
    }

    /// Notes that an answer was of use once more.
    pub(super) fn count_hit(&self, operation: &Operation) {
        self.counts[operation.index].hits.fetch_add(1, Ordering::Relaxed);
    }

    /// The answer, made and then kept; of those who ask for it at the same time one makes it for all.
    ///
    /// # Errors
    /// Those of `make`, which are not kept.
    pub(super) async fn make<F>(&self, place: &Place<'_>, make: impl Fn() -> F) -> Result<Reply, Problem>
    where
        F: Future<Output = Result<Reply, Problem>>,
    {
        let holds = |kept: &Arc<Kept>| self.holds(kept, self.clock.elapsed());
        let asked = AtomicBool::new(false);
        let keep = async || {
            asked.store(true, Ordering::Relaxed);
            // Taken before anything is looked at: what changes from here on makes the answer fall.
            let stamp = place.marks().and_then(|marks| self.generations.stamp(marks));
            let reply = make().await?;
            match stamp.filter(|_| reply.status == StatusCode::OK) {
                Some(stamp) => Ok(Arc::new(Kept::new(reply, stamp, place.cache, self.clock.elapsed()))),
                None => Err(Exit::Unkept(reply)),
            }
        };
        let made = match place.coding {
            None => self.kept.get_or_load_while(&place.key, holds, keep).await,
            Some(coding) => {
                let plain = place.key[coding.name().len()..].to_owned();
                let encode = async || {
                    let kept = self.kept.get_or_load_while(&plain, holds, keep).await?;
                    Ok(Arc::new(kept.encoded(coding)))
                };
                self.kept.get_or_load_while(&place.key, holds, encode).await
            }
        };
        let count = &self.counts[place.operation.index];
        let counter = if asked.into_inner() { &count.misses } else { &count.hits };
        counter.fetch_add(1, Ordering::Relaxed);
        match made {
            Ok(kept) => Ok(kept.reply(place.request, place.cache, self.clock.elapsed())),
            Err(Exit::Unkept(reply)) => Ok(reply),
            Err(Exit::Failed(problem)) => Err(*problem),
        }
    }

    fn holds(&self, kept: &Kept, now: Duration) -> bool {
        let longest = if self.generations.is_certain() { kept.longest } else { kept.uncertain };
        now.saturating_sub(kept.made) < longest && self.generations.holds(&kept.stamp)
    }

    /// Of each operation whose answers are kept: how many were found, and how many had to be made.
    pub fn counts<'o>(&self, operations: &'o [Operation]) -> impl Iterator<Item = (&'o str, u64, u64)> {
        operations.iter().filter(|operation| is_kept(operation)).map(|operation| {
            let Count { hits, misses } = &self.counts[operation.index];
            (operation.id, hits.load(Ordering::Relaxed), misses.load(Ordering::Relaxed))
        })
    }

    /// How many answers are kept, and what room they take.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.kept.stats()
    }
}

/// Whether a condition needs no judgement by the document.
fn is_plain(condition: &HeaderValue) -> bool {
    condition.len() <= LONGEST_CONDITION && condition.to_str().is_ok()
}

fn is_kept(operation: &Operation) -> bool {
    operation.cache.as_ref().is_some_and(|cache| !cache.tags.is_empty())
}

/// Why there is nothing to keep.
enum Exit {
    /// The answer is good for this request only.
    Unkept(Reply),
    Failed(Box<Problem>),
}

impl From<Problem> for Exit {
    fn from(problem: Problem) -> Self {
        Self::Failed(Box::new(problem))
    }
}

impl Kept {
    pub(super) fn body(&self) -> &Bytes {
        &self.whole.body
    }

    fn new(reply: Reply, stamp: Stamp, cache: &Cache, made: Duration) -> Self {
        let longest = if cache.public { Duration::from_secs(cache.max_age.into()) } else { PRIVATELY };
        let uncertain = if cache.public { longest.min(UNCERTAIN) } else { Duration::ZERO };
        let Reply { mut headers, body, .. } = reply;
        for name in [X_REQUEST_ID, X_CONTENT_TYPE_OPTIONS].into_iter().chain(cache.public.then_some(AGE)) {
            headers.insert(name, HeaderValue::from_static(""));
        }
        let unchanged = conditional::unchanged(headers.clone());
        Self { stamp, made, longest, uncertain, whole: Reply { status: StatusCode::OK, headers, body }, unchanged }
    }

    fn reply(&self, request: &HeaderMap, cache: &Cache, now: Duration) -> Reply {
        let known = self.whole.headers.get(ETAG).is_some_and(|tag| conditional::has(request, tag));
        let mut reply = if known { self.unchanged.clone() } else { self.whole.clone() };
        if cache.public {
            reply.headers.insert(AGE, HeaderValue::from(now.saturating_sub(self.made).as_secs()));
        }
        reply
    }

    fn encoded(&self, coding: Coding) -> Self {
        let whole = coding::encode(self.whole.clone(), coding, Effort::Once);
        let unchanged = conditional::unchanged(whole.headers.clone());
        let Self { stamp, made, longest, uncertain, .. } = *self;
        Self { stamp, made, longest, uncertain, whole, unchanged }
    }
}

impl Place<'_> {
    /// What the answer depends on; `None` when that cannot be told from the path as it is written.
    fn marks(&self) -> Option<Vec<Mark<'static>>> {
        let mark = |tag: &'static Tag| {
            let id = match tag.parameter {
                None => None,
                Some(Tag::CALLER) => Some(self.caller?),
                Some(name) => Some(Uuid::try_parse(self.path.get(name)?).ok()?),
            };
            Some(Mark { kind: tag.resource, id })
        };
        self.cache.tags.iter().map(mark).collect()
    }
}

/// The query's pairs in alphabetical order; those of one name stay in theirs.
fn write_in_order(key: &mut String, query: &str) {
    if !query.contains('&') {
        key.push_str(query);
        return;
    }
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_by_key(|pair| pair.split('=').next());
    for pair in pairs {
        key.push_str(pair);
        key.push('&');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(query: &str) -> String {
        let mut key = String::new();
        write_in_order(&mut key, query);
        key
    }

    #[test]
    fn the_order_of_parameters_does_not_matter_and_that_of_one_parameters_values_does() {
        assert_eq!(canonical("sort=name&limit=5"), canonical("limit=5&sort=name"));
        assert_ne!(canonical("fields=a&fields=b"), canonical("fields=b&fields=a"));
        assert_ne!(canonical("a=1&b=2"), canonical("a=1b=2"));
    }
}
