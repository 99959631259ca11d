//! What orders, their list and their tags promise beyond the document.

use crate::support::shelf::Shelf;
use crate::support::{Caller, Shop};
use serde_json::json;

#[tokio::test]
async fn a_filter_by_another_account_is_refused_without_the_scope_for_it() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let staff = shop.register_as("eve", "moderator").await;
    let orders_of_bob = format!("/orders?user_id={}", bob.id());
    ada.get(&orders_of_bob).await.expect_problem(403, "forbidden");
    ada.program(&["orders:read"]).await.get(&orders_of_bob).await.expect_problem(403, "forbidden");
    bob.get(&orders_of_bob).await.expect_status(200);
    staff.get(&orders_of_bob).await.expect_status(200);
}

/// A shelf with a product of which there are five, and somebody's order of one of them.
async fn ordered() -> (Shelf, Caller, String, String) {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 5})).await;
    let ada = shelf.shop.register("ada").await;
    let wish = json!({"items": [{"product_id": product.id, "quantity": 1}]});
    let made = ada.post("/orders", &wish).await.expect_status(201);
    let (order, item) = (made.string("/id"), made.string("/items/0/id"));
    (shelf, ada, format!("/orders/{order}"), format!("/orders/{order}/items/{item}"))
}

#[tokio::test]
async fn a_tag_tells_apart_what_different_rights_make_of_an_order() {
    let (shelf, ada, order, _) = ordered().await;
    let first = ada.get(&order).await.expect_status(200);
    ada.get(&order).header("if-none-match", first.header("etag")).await.expect_status(304);
    let staff = shelf.admin.get(&order).await.expect_status(200);
    assert_ne!(staff.at("/allowed_transitions"), first.at("/allowed_transitions"));
    assert_ne!(staff.header("etag"), first.header("etag"));
    // A program that may only read, of the same account.
    let reader = ada.program(&["orders:read"]).await.get(&order).header("if-none-match", first.header("etag")).await;
    assert_eq!(reader.expect_status(200).at("/allowed_transitions"), json!([]));

    shelf.admin.patch(&ada.path(), &json!({"role": "moderator"})).await.expect_status(200);
    let second = ada.get(&order).header("if-none-match", first.header("etag")).await.expect_status(200);
    assert_eq!(second.at("/allowed_transitions"), staff.at("/allowed_transitions"));
    assert_eq!(second.header("etag"), staff.header("etag"), "the same representation");
    let some = ada.get(&format!("{order}?fields=id,allowed_transitions")).await.expect_status(200);
    assert_ne!(some.header("etag"), second.header("etag"));
}

#[tokio::test]
async fn whoever_saw_the_present_state_may_change_it_whatever_their_rights_were() {
    let (shelf, ada, order, _) = ordered().await;
    let old = ada.get(&order).await.header("etag").to_owned();
    let staff = shelf.admin.get(&order).await.header("etag").to_owned();
    let note = |note: &str| json!({"note": note});
    let changed = ada.patch(&order, &note("a")).header("if-match", &staff).await.expect_status(200);
    let refused =
        ada.patch(&order, &note("b")).header("if-match", &old).await.expect_problem(412, "precondition_failed");
    // What a refusal says is the present state is taken.
    ada.patch(&order, &note("b")).header("if-match", refused.header("etag")).await.expect_status(200);
    ada.patch(&order, &note("c")).header("if-match", changed.header("etag")).await.expect_status(412);
}

#[tokio::test]
async fn an_item_that_cannot_grow_is_told_what_was_asked_for_and_what_it_could_have() {
    let (shelf, ada, order, item) = ordered().await;
    let short = ada.put(&item, &json!({"quantity": 9})).await.expect_problem(409, "insufficient_stock");
    assert_eq!((short.at("/items/0/wanted"), short.at("/items/0/available")), (json!(9), json!(5)));
    ada.put(&item, &json!({"quantity": 5})).await.expect_status(200);
    let short = ada.put(&item, &json!({"quantity": 6})).await.expect_problem(409, "insufficient_stock");
    assert_eq!((short.at("/items/0/wanted"), short.at("/items/0/available")), (json!(6), json!(5)));
    assert_eq!(ada.get(&order).await.at("/items/0/quantity"), 5);
    let product = short.string("/items/0/product_id");
    assert_eq!(shelf.visitor.get(&format!("/products/{product}")).await.at("/stock"), 0);
}
