//! Orders against a model: whatever is tried in whatever order, an order is what simple arithmetic says.

use std::collections::BTreeMap;

use chrono::DateTime;
use uuid::Uuid;

use super::*;
use crate::domain::money::Currency;

/// Chance that can be repeated (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    /// Mostly a usual number, now and then one at the edges.
    fn pieces(&mut self) -> i64 {
        match self.roll(12) {
            0 => 0,
            1 => Quantity::MAX,
            2 => Quantity::MAX + 1,
            usual => i64::try_from(usual).expect("small"),
        }
    }
}

/// Product → pieces and price: all that an order is, as one would reckon it on paper.
#[derive(Debug, Default)]
struct Paper(BTreeMap<Uuid, (i64, i64)>);

impl Paper {
    fn total(&self) -> i64 {
        self.0.values().map(|(pieces, price)| pieces * price).sum()
    }

    fn agrees_with(&self, order: &Order) {
        let items = order.items.iter().map(|item| {
            assert_eq!(Some(item.total), item.unit_price.times(item.quantity.pieces()));
            (item.product_id, (item.quantity.pieces(), item.unit_price.amount()))
        });
        let items: Vec<_> = items.collect();
        assert_eq!(items.len(), self.0.len(), "one item of each product");
        assert_eq!(items.into_iter().collect::<BTreeMap<_, _>>(), self.0);
        assert_eq!(order.total.amount(), self.total());
    }
}

fn product(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1)
}

fn offer(number: u64, code: &str) -> Offer {
    let currency = Currency::parse(code).expect("a currency");
    Offer {
        product_id: product(number),
        sku: Sku::restored(format!("T-{number}")),
        name: ProductName::restored(format!("Thing {number}")),
        price: Money::restored(Money::MAX_AMOUNT / (i64::try_from(number).expect("small") + 1), currency),
    }
}

fn item(id: u64, offer: Offer, pieces: i64) -> OrderItem {
    let quantity = Quantity::new(pieces).expect("a quantity");
    OrderItem::of(Uuid::from_u128(u128::from(id) << 64), offer, quantity, DateTime::UNIX_EPOCH).expect("an item")
}

#[test]
fn whatever_is_changed_an_order_is_the_sum_of_its_items() {
    for seed in 1..=60 {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ seed);
        let first = offer(0, "EUR");
        let mut paper = Paper(BTreeMap::from([(first.product_id, (3, first.price.amount()))]));
        let placed = Order::place(Uuid::nil(), Uuid::nil(), vec![item(0, first, 3)], None, DateTime::UNIX_EPOCH);
        let mut order = placed.expect("an order");
        for turn in 1..=200 {
            let before = order.clone();
            let outcome = play(&mut dice, turn, &mut order, &mut paper);
            if outcome.is_err() {
                assert_eq!(order, before, "seed {seed}: what is refused changes nothing");
            }
            paper.agrees_with(&order);
        }
    }
}

fn play(dice: &mut Dice, turn: u64, order: &mut Order, paper: &mut Paper) -> Result<(), Refusal> {
    let number = dice.roll(130);
    let known = order.items.iter().find(|item| item.product_id == product(number)).map(|item| item.id);
    match (dice.roll(4), known) {
        (0 | 1, _) => {
            let (code, pieces) = (if dice.roll(9) == 0 { "JPY" } else { "EUR" }, dice.pieces().clamp(1, Quantity::MAX));
            let added = item(turn, offer(number, code), pieces);
            let price = added.unit_price.amount();
            let expected = match known {
                Some(_) => Err(Refusal::InOrder),
                None if order.items.len() == Basket::MOST => Err(Refusal::Full),
                None if code == "JPY" => Err(Refusal::Currency(vec![order.items.len()])),
                None => Ok(()),
            };
            let outcome = order.add(added);
            assert_eq!(outcome, expected);
            if outcome.is_ok() {
                paper.0.insert(product(number), (pieces, price));
            }
            outcome
        }
        (2, Some(id)) => {
            let Ok(quantity) = Quantity::new(dice.pieces()) else { return Ok(()) };
            let line = paper.0.get_mut(&product(number)).expect("it is on paper");
            assert_eq!(order.set_quantity(id, quantity), Ok(quantity.pieces() - line.0));
            line.0 = quantity.pieces();
            Ok(())
        }
        (_, Some(id)) => {
            let last = order.items.len() == 1;
            let outcome = order.remove(id);
            assert_eq!(outcome.is_err(), last);
            if outcome.is_ok() {
                paper.0.remove(&product(number));
            }
            outcome.map(drop)
        }
        (_, None) => {
            assert_eq!(order.remove(product(number)), Err(Refusal::NoItem));
            assert_eq!(order.set_quantity(product(number), Quantity::restored(1)), Err(Refusal::NoItem));
            Ok(())
        }
    }
}

#[test]
fn nothing_of_an_order_that_is_not_pending_changes() {
    for status in Status::ALL.into_iter().filter(|status| *status != Status::Pending) {
        let items = vec![item(0, offer(0, "EUR"), 1), item(1, offer(1, "EUR"), 1)];
        let placed = Order::place(Uuid::nil(), Uuid::nil(), items, None, DateTime::UNIX_EPOCH).expect("an order");
        let mut order = Order { status, ..placed };
        let (before, id, refused) = (order.clone(), order.items[0].id, Refusal::NotPending(status));
        assert_eq!(order.add(item(2, offer(2, "EUR"), 1)), Err(refused.clone()));
        assert_eq!(order.set_quantity(id, Quantity::restored(2)), Err(refused.clone()));
        assert_eq!(order.remove(id), Err(refused));
        assert_eq!(order, before);
    }
}

#[test]
fn a_basket_is_what_was_mentioned_each_product_once() {
    for seed in 1..=200 {
        let mut dice = Dice(0x2545_f491_4f6c_dd1d ^ seed);
        let count = dice.roll(30) + 1;
        let wanted: Vec<(Uuid, i64)> = (0..count).map(|_| (product(dice.roll(8)), dice.pieces())).collect();
        let mut sums: BTreeMap<Uuid, i64> = BTreeMap::new();
        for (id, pieces) in &wanted {
            *sums.entry(*id).or_default() += pieces;
        }
        let fits = wanted.iter().all(|(_, pieces)| Quantity::new(*pieces).is_ok())
            && sums.values().all(|pieces| Quantity::new(*pieces).is_ok());
        match Basket::new(&wanted) {
            Ok(basket) => {
                assert!(fits, "seed {seed}");
                let lines = basket.by_product();
                assert!(lines.is_sorted_by_key(|line| line.product_id));
                let told: BTreeMap<_, _> = lines.iter().map(|line| (line.product_id, line.quantity.pieces())).collect();
                assert_eq!(told, sums);
                for line in lines {
                    let first = wanted.iter().position(|(id, _)| *id == line.product_id);
                    assert_eq!(Some(line.position), first);
                }
            }
            Err(flaws) => assert!(!fits && !flaws.is_empty(), "seed {seed}: {flaws:?}"),
        }
    }
    assert!(Basket::new(&[]).is_err());
    assert!(Basket::new(&vec![(product(1), 1); 101]).is_err());
    assert!(Basket::new(&vec![(product(1), 1); 100]).is_ok());
}

#[test]
fn the_dearest_order_still_has_a_total() {
    let items = (0..100).map(|number| {
        let price = Money::restored(Money::MAX_AMOUNT, Currency::parse("EUR").expect("a currency"));
        item(number, Offer { price, ..offer(number, "EUR") }, Quantity::MAX)
    });
    let order = Order::place(Uuid::nil(), Uuid::nil(), items.collect(), None, DateTime::UNIX_EPOCH).expect("an order");
    assert_eq!(order.total.amount(), 100_000_000_000_000_000);
    assert_eq!(Order::place(Uuid::nil(), Uuid::nil(), Vec::new(), None, order.created_at), Err(Refusal::LastItem));
}

#[test]
fn words_are_read_back() {
    for status in Status::ALL {
        assert_eq!(Status::parse(status.as_str()), Some(status));
    }
    for actor in Actor::ALL {
        assert_eq!(Actor::parse(actor.as_str()), Some(actor));
    }
    assert_eq!((Status::parse("lost"), Actor::parse("ghost")), (None, None));
}

#[test]
fn a_quantity_is_some_and_not_too_many() {
    assert_eq!(Quantity::new(0).expect_err("none").code, "minimum");
    assert_eq!(Quantity::new(10_001).expect_err("too many").code, "maximum");
    let most = Quantity::new(10_000).expect("the most");
    assert_eq!(most.plus(most).expect_err("too many").code, "maximum");
    assert_eq!(most.pieces(), 10_000);
}

#[test]
fn a_blank_note_is_none() {
    assert_eq!(Note::parse(" \n\u{0}"), Ok(None));
    assert_eq!(Note::parse(" ring\r\ntwice ").map(|note| note.expect("a note").0).as_deref(), Ok("ring\ntwice"));
    assert_eq!(Note::parse(&"x".repeat(501)).expect_err("long").code, "max_length");
}
