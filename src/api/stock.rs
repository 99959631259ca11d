//! Stock adjustments: operations of the tag `products`, kept apart because they are a resource of their own.

use super::page::{self, nullable};
use super::{Context, Handlers};
use crate::domain::stock::StockAdjustment;
use crate::service::NewStockAdjustment;
use contract::{EntityTag, Problem};
use generated::params::*;
use generated::responses::*;
use generated::{BASE_PATH, models};

pub async fn create(
    handlers: &Handlers,
    call: &Context<'_>,
    params: CreateStockAdjustmentParams,
) -> Result<CreateStockAdjustmentResponse, Problem> {
    let models::StockAdjustmentCreate { delta, reason } = params.body;
    let request = NewStockAdjustment { delta, reason };
    let keep = call.keep(|made, asked| created(made).into_reply(asked));
    let made = handlers.shop.adjust_stock(call.by()?, params.product_id, request, keep).await?;
    Ok(created(&made))
}

fn created(made: &StockAdjustment) -> CreateStockAdjustmentResponse {
    let location = format!("{BASE_PATH}/products/{}/stock-adjustments/{}", made.product_id, made.id);
    CreateStockAdjustmentResponse::Status201 { location, e_tag: tag(made), body: adjustment(made) }
}

pub async fn list(
    handlers: &Handlers,
    call: &Context<'_>,
    params: ListStockAdjustmentsParams,
) -> Result<ListStockAdjustmentsResponse, Problem> {
    let ListStockAdjustmentsParams { product_id, limit, page, offset, cursor, sort, order, fields: _ } = params;
    let request = page::request(limit, page, offset, cursor);
    // There is one way to sort; another one would have to be considered here.
    let (Some(models::StockAdjustmentSort::StockAdjustmentByCreatedAt) | None) = sort;
    let found = handlers.shop.stock_adjustments(call.caller()?, product_id, page::order(order), &request).await;
    let list = found.map_err(page::in_query)?;
    let (pagination, links, link) = page::describe(call, &request, &list);
    let data = list.items.iter().map(adjustment).collect();
    Ok(ListStockAdjustmentsResponse::Status200 { body: models::StockAdjustmentPage { data, pagination, links }, link })
}

pub async fn get(
    handlers: &Handlers,
    call: &Context<'_>,
    params: GetStockAdjustmentParams,
) -> Result<GetStockAdjustmentResponse, Problem> {
    let GetStockAdjustmentParams { product_id, adjustment_id, fields: _ } = params;
    let found = handlers.shop.stock_adjustment(call.caller()?, product_id, adjustment_id).await?;
    Ok(GetStockAdjustmentResponse::Status200 { e_tag: tag(&found), body: adjustment(&found) })
}

fn adjustment(line: &StockAdjustment) -> models::StockAdjustment {
    let StockAdjustment { id, product_id, delta, reason, stock_after, actor_id, created_at } = line;
    models::StockAdjustment {
        id: *id,
        product_id: *product_id,
        delta: delta.pieces(),
        reason: reason.as_str().to_owned(),
        stock_after: stock_after.pieces(),
        actor_id: nullable(*actor_id),
        created_at: *created_at,
    }
}

/// A line of the ledger never changes.
fn tag(line: &StockAdjustment) -> String {
    EntityTag { id: line.id, version: 1 }.to_string()
}
