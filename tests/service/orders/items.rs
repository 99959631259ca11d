//! Items of a pending order can be changed; stock and total follow.

use shopkeeper::domain::order::Status;
use shopkeeper::domain::page;
use shopkeeper::domain::product::ProductStatus;
use shopkeeper::service::{Conflict, Error, Expected, ListRequest, ProductPatch, Start};
use uuid::Uuid;

use super::{ANY, Market};
use crate::violations;

#[tokio::test]
async fn items_are_added_changed_and_removed_and_their_stock_follows() {
    let market = Market::open(&[5, 5]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
    let shop = market.shop();

    let added = market.add(&ada, &order, market.some(1, 2)).await.expect("an item");
    assert_eq!((added.total.amount(), market.stock(1).await), (4000, 3));
    let more = shop.set_order_item(&ada, order.id, added.id, 5, &Expected::Versions(vec![1])).await.expect("a change");
    assert_eq!((more.quantity.pieces(), more.version, market.stock(1).await), (5, 2, 0));
    let less = shop.set_order_item(&ada, order.id, added.id, 1, &ANY).await.expect("a change");
    assert_eq!((less.quantity.pieces(), less.version, market.stock(1).await), (1, 3, 4));
    let same = shop.set_order_item(&ada, order.id, added.id, 1, &ANY).await.expect("no change");
    assert_eq!(same.version, 3);
    assert_eq!(shop.order_item(&ada, order.id, added.id).await.expect("an item"), same);
    let now = market.read(order.id).await;
    assert_eq!((now.total.amount(), now.version, now.items.len()), (3000, 4, 2));

    shop.remove_order_item(&ada, order.id, added.id, &Expected::Versions(vec![3])).await.expect("removed");
    let now = market.read(order.id).await;
    assert_eq!((now.total.amount(), now.items.len(), market.stock(1).await), (1000, 1, 5));
    assert!(matches!(shop.order_item(&ada, order.id, added.id).await, Err(Error::Missing)));
    market.audit().await;
}

#[tokio::test]
async fn a_stale_item_is_left_alone() {
    let market = Market::open(&[5, 5]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 1), (1, 1)]).await.expect("an order");
    let (item, old) = (order.items[0].id, Expected::Versions(vec![7]));
    let shop = market.shop();
    let set = shop.set_order_item(&ada, order.id, item, 3, &old).await;
    assert!(matches!(set, Err(Error::Stale { current: 1, .. })));
    assert!(matches!(shop.remove_order_item(&ada, order.id, item, &old).await, Err(Error::Stale { .. })));
    assert_eq!(market.read(order.id).await, order);
    market.audit().await;
}

#[tokio::test]
async fn an_item_cannot_be_more_than_there_is_nor_twice_nor_of_nothing() {
    let market = Market::open(&[5, 0]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
    let shop = market.shop();
    let twice = market.add(&ada, &order, market.some(0, 1)).await;
    assert!(matches!(twice, Err(Error::Conflict(Conflict::ProductInOrder))));
    let Err(Error::OutOfStock(short)) = market.add(&ada, &order, market.some(1, 1)).await else { panic!("refused") };
    assert_eq!((short[0].wanted, short[0].available), (1, 0));
    let Err(Error::OutOfStock(short)) = shop.set_order_item(&ada, order.id, order.items[0].id, 9, &ANY).await else {
        panic!("it should be refused")
    };
    assert_eq!((short[0].wanted, short[0].available), (9, 5), "what was asked for, and what the item could have");
    let mut unknown = market.some(0, 1);
    unknown.product_id = Uuid::nil();
    assert_eq!(violations(market.add(&ada, &order, unknown).await), [("product_id", "unknown")]);
    assert_eq!(violations(market.add(&ada, &order, market.some(1, 0)).await), [("quantity", "minimum")]);
    let last = shop.remove_order_item(&ada, order.id, order.items[0].id, &ANY).await;
    assert!(matches!(last, Err(Error::Conflict(Conflict::OrderEmpty))));
    assert!(matches!(shop.set_order_item(&ada, order.id, Uuid::nil(), 1, &ANY).await, Err(Error::Missing)));
    assert_eq!(market.read(order.id).await, order);
    market.audit().await;
}

#[tokio::test]
async fn less_of_a_product_that_is_not_sold_any_more_can_be_had_but_not_more() {
    let market = Market::open(&[9]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 3)]).await.expect("an order");
    let archived = ProductPatch { status: Some(ProductStatus::Archived), ..ProductPatch::default() };
    market.shop().update_product(&market.admin, market.products[0].id, archived, &ANY).await.expect("a change");
    let set = async |quantity| market.shop().set_order_item(&ada, order.id, order.items[0].id, quantity, &ANY).await;
    assert_eq!(violations(set(4).await), [("quantity", "archived")], "the body has no other member");
    assert_eq!(set(2).await.expect("a change").quantity.pieces(), 2);
    market.audit().await;
}

#[tokio::test]
async fn nothing_of_an_order_that_is_not_pending_can_be_changed() {
    let market = Market::open(&[5, 5]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 1), (1, 1)]).await.expect("an order");
    market.step(&market.admin, &order, Status::Paid).await.expect("a step");
    let (shop, item) = (market.shop(), order.items[0].id);
    let refused = |error: Error| matches!(error, Error::Conflict(Conflict::OrderNotPending(Status::Paid)));
    assert!(refused(market.add(&ada, &order, market.some(1, 1)).await.expect_err("refused")));
    assert!(refused(shop.set_order_item(&ada, order.id, item, 1, &ANY).await.expect_err("refused")));
    assert!(refused(shop.set_order_item(&ada, order.id, item, 2, &ANY).await.expect_err("refused")));
    assert!(refused(shop.remove_order_item(&ada, order.id, item, &ANY).await.expect_err("refused")));
    market.audit().await;
}

#[tokio::test]
async fn an_order_has_room_for_a_hundred_products() {
    let market = Market::open(&[1; 101]).await;
    let ada = market.room.person("ada").await;
    let all: Vec<_> = (0..101).map(|place| (place, 1)).collect();
    assert_eq!(violations(market.place(&ada, &all).await), [("items", "max_items")]);
    let order = market.place(&ada, &all[..100]).await.expect("an order");
    let full = market.add(&ada, &order, market.some(100, 1)).await;
    assert!(matches!(full, Err(Error::Conflict(Conflict::OrderFull))));
    let request = ListRequest { limit: 100, start: Start::Page(1) };
    let list = market.shop().order_items(&ada, order.id, page::Order::Ascending, &request).await.expect("a list");
    assert_eq!(list.items, order.items);
    market.audit().await;
}
