//! What an administrator changes, and how soon it bites.

use crate::support::{Credentials, Shop};
use serde_json::json;

#[tokio::test]
async fn a_raised_role_works_at_the_next_request() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    ada.get("/users").await.expect_problem(403, "insufficient_scope");
    admin.patch(&ada.path(), &json!({"role": "moderator"})).await.expect_status(200);
    // The token was given scopes when it was made; a new one has the new ones.
    assert_eq!(ada.get("/users/me").await.at("/role"), "moderator");
    ada.refreshed().await.get("/users").await.expect_status(200);
    ada.sign_in_again().await.get("/users").await.expect_status(200);
}

#[tokio::test]
async fn a_lowered_role_bites_at_the_next_request_of_every_token() {
    let shop = Shop::open().await;
    let (staff, admin) = (shop.register_as("staff", "moderator").await, shop.admin().await);
    let program = staff.program(&["users:read", "account:read"]).await;
    for caller in [&staff, &program] {
        caller.get("/users").await.expect_status(200);
    }
    admin.patch(&staff.path(), &json!({"role": "user"})).await.expect_status(200);
    for caller in [&staff, &program] {
        caller.get("/users").await.expect_problem(403, "insufficient_scope");
        caller.get("/users/me").await.expect_status(200);
    }
    staff.refreshed().await.get("/users").await.expect_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn suspension_bites_at_the_next_request_of_every_credential() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    let (id, secret) = ada.make_key(&["account:read"]).await;
    let program = ada.with(Credentials::Key(secret.clone()));
    for caller in [&ada, &program] {
        caller.get("/users/me").await.expect_status(200);
    }
    admin.patch(&ada.path(), &json!({"status": "suspended"})).await.expect_status(200);
    for caller in [&ada, &program] {
        caller.get("/users/me").await.expect_problem(403, "account_suspended");
        caller.get(&ada.path()).await.expect_problem(403, "account_suspended");
        caller.get("/me/limits").await.expect_problem(403, "account_suspended");
    }
    ada.refresh().await.expect_problem(403, "account_suspended");
    let client = ada.with(Credentials::Basic(id, secret));
    let refused = client.post_form("/oauth/token", &[("grant_type", "client_credentials")]).await;
    assert!(
        matches!((refused.status, &*refused.code()), (400, "invalid_grant") | (401, "invalid_client")),
        "{refused}"
    );
}

#[tokio::test]
async fn an_account_that_is_active_again_may_sign_in() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    admin.patch(&ada.path(), &json!({"status": "suspended"})).await.expect_status(200);
    ada.get("/users/me").await.expect_problem(403, "account_suspended");
    admin.patch(&ada.path(), &json!({"status": "active"})).await.expect_status(200);
    assert!(ada.sign_in_again().await.is_signed_in().await);
}

#[tokio::test]
async fn users_and_moderators_change_neither_role_nor_status() {
    let shop = Shop::open().await;
    let moderator = shop.register_as("mod", "moderator").await;
    for caller in [&shop.register("ada").await, &moderator] {
        let before = caller.get("/users/me").await.json();
        for change in
            [json!({"role": "admin"}), json!({"status": "suspended"}), json!({"full_name": "X", "role": "admin"})]
        {
            for path in ["/users/me", &caller.path()] {
                caller.patch(path, &change).await.expect_problem(403, "forbidden");
            }
            let mut whole = json!({"email": caller.email(), "username": caller.username(), "full_name": null});
            for (name, value) in change.as_object().expect("members") {
                whole[name] = value.clone();
            }
            caller.put(&caller.path(), &whole).await.expect_problem(403, "forbidden");
        }
        assert_eq!(caller.get("/users/me").await.json(), before);
    }
}

#[tokio::test]
async fn an_admins_token_without_the_scope_changes_no_role() {
    let shop = Shop::open().await;
    let admin = shop.register_as("second", "admin").await;
    let narrowed = admin.narrowed(&["account:read", "account:write"]).await;
    narrowed.patch("/users/me", &json!({"role": "user"})).await.expect_problem(403, "forbidden");
    narrowed.patch("/users/me", &json!({"full_name": "Second"})).await.expect_status(200);
}

#[tokio::test]
async fn the_last_admin_can_neither_go_nor_be_lowered() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    for path in ["/users/me", &admin.path()] {
        for change in [json!({"role": "user"}), json!({"role": "moderator"}), json!({"status": "suspended"})] {
            let refused = admin.patch(path, &change).await;
            assert_eq!(refused.status, 409, "{refused}");
        }
        let refused = admin.delete(path).await;
        assert_eq!(refused.status, 409, "{refused}");
    }
    let whole = json!({"email": admin.email(), "username": "admin", "full_name": null, "role": "user"});
    assert_eq!(admin.put(&admin.path(), &whole).await.status, 409);
    assert!(admin.is_signed_in().await);
}

#[tokio::test]
async fn an_admin_may_go_while_another_acts() {
    let shop = Shop::open().await;
    let first = shop.admin().await;
    let second = shop.register_as("second", "admin").await;
    // A suspended one does not count.
    first.patch(&second.path(), &json!({"status": "suspended"})).await.expect_status(200);
    assert_eq!(first.delete("/users/me").await.status, 409);
    first.patch(&second.path(), &json!({"status": "active"})).await.expect_status(200);
    first.delete("/users/me").await.expect_status(204);
    let second = second.sign_in_again().await;
    assert_eq!(second.delete("/users/me").await.status, 409);
}

#[tokio::test]
async fn of_two_admins_who_lower_each_other_at_once_one_stays() {
    let shop = Shop::open().await;
    let first = shop.admin().await;
    let second = shop.register_as("second", "admin").await;
    let lower = json!({"role": "user"});
    let (one, other) = tokio::join!(first.patch(&second.path(), &lower), second.patch(&first.path(), &lower));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    // The loser is refused for want of an admin, or because it was lowered first.
    assert!(statuses[0] == 200 && matches!(statuses[1], 403 | 404 | 409), "{one}\n{other}");
}
