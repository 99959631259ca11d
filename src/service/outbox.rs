//! Telling what was done: every change leaves an event in the outbox, in its own transaction, and whoever wants to hear of it
//! is told at least once, of each thing in the order in which it happened.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use uuid::Uuid;

use super::{Error, Shop};
use crate::domain::audit::AuditEvent;
use crate::store::Matter;

/// Events that are told between two looks; others who want to write wait no longer than striking them off takes.
const BATCH: u64 = 200;
/// How long events may gather before they are told: one commit strikes them all off.
const GATHER: Duration = Duration::from_millis(250);
/// How soon what failed, or what another instance left, is tried again.
const RETRY: Duration = Duration::from_secs(10);

/// Whoever wants to hear what was done.
pub trait Subscriber: Send + Sync {
    /// Hears of one event. It may come again: an answer can get lost.
    ///
    /// # Errors
    /// Why it could not be taken; it will be told again, and until then nothing else of the same thing.
    fn hear(&self, event: &AuditEvent) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
}

/// What wakes the teller, and what it has told.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    notify: Notify,
    told: Told,
}

impl Outbox {
    /// Something is to be told.
    pub fn wake(&self) {
        self.notify.notify_one();
    }
}

/// How many events of each kind were told since the start.
#[derive(Debug, Default)]
pub struct Told(Mutex<BTreeMap<String, u64>>);

impl Told {
    fn count(&self, action: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(action) {
            Some(count) => *count += 1,
            None => drop(counts.insert(action.to_owned(), 1)),
        }
    }

    /// By the names of the kinds.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Writes what was done into the log.
#[derive(Debug, Clone, Copy, Default)]
pub struct Logged;

impl Subscriber for Logged {
    fn hear(&self, event: &AuditEvent) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let AuditEvent { action, actor, resource_id, request_id, .. } = event;
        let request_id = request_id.as_deref().unwrap_or("-");
        tracing::info!(event = "done", action = &**action, actor = actor.as_str(), %resource_id, request_id);
        Ok(())
    }
}

impl Shop {
    /// How many events of each kind were told since the start.
    #[must_use]
    pub fn told(&self) -> &Told {
        &self.0.outbox.told
    }

    /// Tells what is done, for ever. To be run as a task of its own, which may end at any moment: what is not told then is told
    /// at the next start.
    pub async fn tell(&self, subscriber: &dyn Subscriber) {
        loop {
            // What was left over, or by others, is not announced.
            let _ = tokio::time::timeout(RETRY, self.0.outbox.notify.notified()).await;
            tokio::time::sleep(GATHER).await;
            if let Err(error) = self.tell_all(subscriber).await {
                tracing::warn!(%error, "what was done could not be told");
            }
        }
    }

    /// Tells everything that is to be told now, and how many events that were.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`]; what was told but could not be struck off will be told again.
    pub async fn tell_all(&self, subscriber: &dyn Subscriber) -> Result<u64, Error> {
        let Some(duty) = self.parts().store.take_duty(Matter::Telling).await? else {
            // Whoever tells now may have looked before there was this to tell.
            self.0.outbox.wake();
            return Ok(0);
        };
        let told = self.tell_untold(subscriber).await;
        duty.end().await?;
        told
    }

    async fn tell_untold(&self, subscriber: &dyn Subscriber) -> Result<u64, Error> {
        let (mut told, mut stuck, mut after) = (0, HashSet::new(), None);
        loop {
            // Behind the last one seen, so that those that are not taken hold up nothing but their own things.
            let events = self.parts().store.untold_events(after, BATCH).await?;
            let is_last = (events.len() as u64) < BATCH;
            after = events.last().map(|(number, _)| *number);
            told += self.tell_each(subscriber, events, &mut stuck).await?;
            if is_last {
                return Ok(told);
            }
        }
    }

    /// Tells these events, but for those of things that are stuck, and strikes off what was taken.
    async fn tell_each(
        &self,
        subscriber: &dyn Subscriber,
        events: Vec<(i64, AuditEvent)>,
        stuck: &mut HashSet<(Cow<'static, str>, Uuid)>,
    ) -> Result<u64, Error> {
        let mut told = Vec::new();
        for (number, event) in events {
            let thing = (event.resource.clone(), event.resource_id);
            if stuck.contains(&thing) {
                continue;
            }
            match subscriber.hear(&event) {
                Ok(()) => {
                    self.0.outbox.told.count(&event.action);
                    told.push((number, event.id));
                }
                Err(error) => {
                    tracing::warn!(%error, action = &*event.action, "an event was not taken");
                    stuck.insert(thing);
                }
            }
        }
        if told.is_empty() {
            return Ok(0);
        }
        let count = told.len() as u64;
        let tx = self.parts().store.begin().await?;
        tx.delete_told_events(told).await?;
        tx.commit().await?;
        Ok(count)
    }
}
