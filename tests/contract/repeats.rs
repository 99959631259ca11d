//! Requests that are sent again: every operation that creates, with an `Idempotency-Key`.

use crate::stage::{Scene, Stage, operations, with_body};
use crate::support::call::Call;
use crate::support::document::{DOCUMENT, Op, resolve};
use crate::support::{Answer, Caller, Options};
use contract::IdempotencyKey;
use regex::Regex;
use serde_json::Value;

const KEY: &str = "idempotency-key";
const REPLAYED: &str = "idempotent-replayed";
/// A day, for which keys are kept, in seconds.
const KEPT: u64 = 24 * 60 * 60;

/// Operations that can be repeated.
fn repeatable() -> impl Iterator<Item = &'static Op> {
    operations().filter(|op| op.is_idempotent())
}

/// The scene's request under a key.
fn under(key: &str, call: Call) -> Call {
    call.header(KEY, key)
}

#[track_caller]
fn expect_first(answer: Answer, op: &Op) -> Answer {
    let answer = answer.expect_status(op.success());
    assert!(answer.header_or_none(REPLAYED).is_none(), "nothing was there to be replayed: {answer}");
    answer
}

#[track_caller]
fn expect_replay(answer: &Answer, first: &Answer) {
    assert_eq!(answer.header_or_none(REPLAYED), Some("true"), "{answer}");
    assert_eq!((answer.status, answer.text()), (first.status, first.text()), "{answer}");
    for name in ["content-type", "location", "etag", "cache-control"] {
        assert_eq!(answer.header_or_none(name), first.header_or_none(name), "{name}: {answer}");
    }
}

/// The body with one plain member changed, which is another request and just as good.
fn altered(op: &Op, body: &Value) -> Value {
    let (_, schema) = op.bodies()[0];
    let mut other = body.clone();
    for (name, value) in body.as_object().expect("members") {
        let rule = resolve(&schema["properties"][name]);
        let bound = ["enum", "format", "pattern"].iter().any(|keyword| rule.get(*keyword).is_some());
        if let Some(text) = value.as_str().filter(|_| !bound || matches!(name.as_str(), "name" | "reason")) {
            other[name] = format!("{text} indeed").into();
            return other;
        }
        if let Some(number) = value.as_i64() {
            other[name] = (number + 1).into();
            return other;
        }
    }
    panic!("{}: the tests find nothing to change in {body}", op.name());
}

/// How many entries the list has in which an operation's things stand.
async fn count(stage: &Stage, scene: &Scene) -> i64 {
    let list = DOCUMENT.find("GET", &scene.op.path).unwrap_or_else(|| panic!("{}: no list", scene.op.name()));
    let held = DOCUMENT.role_scopes(scene.op.least_role());
    let may = list.scope_sets().iter().any(|set| set.iter().all(|scope| held.contains(&scope.as_str())));
    let reader = if may { &scene.actor } else { &stage.admin };
    let page = reader.get(&scene.target).query("page", "1").query("limit", "1").await.expect_status(200);
    page.at("/pagination/total").as_i64().expect("a total")
}

/// Sends the request twice at once under one key, while nothing can be written. The refusal comes first, then, when
/// writing is possible again, the success. For tests on several threads: who waits for SQLite's lock holds one up.
pub async fn at_once(stage: &Stage, scene: &Scene) -> (Answer, Answer) {
    let hold = stage.shop.ground().hold_writes().await;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let call = under("at-once", scene.by(&scene.caller));
        running.spawn(async move { call.await });
    }
    let refused = running.join_next().await.expect("an answer").expect("an answer");
    hold.release().await;
    let first = running.join_next().await.expect("an answer").expect("an answer");
    (refused, first)
}

#[test]
fn everything_that_creates_can_be_repeated() {
    let creating = |op: &&Op| op.method == "POST" && op.documents(201);
    let created: Vec<_> = operations().filter(creating).map(|op| &op.id).collect();
    let repeatable: Vec<_> = repeatable().map(|op| &op.id).collect();
    assert_eq!(created, repeatable);
    assert!(!repeatable.is_empty());
    for row in generated::OPERATIONS {
        assert_eq!(row.idempotent, DOCUMENT.op(row.id).is_idempotent(), "{}", row.id);
    }
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_does_nothing_again() {
    let stage = Stage::set().await;
    for op in repeatable() {
        let scene = stage.fresh_scene(op).await;
        let before = count(&stage, &scene).await;
        let first = expect_first(under("a-key", scene.call()).await, op);
        assert_eq!(count(&stage, &scene).await, before + 1, "{}", op.name());
        for _ in 0..2 {
            expect_replay(&under("a-key", scene.call()).await, &first);
        }
        assert_eq!(count(&stage, &scene).await, before + 1, "{}", op.name());
    }
}

#[tokio::test]
async fn a_repeat_is_known_in_another_session_and_after_a_restart() {
    let mut stage = Stage::set().await;
    let mut sent = Vec::new();
    for op in repeatable() {
        let scene = stage.fresh_scene(op).await;
        let first = expect_first(under("a-key", scene.by(&scene.actor)).await, op);
        let other_session = scene.actor.sign_in_again().await;
        expect_replay(&under("a-key", scene.by(&other_session)).await, &first);
        sent.push((scene, first));
    }
    stage.shop = stage.shop.reopen(Options { rate_limits: false, ..Options::default() }).await;
    for (scene, first) in sent {
        let actor = stage.shop.welcome(&scene.actor);
        expect_replay(&under("a-key", scene.by(&actor)).await, &first);
    }
}

#[tokio::test]
async fn quoted_and_bare_forms_are_the_same_key() {
    let stage = Stage::set().await;
    let longest = "k".repeat(255);
    let keys = [("a-key", "\"a-key\""), ("two words", "\"two words\""), (&longest, &format!("\"{longest}\""))];
    for op in repeatable() {
        for (bare, quoted) in &keys {
            let scene = stage.fresh_scene(op).await;
            let first = expect_first(under(quoted, scene.call()).await, op);
            expect_replay(&under(bare, scene.call()).await, &first);
        }
    }
}

#[tokio::test]
async fn a_key_with_another_request_is_refused() {
    let stage = Stage::set().await;
    for op in repeatable() {
        let scene = stage.fresh_scene(op).await;
        let first = expect_first(under("a-key", scene.call()).await, op);
        let before = count(&stage, &scene).await;
        let other = altered(op, scene.body.as_ref().expect("a body"));
        let answer = under("a-key", with_body(scene.bare(&scene.caller), op, &other)).await;
        answer.expect_problem(422, "idempotency_key_reused");
        // Below another thing it is another request too.
        if op.path.contains('{') && !op.path.contains("{user_id}") {
            let elsewhere = Scene { target: stage.scene_of(op, &scene.actor).await.target, ..scene.clone() };
            under("a-key", elsewhere.call()).await.expect_problem(422, "idempotency_key_reused");
        }
        assert_eq!(count(&stage, &scene).await, before, "{}", op.name());
        expect_replay(&under("a-key", scene.call()).await, &first);
    }
}

#[tokio::test]
async fn how_a_request_is_written_makes_no_difference() {
    let stage = Stage::set().await;
    for op in repeatable() {
        let scene = stage.fresh_scene(op).await;
        let first = expect_first(under("a-key", scene.call()).await, op);
        let body = scene.body.clone().expect("a body");
        let members = body.as_object().expect("members").iter().rev();
        let members: Vec<_> = members.map(|(name, value)| format!("\t\"{name}\" :\n {value:#} ")).collect();
        let written = format!(" {{ {} }}\n", members.join(","));
        expect_replay(&under("a-key", scene.with_text(written)).await, &first);
    }
}

#[tokio::test]
async fn a_key_is_the_account_s_and_the_operation_s() {
    let stage = Stage::set().await;
    let busy = stage.shop.register_as("busy", "admin").await;
    for op in repeatable() {
        expect_first(under("a-key", stage.fresh_scene(op).await.call()).await, op);
        expect_first(under("a-key", stage.fresh_scene(op).await.call()).await, op);
        let scene = stage.scene_of(op, &busy).await;
        expect_first(under("a-key", scene.by(&busy)).await, op);
    }
}

#[tokio::test]
async fn a_request_that_failed_has_not_used_its_key() {
    let stage = Stage::set().await;
    for op in repeatable() {
        let scene = stage.fresh_scene(op).await;
        let mut wrong = scene.body.clone().expect("a body");
        wrong["no_such_member"] = Value::Null;
        let answer = under("a-key", with_body(scene.bare(&scene.caller), op, &wrong)).await;
        answer.expect_problem(422, "validation_failed");
        if op.path.contains('{') {
            under("a-key", scene.nowhere().call()).await.expect_status(404);
        }
        if let Some(refused) = refused_late(&stage, &scene).await {
            under("a-key", refused).await.expect_status(409);
        }
        let first = expect_first(under("a-key", scene.call()).await, op);
        expect_replay(&under("a-key", scene.call()).await, &first);
    }
}

/// A request that is refused only when its transaction has begun, if the operation has such a one.
async fn refused_late(stage: &Stage, scene: &Scene) -> Option<Call> {
    let mut body = scene.body.clone().expect("a body");
    if let Some(items) = body.get_mut("items") {
        items[0]["quantity"] = 10_000.into();
        return Some(with_body(scene.bare(&scene.caller), scene.op, &body));
    }
    let taken = match scene.op.id.as_str() {
        "createUser" => ("username", stage.stranger.username().into()),
        "createCategory" => ("slug", stage.category().await.at("/slug")),
        "createProduct" => ("sku", stage.product().await.at("/sku")),
        "createStockAdjustment" => ("delta", (-1_000_000_000).into()),
        "createOrderItem" => ("quantity", 10_000.into()),
        "createOrderTransition" => ("to", "pending".into()),
        _ => return None,
    };
    body[taken.0] = taken.1;
    Some(with_body(scene.bare(&scene.caller), scene.op, &body))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn while_the_first_is_running_the_second_is_told_so() {
    let stage = Stage::set().await;
    for op in repeatable() {
        let scene = stage.fresh_scene(op).await;
        let before = count(&stage, &scene).await;
        let (refused, first) = at_once(&stage, &scene).await;
        refused.expect_problem(409, "idempotency_key_in_use");
        let first = expect_first(first, op);
        expect_replay(&under("at-once", scene.call()).await, &first);
        assert_eq!(count(&stage, &scene).await, before + 1, "{}", op.name());
    }
}

#[tokio::test]
async fn many_repeats_at_once_create_one_thing() {
    let stage = Stage::set().await;
    for op in repeatable() {
        let scene = stage.fresh_scene(op).await;
        let before = count(&stage, &scene).await;
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let call = under("a-key", scene.call());
            running.spawn(async move { call.await });
        }
        let answers = running.join_all().await;
        let created: Vec<_> = answers.iter().filter(|answer| answer.status == op.success()).collect();
        assert!(!created.is_empty(), "{answers:?}");
        assert!(created.iter().all(|answer| answer.body == created[0].body), "{created:?}");
        assert_eq!(created.iter().filter(|answer| answer.header_or_none(REPLAYED).is_none()).count(), 1);
        for refused in answers.iter().filter(|answer| answer.status != op.success()) {
            refused.clone().expect_problem(409, "idempotency_key_in_use");
        }
        assert_eq!(count(&stage, &scene).await, before + 1, "{}", op.name());
    }
}

#[tokio::test]
async fn a_key_is_kept_for_a_day() {
    let mut stage = Stage::set().await;
    let mut sent = Vec::new();
    for op in repeatable() {
        let scene = stage.fresh_scene(op).await;
        let first = expect_first(under("a-key", scene.by(&scene.actor)).await, op);
        sent.push((scene, first));
    }
    stage.shop.advance_seconds(KEPT - 60);
    for (scene, first) in &sent {
        let actor = scene.actor.sign_in_again().await;
        expect_replay(&under("a-key", scene.by(&actor)).await, first);
    }
    stage.shop.advance_seconds(120);
    stage.admin = stage.admin.sign_in_again().await;
    for (scene, _) in sent {
        let actor = scene.actor.sign_in_again().await;
        let next = stage.scene_of(scene.op, &actor).await;
        expect_first(under("a-key", next.by(&actor)).await, scene.op);
    }
}

#[tokio::test]
async fn nobody_is_known_by_address_and_request() {
    let stage = Stage::set().await;
    let visitor = stage.visitor();
    for op in repeatable().filter(|op| op.admits_anonymous()) {
        let (one, other) = (stage.fresh_scene(op).await, stage.fresh_scene(op).await);
        let first = expect_first(under("a-key", one.by(&visitor)).await, op);
        expect_replay(&under("a-key", one.by(&visitor)).await, &first);
        // Another visitor behind the same address may have made up the same key.
        let second = expect_first(under("a-key", other.by(&visitor)).await, op);
        assert_ne!(first.string("/id"), second.string("/id"));
        // Who is somebody is not taken for nobody: this is the same request by another account.
        let known: Caller = stage.fresh_scene(op).await.actor;
        assert!(under("a-key", one.by(&known)).await.header_or_none(REPLAYED).is_none());
    }
}

#[tokio::test]
async fn what_is_no_key_is_refused_with_all_other_faults() {
    let stage = Stage::set().await;
    let long = "k".repeat(256);
    let wrong = ["\"\"", "\"open", "\"a\"b\"", "\"\\n\"", &long, &format!("\"{long}\"")];
    for op in repeatable() {
        let scene = stage.fresh_scene(op).await;
        for key in wrong {
            let answer = under(key, scene.call()).query("odd", "1").await.expect_problem(422, "validation_failed");
            answer.expect_faults(&[("Idempotency-Key", "pattern"), ("odd", "unknown")]);
        }
        let twice = under("a", scene.call()).header_too(KEY, "b").await.expect_problem(422, "validation_failed");
        twice.expect_faults(&[("Idempotency-Key", "duplicate")]);
    }
}

#[tokio::test]
async fn what_is_kept_for_repeats_tells_no_secret() {
    let stage = Stage::set().await;
    let scene = stage.fresh_scene(DOCUMENT.op("createApiKey")).await;
    let secret = expect_first(under("a-key", scene.call()).await, scene.op).string("/secret");
    let registration = stage.fresh_scene(DOCUMENT.op("createUser")).await;
    expect_first(under("a-key", registration.call()).await, registration.op);
    let password = registration.body.expect("a body")["password"].as_str().expect("a password").to_owned();
    // What is on a server is read there; binary columns in hexadecimal digits.
    let rows = stage.shop.ground().everything().await.to_lowercase();
    for secret in [&secret, &password] {
        let digits = secret.bytes().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"));
        assert!(!rows.contains(&secret.to_lowercase()) && !rows.contains(&digits), "the database tells a secret");
    }
    for file in std::fs::read_dir(stage.shop.folder()).expect("the folder").filter_map(Result::ok) {
        let kept = if file.path().is_file() { std::fs::read(file.path()).expect("a file") } else { Vec::new() };
        for secret in [&secret, &password] {
            let is_there = kept.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_there, "{} tells a secret", file.path().display());
        }
    }
}

#[test]
fn the_document_describes_exactly_the_keys_that_are_taken() {
    let parameter = &DOCUMENT.root["components"]["parameters"]["IdempotencyKey"]["schema"];
    let pattern = Regex::new(parameter["pattern"].as_str().expect("a pattern")).expect("a regular expression");
    let most = usize::try_from(parameter["maxLength"].as_u64().expect("a bound")).expect("a length");
    let parts = ["", "a", " ", "\"", "\\", "\\\"", "\\\\", "~", "!", "#", "]", "[", "\u{7f}", "ä", "\t"];
    let mut samples: Vec<String> = vec!["k".repeat(255), "k".repeat(256), "\"".repeat(255)];
    samples.push(format!("\"{}\"", "\\\"".repeat(255)));
    samples.push(format!("\"{}\"", "\\\"".repeat(256)));
    for a in parts {
        for b in parts {
            for c in parts {
                samples.extend([format!("{a}{b}{c}"), format!("\"{a}{b}{c}\"")]);
            }
        }
    }
    for sample in samples {
        // Blanks around a header's value do not belong to it (RFC 9110, section 5.5).
        let sample = sample.trim_matches([' ', '\t']);
        let described = pattern.is_match(sample) && (1..=most).contains(&sample.len());
        assert_eq!(IdempotencyKey::parse(sample).is_some(), described, "{sample}");
    }
}
