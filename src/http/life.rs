//! How a connection is doing: what its wire, its requests and its watchman tell each other.

use super::shortcuts::Offer;
use super::tick;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Of a body whose length nobody announced.
const UNKNOWN: u64 = u64::MAX;

/// One connection's notes. HTTP/2 handles requests in tasks of their own, hence the atomics; each is a hint that
/// stands alone, so no ordering between them is needed.
pub(super) struct Life {
    pub(super) opened: Instant,
    /// Requests being handled.
    running: AtomicU32,
    /// Requests handled so far, and those.
    begun: AtomicU32,
    /// How long the body of the last one is.
    announced: AtomicU64,
    /// Whether the answer to what comes next is to be offered for the next time.
    wanted: AtomicBool,
    /// Whether there is an offer.
    offered: AtomicBool,
    offer: Mutex<Option<Box<Offer>>>,
    /// When the last request ended, in nanoseconds since `opened`; zero before the first.
    quiet_since: AtomicU64,
    greeted: AtomicBool,
    heard: AtomicBool,
    multiplexed: AtomicBool,
    answering: AtomicBool,
    trickled: AtomicBool,
    unread: AtomicBool,
    lingering: AtomicBool,
}

impl Life {
    pub(super) fn new() -> Self {
        Self {
            opened: tick::instant(),
            running: AtomicU32::new(0),
            begun: AtomicU32::new(0),
            announced: AtomicU64::new(UNKNOWN),
            wanted: AtomicBool::new(false),
            offered: AtomicBool::new(false),
            offer: Mutex::default(),
            quiet_since: AtomicU64::new(0),
            greeted: AtomicBool::new(false),
            heard: AtomicBool::new(false),
            multiplexed: AtomicBool::new(false),
            answering: AtomicBool::new(false),
            trickled: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            lingering: AtomicBool::new(false),
        }
    }

    /// A request's head was read, which announced so many bytes of a body, if it told how many.
    pub(super) fn begin(&self, multiplexed: bool, announced: Option<u64>) {
        self.running.fetch_add(1, Relaxed);
        self.begun.fetch_add(1, Relaxed);
        self.announced.store(announced.unwrap_or(UNKNOWN), Relaxed);
        self.greeted.store(true, Relaxed);
        self.heard.store(false, Relaxed);
        self.multiplexed.store(multiplexed, Relaxed);
    }

    /// A request has its answer, or was given up; `unread` when bytes of it may still be on their way.
    pub(super) fn end(&self, at: Instant, unread: bool) {
        self.note_use(at);
        self.answering.store(true, Relaxed);
        if unread {
            self.unread.store(true, Relaxed);
        }
        self.running.fetch_sub(1, Relaxed);
    }

    /// Somebody had an answer at this time, to all that was heard.
    pub(super) fn note_use(&self, at: Instant) {
        self.heard.store(false, Relaxed);
        let since = at.duration_since(self.opened).as_nanos();
        self.quiet_since.store(u64::try_from(since).unwrap_or(u64::MAX).max(1), Relaxed);
    }

    /// How many requests have begun; it may begin anew at zero.
    pub(super) fn begun(&self) -> u32 {
        self.begun.load(Relaxed)
    }

    /// How long the body of the last request is, if its head told.
    pub(super) fn announced(&self) -> Option<u64> {
        Some(self.announced.load(Relaxed)).filter(|length| *length != UNKNOWN)
    }

    /// Asks for an offer to answer the next request that begins in the same way again.
    pub(super) fn want(&self, wanted: bool) {
        self.wanted.store(wanted, Relaxed);
    }

    /// Whether an offer was asked for; told once.
    pub(super) fn takes_wish(&self) -> bool {
        self.wanted.load(Relaxed) && self.wanted.swap(false, Relaxed)
    }

    /// Makes the offer that was asked for.
    pub(super) fn offer(&self, offer: Offer) {
        *self.offers() = Some(Box::new(offer));
        self.offered.store(true, Relaxed);
    }

    /// The offer for the request that ended last.
    pub(super) fn takes_offer(&self) -> Option<Box<Offer>> {
        if self.offered.load(Relaxed) && self.offered.swap(false, Relaxed) { self.offers().take() } else { None }
    }

    fn offers(&self) -> MutexGuard<'_, Option<Box<Offer>>> {
        self.offer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_running(&self) -> bool {
        self.running.load(Relaxed) > 0
    }

    /// Whether any request's head has been read.
    pub(super) fn is_greeted(&self) -> bool {
        self.greeted.load(Relaxed)
    }

    pub(super) fn is_multiplexed(&self) -> bool {
        self.multiplexed.load(Relaxed)
    }

    pub(super) fn quiet_since(&self) -> Instant {
        self.opened + std::time::Duration::from_nanos(self.quiet_since.load(Relaxed))
    }

    /// Bytes came in.
    pub(super) fn note_heard(&self) {
        self.heard.store(true, Relaxed);
    }

    /// Whether bytes came in since the last request began or ended: over HTTP/1, the start of a head.
    pub(super) fn has_heard(&self) -> bool {
        self.heard.load(Relaxed)
    }

    /// Whether the bytes about to be written are a request's answer, and not hyper's own; asked once per answer.
    pub(super) fn takes_answer(&self) -> bool {
        self.answering.load(Relaxed) && self.answering.swap(false, Relaxed)
    }

    /// A write went on after the peer had been too slow for it.
    pub(super) fn note_trickle(&self) {
        self.trickled.store(true, Relaxed);
    }

    /// Whether an answer made progress since this was last asked.
    pub(super) fn takes_trickle(&self) -> bool {
        self.trickled.swap(false, Relaxed)
    }

    pub(super) fn note_unread(&self) {
        self.unread.store(true, Relaxed);
    }

    pub(super) fn is_unread(&self) -> bool {
        self.unread.load(Relaxed)
    }

    pub(super) fn note_linger(&self) {
        self.lingering.store(true, Relaxed);
    }

    pub(super) fn is_lingering(&self) -> bool {
        self.lingering.load(Relaxed)
    }
}
