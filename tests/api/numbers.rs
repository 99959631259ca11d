//! The numbers for Prometheus: all that an operator is promised are there, under names that follow its conventions, and
//! move when what they count happens.

use crate::support::{Options, Shop};
use serde_json::json;

#[tokio::test]
async fn everything_that_is_promised_is_told() {
    let shop = Shop::open().await;
    shop.register("anna").await;
    let numbers = shop.numbers().await;
    for name in [
        "shopkeeper_http_requests_total",
        "shopkeeper_http_requests_in_flight",
        "shopkeeper_http_connections",
        "shopkeeper_http_shortcuts_total",
        "shopkeeper_database_connections",
        "shopkeeper_database_waiting",
        "shopkeeper_database_slow_statements_total",
        "shopkeeper_cache_hits_total",
        "shopkeeper_cache_misses_total",
        "shopkeeper_limiter_callers",
        "shopkeeper_limiter_refusals_total",
        "shopkeeper_password_queue",
        "shopkeeper_password_hashes_total",
        "shopkeeper_password_refusals_total",
        "shopkeeper_outbox_lag_seconds",
        "shopkeeper_build_info",
        "shopkeeper_uptime_seconds",
    ] {
        assert!(numbers.tell(name), "{name} is not told");
    }
    assert!(numbers.value("shopkeeper_http_request_duration_seconds_count", Some("createUser")).is_some());
}

#[tokio::test]
async fn names_follow_the_conventions_and_every_metric_is_explained_once() {
    let shop = Shop::open().await;
    shop.register("anna").await;
    let text = shop.visitor().get("!/metrics").await.expect_status(200).text();
    let explained = |what: &str| -> Vec<(String, String)> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(what)?.split_once(' '));
        lines.map(|(name, rest)| (name.to_owned(), rest.to_owned())).collect()
    };
    let (kinds, helps) = (explained("# TYPE "), explained("# HELP "));
    assert!(kinds.len() > 20, "{kinds:?}");
    for (name, kind) in &kinds {
        assert!(name.starts_with("shopkeeper_") && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
        assert_eq!(kind == "counter", name.ends_with("_total"), "{name} is a {kind}");
        assert_eq!(kinds.iter().filter(|(other, _)| other == name).count(), 1, "{name} is told twice");
        let help = helps.iter().find(|(other, _)| other == name);
        assert!(help.is_some_and(|(_, help)| help.ends_with('.')), "{name}: {help:?}");
    }
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap_or_default();
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        assert!(kinds.iter().any(|(known, _)| known == name || known == base), "{line} belongs to no metric");
    }
}

#[tokio::test]
async fn hashes_and_refusals_are_counted() {
    let shop = Shop::open_with(Options::default()).await;
    let before = shop.numbers().await;
    shop.register("anna").await;
    let after = shop.numbers().await;
    let hashes = |numbers: &crate::support::metrics::Numbers| {
        numbers.value("shopkeeper_password_hashes_total", None).unwrap_or_default()
    };
    // One is made of the new password, one to sign in.
    assert!((hashes(&after) - hashes(&before) - 2.0).abs() < 0.5);

    let wrong = json!({"username": "anna", "password": "Not-her-word-1"});
    let mut refused = 0.0;
    for _ in 0..20 {
        if shop.visitor().post("/auth/login", &wrong).await.status == 429 {
            refused += 1.0;
        }
    }
    assert!(refused > 0.0);
    let told = shop.numbers().await.value("shopkeeper_limiter_refusals_total", None).unwrap_or_default();
    assert!((told - refused).abs() < 0.5, "{told} are told of {refused}");
}
