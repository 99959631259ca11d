//! Callers who are known and may not.

use crate::stage::{Stage, operations};
use crate::support::document::{DOCUMENT, Op};

/// Operations that ask for a scope of everybody who calls them.
fn scoped() -> impl Iterator<Item = &'static Op> {
    operations().filter(|op| !op.admits_anonymous() && op.scope_sets().iter().all(|set| !set.is_empty()))
}

#[track_caller]
fn expect_insufficient(answer: crate::support::Answer, op: &Op) {
    let answer = answer.expect_problem(403, "insufficient_scope");
    let challenge = answer.headers_joined("www-authenticate");
    let named = op.scope_sets().iter().any(|set| challenge.contains(&format!("scope=\"{}\"", set.join(" "))));
    assert!(challenge.contains("error=\"insufficient_scope\"") && named, "{answer}");
}

#[tokio::test]
async fn a_session_narrowed_to_another_scope_is_refused() {
    let stage = Stage::set().await;
    for op in scoped() {
        let scene = stage.scene(op).await;
        let narrowed = scene.actor.narrowed(&[Stage::useless_scope(op)]).await;
        expect_insufficient(scene.by(&narrowed).await, op);
    }
}

#[tokio::test]
async fn an_api_key_with_another_scope_is_refused() {
    let stage = Stage::set().await;
    for op in scoped().filter(|op| op.knows("apiKey")) {
        let scene = stage.scene(op).await;
        let program = scene.actor.program(&[Stage::useless_scope(op)]).await;
        expect_insufficient(scene.by(&program).await, op);
    }
}

#[tokio::test]
async fn a_role_without_the_scope_is_refused() {
    let stage = Stage::set().await;
    let mut seen = 0;
    for op in scoped() {
        let scene = stage.scene(op).await;
        let lower: &[_] = match op.least_role() {
            "user" => &[],
            "moderator" => &[&stage.user],
            _ => &[&stage.user, &stage.moderator],
        };
        for caller in lower {
            expect_insufficient(scene.by(caller).await, op);
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[tokio::test]
async fn each_set_of_scopes_is_enough_by_itself() {
    let stage = Stage::set().await;
    for op in scoped() {
        for set in op.scope_sets() {
            let scopes: Vec<&str> = set.iter().map(String::as_str).collect();
            let role = ["user", "moderator", "admin"]
                .into_iter()
                .find(|role| scopes.iter().all(|scope| DOCUMENT.role_scopes(role).contains(scope)))
                .expect("a role that holds the set");
            let actor = stage.shop.register_as(&stage.new_name(), role).await;
            let scene = stage.scene_of(op, &actor).await;
            scene.by(&actor.narrowed(&scopes).await).await.expect_status(op.success());
        }
    }
}

#[tokio::test]
async fn scopes_are_judged_before_the_rest_of_the_request_is_read() {
    let stage = Stage::set().await;
    for op in scoped() {
        let scene = stage.scene(op).await;
        let narrowed = scene.actor.narrowed(&[Stage::useless_scope(op)]).await;
        let mut call = scene.bare(&narrowed).query("no_such_parameter", "1");
        if let Some((media, _)) = op.bodies().first() {
            call = call.body(media, "{");
        }
        expect_insufficient(call.await, op);
    }
}
