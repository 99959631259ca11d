//! The stock ledger: every change is a row, and the rows sum to the stock.

use crate::support::shelf::{Shelf, Thing};
use crate::support::{Answer, Caller};
use serde_json::{Value, json};

fn path(product: &Thing) -> String {
    format!("{}/stock-adjustments", product.path)
}

/// The whole ledger, oldest first, walked by cursor.
async fn ledger(admin: &Caller, product: &Thing) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut cursor = Value::from("");
    while let Some(at) = cursor.as_str().map(str::to_owned) {
        let call = admin.get(&format!("{}?order=asc&limit=7", path(product))).query("cursor", &at);
        let part = call.await.expect_status(200);
        rows.extend(part.data());
        cursor = part.at("/pagination/next_cursor");
    }
    rows
}

/// Sees to it that the ledger explains the stock, step by step where its rows have moments of their own.
async fn expect_balance(shelf: &Shelf, product: &Thing) -> i64 {
    let rows = ledger(&shelf.admin, product).await;
    let deltas: i64 = rows.iter().map(|row| row["delta"].as_i64().expect("a delta")).sum();
    let stock = shelf.visitor.get(&product.path).await.at("/stock").as_i64().expect("a stock");
    assert_eq!(deltas, stock, "{rows:#?}");
    assert!(rows.iter().all(|row| row["stock_after"].as_i64() >= Some(0)), "{rows:#?}");
    stock
}

#[tokio::test]
async fn an_adjustment_is_answered_kept_and_seen_in_the_product() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 5})).await;
    shelf.shop.advance_seconds(60);
    let made = shelf.admin.post(&path(&product), &json!({"delta": -2, "reason": "  broken\n in  transit "})).await;
    let made = made.expect_status(201);
    let members: Vec<_> = made.json().as_object().expect("an object").keys().cloned().collect();
    assert_eq!(members.len(), 7, "{members:?}");
    for (member, value) in [
        ("product_id", json!(product.id)),
        ("delta", json!(-2)),
        ("reason", json!("broken in transit")),
        ("stock_after", json!(3)),
        ("actor_id", json!(shelf.admin.id())),
        ("created_at", json!(shelf.shop.moment(0))),
    ] {
        // Fractions of a second may be left out where they are nought.
        let (told, wanted) = (made.at(&format!("/{member}")).to_string(), value.to_string());
        assert_eq!(told.replace(".000000Z", "Z"), wanted.replace(".000000Z", "Z"), "{member}");
    }
    let at = made.header("location").strip_prefix("/api/v1").expect("a path of the API").to_owned();
    assert_eq!(at, format!("{}/{}", path(&product), made.string("/id")));
    assert_eq!(shelf.admin.get(&at).await.expect_status(200).json(), made.json());
    let read = shelf.visitor.get(&product.path).await.expect_status(200);
    assert_eq!(read.at("/stock"), 3);
    assert_ne!(read.header("etag"), product.tag);
    assert!(read.string("/updated_at") > read.string("/created_at"));
}

#[tokio::test]
async fn the_actor_is_the_account_whatever_acts_for_it() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 1})).await;
    let second = shelf.shop.register_as("second", "admin").await;
    let program = second.program(&["catalog:write"]).await;
    let body = json!({"delta": 1, "reason": "found"});
    shelf.shop.advance_seconds(1);
    let made = program.post(&path(&product), &body).await.expect_status(201);
    assert_eq!(made.at("/actor_id"), second.id());
    assert_eq!(ledger(&shelf.admin, &product).await[0]["actor_id"], shelf.admin.id());
    // The row outlives the account.
    second.delete("/users/me").await.expect_status(204);
    assert_eq!(ledger(&shelf.admin, &product).await.len(), 2);
}

#[tokio::test]
async fn what_says_nothing_is_refused() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 5})).await;
    for (body, place) in [
        (json!({"delta": 0, "reason": "x"}), "/delta"),
        (json!({"delta": 1_000_000_001, "reason": "x"}), "/delta"),
        (json!({"delta": -1_000_000_001, "reason": "x"}), "/delta"),
        (json!({"delta": 1.5, "reason": "x"}), "/delta"),
        (json!({"delta": "1", "reason": "x"}), "/delta"),
        (json!({"reason": "x"}), "/delta"),
        (json!({"delta": 1}), "/reason"),
        (json!({"delta": 1, "reason": ""}), "/reason"),
        (json!({"delta": 1, "reason": " \t"}), "/reason"),
        (json!({"delta": 1, "reason": "x".repeat(201)}), "/reason"),
        (json!({"delta": 1, "reason": "x", "stock_after": 9}), "/stock_after"),
    ] {
        let refused = shelf.admin.post(&path(&product), &body).await.expect_problem(422, "validation_failed");
        assert!(!refused.faults().is_empty() && refused.faults().iter().all(|(told, _)| told == place), "{refused}");
    }
    assert_eq!(expect_balance(&shelf, &product).await, 5);
}

#[tokio::test]
async fn the_stock_never_falls_below_nought() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 5})).await;
    for delta in [-6, -1_000_000_000] {
        let refused = shelf.adjust(&product, delta).await.expect_problem(409, "insufficient_stock");
        assert_eq!(refused.at("/available"), 5, "{refused}");
    }
    // Nothing has happened: no row, no other state.
    assert_eq!(ledger(&shelf.admin, &product).await.len(), 1);
    assert_eq!(shelf.visitor.get(&product.path).await.header("etag"), product.tag);
    assert_eq!(shelf.adjust(&product, -5).await.expect_status(201).at("/stock_after"), 0);
    assert_eq!(shelf.adjust(&product, -1).await.expect_problem(409, "insufficient_stock").at("/available"), 0);
    assert_eq!(expect_balance(&shelf, &product).await, 0);
}

#[tokio::test]
async fn the_stock_never_grows_beyond_what_a_product_may_have() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 1_000_000_000})).await;
    for delta in [1, 1_000_000_000] {
        let refused = shelf.adjust(&product, delta).await;
        assert!(matches!(refused.status, 409 | 422), "{refused}");
    }
    assert_eq!(expect_balance(&shelf, &product).await, 1_000_000_000);
    shelf.adjust(&product, -1_000_000_000).await.expect_status(201);
    shelf.adjust(&product, 1_000_000_000).await.expect_status(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn of_forty_who_each_take_one_of_ten_exactly_ten_get_one() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 10})).await;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (shelf, product) = (shelf.clone(), product.clone());
        running.spawn(async move { shelf.adjust(&product, -1).await });
    }
    let answers: Vec<Answer> = running.join_all().await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    let mut left: Vec<_> = taken.iter().map(|answer| answer.at("/stock_after").as_i64().expect("a stock")).collect();
    left.sort_unstable();
    assert_eq!(left, (0..10).collect::<Vec<_>>(), "each takes from what the one before left");
    for answer in refused {
        assert_eq!(answer.expect_problem(409, "insufficient_stock").at("/available"), 0);
    }
    assert_eq!(expect_balance(&shelf, &product).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn the_ledger_explains_the_stock_whatever_happens_at_once() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 20})).await;
    let mut running = tokio::task::JoinSet::new();
    for number in 0..30_i64 {
        let (shelf, product) = (shelf.clone(), product.clone());
        running.spawn(async move {
            match number % 3 {
                0 => shelf.adjust(&product, 7 - number).await,
                1 => shelf.admin.patch(&product.path, &json!({"stock": number})).await,
                _ => shelf.admin.put(&product.path, &shelf.whole_product(json!({"stock": 2 * number}))).await,
            }
        });
    }
    for answer in running.join_all().await {
        assert!(matches!(answer.status, 200 | 201 | 409), "{answer}");
    }
    expect_balance(&shelf, &product).await;
}

#[tokio::test]
async fn rows_follow_each_other_without_a_gap() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 3})).await;
    for delta in [4, -2, 10, -15, 1] {
        shelf.shop.advance_seconds(1);
        shelf.adjust(&product, delta).await.expect_status(201);
    }
    let mut before = 0;
    for row in ledger(&shelf.admin, &product).await {
        let after = row["stock_after"].as_i64().expect("a stock");
        assert_eq!(before + row["delta"].as_i64().expect("a delta"), after);
        before = after;
    }
    assert_eq!(before, 1);
}

#[tokio::test]
async fn a_change_made_for_an_older_state_is_refused_when_the_stock_has_moved() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 3})).await;
    shelf.adjust(&product, 1).await.expect_status(201);
    let change = shelf.admin.patch(&product.path, &json!({"stock": 2})).header("if-match", &product.tag);
    change.await.expect_problem(412, "precondition_failed");
    assert_eq!(expect_balance(&shelf, &product).await, 4);
}

#[tokio::test]
async fn rows_belong_to_their_product_and_stay_as_they_are() {
    let shelf = Shelf::set().await;
    let (tea, mug) = (shelf.add(json!({"stock": 1})).await, shelf.add(json!({"stock": 2})).await);
    let row = ledger(&shelf.admin, &tea).await[0]["id"].as_str().expect("an id").to_owned();
    shelf.admin.get(&format!("{}/{row}", path(&mug))).await.expect_problem(404, "not_found");
    shelf.admin.get(&format!("{}/nonsense", path(&tea))).await.expect_problem(404, "not_found");
    let at = format!("{}/{row}", path(&tea));
    for method in [http::Method::PUT, http::Method::PATCH, http::Method::DELETE] {
        shelf.admin.call(method, &at).await.expect_problem(405, "method_not_allowed");
    }
    let read = shelf.admin.get(&at).await.expect_status(200);
    assert!(read.header("cache-control").starts_with("private"), "{read}");
}
