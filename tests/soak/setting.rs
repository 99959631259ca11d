//! What there is before the first order: products, buyers, and somebody who handles what they buy.

use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use super::server::ADMIN_PASSWORD;
use super::wire::id;
use crate::support::{Guest, Lines};

/// Pieces of each product at the beginning: some are scarce, some are not.
const STOCK: [i64; 8] = [3, 10, 40, 40, 200, 200, 1000, 5000];

/// Who and what takes part.
pub struct Setting {
    /// An API key of the administrator's.
    pub staff: String,
    /// An API key of each buyer's.
    pub buyers: Vec<String>,
    pub products: Vec<Uuid>,
}

struct Door(Guest);

impl Door {
    async fn post(&self, path: &str, token: &str, body: &Value) -> Value {
        let guest = if token.is_empty() { self.0.clone() } else { self.0.bearing(token) };
        let answer = guest.post(path, body).await;
        assert!((200..300).contains(&answer.status), "{answer}");
        answer.json()
    }

    async fn sign_in(&self, name: &str, password: &str) -> String {
        let pair = self.0.log_in(name, password).await;
        pair["access_token"].as_str().expect("a token").to_owned()
    }

    /// A key outlives the sessions of a long run.
    async fn key(&self, token: &str, scopes: &[&str]) -> String {
        let made = self.post("/users/me/api-keys", token, &json!({"name": "soak", "scopes": scopes})).await;
        made["secret"].as_str().expect("a secret").to_owned()
    }
}

impl Setting {
    /// Puts it there, over a server that is left alone meanwhile.
    pub async fn make(base: &watch::Receiver<Option<String>>, buyers: usize) -> Self {
        let base = base.borrow().clone().expect("a server");
        let door = Door(Guest::on(Lines::to(&base)));
        let admin = door.sign_in("admin", ADMIN_PASSWORD).await;
        let staff = door.key(&admin, &["orders:read", "orders:write", "orders:manage", "catalog:write"]).await;
        let shelf = door.post("/categories", &admin, &json!({"name": "All", "slug": "all"})).await;
        let mut products = Vec::new();
        for (number, stock) in (1..).zip(STOCK) {
            let product = json!({
                "category_id": shelf["id"], "name": format!("Thing {number}"), "sku": format!("T-{number}"),
                "price": {"amount": 100 * number + 1, "currency": "EUR"}, "stock": stock,
            });
            products.push(id(&door.post("/products", &admin, &product).await["id"]).expect("an id"));
        }
        let mut keys = Vec::new();
        for number in 0..buyers {
            let (name, password) = (format!("buyer_{number}"), format!("Word-of-{number}-Xy1"));
            let account = json!({"username": name, "email": format!("{name}@example.com"), "password": password});
            door.post("/users", "", &account).await;
            let token = door.sign_in(&name, &password).await;
            keys.push(door.key(&token, &["orders:read", "orders:write"]).await);
        }
        Self { staff, buyers: keys, products }
    }
}
