//! Loads under way: at most one that counts for each key.
//!
//! A key's lock orders three things: that a flight's value is kept, that the key is invalidated, and that someone joins a
//! flight. It is never held while loading.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OnceCell;

/// Keys are spread over so many locks; only misses and invalidations take them.
const SHARDS: usize = 64;

/// What a load came to: `None` when it failed.
pub(super) type Landing<V> = OnceCell<Option<V>>;

pub(super) struct Flights<K, V> {
    shards: Box<[Shard<K, V>]>,
    hasher: RandomState,
}

type Shard<K, V> = Mutex<HashMap<K, Arc<Landing<V>>>>;

/// A seat in a flight. The flight is struck off when the last seat is given up.
pub(super) struct Flight<'a, K: Hash + Eq, V> {
    shard: &'a Shard<K, V>,
    key: &'a K,
    landing: Arc<Landing<V>>,
}

impl<K: Hash + Eq + Clone, V> Flights<K, V> {
    pub fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), hasher: RandomState::new() }
    }

    /// A seat in the key's flight, or what `arrived` finds, which is asked first and while no flight can land.
    pub fn join<'a>(&'a self, key: &'a K, arrived: impl FnOnce() -> Option<V>) -> Result<Flight<'a, K, V>, V> {
        let shard = self.shard(key);
        let mut flights = lock(shard);
        if let Some(value) = arrived() {
            return Err(value);
        }
        let landing = Arc::clone(flights.entry(key.clone()).or_default());
        Ok(Flight { shard, key, landing })
    }

    /// Strikes the key's flight off and runs `forget` before anyone can join another or land.
    pub fn strike(&self, key: &K, forget: impl FnOnce()) {
        let mut flights = lock(self.shard(key));
        flights.remove(key);
        forget();
    }

    /// Strikes all flights off and runs `forget` before anyone can join another or land.
    pub fn strike_all(&self, forget: impl FnOnce()) {
        // Always in the same order, and nobody else takes two.
        let mut all: Vec<_> = self.shards.iter().map(lock).collect();
        for flights in &mut all {
            flights.clear();
        }
        forget();
    }

    #[cfg(test)]
    pub fn under_way(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).len()).sum()
    }

    fn shard(&self, key: &K) -> &Shard<K, V> {
        let hash = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).unwrap_or_default();
        &self.shards[hash]
    }
}

impl<K: Hash + Eq, V> Flight<'_, K, V> {
    pub fn result(&self) -> &Landing<V> {
        &self.landing
    }

    /// Ends the flight, and runs `keep` if it has not been struck off.
    pub fn land(&self, keep: impl FnOnce()) {
        let mut flights = lock(self.shard);
        if self.counts(&flights) {
            flights.remove(self.key);
            keep();
        }
    }

    fn counts(&self, flights: &HashMap<K, Arc<Landing<V>>>) -> bool {
        flights.get(self.key).is_some_and(|landing| Arc::ptr_eq(landing, &self.landing))
    }
}

impl<K: Hash + Eq, V> Drop for Flight<'_, K, V> {
    fn drop(&mut self) {
        let mut flights = lock(self.shard);
        // Ours and the map's: all others have hung up before the load came to an end. Seats are taken under this lock only.
        if self.counts(&flights) && Arc::strong_count(&self.landing) == 2 {
            flights.remove(self.key);
        }
    }
}

/// A panic cannot leave a map half changed, so a poisoned lock is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
