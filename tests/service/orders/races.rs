//! Many at once: nothing is sold twice, nothing is lost.

use std::collections::HashSet;
use std::sync::Arc;

use shopkeeper::domain::order::Status;
use shopkeeper::service::{
    Caller, Change, Error, Keep, NewOrder, NewOrderItem, NewStockAdjustment, NewTransition, Shop,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{ANY, Market};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_buyers_of_ten_pieces_get_ten_orders() {
    let market = Market::open(&[10]).await;
    let mut buyers = JoinSet::new();
    for number in 0..40 {
        let buyer = market.room.person(&format!("buyer_{number}")).await;
        let (shop, wish) = (market.shop().clone(), market.wish(&[(0, 1)]));
        buyers.spawn(async move { shop.place_order(&buyer, buyer.id(), wish, Keep::nothing()).await });
    }
    let outcomes = buyers.join_all().await;
    let mut ids = HashSet::new();
    for outcome in outcomes {
        match outcome {
            Ok(order) => assert!(ids.insert(order.id)),
            Err(Error::OutOfStock(short)) => assert_eq!((short[0].wanted, short[0].available), (1, 0)),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((ids.len(), market.stock(0).await), (10, 0));
    market.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_of_the_same_products_in_opposite_order_never_block_each_other() {
    let market = Market::open(&[60, 60, 60]).await;
    let ada = market.room.person("ada").await;
    let mut orders = JoinSet::new();
    for number in 0..60 {
        let wish = if number % 2 == 0 { [(0, 1), (1, 1), (2, 1)] } else { [(2, 1), (1, 1), (0, 1)] };
        let (shop, wish, ada) = (market.shop().clone(), market.wish(&wish), Arc::clone(&ada));
        orders.spawn(async move { shop.place_order(&ada, ada.id(), wish, Keep::nothing()).await });
    }
    assert!(orders.join_all().await.iter().all(Result::is_ok));
    assert_eq!([market.stock(0).await, market.stock(1).await, market.stock(2).await], [0, 0, 0]);
    market.audit().await;
}

/// Chance that can be repeated (xorshift).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Somebody who does one thing after the other, and never anything twice the same way.
struct Busybody {
    shop: Shop,
    caller: Arc<Caller>,
    admin: Arc<Caller>,
    products: Vec<Uuid>,
    orders: Vec<Uuid>,
    dice: Dice,
}

impl Busybody {
    fn product(&mut self) -> Uuid {
        let place = self.dice.roll(self.products.len() as u64);
        self.products[usize::try_from(place).expect("few")]
    }

    fn pieces(&mut self) -> i64 {
        i64::try_from(self.dice.roll(4)).expect("few") + 1
    }

    fn item(&mut self) -> NewOrderItem {
        NewOrderItem { product_id: self.product(), quantity: self.pieces() }
    }

    async fn act(&mut self) -> Result<(), Error> {
        let order = self.orders.last().copied().unwrap_or_default();
        let (shop, caller, admin) = (self.shop.clone(), Arc::clone(&self.caller), Arc::clone(&self.admin));
        match self.dice.roll(8) {
            0 | 1 => {
                let items = vec![self.item(), self.item()];
                let made =
                    shop.place_order(&caller, caller.id(), NewOrder { items, note: None }, Keep::nothing()).await?;
                self.orders.push(made.id);
            }
            2 => drop(shop.add_order_item(&caller, order, self.item(), Keep::nothing()).await?),
            3 => {
                let items = shop.order(&caller, order, shopkeeper::domain::order::OrderWanted::ALL).await?.items;
                let (item, pieces) = (items[0].id, self.pieces());
                shop.set_order_item(&caller, order, item, pieces, &ANY).await?;
            }
            4 => {
                let items = shop.order(&caller, order, shopkeeper::domain::order::OrderWanted::ALL).await?.items;
                shop.remove_order_item(&caller, order, items[0].id, &ANY).await?;
            }
            5 => {
                let to = if self.dice.roll(2) == 0 { Status::Paid } else { Status::Cancelled };
                let request = NewTransition { to, note: None };
                shop.take_step(&admin, order, request, Keep::nothing()).await?;
            }
            6 => {
                let delta = self.pieces() * if self.dice.roll(2) == 0 { 1 } else { -1 };
                let request = NewStockAdjustment { delta, reason: "counted".to_owned() };
                shop.adjust_stock(&admin, self.product(), request, Keep::nothing()).await?;
            }
            _ => drop(shop.update_order(&caller, order, Change::Set(self.pieces().to_string()), &ANY).await?),
        }
        Ok(())
    }
}

/// What somebody must be prepared for who shares the shop with others.
fn is_expected(refusal: &Error) -> bool {
    let state = matches!(refusal, Error::OutOfStock(_) | Error::Conflict(_) | Error::NoStep { .. });
    // Whoever serves requests does what collided again.
    state || matches!(refusal, Error::Missing | Error::Invalid(_) | Error::Collided)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_done_at_once_stock_ledger_and_orders_agree() {
    let market = Market::open(&[40, 20, 5]).await;
    let mut tasks = JoinSet::new();
    for number in 1..=8 {
        let mut busybody = Busybody {
            shop: market.shop().clone(),
            caller: market.room.person(&format!("busy_{number}")).await,
            admin: Arc::clone(&market.admin),
            products: market.products.iter().map(|product| product.id).collect(),
            orders: Vec::new(),
            dice: Dice(0x9e37_79b9_7f4a_7c15 ^ number),
        };
        tasks.spawn(async move {
            for _ in 0..50 {
                let refused = busybody.act().await.err();
                assert!(refused.as_ref().is_none_or(is_expected), "seed {number}: {refused:?}");
            }
            busybody.orders.len()
        });
    }
    let placed: usize = tasks.join_all().await.into_iter().sum();
    assert_eq!(market.orders().await.len(), placed);
    market.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_read_as_it_was_at_one_moment() {
    let market = Market::open(&[100, 100]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 1), (1, 1)]).await.expect("an order");
    let (shop, caller, item) = (market.shop().clone(), Arc::clone(&ada), order.items[0].id);
    let writing = tokio::spawn(async move {
        for round in 0..400 {
            shop.set_order_item(&caller, order.id, item, 1 + round % 7, &ANY).await.expect("a change");
        }
    });
    let mut reads = 0;
    while !writing.is_finished() || reads < 10 {
        for order in market.orders().await.into_iter().chain([market.read(order.id).await]) {
            let total: i64 = order.items.iter().map(|item| item.total.amount()).sum();
            assert_eq!(order.total.amount(), total, "{order:?}");
        }
        reads += 1;
    }
    writing.await.expect("no panic");
}

#[tokio::test]
async fn what_changes_nothing_is_told_when_what_it_saw_is_durable() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
    let (id, item) = (order.id, order.items[0].id);
    for changes_item in [true, false] {
        let turn = market.shop().store().begin().await.expect("a turn");
        let commits = market.shop().store().stats().commits;
        let asked = [(); 2].map(|()| {
            let (shop, ada) = (market.shop().clone(), Arc::clone(&ada));
            tokio::spawn(async move {
                if changes_item {
                    shop.set_order_item(&ada, id, item, 3, &ANY).await.expect("three");
                } else {
                    shop.update_order(&ada, id, Change::Set("x".to_owned()), &ANY).await.expect("a note");
                }
                shop.store().stats().commits
            })
        });
        // Both queue behind this turn; the second finds done what the first has not committed yet.
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        drop(turn);
        for done in asked {
            assert!(done.await.expect("no panic") > commits, "changes_item: {changes_item}");
        }
    }
}
