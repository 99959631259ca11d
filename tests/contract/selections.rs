//! What callers choose: members of an answer (`fields`), and one of several parameters that exclude each other.

use crate::stage::{Scene, Stage, method, operations};
use crate::support::Answer;
use crate::support::document::{DOCUMENT, Op, resolve};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub const SELECTION: &str = "application/vnd.shopkeeper.selection+json";

/// The schema of a full answer where every member of it, or of a page's entries, may be left out.
pub fn part_of(whole: &Value) -> Value {
    let mut schema = resolve(whole).clone();
    if is_page(&schema) {
        schema["properties"]["data"]["items"] = part_of(&resolve(&schema["properties"]["data"])["items"]);
        schema["properties"]["data"]["type"] = "array".into();
    } else {
        schema["required"] = Value::Array(Vec::new());
    }
    schema
}

fn is_page(schema: &Value) -> bool {
    schema["properties"]["pagination"].is_object()
}

/// Reads that `fields` can be asked of.
fn choosable() -> impl Iterator<Item = &'static Op> {
    operations().filter(|op| op.parameters_in("query").iter().any(|parameter| parameter.name == "fields"))
}

/// The names to choose from.
pub fn names(op: &Op) -> Vec<String> {
    let mut schema = resolve(&op.response(200).expect("an answer")["content"]["application/json"]["schema"]);
    if is_page(schema) {
        schema = resolve(&resolve(&schema["properties"]["data"])["items"]);
    }
    schema["properties"].as_object().expect("members").keys().cloned().collect()
}

/// The members of an answer, or of each entry of a page, that have these names.
fn cut(answer: &Answer, names: &[&str]) -> Vec<Value> {
    let whole = answer.json();
    let entries = whole["data"].as_array().cloned().unwrap_or_else(|| vec![whole]);
    let part = |entry: Value| -> Map<String, Value> {
        let Value::Object(members) = entry else { panic!("no object: {answer}") };
        members.into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect()
    };
    entries.into_iter().map(|entry| Value::Object(part(entry))).collect()
}

#[test]
fn reads_that_can_be_known_can_be_chosen_from() {
    for op in operations().filter(|op| op.documents(304)) {
        assert!(choosable().any(|other| other.id == op.id), "{} does not know `fields`", op.name());
    }
}

#[tokio::test]
async fn a_selection_holds_the_members_that_are_named_and_no_others() {
    let stage = Stage::set().await;
    for op in choosable() {
        let scene = stage.scene(op).await;
        let whole = scene.call().await.expect_status(200);
        assert_eq!(whole.header("content-type"), "application/json", "{whole}");
        let all = names(op);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let mut choices: Vec<Vec<&str>> = all.iter().map(|name| vec![*name]).collect();
        choices.push(all.iter().rev().copied().collect());
        choices.push(vec![all[all.len() - 1], all[0]]);
        for chosen in choices {
            let answer = scene.call().query("fields", &chosen.join(",")).await.expect_status(200);
            assert_eq!(answer.header("content-type"), SELECTION, "{answer}");
            assert_eq!(cut(&answer, &all), cut(&whole, &chosen), "{chosen:?}: {answer}");
            assert_eq!(answer.at("/pagination"), whole.at("/pagination"), "{answer}");
        }
    }
}

#[tokio::test]
async fn names_that_are_not_there_are_refused_with_those_that_are() {
    let stage = Stage::set().await;
    for op in choosable() {
        let scene = stage.scene(op).await;
        let known = names(op);
        let long = "x".repeat(501);
        let one = |name: &str| name.to_owned();
        let (first, last) = (known.first().expect("a name"), known.last().expect("a name"));
        let doubled = format!("{first},{first}");
        let cases = [
            (one("no_such_member"), 1),
            (one("data"), 1),
            (format!("{first},,{last}"), 1),
            (format!("{first},"), 1),
            (one(","), 2),
            (doubled, 1),
            (format!("{first}, {last}"), 1),
            (one("ID,no_such_member"), 2),
            (long, 1),
        ];
        for (text, count) in cases {
            let answer = scene.call().query("fields", &text).await.expect_problem(422, "validation_failed");
            let answer = answer.expect_faults(&vec![("fields", "enum"); count]);
            let told = answer.string("/errors/0/message");
            assert!(known.iter().all(|name| told.contains(name)), "{answer}");
            assert!(answer.body.len() < 4_000, "{answer}");
        }
    }
}

/// The request for these members, as often as it is asked.
async fn chosen(scene: &Scene, names: &str) -> Answer {
    scene.call().query("fields", names).await.expect_status(200)
}

#[tokio::test]
async fn each_choice_has_a_tag_of_its_own() {
    let stage = Stage::set().await;
    for op in choosable() {
        let scene = stage.scene(op).await;
        let known = names(op);
        let mut tags = BTreeMap::new();
        for fields in [known[0].clone(), known[1].clone(), format!("{},{}", known[0], known[1])] {
            let answer = chosen(&scene, &fields).await;
            let tag = answer.header("etag").to_owned();
            let again = scene.call().query("fields", &fields).header("if-none-match", &tag).await;
            assert_eq!(again.status, 304, "{again}");
            tags.insert(tag, fields);
        }
        let whole = scene.call().await.header("etag").to_owned();
        tags.insert(whole.clone(), String::new());
        assert_eq!(tags.len(), 4, "{}: {tags:?}", op.name());
        let part = scene.call().query("fields", &known[0]).header("if-none-match", &whole).await;
        part.expect_status(200);
    }
}

#[tokio::test]
async fn who_saw_a_part_cannot_say_that_the_whole_is_unchanged() {
    let stage = Stage::set().await;
    let mut seen = 0;
    for op in operations().filter(|op| op.documents(412)) {
        let read = DOCUMENT.find("GET", &op.path).expect("a read");
        let scene = stage.fresh_scene(op).await;
        let part = scene.actor.call(method(read), &scene.target).query("fields", "id").await.expect_status(200);
        let tag = part.header("etag").to_owned();
        scene.call().header("if-match", &tag).await.expect_problem(412, "precondition_failed");
        seen += 1;
    }
    assert!(seen > 0);
}

/// Groups of parameters of which at most one may be given (`x-exclusive`).
fn groups(op: &Op) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for parameter in op.node()["parameters"].as_array().into_iter().flatten().map(resolve) {
        if let Some(group) = parameter["x-exclusive"].as_str() {
            groups.entry(group).or_default().push(parameter["name"].as_str().expect("a name"));
        }
    }
    groups
}

#[tokio::test]
async fn parameters_that_exclude_each_other_are_named_with_all_other_faults() {
    let stage = Stage::set().await;
    let mut seen = 0;
    for op in operations() {
        let scene = stage.scene(op).await;
        for names in groups(op).into_values() {
            for left_out in 0..=names.len() {
                // All of them, and each pair of three.
                let given: Vec<_> =
                    names.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, n)| *n).collect();
                let with = |call: crate::support::call::Call, name: &&str| {
                    call.query(name, if *name == "cursor" { "" } else { "1" })
                };
                let mixed = given.iter().fold(scene.call(), with);
                let mixed = mixed.query("no_such_parameter", "1").query("fields", "no_such_member");
                let answer = mixed.await.expect_problem(422, "validation_failed");
                let mut wanted: Vec<_> = given.iter().map(|name| (*name, "exclusive")).collect();
                wanted.extend([("no_such_parameter", "unknown"), ("fields", "enum")]);
                answer.expect_faults(&wanted);
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
}

#[tokio::test]
async fn a_known_tag_does_not_let_pass_what_is_refused_without_it() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| op.documents(304)) {
        let scene = stage.scene(op).await;
        let tag = scene.call().await.header("etag").to_owned();
        let odd = scene.call().header("if-none-match", &tag).query("no_such_parameter", "1").await;
        odd.expect_problem(422, "validation_failed");
        scene.call().header("if-none-match", &tag).await.expect_status(304);
    }
}
