//! Time of day as RFC 3339 writes it, cheap enough for every request.

use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

/// `2026-11-21T07:17:00.123456Z` has this many bytes.
pub const LENGTH: usize = 27;

/// Now, for an event's line.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a log line tells when it was written, also in tests")]
pub fn now() -> SystemTime {
    SystemTime::now()
}

/// Formats a moment in UTC with microseconds; moments outside the years 1970 to 9999 are clamped.
#[must_use]
pub fn rfc3339(at: SystemTime) -> [u8; LENGTH] {
    // Under load thousands of lines share a second.
    thread_local! {
        static LAST: Cell<(u64, [u8; LENGTH])> = const { Cell::new((u64::MAX, [0; LENGTH])) };
    }
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (second, mut text) = LAST.get();
    if second != since.as_secs() {
        text = whole_second(since.as_secs());
        LAST.set((since.as_secs(), text));
    }
    put(&mut text[20..26], u64::from(since.subsec_micros()));
    text
}

fn whole_second(second: u64) -> [u8; LENGTH] {
    const LAST: u64 = 253_402_300_799;
    let second = second.min(LAST);
    let (year, month, day) = civil(second / 86_400);
    let second_of_day = second % 86_400;
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    put(&mut text[0..4], year);
    put(&mut text[5..7], month);
    put(&mut text[8..10], day);
    put(&mut text[11..13], second_of_day / 3600);
    put(&mut text[14..16], second_of_day / 60 % 60);
    put(&mut text[17..19], second_of_day % 60);
    text
}

/// Writes a number right-aligned over zeros.
fn put(digits: &mut [u8], mut number: u64) {
    for digit in digits.iter_mut().rev() {
        // The remainder is below ten.
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
}

/// Year, month and day of a day since 1970-01-01 in the Gregorian calendar.
///
/// Years are counted from March, so that the leap day ends them and months follow one linear rule.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (400 * era + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn written(seconds: u64, micros: u64) -> String {
        let at = UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_micros(micros);
        String::from_utf8(rfc3339(at).to_vec()).unwrap()
    }

    #[test]
    fn moments_are_written_as_chrono_writes_them() {
        for seconds in (0..253_402_300_799).step_by(86_399 * 331).chain([951_782_400, 4_107_542_399]) {
            let other = chrono::DateTime::from_timestamp(i64::try_from(seconds).unwrap(), 42_000).unwrap();
            assert_eq!(written(seconds, 42), other.to_rfc3339_opts(chrono::SecondsFormat::Micros, true));
        }
    }

    #[test]
    fn moments_beyond_the_calendar_do_not_break_the_line() {
        assert_eq!(written(u64::MAX / 4_000_000, 0).len(), LENGTH);
    }
}
