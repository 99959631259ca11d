//! How often.

use crate::stage::{Stage, operations};
use crate::support::document::DOCUMENT;
use crate::support::{Answer, Options};

/// Quota and window of a policy, as `RateLimit-Policy` tells them: `"default";q=1000;w=60`.
fn policies(answer: &Answer) -> Vec<(String, u64, u64)> {
    let number = |item: &str, key: &str| {
        let text = item.split(';').find_map(|part| part.trim().strip_prefix(&format!("{key}=")).map(str::to_owned));
        text.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no {key} in {item}: {answer}"))
    };
    let items = answer.header("ratelimit-policy").split(',').map(str::trim);
    items
        .map(|item| {
            (
                item.split(';').next().unwrap_or_default().trim_matches('"').to_owned(),
                number(item, "q"),
                number(item, "w"),
            )
        })
        .collect()
}

#[tokio::test]
async fn every_limited_answer_tells_the_policies_that_the_document_names() {
    let stage = Stage::set_with(Options::default()).await;
    for op in operations() {
        let scene = stage.fresh_scene(op).await;
        let audience =
            if scene.caller.credentials == crate::support::Credentials::None { "anonymous" } else { op.least_role() };
        let answer = scene.call().await.expect_status(op.success());
        let told = policies(&answer);
        let wanted: Vec<_> =
            op.limits().into_iter().map(|policy| (policy.to_owned(), DOCUMENT.quota(policy, audience), 60)).collect();
        assert_eq!(told, wanted, "{answer}");
        assert!(answer.header("ratelimit").contains(";r="), "{answer}");
    }
}

#[tokio::test]
async fn nothing_is_told_or_enforced_when_limits_are_off() {
    let stage = Stage::set().await;
    for op in operations() {
        let answer = stage.fresh_scene(op).await.call().await.expect_status(op.success());
        assert!(answer.header_or_none("ratelimit").is_none(), "{answer}");
    }
}

#[tokio::test]
async fn who_has_used_up_a_limit_is_refused_everywhere_until_time_has_passed() {
    let stage = Stage::set_with(Options::default()).await;
    let mut scenes = Vec::new();
    for op in operations() {
        scenes.push(stage.scene(op).await);
    }
    exhaust(&stage).await;
    for scene in &scenes {
        let answer = scene.call().await.expect_problem(429, "rate_limited");
        let wait: u64 = answer.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{answer}");
        assert!(answer.header("ratelimit").contains(";r=0"), "{answer}");
    }
    // A stranger is not punished, nor is anybody for long.
    stage.stranger.get("/users/me").await.expect_status(200);
    stage.shop.advance_seconds(60);
    for caller in [&stage.user, &stage.admin] {
        caller.get("/users/me").await.expect_status(200);
    }
}

/// Uses up the default limit of everybody who calls on the stage, except the stranger, and what else limits reads.
pub async fn exhaust(stage: &Stage) {
    for caller in [&stage.user, &stage.moderator, &stage.admin, &stage.visitor()] {
        exhaust_one(stage, caller, "/me/limits", DOCUMENT.quota("default", "admin")).await;
    }
    let mut done = vec!["default"];
    for op in operations().filter(|op| op.method == "GET" && !op.path.contains('{')) {
        let policy = op.limits()[0];
        if !done.contains(&policy) {
            let quota = DOCUMENT.quota(policy, "anonymous");
            exhaust_one(stage, &stage.visitor(), &op.path, quota).await;
            done.push(policy);
        }
    }
}

/// Asks until there is a refusal, on one connection, without waiting for each answer.
async fn exhaust_one(stage: &Stage, caller: &crate::support::Caller, path: &str, most: u64) {
    let credentials = match &caller.credentials {
        crate::support::Credentials::Bearer(token) => format!("Authorization: Bearer {token}\r\n"),
        _ => String::new(),
    };
    let request = format!("GET /api/v1{path} HTTP/1.1\r\nHost: shop\r\n{credentials}\r\n");
    let last = request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let quota = usize::try_from(most).expect("a number");
    // In portions, so that neither side has to hold more than sockets do.
    for _ in 0..=quota.div_ceil(250) {
        let answer = stage.shop.raw((request.repeat(249) + &last).as_bytes()).await;
        if String::from_utf8_lossy(&answer.all).contains("HTTP/1.1 429") {
            return;
        }
    }
    let answer = caller.get(path).await;
    assert_eq!(answer.status, 429, "{answer}");
}
