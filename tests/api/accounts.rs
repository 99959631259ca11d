//! The end of an account.

use crate::support::{Credentials, Shop};
use serde_json::json;

#[tokio::test]
async fn a_deleted_account_is_gone_at_once_for_everybody() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    let elsewhere = ada.sign_in_again().await;
    let program = ada.program(&["account:read"]).await;
    for caller in [&ada, &elsewhere, &program] {
        caller.get("/users/me").await.expect_status(200);
    }
    ada.delete("/users/me").await.expect_status(204);
    for caller in [&ada, &elsewhere, &program] {
        caller.get("/users/me").await.expect_problem(401, "invalid_token");
    }
    for caller in [&ada, &elsewhere] {
        caller.refresh().await.expect_problem(401, "invalid_token");
    }
    admin.get(&ada.path()).await.expect_problem(404, "not_found");
    admin.patch(&ada.path(), &json!({"full_name": "X"})).await.expect_problem(404, "not_found");
    admin.delete(&ada.path()).await.expect_problem(404, "not_found");
    let body = json!({"username": "ada", "password": ada.password()});
    shop.visitor().post("/auth/login", &body).await.expect_problem(401, "invalid_credentials");
    assert!(!admin.get("/users?limit=100").await.text().contains("ada"));
}

#[tokio::test]
async fn an_admin_deletes_another_account_and_it_bites_at_once() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    assert!(ada.is_signed_in().await);
    admin.delete(&ada.path()).await.expect_status(204);
    assert!(!ada.is_signed_in().await);
    admin.delete(&ada.path()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn name_and_address_of_a_deleted_account_are_free_for_a_new_one() {
    let shop = Shop::open().await;
    let old = shop.register("ada").await;
    old.delete(&old.path()).await.expect_status(204);
    let new = shop.register("ada").await;
    assert_ne!(old.id(), new.id());
    assert!(!old.is_signed_in().await);
    new.get(&old.path()).await.expect_problem(404, "not_found");
    // More than once.
    new.delete("/users/me").await.expect_status(204);
    shop.register("ada").await;
}

#[tokio::test]
async fn nothing_personal_of_a_deleted_account_stays_in_the_database() {
    let shop = Shop::open().await;
    let ada = shop.register("ada_of_the_engine").await;
    // Three letters of a name that nobody else has are in the index of the search.
    ada.patch("/users/me", &json!({"full_name": "Augusta Ada Byron Qxzvw"})).await.expect_status(200);
    let body = json!({"username": ada.username(), "password": ada.password()});
    let login = shop.visitor().post("/auth/login", &body).header("user-agent", "difference-engine/1").await;
    login.expect_status(200);
    ada.make_key(&["account:read"]).await;
    ada.delete("/users/me").await.expect_status(204);
    shop.close().await;
    let rows = shop.ground().everything().await;
    // Of a server the file is not ours to look at: it keeps what is deleted until its next cleaning.
    let bytes =
        if shop.ground().is_file() { std::fs::read(shop.ground().file()).expect("the file") } else { Vec::new() };
    for personal in ["ada_of_the_engine", "Augusta", "difference-engine", "Byron", "qxz", "xzv", "Qxz"] {
        assert!(!rows.contains(personal), "`{personal}` is still there:\n{rows}");
        assert!(!contains(&bytes, personal.as_bytes()), "`{personal}` is still in the file");
    }
    // The account itself stays, for its orders.
    assert!(rows.contains(&ada.id().replace('-', "")) || rows.contains(ada.id()), "{rows}");
}

#[tokio::test]
async fn no_secret_is_stored_as_it_was_sent() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await.refreshed().await;
    let (_, secret) = ada.make_key(&["account:read"]).await;
    shop.close().await;
    let rows = shop.ground().everything().await;
    assert!(rows.contains("$argon2id$"));
    // Behind `sk_` and the prefix; it may hold and end with that character itself.
    let hidden = secret.splitn(3, '_').nth(2).expect("a secret part").to_owned();
    for secret in
        [ada.password(), &ada.refresh_token, &secret, &hidden, ada.token(), crate::support::shop::ADMIN_PASSWORD]
    {
        assert!(!rows.contains(secret), "`{secret}` is stored in the clear");
        let bytes = std::fs::read(shop.folder().join("shopkeeper.db")).unwrap_or_default();
        assert!(!contains(&bytes, secret.as_bytes()), "`{secret}` is stored in the clear");
    }
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn a_key_of_a_deleted_account_gets_no_token() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let (id, secret) = ada.make_key(&["account:read"]).await;
    ada.delete("/users/me").await.expect_status(204);
    let client = shop.visitor().with(Credentials::Basic(id, secret));
    let refused = client.post_form("/oauth/token", &[("grant_type", "client_credentials")]).await;
    refused.expect_problem(401, "invalid_client");
}

#[tokio::test]
async fn an_account_that_goes_while_it_is_used_is_no_fault_of_the_server() {
    let shop = Shop::open().await;
    for round in 0..5 {
        let ada = shop.register(&format!("ada_{round}")).await;
        let key = json!({"name": "left behind", "scopes": ["account:read"]});
        let name = json!({"full_name": "Ada"});
        let password = json!({"current_password": ada.password(), "new_password": "Another-Pass-1"});
        let (first, second, named, keyed, changed) = tokio::join!(
            ada.delete("/users/me"),
            ada.delete("/users/me"),
            ada.patch("/users/me", &name),
            ada.post("/users/me/api-keys", &key),
            ada.put("/users/me/password", &password),
        );
        for answer in [&first, &second, &named, &keyed, &changed] {
            assert!(matches!(answer.status, 200 | 201 | 204 | 401), "{answer}");
        }
        assert!([first, second].iter().any(|answer| answer.status == 204));
    }
    shop.close().await;
    let left = shop.ground().texts("SELECT CAST(count(*) AS TEXT) FROM api_keys").await;
    assert_eq!(left, ["0"]);
}
