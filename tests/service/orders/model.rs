//! Orders against a model: whatever is done in whatever order, stock, orders and what may become of them are what one would
//! reckon on paper, and what is refused is refused for the reason that one would give.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use shopkeeper::domain::order::Status;
use shopkeeper::service::{Caller, Conflict, Error, Keep, NewStockAdjustment, Options};
use uuid::Uuid;

use super::races::Dice;
use super::steps::open;
use super::{ANY, Market};

/// Minutes that an order may be pending.
const EXPIRY: u64 = 30;

/// An order on paper: product → pieces, by the places of the products.
#[derive(Debug)]
struct Sheet {
    id: Uuid,
    status: Status,
    pieces: BTreeMap<usize, i64>,
    version: i64,
    /// Minutes since the beginning at which it was placed.
    placed: u64,
}

/// The shop on paper.
struct Paper {
    stock: Vec<i64>,
    orders: Vec<Sheet>,
    now: u64,
}

/// A reason in a word; what went well is `done`.
fn word<T: Debug>(outcome: &Result<T, Error>) -> &'static str {
    match outcome {
        Ok(_) => "done",
        Err(Error::OutOfStock(_) | Error::Conflict(Conflict::InsufficientStock { .. })) => "short",
        Err(Error::NoStep { .. }) => "no step",
        Err(Error::Missing) => "missing",
        Err(Error::Conflict(Conflict::OrderNotPending(_))) => "not pending",
        Err(Error::Conflict(Conflict::ProductInOrder)) => "in order",
        Err(Error::Conflict(Conflict::OrderEmpty)) => "last item",
        Err(error) => panic!("{error:?}"),
    }
}

impl Paper {
    /// Takes pieces, or, of a negative number, puts them back.
    fn take(&mut self, product: usize, pieces: i64) -> &'static str {
        if self.stock[product] < pieces {
            return "short";
        }
        self.stock[product] -= pieces;
        "done"
    }

    fn place(&mut self, wanted: &[(usize, i64)]) -> Result<BTreeMap<usize, i64>, &'static str> {
        let mut sums = BTreeMap::new();
        for (product, pieces) in wanted {
            *sums.entry(*product).or_default() += pieces;
        }
        if sums.iter().any(|(product, pieces)| self.stock[*product] < *pieces) {
            return Err("short");
        }
        for (product, pieces) in &sums {
            self.stock[*product] -= pieces;
        }
        Ok(sums)
    }

    /// Changes how many of a product are in an order, from `before` to `after`; nought is none at all.
    fn set(&mut self, order: usize, product: usize, after: i64) -> &'static str {
        let sheet = &self.orders[order];
        let before = sheet.pieces.get(&product).copied().unwrap_or_default();
        if sheet.status != Status::Pending {
            return "not pending";
        }
        if after == 0 && sheet.pieces.len() == 1 {
            return "last item";
        }
        if before == after {
            return "done";
        }
        let outcome = self.take(product, after - before);
        if outcome == "done" {
            let sheet = &mut self.orders[order];
            sheet.version += 1;
            sheet.pieces.insert(product, after);
            sheet.pieces.retain(|_, pieces| *pieces > 0);
        }
        outcome
    }

    fn step(&mut self, order: usize, to: Status) {
        let sheet = &mut self.orders[order];
        sheet.status = to;
        sheet.version += 1;
        if to == Status::Cancelled {
            for (product, pieces) in &sheet.pieces {
                self.stock[*product] += pieces;
            }
        }
    }

    /// Time is over for these.
    fn overdue(&self) -> Vec<usize> {
        let is_overdue = |sheet: &Sheet| sheet.status == Status::Pending && sheet.placed + EXPIRY < self.now;
        (0..self.orders.len()).filter(|order| is_overdue(&self.orders[*order])).collect()
    }
}

/// Both, side by side.
struct Play {
    market: Market,
    owner: Arc<Caller>,
    staff: Arc<Caller>,
    paper: Paper,
    dice: Dice,
}

impl Play {
    fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.dice.roll(sides as u64)).expect("few")
    }

    fn pieces(&mut self) -> i64 {
        i64::try_from(self.dice.roll(5)).expect("few") + 1
    }

    async fn turn(&mut self) {
        let product = self.roll(self.paper.stock.len());
        let count = self.paper.orders.len();
        match (self.roll(9), count) {
            (0 | 1, _) | (_, 0) => self.place(product).await,
            (2, _) => self.adjust(product).await,
            (3, _) => self.wait().await,
            // Of the latest, among which some are still pending.
            (lot, _) => {
                let order = count - 1 - self.roll(count.min(5));
                self.change(lot, order, product).await;
                self.compare(order).await;
            }
        }
        for (place, stock) in self.paper.stock.iter().enumerate() {
            assert_eq!(self.market.stock(place).await, *stock, "of product {place}");
        }
    }

    async fn place(&mut self, product: usize) {
        let wanted = [(product, self.pieces()), (self.roll(self.paper.stock.len()), self.pieces())];
        let outcome = self.market.place(&self.owner, &wanted).await;
        match self.paper.place(&wanted) {
            Err(reason) => assert_eq!(word(&outcome), reason, "{wanted:?}"),
            Ok(pieces) => {
                let id = outcome.expect("there is enough").id;
                let (status, placed) = (Status::Pending, self.paper.now);
                self.paper.orders.push(Sheet { id, status, pieces, version: 1, placed });
                self.compare(self.paper.orders.len() - 1).await;
            }
        }
    }

    async fn adjust(&mut self, product: usize) {
        let delta = self.pieces() * if self.roll(3) == 0 { -1 } else { 1 };
        let (id, request) = (self.market.products[product].id, NewStockAdjustment { delta, reason: "x".to_owned() });
        let outcome = self.market.shop().adjust_stock(&self.market.admin, id, request, Keep::nothing()).await;
        assert_eq!(word(&outcome), self.paper.take(product, -delta), "{delta}");
    }

    async fn wait(&mut self) {
        let minutes = self.dice.roll(EXPIRY);
        self.market.room.pass(minutes * 60);
        self.paper.now += minutes;
        let overdue = self.paper.overdue();
        let expired = self.market.shop().expire_orders().await.expect("a look");
        assert_eq!(expired, overdue.len() as u64);
        for order in overdue {
            self.paper.step(order, Status::Cancelled);
            self.compare(order).await;
        }
    }

    async fn change(&mut self, lot: usize, order: usize, product: usize) {
        let shown = self.market.read(self.paper.orders[order].id).await;
        let (shop, pieces) = (self.market.shop().clone(), self.pieces());
        let item = shown.items.iter().find(|item| item.product_id == self.market.products[product].id);
        match (lot, item) {
            (4 | 5, None) => {
                let outcome = self.market.add(&self.owner, &shown, self.market.some(product, pieces)).await;
                assert_eq!(word(&outcome), self.paper.set(order, product, pieces));
            }
            (4, Some(_)) => {
                let outcome = self.market.add(&self.owner, &shown, self.market.some(product, pieces)).await;
                let pending = shown.status == Status::Pending;
                assert_eq!(word(&outcome), if pending { "in order" } else { "not pending" });
            }
            (5, Some(item)) => {
                let outcome = shop.set_order_item(&self.owner, shown.id, item.id, pieces, &ANY).await;
                assert_eq!(word(&outcome), self.paper.set(order, product, pieces));
            }
            (6, item) => {
                let id = item.map_or(Uuid::nil(), |item| item.id);
                let outcome = shop.remove_order_item(&self.owner, shown.id, id, &ANY).await;
                let expected = if item.is_none() { "missing" } else { self.paper.set(order, product, 0) };
                assert_eq!(word(&outcome), expected);
            }
            _ => self.step(order, lot == 7).await,
        }
    }

    async fn step(&mut self, order: usize, by_staff: bool) {
        let to = Status::ALL[self.roll(Status::ALL.len())];
        let caller = Arc::clone(if by_staff { &self.staff } else { &self.owner });
        let shown = self.market.read(self.paper.orders[order].id).await;
        let outcome = self.market.step(&caller, &shown, to).await;
        if open(shown.status, by_staff).contains(&to) {
            assert_eq!(word(&outcome), "done", "{:?} to {to:?}", shown.status);
            self.paper.step(order, to);
        } else {
            assert_eq!(word(&outcome), "no step", "{:?} to {to:?}", shown.status);
        }
    }

    /// Holds an order against its sheet.
    async fn compare(&self, order: usize) {
        let sheet = &self.paper.orders[order];
        let shown = self.market.read(sheet.id).await;
        let place = |id: Uuid| self.market.products.iter().position(|product| product.id == id).expect("a product");
        let pieces = shown.items.iter().map(|item| (place(item.product_id), item.quantity.pieces())).collect();
        assert_eq!((shown.status, &pieces, shown.version), (sheet.status, &sheet.pieces, sheet.version));
        // A product costs a thousand times its number, which begins with one.
        let total: i64 = (0_i64..).zip(&self.paper.stock).fold(0, |total, (number, _)| {
            let pieces = sheet.pieces.get(&usize::try_from(number).expect("few")).copied().unwrap_or_default();
            total + pieces * (number + 1) * 1000
        });
        assert_eq!(shown.total.amount(), total);
        for (caller, is_staff) in [(&self.owner, false), (&self.staff, true)] {
            assert_eq!(self.market.shop().steps_of(caller, &shown), open(sheet.status, is_staff));
        }
    }
}

#[tokio::test]
async fn whatever_is_done_in_whatever_order_the_shop_is_as_reckoned_on_paper() {
    let stock = [6, 12, 30, 100];
    for seed in 1..=6 {
        println!("seed {seed}");
        let expiry = Duration::from_mins(EXPIRY);
        let market = Market::open_with(&stock, Options { order_expiry: expiry, ..Options::default() }).await;
        let (owner, staff) = (market.room.person("ada").await, market.moderator().await);
        let paper = Paper { stock: stock.to_vec(), orders: Vec::new(), now: 0 };
        let mut play = Play { market, owner, staff, paper, dice: Dice(0x9e37_79b9_7f4a_7c15 ^ seed) };
        for _ in 0..150 {
            play.turn().await;
        }
        play.market.audit().await;
    }
}
