//! Values that are kept for as long as they hold.

use super::*;

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
