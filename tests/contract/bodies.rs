//! Bodies: what cannot be read, what may not be sent, and what is wrong in it.

use crate::faults::{self, Fault};
use crate::stage::{Scene, Stage, operations, with_body};
use crate::support::Answer;
use crate::support::document::Op;
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";

fn with_json() -> impl Iterator<Item = &'static Op> {
    operations().filter(|op| op.takes_body() && !op.takes_form())
}

fn with_form() -> impl Iterator<Item = &'static Op> {
    operations().filter(|op| op.takes_form())
}

fn schema(op: &Op) -> &'static Value {
    op.bodies().first().expect("a body").1
}

/// Expects that the answer names this fault, and none at any other place.
#[track_caller]
fn expect_only(answer: &Answer, place: &str, code: &str, what: &dyn std::fmt::Debug) {
    let faults = answer.faults();
    let named = faults.contains(&(place.to_owned(), code.to_owned()));
    let elsewhere = faults.iter().any(|(other, _)| other != place);
    assert!(named && !elsewhere, "{what:?} should be the fault {code} at `{place}`: {answer}");
}

#[tokio::test]
async fn a_body_that_is_no_json_is_400() {
    let stage = Stage::set().await;
    for op in with_json() {
        let scene = stage.scene(op).await;
        let whole = scene.body_text();
        let mut trailing = whole.clone();
        trailing.push(b'}');
        let texts: [&[u8]; 10] = [
            b"{",
            b"nonsense",
            b"{'a': 1}",
            b"{\"a\": 1,}",
            b"{\"a\": }",
            b"{\"a\": NaN}",
            b"{\"a\": 01}",
            b" ",
            &whole[..whole.len() - 1],
            &trailing,
        ];
        for text in texts {
            scene.with_text(text).await.expect_problem(400, "invalid_json");
        }
        let name =
            scene.body.as_ref().and_then(Value::as_object).and_then(|body| body.keys().next()).expect("a member");
        for letters in [&b"\\ud800"[..], b"\\udc00\\ud800", b"\xff", b"\xed\xa0\x80", b"\t", b"\\x"] {
            let text = [b"{\"", name.as_bytes(), b"\": \"", letters, b"\"}"].concat();
            scene.with_text(text).await.expect_problem(400, "invalid_json");
        }
        let deep = "[".repeat(20_000);
        scene.with_text(deep).await.expect_problem(400, "invalid_json");
    }
}

#[tokio::test]
async fn a_body_that_is_missing_is_400() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| op.takes_body()) {
        let scene = stage.scene(op).await;
        let wanted = if op.has_oauth_errors() { "invalid_request" } else { "malformed_request" };
        scene.bare(&scene.caller).await.expect_problem(400, wanted);
        scene.with_text("").await.expect_problem(400, wanted);
    }
}

#[tokio::test]
async fn a_body_of_another_media_type_is_415_with_those_that_are_taken() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| op.takes_body()) {
        let scene = stage.scene(op).await;
        let text = scene.body_text();
        let mut foreign = vec!["text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense", ""];
        foreign.push(if op.takes_form() { "application/json" } else { FORM });
        for media in foreign {
            let answer = scene.with_text(text.clone()).header("content-type", media).await;
            let answer = answer.expect_problem(415, "unsupported_media_type");
            let taken = op.bodies().iter().all(|(media, _)| answer.header("accept").contains(media));
            assert!(taken, "{answer}");
        }
        let untold = scene.with_text(text.clone()).without_header("content-type");
        untold.await.expect_problem(415, "unsupported_media_type");
        let media = op.bodies()[0].0;
        let latin = scene.with_text(text.clone()).header("content-type", &format!("{media}; charset=iso-8859-1"));
        latin.await.expect_problem(415, "unsupported_media_type");
        for coding in ["gzip", "br", "deflate", "nonsense"] {
            let coded = scene.with_text(text.clone()).header("content-encoding", coding);
            coded.await.expect_problem(415, "unsupported_media_type");
        }
    }
}

#[tokio::test]
async fn every_media_type_of_the_document_is_taken_in_any_spelling() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| op.takes_body()) {
        for (media, _) in op.bodies() {
            for spelling in [
                media.to_owned(),
                media.to_uppercase(),
                format!("{media}; charset=utf-8"),
                format!("{media};charset=\"UTF-8\""),
            ] {
                let scene = stage.fresh_scene(op).await;
                scene.with_text(scene.body_text()).header("content-type", &spelling).await.expect_status(op.success());
            }
        }
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_413_whether_its_length_is_told_or_not() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| op.takes_body()) {
        let scene = stage.scene(op).await;
        let blanks = |length: usize| " ".repeat(length);
        for length in [op.body_limit() + 1, 4 * op.body_limit()] {
            scene.with_text(blanks(length)).await.expect_problem(413, "body_too_large");
            scene.with_text(blanks(length)).chunked().await.expect_problem(413, "body_too_large");
        }
        // The largest that is taken is read and found to be nothing.
        let largest = scene.with_text(blanks(op.body_limit())).await;
        assert_eq!(largest.status, 400, "{largest}");
        let largest = scene.with_text(blanks(op.body_limit())).chunked().await;
        assert_eq!(largest.status, 400, "{largest}");
    }
}

#[tokio::test]
async fn a_body_that_nobody_asked_for_is_not_looked_at() {
    // Some generated clients send one with every request.
    let stage = Stage::set().await;
    for op in operations().filter(|op| !op.takes_body()) {
        for body in ["", "{}", "null", "nonsense"] {
            let scene = stage.fresh_scene(op).await;
            scene.call().body("application/json", body).await.expect_status(op.success());
        }
    }
}

#[tokio::test]
async fn a_good_body_may_come_in_chunks() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| op.takes_body()) {
        stage.fresh_scene(op).await.call().chunked().await.expect_status(op.success());
    }
}

#[tokio::test]
async fn everything_wrong_with_a_json_body_is_named_at_its_place() {
    let stage = Stage::set().await;
    for op in with_json() {
        let scene = stage.scene(op).await;
        let good = scene.body.clone().expect("a body");
        for fault in faults::of_object(schema(op), &good) {
            let answer = scene.with_text(fault.put_into(&good).to_string()).await;
            let answer = answer.expect_problem(422, "validation_failed");
            assert_eq!(answer.at("/errors/0/in"), "body", "{answer}");
            expect_only(&answer, &fault.pointer(), fault.code, &fault);
        }
    }
}

#[tokio::test]
async fn a_member_given_twice_is_refused() {
    let stage = Stage::set().await;
    for op in with_json() {
        let scene = stage.scene(op).await;
        for (name, value) in scene.body.clone().expect("a body").as_object().expect("members") {
            let text = String::from_utf8(scene.body_text()).expect("UTF-8");
            let twice = format!("{},\"{name}\":{value}}}", text.strip_suffix('}').expect("an object"));
            let answer = scene.with_text(twice).await.expect_problem(422, "validation_failed");
            expect_only(&answer, &format!("/{name}"), "duplicate", &name);
        }
    }
}

/// The first fault of each member, all at once.
fn one_of_each(op: &Op, good: &Value) -> Vec<Fault> {
    let mut found: Vec<Fault> = Vec::new();
    for fault in faults::of_object(schema(op), good) {
        if fault.member.is_some() && !found.iter().any(|other| other.member == fault.member) {
            found.push(fault);
        }
    }
    found
}

#[tokio::test]
async fn all_faults_of_a_request_are_named_in_one_answer() {
    let stage = Stage::set().await;
    for op in with_json() {
        let scene = stage.scene(op).await;
        let good = scene.body.clone().expect("a body");
        let faults = one_of_each(op, &good);
        let bad = faults.iter().fold(good, |body, fault| fault.put_into(&body));
        let mut call = scene.with_text(bad.to_string()).query("no_such_parameter", "1").query("another", "2");
        let mut wanted: Vec<(String, String)> =
            faults.iter().map(|fault| (fault.pointer(), fault.code.to_owned())).collect();
        wanted.extend(["no_such_parameter", "another"].map(|name| (name.to_owned(), "unknown".to_owned())));
        for header in op.parameters_in("header") {
            let most = header.schema["maxLength"].as_u64().expect("a length");
            call = call.header(&header.name, &"x".repeat(usize::try_from(most).expect("a length") + 1));
            wanted.push((header.name, "max_length".to_owned()));
        }
        let answer = call.await.expect_problem(422, "validation_failed");
        let named = answer.faults();
        for fault in &wanted {
            let alike = |(place, code): &(String, String)| place.eq_ignore_ascii_case(&fault.0) && *code == fault.1;
            assert!(named.iter().any(alike), "{fault:?} is missing: {answer}");
        }
        assert_eq!(named.len(), wanted.len(), "{wanted:#?} were wanted: {answer}");
    }
}

#[tokio::test]
async fn more_faults_than_an_answer_shows_are_counted() {
    let stage = Stage::set().await;
    for op in with_json() {
        let scene = stage.scene(op).await;
        let mut body = scene.body.clone().expect("a body");
        for number in 0..200 {
            body[format!("unknown_{number}")] = Value::Null;
        }
        let answer = scene.with_text(body.to_string()).await.expect_problem(422, "validation_failed");
        let shown = answer.faults().len();
        assert!((1..=100).contains(&shown), "{answer}");
        assert!(answer.string("/detail").contains("200"), "it must say how many there are: {answer}");
        assert!(answer.body.len() < 40_000, "a small request made an answer of {} bytes", answer.body.len());
    }
}

/// Sends a form and expects that the answer names one fault, in the words of RFC 6749.
async fn expect_form_fault(scene: &Scene, body: &Value, place: &str, code: &str) {
    let call = with_body(scene.bare(&scene.caller), scene.op, body);
    let answer = call.await.expect_problem(400, "invalid_request");
    assert_eq!(answer.at("/errors/0/in"), "form", "{answer}");
    assert_eq!(answer.string("/error"), "invalid_request", "{answer}");
    expect_only(&answer, place, code, body);
}

#[tokio::test]
async fn everything_wrong_with_a_form_is_named_in_the_words_of_the_rfc() {
    let stage = Stage::set().await;
    for op in with_form() {
        let scene = stage.scene(op).await;
        let good = scene.body.clone().expect("a body");
        let schema = schema(op);
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let mut body = good.clone();
            body.as_object_mut().expect("members").remove(name);
            expect_form_fault(&scene, &body, name, "required").await;
        }
        for (name, rule) in schema["properties"].as_object().expect("properties") {
            let most = rule["maxLength"].as_u64().expect("a bound");
            let mut body = good.clone();
            body[name] = "a".repeat(usize::try_from(most).expect("a length") + 1).into();
            expect_form_fault(&scene, &body, name, "max_length").await;
            for (value, others) in rule["x-requires"].as_object().into_iter().flatten() {
                let others = others.as_array().expect("names").iter().filter_map(Value::as_str);
                let wanted: Vec<_> = others.map(|other| (other, "required")).collect();
                let lacking = with_body(scene.bare(&scene.caller), op, &json!({name: value})).await;
                lacking.expect_problem(400, "invalid_request").expect_faults(&wanted);
            }
        }
        // RFC 6749, section 3.2: what is not known is passed over.
        let mut body = good.clone();
        body["no_such_member"] = "1".into();
        with_body(scene.bare(&scene.caller), op, &body).await.expect_status(op.success());
    }
}

#[tokio::test]
async fn a_form_member_given_twice_or_broken_is_refused() {
    let stage = Stage::set().await;
    for op in with_form() {
        let scene = stage.scene(op).await;
        let text = String::from_utf8(scene.body_text()).expect("UTF-8");
        for (name, value) in scene.body.clone().expect("a body").as_object().expect("members") {
            let value = value.as_str().expect("a text");
            let answer = scene.with_text(format!("{text}&{name}={value}")).await.expect_problem(400, "invalid_request");
            expect_only(&answer, name, "duplicate", name);
        }
        let name = schema(op)["required"][0].as_str().expect("a member");
        let broken = scene.with_text(format!("{text}&{name}=%ff")).await.expect_problem(400, "invalid_request");
        expect_only(&broken, name, "encoding", &name);
    }
}
