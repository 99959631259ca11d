//! Keys with which programs act for an account.

use crate::support::{Caller, Credentials, Shop};
use serde_json::{Value, json};

async fn make(caller: &Caller, body: &Value) -> crate::support::Answer {
    caller.post("/users/me/api-keys", body).await
}

#[tokio::test]
async fn the_secret_is_shown_once_and_the_key_works() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let made = make(&ada, &json!({"name": " Order  export ", "scopes": ["account:read"]})).await.expect_status(201);
    assert_eq!(made.at("/name"), "Order export");
    assert_eq!(made.at("/scopes"), json!(["account:read"]));
    assert_eq!((made.at("/expires_at"), made.at("/last_used_at")), (Value::Null, Value::Null));
    assert!(made.string("/secret").starts_with("sk_"));
    assert!(made.string("/secret").starts_with(&made.string("/prefix")));
    assert!(made.header("location").ends_with(&format!("/users/me/api-keys/{}", made.string("/id"))));
    // The harness refuses any later answer that holds the secret.
    let listed = ada.get("/users/me/api-keys").await.expect_status(200);
    assert_eq!(listed.at("/data/0/id"), made.at("/id"));
    assert_eq!(listed.at("/data/0/prefix"), made.at("/prefix"));
    let program = ada.with(Credentials::Key(made.string("/secret")));
    assert_eq!(program.get("/users/me").await.expect_status(200).at("/id"), ada.id());
}

#[tokio::test]
async fn a_key_reaches_no_further_than_its_scopes() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let reader = ada.program(&["account:read"]).await;
    reader.get("/users/me").await.expect_status(200);
    reader.patch("/users/me", &json!({"full_name": "X"})).await.expect_problem(403, "insufficient_scope");
    let writer = ada.program(&["account:write"]).await;
    writer.patch("/users/me", &json!({"full_name": "Ada"})).await.expect_status(200);
    writer.get("/users/me").await.expect_problem(403, "insufficient_scope");
    let admin = shop.admin().await;
    let narrow = admin.program(&["account:read", "account:write"]).await;
    narrow.get("/users").await.expect_problem(403, "insufficient_scope");
    narrow.get(&ada.path()).await.expect_problem(404, "not_found");
    let wide = admin.program(&["users:read", "users:write"]).await;
    wide.patch(&ada.path(), &json!({"role": "moderator"})).await.expect_status(200);
}

#[tokio::test]
async fn scopes_that_the_caller_does_not_hold_are_not_given_away() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for scopes in [json!(["users:read"]), json!(["account:read", "admin:read"])] {
        make(&ada, &json!({"name": "x", "scopes": scopes})).await.expect_problem(403, "forbidden");
    }
    // What the account could do, but this session was not given, is not its to give.
    let narrowed = ada.narrowed(&["account:read", "account:write"]).await;
    make(&narrowed, &json!({"name": "x", "scopes": ["orders:read"]})).await.expect_problem(403, "forbidden");
    make(&narrowed, &json!({"name": "x", "scopes": ["account:read"]})).await.expect_status(201);
    assert_eq!(ada.get("/users/me/api-keys").await.at("/pagination/total"), 1);
}

#[tokio::test]
async fn a_scope_named_twice_counts_once() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let made = make(&ada, &json!({"name": "x", "scopes": ["account:read", "account:read"]})).await;
    if made.status == 201 {
        assert_eq!(made.at("/scopes"), json!(["account:read"]));
    } else {
        made.expect_problem(422, "validation_failed");
    }
}

#[tokio::test]
async fn a_deleted_key_stops_at_once() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let (id, secret) = ada.make_key(&["account:read"]).await;
    let program = ada.with(Credentials::Key(secret));
    program.get("/users/me").await.expect_status(200);
    ada.delete(&format!("/users/me/api-keys/{id}")).await.expect_status(204);
    program.get("/users/me").await.expect_problem(401, "invalid_token");
    assert_eq!(ada.get("/users/me/api-keys").await.data(), Vec::<Value>::new());
    ada.delete(&format!("/users/me/api-keys/{id}")).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_deleted_key_takes_the_tokens_along_that_were_issued_for_it() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let (id, secret) = ada.make_key(&["account:read"]).await;
    let client = ada.with(Credentials::Basic(id.clone(), secret));
    let token = client.post_form("/oauth/token", &[("grant_type", "client_credentials")]).await.expect_status(200);
    let program = ada.following(&token);
    program.get("/users/me").await.expect_status(200);
    ada.delete(&format!("/users/me/api-keys/{id}")).await.expect_status(204);
    program.get("/users/me").await.expect_problem(401, "invalid_token");
}

#[tokio::test]
async fn a_key_stops_at_the_moment_that_was_set() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let body = json!({"name": "x", "scopes": ["account:read"], "expires_at": shop.moment(100)});
    let made = make(&ada, &body).await.expect_status(201);
    let program = ada.with(Credentials::Key(made.string("/secret")));
    shop.advance_seconds(99);
    program.get("/users/me").await.expect_status(200);
    shop.advance_seconds(1);
    program.get("/users/me").await.expect_problem(401, "invalid_token");
    let client = ada.with(Credentials::Basic(made.string("/id"), made.string("/secret")));
    let refused = client.post_form("/oauth/token", &[("grant_type", "client_credentials")]).await;
    refused.expect_problem(401, "invalid_client");
}

#[tokio::test]
async fn a_key_that_has_expired_already_is_not_made() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for seconds in [-1, 0] {
        let body = json!({"name": "x", "scopes": ["account:read"], "expires_at": shop.moment(seconds)});
        let refused = make(&ada, &body).await.expect_problem(422, "validation_failed");
        assert_eq!(refused.at("/errors/0/pointer"), "/expires_at", "{refused}");
    }
    let body = json!({"name": "x", "scopes": ["account:read"], "expires_at": null});
    make(&ada, &body).await.expect_status(201);
}

#[tokio::test]
async fn a_time_that_is_past_is_told_with_everything_else_that_is_wrong() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let body = json!({"name": "", "scopes": ["no:such"], "expires_at": shop.moment(0), "more": 1});
    let refused = make(&ada, &body).await.expect_problem(422, "validation_failed");
    refused.expect_faults(&[
        ("/expires_at", "past"),
        ("/more", "unknown"),
        ("/name", "min_length"),
        ("/name", "pattern"),
        ("/scopes/0", "enum"),
    ]);
}

#[tokio::test]
async fn a_key_made_before_its_end_is_told_again_after_it() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let body = json!({"name": "x", "scopes": ["account:read"], "expires_at": shop.moment(60)});
    let ask = || ada.post("/users/me/api-keys", &body).header("idempotency-key", "k-1");
    let made = ask().await.expect_status(201);
    shop.advance_seconds(120);
    let again = ask().await.expect_status(201);
    assert_eq!((again.at("/id"), again.header("idempotent-replayed")), (made.at("/id"), "true"));
}

#[tokio::test]
async fn a_blank_name_is_no_name() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let refused = make(&ada, &json!({"name": " \t ", "scopes": ["account:read"]})).await;
    assert_eq!(refused.expect_problem(422, "validation_failed").at("/errors/0/pointer"), "/name");
}

#[tokio::test]
async fn a_key_tells_when_it_was_last_used() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let (_, secret) = ada.make_key(&["account:read"]).await;
    shop.advance_seconds(3600);
    let ada = ada.refreshed().await;
    ada.with(Credentials::Key(secret)).get("/users/me").await.expect_status(200);
    // Noted to the minute, and no later than when the shop closes.
    let shop = shop.reopen(crate::support::Options::default()).await;
    let listed = shop.welcome(&ada).get("/users/me/api-keys").await.expect_status(200);
    let used = listed.string("/data/0/last_used_at");
    assert!(used.starts_with(&shop.moment(0)[..13]), "{used} is not {}", shop.moment(0));
}

#[tokio::test]
async fn keys_neither_see_nor_make_nor_delete_keys() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let (id, secret) = ada.make_key(&["account:read", "account:write"]).await;
    let program = ada.with(Credentials::Key(secret));
    program.get("/users/me/api-keys").await.expect_problem(401, "unauthenticated");
    make(&program, &json!({"name": "x", "scopes": ["account:read"]})).await.expect_problem(401, "unauthenticated");
    program.delete(&format!("/users/me/api-keys/{id}")).await.expect_problem(401, "unauthenticated");
    program.get("/auth/sessions").await.expect_problem(401, "unauthenticated");
    let body = json!({"current_password": ada.password(), "new_password": "Another-Word-42"});
    program.put("/users/me/password", &body).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_programs_token_makes_no_keys_that_outlive_its_own() {
    // A token of client_credentials must not reach further than the key that it came from.
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let (id, secret) = ada.make_key(&["account:read", "account:write"]).await;
    let client = ada.with(Credentials::Basic(id, secret));
    let token = client.post_form("/oauth/token", &[("grant_type", "client_credentials")]).await.expect_status(200);
    let program = ada.following(&token);
    let made = make(&program, &json!({"name": "x", "scopes": ["account:read"]})).await;
    assert!(matches!(made.status, 401 | 403), "{made}");
    let body = json!({"current_password": ada.password(), "new_password": "Another-Word-42"});
    let changed = program.put("/users/me/password", &body).await;
    assert!(matches!(changed.status, 401 | 403), "{changed}");
}

#[tokio::test]
async fn nobody_sees_or_deletes_anothers_keys() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let (id, secret) = ada.make_key(&["account:read"]).await;
    for other in [shop.register("bob").await, shop.admin().await] {
        assert_eq!(other.get("/users/me/api-keys").await.data(), Vec::<Value>::new());
        other.delete(&format!("/users/me/api-keys/{id}")).await.expect_problem(404, "not_found");
    }
    ada.with(Credentials::Key(secret)).get("/users/me").await.expect_status(200);
}

#[tokio::test]
async fn keys_survive_a_change_of_password_and_of_name() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let program = ada.program(&["account:read"]).await;
    let body = json!({"current_password": ada.password(), "new_password": "Another-Word-42"});
    ada.put("/users/me/password", &body).await.expect_status(204);
    ada.patch("/users/me", &json!({"username": "countess"})).await.expect_status(200);
    assert_eq!(program.get("/users/me").await.expect_status(200).at("/username"), "countess");
}
