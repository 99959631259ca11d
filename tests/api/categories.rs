//! Categories: made, read, changed and removed.

use crate::support::shelf::{Shelf, with, without};
use crate::support::{Credentials, Shop};
use serde_json::{Value, json};

fn tea() -> Value {
    json!({"name": "Tea", "slug": "tea", "description": "Leaves."})
}

#[tokio::test]
async fn making_one_answers_it_and_where_it_is() {
    let shop = Shop::open().await;
    let made = shop.admin().await.post("/categories", &tea()).await.expect_status(201);
    let members: Vec<_> = made.json().as_object().expect("an object").keys().cloned().collect();
    assert_eq!(members.len(), 6, "{members:?}");
    for (name, value) in tea().as_object().expect("members") {
        assert_eq!(&made.at(&format!("/{name}")), value);
    }
    assert_eq!(made.at("/created_at"), made.at("/updated_at"));
    assert_eq!(made.header("location"), format!("/api/v1/categories/{}", made.string("/id")));
    let path = made.header("location").strip_prefix("/api/v1").expect("a path of the API").to_owned();
    // Anyone may read it, whatever credentials they send.
    for caller in [shop.visitor(), shop.visitor().with(Credentials::Bearer("nonsense".to_owned()))] {
        let read = caller.get(&path).await.expect_status(200);
        assert_eq!((read.json(), read.header("etag")), (made.json(), made.header("etag")));
    }
}

#[tokio::test]
async fn a_description_may_be_left_out() {
    let shelf = Shelf::set().await;
    let made = shelf.admin.post("/categories", &without(tea(), &["description"])).await.expect_status(201);
    assert_eq!(made.at("/description"), Value::Null);
    let null = with(tea(), json!({"slug": "tea-2", "description": null}));
    assert_eq!(shelf.admin.post("/categories", &null).await.expect_status(201).at("/description"), Value::Null);
}

#[tokio::test]
async fn names_are_tidied_and_never_blank() {
    let shelf = Shelf::set().await;
    let named = async |name: &str| {
        let body = json!({"name": name, "slug": format!("slug-{}", shelf.number())});
        shelf.admin.post("/categories", &body).await
    };
    for (given, kept) in [
        ("  Tea  ", "Tea"),
        ("Tea \t &\u{a0}\u{2003} Coffee", "Tea & Coffee"),
        ("Tea\r\nTime", "Tea Time"),
        ("\u{1}Tea\u{7f}Time\u{85}", "Tea Time"),
        ("Čaj 茶 <b>", "Čaj 茶 <b>"),
    ] {
        assert_eq!(named(given).await.expect_status(201).at("/name"), kept, "{given:?}");
    }
    for blank in ["", " ", "\t\r\n", "\u{a0}\u{2003}", "\u{1}\u{7f} \u{85}"] {
        let refused = named(blank).await.expect_problem(422, "validation_failed");
        assert!(refused.faults().iter().all(|(place, _)| place == "/name"), "{blank:?}: {refused}");
    }
    named(&"x".repeat(100)).await.expect_status(201);
    named(&"x".repeat(101)).await.expect_problem(422, "validation_failed").expect_faults(&[("/name", "max_length")]);
}

#[tokio::test]
async fn slugs_are_words_in_small_letters_with_hyphens() {
    let shelf = Shelf::set().await;
    let slugged = async |slug: &str| shelf.admin.post("/categories", &json!({"name": "Tea", "slug": slug})).await;
    for good in ["t", "7", "tea", "green-tea", "a-1-b-2", &"x".repeat(100)] {
        assert_eq!(slugged(good).await.expect_status(201).at("/slug"), good);
    }
    for bad in ["", "Tea", "tea-", "-tea", "green--tea", "green_tea", "green tea", "tea/pot", "thé", "tea\n", " tea"] {
        let refused = slugged(bad).await.expect_problem(422, "validation_failed");
        assert!(refused.faults().iter().all(|(place, _)| place == "/slug"), "{bad:?}: {refused}");
    }
    let refused = slugged(&"x".repeat(101)).await.expect_problem(422, "validation_failed");
    refused.expect_faults(&[("/slug", "max_length")]);
}

#[tokio::test]
async fn every_fault_is_told_at_once() {
    let shelf = Shelf::set().await;
    let body = json!({"name": " ", "slug": "No Slug", "description": 7, "colour": "red"});
    let refused = shelf.admin.post("/categories", &body).await.expect_problem(422, "validation_failed");
    let places: Vec<_> = refused.faults().into_iter().map(|(place, _)| place).collect();
    for place in ["/name", "/slug", "/description", "/colour"] {
        assert!(places.iter().any(|named| named == place), "{place} is missing: {refused}");
    }
    let long = with(tea(), json!({"description": "x".repeat(1001)}));
    let refused = shelf.admin.post("/categories", &long).await.expect_problem(422, "validation_failed");
    refused.expect_faults(&[("/description", "max_length")]);
}

#[tokio::test]
async fn a_slug_belongs_to_one_category() {
    let shelf = Shelf::set().await;
    let (tea, mugs) = (shelf.add_category("Tea", "tea").await, shelf.add_category("Mugs", "mugs").await);
    let body = json!({"name": "Other", "slug": "tea"});
    shelf.admin.post("/categories", &body).await.expect_problem(409, "slug_taken");
    shelf.admin.put(&mugs.path, &body).await.expect_problem(409, "slug_taken");
    shelf.admin.patch(&mugs.path, &json!({"slug": "tea"})).await.expect_problem(409, "slug_taken");
    assert_eq!(shelf.visitor.get(&mugs.path).await.json(), mugs.body);
    // Its own is no other's, and one that is given up is free.
    shelf.admin.put(&tea.path, &json!({"name": "Teas", "slug": "tea"})).await.expect_status(200);
    shelf.admin.patch(&tea.path, &json!({"slug": "teas"})).await.expect_status(200);
    shelf.admin.patch(&mugs.path, &json!({"slug": "tea"})).await.expect_status(200);
    shelf.admin.delete(&mugs.path).await.expect_status(204);
    shelf.admin.post("/categories", &body).await.expect_status(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn of_many_who_want_one_slug_at_once_one_gets_it() {
    let shelf = Shelf::set().await;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let admin = shelf.admin.clone();
        running.spawn(async move { admin.post("/categories", &tea()).await.status });
    }
    let mut statuses = running.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn a_replacement_needs_name_and_slug_and_clears_what_is_left_out() {
    let shelf = Shelf::set().await;
    let made = shelf.admin.post("/categories", &tea()).await.expect_status(201);
    let path = format!("/categories/{}", made.string("/id"));
    for member in ["name", "slug"] {
        let refused = shelf.admin.put(&path, &without(tea(), &[member])).await.expect_problem(422, "validation_failed");
        refused.expect_faults(&[(&format!("/{member}"), "required")]);
    }
    shelf.shop.advance_seconds(5);
    let replaced = shelf.admin.put(&path, &json!({"name": "Teas", "slug": "teas"})).await.expect_status(200);
    assert_eq!(replaced.at("/description"), Value::Null);
    assert_eq!((replaced.at("/name"), replaced.at("/slug")), (json!("Teas"), json!("teas")));
    assert_eq!((replaced.at("/id"), replaced.at("/created_at")), (made.at("/id"), made.at("/created_at")));
    assert!(replaced.string("/updated_at") > made.string("/updated_at"));
    assert_ne!(replaced.header("etag"), made.header("etag"));
    assert_eq!(shelf.visitor.get(&path).await.json(), replaced.json());
}

#[tokio::test]
async fn a_patch_keeps_what_is_absent_and_clears_what_is_null() {
    let shelf = Shelf::set().await;
    let made = shelf.admin.post("/categories", &tea()).await.expect_status(201);
    let path = format!("/categories/{}", made.string("/id"));
    let renamed = shelf.admin.patch(&path, &json!({"name": "Teas"})).await.expect_status(200);
    assert_eq!(renamed.at("/description"), "Leaves.");
    assert_eq!(renamed.at("/slug"), "tea");
    let cleared = shelf.admin.patch(&path, &json!({"description": null})).await.expect_status(200);
    assert_eq!((cleared.at("/description"), cleared.at("/name")), (Value::Null, json!("Teas")));
    for member in ["name", "slug"] {
        let refused = shelf.admin.patch(&path, &json!({member: null})).await.expect_problem(422, "validation_failed");
        refused.expect_faults(&[(&format!("/{member}"), "type")]);
    }
    // What changes nothing makes no new state.
    shelf.shop.advance_seconds(5);
    for body in [json!({}), json!({"name": " Teas "}), json!({"slug": "tea", "description": null})] {
        let same = shelf.admin.patch(&path, &body).await.expect_status(200);
        assert_eq!((same.json(), same.header("etag")), (cleared.json(), cleared.header("etag")), "{body}");
    }
}

#[tokio::test]
async fn what_is_removed_is_gone() {
    let shelf = Shelf::set().await;
    let tea = shelf.add_category("Tea", "tea").await;
    shelf.admin.delete(&tea.path).await.expect_status(204);
    for call in [
        shelf.visitor.get(&tea.path),
        shelf.visitor.get(&format!("{}/products", tea.path)),
        shelf.admin.patch(&tea.path, &json!({"name": "X"})),
        shelf.admin.put(&tea.path, &json!({"name": "X", "slug": "x"})),
        shelf.admin.delete(&tea.path),
    ] {
        call.await.expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn an_id_that_is_none_names_nothing() {
    let shelf = Shelf::set().await;
    for id in ["1", "nonsense", "00000000-0000-0000-0000-000000000000", "01890a5d-ac96-774b-bcce-b302099a8057"] {
        for path in ["categories", "products"].map(|list| format!("/{list}/{id}")) {
            shelf.visitor.get(&path).await.expect_problem(404, "not_found");
            shelf.admin.delete(&path).await.expect_problem(404, "not_found");
            shelf.admin.patch(&path, &json!({"name": "X"})).await.expect_problem(404, "not_found");
        }
        shelf.visitor.get(&format!("/categories/{id}/products")).await.expect_problem(404, "not_found");
        let path = format!("/products/{id}/stock-adjustments");
        shelf.admin.get(&path).await.expect_problem(404, "not_found");
        shelf.admin.post(&path, &json!({"delta": 1, "reason": "x"})).await.expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_category_stays_while_it_holds_products() {
    let shelf = Shelf::set().await;
    let path = format!("/categories/{}", shelf.category);
    let (sold, kept) = (shelf.add_any().await, shelf.add(json!({"status": "archived"})).await);
    shelf.admin.delete(&path).await.expect_problem(409, "category_in_use");
    shelf.admin.delete(&sold.path).await.expect_status(204);
    shelf.admin.delete(&path).await.expect_problem(409, "category_in_use");
    // It may also be moved elsewhere.
    let other = shelf.add_category("Other", "other").await;
    shelf.admin.patch(&kept.path, &json!({"category_id": other.id})).await.expect_status(200);
    shelf.admin.delete(&path).await.expect_status(204);
    shelf.admin.delete(&other.path).await.expect_problem(409, "category_in_use");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn no_product_is_left_without_a_category_whoever_is_faster() {
    let shelf = Shelf::set().await;
    for number in 0..12 {
        let category = shelf.add_category("Short-lived", &format!("short-lived-{number}")).await;
        let (made, gone) = tokio::join!(async { shelf.offer(json!({"category_id": category.id})).await }, async {
            shelf.admin.delete(&category.path).await
        },);
        match (made.status, gone.status) {
            (201, 409) => _ = shelf.visitor.get(&category.path).await.expect_status(200),
            (422, 204) => _ = made.expect_faults(&[("/category_id", "unknown")]),
            _ => panic!("{made}\n{gone}"),
        }
    }
}

#[tokio::test]
async fn only_who_may_write_the_catalogue_does() {
    let shelf = Shelf::set().await;
    let (category, product) = (format!("/categories/{}", shelf.category), shelf.add_any().await);
    let ledger = format!("{}/stock-adjustments", product.path);
    let (user, moderator) = (shelf.shop.register("ada").await, shelf.shop.register_as("mod", "moderator").await);
    let reader = shelf.admin.program(&["users:read", "orders:manage"]).await;
    let writes = |caller: &crate::support::Caller| {
        let whole = shelf.whole_product(json!({}));
        vec![
            caller.post("/categories", &tea()),
            caller.put(&category, &json!({"name": "X", "slug": "x"})),
            caller.patch(&category, &json!({"name": "X"})),
            caller.delete(&category),
            caller.post("/products", &shelf.product(json!({}))),
            caller.put(&product.path, &whole),
            caller.patch(&product.path, &json!({"name": "X"})),
            caller.delete(&product.path),
            caller.post(&ledger, &json!({"delta": 1, "reason": "x"})),
            // The ledger is nobody else's business either.
            caller.get(&ledger),
        ]
    };
    for call in writes(&shelf.visitor) {
        call.await.expect_problem(401, "unauthenticated");
    }
    for caller in [&user, &moderator, &reader] {
        for call in writes(caller) {
            call.await.expect_problem(403, "insufficient_scope");
        }
    }
    assert_eq!(shelf.visitor.get(&product.path).await.json(), product.body);
    // A key with the scope may: deletions last, the product first.
    let writer = shelf.admin.program(&["catalog:write"]).await;
    let mut calls = writes(&writer);
    let (product_goes, category_goes) = (calls.remove(7), calls.remove(3));
    for call in calls {
        let answer = call.await;
        assert!(matches!(answer.status, 200 | 201), "{answer}");
    }
    product_goes.await.expect_status(204);
    category_goes.await.expect_problem(409, "category_in_use");
}

#[tokio::test]
async fn the_list_is_sorted_and_can_be_asked_for_one_slug() {
    let shelf = Shelf::set().await;
    for (name, slug) in [("cups", "b"), ("tea", "a"), ("beans", "c")] {
        shelf.shop.advance_seconds(1);
        shelf.add_category(name, slug).await;
    }
    let names =
        async |query: &str| shelf.visitor.get(&format!("/categories{query}")).await.expect_status(200).column("name");
    assert_eq!(names("").await, ["beans", "tea", "cups", "Things"]);
    assert_eq!(names("?order=asc").await, ["Things", "cups", "tea", "beans"]);
    assert_eq!(names("?sort=created_at&order=desc").await, ["beans", "tea", "cups", "Things"]);
    let by_name = names("?sort=name&order=asc").await;
    assert_eq!(by_name.iter().filter(|name| *name != "Things").collect::<Vec<_>>(), ["beans", "cups", "tea"]);
    assert_eq!(names("?slug=a").await, ["tea"]);
    assert_eq!(names("?slug=nothing").await, Vec::<String>::new());
    for bad in ["?sort=slug", "?slug=", "?name=tea"] {
        shelf.visitor.get(&format!("/categories{bad}")).await.expect_problem(422, "validation_failed");
    }
}
