//! Placing an order takes prices and stock as they are, all or nothing.

use shopkeeper::domain::order::{Actor, OrderFilter, OrderSort, OrderWanted, Status};
use shopkeeper::domain::page;
use shopkeeper::domain::product::{ProductStatus, Wanted};
use shopkeeper::service::{
    Change, Denial, Error, Expected, Keep, ListRequest, NewOrder, NewProduct, Price, PricePatch, ProductPatch,
    Shortage, Start,
};
use uuid::Uuid;

use super::{ANY, Market};
use crate::violations;

fn page() -> ListRequest {
    ListRequest { limit: 20, start: Start::Page(1) }
}

/// Violated members with the items they stand in.
fn placed_violations<T: std::fmt::Debug>(
    outcome: Result<T, Error>,
) -> Vec<(Option<usize>, &'static str, &'static str)> {
    match outcome.expect_err("a refusal") {
        Error::Invalid(violations) => violations.iter().map(|it| (it.item, it.member, it.code)).collect(),
        other => panic!("not a violation: {other:?}"),
    }
}

#[tokio::test]
async fn an_order_takes_prices_and_stock_of_this_moment_and_adds_up_repeated_products() {
    let market = Market::open(&[5, 5]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(1, 1), (0, 2), (1, 2)]).await.expect("an order");
    let items: Vec<_> = order.items.iter().map(|item| (item.sku.as_str(), item.quantity.pieces())).collect();
    assert_eq!(items, [("T-2", 3), ("T-1", 2)], "in the order of the first mention");
    assert_eq!((order.total.amount(), order.status, order.version), (3 * 2000 + 2 * 1000, Status::Pending, 1));
    assert_eq!((market.stock(0).await, market.stock(1).await), (3, 2));
    assert_eq!(market.read(order.id).await, order);

    let dearer = PricePatch { amount: Some(9999), currency: None };
    let dearer = ProductPatch { price: dearer, ..ProductPatch::default() };
    market.shop().update_product(&market.admin, market.products[0].id, dearer, &ANY).await.expect("a change");
    assert_eq!(market.read(order.id).await.total, order.total, "the price is that of the moment of placing");
    let history = market.history(order.id).await;
    assert_eq!(history.len(), 1);
    assert_eq!((history[0].from, history[0].to, history[0].actor), (None, Status::Pending, Actor::User));
    market.audit().await;
}

#[tokio::test]
async fn what_is_short_is_named_with_what_there_is_and_nothing_is_taken() {
    let market = Market::open(&[5, 1, 0]).await;
    let ada = market.room.person("ada").await;
    let Err(Error::OutOfStock(short)) = market.place(&ada, &[(2, 1), (0, 5), (1, 2)]).await else {
        panic!("it should be refused")
    };
    let shortage =
        |place: usize, wanted, available| Shortage { product_id: market.products[place].id, wanted, available };
    assert_eq!(short, [shortage(2, 1, 0), shortage(1, 2, 1)]);
    assert_eq!(market.stock(0).await, 5);
    assert!(market.orders().await.is_empty());
}

#[tokio::test]
async fn products_that_cannot_be_bought_are_named_by_their_place() {
    let market = Market::open(&[5, 5]).await;
    let ada = market.room.person("ada").await;
    let archived = ProductPatch { status: Some(ProductStatus::Archived), ..ProductPatch::default() };
    market.shop().update_product(&market.admin, market.products[1].id, archived, &ANY).await.expect("a change");
    let mut wish = market.wish(&[(0, 1), (1, 1), (0, 1)]);
    wish.items[2].product_id = Uuid::nil();
    let found = placed_violations(market.shop().place_order(&ada, ada.id(), wish, Keep::nothing()).await);
    assert_eq!(found, [(Some(1), "product_id", "archived"), (Some(2), "product_id", "unknown")]);
    market.audit().await;
}

#[tokio::test]
async fn an_order_is_in_one_currency() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let foreign = NewProduct {
        category_id: market.products[0].category_id,
        name: "Foreign".to_owned(),
        sku: "F-1".to_owned(),
        description: None,
        price: Price { amount: 100, currency: "JPY".to_owned() },
        stock: 5,
        status: ProductStatus::Active,
    };
    let foreign = market.shop().create_product(&market.admin, foreign, Keep::nothing()).await.expect("a product");
    let mut wish = market.wish(&[(0, 1), (0, 1), (0, 1)]);
    wish.items[2].product_id = foreign.id;
    let found = placed_violations(market.shop().place_order(&ada, ada.id(), wish, Keep::nothing()).await);
    assert_eq!(found, [(Some(2), "product_id", "mixed_currency")]);
    assert_eq!(market.stock(0).await, 5, "what was taken is back");
    let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
    let mut item = market.some(0, 1);
    item.product_id = foreign.id;
    assert_eq!(violations(market.add(&ada, &order, item).await), [("product_id", "mixed_currency")]);
}

#[tokio::test]
async fn quantities_are_some_and_not_too_many_even_added_up() {
    let market = Market::open(&[100_000]).await;
    let ada = market.room.person("ada").await;
    let found = placed_violations(market.place(&ada, &[(0, 9_999), (0, 2), (0, 0)]).await);
    assert_eq!(found, [(Some(1), "quantity", "maximum"), (Some(2), "quantity", "minimum")]);
    let empty = NewOrder { items: Vec::new(), note: Some("x".repeat(501)) };
    let found = violations(market.shop().place_order(&ada, ada.id(), empty, Keep::nothing()).await);
    assert_eq!(found, [("items", "min_items"), ("note", "max_length")]);
    assert!(market.place(&ada, &[(0, 9_999), (0, 1)]).await.is_ok());
}

#[tokio::test]
async fn orders_are_seen_by_their_owners_and_staff_and_nobody_else() {
    let market = Market::open(&[5]).await;
    let (ada, bob, staff) =
        (market.room.person("ada").await, market.room.person("bob").await, market.moderator().await);
    let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
    let shop = market.shop();
    assert!(matches!(shop.order(&bob, order.id, OrderWanted::ALL).await, Err(Error::Missing)));
    assert!(shop.order(&staff, order.id, OrderWanted::ALL).await.is_ok());
    let change = Change::Set("mine".to_owned());
    assert!(matches!(shop.update_order(&bob, order.id, change, &ANY).await, Err(Error::Missing)));
    assert!(matches!(shop.cancel_order(&bob, order.id, &ANY).await, Err(Error::Missing)));
    assert!(matches!(market.step(&bob, &order, Status::Cancelled).await, Err(Error::Missing)));
    assert!(matches!(market.add(&bob, &order, market.some(0, 1)).await, Err(Error::Missing)));

    let sorting = (OrderSort::CreatedAt, page::Order::Descending);
    let list = async |caller, user_id| {
        let filter = OrderFilter { user_id, ..OrderFilter::default() };
        let list = shop.orders(caller, filter, sorting, &page(), OrderWanted::ALL).await;
        list.map(|list| list.items.len())
    };
    assert_eq!(list(&*ada, None).await.expect("a list"), 1);
    assert_eq!(list(&*bob, None).await.expect("a list"), 0);
    assert_eq!(list(&*staff, None).await.expect("a list"), 1);
    assert_eq!(list(&*staff, Some(bob.id())).await.expect("a list"), 0);
    assert!(matches!(list(&*bob, Some(ada.id())).await, Err(Error::Denied(Denial::OthersOrders))));
    assert_eq!(list(&*ada, Some(ada.id())).await.expect("a list"), 1);

    let found = shop.user_orders(&bob, ada.id(), OrderFilter::default(), sorting, &page(), OrderWanted::ALL).await;
    assert!(matches!(found, Err(Error::Missing)));
    let found = shop.user_orders(&staff, Uuid::nil(), OrderFilter::default(), sorting, &page(), OrderWanted::ALL).await;
    assert!(matches!(found, Err(Error::Missing)));
    assert!(matches!(shop.user_order(&staff, bob.id(), order.id, OrderWanted::ALL).await, Err(Error::Missing)));
    assert!(shop.user_order(&staff, ada.id(), order.id, OrderWanted::ALL).await.is_ok());
}

#[tokio::test]
async fn staff_places_orders_for_accounts_that_are_there() {
    let market = Market::open(&[5]).await;
    let (ada, bob, staff) =
        (market.room.person("ada").await, market.room.person("bob").await, market.moderator().await);
    let place = async |caller, user_id| {
        market.shop().place_order(caller, user_id, market.wish(&[(0, 1)]), Keep::nothing()).await
    };
    let order = place(&*staff, ada.id()).await.expect("an order");
    assert_eq!((order.user_id, market.history(order.id).await[0].actor), (ada.id(), Actor::Staff));
    assert!(matches!(place(&*bob, ada.id()).await, Err(Error::Missing)));
    assert!(matches!(place(&*staff, Uuid::nil()).await, Err(Error::Missing)));
    market.shop().delete_user(&bob, bob.id(), &Expected::Any).await.expect("deleted");
    assert!(matches!(place(&*staff, bob.id()).await, Err(Error::Missing)));
    assert!(matches!(place(&*bob, bob.id()).await, Err(Error::Gone)));
    market.audit().await;
}

#[tokio::test]
async fn notes_change_with_their_version_and_only_then() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
    let set = async |text: &str, expected| {
        market.shop().update_order(&ada, order.id, Change::Set(text.to_owned()), &expected).await
    };
    let noted = set(" ring twice ", Expected::Versions(vec![1])).await.expect("a change");
    assert_eq!((noted.note.as_ref().map(|note| note.as_str()), noted.version), (Some("ring twice"), 2));
    assert!(matches!(set("x", Expected::Versions(vec![1])).await, Err(Error::Stale { current: 2, .. })));
    assert_eq!(set("ring twice", ANY).await.expect("no change").version, 2);
    let cleared = market.shop().update_order(&ada, order.id, Change::Clear, &ANY).await.expect("a change");
    assert_eq!((cleared.note, cleared.version), (None, 3));
}

#[tokio::test]
async fn a_product_that_was_ordered_is_archived_instead_of_deleted() {
    let market = Market::open(&[5, 5]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
    let shop = market.shop();
    for product in &market.products {
        shop.delete_product(&market.admin, product.id, &ANY).await.expect("gone from the shop");
    }
    let archived = shop.product(market.products[0].id, Wanted::ALL).await.expect("a product");
    assert_eq!((archived.status, archived.version), (ProductStatus::Archived, 3));
    assert!(matches!(shop.product(market.products[1].id, Wanted::ALL).await, Err(Error::Missing)));
    shop.delete_product(&market.admin, archived.id, &ANY).await.expect("it stays so");
    assert_eq!(market.read(order.id).await.items[0].name.as_str(), "Thing 1");
    assert_eq!(violations(market.place(&ada, &[(0, 1)]).await), [("product_id", "archived")]);
    market.step(&ada, &order, Status::Cancelled).await.expect("a step");
    assert_eq!(market.stock(0).await, 5);
}
