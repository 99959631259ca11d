//! What the cache promises one caller after another, and many at once.

mod disorder;
mod holding;

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
