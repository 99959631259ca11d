//! Orders. Their items and their history, which the document files under the same tag, are in `order_items` and
//! `order_steps`.

use super::members::{change, expected, present};
use super::page::{self, nullable};
use super::{Context, Handlers, order_items, order_steps};
use crate::domain::order::{Order, OrderFilter, OrderSort, OrderWanted, Status};
use crate::service::{Caller, List, NewOrder, NewOrderItem, Shop};
use contract::{EntityTag, Fields, Problem};
use generated::api::OrdersApi;
use generated::params::*;
use generated::responses::*;
use generated::{BASE_PATH, models};

impl OrdersApi<Context<'_>> for Handlers {
    async fn create_order(
        &self,
        call: &Context<'_>,
        params: CreateOrderParams,
    ) -> Result<CreateOrderResponse, Problem> {
        let by = call.by()?;
        let created = |made: &Order| CreateOrderResponse::Status201 {
            location: format!("{BASE_PATH}/orders/{}", made.id),
            e_tag: tag(&self.shop, &by, made),
            body: order(&self.shop, &by, made),
        };
        let keep = call.keep(|made, asked| created(made).into_reply(asked));
        let made = self.shop.place_order(by, by.id(), wish(params.body), keep).await?;
        Ok(created(&made))
    }

    async fn create_user_order(
        &self,
        call: &Context<'_>,
        params: CreateUserOrderParams,
    ) -> Result<CreateUserOrderResponse, Problem> {
        let by = call.by()?;
        let created = |made: &Order| CreateUserOrderResponse::Status201 {
            location: format!("{BASE_PATH}/users/{}/orders/{}", made.user_id, made.id),
            e_tag: tag(&self.shop, &by, made),
            body: order(&self.shop, &by, made),
        };
        let keep = call.keep(|made, asked| created(made).into_reply(asked));
        let made = self.shop.place_order(by, params.user_id, wish(params.body), keep).await?;
        Ok(created(&made))
    }

    async fn list_orders(&self, call: &Context<'_>, params: ListOrdersParams) -> Result<ListOrdersResponse, Problem> {
        let ListOrdersParams { limit, page, offset, cursor, sort: by, order, fields, .. } = params;
        let request = page::request(limit, page, offset, cursor);
        let filter = OrderFilter {
            user_id: params.user_id,
            status: params.status.map(status),
            created_after: params.created_after,
            created_before: params.created_before,
        };
        let (caller, sorting) = (call.caller()?, (sort(by), page::order(order)));
        let found = self.shop.orders(caller, filter, sorting, &request, wanted(fields)).await;
        let list = found.map_err(page::in_query)?;
        let (pagination, links, link) = page::describe(call, &request, &list);
        Ok(ListOrdersResponse::Status200 { body: orders(self, caller, &list, pagination, links), link })
    }

    async fn list_user_orders(
        &self,
        call: &Context<'_>,
        params: ListUserOrdersParams,
    ) -> Result<ListUserOrdersResponse, Problem> {
        let ListUserOrdersParams { user_id, limit, page, offset, cursor, sort: by, order, fields, .. } = params;
        let request = page::request(limit, page, offset, cursor);
        let filter = OrderFilter {
            user_id: Some(user_id),
            status: params.status.map(status),
            created_after: params.created_after,
            created_before: params.created_before,
        };
        let (caller, sorting) = (call.caller()?, (sort(by), page::order(order)));
        let found = self.shop.user_orders(caller, user_id, filter, sorting, &request, wanted(fields)).await;
        let list = found.map_err(page::in_query)?;
        let (pagination, links, link) = page::describe(call, &request, &list);
        Ok(ListUserOrdersResponse::Status200 { body: orders(self, caller, &list, pagination, links), link })
    }

    async fn get_order(&self, call: &Context<'_>, params: GetOrderParams) -> Result<GetOrderResponse, Problem> {
        let caller = call.caller()?;
        let found = self.shop.order(caller, params.order_id, wanted(params.fields)).await?;
        Ok(GetOrderResponse::Status200 {
            e_tag: tag(&self.shop, caller, &found),
            body: order(&self.shop, caller, &found),
        })
    }

    async fn get_user_order(
        &self,
        call: &Context<'_>,
        params: GetUserOrderParams,
    ) -> Result<GetUserOrderResponse, Problem> {
        let GetUserOrderParams { user_id, order_id, fields } = params;
        let caller = call.caller()?;
        let found = self.shop.user_order(caller, user_id, order_id, wanted(fields)).await?;
        Ok(GetUserOrderResponse::Status200 {
            e_tag: tag(&self.shop, caller, &found),
            body: order(&self.shop, caller, &found),
        })
    }

    async fn update_order(
        &self,
        call: &Context<'_>,
        params: UpdateOrderParams,
    ) -> Result<UpdateOrderResponse, Problem> {
        let models::OrderUpdate { note } = params.body;
        let by = call.by()?;
        let expected = expected(params.if_match.as_deref(), params.order_id);
        let changed = self.shop.update_order(by, params.order_id, change(note), &expected).await?;
        Ok(UpdateOrderResponse::Status200 {
            e_tag: tag(&self.shop, &by, &changed),
            body: order(&self.shop, &by, &changed),
        })
    }

    async fn delete_order(
        &self,
        call: &Context<'_>,
        params: DeleteOrderParams,
    ) -> Result<DeleteOrderResponse, Problem> {
        let expected = expected(params.if_match.as_deref(), params.order_id);
        self.shop.cancel_order(call.by()?, params.order_id, &expected).await?;
        Ok(DeleteOrderResponse::Status204 {})
    }

    async fn create_order_item(
        &self,
        call: &Context<'_>,
        params: CreateOrderItemParams,
    ) -> Result<CreateOrderItemResponse, Problem> {
        order_items::create(self, call, params).await
    }

    async fn list_order_items(
        &self,
        call: &Context<'_>,
        params: ListOrderItemsParams,
    ) -> Result<ListOrderItemsResponse, Problem> {
        order_items::list(self, call, params).await
    }

    async fn get_order_item(
        &self,
        call: &Context<'_>,
        params: GetOrderItemParams,
    ) -> Result<GetOrderItemResponse, Problem> {
        order_items::get(self, call, params).await
    }

    async fn replace_order_item(
        &self,
        call: &Context<'_>,
        params: ReplaceOrderItemParams,
    ) -> Result<ReplaceOrderItemResponse, Problem> {
        order_items::replace(self, call, params).await
    }

    async fn delete_order_item(
        &self,
        call: &Context<'_>,
        params: DeleteOrderItemParams,
    ) -> Result<DeleteOrderItemResponse, Problem> {
        order_items::delete(self, call, params).await
    }

    async fn create_order_transition(
        &self,
        call: &Context<'_>,
        params: CreateOrderTransitionParams,
    ) -> Result<CreateOrderTransitionResponse, Problem> {
        order_steps::create(self, call, params).await
    }

    async fn list_order_transitions(
        &self,
        call: &Context<'_>,
        params: ListOrderTransitionsParams,
    ) -> Result<ListOrderTransitionsResponse, Problem> {
        order_steps::list(self, call, params).await
    }

    async fn get_order_transition(
        &self,
        call: &Context<'_>,
        params: GetOrderTransitionParams,
    ) -> Result<GetOrderTransitionResponse, Problem> {
        order_steps::get(self, call, params).await
    }
}

fn orders(
    handlers: &Handlers,
    caller: &Caller,
    list: &List<Order>,
    pagination: models::Pagination,
    links: models::PageLinks,
) -> models::OrderPage {
    let data = list.items.iter().map(|item| order(&handlers.shop, caller, item)).collect();
    models::OrderPage { data, pagination, links }
}

fn order(shop: &Shop, caller: &Caller, order: &Order) -> models::Order {
    let Order { id, user_id, status, items, total, note, version: _, created_at, updated_at } = order;
    models::Order {
        id: *id,
        user_id: *user_id,
        status: status.as_str().to_owned(),
        items: items.iter().map(order_items::item).collect(),
        total: page::money(*total),
        note: nullable(note.as_ref().map(|note| note.as_str().to_owned())),
        allowed_transitions: shop
            .steps_of(caller, order)
            .into_iter()
            .map(|status| status.as_str().to_owned())
            .collect(),
        expires_at: nullable(shop.expiry_of(order)),
        created_at: *created_at,
        updated_at: *updated_at,
    }
}

/// Who may take which steps is no part of the order, but of what the caller is shown of it: another role sees another list.
fn tag(shop: &Shop, caller: &Caller, order: &Order) -> String {
    let steps = shop.steps_of(caller, order);
    let sight = Status::ALL.iter().enumerate().map(|(place, status)| u32::from(steps.contains(status)) << place).sum();
    EntityTag { id: order.id, version: order.version }.seen_as(sight)
}

fn wish(body: models::OrderCreate) -> NewOrder {
    let models::OrderCreate { items, note } = body;
    let item =
        |models::OrderItemCreate { product_id, quantity }| NewOrderItem { product_id, quantity: quantity.into() };
    NewOrder { items: items.into_iter().map(item).collect(), note: note.and_then(present) }
}

fn sort(sort: Option<models::OrderSort>) -> OrderSort {
    match sort {
        Some(models::OrderSort::OrderByTotal) => OrderSort::Total,
        Some(models::OrderSort::OrderByCreatedAt) | None => OrderSort::CreatedAt,
    }
}

pub fn status(status: models::OrderStatus) -> Status {
    match status {
        models::OrderStatus::Pending => Status::Pending,
        models::OrderStatus::Paid => Status::Paid,
        models::OrderStatus::Shipped => Status::Shipped,
        models::OrderStatus::Delivered => Status::Delivered,
        models::OrderStatus::Cancelled => Status::Cancelled,
        models::OrderStatus::Refunded => Status::Refunded,
    }
}

/// What has to be read for the members that the caller chose.
fn wanted(fields: Fields) -> OrderWanted {
    OrderWanted { items: fields.takes("items") }
}
