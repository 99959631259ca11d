//! Many who write at once, and what follows a commit.

use shopkeeper::domain::user::User;
use shopkeeper::store::{Error, Store};
use uuid::Uuid;

use crate::{Room, at, user};

/// Reads, decides by what it read, and writes: with deferred transactions most of these fail as soon as two meet.
async fn increment(store: Store, id: Uuid) -> Result<(), Error> {
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
async fn two_hundred_increments_at_once_all_count_and_share_commits() {
    // A server shares the commits of its clients by itself.
    let room = Room::of_file().await;
    let ada = user(1, "ada");
    room.add(&ada).await;
    let before = room.store.stats();
    let tasks: Vec<_> = (0..200).map(|_| tokio::spawn(increment(room.store.clone(), ada.id))).collect();
    for task in tasks {
        task.await.expect("no panic").expect("everybody gets a turn");
    }
    let version = room.store.user(ada.id).await.expect("an answer").expect("an account").version;
    assert_eq!(version, 201, "no update was lost");
    let after = room.store.stats();
    assert_eq!(after.transactions - before.transactions, 200);
    let commits = after.commits - before.commits;
    assert!(commits <= 100, "{commits} commits for 200 transactions that waited for each other");
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_that_fail_among_others_leave_no_trace() {
    let room = Room::new().await;
    // Every third wants a name that is taken, every fifth is given up.
    let tasks: Vec<_> = (0..90)
        .map(|number: u32| {
            let store = room.store.clone();
            tokio::spawn(async move {
                let tx = store.begin().await?;
                tx.insert_user(&user(number + 1, &format!("user_{number}")), "").await?;
                if number.is_multiple_of(3) {
                    tx.insert_user(&user(1_000 + number, &format!("user_{number}")), "").await?;
                }
                if number.is_multiple_of(5) {
                    return Ok(false);
                }
                tx.commit().await.map(|()| true)
            })
        })
        .collect();
    for (number, task) in tasks.into_iter().enumerate() {
        let outcome = task.await.expect("no panic");
        let stored = room.store.user(Uuid::from_u128(number as u128 + 1)).await.expect("an answer");
        match outcome {
            Ok(committed) => assert_eq!(stored.is_some(), committed && number % 3 != 0, "{number}"),
            Err(Error::Taken(_)) => assert!(stored.is_none() && number % 3 == 0, "{number}"),
            Err(other) => panic!("{other}"),
        }
    }
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
