//! The audit trail, and the events of it that are still to be told.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Iterable, QueryFilter, QueryTrait, Select,
};
use uuid::Uuid;

use super::bulk::ROWS;
use super::paging::{self, Sorting};
use super::rows::audit_event::{self as row, Column};
use super::rows::outbox;
use super::{Db, Error, Link, Store, Tx};
use crate::domain::audit::{AuditEvent, AuditFilter};
use crate::domain::page::{Keyset, Order, Page, PageRequest, SortValue};
use crate::domain::time::to_micros;

impl<L: Link> Db<L> {
    /// A part of the audit trail, by age.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn audit_events(
        &self,
        filter: &AuditFilter,
        order: Order,
        request: &PageRequest,
    ) -> Result<Page<AuditEvent>, Error> {
        let convert = |row: row::Model| AuditEvent::try_from(row);
        let keyset = |event: &AuditEvent| Keyset { value: SortValue::Time(event.created_at), id: event.id };
        paging::page(self.connection(), filtered(filter), &sorting(order), request, convert, keyset).await
    }
}

impl Store {
    /// Events that are still to be told with their numbers, the first to happen first: those that come behind `after`.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn untold_events(&self, after: Option<i64>, limit: u64) -> Result<Vec<(i64, AuditEvent)>, Error> {
        let rows = self.connection().query_all(&untold(after.unwrap_or(i64::MIN), limit)).await?;
        let event = |row: &sea_orm::QueryResult| {
            let number = row.try_get("", "number")?;
            Ok((number, AuditEvent::try_from(row::Model::from_query_result(row, "")?)?))
        };
        rows.iter().map(event).collect()
    }
}

impl Tx {
    /// Adds events to the audit trail, to be told in this order once this is committed.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn insert_events(&self, events: &[AuditEvent]) -> Result<(), Error> {
        for some in events.chunks(ROWS) {
            let lines = some.iter().map(line).collect::<Result<Vec<_>, _>>()?;
            row::Entity::insert_many(lines).exec_without_returning(self.connection()).await?;
            let waiting = some.iter().map(|event| outbox::ActiveModel {
                number: NotSet,
                event_id: Set(event.id),
                event_created_at: Set(to_micros(event.created_at)),
            });
            outbox::Entity::insert_many(waiting).exec_without_returning(self.connection()).await?;
        }
        Ok(())
    }

    /// Strikes events off the list of what is still to be told. Numbers are given again once they are free, so it takes the
    /// events' ids as well: another teller may have been quicker.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn delete_told_events(&self, events: Vec<(i64, Uuid)>) -> Result<(), Error> {
        let (numbers, ids): (Vec<i64>, Vec<Uuid>) = events.into_iter().unzip();
        let told = outbox::Entity::delete_many()
            .filter(outbox::Column::Number.is_in(numbers))
            .filter(outbox::Column::EventId.is_in(ids));
        told.exec(self.connection()).await?;
        Ok(())
    }
}

/// An event as it stands in its row.
fn line(event: &AuditEvent) -> Result<row::ActiveModel, Error> {
    let AuditEvent { id, action, actor, actor_id, resource, resource_id, request_id, changes, created_at } = event;
    Ok(row::ActiveModel {
        id: Set(*id),
        action: Set(action.as_ref().to_owned()),
        actor: Set(actor.as_str().to_owned()),
        actor_id: Set(*actor_id),
        resource: Set(resource.as_ref().to_owned()),
        resource_id: Set(*resource_id),
        request_id: Set(request_id.clone()),
        changes: Set(row::write(changes)?),
        created_at: Set(to_micros(*created_at)),
    })
}

pub(super) fn untold(after: i64, limit: u64) -> sea_orm::sea_query::SelectStatement {
    let event = |column: Column| Expr::col((row::Entity, column));
    let waiting = |column: outbox::Column| Expr::col((outbox::Entity, column));
    let same = waiting(outbox::Column::EventCreatedAt)
        .eq(event(Column::CreatedAt))
        .and(waiting(outbox::Column::EventId).eq(event(Column::Id)));
    Query::select()
        .columns(Column::iter().map(|column| (row::Entity, column)))
        .column((outbox::Entity, outbox::Column::Number))
        .from(outbox::Entity)
        .inner_join(row::Entity, same)
        .and_where(waiting(outbox::Column::Number).gt(after))
        .order_by((outbox::Entity, outbox::Column::Number), sea_orm::sea_query::Order::Asc)
        .limit(limit)
        .take()
}

pub(super) fn filtered(filter: &AuditFilter) -> Select<row::Entity> {
    row::Entity::find()
        .apply_if(filter.request_id.as_deref(), |list, id| list.filter(Column::RequestId.eq(id)))
        .apply_if(filter.resource_id, |list, id| list.filter(Column::ResourceId.eq(id)))
        .apply_if(filter.actor_id, |list, id| list.filter(Column::ActorId.eq(id)))
        .apply_if(filter.action.as_deref(), |list, action| list.filter(Column::Action.eq(action)))
        .apply_if(filter.resource.as_deref(), |list, resource| list.filter(Column::Resource.eq(resource)))
        .apply_if(filter.created_after, |list, moment| list.filter(Column::CreatedAt.gt(to_micros(moment))))
        .apply_if(filter.created_before, |list, moment| list.filter(Column::CreatedAt.lt(to_micros(moment))))
}

pub(super) fn sorting(order: Order) -> Sorting<row::Entity> {
    Sorting { column: Column::CreatedAt, id: Column::Id, order }
}
