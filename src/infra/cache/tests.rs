use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use tokio::sync::oneshot;

use super::*;

const ROOM: Bounds = Bounds { weight: 1_000, keep: None };

fn cache() -> Arc<Fresh<u32, &'static str>> {
    Arc::new(Fresh::new(ROOM, |_, _| 1))
}

async fn load(cache: &Fresh<u32, &'static str>, key: u32, value: &'static str) -> &'static str {
    cache.get_or_load(&key, || async { Ok::<_, Infallible>(value) }).await.unwrap_or_else(|never| match never {})
}

/// A load that has begun and ends when the sender speaks.
async fn slow_load(
    cache: &Arc<Fresh<u32, &'static str>>,
    key: u32,
) -> (oneshot::Sender<Result<&'static str, &'static str>>, tokio::task::JoinHandle<Result<&'static str, &'static str>>)
{
    let (end, ended) = oneshot::channel();
    let (tell, begun) = oneshot::channel();
    let cache = Arc::clone(cache);
    let task = tokio::spawn(async move {
        let load = || async {
            tell.send(()).expect("the test listens");
            ended.await.expect("the test speaks")
        };
        cache.get_or_load(&key, load).await
    });
    tokio::time::timeout(Duration::from_secs(10), begun).await.expect("in time").expect("the load begins");
    (end, task)
}

#[tokio::test]
async fn a_value_is_loaded_once_and_then_kept() {
    let cache = cache();
    assert_eq!(cache.get(&1), None);
    assert_eq!(load(&cache, 1, "first").await, "first");
    assert_eq!(load(&cache, 1, "second").await, "first");
    assert_eq!(cache.get(&1), Some("first"));
}

#[tokio::test]
async fn an_invalidated_value_is_loaded_anew() {
    let cache = cache();
    load(&cache, 1, "old").await;
    load(&cache, 2, "other").await;
    cache.invalidate(&1);
    assert_eq!(cache.get(&1), None);
    assert_eq!(load(&cache, 1, "new").await, "new");
    assert_eq!(cache.get(&2), Some("other"));
}

#[tokio::test]
async fn invalidating_all_leaves_nothing() {
    let cache = cache();
    for key in 0..100 {
        load(&cache, key, "old").await;
    }
    cache.invalidate_all();
    for key in 0..100 {
        assert_eq!(cache.get(&key), None);
        assert_eq!(load(&cache, key, "new").await, "new");
        assert_eq!(cache.get(&key), Some("new"));
    }
}

#[tokio::test]
async fn a_value_loaded_before_an_invalidation_is_not_kept_after_it() {
    for all in [false, true] {
        let cache = cache();
        let (end, early) = slow_load(&cache, 1).await;
        if all {
            cache.invalidate_all();
        } else {
            cache.invalidate(&1);
        }
        end.send(Ok("old")).expect("the load waits");

        assert_eq!(early.await.expect("no panic"), Ok("old"), "who asked before may get what was true then");
        assert_eq!(cache.get(&1), None);
        assert_eq!(load(&cache, 1, "new").await, "new");
    }
}

#[tokio::test]
async fn whoever_asks_after_an_invalidation_does_not_join_a_load_from_before() {
    let cache = cache();
    let (end_early, early) = slow_load(&cache, 1).await;
    cache.invalidate(&1);
    let (end_late, late) = slow_load(&cache, 1).await;

    end_late.send(Ok("new")).expect("the load waits");
    assert_eq!(late.await.expect("no panic"), Ok("new"));
    end_early.send(Ok("old")).expect("the load waits");
    assert_eq!(early.await.expect("no panic"), Ok("old"));
    assert_eq!(cache.get(&1), Some("new"));
}

#[tokio::test]
async fn many_who_ask_at_once_cause_one_load() {
    let cache = cache();
    let loads = Arc::new(AtomicUsize::new(0));
    let (end, first) = slow_load(&cache, 1).await;
    let others: Vec<_> = (0..50)
        .map(|_| {
            let (cache, loads) = (Arc::clone(&cache), Arc::clone(&loads));
            tokio::spawn(async move {
                let load = || async {
                    loads.fetch_add(1, Ordering::Relaxed);
                    Err("nobody else should load")
                };
                cache.get_or_load(&1, load).await
            })
        })
        .collect();
    tokio::task::yield_now().await;
    end.send(Ok("value")).expect("the load waits");

    assert_eq!(first.await.expect("no panic"), Ok("value"));
    for other in others {
        assert_eq!(other.await.expect("no panic"), Ok("value"));
    }
    assert_eq!(loads.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn when_the_one_who_loads_gives_up_the_next_takes_over() {
    let cache = cache();
    let (_end, first) = slow_load(&cache, 1).await;
    let second = tokio::spawn({
        let cache = Arc::clone(&cache);
        async move { load(&cache, 1, "value").await }
    });
    tokio::task::yield_now().await;
    first.abort();
    assert_eq!(second.await.expect("no panic"), "value");
    assert_eq!(cache.get(&1), Some("value"));
}

#[tokio::test]
async fn when_a_load_fails_the_others_load_for_themselves_and_the_failure_is_not_kept() {
    let cache = cache();
    let (end, first) = slow_load(&cache, 1).await;
    let second = tokio::spawn({
        let cache = Arc::clone(&cache);
        async move { load(&cache, 1, "value").await }
    });
    tokio::task::yield_now().await;
    end.send(Err("no store")).expect("the load waits");

    assert_eq!(first.await.expect("no panic"), Err("no store"));
    assert_eq!(second.await.expect("no panic"), "value");
    assert_eq!(load(&cache, 1, "later").await, "later");
}

#[tokio::test]
async fn a_panicking_load_harms_only_its_caller() {
    let cache = cache();
    let task = tokio::spawn({
        let cache = Arc::clone(&cache);
        async move { cache.get_or_load(&1, || async { panic!("on purpose") }).await.map_err(|never: Infallible| never) }
    });
    assert!(task.await.expect_err("a panic").is_panic());
    assert_eq!(cache.flights.under_way(), 0);
    assert_eq!(load(&cache, 1, "value").await, "value");
}

#[tokio::test]
async fn nothing_is_remembered_of_loads_that_ended_failed_or_were_given_up() {
    let cache = cache();
    for key in 0..100 {
        let (end, task) = slow_load(&cache, key).await;
        match key % 3 {
            0 => end.send(Ok("value")).expect("the load waits"),
            1 => end.send(Err("no store")).expect("the load waits"),
            _ => task.abort(),
        }
        let _ = task.await;
    }
    assert_eq!(cache.flights.under_way(), 0);
}

#[tokio::test]
async fn the_weight_is_bounded() {
    let cache = Fresh::new(Bounds { weight: 1_000, keep: None }, |_: &u32, value: &String| {
        u32::try_from(value.len()).unwrap_or(u32::MAX)
    });
    for key in 0..500 {
        let value = cache.get_or_load(&key, || async { Ok::<_, Infallible>("x".repeat(100)) }).await;
        assert_eq!(value.map(|value| value.len()), Ok(100));
    }
    cache.kept.run_pending_tasks();
    let stats = cache.stats();
    assert!(stats.weight <= 1_000 && stats.entries <= 10 && stats.entries > 0, "{stats:?}");
}

#[tokio::test]
async fn entries_are_kept_no_longer_than_allowed() {
    let cache = Fresh::new(Bounds { weight: 10, keep: Some(Duration::from_millis(30)) }, |_: &u32, _: &u32| 1);
    let value = |value| async move { Ok::<_, Infallible>(value) };
    assert_eq!(cache.get_or_load(&1, || value(1)).await, Ok(1));
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(cache.get_or_load(&1, || value(2)).await, Ok(2));
}

#[tokio::test]
async fn hits_and_misses_are_counted() {
    let cache = cache();
    load(&cache, 1, "value").await;
    load(&cache, 1, "value").await;
    load(&cache, 1, "value").await;
    assert_eq!(cache.get(&2), None);
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses), (2, 2));
}

#[test]
fn debug_shows_neither_keys_nor_values() {
    assert_eq!(format!("{:?}", cache()), "Fresh { .. }");
}

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

/// A value that remembers when it was read.
#[derive(Clone, Debug, PartialEq)]
struct Read(u64);

/// A thing whose readers keep what they read as long as it has not changed.
#[derive(Default)]
struct Thing {
    version: std::sync::atomic::AtomicU64,
    reads: AtomicUsize,
}

impl Thing {
    fn now(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }

    async fn read(&self, cache: &Fresh<u32, Read>) -> Read {
        let load = || async {
            let read = Read(self.now());
            self.reads.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(read)
        };
        let read = cache.get_or_load_while(&1, |read| read.0 == self.now(), load).await;
        read.unwrap_or_else(|never| match never {})
    }
}

#[tokio::test]
async fn a_value_is_kept_while_it_holds_and_loaded_anew_afterwards() {
    let (cache, thing) = (Fresh::new(ROOM, |_: &u32, _: &Read| 1), Thing::default());
    for _ in 0..3 {
        assert_eq!(thing.read(&cache).await, Read(0));
    }
    thing.version.store(1, Ordering::SeqCst);
    for _ in 0..3 {
        assert_eq!(thing.read(&cache).await, Read(1));
    }
    assert_eq!(thing.reads.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn of_many_who_find_a_fallen_value_one_loads_for_all() {
    let (cache, thing) = (Fresh::new(ROOM, |_: &u32, _: &Read| 1), Thing::default());
    thing.read(&cache).await;
    thing.version.store(1, Ordering::SeqCst);
    let mut readers = Vec::new();
    for _ in 0..50 {
        readers.push(Box::pin(thing.read(&cache)));
    }
    for read in futures_of(readers).await {
        assert_eq!(read, Read(1));
    }
    assert_eq!(thing.reads.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_what_fell_before_he_asked() {
    let cache = Arc::new(Fresh::new(ROOM, |_: &u32, _: &Read| 1));
    let thing = Arc::new(Thing::default());
    let readers = (0..4).map(|_| {
        let (cache, thing) = (Arc::clone(&cache), Arc::clone(&thing));
        tokio::spawn(async move {
            for _ in 0..2_000 {
                let before = thing.now();
                let Read(read) = thing.read(&cache).await;
                assert!(read >= before, "read {read}, and {before} was known before");
            }
        })
    });
    let readers: Vec<_> = readers.collect();
    while readers.iter().any(|reader| !reader.is_finished()) {
        thing.version.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
    }
    for reader in readers {
        reader.await.expect("no reader was told the past");
    }
}

/// All of them, polled in turns.
async fn futures_of<F: Future + Unpin>(mut futures: Vec<F>) -> Vec<F::Output> {
    let mut outputs = Vec::new();
    std::future::poll_fn(|context| {
        futures.retain_mut(|future| match std::pin::Pin::new(future).poll(context) {
            std::task::Poll::Ready(output) => {
                outputs.push(output);
                false
            }
            std::task::Poll::Pending => true,
        });
        if futures.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    outputs
}
