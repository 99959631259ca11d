//! The steps with lists and orders.

use crate::{Outcome, ok, refused};
use contract::client::{Error, Reply};
use contract::{Fields, IdempotencyKey};
use generated::client::Client;
use generated::models::{
    Category, Order, OrderCreate, OrderItemCreate, OrderStatus, OrderTransitionCreate, OrderUpdate, Pagination,
    Product, ProductSort, ProductStatus, SortOrder, StockShortage,
};
use generated::params::*;
use swagger::Nullable;
use uuid::Uuid;

const NOWHERE: u128 = 0x01a1_fcf7_2e04_7b20_9c3d_4e5f_6071_8293;

/// The list of the category by price.
fn by_price(category: &Category) -> ListProductsParams {
    ListProductsParams {
        limit: 2,
        page: None,
        offset: None,
        cursor: None,
        category_id: Some(category.id),
        min_price: None,
        max_price: None,
        in_stock: None,
        status: None,
        search: None,
        sort: Some(ProductSort::ProductByPrice),
        order: Some(SortOrder::Asc),
        fields: Fields::ALL,
    }
}

async fn ask(shop: &Client, params: ListProductsParams) -> Outcome<(Vec<String>, Pagination)> {
    let page = shop.list_products(&params).await?.value;
    Ok((page.data.into_iter().map(|product| product.sku).collect(), page.pagination))
}

pub async fn lists(shop: &Client, category: &Category) -> Outcome<()> {
    let (skus, at) = ask(shop, ListProductsParams { page: Some(2), ..by_price(category) }).await?;
    assert_eq!(skus, ["mug-3", "mug-4"]);
    assert_eq!((at.page, at.total, at.has_prev, at.has_next), (Some(2), Some(5), true, true));
    ok("list_by_page");
    let (skus, at) = ask(shop, ListProductsParams { offset: Some(3), ..by_price(category) }).await?;
    assert_eq!(skus, ["mug-4", "mug-5"]);
    assert_eq!((at.offset, at.total, at.has_next), (Some(3), Some(5), false));
    ok("list_by_offset");
    let mut walk = shop.walk_products(by_price(category));
    let mut walked = Vec::new();
    while let Some(product) = walk.next().await {
        walked.push(product?.sku);
    }
    assert_eq!(walked.join(" "), "mug-1 mug-2 mug-3 mug-4 mug-5");
    ok("walk_cursor");
    let filters = ListProductsParams {
        limit: 20,
        min_price: Some(200),
        max_price: Some(500),
        in_stock: Some(true),
        status: Some(ProductStatus::ProductActive),
        search: Some("mug".to_owned()),
        ..by_price(category)
    };
    assert_eq!(ask(shop, filters).await?.0, ["mug-2", "mug-3", "mug-4"]);
    ok("filter");
    Ok(())
}

fn order_of(items: &[(Uuid, i32)]) -> CreateOrderParams {
    let items = items.iter().map(|&(product_id, quantity)| OrderItemCreate { product_id, quantity }).collect();
    CreateOrderParams { body: OrderCreate { items, note: None }, idempotency_key: None }
}

/// Orders, and is refused; gives the order.
pub async fn orders(ada: &Client, products: &[Product]) -> Outcome<Order> {
    let unknown = order_of(&[(Uuid::from_u128(NOWHERE), 1), (Uuid::from_u128(NOWHERE + 1), 1)]);
    let invalid = refused(422, "validation_failed", ada.create_order(&unknown).await);
    let places: Vec<_> = invalid.errors.iter().map(|fault| (fault.r#in.as_str(), fault.pointer.as_deref())).collect();
    assert_eq!(places, [("body", Some("/items/0/product_id")), ("body", Some("/items/1/product_id"))]);
    ok("invalid_input");
    let mut wanted = order_of(&[(products[0].id, 2)]);
    wanted.body.note = Some(Nullable::Present("Ring twice".to_owned()));
    wanted.idempotency_key = IdempotencyKey::new("order-1");
    let order = ada.create_order(&wanted).await?;
    assert_eq!((order.status.as_str(), order.total.amount, order.items.len()), ("pending", 200, 1));
    assert_eq!((&order.note, order.is_replayed()), (&Nullable::Present("Ring twice".to_owned()), false));
    ok("order");
    let again = ada.create_order(&wanted).await?;
    assert_eq!((again.id, again.is_replayed()), (order.id, true));
    ok("order_again");
    let much = order_of(&[(products[1].id, 5), (products[4].id, 1)]);
    let short = refused(409, "insufficient_stock", ada.create_order(&much).await);
    let shortages: Vec<StockShortage> = short.member("items").ok_or("no items")?;
    let shortages: Vec<_> = shortages.iter().map(|item| (item.product_id, item.wanted, item.available)).collect();
    assert_eq!(shortages, [(products[1].id, 5, 3), (products[4].id, 1, 0)]);
    ok("out_of_stock");
    Ok(order.value)
}

pub async fn changes(ada: &Client, order: &Order) -> Outcome<()> {
    let order_id = order.id;
    let change = |note| UpdateOrderParams { order_id, body: OrderUpdate { note }, if_match: None };
    let kept = ada.update_order(&change(None)).await?;
    assert_eq!(kept.note, Nullable::Present("Ring twice".to_owned()));
    ok("patch_absent");
    let cleared: Reply<Order> = ada.update_order(&change(Some(Nullable::Null))).await?;
    assert_eq!(cleared.note, Nullable::Null);
    ok("patch_null");
    let tag = cleared.etag().ok_or("no ETag")?.parse()?;
    let asking = Client(ada.0.clone().with_header(http::header::IF_NONE_MATCH, tag));
    let unchanged = asking.get_order(&GetOrderParams { order_id, fields: Fields::ALL }).await;
    assert!(matches!(unchanged, Err(Error::NotModified)), "{unchanged:?}");
    ok("not_modified");
    let late = change(Some(Nullable::Present("Late".to_owned())));
    let late = UpdateOrderParams { if_match: Some("\"old\"".to_owned()), ..late };
    refused(412, "precondition_failed", ada.update_order(&late).await);
    ok("stale");
    Ok(())
}

pub async fn workflow(ada: &Client, admin: &Client, order_id: Uuid) -> Outcome<()> {
    let step = |to| {
        let body = OrderTransitionCreate { to, note: None };
        CreateOrderTransitionParams { order_id, body, idempotency_key: None }
    };
    let early = refused(409, "invalid_transition", ada.create_order_transition(&step(OrderStatus::Paid)).await);
    assert_eq!(early.member::<Vec<String>>("allowed").as_deref(), Some(&["cancelled".to_owned()][..]));
    ok("refused_step");
    for status in [OrderStatus::Paid, OrderStatus::Shipped, OrderStatus::Delivered] {
        let taken = admin.create_order_transition(&step(status)).await?;
        assert_eq!(taken.to, status.to_string());
    }
    let seen = admin.get_order(&GetOrderParams { order_id, fields: Fields::ALL }).await?;
    assert_eq!((seen.status.as_str(), &seen.expires_at), ("delivered", &Nullable::Null));
    assert_eq!(seen.allowed_transitions, ["refunded"]);
    let params = ListOrderTransitionsParams {
        order_id,
        limit: 20,
        page: None,
        offset: None,
        cursor: None,
        sort: None,
        order: Some(SortOrder::Asc),
        fields: Fields::ALL,
    };
    let steps = admin.list_order_transitions(&params).await?.value.data;
    let from: Vec<_> = steps.into_iter().map(|step| step.from).collect();
    let named = |name: &str| Nullable::Present(name.to_owned());
    assert_eq!(from, [Nullable::Null, named("pending"), named("paid"), named("shipped")]);
    ok("workflow");
    Ok(())
}
