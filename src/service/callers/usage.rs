//! When sessions and keys were last used: noticed on every request, written down now and then.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use uuid::Uuid;

use crate::domain::time::{Timestamp, to_micros};

/// A use is noted at most so often for one session or key.
const RESOLUTION: TimeDelta = TimeDelta::minutes(1);

/// What was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) enum Used {
    Session(Uuid),
    ApiKey(Uuid),
}

/// One session or key, and when its last use was noted.
#[derive(Debug)]
pub(super) struct Seen {
    what: Used,
    noted: AtomicI64,
}

impl Seen {
    pub fn new(what: Used, last_used_at: Option<Timestamp>) -> Self {
        Self { what, noted: AtomicI64::new(last_used_at.map_or(i64::MIN, to_micros)) }
    }
}

/// Uses that are not written down yet.
#[derive(Debug, Default)]
pub(in super::super) struct Usage(Mutex<HashMap<Used, Timestamp>>);

impl Usage {
    /// Cheap unless a minute has passed: one comparison.
    pub(super) fn note(&self, seen: &Seen, now: Timestamp) {
        let noted = seen.noted.load(Ordering::Relaxed);
        if noted.saturating_add(RESOLUTION.num_microseconds().unwrap_or(i64::MAX)) > to_micros(now) {
            return;
        }
        // Of several requests at once one notes it.
        let changed = seen.noted.compare_exchange(noted, to_micros(now), Ordering::Relaxed, Ordering::Relaxed);
        if changed.is_ok() {
            self.lock().insert(seen.what, now);
        }
    }

    /// All that is to be written down; it is forgotten here.
    pub fn take(&self) -> HashMap<Used, Timestamp> {
        std::mem::take(&mut *self.lock())
    }

    /// Takes back what could not be written down, unless something later was noted meanwhile.
    pub fn put_back(&self, uses: HashMap<Used, Timestamp>) {
        let mut pending = self.lock();
        for (what, at) in uses {
            let latest = pending.entry(what).or_insert(at);
            *latest = at.max(*latest);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Used, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        chrono::DateTime::from_timestamp(1_800_000_000 + second, 0).expect("a moment")
    }

    #[test]
    fn a_use_is_noted_once_a_minute() {
        let usage = Usage::default();
        let what = Used::Session(Uuid::from_u128(1));
        let seen = Seen::new(what, Some(at(0)));
        usage.note(&seen, at(59));
        assert!(usage.take().is_empty());
        usage.note(&seen, at(60));
        usage.note(&seen, at(61));
        assert_eq!(usage.take(), HashMap::from([(what, at(60))]));
        assert!(usage.take().is_empty());
    }

    #[test]
    fn what_was_never_used_is_noted_at_once() {
        let usage = Usage::default();
        usage.note(&Seen::new(Used::ApiKey(Uuid::nil()), None), at(0));
        assert_eq!(usage.take().len(), 1);
    }

    #[test]
    fn what_is_put_back_does_not_hide_something_later() {
        let usage = Usage::default();
        let what = Used::Session(Uuid::from_u128(1));
        usage.note(&Seen::new(what, None), at(100));
        usage.put_back(HashMap::from([(what, at(50)), (Used::ApiKey(Uuid::nil()), at(50))]));
        let pending = usage.take();
        assert_eq!((pending[&what], pending.len()), (at(100), 2));
    }
}
