//! The catalogue beside a model of it: after every change, lists and products read as the model says, kept or not.

use crate::support::shelf::{Shelf, euro};
use serde_json::{Value, json};

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        // Knuth's multiplier; the high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
}

const WORDS: [&str; 6] = ["green", "tea", "teapot", "grey", "mug", "gift"];

/// What the shop should have, as it was answered last.
struct Model {
    shelf: Shelf,
    categories: [String; 2],
    products: Vec<Value>,
    dice: Dice,
}

/// A question, and the answer that the model gives.
struct Question {
    target: String,
    wanted: Vec<Value>,
    total: usize,
}

impl Model {
    async fn new(seed: u64) -> Self {
        let shelf = Shelf::set().await;
        let other = shelf.add_category("Other", "other").await.id;
        Self { categories: [shelf.category.clone(), other], shelf, products: Vec::new(), dice: Dice(seed) }
    }

    fn members(&mut self) -> Value {
        let dice = &mut self.dice;
        let name = format!("{} {}", dice.pick(&WORDS), dice.pick(&WORDS));
        let stock = if dice.chance(2) { 0 } else { dice.below(5) };
        let status = if dice.chance(3) { "archived" } else { "active" };
        let amount = i64::try_from(dice.below(4)).expect("an amount") * 100;
        let category = self.categories[dice.below(2)].clone();
        json!({"name": name, "stock": stock, "status": status, "price": euro(amount), "category_id": category,
            "description": null})
    }

    /// Changes something, and notes what was answered.
    async fn change(&mut self) {
        self.shelf.shop.advance_seconds(u64::from(self.dice.chance(2)));
        let members = self.members();
        if self.products.is_empty() || self.dice.chance(3) {
            self.products.push(self.shelf.add(members).await.body);
            return;
        }
        let at = self.dice.below(self.products.len());
        let path = format!("/products/{}", self.products[at]["id"].as_str().expect("an id"));
        let admin = &self.shelf.admin;
        match self.dice.below(4) {
            0 => self.products[at] = admin.patch(&path, &members).await.expect_status(200).json(),
            1 => {
                let whole = self.shelf.whole_product(members);
                self.products[at] = admin.put(&path, &whole).await.expect_status(200).json();
            }
            2 => {
                admin.delete(&path).await.expect_status(204);
                self.products.remove(at);
            }
            _ => {
                let body = json!({"delta": 2, "reason": "found"});
                let row = admin.post(&format!("{path}/stock-adjustments"), &body).await.expect_status(201);
                self.products[at]["stock"] = row.at("/stock_after");
                self.products[at]["updated_at"] = row.at("/created_at");
            }
        }
    }

    /// A list with some of the filters, a sort and a part.
    fn question(&mut self) -> Question {
        let mut found = self.products.clone();
        let mut query = Vec::new();
        let mut path = "/products".to_owned();
        let dice = &mut self.dice;
        if dice.chance(3) {
            let category = self.categories[dice.below(2)].clone();
            found.retain(|product| product["category_id"] == *category);
            if dice.chance(2) {
                path = format!("/categories/{category}/products");
            } else {
                query.push(format!("category_id={category}"));
            }
        }
        if dice.chance(4) {
            let status = *dice.pick(&["active", "archived"]);
            found.retain(|product| product["status"] == status);
            query.push(format!("status={status}"));
        }
        if dice.chance(4) {
            let wanted = dice.chance(2);
            found.retain(|product| (product["stock"].as_i64() > Some(0)) == wanted);
            query.push(format!("in_stock={wanted}"));
        }
        if dice.chance(4) {
            let (sign, bound) = (dice.chance(2), i64::try_from(dice.below(4)).expect("an amount") * 100);
            let price = |product: &Value| product["price"]["amount"].as_i64().expect("an amount");
            found.retain(|product| if sign { price(product) >= bound } else { price(product) <= bound });
            query.push(format!("{}_price={bound}", if sign { "min" } else { "max" }));
        }
        if dice.chance(4) {
            let word = *dice.pick(&["te", "green", "g", "teapo", "mug gift", "gift t"]);
            found.retain(|product| matches(product, word));
            query.push(format!("search={}", word.replace(' ', "+")));
        }
        let sort = *dice.pick(&["created_at", "name", "price"]);
        found.sort_by_key(|product| key(product, sort));
        query.push(format!("sort={sort}"));
        if dice.chance(2) {
            query.push("order=asc".to_owned());
        } else {
            found.reverse();
        }
        let total = found.len();
        let (limit, page) = (1 + dice.below(6), 1 + dice.below(3));
        query.extend([format!("limit={limit}"), format!("page={page}")]);
        let wanted = found.into_iter().skip(limit * (page - 1)).take(limit).collect();
        Question { target: format!("{path}?{}", query.join("&")), wanted, total }
    }

    async fn ask(&mut self) {
        let question = self.question();
        // The second time it is kept.
        for _ in 0..2 {
            let page = self.shelf.visitor.get(&question.target).await.expect_status(200);
            assert_eq!(page.data(), question.wanted, "{page}");
            assert_eq!(page.at("/pagination/total"), question.total, "{page}");
        }
        if !self.products.is_empty() {
            let product = self.dice.pick(&self.products);
            let path = format!("/products/{}", product["id"].as_str().expect("an id"));
            assert_eq!(&self.shelf.visitor.get(&path).await.expect_status(200).json(), product);
        }
    }
}

fn matches(product: &Value, words: &str) -> bool {
    let text = format!("{} {}", product["name"], product["sku"]).to_lowercase();
    let has: Vec<&str> = text.split(|sign: char| !sign.is_alphanumeric()).collect();
    words.split(' ').all(|word| has.iter().any(|other| other.starts_with(word)))
}

fn key(product: &Value, sort: &str) -> (i64, String, String) {
    let text = |name: &str| product[name].as_str().unwrap_or_default().to_owned();
    let moment =
        |text: String| chrono::DateTime::parse_from_rfc3339(&text).map_or(0, |moment| moment.timestamp_micros());
    match sort {
        "created_at" => (moment(text("created_at")), String::new(), text("id")),
        "price" => (product["price"]["amount"].as_i64().unwrap_or_default(), String::new(), text("id")),
        _ => (0, text(sort), text("id")),
    }
}

async fn compare(seed: u64) {
    let mut model = Model::new(seed).await;
    for _ in 0..120 {
        model.change().await;
        for _ in 0..3 {
            model.ask().await;
        }
    }
    assert!(model.products.len() > 5, "the dice have emptied the shelf");
}

#[tokio::test]
async fn every_list_reads_as_the_model_says() {
    compare(20_261_121).await;
}

#[tokio::test]
async fn every_list_reads_as_the_model_says_in_another_history() {
    compare(7).await;
}
