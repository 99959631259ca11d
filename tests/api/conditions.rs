//! Conditional requests (RFC 9110, section 13).

use crate::support::{Caller, Shop};
use serde_json::{Value, json};

#[tokio::test]
async fn a_read_that_is_known_already_is_304_without_a_body() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for path in ["/users/me", &ada.path(), "/auth/sessions", "/users/me/api-keys"] {
        let read = ada.get(path).await.expect_status(200);
        let tag = read.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2, "a strong tag, not {tag}");
        for sent in
            [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), format!("\"a,b\",{tag} , \"y\""), "*".to_owned()]
        {
            let known = ada.get(path).header("if-none-match", &sent).await.expect_status(304);
            assert_eq!(known.header("etag"), tag);
            assert_eq!(known.header("cache-control"), read.header("cache-control"));
            let head = ada.head(path).header("if-none-match", &sent).await.expect_status(304);
            assert_eq!(head.header("etag"), tag);
        }
        for other in ["\"x\"", "W/\"x\"", "x", "\"\"", &tag[1..tag.len() - 1], ""] {
            ada.get(path).header("if-none-match", other).await.expect_status(200);
        }
        // Several lines are one list.
        ada.get(path).header("if-none-match", "\"x\"").header_too("if-none-match", &tag).await.expect_status(304);
    }
}

#[tokio::test]
async fn a_tag_changes_with_what_it_stands_for_and_only_then() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let tag = async || ada.get("/users/me").await.header("etag").to_owned();
    let first = tag().await;
    assert_eq!(tag().await, first);
    ada.get("/users/me").await.expect_status(200);
    ada.sign_in_again().await;
    assert_eq!(tag().await, first);
    let changed = ada.patch("/users/me", &json!({"full_name": "Ada"})).await.expect_status(200);
    assert_ne!(changed.header("etag"), first);
    assert_eq!(changed.header("etag"), tag().await);
    ada.get("/users/me").header("if-none-match", &first).await.expect_status(200);
    // Back to what it was is still a change: the tag is not the old one.
    ada.patch("/users/me", &json!({"full_name": null})).await.expect_status(200);
    assert_ne!(tag().await, changed.header("etag"));
}

#[tokio::test]
async fn tags_of_different_accounts_at_the_same_state_do_not_confuse_caches() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let tag = ada.get("/users/me").await.header("etag").to_owned();
    // A cache keys by address, and `/users/me` is everybody's: answers to it differ by who asks.
    let bobs = bob.get("/users/me").header("if-none-match", &tag).await;
    assert_eq!(bobs.status, 200, "bob was told that ada's account is his: {bobs}");
}

#[tokio::test]
async fn a_page_of_a_list_has_a_tag_of_what_is_on_it() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let tag = ada.get("/users/me/api-keys").await.header("etag").to_owned();
    ada.make_key(&["account:read"]).await;
    ada.get("/users/me/api-keys").header("if-none-match", &tag).await.expect_status(200);
}

/// Every way to change the own account: method, path, body.
fn changes(ada: &Caller) -> Vec<(http::Method, String, Value)> {
    let whole = json!({"email": "ada@example.com", "username": "ada", "full_name": "Put"});
    vec![
        (http::Method::PUT, ada.path(), whole),
        (http::Method::PATCH, ada.path(), json!({"full_name": "Patched"})),
        (http::Method::PATCH, "/users/me".to_owned(), json!({"full_name": "Patched too"})),
        (http::Method::DELETE, ada.path(), Value::Null),
        (http::Method::DELETE, "/users/me".to_owned(), Value::Null),
    ]
}

fn change(ada: &Caller, (method, path, body): &(http::Method, String, Value)) -> crate::support::call::Call {
    let call = ada.call(method.clone(), path);
    if body.is_null() { call } else { call.json(body) }
}

#[tokio::test]
async fn a_change_of_what_is_stale_is_refused_and_changes_nothing() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let stale = ada.get("/users/me").await.header("etag").to_owned();
    ada.patch("/users/me", &json!({"full_name": "Ada"})).await.expect_status(200);
    let now = ada.get("/users/me").await;
    let tag = now.header("etag").to_owned();
    for one in changes(&ada) {
        for sent in [
            stale.clone(),
            "\"x\"".to_owned(),
            format!("W/{tag}"),
            format!("{stale}, \"x\""),
            tag.trim_matches('"').to_owned(),
        ] {
            let refused = change(&ada, &one).header("if-match", &sent).await;
            refused.expect_problem(412, "precondition_failed");
        }
        let after = ada.get("/users/me").await;
        assert_eq!((after.json(), after.header("etag")), (now.json(), &*tag));
    }
}

#[tokio::test]
async fn a_change_of_what_is_current_goes_through() {
    let shop = Shop::open().await;
    for number in 0..5 {
        for way in 0..3 {
            let ada = shop.register(&format!("ada_{number}_{way}")).await;
            let mut one = changes(&ada).swap_remove(number);
            if one.0 == http::Method::PUT {
                one.2["username"] = ada.username().into();
                one.2["email"] = ada.email().into();
            }
            let tag = ada.get("/users/me").await.header("etag").to_owned();
            let sent = ["*".to_owned(), tag.clone(), format!("\"x\", {tag}")][way].clone();
            let answer = change(&ada, &one).header("if-match", &sent).await;
            assert!(matches!(answer.status, 200 | 204), "{answer}");
        }
    }
}

#[tokio::test]
async fn of_many_changes_from_the_same_state_one_goes_through() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let tag = ada.get("/users/me").await.header("etag").to_owned();
    let mut running = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (ada, tag) = (ada.clone(), tag.clone());
        running.spawn(async move {
            let body = json!({"full_name": format!("Ada {number}")});
            ada.patch("/users/me", &body).header("if-match", &tag).await.status
        });
    }
    let mut statuses = running.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
}

#[tokio::test]
async fn an_admins_change_is_conditional_as_well() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    let tag = admin.get(&ada.path()).await.header("etag").to_owned();
    ada.patch("/users/me", &json!({"full_name": "Ada"})).await.expect_status(200);
    let suspend = json!({"status": "suspended"});
    admin.patch(&ada.path(), &suspend).header("if-match", &tag).await.expect_problem(412, "precondition_failed");
    let tag = admin.get(&ada.path()).await.header("etag").to_owned();
    admin.patch(&ada.path(), &suspend).header("if-match", &tag).await.expect_status(200);
}

#[tokio::test]
async fn permission_and_validity_come_before_the_condition() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let change = json!({"full_name": "X"});
    bob.patch(&ada.path(), &change).header("if-match", "\"x\"").await.expect_problem(404, "not_found");
    ada.patch("/users/me", &json!({"full_name": 1}))
        .header("if-match", "\"x\"")
        .await
        .expect_problem(422, "validation_failed");
}
