//! Whose things they are.

use crate::stage::{Stage, operations};
use crate::support::document::{DOCUMENT, Op};
use crate::support::{Answer, Caller};
use serde_json::Value;

fn owned() -> impl Iterator<Item = &'static Op> {
    operations().filter(|op| op.owner().is_some())
}

fn lifts(op: &Op) -> Vec<&'static str> {
    op.owner().expect("an owner")["lifted_by"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// A problem without what differs from request to request.
fn gist(answer: &Answer) -> Value {
    let mut body = answer.json();
    for member in ["instance", "request_id", "timestamp"] {
        body[member] = Value::Null;
    }
    body
}

fn holds_all(role: &str, scopes: &[&str]) -> bool {
    scopes.iter().all(|scope| DOCUMENT.role_scopes(role).contains(scope))
}

#[tokio::test]
async fn anothers_things_look_as_if_they_were_not_there() {
    let stage = Stage::set().await;
    for op in owned() {
        let scene = stage.fresh_scene(op).await;
        let theirs = scene.by(&stage.stranger).await.expect_problem(404, "not_found");
        let missing = scene.nowhere().by(&stage.stranger).await.expect_problem(404, "not_found");
        assert_eq!(gist(&theirs), gist(&missing), "{}", op.name());
        // And it is still there.
        scene.call().await.expect_status(op.success());
    }
}

#[tokio::test]
async fn who_holds_a_lifting_scope_reaches_what_is_anothers() {
    let stage = Stage::set().await;
    let staff: [(&str, &Caller); 2] = [("moderator", &stage.moderator), ("admin", &stage.admin)];
    for op in owned() {
        let lifting = lifts(op);
        for (role, caller) in staff {
            let scene = stage.fresh_scene(op).await;
            let answer = scene.by(caller).await;
            if !lifting.is_empty() && holds_all(role, &lifting) {
                answer.expect_status(op.success());
            } else {
                answer.expect_problem(404, "not_found");
            }
        }
    }
}

#[tokio::test]
async fn a_lifting_scope_that_the_session_was_not_given_lifts_nothing() {
    let stage = Stage::set().await;
    for op in owned().filter(|op| !lifts(op).is_empty()) {
        let scene = stage.scene_of(op, &stage.user).await;
        let without: Vec<_> = DOCUMENT.role_scopes("user");
        scene.by(&stage.admin.narrowed(&without).await).await.expect_problem(404, "not_found");
        scene.by(&stage.admin.program(&without).await).await.expect_problem(404, "not_found");
    }
}
