//! Who else is there, and whether one of them has fallen silent.
//!
//! An instance that lost its way to Valkey alone goes on changing things and cannot tell. The others see its beats missing,
//! and trust nothing they keep until they hear it again, or [`MEMORY`] is over: then it is taken for dead.

use std::collections::HashMap;
use std::time::Duration;

/// How long somebody silent is waited for.
const MEMORY: Duration = Duration::from_mins(1);

/// The others, by when they were last heard.
#[derive(Debug, Default)]
pub(super) struct Peers(HashMap<[u8; 16], Duration>);

impl Peers {
    /// Somebody said something.
    pub fn heard(&mut self, who: [u8; 16], now: Duration) {
        self.0.insert(who, now);
    }

    /// Somebody said farewell.
    pub fn left(&mut self, who: [u8; 16]) {
        self.0.remove(&who);
    }

    /// Whether nobody has been silent for longer than `silence`.
    pub fn are_heard(&mut self, now: Duration, silence: Duration) -> bool {
        self.0.retain(|_, heard| now.saturating_sub(*heard) < MEMORY);
        self.0.values().all(|heard| now.saturating_sub(*heard) <= silence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn somebody_who_falls_silent_is_missed_until_heard_again() {
        let mut peers = Peers::default();
        assert!(peers.are_heard(SECOND, SECOND));
        peers.heard([1; 16], SECOND);
        assert!(peers.are_heard(SECOND * 2, SECOND));
        assert!(!peers.are_heard(SECOND * 3, SECOND));
        peers.heard([1; 16], SECOND * 3);
        assert!(peers.are_heard(SECOND * 3, SECOND));
    }

    #[test]
    fn who_leaves_is_not_missed_and_who_is_dead_is_forgotten() {
        let mut peers = Peers::default();
        peers.heard([1; 16], SECOND);
        peers.left([1; 16]);
        assert!(peers.are_heard(SECOND * 10, SECOND));
        peers.heard([2; 16], SECOND);
        assert!(!peers.are_heard(SECOND * 10, SECOND));
        assert!(peers.are_heard(SECOND + MEMORY, SECOND));
    }
}
