//! The program killed without warning, again and again, while many clients place, change, pay and cancel orders and count
//! stock. What it acknowledged must be there afterwards, once, and stock, ledger and orders must agree.
//!
//! `scripts/soak` runs the same for as long as one likes.
#![allow(clippy::disallowed_methods, reason = "it measures time, draws lots and reads its own options")]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod buyer;
mod dice;
mod known;
mod run;
mod server;
mod setting;
mod wire;

use std::time::Duration;

use run::{Plan, run};

/// A number that nobody chose.
fn any_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    u64::from(now.subsec_nanos()) << 20 ^ now.as_secs()
}

fn option(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_killed_in_between_what_was_acknowledged_is_there_once_and_stock_agrees() {
    let seed = option("SOAK_SEED").unwrap_or_else(any_seed);
    let plan = Plan { seed, clients: 16, span: Duration::from_secs(15), pauses: 300..1500 };
    let verdict = run(&plan).await;
    println!("{verdict}");
    assert!(verdict.violations.is_empty(), "SOAK_SEED={seed}\n{verdict}");
    assert!(verdict.kills >= 3 && verdict.orders >= 50, "too little was tried: {verdict}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs for as long as scripts/soak says"]
async fn for_as_long_as_one_likes() {
    let plan = Plan {
        seed: option("SOAK_SEED").unwrap_or_else(any_seed),
        clients: option("SOAK_CLIENTS").map_or(32, |clients| usize::try_from(clients).expect("few")),
        span: Duration::from_secs(60 * option("SOAK_MINUTES").unwrap_or(10)),
        pauses: 300..8000,
    };
    let verdict = run(&plan).await;
    println!("{verdict}");
    assert!(verdict.violations.is_empty(), "{verdict}");
}
