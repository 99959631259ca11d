//! Orders that nobody pays for end by themselves, once.

use std::time::Duration;

use shopkeeper::domain::order::{Actor, Status};
use shopkeeper::service::Options;

use super::Market;
use crate::open;

fn minutes(minutes: u64) -> Options {
    Options { order_expiry: Duration::from_mins(minutes), ..Options::default() }
}

#[tokio::test]
async fn a_pending_order_ends_when_its_time_is_over_as_the_shops_own_act() {
    let market = Market::open_with(&[9], minutes(30)).await;
    let ada = market.room.person("ada").await;
    let (paid, left) = (market.place(&ada, &[(0, 1)]).await, market.place(&ada, &[(0, 2)]).await);
    let (paid, left) = (paid.expect("an order"), left.expect("an order"));
    market.step(&market.admin, &paid, Status::Paid).await.expect("a step");
    assert_eq!(market.shop().expiry_of(&left), Some(left.created_at + Duration::from_mins(30)));
    assert_eq!(market.shop().expiry_of(&market.read(paid.id).await), None);

    market.room.pass(30 * 60);
    assert_eq!(market.shop().expire_orders().await.expect("a look"), 0, "it is not over yet");
    let late = market.place(&ada, &[(0, 3)]).await.expect("an order");
    market.room.pass(1);
    assert_eq!(market.shop().expire_orders().await.expect("a look"), 1);
    assert_eq!(market.shop().expire_orders().await.expect("a look"), 0);
    assert_eq!(market.read(left.id).await.status, Status::Cancelled);
    assert_eq!(market.read(paid.id).await.status, Status::Paid);
    assert_eq!(market.read(late.id).await.status, Status::Pending);
    let line = market.history(left.id).await.pop().expect("a line");
    assert_eq!((line.from, line.actor, line.actor_id), (Some(Status::Pending), Actor::System, None));
    assert_eq!(market.stock(0).await, 9 - 1 - 3);
    market.audit().await;
}

#[tokio::test]
async fn several_instances_put_stock_back_once() {
    let market = Market::open_with(&[1000], minutes(1)).await;
    let ada = market.room.person("ada").await;
    for _ in 0..120 {
        market.place(&ada, &[(0, 2)]).await.expect("an order");
    }
    market.room.pass(61);
    let other = open(&market.room.folder, &market.room.clock, minutes(1)).await;
    let (one, two, three) =
        tokio::join!(market.shop().expire_orders(), other.expire_orders(), market.shop().expire_orders());
    let expired = [one, two, three].map(|outcome| outcome.expect("a look"));
    // What one could not have in time is for the next look.
    let rest = market.shop().expire_orders().await.expect("a look");
    assert_eq!(expired.iter().sum::<u64>() + rest, 120, "{expired:?} {rest}");
    assert_eq!(market.stock(0).await, 1000);
    for order in market.orders().await {
        assert_eq!(market.history(order.id).await.len(), 2);
    }
    market.audit().await;
}
