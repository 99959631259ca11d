//! What several instances promise without Valkey, and how one leaves. With Valkey: `scripts/test --cluster`.

use crate::process::{Program, log_in, shopkeeper};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const PASSWORD: &str = "Keeper-of-the-Keys-7";

/// An instance with a folder of its own, over the database and the keys in `common`.
fn instance(common: &Path, name: &str) -> Command {
    let mut command = shopkeeper(&common.join(name));
    command.env("SHOPKEEPER_DATABASE_URL", format!("sqlite:{}", common.join("shop.db").display()));
    command.env("SHOPKEEPER_KEYS_DIR", common.join("keys")).env("SHOPKEEPER_ADMIN_PASSWORD", PASSWORD);
    command.env("SHOPKEEPER_SHARED", "on");
    command
}

async fn me(client: &Client, program: &Program, token: &str) -> (StatusCode, Value) {
    let answer = client.get(program.url("/api/v1/users/me")).bearer_auth(token).send().await.expect("an answer");
    (answer.status(), answer.json().await.expect("JSON"))
}

#[tokio::test]
async fn without_valkey_what_ends_on_one_instance_is_over_on_the_other_at_once() {
    let common = tempfile::tempdir().expect("a folder");
    let one = Program::start(instance(common.path(), "one"));
    let other = Program::start(instance(common.path(), "other"));
    let client = Client::new();
    let pair = log_in(&one, &client, "admin", PASSWORD).await;
    let token = pair["access_token"].as_str().expect("a token");

    for name in ["Ada", "Grace", "Edsger"] {
        assert_eq!(me(&client, &other, token).await.0, 200);
        let change = json!({ "full_name": name });
        let change = client.patch(one.url("/api/v1/users/me")).bearer_auth(token).json(&change);
        assert_eq!(change.send().await.expect("an answer").status(), 200);
        assert_eq!(me(&client, &other, token).await.1["full_name"], name);
    }
    let ended = client.post(one.url("/api/v1/auth/logout")).bearer_auth(token).send().await.expect("an answer");
    assert_eq!(ended.status(), 204);
    assert_eq!(me(&client, &other, token).await.0, 401);

    let (_, log) = one.end();
    assert_eq!(log.matches("instances_apart").count(), 1, "what cannot be promised is told once: {log}");
    other.end();
}

#[tokio::test]
async fn a_valkey_that_says_nothing_keeps_nobody_waiting_and_the_shop_stays_ready() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = silent.local_addr().expect("its number");
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = shopkeeper(folder.path());
    command
        .env("SHOPKEEPER_ADMIN_PASSWORD", PASSWORD)
        .env("SHOPKEEPER_REDIS_URL", format!("redis://:hidden@{address}"));
    let program = Program::start(command);
    let client = Client::new();
    let token = log_in(&program, &client, "admin", PASSWORD).await;
    let token = token["access_token"].as_str().expect("a token");

    let begin = Instant::now();
    for _ in 0..20 {
        assert_eq!(me(&client, &program, token).await.0, 200);
    }
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?} for twenty requests", begin.elapsed());
    let text = |path: &str| client.get(program.url(path)).send();
    assert_eq!(text("/readyz").await.expect("an answer").status(), 200);
    let metrics = text("/metrics").await.expect("an answer").text().await.expect("text");
    assert!(metrics.lines().any(|line| line == "shopkeeper_shared_connected 0"), "{metrics}");
    let (code, log) = program.end();
    assert_eq!(code, Some(0));
    assert!(log.contains("valkey_away") && !log.contains("hidden"), "{log}");
}

#[tokio::test]
async fn who_is_told_to_stop_says_so_and_serves_until_the_delay_is_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = shopkeeper(folder.path());
    command.env("SHOPKEEPER_DRAIN_DELAY", "1h");
    let program = Program::start(command);
    let ask = |path: &'static str| {
        // Each on a connection of its own: new ones are taken as well.
        let client = Client::builder().pool_max_idle_per_host(0).build().expect("a client");
        let url = program.url(path);
        async move { client.get(url).send().await.expect("an answer").status().as_u16() }
    };
    assert_eq!(ask("/readyz").await, 200);
    program.terminate();
    let begin = Instant::now();
    while ask("/readyz").await != 503 {
        assert!(begin.elapsed() < Duration::from_secs(10), "it goes on saying that it is ready");
    }
    assert_eq!((ask("/healthz").await, ask("/api/v1/products").await), (200, 200));
    // Whoever asks twice does not want to wait for the delay.
    assert_eq!(program.end().0, Some(0));
}
