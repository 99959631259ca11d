//! What operators look at: how the shop is doing, how it is set up, and what was done in it.

use super::page::{self, nullable};
use super::{Context, Handlers, Setting};
use crate::domain::audit::{AuditEvent, AuditFilter, MemberChange};
use crate::domain::overview::{DayRevenue, Overview, ProductCount};
use contract::Problem;
use generated::api::AdminApi;
use generated::models;
use generated::params::*;
use generated::responses::*;

impl AdminApi<Context<'_>> for Handlers {
    async fn get_overview(&self, call: &Context<'_>, _: GetOverviewParams) -> Result<GetOverviewResponse, Problem> {
        let found = self.shop.overview(call.caller()?).await?;
        Ok(GetOverviewResponse::Status200 { body: overview(found) })
    }

    async fn get_effective_config(
        &self,
        _: &Context<'_>,
        _: GetEffectiveConfigParams,
    ) -> Result<GetEffectiveConfigResponse, Problem> {
        let settings = self.settings.iter().cloned().map(|Setting { name, value, secret }| models::EffectiveSetting {
            name,
            value: nullable(value),
            secret,
        });
        Ok(GetEffectiveConfigResponse::Status200 { body: models::EffectiveConfig { settings: settings.collect() } })
    }

    async fn list_audit_events(
        &self,
        call: &Context<'_>,
        params: ListAuditEventsParams,
    ) -> Result<ListAuditEventsResponse, Problem> {
        let ListAuditEventsParams { limit, page, offset, cursor, sort, order, fields: _, .. } = params;
        let request = page::request(limit, page, offset, cursor);
        // There is one way to sort; another one would have to be considered here.
        let (Some(models::AuditEventSort::AuditEventByCreatedAt) | None) = sort;
        let filter = AuditFilter {
            actor_id: params.actor_id,
            action: params.action,
            resource: params.resource,
            resource_id: params.resource_id,
            request_id: params.request_id,
            created_after: params.created_after,
            created_before: params.created_before,
        };
        let found = self.shop.audit_events(call.caller()?, &filter, page::order(order), &request).await;
        let list = found.map_err(page::in_query)?;
        let (pagination, links, link) = page::describe(call, &request, &list);
        let data = list.items.into_iter().map(event).collect();
        Ok(ListAuditEventsResponse::Status200 { body: models::AuditEventPage { data, pagination, links }, link })
    }
}

fn overview(overview: Overview) -> models::Overview {
    let Overview { users_by_role, orders_by_status, revenue_by_day, top_products, low_stock, created_at } = overview;
    let role = |(role, count): (crate::domain::access::Role, i64)| models::RoleCount { role: role.to_string(), count };
    let status = |(status, count): (crate::domain::order::Status, i64)| models::StatusCount {
        status: status.as_str().to_owned(),
        count,
    };
    let day = |DayRevenue { day, orders, revenue }| models::DayRevenue {
        day: day.to_string(),
        orders,
        revenue: page::money(revenue),
    };
    let sold = |ProductCount { product_id, sku, name, pieces }| models::ProductSales {
        product_id,
        sku,
        name,
        quantity: pieces,
    };
    let left =
        |ProductCount { product_id, sku, name, pieces }| models::ProductStock { product_id, sku, name, stock: pieces };
    models::Overview {
        users_by_role: users_by_role.into_iter().map(role).collect(),
        orders_by_status: orders_by_status.into_iter().map(status).collect(),
        revenue_by_day: revenue_by_day.into_iter().map(day).collect(),
        top_products: top_products.into_iter().map(sold).collect(),
        low_stock: low_stock.into_iter().map(left).collect(),
        created_at,
    }
}

fn event(event: AuditEvent) -> models::AuditEvent {
    let AuditEvent { id, action, actor, actor_id, resource, resource_id, request_id, changes, created_at } = event;
    let change = |MemberChange { member, before, after }| models::AuditChange {
        member: member.into_owned(),
        before: nullable(before),
        after: nullable(after),
    };
    models::AuditEvent {
        id,
        action: action.into_owned(),
        actor: actor.as_str().to_owned(),
        actor_id: nullable(actor_id),
        resource: resource.into_owned(),
        resource_id,
        request_id: nullable(request_id),
        changes: changes.into_iter().map(change).collect(),
        created_at,
    }
}
