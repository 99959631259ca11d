//! What is kept is given to those who may have it, and only in answer to what may be asked.

use crate::kept::{count, read};
use crate::support::shelf::Shelf;
use crate::support::{Answer, Options};
use serde_json::{Value, json};

#[tokio::test]
async fn nothing_private_is_given_to_another() {
    let shelf = Shelf::set().await;
    let shop = &shelf.shop;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let program = ada.program(&["account:read"]).await;
    let narrow = ada.program(&["orders:read"]).await;
    for _ in 0..3 {
        for (caller, name) in [(&ada, "ada"), (&bob, "bob"), (&program, "ada"), (&shelf.admin, "admin")] {
            let me = read(caller, "/users/me").await;
            assert_eq!(me.at("/username"), name);
            assert!(me.header("cache-control").starts_with("private"), "{me}");
            for credential in ["authorization", "x-api-key"] {
                assert!(me.header("vary").to_lowercase().contains(credential), "{me}");
            }
        }
        // An account that one may read is not one that all may read.
        for caller in [&ada, &shelf.admin] {
            read(caller, &ada.path()).await;
        }
        bob.get(&ada.path()).await.expect_problem(404, "not_found");
        narrow.get("/users/me").await.expect_problem(403, "insufficient_scope");
        narrow.get(&ada.path()).await.expect_problem(403, "insufficient_scope");
        shop.visitor().get("/users/me").await.expect_problem(401, "unauthenticated");
        read(&shelf.admin, "/users").await;
        ada.get("/users").await.expect_problem(403, "insufficient_scope");
    }
}

#[tokio::test]
async fn who_may_no_longer_ask_is_not_answered_from_memory() {
    let shelf = Shelf::set().await;
    let (shop, admin) = (&shelf.shop, &shelf.admin);
    let staff = shop.register_as("staff", "moderator").await;
    let ada = shop.register("ada").await;
    let other = ada.sign_in_again().await;
    for _ in 0..2 {
        read(&staff, &ada.path()).await;
        read(&ada, "/users/me").await;
        read(&other, "/users/me").await;
    }
    admin.patch(&staff.path(), &json!({"role": "user"})).await.expect_status(200);
    staff.get(&ada.path()).await.expect_problem(404, "not_found");
    other.post_nothing("/auth/logout").await.expect_status(204);
    other.get("/users/me").await.expect_problem(401, "invalid_token");
    read(&ada, "/users/me").await;
    admin.patch(&ada.path(), &json!({"full_name": "Ada"})).await.expect_status(200);
    assert_eq!(read(&ada, "/users/me").await.at("/full_name"), "Ada");
    admin.patch(&ada.path(), &json!({"status": "suspended"})).await.expect_status(200);
    ada.get("/users/me").await.expect_problem(403, "account_suspended");
    admin.delete(&ada.path()).await.expect_status(204);
    ada.get("/users/me").await.expect_problem(401, "invalid_token");
    admin.get(&ada.path()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn kept_answers_count_against_the_limits() {
    let shelf = Shelf::set_with(Options::default()).await;
    let product = shelf.add_any().await;
    let left = |answer: &Answer| {
        let told = answer.header("ratelimit").to_owned();
        assert!(told.starts_with("\"catalog\""), "{answer}");
        told.split(";r=").nth(1).and_then(|rest| rest.split(';').next()?.parse::<i64>().ok()).expect("what is left")
    };
    let first = left(&read(&shelf.visitor, &product.path).await);
    assert_eq!(left(&read(&shelf.visitor, &product.path).await), first - 1);
    let tag = product.tag.as_str();
    let known = shelf.visitor.get(&product.path).header("if-none-match", tag).await.expect_status(304);
    assert_eq!(left(&known), first - 2);
    // By address, whoever calls.
    assert_eq!(left(&read(&shelf.admin, &product.path).await), first - 3);
}

#[tokio::test]
async fn faults_are_not_kept() {
    let shelf = Shelf::set().await;
    let category = shelf.add_category("Tea", "tea").await;
    shelf.admin.delete(&category.path).await.expect_status(204);
    let counted = count(&shelf, "getCategory", async {
        for _ in 0..2 {
            let lost = shelf.visitor.get(&category.path).await.expect_problem(404, "not_found");
            assert_eq!(lost.header("cache-control"), "no-store");
            let wrong = shelf.visitor.get(&category.path).query("fields", "nothing").await.expect_status(422);
            assert_eq!(wrong.header("cache-control"), "no-store");
        }
    });
    assert_eq!(counted.await.0, 0);
}

#[tokio::test]
async fn what_is_refused_is_refused_whether_an_answer_is_kept_or_not() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let long = format!("\"{}\"", "0".repeat(8000));
    for (caller, path) in [(&shelf.visitor, &*product.path), (&shelf.visitor, "/products"), (&shelf.admin, "/users/me")]
    {
        let refusals = async || {
            let mut told = Vec::new();
            for call in [
                caller.get(path).header("if-none-match", &long),
                caller.get(path).header("accept", "image/png"),
                caller.get(path).query("fields", "id").query("fields", "name"),
                caller.get(path).query("zzz", "1"),
            ] {
                let answer = call.await;
                told.push((answer.status, answer.code(), answer.faults()));
            }
            told
        };
        let before = refusals().await;
        read(caller, path).await;
        read(caller, path).await;
        assert_eq!(refusals().await, before, "{path}");
        assert!(before.iter().all(|(status, _, _)| (400..500).contains(status)), "{before:?}");
    }
}

#[tokio::test]
async fn a_write_that_is_refused_changes_no_answer() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 1})).await;
    let before = read(&shelf.visitor, &product.path).await;
    shelf.adjust(&product, -2).await.expect_problem(409, "insufficient_stock");
    shelf.admin.patch(&product.path, &json!({"stock": -1})).await.expect_status(422);
    shelf.admin.patch(&product.path, &json!({"stock": 9})).header("if-match", "\"x\"").await.expect_status(412);
    let after = read(&shelf.visitor, &product.path).await;
    assert_eq!((after.json(), after.header("etag")), (before.json(), before.header("etag")));
    assert_eq!(after.at("/description"), Value::Null);
}
