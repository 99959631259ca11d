//! What strangers try.

use crate::support::{Credentials, Options, Shop};
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_sane_request_id_is_echoed_and_any_other_replaced() {
    let shop = Shop::open().await;
    for id in ["abc", "01a1fcf7-2de0-7b2e-9d3f-4a5b6c7d8e9f", "a.b_c-d", &"x".repeat(128)] {
        let answer = shop.visitor().get("/users/me").header("x-request-id", id).await;
        assert_eq!(answer.header("x-request-id"), id);
        assert_eq!(answer.at("/request_id"), id);
    }
    let mut made = std::collections::BTreeSet::new();
    for id in ["", "a b", "a\tb", "ünsafe", "{\"a\":1}", "a\"b", &"x".repeat(129)] {
        let answer = shop.visitor().get("/users/me").header("x-request-id", id).await;
        assert_ne!(answer.header("x-request-id"), id);
        made.insert(answer.header("x-request-id").to_owned());
    }
    assert_eq!(made.len(), 7, "each request has its own");
}

#[tokio::test]
async fn a_trace_is_taken_as_it_comes() {
    let shop = Shop::open().await;
    for trace in ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "nonsense", "00-0-0-0", ""] {
        shop.visitor()
            .get("!/healthz")
            .header("traceparent", trace)
            .header("tracestate", "a=b")
            .await
            .expect_status(200);
    }
}

#[tokio::test]
async fn two_credentials_at_once_never_add_up() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    let (_, secret) = ada.make_key(&["account:read"]).await;
    // The weaker cannot borrow from the stronger, nor pass for it.
    let both = ada.get("/users").header("x-api-key", &secret).await;
    assert_eq!(both.status, 403, "{both}");
    let (_, admins) = admin.make_key(&["users:read"]).await;
    let me = admin.get("/users/me").header("x-api-key", &secret).await;
    assert!(me.status != 200 || me.at("/id") == admin.id() || me.at("/id") == ada.id(), "{me}");
    let mixed = ada.get("/users").header("x-api-key", &admins).await;
    assert!(matches!(mixed.status, 200 | 400 | 401 | 403), "{mixed}");
}

#[tokio::test]
async fn two_headers_of_authorization_are_not_added_up_either() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let answer = ada.get("/users/me").header_too("authorization", &format!("Bearer {}", bob.token())).await;
    assert!(matches!(answer.status, 400 | 401) || answer.at("/id") == ada.id(), "{answer}");
}

#[tokio::test]
async fn identity_comes_from_the_token_and_from_nothing_else() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let answer = ada.get("/users/me").header("x-user-id", bob.id()).header("x-original-url", &bob.path()).await;
    assert_eq!(answer.expect_status(200).at("/id"), ada.id());
    let answer = ada.get("/users/me").header("x-http-method-override", "DELETE").await.expect_status(200);
    assert_eq!(answer.at("/id"), ada.id());
    assert!(ada.is_signed_in().await);
    // Nor by query: it would stand in logs (RFC 9700, section 4.3.2).
    shop.visitor().get(&format!("/users/me?access_token={}", ada.token())).await.expect_status(401);
}

#[tokio::test]
async fn members_that_only_the_shop_sets_cannot_be_sent() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for member in
        ["id", "created_at", "updated_at", "version", "password", "password_hash", "deleted_at", "username_key"]
    {
        let refused = ada.patch("/users/me", &json!({member: "x"})).await.expect_problem(422, "validation_failed");
        refused.expect_faults(&[(&format!("/{member}"), "unknown")]);
    }
    let body = json!({"email": "x@example.com", "username": "xxx", "password": "SecurePass123", "status": "active", "id": "x"});
    let refused = shop.visitor().post("/users", &body).await.expect_problem(422, "validation_failed");
    refused.expect_faults(&[("/id", "unknown"), ("/status", "unknown")]);
}

#[tokio::test]
async fn ids_of_others_are_no_way_around_ownership() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let id = bob.id();
    for path in [
        format!("/users/{id}/"),
        format!("/users/{id}%00"),
        format!("/users/{id}%2f..%2f{}", ada.id()),
        format!("/users/{}", id.to_uppercase()),
        format!("/users/%{:02x}{}", id.as_bytes()[0], &id[1..]),
        format!("/users/{}/../{id}", ada.id()),
        format!("/users/me/../{id}"),
        format!("//users/{id}"),
    ] {
        let token = ada.token();
        let head = format!("Host: x\r\nAuthorization: Bearer {token}\r\nConnection: close");
        let request = format!("GET /api/v1{path} HTTP/1.1\r\n{head}\r\n\r\n");
        shop.raw(request.as_bytes()).await.expect_problem(404, "not_found");
    }
    // Upper case is the same id to its owner.
    let own = bob.get(&format!("/users/{}", id.to_uppercase())).await;
    assert!(matches!(own.status, 200 | 404), "{own}");
}

#[tokio::test]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let shop = Shop::open_unlimited().await;
    shop.register_only("ada").await;
    let try_once = async |name: &str| {
        let body = json!({"username": name, "password": "Wrong-Word-1"});
        let started = Instant::now();
        shop.visitor().post("/auth/login", &body).await.expect_problem(401, "invalid_credentials");
        started.elapsed()
    };
    let (mut known, mut unknown): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    for _ in 0..12 {
        known.push(try_once("ada").await);
        unknown.push(try_once("nobody").await);
    }
    // The fastest of each is least disturbed by what else this machine does.
    let (known, unknown) = (known.into_iter().min().expect("times"), unknown.into_iter().min().expect("times"));
    assert!(unknown > known / 2 && known > unknown / 2, "known {known:?}, unknown {unknown:?}");
}

#[tokio::test]
async fn more_passwords_than_can_be_hashed_in_time_are_shed() {
    let shop = Shop::open_unlimited().await;
    let ada = shop.register("ada").await;
    let mut running = tokio::task::JoinSet::new();
    for number in 0..200 {
        let visitor = shop.visitor();
        running.spawn(async move {
            let body = json!({"username": format!("nobody_{number}"), "password": "Wrong-Word-1"});
            visitor.post("/auth/login", &body).await
        });
    }
    // Whoever needs no password is served meanwhile.
    assert!(ada.is_signed_in().await);
    let answers = running.join_all().await;
    let shed = answers.iter().filter(|answer| answer.status == 503).count();
    assert!(shed > 0, "200 at once were all taken");
    for answer in answers {
        match answer.status {
            401 => answer.expect_problem(401, "invalid_credentials"),
            _ => answer.expect_problem(503, "overloaded"),
        };
    }
    assert!(ada.is_signed_in().await);
}

#[tokio::test]
async fn while_somebody_else_holds_the_database_writes_are_refused_in_time_and_reads_go_on() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    // Only from here on: to hash a password may take longer on a machine that does much else.
    let patience = Some(Duration::from_secs(2));
    let shop = shop.reopen(Options { request_timeout: patience, ..Options::default() }).await;
    let ada = shop.welcome(&ada);
    let hold = shop.ground().hold_writes().await;
    let refused = ada.patch("/users/me", &json!({"full_name": "Ada"})).await;
    assert!(refused.status == 503 && refused.header_or_none("retry-after").is_some(), "{refused}");
    ada.get("/users/me").await.expect_status(200);
    ada.get("/auth/sessions").await.expect_status(200);
    hold.release().await;
    ada.patch("/users/me", &json!({"full_name": "Ada"})).await.expect_status(200);
}

#[tokio::test]
async fn answers_are_not_to_be_guessed_at_or_kept() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for answer in
        [ada.get("/users/me").await, shop.visitor().get("/users/me").await, shop.visitor().get("!/healthz").await]
    {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer}");
    }
    let refused = shop.visitor().get("/users/me").await.expect_status(401);
    assert_eq!(refused.header("cache-control"), "no-store", "{refused}");
    assert!(ada.get("/users/me").await.header_or_none("server").is_none_or(|server| !server.contains('/')));
}

#[tokio::test]
async fn secrets_sent_in_the_wrong_place_do_not_come_back() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    // The harness looks for the password in every answer.
    let wrong =
        json!({"email": ada.password(), "username": ada.password(), "password": ada.password(), "full_name": 1});
    shop.visitor().post("/users", &wrong).await.expect_status(422);
    shop.visitor().post("/auth/login", &json!({"username": ada.password(), "password": "x"})).await.expect_status(401);
    let form = [("grant_type", ada.password())];
    shop.visitor().post_form("/oauth/token", &form).await.expect_status(400);
    shop.visitor().with(Credentials::Bearer(ada.password().to_owned())).get("/users/me").await.expect_status(401);
    shop.visitor().with(Credentials::Key(ada.password().to_owned())).get("/users/me").await.expect_status(401);
}
