//! The short way to an answer that is kept: for requests that come in the same bytes as one that was answered before.
//!
//! What a request's bytes mean, which operation they call, who its caller is and where the answer is kept: all this follows
//! from the bytes and the document, and was found out when they came before, by hyper and all rooms behind it. It need not be
//! found out again. What does not follow from them is asked each time, by [`Again`]: whether the caller's credential is still
//! good, whether the answer still holds, and what the limits say. The shell adds what each answer has of its own.
//!
//! Bytes are remembered when they come for the third time, so that those who never come again cost next to nothing.

use super::message::{write_line, write_status};
use super::quota::RATE_LIMIT;
use super::trace::{Visit, X_REQUEST_ID};
use bytes::Bytes;
use foldhash::quality::RandomState;
use http::header::{AGE, CONNECTION, CONTENT_LENGTH, DATE, HeaderName, UPGRADE};
use http::request::Parts;
use http::{Method, Response, StatusCode, Version};
use std::hash::BuildHasher;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Bytes are remembered in one of so many shelves, which one their hash tells.
const SHELVES: usize = 2048;
/// So many in each: few enough to look at all.
const PLACES: usize = 4;
/// Longer requests and longer heads are not remembered; bytes. So all of them take some 20 MB at most.
pub(super) const LONGEST: usize = 2048;
/// Every so often a request goes the long way all the same: the cache has to learn what is asked for much.
const DETOUR: u32 = 64;
/// Whoever sends one of these wants something that differs from request to request.
const EACH_TIMES: [&str; 3] = ["x-request-id", "traceparent", "tracestate"];

/// An answer that can be given again without finding out what is asked.
pub trait Again: Send + Sync {
    /// Appends the header lines that differ from time to time, `Age` and `RateLimit`, and returns the body; nothing, if the
    /// request has to be looked at anew. Then nothing is counted either.
    fn again(&self, ip: IpAddr, lines: &mut Vec<u8>) -> Option<Bytes>;

    /// Whether it may be given again, by what is known without using it.
    fn is_alive(&self) -> bool;
}

/// Which answers can be given again, by the bytes of their requests.
pub struct Shortcuts {
    shelves: Box<[Shelf]>,
    hasher: RandomState,
}

#[derive(Default)]
struct Shelf {
    places: [Place; PLACES],
    /// Hashes of the last bytes that came here and were not remembered.
    seen: [AtomicU32; PLACES],
    turn: AtomicU32,
}

#[derive(Default)]
struct Place {
    /// The hash of what stands here.
    hash: AtomicU32,
    shortcut: Mutex<Option<Arc<Shortcut>>>,
}

/// An answer, and which bytes ask for it.
pub(super) struct Shortcut {
    /// With credentials, and so not to be shown.
    request: Box<[u8]>,
    /// Through which proxy they came: whom and what its headers tell is believed of that one alone.
    proxy: Option<IpAddr>,
    pub(super) offer: Offer,
    uses: AtomicU32,
}

/// What the shell knows of an answer that can be given again.
pub(super) struct Offer {
    /// Status line and all header lines that are the same each time; those of the body's length and the date are not.
    pub(super) head: Vec<u8>,
    pub(super) status: u16,
    pub(super) path: Box<str>,
    pub(super) operation: &'static str,
    pub(super) account: Option<Uuid>,
    pub(super) api_key: Option<Uuid>,
    pub(super) ip: IpAddr,
    pub(super) again: Arc<dyn Again>,
}

/// Whether these bytes may be those of a request that is remembered: a whole head, and not a long one.
pub(super) fn may_be_known(request: &[u8]) -> bool {
    request.len() <= LONGEST && request.ends_with(b"\n\r\n")
}

/// What is known of a request's bytes.
pub(super) enum Found {
    Shortcut(Arc<Shortcut>),
    /// They came before.
    Again,
    Nothing,
}

impl Default for Shortcuts {
    fn default() -> Self {
        Self { shelves: (0..SHELVES).map(|_| Shelf::default()).collect(), hasher: RandomState::default() }
    }
}

impl Shortcuts {
    /// What is known of these bytes. Whoever meets somebody else at their place takes the long way.
    pub(super) fn find(&self, request: &[u8], proxy: Option<IpAddr>) -> Found {
        let (shelf, hash) = self.shelf(request);
        let Ok(found) = shelf.find(hash, request, proxy) else { return Found::Nothing };
        match found {
            Some(found) if found.uses.fetch_add(1, Relaxed) % DETOUR == DETOUR - 1 => Found::Nothing,
            Some(found) => Found::Shortcut(found),
            None if shelf.has_seen(hash) => Found::Again,
            None => Found::Nothing,
        }
    }

    /// Remembers how these bytes are answered, instead of what was of least use.
    pub(super) fn remember(&self, request: &[u8], proxy: Option<IpAddr>, offer: Offer) {
        let (shelf, hash) = self.shelf(request);
        let held = shelf.places.iter().map(|place| (&place.hash, place.held()));
        if let Some((of, mut place)) =
            held.min_by_key(|(_, held)| held.as_ref().map(|held| held.weight(request, proxy)))
        {
            let own = place.as_ref().filter(|held| held.is_of(request, proxy));
            let uses = AtomicU32::new(own.map_or(0, |own| own.uses.load(Relaxed)));
            of.store(hash, Relaxed);
            *place = Some(Arc::new(Shortcut { request: request.into(), proxy, offer, uses }));
        }
    }

    /// Forgets what is out of date: bytes hold credentials, and answers hold what they tell.
    pub fn sweep(&self) {
        for place in self.shelves.iter().flat_map(|shelf| &shelf.places) {
            let mut held = place.held();
            if held.as_ref().is_some_and(|held| !held.offer.again.is_alive()) {
                *held = None;
            }
        }
    }

    /// Where they may stand, and by which number they are known there.
    fn shelf(&self, request: &[u8]) -> (&Shelf, u32) {
        let hash = self.hasher.hash_one(request);
        let (place, number) = (hash >> 32, hash & u64::from(u32::MAX));
        let place = usize::try_from(place).unwrap_or_default() % SHELVES;
        (&self.shelves[place], u32::try_from(number).unwrap_or_default())
    }
}

/// Somebody else looks at it just now.
struct Busy;

impl Place {
    fn held(&self) -> MutexGuard<'_, Option<Arc<Shortcut>>> {
        self.shortcut.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    /// What stands here for these bytes, unless somebody else looks at it just now.
    fn find(&self, hash: u32, request: &[u8], proxy: Option<IpAddr>) -> Result<Option<Arc<Shortcut>>, Busy> {
        for place in self.places.iter().filter(|place| place.hash.load(Relaxed) == hash) {
            let held = place.shortcut.try_lock().map_err(|_| Busy)?;
            if let Some(found) = held.as_ref().filter(|held| held.is_of(request, proxy)) {
                return Ok(Some(Arc::clone(found)));
            }
        }
        Ok(None)
    }

    /// Whether bytes of this hash came before, a short while ago. Next time they did.
    fn has_seen(&self, hash: u32) -> bool {
        if self.seen.iter().any(|seen| seen.load(Relaxed) == hash) {
            return true;
        }
        let turn = self.turn.fetch_add(1, Relaxed);
        self.seen[usize::try_from(turn).unwrap_or_default() % PLACES].store(hash, Relaxed);
        false
    }
}

impl Shortcut {
    fn is_of(&self, request: &[u8], proxy: Option<IpAddr>) -> bool {
        *self.request == *request && self.proxy == proxy
    }

    /// How much is lost when this request takes its place: its own first of all, then those of answers that are gone.
    fn weight(&self, request: &[u8], proxy: Option<IpAddr>) -> u32 {
        match (self.is_of(request, proxy), self.offer.again.is_alive()) {
            (true, _) => 0,
            (_, false) => 1,
            _ => self.uses.load(Relaxed).saturating_add(2),
        }
    }
}

impl Offer {
    /// What there is to say of this answer; nothing, if other words than the answer's own matter to the connection.
    pub(super) fn of(parts: &Parts, response: &Response<Bytes>, visit: &Visit, again: Arc<dyn Again>) -> Option<Self> {
        if parts.method != Method::GET || parts.version != Version::HTTP_11 || !parts.headers.iter().all(is_plain) {
            return None;
        }
        if visit.is_deprecated() || response.headers().contains_key(CONNECTION) {
            return None;
        }
        let (status, head) = (response.status(), head(response));
        let sound = status == StatusCode::OK || status == StatusCode::NOT_MODIFIED && response.body().is_empty();
        if !sound || head.len() > LONGEST {
            return None;
        }
        let (account, api_key) = visit.who();
        Some(Self {
            head,
            status: status.as_u16(),
            path: parts.uri.path().into(),
            operation: visit.operation(),
            account,
            api_key,
            ip: visit.ip,
            again,
        })
    }
}

/// Whether a header says nothing of the message, of the connection, or of this one request.
fn is_plain((name, value): (&HeaderName, &http::HeaderValue)) -> bool {
    match *name {
        CONNECTION => value.as_bytes().eq_ignore_ascii_case(b"keep-alive"),
        CONTENT_LENGTH | UPGRADE => false,
        _ => !EACH_TIMES.contains(&name.as_str()),
    }
}

/// The beginning of the message, as hyper would write it.
fn head(response: &Response<Bytes>) -> Vec<u8> {
    let mut head = Vec::with_capacity(512);
    write_status(&mut head, response.status());
    for (name, value) in response.headers() {
        if ![X_REQUEST_ID, AGE, RATE_LIMIT, DATE, CONTENT_LENGTH].contains(name) {
            write_line(&mut head, name.as_str(), value.as_bytes());
        }
    }
    head
}
