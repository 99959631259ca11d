//! How long answers may be kept, and what is said of operations that will go.

use crate::stage::{Stage, operations};
use crate::support::Answer;
use crate::support::document::Op;

/// What `x-cache` makes of an answer of success.
fn promised(op: &Op) -> String {
    let rule = &op.node()["x-cache"];
    let age = rule["max_age"].as_u64().unwrap_or(0);
    match rule["scope"].as_str() {
        None | Some("no-store") => "no-store".to_owned(),
        Some(scope) if age == 0 => format!("{scope}, no-cache"),
        Some(scope) => format!("{scope}, max-age={age}"),
    }
}

#[track_caller]
fn expect_unkept(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
}

#[tokio::test]
async fn answers_say_how_long_they_may_be_kept() {
    let stage = Stage::set().await;
    for op in operations() {
        let answer = stage.fresh_scene(op).await.call().await.expect_status(op.success());
        assert_eq!(answer.header("cache-control"), promised(op), "{answer}");
        if op.method != "GET" {
            expect_unkept(&answer);
        }
    }
}

#[tokio::test]
async fn problems_are_not_kept() {
    let stage = Stage::set().await;
    for op in operations() {
        let scene = stage.scene(op).await;
        expect_unkept(&scene.call().query("no_such_parameter", "1").await);
        if op.owner().is_some() {
            expect_unkept(&scene.by(&stage.stranger).await.expect_status(404));
        }
        if !op.admits_anonymous() {
            expect_unkept(&scene.by(&stage.visitor()).await.expect_status(401));
        }
    }
}

#[tokio::test]
async fn operations_that_will_go_say_so_and_no_others() {
    let stage = Stage::set().await;
    for op in operations() {
        let answer = stage.fresh_scene(op).await.call().await.expect_status(op.success());
        let is_leaving = op.node()["deprecated"] == true;
        assert_eq!(answer.header_or_none("deprecation").is_some(), is_leaving, "{answer}");
        assert_eq!(answer.header_or_none("sunset").is_some(), op.node()["x-sunset-at"].is_string(), "{answer}");
    }
}
