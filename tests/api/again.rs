//! Who asks again in the same words is answered on a shorter way: no rule may get lost on it.

use super::kept::{count, read};
use crate::support::shelf::Shelf;
use crate::support::{Answer, Caller, Options, Shop};
use serde_json::json;

/// Asks until the way is short: the last answer came on it.
async fn ask_often(shop: &Shop, caller: &Caller, path: &str) -> Vec<Answer> {
    let before = shortcuts(shop).await;
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(read(caller, path).await);
    }
    assert!(shortcuts(shop).await > before, "{path} has no short way");
    answers
}

/// How many requests were answered on a short way.
async fn shortcuts(shop: &Shop) -> f64 {
    shop.numbers().await.value("shopkeeper_http_shortcuts_total", None).expect("a number")
}

/// How many requests are left, by an answer's word.
fn left(answer: &Answer) -> i64 {
    let told = answer.header("ratelimit");
    let left = told.split(';').find_map(|part| part.strip_prefix("r=")).and_then(|left| left.parse().ok());
    left.unwrap_or_else(|| panic!("nothing left: {answer}"))
}

#[tokio::test]
async fn all_answers_say_the_same_but_for_what_is_each_requests_own() {
    let shelf = Shelf::set_with(Options::default()).await;
    let product = shelf.add_any().await;
    let ada = shelf.shop.register("ada").await;
    let (_, secret) = ada.make_key(&["account:read"]).await;
    let program = ada.with(crate::support::Credentials::Key(secret));
    for (caller, path) in [
        (&shelf.visitor, product.path.as_str()),
        (&shelf.visitor, "/products?limit=5&sort=price"),
        (&ada, "/users/me"),
        (&program, "/users/me"),
        (&ada, "/users/me?fields=id,username"),
    ] {
        let answers = ask_often(&shelf.shop, caller, path).await;
        for pair in answers.windows(2) {
            let [earlier, later] = pair else { panic!("a pair") };
            assert_eq!((&earlier.body, earlier.header("etag")), (&later.body, later.header("etag")), "{path}");
            assert_ne!(earlier.header("x-request-id"), later.header("x-request-id"));
            let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(sorted(names(earlier)), sorted(names(later)), "{path}");
            // Time stands still, so that nothing comes back.
            assert_eq!(left(later), left(earlier) - 1, "each request is counted: {later}");
        }
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

#[tokio::test]
async fn a_limit_that_is_used_up_refuses_who_asks_again() {
    let shelf = Shelf::set_with(Options::default()).await;
    let product = shelf.add_any().await;
    let first = read(&shelf.visitor, &product.path).await;
    for _ in 0..left(&first) {
        read(&shelf.visitor, &product.path).await;
    }
    let refused = shelf.visitor.get(&product.path).await.expect_problem(429, "rate_limited");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{refused}");
    assert_eq!(left(&refused), 0);
    assert_eq!(refused.header("cache-control"), "no-store");
    shelf.shop.advance_seconds(60);
    read(&shelf.visitor, &product.path).await;
}

#[tokio::test]
async fn what_has_changed_is_new_to_who_asks_again() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    ask_often(&shelf.shop, &shelf.visitor, &product.path).await;
    for name in ["First", "Second"] {
        shelf.admin.patch(&product.path, &json!({"name": name})).await.expect_status(200);
        for answer in ask_often(&shelf.shop, &shelf.visitor, &product.path).await {
            assert_eq!(answer.string("/name"), name);
        }
    }
    let short_lived = shelf.add_any().await;
    ask_often(&shelf.shop, &shelf.visitor, &short_lived.path).await;
    shelf.admin.delete(&short_lived.path).await.expect_status(204);
    shelf.visitor.get(&short_lived.path).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn who_may_no_longer_ask_is_refused_at_once() {
    let shelf = Shelf::set().await;
    let shop = &shelf.shop;
    let (out, old, gone, program) = (
        shop.register("ada").await,
        shop.register("bob").await,
        shop.register("cleo").await,
        shop.register("dora").await,
    );
    for caller in [&out, &old, &gone] {
        ask_often(&shelf.shop, caller, "/users/me").await;
    }
    let (key, secret) = program.make_key(&["account:read"]).await;
    let holder = program.with(crate::support::Credentials::Key(secret));
    ask_often(&shelf.shop, &holder, "/users/me").await;

    out.post_nothing("/auth/logout").await.expect_status(204);
    out.get("/users/me").await.expect_problem(401, "invalid_token");
    program.delete(&format!("/users/me/api-keys/{key}")).await.expect_status(204);
    holder.get("/users/me").await.expect_problem(401, "invalid_token");
    shelf.admin.patch(&gone.path(), &json!({"status": "suspended"})).await.expect_status(200);
    gone.get("/users/me").await.expect_problem(403, "account_suspended");
    shop.advance_seconds(24 * 3600);
    old.get("/users/me").await.expect_problem(401, "invalid_token");
}

#[tokio::test]
async fn a_role_that_was_taken_away_opens_nothing_to_who_asks_again() {
    let shelf = Shelf::set().await;
    let moderator = shelf.shop.register_as("mia", "moderator").await;
    let ada = shelf.shop.register("ada").await;
    ask_often(&shelf.shop, &moderator, &ada.path()).await;
    shelf.admin.patch(&moderator.path(), &json!({"role": "user"})).await.expect_status(200);
    moderator.get(&ada.path()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn the_same_words_of_somebody_else_are_another_question() {
    let shelf = Shelf::set().await;
    let (ada, bob) = (shelf.shop.register("ada").await, shelf.shop.register("bob").await);
    ask_often(&shelf.shop, &ada, "/users/me").await;
    assert_eq!(read(&bob, "/users/me").await.string("/id"), bob.id());
    shelf.visitor.get("/users/me").await.expect_problem(401, "unauthenticated");
    ask_often(&shelf.shop, &bob, "/users/me").await;
    assert_eq!(read(&ada, "/users/me").await.string("/id"), ada.id());
    bob.get(&ada.path()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn conditions_forms_and_methods_are_heeded_by_who_asks_again() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"description": "word ".repeat(400)})).await;
    let asked = ask_often(&shelf.shop, &shelf.visitor, &product.path).await;
    let tag = asked[0].header("etag").to_owned();
    let counted = count(&shelf, "getProduct", async {
        for _ in 0..6 {
            let unchanged = shelf.visitor.get(&product.path).header("if-none-match", &tag).await.expect_status(304);
            assert!(unchanged.body.is_empty() && unchanged.header("etag") == tag, "{unchanged}");
            let changed = shelf.visitor.get(&product.path).header("if-none-match", "\"v0-00000000\"").await;
            assert_eq!(changed.expect_status(200).body, asked[0].body);
            let coded = shelf.visitor.get(&product.path).header("accept-encoding", "gzip").await.expect_status(200);
            assert_eq!((coded.header("content-encoding"), coded.wire < coded.body.len()), ("gzip", true));
            let head = shelf.visitor.head(&product.path).await.expect_status(200);
            assert_eq!((head.header("etag"), head.body.len()), (&*tag, 0));
            shelf.visitor.get(&product.path).header("accept", "image/png").await.expect_problem(406, "not_acceptable");
            shelf.visitor.get(&format!("{}?what=ever", product.path)).await.expect_status(422);
        }
    });
    let (found, _) = counted.await;
    assert!(found >= 23, "what the short way answers is counted as found: {found}");
}

#[tokio::test]
async fn who_says_twice_who_calls_is_asked_each_time() {
    let shelf = Shelf::set().await;
    let ada = shelf.shop.register("ada").await;
    let (_, secret) = ada.make_key(&["account:read"]).await;
    let before = shortcuts(&shelf.shop).await;
    for _ in 0..6 {
        ada.get("/users/me").header("x-api-key", &secret).await.expect_status(200);
    }
    assert!(shortcuts(&shelf.shop).await <= before, "which of the two is meant is found out each time");
    ada.post_nothing("/auth/logout").await.expect_status(204);
}

#[tokio::test]
async fn over_http2_each_request_is_read() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let before = shortcuts(&shelf.shop).await;
    for _ in 0..6 {
        shelf.visitor.get(&product.path).by_http2().await.expect_status(200);
    }
    assert!(shortcuts(&shelf.shop).await <= before, "requests over HTTP/2 have no bytes of their own");
}
