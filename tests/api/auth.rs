//! Signing in, staying signed in, signing out.

use crate::support::{Caller, Shop};
use serde_json::json;

const A_DAY: u64 = 24 * 60 * 60;

async fn log_in(shop: &Shop, name: &str, password: &str) -> crate::support::Answer {
    shop.visitor().post("/auth/login", &json!({"username": name, "password": password})).await
}

#[tokio::test]
async fn signing_in_takes_username_or_email_in_any_case() {
    let shop = Shop::open().await;
    let ada = shop.register("Ada_L").await;
    for name in ["Ada_L", "ada_l", "ADA_L", "ada_l@example.com", "ADA_L@EXAMPLE.COM", "Ada_L@Example.com"] {
        let pair = log_in(&shop, name, ada.password()).await.expect_status(200);
        let me = ada.following(&pair).get("/users/me").await.expect_status(200);
        assert_eq!(me.at("/username"), "Ada_L");
    }
}

#[tokio::test]
async fn a_token_pair_says_what_it_is_good_for() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let pair = log_in(&shop, "ada", ada.password()).await.expect_status(200);
    assert_eq!(pair.at("/token_type"), "Bearer");
    assert_eq!(pair.at("/expires_in"), 15 * 60);
    assert_eq!(pair.at("/scope"), "account:read account:write orders:read orders:write");
    assert_eq!(pair.header("cache-control"), "no-store");
    assert!(pair.string("/refresh_token").len() >= 43, "256 bits at least");
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_are_answered_alike() {
    let shop = Shop::open().await;
    shop.register("ada").await;
    let plain = |answer: crate::support::Answer| {
        let answer = answer.expect_problem(401, "invalid_credentials");
        let mut body = answer.json();
        body["request_id"] = json!(null);
        body["timestamp"] = json!(null);
        let mut headers = answer.headers.clone();
        for name in ["x-request-id", "date", "ratelimit", "content-length"] {
            headers.remove(name);
        }
        (body, format!("{headers:?}"))
    };
    let wrong = plain(log_in(&shop, "ada", "Wrong-Word-1").await);
    assert_eq!(wrong, plain(log_in(&shop, "nobody", "Wrong-Word-1").await));
    assert_eq!(wrong, plain(log_in(&shop, "nobody@example.com", "Wrong-Word-1").await));
    assert_eq!(wrong, plain(log_in(&shop, "no name at all \u{fffd}", "x").await));
}

#[tokio::test]
async fn passwords_are_compared_with_case_and_blanks() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let password = ada.password().to_owned();
    for wrong in [password.to_uppercase(), format!(" {password}"), format!("{password} "), password[1..].to_owned()] {
        log_in(&shop, "ada", &wrong).await.expect_problem(401, "invalid_credentials");
    }
}

#[tokio::test]
async fn a_suspended_account_cannot_sign_in_and_says_so_only_to_who_knows_the_password() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    admin.patch(&ada.path(), &json!({"status": "suspended"})).await.expect_status(200);
    log_in(&shop, "ada", ada.password()).await.expect_problem(403, "account_suspended");
    log_in(&shop, "ada", "Wrong-Word-1").await.expect_problem(401, "invalid_credentials");
    admin.patch(&ada.path(), &json!({"status": "active"})).await.expect_status(200);
    log_in(&shop, "ada", ada.password()).await.expect_status(200);
}

#[tokio::test]
async fn refreshing_gives_a_new_pair_for_the_same_session() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let session = ada.session_id().await;
    let next = ada.refreshed().await;
    assert_ne!(next.refresh_token, ada.refresh_token);
    assert_ne!(next.token(), ada.token());
    assert_eq!(next.session_id().await, session);
    // The old access token keeps its own term.
    assert!(ada.is_signed_in().await);
}

#[tokio::test]
async fn a_refresh_token_sent_again_within_ten_seconds_gives_the_same_successor() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let next = ada.refreshed().await;
    for _ in 0..2 {
        shop.advance_seconds(5);
        let again = ada.refreshed().await;
        assert_eq!(again.refresh_token, next.refresh_token);
        assert!(again.is_signed_in().await);
    }
    assert!(next.refreshed().await.is_signed_in().await);
}

#[tokio::test]
async fn a_refresh_token_sent_again_after_ten_seconds_ends_the_session() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let next = ada.refreshed().await;
    shop.advance_seconds(11);
    ada.refresh().await.expect_problem(401, "invalid_token");
    next.refresh().await.expect_problem(401, "invalid_token");
    assert!(!next.is_signed_in().await);
    assert!(!ada.is_signed_in().await);
}

#[tokio::test]
async fn a_refresh_token_whose_successor_was_used_ends_the_session_at_once() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let next = ada.refreshed().await;
    let after = next.refreshed().await;
    ada.refresh().await.expect_problem(401, "invalid_token");
    assert!(!after.is_signed_in().await);
    after.refresh().await.expect_problem(401, "invalid_token");
}

#[tokio::test]
async fn reuse_ends_that_session_and_no_other() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let elsewhere = ada.sign_in_again().await;
    ada.refreshed().await;
    shop.advance_seconds(11);
    ada.refresh().await.expect_problem(401, "invalid_token");
    assert!(elsewhere.is_signed_in().await);
    assert!(elsewhere.refreshed().await.is_signed_in().await);
}

#[tokio::test]
async fn many_refreshes_at_once_agree_on_one_successor() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let ada = ada.clone();
        running.spawn(async move { ada.refreshed().await.refresh_token });
    }
    let mut successors = running.join_all().await;
    successors.dedup();
    assert_eq!(successors.len(), 1, "{successors:?}");
    ada.following(&ada.refresh().await.expect_status(200)).refreshed().await;
}

#[tokio::test]
async fn a_session_lives_as_long_as_it_is_refreshed_within_thirty_days() {
    let shop = Shop::open().await;
    let mut ada = shop.register("ada").await;
    for _ in 0..3 {
        shop.advance_seconds(29 * A_DAY);
        ada = ada.refreshed().await;
        assert!(ada.is_signed_in().await);
    }
    shop.advance_seconds(30 * A_DAY);
    ada.refresh().await.expect_problem(401, "invalid_token");
}

#[tokio::test]
async fn an_access_token_works_for_fifteen_minutes() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    shop.advance_seconds(15 * 60 - 1);
    assert!(ada.is_signed_in().await);
    shop.advance_seconds(1);
    assert!(!ada.is_signed_in().await);
    assert!(ada.refreshed().await.is_signed_in().await);
}

#[tokio::test]
async fn an_access_token_is_no_refresh_token_and_the_other_way_round() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let mut turned = ada.bearing(&ada.refresh_token);
    turned.refresh_token = ada.token()[..512.min(ada.token().len())].to_owned();
    turned.refresh().await.expect_problem(401, "invalid_token");
    turned.get("/users/me").await.expect_problem(401, "invalid_token");
    assert!(ada.is_signed_in().await);
}

#[tokio::test]
async fn signing_out_ends_both_tokens_at_once() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let elsewhere = ada.sign_in_again().await;
    assert!(ada.is_signed_in().await);
    ada.post_nothing("/auth/logout").await.expect_status(204);
    assert!(!ada.is_signed_in().await);
    ada.refresh().await.expect_problem(401, "invalid_token");
    ada.post_nothing("/auth/logout").await.expect_problem(401, "invalid_token");
    assert!(elsewhere.is_signed_in().await);
}

#[tokio::test]
async fn sessions_are_listed_with_where_they_came_from_and_which_one_asks() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    shop.advance_seconds(60);
    let body = json!({"username": "ada", "password": ada.password()});
    let pair =
        ada.with(crate::support::Credentials::None).post("/auth/login", &body).header("user-agent", "a phone/2").await;
    let phone = ada.following(&pair.expect_status(200));
    let sessions = phone.get("/auth/sessions").await.expect_status(200);
    assert_eq!(sessions.at("/pagination/total"), 2);
    assert_eq!(sessions.at("/data/0/user_agent"), "a phone/2");
    assert_eq!(sessions.at("/data/0/current"), true);
    assert_eq!(sessions.at("/data/0/ip"), "127.0.0.1");
    assert_eq!(sessions.at("/data/0/created_at").as_str().map(time), Some(time(&shop.moment(0))));
    assert_eq!(sessions.at("/data/1/user_agent"), "tests/1");
    assert_eq!(sessions.at("/data/1/current"), false);
    let own = ada.get("/auth/sessions").await.expect_status(200);
    assert_eq!((own.at("/data/0/current"), own.at("/data/1/current")), (json!(false), json!(true)));
}

fn time(text: &str) -> chrono::DateTime<chrono::FixedOffset> {
    chrono::DateTime::parse_from_rfc3339(text).expect("a time")
}

#[tokio::test]
async fn a_session_tells_when_it_was_last_renewed_and_when_it_ends() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let began = shop.moment(0);
    shop.advance_seconds(600);
    let ada = ada.refreshed().await;
    let session = ada.get("/auth/sessions").await.expect_status(200);
    assert_eq!(time(&session.string("/data/0/created_at")), time(&began));
    assert_eq!(time(&session.string("/data/0/last_used_at")), time(&shop.moment(0)));
    assert_eq!(time(&session.string("/data/0/expires_at")), time(&shop.moment(30 * 86_400)));
}

#[tokio::test]
async fn another_of_the_own_sessions_can_be_ended() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let lost = ada.sign_in_again().await;
    let path = format!("/auth/sessions/{}", lost.session_id().await);
    ada.delete(&path).await.expect_status(204);
    assert!(!lost.is_signed_in().await);
    lost.refresh().await.expect_problem(401, "invalid_token");
    assert!(ada.is_signed_in().await);
    ada.delete(&path).await.expect_problem(404, "not_found");
    assert_eq!(ada.get("/auth/sessions").await.at("/pagination/total"), 1);
}

#[tokio::test]
async fn the_own_session_can_be_ended_by_its_id() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    ada.delete(&format!("/auth/sessions/{}", ada.session_id().await)).await.expect_status(204);
    assert!(!ada.is_signed_in().await);
}

#[tokio::test]
async fn nobody_ends_anothers_session_not_even_an_admin() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let path = format!("/auth/sessions/{}", ada.session_id().await);
    for other in [shop.register("bob").await, shop.admin().await] {
        other.delete(&path).await.expect_problem(404, "not_found");
    }
    assert!(ada.is_signed_in().await);
}

#[tokio::test]
async fn ended_and_expired_sessions_are_not_listed() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    ada.sign_in_again().await.post_nothing("/auth/logout").await.expect_status(204);
    shop.advance_seconds(20 * A_DAY);
    let late = ada.sign_in_again().await;
    assert_eq!(late.get("/auth/sessions").await.data().len(), 2);
    shop.advance_seconds(11 * A_DAY);
    let late = late.refreshed().await;
    assert_eq!(late.get("/auth/sessions").await.data().len(), 1);
}

async fn change_password(caller: &Caller, current: &str, new: &str) -> crate::support::Answer {
    caller.shop().keep_secret(new);
    caller.put("/users/me/password", &json!({"current_password": current, "new_password": new})).await
}

#[tokio::test]
async fn changing_the_password_ends_every_other_session() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let elsewhere = ada.sign_in_again().await;
    assert!(elsewhere.is_signed_in().await);
    change_password(&ada, ada.password(), "Another-Word-42").await.expect_status(204);
    assert!(ada.is_signed_in().await);
    assert!(ada.refreshed().await.is_signed_in().await);
    assert!(!elsewhere.is_signed_in().await);
    elsewhere.refresh().await.expect_problem(401, "invalid_token");
    log_in(&shop, "ada", ada.password()).await.expect_problem(401, "invalid_credentials");
    log_in(&shop, "ada", "Another-Word-42").await.expect_status(200);
}

#[tokio::test]
async fn changing_the_password_needs_the_present_one() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let elsewhere = ada.sign_in_again().await;
    let refused =
        change_password(&ada, "Wrong-Word-1", "Another-Word-42").await.expect_problem(422, "validation_failed");
    assert_eq!(refused.at("/errors/0/pointer"), "/current_password");
    assert!(elsewhere.is_signed_in().await);
    log_in(&shop, "ada", ada.password()).await.expect_status(200);
}

#[tokio::test]
async fn a_common_password_is_told_with_everything_else_that_is_wrong() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let refused = ada.put("/users/me/password", &json!({"new_password": "Password1"})).await;
    let refused = refused.expect_problem(422, "validation_failed");
    refused.expect_faults(&[("/current_password", "required"), ("/new_password", "too_common")]);
    let body = json!({"email": "nowhere", "username": "a b", "password": "qwerty123"});
    let refused = shop.visitor().post("/users", &body).await.expect_problem(422, "validation_failed");
    refused.expect_faults(&[
        ("/email", "format"),
        ("/password", "too_common"),
        ("/password", "too_simple"),
        ("/username", "pattern"),
    ]);
}

#[tokio::test]
async fn a_new_password_has_to_be_good_enough() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for weak in ["weak", "alllower1", "ALLUPPER1", "NoDigitsHere", "Password1"] {
        let body = json!({"current_password": ada.password(), "new_password": weak});
        let refused = ada.put("/users/me/password", &body).await.expect_problem(422, "validation_failed");
        assert!(refused.faults().iter().all(|(place, _)| place == "/new_password"), "{refused}");
    }
}
