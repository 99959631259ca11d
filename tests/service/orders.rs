//! Orders: placing and changing them, what becomes of them, and that stock, ledger and orders never disagree.

mod items;
mod model;
mod placing;
mod races;
mod steps;
mod sweeping;

use std::collections::HashMap;
use std::sync::Arc;

use shopkeeper::domain::access::Role;
use shopkeeper::domain::order::{Order, OrderFilter, OrderItem, OrderSort, OrderWanted, Status, Transition};
use shopkeeper::domain::page;
use shopkeeper::domain::product::{Product, ProductStatus, Wanted};
use shopkeeper::service::{
    Caller, Error, Expected, Keep, ListRequest, NewCategory, NewOrder, NewOrderItem, NewProduct, NewTransition,
    Options, Price, Shop, Start,
};
use uuid::Uuid;

use crate::Room;

/// A shop with products to buy.
pub struct Market {
    pub room: Room,
    pub admin: Arc<Caller>,
    pub products: Vec<Product>,
}

impl Market {
    /// With a product for each of these numbers of pieces; one of the first costs 10.00 €, of the next 20.00 €, and so on.
    pub async fn open(stock: &[i64]) -> Self {
        Self::open_with(stock, Options::default()).await
    }

    pub async fn open_with(stock: &[i64], options: Options) -> Self {
        let room = Room::with(options).await;
        let admin = room.admin().await;
        let shelf = NewCategory { name: "All".to_owned(), slug: "all".to_owned(), description: None };
        let shelf = room.shop.create_category(&admin, shelf, Keep::nothing()).await.expect("a category");
        let mut market = Self { room, admin, products: Vec::new() };
        for (place, stock) in (1..).zip(stock) {
            let product = NewProduct {
                category_id: shelf.id,
                name: format!("Thing {place}"),
                sku: format!("T-{place}"),
                description: None,
                price: Price { amount: place * 1000, currency: "EUR".to_owned() },
                stock: *stock,
                status: ProductStatus::Active,
            };
            let made = market.room.shop.create_product(&market.admin, product, Keep::nothing()).await;
            market.products.push(made.expect("a product"));
        }
        market
    }

    pub fn shop(&self) -> &Shop {
        &self.room.shop
    }

    pub async fn moderator(&self) -> Arc<Caller> {
        let user = self.room.register("moderator").await;
        self.room.promote(&user, Role::Moderator).await;
        self.room.caller(&self.room.log_in("moderator").await.access).await
    }

    /// So many of the product in this place.
    pub fn some(&self, place: usize, quantity: i64) -> NewOrderItem {
        NewOrderItem { product_id: self.products[place].id, quantity }
    }

    pub fn wish(&self, items: &[(usize, i64)]) -> NewOrder {
        NewOrder { items: items.iter().map(|(place, quantity)| self.some(*place, *quantity)).collect(), note: None }
    }

    pub async fn place(&self, caller: &Caller, items: &[(usize, i64)]) -> Result<Order, Error> {
        self.shop().place_order(caller, caller.id(), self.wish(items), Keep::nothing()).await
    }

    pub async fn step(&self, caller: &Caller, order: &Order, to: Status) -> Result<Transition, Error> {
        let request = NewTransition { to, note: None };
        self.shop().take_step(caller, order.id, request, Keep::nothing()).await
    }

    pub async fn add(&self, caller: &Caller, order: &Order, item: NewOrderItem) -> Result<OrderItem, Error> {
        self.shop().add_order_item(caller, order.id, item, Keep::nothing()).await
    }

    pub async fn read(&self, id: Uuid) -> Order {
        self.shop().order(&self.admin, id, OrderWanted::ALL).await.expect("an order")
    }

    pub async fn stock(&self, place: usize) -> i64 {
        self.shop().product(self.products[place].id, Wanted::ALL).await.expect("a product").stock.pieces()
    }

    pub async fn history(&self, id: Uuid) -> Vec<Transition> {
        let request = ListRequest { limit: 100, start: Start::Page(1) };
        let history = self.shop().order_transitions(&self.admin, id, page::Order::Ascending, &request).await;
        history.expect("a history").items
    }

    /// Every order.
    pub async fn orders(&self) -> Vec<Order> {
        let (mut orders, mut cursor) = (Vec::new(), String::new());
        loop {
            let request = ListRequest { limit: 100, start: Start::Cursor(cursor) };
            let sorting = (OrderSort::CreatedAt, page::Order::Ascending);
            let filter = OrderFilter::default();
            let part = self.shop().orders(&self.admin, filter, sorting, &request, OrderWanted::ALL).await;
            let part = part.expect("a part");
            orders.extend(part.items);
            match part.next_cursor {
                Some(next) => cursor = next,
                None => return orders,
            }
        }
    }

    /// Holds stock, ledger and orders against each other: what came into the house is there, or an order that was not
    /// cancelled holds it. And every order is right in itself.
    pub async fn audit(&self) {
        let mut held: HashMap<Uuid, i64> = HashMap::new();
        for order in self.orders().await {
            assert!(!order.items.is_empty(), "{order:?}");
            let total: i64 = order.items.iter().map(|item| item.unit_price.amount() * item.quantity.pieces()).sum();
            assert_eq!(order.total.amount(), total, "{order:?}");
            assert_eq!(self.history(order.id).await.last().map(|line| line.to), Some(order.status));
            for item in order.items.iter().filter(|_| order.status != Status::Cancelled) {
                *held.entry(item.product_id).or_default() += item.quantity.pieces();
            }
        }
        for (place, product) in self.products.iter().enumerate() {
            let held = held.get(&product.id).copied().unwrap_or_default();
            assert_eq!(self.stock(place).await, self.ledger(product.id).await - held, "{}", product.sku.as_str());
        }
    }

    /// What came into the house of a product.
    async fn ledger(&self, product_id: Uuid) -> i64 {
        let (mut sum, mut cursor) = (0, String::new());
        loop {
            let request = ListRequest { limit: 100, start: Start::Cursor(cursor) };
            let part = self.shop().stock_adjustments(&self.admin, product_id, page::Order::Ascending, &request).await;
            let part = part.expect("a part");
            sum += part.items.iter().map(|line| line.delta.pieces()).sum::<i64>();
            match part.next_cursor {
                Some(next) => cursor = next,
                None => return sum,
            }
        }
    }
}

/// In whichever version.
const ANY: Expected = Expected::Any;
