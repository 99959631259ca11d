//! Credentials that strangers make up: what they look like, what they cost, and that they are worth nothing.

use crate::support::{Answer, Caller, Credentials, Shop};
use serde_json::json;

/// Takes a table away, so that whoever looks into it fails.
async fn take_away(shop: &Shop, table: &str) {
    shop.ground().execute(&format!("ALTER TABLE {table} RENAME TO lost_{table}")).await;
}

/// The same text with another last letter.
fn altered(text: &str) -> String {
    let (start, last) = text.split_at(text.len() - 1);
    format!("{start}{}", if last == "A" { "B" } else { "A" })
}

async fn refresh(shop: &Shop, token: &str) -> Answer {
    shop.visitor().post("/auth/refresh", &json!({"refresh_token": token})).await
}

#[tokio::test]
async fn made_up_keys_are_refused_without_a_look_into_the_database() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let (_, secret) = ada.make_key(&["account:read"]).await;
    let with = |secret: &str| ada.with(Credentials::Key(secret.to_owned()));
    take_away(&shop, "api_keys").await;
    let longest = format!("sk_12345678_{}", "x".repeat(64));
    for made_up in [altered(&secret), secret.replacen("sk_", "sk_x", 1), longest, secret.to_uppercase()] {
        with(&made_up).get("/users/me").await.expect_problem(401, "invalid_token");
    }
    // The real one is looked for.
    with(&secret).get("/users/me").await.expect_status(500);
}

#[tokio::test]
async fn made_up_refresh_tokens_are_refused_without_a_look_into_the_database() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    take_away(&shop, "refresh_tokens").await;
    for made_up in ["x", &"x".repeat(51), &altered(&ada.refresh_token), &"é".repeat(30)] {
        refresh(&shop, made_up).await.expect_problem(401, "invalid_token");
        shop.visitor().post_form("/oauth/revoke", &[("token", made_up)]).await.expect_status(200);
    }
    refresh(&shop, &ada.refresh_token).await.expect_status(500);
    shop.visitor().post_form("/oauth/revoke", &[("token", &ada.refresh_token)]).await.expect_status(500);
}

#[tokio::test]
async fn a_key_is_no_refresh_token_and_a_refresh_token_is_no_key() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let (id, secret) = ada.make_key(&["account:read"]).await;
    refresh(&shop, &secret).await.expect_problem(401, "invalid_token");
    let key = ada.with(Credentials::Key(ada.refresh_token.clone()));
    key.get("/users/me").await.expect_problem(401, "invalid_token");
    let bearer = ada.with(Credentials::Bearer(secret));
    bearer.get("/users/me").await.expect_problem(401, "invalid_token");
    let client = ada.with(Credentials::Basic(id, ada.refresh_token.clone()));
    let refused = client.post_form("/oauth/token", &[("grant_type", "client_credentials")]).await;
    refused.expect_problem(401, "invalid_client");
}

async fn is_refused(caller: &Caller, code: (u16, &str)) {
    caller.get("/users/me").await.expect_problem(code.0, code.1);
}

#[tokio::test]
async fn what_becomes_of_an_account_reaches_each_of_its_credentials_at_once() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let ada = shop.register_as("ada", "moderator").await;
    let (id, secret) = ada.make_key(&["users:read", "account:read"]).await;
    let program = ada.with(Credentials::Key(secret.clone()));
    let form = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*secret)];
    let token = ada.following(&shop.visitor().post_form("/oauth/token", &form).await.expect_status(200));
    let all = [&ada, &program, &token];
    for caller in all {
        caller.get("/users").await.expect_status(200);
    }
    admin.patch(&ada.path(), &json!({"role": "user"})).await.expect_status(200);
    for caller in all {
        caller.get("/users").await.expect_problem(403, "insufficient_scope");
        caller.get("/users/me").await.expect_status(200);
    }
    admin.patch(&ada.path(), &json!({"status": "suspended"})).await.expect_status(200);
    for caller in [&program, &token] {
        is_refused(caller, (403, "account_suspended")).await;
    }
    assert!(matches!(ada.get("/users/me").await.status, 401 | 403));
    ada.refresh().await.expect_status(403);
    shop.visitor().post_form("/oauth/token", &form).await.expect_problem(401, "invalid_client");
    admin.delete(&ada.path()).await.expect_status(204);
    for caller in all {
        is_refused(caller, (401, "invalid_token")).await;
    }
    shop.visitor().post_form("/oauth/token", &form).await.expect_problem(401, "invalid_client");
}
