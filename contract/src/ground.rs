//! What rules ask for that no document holds: the time, and a list of passwords.
//!
//! Such rules (`x-rule`) are the program's to keep, later and with its own clock. The decoder knows them so that they can
//! be told together with everything else that is wrong: see [`Violations::mention`](crate::Violations::mention).

use chrono::{DateTime, Utc};

/// What a program tells the decoder about the moment of a request.
#[derive(Debug, Clone, Copy)]
pub struct Ground {
    /// The time.
    pub now: DateTime<Utc>,
    /// Whether a text is one of the passwords that are tried first.
    pub is_common: fn(&str) -> bool,
}

/// Ground on which nothing is past and nothing is common.
impl Default for Ground {
    fn default() -> Self {
        Self { now: DateTime::<Utc>::MIN_UTC, is_common: |_| false }
    }
}
