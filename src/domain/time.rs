//! Moments, all of them in UTC and cut to whole microseconds.
//!
//! `PostgreSQL` keeps microseconds, `SQLite` would keep whatever it is given. A moment is cut before it is used, so that
//! what is answered at once equals what is read back later, and keysets and `ETag`s made from it agree.

use chrono::{DateTime, SubsecRound, Utc};

/// A moment in UTC, in whole microseconds; [`truncated`] makes one from any other.
pub type Timestamp = DateTime<Utc>;

/// Cuts what is finer than a microsecond.
#[must_use]
pub fn truncated(moment: Timestamp) -> Timestamp {
    moment.trunc_subsecs(6)
}

/// Microseconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn to_micros(moment: Timestamp) -> i64 {
    moment.timestamp_micros()
}

/// The moment so many microseconds after 1970-01-01T00:00:00Z; `None` beyond what a calendar can hold.
#[must_use]
pub fn from_micros(micros: i64) -> Option<Timestamp> {
    DateTime::from_timestamp_micros(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_finer_than_a_microsecond_is_cut_and_never_rounded_up() {
        let fine = DateTime::from_timestamp(1_700_000_000, 999_999_999).expect("a valid moment");
        assert_eq!(truncated(fine).timestamp_subsec_nanos(), 999_999_000);
    }

    #[test]
    fn microseconds_survive_the_way_there_and_back() {
        for micros in [0, -1, 1_700_000_000_123_456, -62_135_596_800_000_000] {
            assert_eq!(from_micros(micros).map(to_micros), Some(micros));
        }
    }

    #[test]
    fn microseconds_no_calendar_holds_are_refused() {
        assert_eq!(from_micros(i64::MAX), None);
    }
}
