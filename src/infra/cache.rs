//! A cache that never answers with what was true before an invalidation.
//!
//! The trap of every cache beside a store: a reader loads a row, a writer changes it and drops the cached copy, and then the
//! reader puts the old row into the cache, where it stays. Here a load is registered as a *flight* before it begins. An
//! invalidation strikes the flight off together with the cached value, and a load whose flight has been struck off returns its
//! value to those who had asked before, but does not keep it; whoever asks afterwards starts a flight of his own.

mod flights;

use std::fmt;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use foldhash::quality::RandomState;

use self::flights::Flights;

/// How often somebody joins loads of others before he loads for himself.
const ROUNDS: usize = 3;

/// How much a cache may hold, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Sum of the weights of all entries; what has been asked for least goes first.
    pub weight: u64,
    /// Longest time that an entry is kept, measured by the machine's clock; `None` for as long as there is room.
    pub keep: Option<Duration>,
}

/// What a cache has done so far, and holds now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Answers from the cache.
    pub hits: u64,
    /// Questions that the cache could not answer.
    pub misses: u64,
    /// Entries now, roughly.
    pub entries: u64,
    /// Sum of their weights, roughly.
    pub weight: u64,
}

/// Values by key, loaded on demand: by one for all who ask at the same time, and kept until they are invalidated or room is short.
///
/// The owner has to call [`Fresh::invalidate`] *after* the change is committed and *before* the change is answered: then whoever
/// asks after having seen the answer gets the new value.
pub struct Fresh<K, V> {
    kept: moka::sync::Cache<K, (u64, V), RandomState>,
    /// Goes up when all is forgotten; a value of another number is none. `moka` compares times for that, and lets pass what
    /// was kept within the same tick of its clock.
    epoch: AtomicU64,
    flights: Flights<K, V>,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl<K, V> Fresh<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// An empty cache. `weigh` tells the weight of an entry, in the unit of [`Bounds::weight`]: bytes, or always 1.
    #[must_use]
    pub fn new(bounds: Bounds, weigh: impl Fn(&K, &V) -> u32 + Send + Sync + 'static) -> Self {
        let builder = moka::sync::Cache::builder().max_capacity(bounds.weight);
        let builder = builder.weigher(move |key, (_, value)| weigh(key, value));
        let kept = match bounds.keep {
            Some(keep) => builder.time_to_live(keep).build_with_hasher(RandomState::default()),
            None => builder.build_with_hasher(RandomState::default()),
        };
        Self {
            kept,
            epoch: AtomicU64::new(0),
            flights: Flights::new(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// The value, if it is here.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<V> {
        let found = self.look(key);
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// The value, from here or loaded and then kept. Of those who ask at the same time one loads for all; when that one gives
    /// up, the next takes over, and when his load fails, the others load for themselves.
    ///
    /// # Errors
    /// Those of `load`. They are not kept.
    pub async fn get_or_load<E, F>(&self, key: &K, load: impl FnOnce() -> F) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        if let Some(value) = self.get(key) {
            return Ok(value);
        }
        // Between the miss and this line the value may have arrived; joining looks again.
        let flight = match self.flights.join(key, || self.look(key)) {
            Ok(flight) => flight,
            Err(value) => return Ok(value),
        };
        let mut load = Some(load);
        let mut failure = None;
        let landed = flight
            .result()
            .get_or_init(|| async {
                let value = load.take()?().await.map_err(|error| failure = Some(error)).ok();
                flight.land(|| {
                    if let Some(value) = &value {
                        self.keep(key, value);
                    }
                });
                value
            })
            .await
            .clone();
        match (landed, failure, load) {
            (Some(value), _, _) => Ok(value),
            (None, Some(error), _) => Err(error),
            (None, None, Some(load)) => load().await,
            (None, None, None) => unreachable!("a load gives a value or an error"),
        }
    }

    /// Like [`get_or_load`](Self::get_or_load) for values that can tell whether they still hold: one that does not is loaded
    /// anew, and nobody gets one that fell while it was being loaded, but for whoever began to load it before.
    ///
    /// # Errors
    /// Those of `load`. They are not kept.
    pub async fn get_or_load_while<E, F>(
        &self,
        key: &K,
        holds: impl Fn(&V) -> bool,
        load: impl Fn() -> F,
    ) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        if let Some(value) = self.get_while(key, &holds) {
            return Ok(value);
        }
        // Whoever joins a flight that fell looks again; after a few rounds of constant change he loads for himself.
        for _ in 0..ROUNDS {
            let flight = match self.flights.join(key, || self.look(key).filter(&holds)) {
                Ok(flight) => flight,
                Err(value) => return Ok(value),
            };
            let mut own = None;
            let landed = flight.result().get_or_init(|| async {
                let outcome = load().await;
                let value = outcome.as_ref().ok().cloned();
                own = Some(outcome);
                flight.land(|| {
                    if let Some(value) = &value {
                        self.keep(key, value);
                    }
                });
                value
            });
            let landed = landed.await.clone();
            match (own, landed) {
                (Some(outcome), _) => return outcome,
                (None, Some(value)) if holds(&value) => return Ok(value),
                // It failed for somebody else, or fell: neither says anything about the next try.
                (None, _) => {}
            }
        }
        load().await
    }

    /// The value, if it is here and holds.
    #[must_use]
    pub fn get_while(&self, key: &K, holds: impl Fn(&V) -> bool) -> Option<V> {
        let found = self.look(key).filter(holds);
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// Keeps a value that knows by itself whether it holds, in place of what was there.
    pub fn put(&self, key: &K, value: V) {
        self.keep(key, &value);
    }

    /// Forgets the value, and whatever is being loaded for it at this moment.
    pub fn invalidate(&self, key: &K) {
        self.flights.strike(key, || self.kept.invalidate(key));
    }

    /// Forgets all values, and whatever is being loaded at this moment.
    pub fn invalidate_all(&self) {
        self.flights.strike_all(|| {
            self.epoch.fetch_add(1, Ordering::AcqRel);
            self.kept.invalidate_all();
        });
    }

    fn look(&self, key: &K) -> Option<V> {
        let (epoch, value) = self.kept.get(key)?;
        (epoch == self.epoch.load(Ordering::Acquire)).then_some(value)
    }

    fn keep(&self, key: &K, value: &V) {
        self.kept.insert(key.clone(), (self.epoch.load(Ordering::Acquire), value.clone()));
    }

    /// Counters since the start, and what is held now.
    #[must_use]
    pub fn stats(&self) -> Stats {
        // What was kept a moment ago is counted when somebody asks, or in the course of things.
        self.kept.run_pending_tasks();
        Stats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: self.kept.entry_count(),
            weight: self.kept.weighted_size(),
        }
    }
}

impl<K, V> fmt::Debug for Fresh<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys and values may be secret.
        formatter.debug_struct("Fresh").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
