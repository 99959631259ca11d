//! Requests that are sent again: the first answer is kept with what it tells of, in one transaction, and given again.
//!
//! A caller names each act (`Idempotency-Key`). While the first request of a name is underway the next is turned away; once
//! it is committed the next gets its answer, whoever serves it, under whichever token, for a day. What failed changed nothing
//! and is not kept: sent again, it is tried again.

use std::collections::HashSet;
use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use uuid::Uuid;

use super::error::{Conflict, Error};
use super::{Shop, Unique};
use crate::store::{self, IdempotencyRecord, Tx};

/// How long an answer is given again.
pub(super) const KEPT_FOR: TimeDelta = TimeDelta::days(1);

/// What places, fingerprints and answers are kept apart by from the secret's other uses.
const PLACE: &str = "idempotency place";
const FINGERPRINT: &str = "idempotency fingerprint";
const ANSWER: &str = "idempotency answer";

/// A request that came with a key.
#[derive(Clone, Copy)]
pub struct Repeatable<'r> {
    /// The operation that is called.
    pub operation: &'static str,
    /// The account that calls, by whichever token.
    pub account: Option<Uuid>,
    /// Where from: that and the content stand for callers without an account.
    pub ip: IpAddr,
    /// The caller's name for this act.
    pub key: &'r str,
    /// What tells the request from others of the operation.
    pub content: &'r [u8],
}

/// What to do with such a request.
pub enum Turn {
    /// It is the first: do it, and keep the answer with this.
    First(Ticket),
    /// It was done before: this was the answer.
    Again(Vec<u8>),
}

/// The right to be the first request with its key, until this is dropped.
pub struct Ticket {
    place: [u8; 32],
    fingerprint: [u8; 32],
    operation: &'static str,
    account: Option<Uuid>,
    /// Something too old to be given again is still in its place.
    outdated: AtomicBool,
    underway: Arc<Underway>,
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("operation", &self.operation).finish_non_exhaustive()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.underway.lock().remove(&self.place);
    }
}

/// The places of requests that are not answered yet.
#[derive(Debug, Default)]
pub(super) struct Underway(Mutex<HashSet<[u8; 32]>>);

impl Underway {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<[u8; 32]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How to word the answer about what was made, where it has to be kept.
pub struct Keep<'k, T>(Option<(&'k Ticket, Wording<'k, T>)>);

type Wording<'k, T> = Box<dyn Fn(&T) -> Result<Vec<u8>, Error> + Send + Sync + 'k>;

impl<'k, T> Keep<'k, T> {
    /// Nothing is kept: the request came without a key.
    #[must_use]
    pub const fn nothing() -> Self {
        Self(None)
    }

    /// What `word` makes of it is kept.
    pub fn answer(ticket: &'k Ticket, word: impl Fn(&T) -> Result<Vec<u8>, Error> + Send + Sync + 'k) -> Self {
        Self(Some((ticket, Box::new(word))))
    }
}

impl Shop {
    /// Whether a request is the first with its key. The answer given before is to be given again.
    ///
    /// # Errors
    /// [`Error::Conflict`] while the first one is underway, [`Error::KeyReused`] when the key was another request's.
    pub async fn take_turn(&self, request: &Repeatable<'_>) -> Result<Turn, Error> {
        let ticket = self.ticket(request)?;
        Ok(match self.answered_before(&ticket).await? {
            Some(answer) => Turn::Again(answer),
            None => Turn::First(ticket),
        })
    }

    fn ticket(&self, request: &Repeatable<'_>) -> Result<Ticket, Error> {
        let Repeatable { operation, account, ip, key, content } = *request;
        let secret = &self.parts().secret;
        let fingerprint = secret.mac(FINGERPRINT, content);
        let place = secret.mac(PLACE, &place(operation, account, ip, key, &fingerprint));
        let underway = Arc::clone(&self.0.underway);
        if !underway.lock().insert(place) {
            return Err(Error::Conflict(Conflict::KeyInUse));
        }
        Ok(Ticket { place, fingerprint, operation, account, outdated: AtomicBool::new(false), underway })
    }

    /// The answer that was kept for the request of this ticket.
    ///
    /// A request may fail because it was done already: the client hung up while it was being committed, or another instance
    /// was quicker. So this is asked again after a failure.
    ///
    /// # Errors
    /// [`Error::KeyReused`] when the key was another request's.
    pub async fn answered_before(&self, ticket: &Ticket) -> Result<Option<Vec<u8>>, Error> {
        let Some(record) = self.parts().store.idempotency_record(&ticket.place).await? else { return Ok(None) };
        if record.created_at < self.parts().clock.now() - KEPT_FOR {
            ticket.outdated.store(true, Ordering::Relaxed);
            return Ok(None);
        }
        if record.fingerprint != ticket.fingerprint {
            return Err(Error::KeyReused);
        }
        let opened = self.parts().secret.open(ANSWER, &ticket.place, record.answer);
        opened.map(Some).map_err(|broken| Error::Internal(broken.into()))
    }

    /// Keeps the answer about what was made, in the transaction that makes it.
    pub(super) async fn keep<T>(&self, tx: &Tx, keep: &Keep<'_, T>, made: &T) -> Result<(), Error> {
        let Some((ticket, word)) = &keep.0 else { return Ok(()) };
        let answer = self.parts().secret.seal(ANSWER, &ticket.place, &word(made)?);
        let record = IdempotencyRecord {
            place: ticket.place,
            operation: ticket.operation.to_owned(),
            user_id: ticket.account,
            fingerprint: ticket.fingerprint,
            answer: answer.map_err(|broken| Error::Internal(broken.into()))?,
            created_at: self.parts().clock.now(),
        };
        if ticket.outdated.load(Ordering::Relaxed) {
            tx.delete_idempotency_record(&ticket.place, record.created_at - KEPT_FOR).await?;
        }
        match tx.insert_idempotency_record(record).await {
            // The other one's effects are committed, and this one's are rolled back.
            Err(store::Error::Taken(Unique::IdempotencyKey)) => Err(Error::Conflict(Conflict::KeyInUse)),
            outcome => Ok(outcome?),
        }
    }
}

/// What a key is unique within, and the key.
fn place(operation: &str, account: Option<Uuid>, ip: IpAddr, key: &str, fingerprint: &[u8; 32]) -> Vec<u8> {
    let mut place = Vec::with_capacity(64 + operation.len() + key.len());
    match (account, ip) {
        (Some(account), _) => {
            place.push(0);
            place.extend(account.as_bytes());
        }
        (None, IpAddr::V4(ip)) => {
            place.push(4);
            place.extend(ip.octets());
            place.extend(fingerprint);
        }
        (None, IpAddr::V6(ip)) => {
            place.push(6);
            place.extend(ip.octets());
            place.extend(fingerprint);
        }
    }
    // The length keeps the operation and the key apart.
    place.extend((operation.len() as u64).to_be_bytes());
    place.extend(operation.as_bytes());
    place.extend(key.as_bytes());
    place
}
