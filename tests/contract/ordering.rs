//! Orders for the stage, placed as anybody would.

use crate::stage::Stage;
use crate::support::{Answer, Caller};
use serde_json::{Value, json};

impl Stage {
    /// What an order of a new product asks for.
    pub async fn wanted(&self, quantity: u32) -> Value {
        json!({"product_id": self.product().await.string("/id"), "quantity": quantity})
    }

    /// A new order of two products, so that one of them can be taken out again.
    pub async fn order(&self, buyer: &Caller) -> Answer {
        let items = [self.wanted(2).await, self.wanted(1).await];
        buyer.post("/orders", &json!({"items": items})).await.expect_status(201)
    }

    /// The id of an item of the order that a path leads to or below.
    pub async fn item_of(&self, buyer: &Caller, target: &str) -> String {
        let order = target.split("/items").next().expect("a path");
        buyer.get(order).await.expect_status(200).string("/items/0/id")
    }

    /// The id of a step of the order whose history a path leads below.
    pub async fn step_of(&self, buyer: &Caller, target: &str) -> String {
        let history = target.rsplit_once('/').expect("a list").0;
        buyer.get(history).await.expect_status(200).string("/data/0/id")
    }
}
