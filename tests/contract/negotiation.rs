//! `Accept`: refused only when it rules JSON out.

use crate::stage::{Stage, operations};

#[tokio::test]
async fn who_takes_no_json_is_told_that_there_is_nothing_else() {
    let stage = Stage::set().await;
    for op in operations() {
        let scene = stage.fresh_scene(op).await;
        for accept in ["image/png", "text/html, image/*;q=0.5", "application/json;q=0", "application/xml"] {
            let answer = scene.call().header("accept", accept).await;
            if op.answers_with_body() {
                answer.expect_problem(406, "not_acceptable");
            } else {
                // There is nothing that could be unacceptable.
                answer.expect_status(op.success());
                break;
            }
        }
    }
}

#[tokio::test]
async fn whoever_takes_json_or_problems_is_served() {
    let stage = Stage::set().await;
    for accept in [
        "*/*",
        "application/*",
        "application/json",
        "application/problem+json",
        "text/html, application/xhtml+xml, */*;q=0.1",
        "application/json;charset=utf-8",
        "APPLICATION/JSON",
        "",
    ] {
        for op in operations().filter(|op| op.method == "GET") {
            stage.scene(op).await.call().header("accept", accept).await.expect_status(op.success());
        }
    }
    for op in operations().filter(|op| op.method != "GET") {
        let scene = stage.fresh_scene(op).await;
        scene
            .call()
            .header("accept", "application/problem+json, application/json;q=0.9")
            .await
            .expect_status(op.success());
    }
}

#[tokio::test]
async fn a_problem_is_a_problem_whatever_is_accepted() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| !op.admits_anonymous()) {
        let scene = stage.scene(op).await;
        scene.by(&stage.visitor()).header("accept", "image/png").await.expect_status(401);
    }
}
