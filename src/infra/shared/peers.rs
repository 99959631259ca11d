//! Who else is there, how far our news have got with them, and whether one of them has fallen silent.
//!
//! An instance that lost its way to Valkey alone goes on changing things and cannot tell. The others see its beats missing,
//! and trust nothing they keep until they hear it again, or [`MEMORY`] is over: then it is taken for dead.

use std::collections::HashMap;
use std::time::Duration;

/// How long somebody silent is waited for.
const MEMORY: Duration = Duration::from_mins(1);

/// The others, and our news.
#[derive(Debug, Default)]
pub(super) struct Peers {
    /// The last of our news that got out.
    out: u64,
    others: HashMap<[u8; 16], Peer>,
}

#[derive(Debug)]
struct Peer {
    heard: Duration,
    silent: bool,
    /// The last of our news that it took.
    knows: u64,
}

impl Peers {
    /// Begins anew, with nobody there, as a connection comes up.
    pub fn begin(&mut self, out: u64) {
        *self = Self { out, others: HashMap::new() };
    }

    /// So many more news got out.
    pub fn sent(&mut self, news: u64) {
        self.out += news;
    }

    /// Somebody said something.
    pub fn heard(&mut self, who: [u8; 16], now: Duration) {
        // Who is new dropped everything before its first word, so it has no need of what was said before.
        let peer = self.others.entry(who).or_insert(Peer { heard: now, silent: false, knows: self.out });
        peer.heard = now;
        peer.silent = false;
    }

    /// Somebody took our news, up to this one.
    pub fn took(&mut self, who: [u8; 16], number: u64) {
        if let Some(peer) = self.others.get_mut(&who) {
            peer.knows = peer.knows.max(number);
        }
    }

    /// Somebody said farewell.
    pub fn left(&mut self, who: [u8; 16]) {
        self.others.remove(&who);
    }

    /// Whether nobody has been silent for longer than `silence`.
    pub fn are_heard(&mut self, now: Duration, silence: Duration) -> bool {
        self.others.retain(|_, peer| now.saturating_sub(peer.heard) < MEMORY);
        self.others.values_mut().for_each(|peer| peer.silent = now.saturating_sub(peer.heard) > silence);
        self.others.values().all(|peer| !peer.silent)
    }

    /// The last of our news that all others took; who is silent believes nothing it keeps, and is not waited for.
    pub fn everywhere(&self) -> u64 {
        self.others.values().filter(|peer| !peer.silent).fold(self.out, |least, peer| least.min(peer.knows))
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

    #[test]
    fn news_are_everywhere_when_all_who_are_there_took_them() {
        let mut peers = Peers::default();
        peers.begin(10);
        assert_eq!(peers.everywhere(), 10);
        peers.heard([1; 16], SECOND);
        peers.sent(2);
        peers.heard([2; 16], SECOND);
        assert_eq!(peers.everywhere(), 10);
        peers.took([1; 16], 11);
        assert_eq!(peers.everywhere(), 11);
        peers.heard([2; 16], SECOND * 5);
        peers.are_heard(SECOND * 5, SECOND);
        assert_eq!(peers.everywhere(), 12, "who is silent is not waited for");
    }
}
