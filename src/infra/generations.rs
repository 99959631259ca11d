//! How often things have changed, so that whatever was derived from them can tell whether it still holds.
//!
//! A thing has a counter, and so has its kind. Whoever changes it advances both, after the commit; whoever derives something
//! notes the counters *before* looking and compares them later. That needs no list of what was derived from what, and a
//! value that was read before a change can never pass for one that was read after it.
//!
//! Things share a fixed number of counters by hash: two that meet only look changed together, which costs a look too many.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use uuid::Uuid;

/// Many enough that a busy thing rarely drags another one along; 64 KiB.
const COUNTERS: usize = 8192;
/// Most marks of one stamp; documents with more need a larger number here, which [`Generations::stamp`] tells.
pub const MOST_MARKS: usize = 4;

/// What something depends on: one thing of a kind, or anything of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark<'a> {
    /// The kind's name.
    pub kind: &'a str,
    /// One of them; `None` for any.
    pub id: Option<Uuid>,
}

/// How things stood when a look began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp([(u16, u64); MOST_MARKS]);

/// The counters.
pub struct Generations {
    counters: Box<[AtomicU64]>,
    hasher: RandomState,
    /// Changes may be made that nobody tells here.
    uncertain: AtomicBool,
}

impl Default for Generations {
    fn default() -> Self {
        Self {
            counters: (0..COUNTERS).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
            uncertain: AtomicBool::new(false),
        }
    }
}

impl Generations {
    /// How the marked things stand now; `None` for more than [`MOST_MARKS`] of them.
    pub fn stamp<'m>(&self, marks: impl IntoIterator<Item = Mark<'m>>) -> Option<Stamp> {
        let mut stamp: Option<Stamp> = None;
        for (position, mark) in marks.into_iter().enumerate() {
            let place = self.place(mark);
            let now = (place, self.at(place));
            // Places that stay unused repeat the first: asking it again changes nothing.
            let Stamp(noted) = stamp.get_or_insert(Stamp([now; MOST_MARKS]));
            *noted.get_mut(position)? = now;
        }
        // What depends on nothing holds as long as the first counter, which nobody can aim for, stands still.
        stamp.or_else(|| Some(Stamp([(0, self.at(0)); MOST_MARKS])))
    }

    /// Whether nothing of it has changed since.
    #[must_use]
    pub fn holds(&self, Stamp(noted): &Stamp) -> bool {
        noted.iter().all(|(place, then)| self.at(*place) == *then)
    }

    /// Tells that one thing has changed, appeared or gone. To be called after the commit and before the answer.
    pub fn advance(&self, kind: &str, id: Uuid) {
        for mark in [Mark { kind, id: Some(id) }, Mark { kind, id: None }] {
            self.counters[usize::from(self.place(mark))].fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Tells that anything may have changed.
    pub fn advance_all(&self) {
        for counter in &self.counters {
            counter.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Whether every change is told here, also those that other processes make. While it is not, what was derived may be
    /// outdated and still seem to hold.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        !self.uncertain.load(Ordering::Acquire)
    }

    /// Says whether every change is told here from now on; what was derived before has to fall first.
    pub fn set_certain(&self, certain: bool) {
        self.uncertain.store(!certain, Ordering::Release);
    }

    fn place(&self, mark: Mark<'_>) -> u16 {
        let hash = self.hasher.hash_one((mark.kind, mark.id)) % COUNTERS as u64;
        u16::try_from(hash).unwrap_or_default()
    }

    fn at(&self, place: u16) -> u64 {
        self.counters[usize::from(place)].load(Ordering::Acquire)
    }
}

impl fmt::Debug for Generations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Generations").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(kind: &str, id: u128) -> Mark<'_> {
        Mark { kind, id: (id > 0).then(|| Uuid::from_u128(id)) }
    }

    #[test]
    fn a_change_is_seen_by_what_depends_on_the_thing_and_on_its_kind() {
        let generations = Generations::default();
        let one = generations.stamp([mark("product", 1)]).expect("one mark");
        let any = generations.stamp([mark("product", 0)]).expect("one mark");
        let both = generations.stamp([mark("category", 7), mark("product", 0)]).expect("two marks");
        assert!([&one, &any, &both].into_iter().all(|stamp| generations.holds(stamp)));
        generations.advance("product", Uuid::from_u128(1));
        assert!(![&one, &any, &both].into_iter().any(|stamp| generations.holds(stamp)));
    }

    #[test]
    fn what_depends_on_other_things_goes_on_holding() {
        let generations = Generations::default();
        let stamps: Vec<Stamp> =
            (1..=100).map(|id| generations.stamp([mark("product", id)]).expect("one mark")).collect();
        generations.advance("product", Uuid::from_u128(1000));
        generations.advance("category", Uuid::from_u128(1));
        let fallen = stamps.iter().filter(|stamp| !generations.holds(stamp)).count();
        assert!(fallen <= 5, "{fallen} of 100 fell with others");
    }

    #[test]
    fn everything_falls_when_anything_may_have_changed() {
        let generations = Generations::default();
        let stamps = [generations.stamp([]), generations.stamp([mark("user", 3)])].map(|stamp| stamp.expect("few"));
        generations.advance_all();
        assert!(!stamps.iter().any(|stamp| generations.holds(stamp)));
    }

    #[test]
    fn more_marks_than_a_stamp_has_room_for_are_refused() {
        let generations = Generations::default();
        assert!(generations.stamp((1..=MOST_MARKS as u128).map(|id| mark("a", id))).is_some());
        assert!(generations.stamp((0..=MOST_MARKS as u128).map(|id| mark("a", id))).is_none());
    }
}
