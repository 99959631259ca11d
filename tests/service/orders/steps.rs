//! What becomes of an order.

use std::sync::Arc;

use shopkeeper::domain::order::{Actor, Order, Status};
use shopkeeper::service::{Caller, Error, Expected, Keep, NewTransition};

use super::{ANY, Market};

/// The ways that lead to each state.
fn way_to(status: Status) -> &'static [Status] {
    match status {
        Status::Pending => &[],
        Status::Paid => &[Status::Paid],
        Status::Shipped => &[Status::Paid, Status::Shipped],
        Status::Delivered => &[Status::Paid, Status::Shipped, Status::Delivered],
        Status::Cancelled => &[Status::Cancelled],
        Status::Refunded => &[Status::Paid, Status::Refunded],
    }
}

async fn order_in(market: &Market, owner: &Caller, status: Status) -> Order {
    let order = market.place(owner, &[(0, 2)]).await.expect("an order");
    for to in way_to(status) {
        market.step(&market.admin, &order, *to).await.expect("a step");
    }
    market.read(order.id).await
}

/// What the contract says: own cancel, staff the rest.
pub fn open(from: Status, staff: bool) -> &'static [Status] {
    match (from, staff) {
        (Status::Pending, true) => &[Status::Paid, Status::Cancelled],
        (Status::Paid, true) => &[Status::Shipped, Status::Cancelled, Status::Refunded],
        (Status::Shipped, true) => &[Status::Delivered],
        (Status::Delivered, true) => &[Status::Refunded],
        (Status::Pending | Status::Paid, false) => &[Status::Cancelled],
        _ => &[],
    }
}

#[tokio::test]
async fn every_state_step_and_role_is_as_the_contract_says() {
    let market = Market::open(&[10_000]).await;
    let (ada, staff) = (market.room.person("ada").await, market.moderator().await);
    let callers: [(&Arc<Caller>, bool); 2] = [(&ada, false), (&staff, true)];
    for from in Status::ALL {
        for (caller, is_staff) in callers {
            for to in Status::ALL {
                let order = order_in(&market, &ada, from).await;
                let before = market.stock(0).await;
                assert_eq!(market.shop().steps_of(caller, &order), open(from, is_staff), "{from:?} {is_staff}");
                let outcome = market.step(caller, &order, to).await;
                if open(from, is_staff).contains(&to) {
                    let line = outcome.expect("a step");
                    let actor = if is_staff { Actor::Staff } else { Actor::User };
                    assert_eq!((line.from, line.to, line.actor), (Some(from), to, actor));
                    let after = market.read(order.id).await;
                    assert_eq!((after.status, after.version), (to, order.version + 1));
                    let put_back = if to == Status::Cancelled { 2 } else { 0 };
                    assert_eq!(market.stock(0).await, before + put_back, "{from:?} to {to:?}");
                } else {
                    let Err(Error::NoStep { allowed }) = outcome else { panic!("{from:?} to {to:?}: {outcome:?}") };
                    assert_eq!(allowed, open(from, is_staff));
                    assert_eq!(market.read(order.id).await, order);
                }
            }
        }
    }
    market.audit().await;
}

#[tokio::test]
async fn an_order_is_deleted_by_cancelling_it_while_it_is_pending_and_not_later() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 2)]).await.expect("an order");
    let stale = market.shop().cancel_order(&ada, order.id, &Expected::Versions(vec![2])).await;
    assert!(matches!(stale, Err(Error::Stale { current: 1, .. })));
    market.shop().cancel_order(&ada, order.id, &Expected::Versions(vec![1])).await.expect("cancelled");
    assert_eq!((market.read(order.id).await.status, market.stock(0).await), (Status::Cancelled, 5));
    assert_eq!(market.history(order.id).await.len(), 2);

    let paid = order_in(&market, &ada, Status::Paid).await;
    let Err(Error::NoStep { allowed }) = market.shop().cancel_order(&ada, paid.id, &ANY).await else {
        panic!("it should be refused")
    };
    assert_eq!(allowed, [Status::Cancelled], "by a step of its own");
    market.audit().await;
}

#[tokio::test]
async fn a_step_is_told_with_who_took_it_and_what_was_said() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 2)]).await.expect("an order");
    market.room.pass(5);
    let request = NewTransition { to: Status::Paid, note: Some(" by wire ".to_owned()) };
    let line = market.shop().take_step(&market.admin, order.id, request, Keep::nothing()).await.expect("a step");
    let history = market.history(order.id).await;
    assert_eq!(history.last(), Some(&line));
    assert_eq!(line.actor_id, Some(market.admin.id()));
    assert_eq!(line.note.map(|note| note.as_str().to_owned()).as_deref(), Some("by wire"));
    assert_eq!(line.created_at, market.room.clock.now());
    assert_eq!(market.shop().order_transition(&ada, order.id, line.id).await.expect("a line").id, line.id);
    let other = market.place(&ada, &[(0, 1)]).await.expect("an order");
    assert!(matches!(market.shop().order_transition(&ada, other.id, line.id).await, Err(Error::Missing)));
}

#[tokio::test]
async fn what_is_put_back_finds_room_whatever_was_added_meanwhile() {
    let market = Market::open(&[1_000_000_000]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 10)]).await.expect("an order");
    let refill = shopkeeper::service::NewStockAdjustment { delta: 10, reason: "delivery".to_owned() };
    let id = market.products[0].id;
    market.shop().adjust_stock(&market.admin, id, refill, Keep::nothing()).await.expect("an adjustment");
    market.step(&ada, &order, Status::Cancelled).await.expect("a step");
    assert_eq!(market.stock(0).await, 1_000_000_010);
    market.audit().await;
}
