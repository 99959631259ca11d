//! What several instances promise without Valkey, and how one leaves. With Valkey: `scripts/test --cluster`.

use crate::process::{Program, shopkeeper};
use crate::support::{Guest, Lines};
use http::Method;
use serde_json::json;
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

#[tokio::test]
async fn without_valkey_what_ends_on_one_instance_is_over_on_the_other_at_once() {
    let common = tempfile::tempdir().expect("a folder");
    let one = Program::start(instance(common.path(), "one"));
    let other = Program::start(instance(common.path(), "other"));
    let pair = one.guest().log_in("admin", PASSWORD).await;
    let token = pair["access_token"].as_str().expect("a token");
    let (at_one, at_other) = (one.guest().bearing(token), other.guest().bearing(token));

    for name in ["Ada", "Grace", "Edsger"] {
        at_other.get("/users/me").await.expect_status(200);
        at_one.call(Method::PATCH, "/users/me").json(&json!({ "full_name": name })).await.expect_status(200);
        assert_eq!(at_other.get("/users/me").await.string("/full_name"), name);
    }
    at_one.call(Method::POST, "/auth/logout").await.expect_status(204);
    at_other.get("/users/me").await.expect_problem(401, "invalid_token");

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
    let guest = program.guest();
    let pair = guest.log_in("admin", PASSWORD).await;
    let admin = guest.bearing(pair["access_token"].as_str().expect("a token"));

    let begin = Instant::now();
    for _ in 0..20 {
        admin.get("/users/me").await.expect_status(200);
    }
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?} for twenty requests", begin.elapsed());
    guest.get("!/readyz").await.expect_status(200);
    let metrics = guest.get("!/metrics").await.text();
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
    // Each on a connection of its own: new ones are taken as well.
    let guest = Guest::on(Lines::with(&program.url(""), |client| client.pool_max_idle_per_host(0)));
    let ask = async |path: &str| guest.get(&format!("!{path}")).await.status;
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
