//! Requests that are sent again get the first answer again, and nothing happens twice.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use chrono::TimeDelta;
use shopkeeper::domain::order::Order;
use shopkeeper::service::{Caller, Conflict, Error, Keep, Options, Repeatable, Shop, Ticket, Turn};
use uuid::Uuid;

use crate::open;
use crate::orders::Market;

const HOME: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn request<'r>(account: Option<Uuid>, key: &'r str, content: &'r [u8]) -> Repeatable<'r> {
    Repeatable { operation: "createOrder", account, ip: HOME, key, content }
}

fn worded(order: &Order) -> Vec<u8> {
    order.id.to_string().into_bytes()
}

async fn first(shop: &Shop, request: &Repeatable<'_>) -> Ticket {
    match shop.take_turn(request).await.expect("a turn") {
        Turn::First(ticket) => ticket,
        Turn::Again(_) => panic!("it was done before"),
    }
}

async fn again(shop: &Shop, request: &Repeatable<'_>) -> Vec<u8> {
    match shop.take_turn(request).await.expect("a turn") {
        Turn::First(_) => panic!("it was not done before"),
        Turn::Again(answer) => answer,
    }
}

async fn place(market: &Market, shop: &Shop, caller: &Arc<Caller>, ticket: &Ticket) -> Result<Order, Error> {
    let keep = Keep::answer(ticket, |order| Ok(worded(order)));
    shop.place_order(caller, caller.id(), market.wish(&[(0, 1)]), keep).await
}

#[tokio::test]
async fn the_answer_is_given_again_after_a_restart_too() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let wanted = request(Some(ada.id()), "one", b"a spade");
    let ticket = first(market.shop(), &wanted).await;
    let order = place(&market, market.shop(), &ada, &ticket).await.expect("an order");
    drop(ticket);
    assert_eq!(again(market.shop(), &wanted).await, worded(&order));
    market.shop().store().clone().close().await.expect("closed");
    let reopened = open(&market.room.folder, &market.room.clock, Options::default()).await;
    assert_eq!(again(&reopened, &wanted).await, worded(&order));
}

#[tokio::test]
async fn a_key_is_for_one_request_of_one_account_and_operation() {
    let market = Market::open(&[5]).await;
    let (ada, bob) = (market.room.person("ada").await, market.room.person("bob").await);
    let (shop, wanted) = (market.shop(), request(Some(ada.id()), "one", b"a spade"));
    let ticket = first(shop, &wanted).await;
    place(&market, shop, &ada, &ticket).await.expect("an order");
    drop(ticket);
    let other = Repeatable { content: b"a rake", ..wanted };
    assert!(matches!(shop.take_turn(&other).await, Err(Error::KeyReused)));
    drop(first(shop, &Repeatable { operation: "createUser", ..other }).await);
    drop(first(shop, &Repeatable { account: Some(bob.id()), ..other }).await);
    drop(first(shop, &Repeatable { key: "two", ..other }).await);
    again(shop, &Repeatable { ip: "192.0.2.9".parse().expect("an address"), ..wanted }).await;
}

#[tokio::test]
async fn strangers_are_told_apart_by_address_and_content() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let (shop, wanted) = (market.shop(), request(None, "one", b"a spade"));
    let ticket = first(shop, &wanted).await;
    let order = place(&market, shop, &ada, &ticket).await.expect("an order");
    drop(ticket);
    assert_eq!(again(shop, &wanted).await, worded(&order));
    drop(first(shop, &Repeatable { content: b"a rake", ..wanted }).await);
    drop(first(shop, &Repeatable { ip: "192.0.2.9".parse().expect("an address"), ..wanted }).await);
    drop(first(shop, &Repeatable { ip: "::1".parse().expect("an address"), ..wanted }).await);
}

#[tokio::test]
async fn while_the_first_is_underway_the_next_is_turned_away() {
    let market = Market::open(&[5]).await;
    let (shop, wanted) = (market.shop(), request(Some(Uuid::nil()), "one", b"a spade"));
    let ticket = first(shop, &wanted).await;
    assert!(matches!(shop.take_turn(&wanted).await, Err(Error::Conflict(Conflict::KeyInUse))));
    drop(ticket);
    drop(first(shop, &wanted).await);
}

#[tokio::test]
async fn what_failed_is_not_kept_and_can_be_tried_again() {
    let market = Market::open(&[0]).await;
    let ada = market.room.person("ada").await;
    let (shop, wanted) = (market.shop(), request(Some(ada.id()), "one", b"a spade"));
    let ticket = first(shop, &wanted).await;
    assert!(matches!(place(&market, shop, &ada, &ticket).await, Err(Error::OutOfStock(_))));
    assert_eq!(shop.answered_before(&ticket).await.expect("a look"), None);
    drop(ticket);
    drop(first(shop, &wanted).await);
}

#[tokio::test]
async fn of_two_instances_one_does_it_and_the_other_gets_its_answer() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let other = open(&market.room.folder, &market.room.clock, Options::default()).await;
    let wanted = request(Some(ada.id()), "one", b"a spade");
    // Neither knows of the other's.
    let (here, there) = (first(market.shop(), &wanted).await, first(&other, &wanted).await);
    let (one, two) = tokio::join!(place(&market, market.shop(), &ada, &here), place(&market, &other, &ada, &there));
    let (won, lost) = match (one, two) {
        (Ok(order), Err(error)) => (order, (error, &other, &there)),
        (Err(error), Ok(order)) => (order, (error, market.shop(), &here)),
        outcomes => panic!("{outcomes:?}"),
    };
    let (error, shop, ticket) = lost;
    assert!(matches!(error, Error::Conflict(Conflict::KeyInUse)), "{error:?}");
    assert_eq!(shop.answered_before(ticket).await.expect("a look"), Some(worded(&won)));
    assert_eq!(market.stock(0).await, 4);
    market.audit().await;
}

#[tokio::test]
async fn answers_are_kept_for_a_day_and_sealed() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let (shop, wanted) = (market.shop(), request(Some(ada.id()), "one", b"a spade"));
    let ticket = first(shop, &wanted).await;
    let secret = Keep::answer(&ticket, |_: &Order| Ok(b"sk_a_very_secret_answer".to_vec()));
    shop.place_order(&ada, ada.id(), market.wish(&[(0, 1)]), secret).await.expect("an order");
    drop(ticket);
    market.room.clock.advance(TimeDelta::hours(24).to_std().expect("a day"));
    assert_eq!(shop.prune().await.expect("pruned").answers, 0);
    again(shop, &wanted).await;
    market.room.pass(1);
    let other = Repeatable { content: b"a rake", ..wanted };
    let ticket = first(shop, &other).await;
    let rake = place(&market, shop, &ada, &ticket).await.expect("an order");
    drop(ticket);
    assert_eq!(again(shop, &other).await, worded(&rake), "what is over is replaced");
    assert_eq!(shop.prune().await.expect("pruned").answers, 0);
    market.room.clock.advance(TimeDelta::hours(25).to_std().expect("a day"));
    assert_eq!(shop.prune().await.expect("pruned").answers, 1);

    shop.store().clone().close().await.expect("closed");
    let secret = "sk_a_very_secret_answe";
    assert!(!market.room.folder.everything().await.contains(secret));
    if market.room.folder.is_file() {
        let file = std::fs::read(market.room.folder.file()).expect("the database");
        assert!(!file.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
}
