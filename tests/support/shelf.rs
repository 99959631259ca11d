//! Categories and products for tests, put there by an administrator as anybody would.

use super::{Answer, Caller, Options, Shop};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A shop with an administrator and one category to put things in. Clones share everything.
#[derive(Clone)]
pub struct Shelf {
    pub shop: Shop,
    pub admin: Caller,
    pub visitor: Caller,
    /// The id of the category.
    pub category: String,
    count: Arc<AtomicU32>,
}

/// What was made: where it is, and in which state.
#[derive(Clone, Debug)]
pub struct Thing {
    pub id: String,
    pub path: String,
    pub tag: String,
    pub body: Value,
}

impl Thing {
    fn of(path: &str, answer: &Answer) -> Self {
        let id = answer.string("/id");
        let path = format!("{path}/{id}");
        Self { id, path, tag: answer.header("etag").to_owned(), body: answer.json() }
    }
}

impl Shelf {
    /// Without limits, since most tests ask for more than one caller may.
    pub async fn set() -> Self {
        Self::set_with(Options { rate_limits: false, ..Options::default() }).await
    }

    pub async fn set_with(options: Options) -> Self {
        let shop = Shop::open_with(options).await;
        let admin = shop.admin().await;
        let made = admin.post("/categories", &json!({"name": "Things", "slug": "things"})).await.expect_status(201);
        let (visitor, category) = (shop.visitor(), made.string("/id"));
        Self { shop, admin, visitor, category, count: Arc::new(AtomicU32::new(0)) }
    }

    /// The same shelf after the server was started again.
    pub async fn reopen(&self, options: Options) -> Self {
        let shop = self.shop.reopen(options).await;
        Self { admin: shop.welcome(&self.admin), visitor: shop.visitor(), shop, ..self.clone() }
    }

    /// A number that was not given before.
    pub fn number(&self) -> u32 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    /// The body of a valid product with these members instead of the usual ones.
    pub fn product(&self, members: Value) -> Value {
        let number = self.number();
        let usual = json!({
            "category_id": self.category,
            "name": format!("Product {number}"),
            "sku": format!("SKU-{number}"),
            "price": euro(1000),
        });
        with(usual, members)
    }

    /// The same with every member that a replacement needs.
    pub fn whole_product(&self, members: Value) -> Value {
        self.product(with(json!({"description": null, "stock": 0, "status": "active"}), members))
    }

    /// Tries to add a product.
    pub async fn offer(&self, members: Value) -> Answer {
        self.admin.post("/products", &self.product(members)).await
    }

    /// Adds a product.
    pub async fn add(&self, members: Value) -> Thing {
        Thing::of("/products", &self.offer(members).await.expect_status(201))
    }

    /// Adds a product with nothing special about it.
    pub async fn add_any(&self) -> Thing {
        self.add(json!({})).await
    }

    /// Adds products of these names, a second apart.
    pub async fn add_named(&self, names: &[&str]) -> Vec<Thing> {
        let mut things = Vec::new();
        for name in names {
            self.shop.advance_seconds(1);
            things.push(self.add(json!({"name": name})).await);
        }
        things
    }

    /// Adds a category.
    pub async fn add_category(&self, name: &str, slug: &str) -> Thing {
        let made = self.admin.post("/categories", &json!({"name": name, "slug": slug})).await.expect_status(201);
        Thing::of("/categories", &made)
    }

    /// Tries to put so many units into stock, or to take them.
    pub async fn adjust(&self, product: &Thing, delta: i64) -> Answer {
        let body = json!({"delta": delta, "reason": "counted"});
        self.admin.post(&format!("{}/stock-adjustments", product.path), &body).await
    }

    /// The names on a page of products that a visitor sees.
    pub async fn names(&self, query: &str) -> Vec<String> {
        self.visitor.get(&format!("/products{query}")).await.expect_status(200).column("name")
    }
}

/// A price in minor units.
pub fn euro(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

/// An object with some members replaced or added.
pub fn with(mut object: Value, members: Value) -> Value {
    let (Some(into), Value::Object(members)) = (object.as_object_mut(), members) else { panic!("no objects") };
    into.extend(members);
    object
}

/// An object without some of its members.
pub fn without(mut object: Value, names: &[&str]) -> Value {
    object.as_object_mut().expect("an object").retain(|name, _| !names.contains(&name.as_str()));
    object
}
