//! Items of orders: operations of the tag `orders`, kept apart because they are a resource of their own.

use super::members::expected;
use super::page;
use super::{Context, Handlers};
use crate::domain::order::OrderItem;
use crate::service::NewOrderItem;
use contract::{EntityTag, Problem};
use generated::params::*;
use generated::responses::*;
use generated::{BASE_PATH, models};
use uuid::Uuid;

pub async fn create(
    handlers: &Handlers,
    call: &Context<'_>,
    params: CreateOrderItemParams,
) -> Result<CreateOrderItemResponse, Problem> {
    let models::OrderItemCreate { product_id, quantity } = params.body;
    let (request, order_id) = (NewOrderItem { product_id, quantity: quantity.into() }, params.order_id);
    let keep = call.keep(move |made, asked| created(order_id, made).into_reply(asked));
    let made = handlers.shop.add_order_item(call.by()?, order_id, request, keep).await?;
    Ok(created(order_id, &made))
}

fn created(order_id: Uuid, made: &OrderItem) -> CreateOrderItemResponse {
    let location = format!("{BASE_PATH}/orders/{order_id}/items/{}", made.id);
    CreateOrderItemResponse::Status201 { location, e_tag: tag(made), body: item(made) }
}

pub async fn list(
    handlers: &Handlers,
    call: &Context<'_>,
    params: ListOrderItemsParams,
) -> Result<ListOrderItemsResponse, Problem> {
    let ListOrderItemsParams { order_id, limit, page, offset, cursor, sort, order, fields: _ } = params;
    let request = page::request(limit, page, offset, cursor);
    // There is one way to sort; another one would have to be considered here.
    let (Some(models::OrderItemSort::OrderItemByCreatedAt) | None) = sort;
    let found = handlers.shop.order_items(call.caller()?, order_id, page::order(order), &request).await;
    let list = found.map_err(page::in_query)?;
    let (pagination, links, link) = page::describe(call, &request, &list);
    let data = list.items.iter().map(item).collect();
    Ok(ListOrderItemsResponse::Status200 { body: models::OrderItemPage { data, pagination, links }, link })
}

pub async fn get(
    handlers: &Handlers,
    call: &Context<'_>,
    params: GetOrderItemParams,
) -> Result<GetOrderItemResponse, Problem> {
    let GetOrderItemParams { order_id, item_id, fields: _ } = params;
    let found = handlers.shop.order_item(call.caller()?, order_id, item_id).await?;
    Ok(GetOrderItemResponse::Status200 { e_tag: tag(&found), body: item(&found) })
}

pub async fn replace(
    handlers: &Handlers,
    call: &Context<'_>,
    params: ReplaceOrderItemParams,
) -> Result<ReplaceOrderItemResponse, Problem> {
    let ReplaceOrderItemParams { order_id, item_id, body: models::OrderItemReplace { quantity }, if_match } = params;
    let expected = expected(if_match.as_deref(), item_id);
    let changed = handlers.shop.set_order_item(call.by()?, order_id, item_id, quantity.into(), &expected).await?;
    Ok(ReplaceOrderItemResponse::Status200 { e_tag: tag(&changed), body: item(&changed) })
}

pub async fn delete(
    handlers: &Handlers,
    call: &Context<'_>,
    params: DeleteOrderItemParams,
) -> Result<DeleteOrderItemResponse, Problem> {
    let DeleteOrderItemParams { order_id, item_id, if_match } = params;
    let expected = expected(if_match.as_deref(), item_id);
    handlers.shop.remove_order_item(call.by()?, order_id, item_id, &expected).await?;
    Ok(DeleteOrderItemResponse::Status204 {})
}

pub fn item(item: &OrderItem) -> models::OrderItem {
    let OrderItem { id, product_id, sku, name, quantity, unit_price, total, version: _, created_at } = item;
    models::OrderItem {
        id: *id,
        product_id: *product_id,
        sku: sku.as_str().to_owned(),
        name: name.as_str().to_owned(),
        quantity: i32::try_from(quantity.pieces()).unwrap_or(i32::MAX),
        unit_price: page::money(*unit_price),
        total: page::money(*total),
        created_at: *created_at,
    }
}

fn tag(item: &OrderItem) -> String {
    EntityTag { id: item.id, version: item.version }.to_string()
}
