//! Made-up orders: who bought what, when, and what became of it.
//!
//! Who buys what, and everything's id, depends on the seed and the order's number alone. When it happened depends on the
//! moment up to which orders are made up as well, so that a shop has something to do today whenever it is seeded; what would
//! have happened after that moment has not happened.

use chrono::TimeDelta;
use uuid::Uuid;

use super::chance::Chance;
use super::shelves::Shelves;
use super::words::{ORDER_NOTES, REGRETS};
use super::{ORDERS, opening, people};
use crate::domain::order::{Actor, Note, Offer, Order, OrderItem, Quantity, Status, Transition};
use crate::domain::product::Product;
use crate::domain::time::Timestamp;
use crate::service::Sold;

/// Orders are made up for this long a time before the end at least, so that some are not paid yet.
const LATELY: TimeDelta = TimeDelta::minutes(25);

/// Makes up orders of accounts and products that are made up as well.
pub struct Till<'s> {
    /// What everything is derived from.
    pub seed: u64,
    /// Who buys: so many accounts, of which there must be some.
    pub users: u64,
    /// What is bought: the first of these so many, of which there must be some.
    pub products: u64,
    pub shelves: &'s Shelves,
    /// Nothing happens after it.
    pub until: Timestamp,
}

impl Till<'_> {
    /// The order with this number, from 0; `None` when the shop's rules forbid it, which they do not.
    pub fn order(&self, number: u64) -> Option<Sold> {
        let mut chance = Chance::of(self.seed, ORDERS, number);
        let id = chance.id(opening() + TimeDelta::days(60) + TimeDelta::seconds(number.cast_signed()));
        let buyer = people::user(self.seed, chance.below(self.users));
        let bought = self.bought(&mut chance);
        // Nobody buys what is not there yet.
        let ready = bought.iter().map(|(product, _)| product.updated_at).fold(buyer.created_at, Timestamp::max);
        let placed_at = self.moment(&mut chance, ready + TimeDelta::days(1));
        let note = chance.in_percent(8).then(|| Note::restored((*chance.pick(ORDER_NOTES)).to_owned()));
        let (items, supplies) = items(&mut chance, bought, placed_at)?;
        let mut order = Order::place(id, buyer.id, items, note, placed_at).ok()?;
        let history = self.history(&mut chance, &order);
        if let Some(last) = history.last() {
            (order.status, order.updated_at) = (last.to, last.created_at);
        }
        order.version = i64::try_from(history.len()).ok()?;
        Some(Sold { order, history, supplies })
    }

    /// One to four products, the first ones more often than the last, and how many of each.
    fn bought(&self, chance: &mut Chance) -> Vec<(Product, i64)> {
        let wanted = *chance.pick(&[1, 1, 1, 1, 2, 2, 2, 3, 3, 4]);
        let mut numbers: Vec<u64> = Vec::with_capacity(wanted);
        for _ in 0..wanted {
            let number = chance.below(self.products).min(chance.below(self.products));
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        let pieces = |chance: &mut Chance| *chance.pick(&[1, 1, 1, 1, 1, 1, 2, 2, 3, 5]);
        numbers.into_iter().map(|number| (self.shelves.product(number).product, pieces(chance))).collect()
    }

    /// When it was placed: at any time since the shop was ready for it, some of them just now.
    fn moment(&self, chance: &mut Chance, ready: Timestamp) -> Timestamp {
        let lately = self.until - LATELY;
        let (since, before) = if chance.in_percent(2) { (lately, self.until) } else { (ready.min(lately), lately) };
        let span = (before - since).num_microseconds().unwrap_or_default().unsigned_abs();
        since + TimeDelta::microseconds(chance.below(span + 1).cast_signed())
    }

    /// What became of an order by now, the placing included.
    fn history(&self, chance: &mut Chance, order: &Order) -> Vec<Transition> {
        let buyer = Some(order.user_id);
        let mut line = |from, to, actor, note, at| {
            let actor_id = if actor == Actor::User { buyer } else { None };
            Transition { id: chance.id(at), order_id: order.id, from, to, actor, actor_id, note, created_at: at }
        };
        let mut lines = vec![line(None, Status::Pending, Actor::User, None, order.created_at)];
        let (mut from, mut at) = (Status::Pending, order.created_at);
        for Event { to, after, actor, note } in fate(order.id) {
            at += after;
            if at > self.until {
                break;
            }
            lines.push(line(Some(from), to, actor, note, at));
            from = to;
        }
        lines
    }
}

/// The items, and an id for the delivery of each.
fn items(chance: &mut Chance, bought: Vec<(Product, i64)>, at: Timestamp) -> Option<(Vec<OrderItem>, Vec<Uuid>)> {
    // Items are shown in the order of their ids.
    let mut ids: Vec<Uuid> = bought.iter().map(|_| chance.id(at)).collect();
    ids.sort_unstable();
    let supplies = bought.iter().map(|(product, _)| chance.id(product.created_at)).collect();
    let items = ids.into_iter().zip(bought).map(|(id, (product, pieces))| {
        let Product { id: product_id, sku, name, price, .. } = product;
        OrderItem::of(id, Offer { product_id, sku, name, price }, Quantity::restored(pieces), at)
    });
    Some((items.collect::<Result<_, _>>().ok()?, supplies))
}

/// Something that happens to an order.
struct Event {
    to: Status,
    /// So long after what happened before.
    after: TimeDelta,
    actor: Actor,
    note: Option<Note>,
}

/// Everything that will ever happen to an order, by its id. What is paid, sent and paid back is done by the shop itself.
fn fate(id: Uuid) -> Vec<Event> {
    let (high, low) = id.as_u64_pair();
    let chance = &mut Chance::of(high, ORDERS, low);
    let minutes = |chance: &mut Chance, least: u64, most: u64| {
        TimeDelta::seconds(chance.between(60 * least, 60 * most).cast_signed())
    };
    let by_shop = |to, after| Event { to, after, actor: Actor::System, note: None };
    let regret = |chance: &mut Chance, after| {
        let note = chance.in_percent(50).then(|| Note::restored((*chance.pick(REGRETS)).to_owned()));
        Event { to: Status::Cancelled, after, actor: Actor::User, note }
    };
    match chance.below(100) {
        0..9 => return vec![by_shop(Status::Cancelled, TimeDelta::minutes(30))],
        9..13 => {
            let after = minutes(chance, 1, 28);
            return vec![regret(chance, after)];
        }
        _ => {}
    }
    let mut events = vec![by_shop(Status::Paid, minutes(chance, 1, 24))];
    match chance.below(100) {
        0..3 => {
            let after = minutes(chance, 5, 180);
            events.push(regret(chance, after));
        }
        3..5 => events.push(by_shop(Status::Refunded, minutes(chance, 60, 1440))),
        _ => {
            events.push(by_shop(Status::Shipped, minutes(chance, 4 * 60, 60 * 60)));
            events.push(by_shop(Status::Delivered, minutes(chance, 20 * 60, 120 * 60)));
            if chance.in_percent(4) {
                events.push(by_shop(Status::Refunded, minutes(chance, 48 * 60, 480 * 60)));
            }
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::shelves::category;
    use std::collections::BTreeMap;

    const USERS: u64 = 40;
    const PRODUCTS: u64 = 60;

    fn shelves(seed: u64) -> Shelves {
        let ids = (0..5).map(|number| category(seed, number)).map(|one| (one.slug.as_str().to_owned(), one.id));
        Shelves::new(seed, 5, &ids.collect()).unwrap()
    }

    fn orders(seed: u64, until: Timestamp) -> Vec<Sold> {
        let till = Till { seed, users: USERS, products: PRODUCTS, shelves: &shelves(seed), until };
        (0..2_000).map(|number| till.order(number).expect("an order that the rules allow")).collect()
    }

    fn autumn() -> Timestamp {
        opening() + TimeDelta::days(700)
    }

    #[test]
    fn orders_obey_the_rules_of_the_shop() {
        for Sold { order, supplies, .. } in orders(3, autumn()) {
            let same = Order::place(order.id, order.user_id, order.items.clone(), None, order.created_at).unwrap();
            assert_eq!((same.total, order.items.len()), (order.total, supplies.len()));
            assert!(order.items.iter().all(|item| Quantity::new(item.quantity.pieces()) == Ok(item.quantity)));
            assert!(order.items.is_sorted_by_key(|item| item.id));
            if let Some(note) = &order.note {
                assert_eq!(Note::parse(note.as_str()), Ok(Some(note.clone())));
            }
        }
    }

    #[test]
    fn histories_lead_to_the_present_state_and_not_beyond_it() {
        for Sold { order, history, .. } in orders(3, autumn()) {
            assert_eq!(
                (history[0].from, history[0].to, history[0].created_at),
                (None, Status::Pending, order.created_at)
            );
            for pair in history.windows(2) {
                assert_eq!(pair[1].from, Some(pair[0].to));
                assert!(pair[0].created_at < pair[1].created_at);
            }
            let last = history.last().unwrap();
            assert_eq!((last.to, last.created_at), (order.status, order.updated_at));
            assert_eq!(usize::try_from(order.version), Ok(history.len()));
            assert!(last.created_at <= autumn());
            assert!(history.iter().all(|line| (line.actor == Actor::System) == line.actor_id.is_none()));
        }
    }

    #[test]
    fn every_state_occurs_and_months_and_buyers_are_many() {
        let (mut states, mut months, mut buyers) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for Sold { order, .. } in orders(1, autumn()) {
            *states.entry(order.status).or_insert(0) += 1;
            *months.entry(order.created_at.format("%Y-%m").to_string()).or_insert(0) += 1;
            *buyers.entry(order.user_id).or_insert(0) += 1;
        }
        assert!(Status::ALL.iter().all(|status| states.get(status).is_some_and(|count| *count > 1)), "{states:?}");
        assert!(months.len() > 20 && buyers.len() == 40, "{months:?}");
    }

    #[test]
    fn another_moment_changes_when_orders_were_placed_and_not_what_they_are() {
        let what = |sold: &Sold| {
            let Order { id, user_id, items, total, .. } = &sold.order;
            let items: Vec<_> = items.iter().map(|item| (item.product_id, item.quantity)).collect();
            (*id, *user_id, items, *total)
        };
        let (one, other) = (orders(1, autumn()), orders(1, autumn() + TimeDelta::days(30)));
        assert_eq!(one, orders(1, autumn()));
        assert_ne!(one, other);
        assert_eq!(one.iter().map(what).collect::<Vec<_>>(), other.iter().map(what).collect::<Vec<_>>());
    }

    #[test]
    fn nobody_buys_before_the_shop_is_ready() {
        let shelves = shelves(1);
        let ready: BTreeMap<Uuid, Timestamp> =
            (0..PRODUCTS).map(|number| shelves.product(number).product).map(|it| (it.id, it.updated_at)).collect();
        for Sold { order, .. } in orders(1, autumn()) {
            assert!(order.items.iter().all(|item| ready[&item.product_id] < order.created_at));
        }
    }
}
