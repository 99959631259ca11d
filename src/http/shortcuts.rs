//! The short way to an answer that is kept: for requests that are written word by word like one that was answered before.
//!
//! Route, permission and the place of the kept answer follow from a request's words, its caller and the document. So what
//! they came to is remembered by the words, and need not be found out again; what does not follow from them is asked each
//! time: whether the caller's credential is still good, whether the answer still holds, and what the limits say.

use super::answers::{Kept, is_plain};
use super::trace::Visit;
use crate::service::Caller;
use contract::Operation;
use foldhash::quality::RandomState;
use http::Method;
use http::header::{HOST, HeaderName, IF_NONE_MATCH, USER_AGENT};
use http::request::Parts;
use std::cell::RefCell;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};

/// How many are remembered; each has two places where it may stand, so that two in much use rarely drive each other out.
const PLACES: usize = 4096;
/// Longer requests go the long way; bytes.
const LONGEST: usize = 2048;
/// Every so often a request goes the long way all the same: the cache has to learn what is asked for much.
const DETOUR: u32 = 64;

/// Headers whose part the shell has done by then, for every request.
const CARED_FOR: [&str; 6] =
    ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-request-id", "traceparent", "tracestate"];

/// What requests came to, by their words.
pub(super) struct Shortcuts {
    places: Box<[Mutex<Option<Arc<Shortcut>>>]>,
    hasher: RandomState,
}

/// What the words of a request came to.
pub(super) struct Shortcut {
    /// With credentials, and so not to be shown.
    words: Box<[u8]>,
    pub(super) operation: &'static Operation,
    pub(super) caller: Option<Arc<Caller>>,
    /// Nothing lives longer by being remembered here.
    kept: Weak<Kept>,
    uses: AtomicU32,
}

impl Shortcut {
    /// The answer, if the cache has it still.
    pub(super) fn kept(&self) -> Option<Arc<Kept>> {
        self.kept.upgrade()
    }

    /// How much is lost when these words take its place: nothing if they are its own, or its answer is gone.
    fn weight(&self, words: &[u8]) -> u32 {
        if *self.words == *words || self.kept.strong_count() == 0 {
            0
        } else {
            self.uses.load(Ordering::Relaxed).saturating_add(1)
        }
    }
}

impl Default for Shortcuts {
    fn default() -> Self {
        Self { places: (0..PLACES).map(|_| Mutex::default()).collect(), hasher: RandomState::default() }
    }
}

impl Shortcuts {
    /// What a request like this came to. Whoever meets somebody else on the short way takes the long one.
    pub(super) fn find(&self, parts: &Parts, visit: &Visit) -> Option<Arc<Shortcut>> {
        with_words(parts, visit, |words| {
            let found = self.places(words).into_iter().find_map(|place| {
                let place = place.try_lock().ok()?;
                place.as_ref().filter(|shortcut| *shortcut.words == *words).map(Arc::clone)
            })?;
            let uses = found.uses.fetch_add(1, Ordering::Relaxed);
            (uses % DETOUR != DETOUR - 1).then_some(found)
        })
    }

    /// Remembers what a request came to: this answer, for this caller, after everything else was judged.
    pub(super) fn remember(
        &self,
        parts: &Parts,
        visit: &Visit,
        operation: &'static Operation,
        caller: Option<&Arc<Caller>>,
        kept: &Arc<Kept>,
    ) {
        with_words(parts, visit, |words| {
            let (caller, kept) = (caller.map(Arc::clone), Arc::downgrade(kept));
            let shortcut = Shortcut { words: words.into(), operation, caller, kept, uses: AtomicU32::new(0) };
            let places = self.places(words).into_iter().filter_map(|place| place.try_lock().ok());
            let mut place = places.min_by_key(|place| place.as_ref().map_or(0, |held| held.weight(words)))?;
            *place = Some(Arc::new(shortcut));
            Some(())
        });
    }

    /// Where it may stand.
    fn places(&self, words: &[u8]) -> [&Mutex<Option<Arc<Shortcut>>>; 2] {
        let place = usize::try_from(self.hasher.hash_one(words)).unwrap_or_default() % PLACES;
        [&self.places[place], &self.places[place ^ 1]]
    }
}

/// Calls with everything that the answer may depend on; not at all for requests that are no short reads.
fn with_words<T>(parts: &Parts, visit: &Visit, act: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
    thread_local! {
        static WORDS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    if parts.method != Method::GET {
        return None;
    }
    let target = parts.uri.path_and_query()?.as_str();
    WORDS.with_borrow_mut(|words| {
        words.clear();
        words.extend_from_slice(target.as_bytes());
        visit.base.write_words(words);
        for (name, value) in &parts.headers {
            if *name == IF_NONE_MATCH && !is_plain(value) {
                return None;
            }
            if matters(name) {
                // Neither targets nor headers hold line feeds, so no two requests are written in one way.
                for part in [&b"\n"[..], name.as_str().as_bytes(), b":", value.as_bytes()] {
                    words.extend_from_slice(part);
                }
            }
        }
        if words.len() > LONGEST { None } else { act(words) }
    })
}

/// Whether an answer may depend on a header: on all but those that are known to make no difference here, or of which the shell
/// takes care for every request.
fn matters(name: &HeaderName) -> bool {
    match *name {
        HOST | IF_NONE_MATCH | USER_AGENT => false,
        _ => !CARED_FOR.contains(&name.as_str()),
    }
}
