//! What an order costs the database: fewer statements beat faster ones, and none shall be added unnoticed.

use crate::support::Shop;
use crate::support::shelf::Shelf;
use serde_json::json;

/// Statements, rows changed, transactions and commits until now.
async fn done(shop: &Shop) -> [u64; 4] {
    let numbers = shop.numbers().await;
    ["statements", "changed_rows", "transactions", "commits"].map(|name| {
        let value = numbers.value(&format!("shopkeeper_database_{name}_total"), None).expect("a number");
        format!("{value:.0}").parse().expect("a count")
    })
}

#[tokio::test]
async fn an_order_of_two_items_takes_nine_statements_in_one_transaction_and_its_repeat_one() {
    let shelf = Shelf::set().await;
    let (one, other) = (shelf.add(json!({"stock": 9000})).await, shelf.add(json!({"stock": 9000})).await);
    let ada = shelf.shop.register("ada").await;
    let items = json!([{"product_id": one.id, "quantity": 1}, {"product_id": other.id, "quantity": 2}]);
    let order = json!({ "items": items });
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for number in 0..20 {
        for costs in [&mut first, &mut again] {
            let before = done(&shelf.shop).await;
            let asked = ada.post("/orders", &order).header("idempotency-key", &format!("order-{number}"));
            asked.await.expect_status(201);
            let after = done(&shelf.shop).await;
            costs.push([0, 1, 2, 3].map(|place| after[place] - before[place]));
        }
    }
    // Whatever else is going on at the same moment can only add to it.
    let least = |costs: &[[u64; 4]]| costs.iter().copied().min().expect("costs");
    // Statements: the repeat is looked for; each product's stock is taken; the order, its items, the first line of its
    // history, the answer for repeats, the line of the audit trail and the event to be told are added. Rows: one each, and
    // two items and two products.
    assert_eq!(least(&first), [9, 9, 1, 1]);
    assert_eq!(least(&again), [1, 0, 0, 0]);
}
