//! Products: made, read, changed and removed.

use crate::support::shelf::{Shelf, Thing, euro, with, without};
use serde_json::{Value, json};

/// Reasons and deltas of a product's ledger, oldest first.
async fn ledger(shelf: &Shelf, product: &Thing) -> Vec<(String, i64)> {
    let path = format!("{}/stock-adjustments?order=asc&limit=100", product.path);
    let rows = shelf.admin.get(&path).await.expect_status(200).data();
    rows.iter()
        .map(|row| (row["reason"].as_str().expect("a reason").to_owned(), row["delta"].as_i64().expect("a delta")))
        .collect()
}

#[tokio::test]
async fn making_one_answers_it_and_where_it_is() {
    let shelf = Shelf::set().await;
    let body = json!({
        "category_id": shelf.category, "name": "  Earl   Grey ", "sku": "EG-100.a_b", "description": "<p>Black.</p>",
        "price": euro(1299), "stock": 7, "status": "archived",
    });
    let made = shelf.admin.post("/products", &body).await.expect_status(201);
    let members: Vec<_> = made.json().as_object().expect("an object").keys().cloned().collect();
    assert_eq!(members.len(), 10, "{members:?}");
    for (name, value) in with(body, json!({"name": "Earl Grey"})).as_object().expect("members") {
        assert_eq!(&made.at(&format!("/{name}")), value);
    }
    assert_eq!(made.at("/created_at"), made.at("/updated_at"));
    assert_eq!(made.header("location"), format!("/api/v1/products/{}", made.string("/id")));
    let path = made.header("location").strip_prefix("/api/v1").expect("a path of the API").to_owned();
    let read = shelf.visitor.get(&path).await.expect_status(200);
    assert_eq!((read.json(), read.header("etag")), (made.json(), made.header("etag")));
}

#[tokio::test]
async fn what_is_left_out_has_its_default() {
    let shelf = Shelf::set().await;
    let made = shelf.add_any().await;
    assert_eq!(made.body["description"], Value::Null);
    assert_eq!((&made.body["stock"], &made.body["status"]), (&json!(0), &json!("active")));
    assert_eq!(ledger(&shelf, &made).await, []);
}

#[tokio::test]
async fn every_fault_is_told_at_once() {
    let shelf = Shelf::set().await;
    let body = json!({
        "category_id": "nonsense", "name": " ", "sku": "-x", "description": 7,
        "price": {"amount": -1, "currency": "eur"}, "stock": -1, "status": "sold", "colour": "red",
    });
    let refused = shelf.admin.post("/products", &body).await.expect_problem(422, "validation_failed");
    let places: Vec<_> = refused.faults().into_iter().map(|(place, _)| place).collect();
    for place in [
        "/category_id",
        "/name",
        "/sku",
        "/description",
        "/price/amount",
        "/price/currency",
        "/stock",
        "/status",
        "/colour",
    ] {
        assert!(places.iter().any(|named| named == place), "{place} is missing: {refused}");
    }
    let nothing = shelf.admin.post("/products", &json!({})).await.expect_problem(422, "validation_failed");
    nothing.expect_faults(&["/category_id", "/name", "/sku", "/price"].map(|place| (place, "required")));
}

#[tokio::test]
async fn numbers_stay_within_their_bounds() {
    let shelf = Shelf::set().await;
    for amount in [0, 1, 100_000_000_000_i64] {
        assert_eq!(shelf.add(json!({"price": euro(amount)})).await.body["price"], euro(amount));
    }
    for stock in [0, 1, 1_000_000_000] {
        assert_eq!(shelf.add(json!({"stock": stock})).await.body["stock"], stock);
    }
    for (member, place, code) in [
        (json!({"price": euro(-1)}), "/price/amount", "minimum"),
        (json!({"price": euro(100_000_000_001)}), "/price/amount", "maximum"),
        (json!({"price": {"amount": 1.5, "currency": "EUR"}}), "/price/amount", "type"),
        (json!({"price": {"amount": "1", "currency": "EUR"}}), "/price/amount", "type"),
        (json!({"price": {"amount": 1}}), "/price/currency", "required"),
        (json!({"price": {"currency": "EUR"}}), "/price/amount", "required"),
        (json!({"price": {"amount": 1, "currency": "EURO"}}), "/price/currency", "max_length"),
        (json!({"price": {"amount": 1, "currency": "€€€"}}), "/price/currency", "pattern"),
        (json!({"price": {"amount": 1, "currency": "EUR", "vat": 1}}), "/price/vat", "unknown"),
        (json!({"price": 12}), "/price", "type"),
        (json!({"price": null}), "/price", "type"),
        (json!({"stock": -1}), "/stock", "minimum"),
        (json!({"stock": 1_000_000_001}), "/stock", "maximum"),
        (json!({"stock": 0.5}), "/stock", "type"),
        (json!({"stock": null}), "/stock", "type"),
        (json!({"status": "sold"}), "/status", "enum"),
    ] {
        let refused = shelf.offer(member.clone()).await.expect_problem(422, "validation_failed");
        assert!(refused.faults().iter().any(|(told, _)| told == place), "{member}: {refused}");
        assert!(refused.faults().contains(&(place.to_owned(), code.to_owned())), "not {code} at {place}: {refused}");
    }
}

#[tokio::test]
async fn a_sku_belongs_to_one_product_in_any_case() {
    let shelf = Shelf::set().await;
    let (tea, mug) = (shelf.add(json!({"sku": "Tea-1"})).await, shelf.add(json!({"sku": "Mug.1"})).await);
    for taken in ["Tea-1", "TEA-1", "tea-1"] {
        shelf.offer(json!({"sku": taken})).await.expect_problem(409, "sku_taken");
        shelf.admin.patch(&mug.path, &json!({"sku": taken})).await.expect_problem(409, "sku_taken");
        let whole = shelf.whole_product(json!({"sku": taken}));
        shelf.admin.put(&mug.path, &whole).await.expect_problem(409, "sku_taken");
    }
    assert_eq!(shelf.visitor.get(&mug.path).await.json(), mug.body);
    // It may change its own spelling, and whoever goes leaves it free.
    assert_eq!(shelf.admin.patch(&tea.path, &json!({"sku": "TEA-1"})).await.expect_status(200).at("/sku"), "TEA-1");
    shelf.admin.delete(&tea.path).await.expect_status(204);
    shelf.admin.patch(&mug.path, &json!({"sku": "tea-1"})).await.expect_status(200);
}

#[tokio::test]
async fn skus_are_plain_words() {
    let shelf = Shelf::set().await;
    for good in ["a", "7", "A.B-c_d", "0-_.", &"x".repeat(64)] {
        assert_eq!(shelf.add(json!({"sku": good})).await.body["sku"], good);
    }
    for bad in ["", "-a", ".a", "_a", "a b", "a/b", "é", "a\n", &"x".repeat(65)] {
        let refused = shelf.offer(json!({"sku": bad})).await.expect_problem(422, "validation_failed");
        assert!(refused.faults().iter().all(|(place, _)| place == "/sku"), "{bad:?}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn of_many_who_want_one_sku_at_once_one_gets_it() {
    let shelf = Shelf::set().await;
    let mut running = tokio::task::JoinSet::new();
    for number in 0..8 {
        let shelf = shelf.clone();
        let sku = if number % 2 == 0 { "one" } else { "ONE" };
        running.spawn(async move { shelf.offer(json!({"sku": sku, "stock": 3})).await.status });
    }
    let mut statuses = running.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn a_category_that_is_not_there_is_a_fault_of_the_body() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let unknown = json!({"category_id": "01890a5d-ac96-774b-bcce-b302099a8057"});
    for answer in [
        shelf.offer(unknown.clone()).await,
        shelf.admin.patch(&product.path, &unknown).await,
        shelf.admin.put(&product.path, &shelf.whole_product(unknown.clone())).await,
    ] {
        answer.expect_problem(422, "validation_failed").expect_faults(&[("/category_id", "unknown")]);
    }
    // Another thing's id is no category's.
    shelf.offer(json!({"category_id": product.id})).await.expect_faults(&[("/category_id", "unknown")]);
    assert_eq!(shelf.visitor.get(&product.path).await.json(), product.body);
}

#[tokio::test]
async fn a_replacement_needs_every_member_but_the_description() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"description": "<p>Old</p>", "stock": 5})).await;
    let whole = shelf.whole_product(json!({"stock": 5}));
    for member in ["category_id", "name", "sku", "price", "stock", "status"] {
        let refused = shelf.admin.put(&product.path, &without(whole.clone(), &[member])).await;
        refused.expect_problem(422, "validation_failed").expect_faults(&[(&format!("/{member}"), "required")]);
    }
    shelf.shop.advance_seconds(5);
    let replaced = shelf.admin.put(&product.path, &without(whole.clone(), &["description"])).await.expect_status(200);
    for (name, value) in whole.as_object().expect("members") {
        assert_eq!(&replaced.at(&format!("/{name}")), value);
    }
    assert_eq!(replaced.at("/created_at"), product.body["created_at"]);
    assert!(replaced.string("/updated_at") > replaced.string("/created_at"));
    assert_ne!(replaced.header("etag"), product.tag);
    // Once more is no change.
    shelf.shop.advance_seconds(5);
    let again = shelf.admin.put(&product.path, &whole).await.expect_status(200);
    assert_eq!((again.json(), again.header("etag")), (replaced.json(), replaced.header("etag")));
}

#[tokio::test]
async fn a_patch_keeps_what_is_absent_and_clears_what_is_null() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"description": "<p>Old</p>", "stock": 5})).await;
    for media in ["application/merge-patch+json", "application/json"] {
        let patch = async |body: Value| {
            shelf.admin.call(http::Method::PATCH, &product.path).body(media, body.to_string()).await
        };
        let changed = patch(json!({"price": euro(5), "status": "archived"})).await.expect_status(200);
        let wanted = with(product.body.clone(), json!({"price": euro(5), "status": "archived"}));
        assert_eq!(changed.json(), wanted);
        assert_eq!(patch(json!({"description": null})).await.expect_status(200).at("/description"), Value::Null);
        for member in ["category_id", "name", "sku", "price", "stock", "status"] {
            let refused = patch(json!({member: null})).await.expect_problem(422, "validation_failed");
            refused.expect_faults(&[(&format!("/{member}"), "type")]);
        }
        let back = json!({"description": "<p>Old</p>", "price": euro(1000), "status": "active"});
        assert_eq!(patch(back).await.expect_status(200).json(), product.body);
    }
}

#[tokio::test]
async fn a_patch_of_a_member_inside_keeps_its_neighbours() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"price": {"amount": 100, "currency": "CHF"}})).await;
    // RFC 7396, section 1: objects are merged member by member, however deep.
    let patch = async |price: Value| shelf.admin.patch(&product.path, &json!({"price": price})).await;
    let dearer = patch(json!({"amount": 200})).await.expect_status(200);
    assert_eq!(dearer.at("/price"), json!({"amount": 200, "currency": "CHF"}));
    let exchanged = patch(json!({"currency": "EUR"})).await.expect_status(200);
    assert_eq!(exchanged.at("/price"), json!({"amount": 200, "currency": "EUR"}));
    assert_eq!(patch(json!({})).await.expect_status(200).header("etag"), exchanged.header("etag"));
    patch(json!({"currency": null})).await.expect_problem(422, "validation_failed");
}

#[tokio::test]
async fn a_patch_of_nothing_changes_nothing() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 5, "description": "<p>a &amp; b</p>"})).await;
    shelf.shop.advance_seconds(5);
    let same = without(product.body.clone(), &["id", "created_at", "updated_at"]);
    for body in [json!({}), json!({"stock": 5}), same] {
        let after = shelf.admin.patch(&product.path, &body).await.expect_status(200);
        assert_eq!((after.json(), after.header("etag")), (product.body.clone(), &*product.tag), "{body}");
    }
    assert_eq!(ledger(&shelf, &product).await, [("initial stock".to_owned(), 5)]);
}

#[tokio::test]
async fn every_change_of_the_stock_stands_in_the_ledger() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 5})).await;
    shelf.shop.advance_seconds(1);
    shelf.admin.patch(&product.path, &json!({"stock": 12})).await.expect_status(200);
    shelf.shop.advance_seconds(1);
    shelf.admin.put(&product.path, &shelf.whole_product(json!({"stock": 3}))).await.expect_status(200);
    shelf.shop.advance_seconds(1);
    shelf.adjust(&product, -3).await.expect_status(201);
    let told = [("initial stock", 5), ("correction", 7), ("correction", -9), ("counted", -3)];
    assert_eq!(ledger(&shelf, &product).await, told.map(|(reason, delta)| (reason.to_owned(), delta)));
    assert_eq!(shelf.visitor.get(&product.path).await.at("/stock"), 0);
}

#[tokio::test]
async fn what_is_removed_is_gone_with_its_ledger() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 5})).await;
    let ledger = format!("{}/stock-adjustments", product.path);
    let row = shelf.admin.get(&ledger).await.string("/data/0/id");
    shelf.admin.delete(&product.path).await.expect_status(204);
    for call in [
        shelf.visitor.get(&product.path),
        shelf.admin.get(&ledger),
        shelf.admin.get(&format!("{ledger}/{row}")),
        shelf.admin.post(&ledger, &json!({"delta": 1, "reason": "x"})),
        shelf.admin.patch(&product.path, &json!({"name": "X"})),
        shelf.admin.put(&product.path, &shelf.whole_product(json!({}))),
        shelf.admin.delete(&product.path),
    ] {
        call.await.expect_problem(404, "not_found");
    }
    assert_eq!(shelf.names("").await, Vec::<String>::new());
}

#[tokio::test]
async fn text_is_kept_as_it_was_written() {
    let shelf = Shelf::set().await;
    for name in ["<b>&amp;\"'`", "Чай «Русский»", "👩‍💻 茶", "O'Brien; DROP TABLE products;--", "100% {{7*7}} ${x}"]
    {
        let made = shelf.add(json!({"name": name})).await;
        assert_eq!(shelf.visitor.get(&made.path).await.at("/name"), name);
    }
}
