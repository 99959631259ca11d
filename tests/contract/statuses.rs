//! Every status that the document lists for an operation is really answered by it.
//!
//! A recipe provokes a status: most fit any operation that lists it, some belong to one operation. What no recipe
//! produces is named by the test, so that a status cannot be documented for nothing.

use crate::conflicts;
use crate::limits::exhaust;
use crate::stage::{Scene, Stage, method, operations, with_body};
use crate::support::document::{DOCUMENT, Op};
use crate::support::{Answer, Credentials, Options};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

/// Statuses that are produced on a stage of their own, each by a test of its own.
const ELSEWHERE: [u16; 3] = [429, 500, 503];
/// Of conflicts every code is produced, in tests/contract/conflicts.rs.
const CONFLICT: u16 = 409;
/// Tags whose operations have a usual day of their own; all other operations share one. So none is left out, whatever tags
/// there will be, and the days can pass side by side.
const APART: [&[&str]; 2] = [&["auth", "oauth", "users", "api_keys"], &["categories", "products"]];

type Answers = BTreeMap<(&'static str, u16), Answer>;

/// Names each of these statuses that an operation lists and the recipes did not produce.
fn expect_all<'o>(answers: &Answers, wanted: impl Iterator<Item = (&'o Op, u16)>) {
    let mut missing = Vec::new();
    let mut count = 0;
    for (op, status) in wanted {
        count += 1;
        match answers.iter().find(|((id, asked), _)| *id == op.id && *asked == status) {
            Some((_, answer)) if answer.status == status => {}
            Some((_, answer)) => missing.push(format!("{} {status}: the recipe gave {answer}", op.name())),
            None => missing.push(format!("{} {status}: there is no recipe", op.name())),
        }
    }
    assert!(count > 0, "nothing is wanted");
    assert!(missing.is_empty(), "{} documented statuses are not produced:\n{}", missing.len(), missing.join("\n"));
}

/// The operations that list a status, with it.
fn listing(status: u16) -> impl Iterator<Item = (&'static Op, u16)> {
    operations().filter(move |op| op.statuses().contains(&status)).map(move |op| (op, status))
}

#[tokio::test]
async fn every_usual_status_of_accounts_is_produced() {
    on_a_usual_day(|tag| APART[0].contains(&tag)).await;
}

#[tokio::test]
async fn every_usual_status_of_the_catalogue_is_produced() {
    on_a_usual_day(|tag| APART[1].contains(&tag)).await;
}

#[tokio::test]
async fn every_usual_status_of_all_else_is_produced() {
    on_a_usual_day(|tag| !APART.iter().any(|tags| tags.contains(&tag))).await;
}

#[tokio::test]
async fn every_operation_refuses_who_asks_too_often() {
    expect_all(&on_a_busy_day().await, listing(429));
}

#[tokio::test]
async fn every_operation_fails_without_a_word_when_the_tables_are_gone() {
    expect_all(&on_a_bad_day().await, listing(500));
}

#[tokio::test]
async fn every_operation_gives_up_in_time_when_the_database_does_not_answer() {
    expect_all(&on_a_slow_day().await, listing(503));
}

async fn on_a_usual_day(is_part: impl Fn(&str) -> bool) {
    let stage = Stage::set().await;
    let mut answers = Answers::new();
    let usual = |status: &u16| *status != CONFLICT && !ELSEWHERE.contains(status);
    let part: Vec<_> = operations().filter(|op| is_part(op.tag())).collect();
    let wanted: Vec<_> = part
        .into_iter()
        .flat_map(|op| op.statuses().into_iter().filter(usual).map(move |status| (op, status)))
        .collect();
    for (op, status) in &wanted {
        let scene = stage.fresh_scene(op).await;
        if let Some(answer) = provoke(&stage, scene, *status).await {
            answers.insert((op.id.as_str(), *status), answer);
        }
    }
    expect_all(&answers, wanted.into_iter());
}

/// The recipes.
async fn provoke(stage: &Stage, scene: Scene, status: u16) -> Option<Answer> {
    let op = scene.op;
    let sent = match status {
        200..300 => scene.call().await,
        304 => {
            let tag = scene.call().await.header("etag").to_owned();
            scene.call().header("if-none-match", &tag).await
        }
        400 => scene.with_text("{").await,
        401 => unauthorized(stage, &scene).await,
        403 => return forbidden(stage, &scene).await,
        404 if op.owner().is_some() => scene.by(&stage.stranger).await,
        404 => scene.nowhere().call().await,
        406 => scene.call().header("accept", "image/png").await,
        412 => {
            let tag = scene.actor.get(&scene.target).await.header("etag").to_owned();
            change(stage, &scene).await;
            scene.call().header("if-match", &tag).await
        }
        413 => scene.with_text(vec![b' '; op.body_limit() + 1]).await,
        415 => scene.with_text("x").header("content-type", "text/plain").await,
        422 => scene.call().query("no_such_parameter", "1").await,
        _ => return None,
    };
    Some(sent)
}

/// Changes what the scene's request is about, by the operation that is there for it.
async fn change(stage: &Stage, scene: &Scene) {
    let found = DOCUMENT.find("PATCH", &scene.op.path).or_else(|| DOCUMENT.find("PUT", &scene.op.path));
    let change = found.expect("an operation that changes it");
    let body = stage.body(change, &scene.actor).await.expect("a body");
    with_body(scene.actor.call(method(change), &scene.target), change, &body).await.expect_status(200);
}

async fn unauthorized(stage: &Stage, scene: &Scene) -> Answer {
    let op = scene.op;
    match op.id.as_str() {
        "login" => conflicts::with(scene, json!({"password": "Wrong-Word-1"})).await,
        "refreshSession" => conflicts::with(scene, json!({"refresh_token": "unheard-of"})).await,
        _ if !op.admits_anonymous() => scene.by(&stage.visitor()).await,
        _ if op.knows("bearerAuth") => scene.by(&stage.with(Credentials::Bearer("nonsense".to_owned()))).await,
        _ => scene.by(&stage.with(Credentials::Basic("nobody".to_owned(), "x".to_owned()))).await,
    }
}

async fn forbidden(stage: &Stage, scene: &Scene) -> Option<Answer> {
    let op = scene.op;
    let answer = match op.codes(403) {
        _ if op.id == "createUser" => conflicts::with(scene, json!({"role": "admin"})).await,
        codes if codes.contains(&"insufficient_scope") => {
            scene.by(&scene.actor.narrowed(&[Stage::useless_scope(op)]).await).await
        }
        codes if codes.contains(&"account_suspended") => {
            stage.admin.patch(&scene.actor.path(), &json!({"status": "suspended"})).await.expect_status(200);
            scene.call().await
        }
        _ => return None,
    };
    Some(answer)
}

async fn on_a_busy_day() -> Answers {
    let mut answers = Answers::new();
    let stage = Stage::set_with(Options::default()).await;
    let mut scenes = Vec::new();
    for op in operations() {
        scenes.push(stage.scene(op).await);
    }
    exhaust(&stage).await;
    for scene in scenes {
        answers.insert((scene.op.id.as_str(), 429), scene.call().await);
    }
    answers
}

/// Requests of callers of their own at a shop that has just been started again, so that it knows none of them yet.
pub async fn scenes_after_restart(options: Options) -> (Stage, Vec<Scene>) {
    let before = Options { rate_limits: false, at_a_distance: options.at_a_distance, ..Options::default() };
    let mut stage = Stage::set_with(before).await;
    let mut scenes = Vec::new();
    for op in operations() {
        scenes.push(stage.fresh_scene(op).await);
    }
    stage.shop = stage.shop.reopen(options).await;
    for scene in &mut scenes {
        scene.caller = stage.shop.welcome(&scene.caller);
    }
    (stage, scenes)
}

async fn on_a_bad_day() -> Answers {
    let mut answers = Answers::new();
    let (stage, scenes) = scenes_after_restart(Options { rate_limits: false, ..Options::default() }).await;
    stage.shop.ground().lose_tables().await;
    for scene in scenes {
        let answer = scene.call().await;
        let told = answer.text().to_lowercase();
        for internal in ["sql", "table", "panic", ".rs", "database", "column"] {
            assert!(!told.contains(internal), "an error tells of `{internal}`: {answer}");
        }
        answers.insert((scene.op.id.as_str(), 500), answer);
    }
    answers
}

/// A database that answers nobody. A file of SQLite: somebody else has begun to write to it, and the index of what was written
/// is torn, which only who may write could mend.
async fn on_a_slow_day() -> Answers {
    let mut answers = Answers::new();
    let patience = Some(Duration::from_millis(500));
    let options = Options { rate_limits: false, request_timeout: patience, ..Options::default() };
    let (stage, scenes) = scenes_after_restart(options).await;
    let hold = stage.shop.ground().hold_all().await;
    if stage.shop.ground().is_file() {
        tear_index(&stage);
    }
    let mut running = tokio::task::JoinSet::new();
    for scene in scenes {
        running.spawn(async move { (scene.op.id.as_str(), scene.call().await) });
    }
    answers.extend(running.join_all().await.into_iter().map(|(id, answer)| ((id, 503), answer)));
    hold.release().await;
    answers
}

/// Wipes the head of SQLite's write-ahead index, as a crash in the middle of writing it would.
fn tear_index(stage: &Stage) {
    use std::io::Write as _;
    let index = format!("{}-shm", stage.shop.ground().file().display());
    let mut index = std::fs::OpenOptions::new().write(true).open(index).expect("the index");
    index.write_all(&[0; 136]).expect("the head of the index");
}
