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

/// What `Vary` must name: whatever the answer may depend on.
fn varies_by(op: &Op) -> Vec<&'static str> {
    let mut headers = vec!["Accept-Encoding"];
    if !op.is_public() {
        headers.push("Authorization");
    }
    if op.knows("apiKey") {
        headers.push("X-API-Key");
    }
    headers
}

#[tokio::test]
async fn what_may_be_kept_says_by_which_headers_it_varies() {
    let stage = Stage::set().await;
    for op in operations() {
        let answer = stage.fresh_scene(op).await.call().await.expect_status(op.success());
        if promised(op) == "no-store" {
            assert!(answer.header_or_none("vary").is_none(), "{answer}");
            continue;
        }
        let mut told: Vec<_> = answer.header("vary").split(", ").collect();
        let mut wanted = varies_by(op);
        told.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(told, wanted, "{answer}");
    }
}

#[tokio::test]
async fn only_what_everybody_gets_alike_is_public() {
    let stage = Stage::set().await;
    let mut seen = 0;
    for op in operations().filter(|op| op.method == "GET") {
        let scene = stage.scene(op).await;
        let answer = scene.call().await.expect_status(200);
        let is_public = answer.header("cache-control").starts_with("public, max-age=");
        assert_eq!(is_public, op.is_public() && op.owner().is_none(), "{answer}");
        if is_public {
            for caller in [&stage.visitor(), &stage.user, &stage.admin] {
                let other = scene.by(caller).await.expect_status(200);
                assert_eq!((&other.body, other.header("etag")), (&answer.body, answer.header("etag")), "{other}");
            }
            seen += 1;
        } else {
            assert!(answer.header_or_none("age").is_none(), "{answer}");
        }
    }
    assert!(seen > 0);
}

#[tokio::test]
async fn who_has_an_answer_is_told_so_with_the_same_headers() {
    let stage = Stage::set().await;
    let mut seen = 0;
    for op in operations().filter(|op| op.documents(304)) {
        let scene = stage.scene(op).await;
        let answer = scene.call().await.expect_status(200);
        let tag = answer.header("etag").to_owned();
        let coded = tag.trim_matches('"').to_owned();
        let same = [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"other\", {tag}"),
            "*".to_owned(),
            format!("\"{coded}-gzip\""),
            format!("\"{coded}-zstd\""),
        ];
        for known in same {
            let again = scene.call().header("if-none-match", &known).await.expect_status(304);
            for name in ["etag", "cache-control", "vary"] {
                assert_eq!(again.header(name), answer.header(name), "{known}: {again}");
            }
        }
        for other in ["\"other\"".to_owned(), coded.clone(), format!("\"{coded}-f00000000\""), String::new()] {
            scene.call().header("if-none-match", &other).await.expect_status(200);
        }
        seen += 1;
    }
    assert!(seen > 0);
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
