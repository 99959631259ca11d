//! Not promises but measurements: `cargo test --release --test store -- --ignored --nocapture measures`.
//!
//! Processor time of all threads together, which is what a machine runs out of, and time on the wall.

use std::time::{Duration, Instant};

use shopkeeper::domain::page::{Order, PageRequest, Position};
use shopkeeper::domain::user::{User, UserFilter, UserSort};
use shopkeeper::store::Store;
use uuid::Uuid;

use crate::{Room, user};

const ACCOUNTS: u32 = 1_000;

/// Processor time of every thread that still runs: the runtime's and those that may block.
fn spent() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux");
    let nanos = tasks.filter_map(|task| {
        let told = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        told.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}

#[expect(clippy::disallowed_methods, reason = "it measures")]
async fn measured<F: Future<Output = ()>>(what: &'static str, rounds: u32, round: impl Fn(u32) -> F) {
    let (began, before) = (Instant::now(), spent());
    for number in 0..rounds {
        round(number).await;
    }
    println!(
        "{what:36} {:>9.1?} processor {:>9.1?} wall",
        spent().saturating_sub(before) / rounds,
        began.elapsed() / rounds
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
async fn the_cost_of_statements() {
    let room = Room::new().await;
    let tx = room.store.begin().await.expect("a turn");
    for number in 1..=ACCOUNTS {
        tx.insert_user(&user(number, &format!("account_{number}")), "$hash").await.expect("an account");
    }
    tx.commit().await.expect("a commit");
    // On a worker of the runtime, as requests are answered.
    tokio::spawn(measure(room.store.clone())).await.expect("no panic");
}

async fn measure(store: Store) {
    measured("a row by its key", 20_000, |number| read_one(store.clone(), number)).await;
    measured("a page of 20 with its total", 2_000, |number| read_page(store.clone(), number)).await;
    let alone = |number| write(store.clone(), user(10_000 + number, &format!("alone_{number}")));
    measured("an account written alone", 500, alone).await;
    let before = store.stats();
    measured("32 accounts written at once", 20, |round| write_together(store.clone(), round)).await;
    let after = store.stats();
    println!(
        "  {} transactions in {} commits",
        after.transactions - before.transactions,
        after.commits - before.commits
    );
}

async fn read_one(store: Store, number: u32) {
    let id = Uuid::from_u128(u128::from(number % ACCOUNTS + 1));
    assert!(store.user(id).await.expect("an answer").is_some());
}

async fn read_page(store: Store, number: u32) {
    let request = PageRequest::new(20, Position::Page(u64::from(number % 40 + 1)));
    let filter = UserFilter::default();
    let page = store.users(&filter, UserSort::CreatedAt, Order::Descending, &request).await.expect("a page");
    assert_eq!((page.items.len(), page.total), (20, Some(ACCOUNTS.into())));
}

async fn write(store: Store, user: User) {
    let tx = store.begin().await.expect("a turn");
    tx.insert_user(&user, "$hash").await.expect("an account");
    tx.commit().await.expect("a commit");
}

async fn write_together(store: Store, round: u32) {
    let first = 100_000 + round * 32;
    let write = |number| tokio::spawn(write(store.clone(), user(number, &format!("beside_{number}"))));
    let writers: Vec<_> = (first..first + 32).map(write).collect();
    for writer in writers {
        writer.await.expect("no panic");
    }
}
