//! What holds when everything happens at the same time.

use super::*;

/// The promise itself, under as much disorder as threads can make: an answer is never older than the last change that was
/// invalidated before the question.
#[test]
fn no_answer_is_older_than_the_last_invalidation_before_the_question() {
    const KEYS: usize = 3;
    const READERS: u64 = 3;
    let rounds = 20_000;

    // What the store holds, and what writers have told the world to be done.
    let stored: Vec<AtomicU64> = (0..KEYS).map(|_| AtomicU64::new(0)).collect();
    let answered: Vec<AtomicU64> = (0..KEYS).map(|_| AtomicU64::new(0)).collect();
    // Room for fewer than there are, so that evictions take part.
    let cache: Fresh<usize, u64> = Fresh::new(Bounds { weight: KEYS as u64 - 1, keep: None }, |_, _| 1);
    let done = std::sync::atomic::AtomicBool::new(false);
    let runtime = || tokio::runtime::Builder::new_current_thread().build().expect("a runtime");

    std::thread::scope(|scope| {
        for seed in 0..READERS {
            let (stored, answered, cache, done) = (&stored, &answered, &cache, &done);
            scope.spawn(move || {
                runtime().block_on(async {
                    let mut chance = Chance(seed + 1);
                    while !done.load(Ordering::Relaxed) {
                        let key = chance.below(KEYS);
                        let (before, after) = (chance.below(3), chance.below(3));
                        let at_least = answered[key].load(Ordering::SeqCst);
                        let load = || async {
                            pause(before).await;
                            let value = stored[key].load(Ordering::SeqCst);
                            pause(after).await;
                            Ok::<_, Infallible>(value)
                        };
                        let Ok(value) = cache.get_or_load(&key, load).await;
                        assert!(value >= at_least, "key {key}: {value} is older than {at_least}");
                    }
                });
            });
        }
        let mut chance = Chance(99);
        for round in 1..=rounds {
            let key = chance.below(KEYS);
            stored[key].store(round, Ordering::SeqCst);
            if chance.below(50) == 0 {
                cache.invalidate_all();
            } else {
                cache.invalidate(&key);
            }
            answered[key].store(round, Ordering::SeqCst);
            if chance.below(4) == 0 {
                std::thread::yield_now();
            }
        }
        done.store(true, Ordering::Relaxed);
    });

    let stats = cache.stats();
    assert!(stats.hits > 0 && stats.misses > 0, "the test met nothing: {stats:?}");
    assert_eq!(cache.flights.under_way(), 0);
}

/// Nothing, a turn for another thread, or a while.
async fn pause(kind: usize) {
    match kind {
        0 => {}
        1 => std::thread::yield_now(),
        _ => tokio::task::yield_now().await,
    }
}

/// A small deterministic source (xorshift), so that a failure can be seen again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap_or_default()
    }
}
