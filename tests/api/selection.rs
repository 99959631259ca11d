//! `fields`: answers with the members that were asked for, under a media type of their own.

use crate::support::shelf::Shelf;
use crate::support::{Answer, Caller};
use serde_json::{Value, json};

const SELECTION: &str = "application/vnd.shopkeeper.selection+json";

/// The names of an object's members as they stand in its text.
fn order(text: &str) -> Vec<String> {
    let object: Value = serde_json::from_str(text).expect("JSON");
    let mut names: Vec<_> = object.as_object().expect("an object").keys().cloned().collect();
    names.sort_by_key(|name| text.find(&format!("\"{name}\":")));
    names
}

/// Reads with whom, and what can be selected there that differs from the rest.
async fn reads(shelf: &Shelf) -> Vec<(Caller, String)> {
    let product = shelf.add(json!({"stock": 4, "description": "<p>Hi</p>"})).await;
    let ledger = format!("{}/stock-adjustments", product.path);
    let row = shelf.admin.get(&ledger).await.string("/data/0/id");
    let (visitor, admin) = (&shelf.visitor, &shelf.admin);
    vec![
        (visitor.clone(), product.path.clone()),
        (visitor.clone(), "/products".to_owned()),
        (visitor.clone(), format!("/categories/{}", shelf.category)),
        (visitor.clone(), "/categories".to_owned()),
        (visitor.clone(), format!("/categories/{}/products", shelf.category)),
        (admin.clone(), ledger.clone()),
        (admin.clone(), format!("{ledger}/{row}")),
        (admin.clone(), "/users/me".to_owned()),
        (admin.clone(), admin.path()),
        (admin.clone(), "/users".to_owned()),
        (admin.clone(), "/auth/sessions".to_owned()),
        (admin.clone(), "/users/me/api-keys".to_owned()),
    ]
}

fn rows(answer: &Answer) -> Vec<Value> {
    if answer.at("/data").is_array() { answer.data() } else { vec![answer.json()] }
}

#[tokio::test]
async fn every_read_answers_the_chosen_members_as_they_are_and_nothing_else() {
    let shelf = Shelf::set().await;
    for (caller, path) in reads(&shelf).await {
        let full = caller.get(&path).await.expect_status(200);
        let chosen = caller.get(&path).query("fields", "created_at,id").await.expect_status(200);
        assert_eq!(chosen.header("content-type"), SELECTION, "{chosen}");
        for (row, whole) in rows(&chosen).iter().zip(rows(&full)) {
            assert_eq!(row, &json!({"id": whole["id"], "created_at": whole["created_at"]}));
        }
        assert_eq!(rows(&chosen).len(), rows(&full).len());
        assert_eq!(chosen.at("/pagination"), full.at("/pagination"));
        for header in ["cache-control", "vary"] {
            assert_eq!(chosen.header_or_none(header), full.header_or_none(header), "{path}");
        }
    }
}

#[tokio::test]
async fn members_come_in_the_order_of_the_whole_answer() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 4})).await;
    let full = shelf.visitor.get(&product.path).await.text();
    let chosen = shelf.visitor.get(&product.path).query("fields", "updated_at,stock,price,id,name").await.text();
    let wanted: Vec<_> = order(&full)
        .into_iter()
        .filter(|name| ["updated_at", "stock", "price", "id", "name"].contains(&&**name))
        .collect();
    assert_eq!(order(&chosen), wanted);
    // All of them are still a selection.
    let all = order(&full).join(",");
    let chosen = shelf.visitor.get(&product.path).query("fields", &all).await.expect_status(200);
    assert_eq!((chosen.header("content-type"), chosen.text()), (SELECTION, full));
}

#[tokio::test]
async fn a_list_can_be_walked_in_selection() {
    let shelf = Shelf::set().await;
    for _ in 0..5 {
        shelf.add_any().await;
    }
    let whole = shelf.visitor.get("/products").await.expect_status(200).column("id");
    for start in ["page=1", "offset=0", "cursor="] {
        let mut target = Some(format!("/products?limit=2&fields=id&{start}"));
        let mut seen = Vec::new();
        while let Some(at) = target {
            let part = shelf.visitor.get(&at).await.expect_status(200);
            assert_eq!(part.header("content-type"), SELECTION, "links keep the selection: {part}");
            assert!(part.data().iter().all(|row| row.as_object().is_some_and(|row| row.len() == 1)), "{part}");
            seen.extend(part.column("id"));
            target = crate::links::below(&part, "next");
        }
        assert_eq!(seen, whole, "{start}");
    }
    // A place in the list is the same place whatever is shown of it.
    let cursor = shelf.visitor.get("/products?limit=2&fields=name&cursor=").await.string("/pagination/next_cursor");
    let rest = shelf.visitor.get("/products?limit=100").query("cursor", &cursor).await.expect_status(200);
    assert_eq!(rest.column("id"), whole[2..]);
}

#[tokio::test]
async fn names_that_are_none_are_refused_with_those_there_are() {
    let shelf = Shelf::set().await;
    for (caller, path) in reads(&shelf).await {
        for bad in ["nothing", "id,nothing", "ID", "id, name", "id,", ",", "", "id,id", "id;name", "*", "data", "/id"] {
            let refused = caller.get(&path).query("fields", bad).await.expect_problem(422, "validation_failed");
            assert!(refused.faults().iter().all(|(place, _)| place == "fields"), "{bad:?}: {refused}");
            let told = refused.at("/errors").to_string();
            assert!(bad.is_empty() || told.contains("created_at"), "{bad:?}: {told}");
        }
        // What the shop knows beyond its answers is no field.
        for hidden in ["password_hash", "version", "search_key", "sku_key", "deleted_at", "hash"] {
            caller.get(&path).query("fields", hidden).await.expect_faults(&[("fields", "enum")]);
        }
        let refused = caller.get(&path).query("fields", "a,b").query("zzz", "1").await.expect_status(422);
        assert!(refused.faults().len() >= 2, "every fault at once: {refused}");
        caller.get(&path).query("fields", &"x".repeat(501)).await.expect_problem(422, "validation_failed");
    }
    // Not a resource, so there is nothing to choose from.
    shelf.visitor.get("/me/limits?fields=audience").await.expect_faults(&[("fields", "unknown")]);
    let product = shelf.add_any().await;
    let patch = shelf.admin.patch(&format!("{}?fields=id", product.path), &json!({}));
    patch.await.expect_problem(422, "validation_failed").expect_faults(&[("fields", "unknown")]);
}

#[tokio::test]
async fn whoever_takes_json_is_served_a_selection() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    for accept in ["application/json", "*/*", SELECTION, "application/problem+json", "application/*;q=0.1"] {
        let call = shelf.visitor.get(&product.path).query("fields", "id").header("accept", accept);
        assert_eq!(call.await.expect_status(200).header("content-type"), SELECTION, "{accept}");
        let call = shelf.visitor.get(&product.path).header("accept", accept);
        if accept != SELECTION {
            assert_eq!(call.await.expect_status(200).header("content-type"), "application/json", "{accept}");
        }
    }
    let call = shelf.visitor.get(&product.path).query("fields", "id").header("accept", "image/png");
    call.await.expect_problem(406, "not_acceptable");
}

#[tokio::test]
async fn a_selection_has_a_tag_of_its_own_for_reading_and_none_for_writing() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let select = |fields: &str| shelf.visitor.get(&product.path).query("fields", fields);
    let tag = async |fields: &str| select(fields).await.expect_status(200).header("etag").to_owned();
    let (of_name, of_price) = (tag("id,name").await, tag("id,price").await);
    let distinct = std::collections::BTreeSet::from([&of_name, &of_price, &product.tag]);
    assert_eq!(distinct.len(), 3, "{distinct:?}");
    assert_eq!(tag("name,id").await, of_name, "the same members are the same answer");
    for (fields, tag) in [("id,name", &of_name), ("name,id", &of_name), ("id,price", &of_price)] {
        let known = select(fields).header("if-none-match", tag).await.expect_status(304);
        assert_eq!(known.header("etag"), tag);
        select(fields).header("if-none-match", &product.tag).await.expect_status(200);
        shelf.visitor.get(&product.path).header("if-none-match", tag).await.expect_status(200);
    }
    select("id,name").header("if-none-match", &of_price).await.expect_status(200);
    // Who has seen a part does not know the whole.
    for tag in [&of_name, &of_price] {
        let change = shelf.admin.patch(&product.path, &json!({"name": "X"})).header("if-match", tag);
        change.await.expect_problem(412, "precondition_failed");
        let removal = shelf.admin.delete(&product.path).header("if-match", tag);
        removal.await.expect_problem(412, "precondition_failed");
    }
    shelf.admin.patch(&product.path, &json!({"name": "X"})).header("if-match", &product.tag).await.expect_status(200);
    assert_ne!(tag("id,name").await, of_name);
    assert_eq!(select("id,name").await.at("/name"), "X");
}
