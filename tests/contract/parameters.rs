//! Parameters: unknown, repeated, out of bounds, and at their bounds.

use crate::selections;
use crate::stage::{Scene, Stage, operations, with_body};
use crate::support::call::Call;
use crate::support::document::{Op, Parameter};
use serde_json::Value;

/// A call with the body that makes it complete.
fn complete(op: &Op, call: Call, body: Option<&Value>) -> Call {
    match body {
        Some(body) => with_body(call, op, body),
        None => call,
    }
}

#[tokio::test]
async fn a_query_parameter_that_the_document_does_not_know_is_named() {
    let stage = Stage::set().await;
    for op in operations() {
        let scene = stage.scene(op).await;
        let known = op.parameters_in("query");
        for name in ["no_such_parameter", "Limit", "fields", "id", ""] {
            if known.iter().any(|parameter| parameter.name == name) {
                continue;
            }
            let answer = scene.call().query(name, "1").await;
            assert_eq!(answer.status, op.invalid_status(), "{answer}");
            assert_eq!(answer.at("/errors/0/in"), "query", "{answer}");
            answer.expect_faults(&[(name, "unknown")]);
        }
    }
}

/// Values that a parameter must refuse, with the code of the fault.
fn refused(parameter: &Parameter) -> Vec<(String, &'static str)> {
    let schema = parameter.schema;
    let text = |text: &str| text.to_owned();
    let mut bad = Vec::new();
    match schema["type"].as_str() {
        // What names it takes, no schema can say; those of all reads are in tests/contract/selections.rs.
        _ if parameter.name == "fields" => bad.extend(["", "Id", " id"].map(|value| (text(value), "enum"))),
        Some("boolean") => bad.extend(["", "yes", "2", "TRUE"].map(|value| (text(value), "type"))),
        Some("string") if schema["format"] == "uuid" => {
            bad.extend(["", "nonsense", "01a1fcf72de07b2e9d3f4a5b6c7d8e9f"].map(|value| (text(value), "format")));
        }
        Some("integer") => {
            bad.extend(
                ["", "x", "1.5", "1e2", "0x1", " 1", "１", "--1", "99999999999999999999999"]
                    .map(|value| (text(value), if value.starts_with("999") { "maximum" } else { "type" })),
            );
            let bound = |keyword: &str| schema[keyword].as_i64();
            bad.extend(bound("minimum").map(|least| ((least - 1).to_string(), "minimum")));
            bad.extend(bound("maximum").map(|most| ((most + 1).to_string(), "maximum")));
        }
        Some("string") if schema["enum"].is_array() => {
            bad.extend(["", "no_such_value", "CREATED_AT", "user,admin"].map(|value| (text(value), "enum")));
        }
        Some("string") if schema["format"] == "date-time" => {
            bad.extend(["", "yesterday", "2027-01-01", "1700000000"].map(|value| (text(value), "format")));
        }
        Some("string") => {
            let size = |keyword: &str| schema[keyword].as_u64().map(|size| usize::try_from(size).expect("a size"));
            bad.extend(size("minLength").filter(|least| *least > 0).map(|least| ("x".repeat(least - 1), "min_length")));
            bad.extend(size("maxLength").map(|most| ("x".repeat(most + 1), "max_length")));
        }
        other => panic!("say in tests/contract/parameters.rs what no {other:?} is ({})", parameter.name),
    }
    bad
}

#[tokio::test]
async fn a_query_parameter_with_a_bad_value_is_named() {
    let stage = Stage::set().await;
    for op in operations() {
        let scene = stage.scene(op).await;
        for parameter in op.parameters_in("query") {
            for (value, code) in refused(&parameter) {
                let answer = scene.call().query(&parameter.name, &value).await;
                let answer = answer.expect_problem(422, "validation_failed").expect_faults(&[(&parameter.name, code)]);
                assert_eq!(answer.at("/errors/0/in"), "query", "{answer}");
            }
        }
    }
}

#[tokio::test]
async fn a_header_parameter_with_a_bad_value_is_named() {
    let stage = Stage::set().await;
    for op in operations() {
        let scene = stage.scene(op).await;
        for parameter in op.parameters_in("header") {
            for (value, code) in refused(&parameter) {
                let answer = scene.call().header(&parameter.name, &value).await;
                let answer = answer.expect_problem(422, "validation_failed").expect_faults(&[(&parameter.name, code)]);
                assert_eq!(answer.at("/errors/0/in"), "header", "{answer}");
            }
        }
    }
}

#[tokio::test]
async fn a_query_parameter_given_twice_is_refused() {
    let stage = Stage::set().await;
    for op in operations() {
        let scene = stage.scene(op).await;
        for parameter in op.parameters_in("query") {
            let value = accepted(&scene, &parameter).swap_remove(0);
            let call = scene.call().query(&parameter.name, &value).query(&parameter.name, &value);
            call.await.expect_problem(422, "validation_failed").expect_faults(&[(&parameter.name, "duplicate")]);
        }
    }
}

/// Values that a parameter must take.
fn accepted(scene: &Scene, parameter: &Parameter) -> Vec<String> {
    let schema = parameter.schema;
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    match schema["type"].as_str() {
        Some("integer") => ["minimum", "maximum", "default"]
            .iter()
            .filter_map(|at| schema[*at].as_i64())
            .map(|n| n.to_string())
            .collect(),
        _ if parameter.name == "fields" => vec![selections::names(scene.op).swap_remove(0)],
        Some("boolean") => ["true", "false", "1", "0"].map(str::to_owned).to_vec(),
        // Not everybody may ask for what is another's.
        _ if parameter.name == "user_id" => vec![scene.actor.id().to_owned()],
        _ if schema["format"] == "uuid" => vec!["01a1fcf7-2de0-7b2e-9d3f-4a5b6c7d8e9f".to_owned()],
        _ if schema["format"] == "date-time" => {
            ["2027-01-01T00:00:00Z", "2027-01-01T00:00:00.123456+02:00", "2027-01-01T00:00:00+0000"]
                .map(str::to_owned)
                .to_vec()
        }
        // A cursor cannot be made up; the empty one begins at the beginning.
        _ if parameter.name == "cursor" => vec![String::new()],
        _ => vec!["x".to_owned(), "%_\\'\"é".to_owned()],
    }
}

#[tokio::test]
async fn every_value_that_the_document_allows_is_taken() {
    let stage = Stage::set().await;
    for op in operations() {
        let scene = stage.scene(op).await;
        for parameter in op.parameters_in("query") {
            for value in accepted(&scene, &parameter) {
                scene.call().query(&parameter.name, &value).await.expect_status(op.success());
            }
        }
    }
}

#[tokio::test]
async fn an_id_that_is_no_uuid_names_nothing() {
    let stage = Stage::set().await;
    let mut seen = 0;
    for op in operations().filter(|op| !op.parameters_in("path").is_empty()) {
        let scene = stage.scene_of(op, &stage.admin).await;
        let upper = scene.target.rsplit('/').next().expect("an id").to_uppercase();
        let braced = format!("%7B{upper}%7D");
        let simple = upper.replace('-', "");
        let ids =
            ["nonsense", "0", "%00", "%ff", "..%2f", "%20", "01a1fcf7-2de0-7b2e-9d3f-4a5b6c7d8e9", &braced, &simple];
        for id in ids {
            let target = op
                .parameters_in("path")
                .iter()
                .fold(op.path.clone(), |path, parameter| path.replace(&format!("{{{}}}", parameter.name), id));
            let call = stage.admin.call(crate::stage::method(op), &target);
            complete(op, call, scene.body.as_ref()).await.expect_problem(404, "not_found");
            seen += 1;
        }
    }
    assert!(seen > 0);
}
