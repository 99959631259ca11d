//! Many who write at once, and what follows a commit.

use shopkeeper::domain::user::User;
use shopkeeper::store::Store;
use uuid::Uuid;

use crate::{Room, at, user};

/// Reads, decides by what it read, and writes: with deferred transactions most of these fail as soon as two meet.
async fn increment(store: Store, id: Uuid) -> Result<(), shopkeeper::store::Error> {
    let tx = store.begin().await?;
    let before = tx.user(id).await?.expect("an account");
    tokio::task::yield_now().await;
    let after = User { version: before.version + 1, updated_at: at(before.version), ..before.clone() };
    tx.update_user(&after, before.version).await?;
    tx.commit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn eighty_transactions_that_read_before_they_write_all_succeed() {
    let room = Room::new().await;
    let ada = user(1, "ada");
    room.add(&ada).await;
    // Two pools over one file compete as two processes do; within a pool the writers queue.
    let stores = [room.store.clone(), room.neighbour().await];

    let tasks: Vec<_> = (0..80).map(|number| tokio::spawn(increment(stores[number % 2].clone(), ada.id))).collect();
    let reading = tokio::spawn({
        let store = room.store.clone();
        async move {
            for _ in 0..200 {
                store.user(ada.id).await.expect("readers wait for nobody");
            }
        }
    });
    for task in tasks {
        task.await.expect("no panic").expect("no SQLITE_BUSY");
    }
    reading.await.expect("no panic");

    let version = room.store.user(ada.id).await.expect("an answer").expect("an account").version;
    assert_eq!(version, 81, "no update was lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_a_commit_happens_even_if_nobody_waits_for_it() {
    let room = Room::new().await;
    let tx = room.store.begin().await.expect("a transaction");
    tx.insert_user(&user(1, "ada"), "").await.expect("an account");
    let (done, told) = tokio::sync::oneshot::channel();
    {
        let mut commit = std::pin::pin!(tx.commit_then(move || done.send(()).expect("somebody listens")));
        // Polled once, so that it has begun; then dropped, as when a client hangs up.
        let begun = std::future::poll_fn(|context| std::task::Poll::Ready(commit.as_mut().poll(context))).await;
        assert!(begun.is_pending());
    }
    told.await.expect("it ran");
    assert!(room.store.user(user(1, "ada").id).await.expect("an answer").is_some());
}
