//! What a server does to those who ask that is away, silent or something else: nothing here needs a real one.

use std::time::{Duration, Instant};

use redis::Script;
use tokio::net::TcpListener;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn shared(address: &str) -> Shared {
    Shared::new(&format!("redis://{address}"), "test").expect("an address")
}

async fn ask(shared: &Shared) -> (Option<u8>, Duration) {
    let begin = tick();
    let script = Script::new("return 1");
    let answer = shared.ask(&script.prepare_invoke()).await;
    (answer, begin.elapsed())
}

#[expect(clippy::disallowed_methods, reason = "a test measures how long it was kept")]
fn tick() -> Instant {
    Instant::now()
}

#[tokio::test]
async fn nobody_waits_for_a_server_that_is_away() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("its number");
    let shared = shared(&closed.to_string());
    let run = tokio::spawn(shared.clone().run(|_| {}));
    for _ in 0..3 {
        let (answer, took) = ask(&shared).await;
        assert!(answer.is_none() && took < PATIENCE, "{took:?}");
    }
    shared.tell(b"news");
    shared.flush().await;
    assert_eq!(shared.stats(), Stats { connected: false, connections: 0, fallbacks: 3, sent: 0, heard: 0 });
    shared.close().await;
    tokio::time::timeout(SECOND * 5, run).await.expect("an end").expect("no panic");
}

#[tokio::test]
async fn a_server_that_takes_connections_and_says_nothing_counts_as_away() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let shared = shared(&silent.local_addr().expect("its number").to_string());
    let run = tokio::spawn(shared.clone().run(|_| {}));
    assert!(!shared.connected(Duration::from_millis(200)).await);
    let (answer, took) = ask(&shared).await;
    assert!(answer.is_none() && took < PATIENCE, "{took:?}");
    run.abort();
}

#[test]
fn an_address_that_is_none_is_refused_without_being_repeated() {
    for wrong in ["", "valkey", "http://valkey", "redis://:hunter2@host:port"] {
        let error = Shared::new(wrong, "test").expect_err("a refusal").to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
