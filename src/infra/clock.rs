//! The only place that reads a clock, so that a test can stand still, and jump.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::SubsecRound;

/// A moment in UTC, cut to whole microseconds: what every store keeps, so that a value read back equals the one written.
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// A source of time: the machine's, or one that moves only when a test says so. Clones share the same time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System { started: Instant },
    Fixed { start: Timestamp, passed_nanos: Arc<AtomicU64> },
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this room is where time is read")]
    pub fn system() -> Self {
        Self(Source::System { started: Instant::now() })
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it.
    #[must_use]
    pub fn fixed(start: Timestamp) -> Self {
        Self(Source::Fixed { start: start.trunc_subsecs(6), passed_nanos: Arc::default() })
    }

    /// Moves a fixed clock, and all its clones, forward. A system clock goes its own way and ignores this.
    pub fn advance(&self, by: Duration) {
        if let Source::Fixed { passed_nanos, .. } = &self.0 {
            passed_nanos.fetch_add(nanos(by), Ordering::Relaxed);
        }
    }

    /// The time of day, in whole microseconds. It may step backwards when the machine's clock is set: measure spans with
    /// [`Clock::elapsed`].
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this room is where time is read")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System { .. } => chrono::Utc::now().trunc_subsecs(6),
            Source::Fixed { start, passed_nanos } => {
                let passed = chrono::Duration::nanoseconds(
                    i64::try_from(passed_nanos.load(Ordering::Relaxed)).unwrap_or(i64::MAX),
                );
                (*start + passed).trunc_subsecs(6)
            }
        }
    }

    /// Time since this clock was made. It never runs backwards.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        match &self.0 {
            Source::System { started } => started.elapsed(),
            Source::Fixed { passed_nanos, .. } => Duration::from_nanos(passed_nanos.load(Ordering::Relaxed)),
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Timestamp {
        chrono::DateTime::from_timestamp(1_800_000_000, 123_456_789).expect("a valid moment")
    }

    #[test]
    fn a_fixed_clock_stands_still_until_it_is_advanced() {
        let clock = Clock::fixed(noon());
        assert_eq!(clock.now(), clock.now());
        assert_eq!(clock.elapsed(), Duration::ZERO);

        let before = clock.now();
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now() - before, chrono::Duration::seconds(90));
        assert_eq!(clock.elapsed(), Duration::from_secs(90));
    }

    #[test]
    fn clones_of_a_fixed_clock_share_its_time() {
        let clock = Clock::fixed(noon());
        let clone = clock.clone();
        clock.advance(Duration::from_millis(5));
        assert_eq!(clone.now(), clock.now());
    }

    #[test]
    fn moments_are_whole_microseconds() {
        for clock in [Clock::fixed(noon()), Clock::system()] {
            assert_eq!(clock.now().timestamp_subsec_nanos() % 1_000, 0);
        }
    }

    #[test]
    fn the_system_clock_moves_by_itself_and_cannot_be_pushed() {
        let clock = Clock::system();
        clock.advance(Duration::from_hours(1));
        assert!(clock.elapsed() < Duration::from_mins(10));
        let first = clock.elapsed();
        std::thread::sleep(Duration::from_millis(2));
        assert!(clock.elapsed() > first);
    }
}
