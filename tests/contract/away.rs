//! The database goes away, and every operation of the document is asked: none waits for it, none claims anything, and all of
//! them do their work once it is back.
//!
//! A file of `SQLite` beside the server cannot go away, so these tests are for `PostgreSQL` alone, and ignored where nobody
//! asks for them: `scripts/test` does, with each `PostgreSQL` that it starts.
#![allow(clippy::disallowed_methods, reason = "it measures how long callers wait")]

use crate::stage::{Scene, Stage, operations};
use crate::statuses::scenes_after_restart;
use crate::support::ground::relay::Relay;
use crate::support::{Answer, Options, Shop};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Well below the time that a request has, so that nobody has waited for it to end. How much less it takes, `scripts/bench
/// --postgres` measures: here all operations and their checks share two cores with other tests.
const PATIENCE: Duration = Duration::from_secs(15);
/// After this a shop has not noticed that its database is back.
const RECOVERY: Duration = Duration::from_secs(30);

/// Asks everything while the database is away in this way, and again once it is back.
async fn expect_to_outlive(mishap: fn(&Relay)) {
    let (stage, scenes) = scenes_after_restart(options()).await;
    mishap(stage.shop.ground().relay());
    expect_unavailable(&scenes).await;
    stage.shop.ground().relay().mend();
    expect_work(&stage, &scenes).await;
}

fn options() -> Options {
    Options { rate_limits: false, at_a_distance: true, ..Options::default() }
}

#[tokio::test]
#[ignore = "takes a PostgreSQL away: scripts/test runs it"]
async fn every_operation_says_so_at_once_when_the_database_is_cut_off_and_works_when_it_is_back() {
    expect_to_outlive(Relay::cut).await;
}

#[tokio::test]
#[ignore = "takes a PostgreSQL away: scripts/test runs it"]
async fn every_operation_gives_up_soon_when_the_database_falls_silent_and_works_when_it_is_back() {
    expect_to_outlive(Relay::silence).await;
}

#[tokio::test]
#[ignore = "takes a PostgreSQL away: scripts/test runs it"]
async fn a_shop_without_its_database_is_alive_not_ready_and_tells_what_it_keeps() {
    let shop = Shop::open_with(options()).await;
    let admin = shop.admin().await;
    let shelf = admin.post("/categories", &json!({"name": "Lamps", "slug": "lamps"})).await.expect_status(201);
    let path = format!("/categories/{}", shelf.string("/id"));
    let kept = shop.visitor().get(&path).await.expect_status(200);
    shop.ground().relay().cut();
    shop.visitor().get("!/healthz").await.expect_status(200);
    shop.visitor().get("!/readyz").await.expect_problem(503, "unavailable").header("retry-after");
    assert_eq!(shop.visitor().get(&path).await.expect_status(200).body, kept.body);
    // Who calls is known; what is to be changed is not.
    let change = || admin.patch(&path, &json!({"name": "Lights"}));
    change().await.expect_problem(503, "unavailable");
    shop.ground().relay().mend();
    ready(&shop).await;
    change().await.expect_status(200);
    assert_eq!(shop.visitor().get(&path).await.expect_status(200).at("/name"), "Lights");
}

/// Asks for everything at the same time, since nobody knows who is served first.
async fn expect_unavailable(scenes: &[Scene]) {
    assert_eq!(scenes.len(), operations().count());
    let mut running = JoinSet::new();
    for scene in scenes {
        let call = scene.call();
        let name = scene.op.name();
        running.spawn(async move {
            let begin = Instant::now();
            (name, call.await, begin.elapsed())
        });
    }
    let wrong: Vec<String> = running.join_all().await.into_iter().filter_map(fault).collect();
    assert!(wrong.is_empty(), "{} operations without a database:\n{}", wrong.len(), wrong.join("\n"));
}

fn fault((name, answer, took): (String, Answer, Duration)) -> Option<String> {
    let told = (answer.status, answer.code());
    if told != (503, "unavailable".to_owned()) || answer.header_or_none("retry-after").is_none() {
        return Some(format!("{name}: {answer}"));
    }
    (took > PATIENCE).then(|| format!("{name}: it took {took:?}"))
}

/// What was refused did not happen, so that each request does now what it would have done.
async fn expect_work(stage: &Stage, scenes: &[Scene]) {
    ready(&stage.shop).await;
    let mut wrong = Vec::new();
    for scene in scenes {
        let answer = scene.call().await;
        if answer.status != scene.op.success() {
            wrong.push(format!("{}: {answer}", scene.op.name()));
        }
    }
    assert!(wrong.is_empty(), "{} operations after the database came back:\n{}", wrong.len(), wrong.join("\n"));
}

async fn ready(shop: &Shop) {
    let begin = Instant::now();
    while shop.visitor().get("!/readyz").await.status != 200 {
        assert!(begin.elapsed() < RECOVERY, "the shop is not ready {RECOVERY:?} after its database came back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
