//! The history of orders: operations of the tag `orders`, kept apart because it is a resource of its own.

use super::members::present;
use super::page::{self, nullable};
use super::{Context, Handlers, orders};
use crate::domain::order::Transition;
use crate::service::NewTransition;
use contract::{EntityTag, Problem};
use generated::params::*;
use generated::responses::*;
use generated::{BASE_PATH, models};

pub async fn create(
    handlers: &Handlers,
    call: &Context<'_>,
    params: CreateOrderTransitionParams,
) -> Result<CreateOrderTransitionResponse, Problem> {
    let models::OrderTransitionCreate { to, note } = params.body;
    let request = NewTransition { to: orders::status(to), note: note.and_then(present) };
    let keep = call.keep(|made, asked| created(made).into_reply(asked));
    let made = handlers.shop.take_step(call.by()?, params.order_id, request, keep).await?;
    Ok(created(&made))
}

fn created(made: &Transition) -> CreateOrderTransitionResponse {
    let location = format!("{BASE_PATH}/orders/{}/transitions/{}", made.order_id, made.id);
    CreateOrderTransitionResponse::Status201 { location, e_tag: tag(made), body: step(made) }
}

pub async fn list(
    handlers: &Handlers,
    call: &Context<'_>,
    params: ListOrderTransitionsParams,
) -> Result<ListOrderTransitionsResponse, Problem> {
    let ListOrderTransitionsParams { order_id, limit, page, offset, cursor, sort, order, fields: _ } = params;
    let request = page::request(limit, page, offset, cursor);
    // There is one way to sort; another one would have to be considered here.
    let (Some(models::OrderTransitionSort::OrderTransitionByCreatedAt) | None) = sort;
    let found = handlers.shop.order_transitions(call.caller()?, order_id, page::order(order), &request).await;
    let list = found.map_err(page::in_query)?;
    let (pagination, links, link) = page::describe(call, &request, &list);
    let data = list.items.iter().map(step).collect();
    Ok(ListOrderTransitionsResponse::Status200 { body: models::OrderTransitionPage { data, pagination, links }, link })
}

pub async fn get(
    handlers: &Handlers,
    call: &Context<'_>,
    params: GetOrderTransitionParams,
) -> Result<GetOrderTransitionResponse, Problem> {
    let GetOrderTransitionParams { order_id, transition_id, fields: _ } = params;
    let found = handlers.shop.order_transition(call.caller()?, order_id, transition_id).await?;
    Ok(GetOrderTransitionResponse::Status200 { e_tag: tag(&found), body: step(&found) })
}

fn step(line: &Transition) -> models::OrderTransition {
    let Transition { id, order_id: _, from, to, actor, actor_id, note, created_at } = line;
    models::OrderTransition {
        id: *id,
        from: nullable(from.map(|status| status.as_str().to_owned())),
        to: to.as_str().to_owned(),
        actor: actor.as_str().to_owned(),
        actor_id: nullable(*actor_id),
        note: nullable(note.as_ref().map(|note| note.as_str().to_owned())),
        created_at: *created_at,
    }
}

/// A line of a history never changes.
fn tag(line: &Transition) -> String {
    EntityTag { id: line.id, version: 1 }.to_string()
}
