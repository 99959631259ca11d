//! What is sent again, how often, and after how long.

use chrono::DateTime;
use http::{HeaderMap, StatusCode, header};
use std::time::Duration;

/// How often a call is sent, and how long it waits in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How often at most, the first time included.
    pub attempts: u32,
    /// The first pause where the server asks for none; each further one is twice as long.
    pub pause: Duration,
    /// The longest wait for one repeat. Who is asked to wait longer is told so at once.
    pub longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { attempts: 4, pause: Duration::from_millis(100), longest: Duration::from_mins(1) }
    }
}

/// What became of an attempt, as far as a repeat is concerned.
pub(super) enum Failure<'a> {
    /// No connection: the request was not sent.
    Unsent,
    /// The connection broke: nobody knows what became of the request.
    Lost,
    /// An answer, and the code of its problem.
    Answer { status: StatusCode, code: &'a str, wait: Option<Duration> },
}

impl Patience {
    /// Sends everything once.
    pub const NONE: Self = Self { attempts: 1, pause: Duration::ZERO, longest: Duration::ZERO };

    /// How long to wait before the request is sent again after this many attempts; none, if it is not. `repeatable` says that
    /// doing it twice is as good as once.
    pub(super) fn wait(&self, attempts: u32, repeatable: bool, failure: &Failure<'_>) -> Option<Duration> {
        if attempts >= self.attempts {
            return None;
        }
        let pause = self.pause.saturating_mul(1 << (attempts - 1).min(16)).min(self.longest);
        let wait = match failure {
            Failure::Unsent => pause,
            Failure::Lost if repeatable => pause,
            Failure::Answer { status, code, wait } => {
                let may_repeat = match status.as_u16() {
                    // Refused before anything was done.
                    429 => true,
                    // It may have been done: the server gave up on it, or one on the way did.
                    502..=504 => repeatable,
                    // The first of the same requests is still underway; its answer will be ours.
                    409 => repeatable && *code == "idempotency_key_in_use",
                    _ => false,
                };
                may_repeat.then(|| wait.unwrap_or(pause))?
            }
            Failure::Lost => return None,
        };
        (wait <= self.longest).then_some(wait)
    }
}

/// `Retry-After` in either of its forms. A date counts from the answer's own `Date`, so that no clock has to be right.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let asked = text(header::RETRY_AFTER)?;
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| DateTime::parse_from_rfc2822(text).ok();
    let wait = moment(asked)? - moment(text(header::DATE)?)?;
    Some(wait.to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience =
        Patience { attempts: 4, pause: Duration::from_millis(100), longest: Duration::from_secs(30) };

    fn answer(status: u16, code: &'static str, wait: Option<u64>) -> Failure<'static> {
        let status = StatusCode::from_u16(status).expect("a status");
        Failure::Answer { status, code, wait: wait.map(Duration::from_secs) }
    }

    #[test]
    fn who_was_refused_for_asking_too_often_asks_again_after_what_was_told() {
        for repeatable in [true, false] {
            let wait = PATIENCE.wait(1, repeatable, &answer(429, "rate_limited", Some(7)));
            assert_eq!(wait, Some(Duration::from_secs(7)));
        }
    }

    #[test]
    fn what_may_have_been_done_is_repeated_only_where_twice_is_as_good_as_once() {
        let failures = || [Failure::Lost, answer(503, "overloaded", None), answer(409, "idempotency_key_in_use", None)];
        for failure in failures() {
            assert_eq!(PATIENCE.wait(1, true, &failure), Some(PATIENCE.pause));
            assert_eq!(PATIENCE.wait(1, false, &failure), None);
        }
        assert_eq!(PATIENCE.wait(1, false, &Failure::Unsent), Some(PATIENCE.pause), "nothing was sent");
    }

    #[test]
    fn what_was_decided_is_not_asked_again() {
        for (status, code) in [(400, ""), (401, ""), (404, ""), (409, "email_taken"), (422, ""), (500, "")] {
            assert_eq!(PATIENCE.wait(1, true, &answer(status, code, Some(1))), None, "{status}");
        }
    }

    #[test]
    fn patience_ends() {
        assert_eq!(PATIENCE.wait(4, true, &Failure::Unsent), None, "after four attempts");
        assert_eq!(PATIENCE.wait(1, true, &answer(429, "", Some(31))), None, "longer than is borne");
        assert_eq!(Patience::NONE.wait(1, true, &Failure::Unsent), None);
        let pauses: Vec<_> = (1..4).filter_map(|n| PATIENCE.wait(n, true, &Failure::Unsent)).collect();
        assert_eq!(pauses, [100, 200, 400].map(Duration::from_millis));
        let endless = Patience { attempts: u32::MAX, ..PATIENCE };
        assert_eq!(endless.wait(1000, true, &Failure::Unsent), Some(PATIENCE.longest));
    }

    #[test]
    fn both_forms_of_retry_after_are_read() {
        let of = |pairs: &[(header::HeaderName, &str)]| {
            let entry = |(name, value): &(header::HeaderName, &str)| (name.clone(), value.parse().expect("a value"));
            retry_after(&pairs.iter().map(entry).collect())
        };
        let (retry, date) = (header::RETRY_AFTER, header::DATE);
        assert_eq!(of(&[(retry.clone(), "120")]), Some(Duration::from_mins(2)));
        let now = (date, "Sat, 21 Nov 2026 07:28:00 GMT");
        let later = of(&[(retry.clone(), "Sat, 21 Nov 2026 07:29:30 GMT"), now.clone()]);
        assert_eq!(later, Some(Duration::from_secs(90)));
        let past = of(&[(retry.clone(), "Sat, 21 Nov 2026 07:27:00 GMT"), now]);
        assert_eq!(past, Some(Duration::ZERO));
        assert_eq!(of(&[(retry.clone(), "soon")]), None);
        assert_eq!(of(&[(retry, "-1")]), None);
    }
}
