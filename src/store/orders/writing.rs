//! Writing orders: few statements, each of which decides for itself whether it applies.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, UpdateMany};
use uuid::Uuid;

use super::row::{self, Column};
use crate::domain::order::{Order, OrderItem, OrderWanted, Transition};
use crate::domain::time::to_micros;
use crate::store::rows::{order_item, order_transition, user};
use crate::store::{Error, Tx};

impl Tx {
    /// Adds an order with its items. `false` when the account that it is for is not there any more; then nothing is added.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn insert_order(&self, order: &Order) -> Result<bool, Error> {
        let values = columns(order);
        // Selected from its account: where there is none, nothing is added.
        let selection = Query::select()
            .exprs(values.iter().map(|(_, value)| value.clone()))
            .from(user::Entity)
            .and_where(user::Column::Id.eq(order.user_id))
            .and_where(user::Column::DeletedAt.is_null())
            .take();
        let selection = self.link.keep(selection);
        let mut insertion = Query::insert();
        insertion.into_table(row::Entity).columns(values.into_iter().map(|(column, _)| column));
        insertion.select_from(selection).map_err(|error| Error::Broken(error.into()))?;
        if self.connection().execute(&insertion).await?.rows_affected() == 0 {
            return Ok(false);
        }
        self.insert_order_items(order.id, &order.items).await?;
        Ok(true)
    }

    /// Adds items to an order: one statement for all of them.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn insert_order_items(&self, order_id: Uuid, items: &[OrderItem]) -> Result<(), Error> {
        let rows = items.iter().map(|item| item_row(order_id, item));
        order_item::Entity::insert_many(rows).exec_without_returning(self.connection()).await?;
        Ok(())
    }

    /// Writes the quantity of an item, which was in version `expected`.
    ///
    /// # Errors
    /// [`Error::Missing`] when it is gone or in another version.
    pub async fn update_order_item(&self, order_id: Uuid, item: &OrderItem, expected: i64) -> Result<(), Error> {
        use order_item::Column;
        let change = order_item::Entity::update_many()
            .filter(Column::OrderId.eq(order_id))
            .filter(Column::CreatedAt.eq(to_micros(item.created_at)))
            .filter(Column::Id.eq(item.id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Quantity, Expr::value(item.quantity.pieces()))
            .col_expr(Column::Version, Expr::value(item.version));
        if change.exec(self.connection()).await?.rows_affected > 0 { Ok(()) } else { Err(Error::Missing) }
    }

    /// Takes an item out of an order.
    ///
    /// # Errors
    /// [`Error::Missing`] when it is gone.
    pub async fn delete_order_item(&self, order_id: Uuid, item: &OrderItem) -> Result<(), Error> {
        use order_item::Column;
        let deletion = order_item::Entity::delete_many()
            .filter(Column::OrderId.eq(order_id))
            .filter(Column::CreatedAt.eq(to_micros(item.created_at)))
            .filter(Column::Id.eq(item.id));
        if deletion.exec(self.connection()).await?.rows_affected > 0 { Ok(()) } else { Err(Error::Missing) }
    }

    /// Writes what differs between an order as it was read and as it shall be, but for its items; the new version is its own.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is in another version, [`Error::Missing`] when it is gone.
    pub async fn update_order(&self, before: &Order, after: &Order) -> Result<(), Error> {
        let differing = columns(after).into_iter().zip(columns(before)).filter(|(after, before)| after.1 != before.1);
        let change: UpdateMany<row::Entity> =
            row::Entity::update_many().filter(Column::Id.eq(before.id)).filter(Column::Version.eq(before.version));
        let change = differing.fold(change, |change, ((column, value), _)| change.col_expr(column, value));
        if change.exec(self.connection()).await?.rows_affected > 0 {
            return Ok(());
        }
        let now = self.order(before.id, OrderWanted { items: false }).await?;
        Err(now.map_or(Error::Missing, |order| Error::Stale { id: order.id, current: order.version }))
    }

    /// Adds a line to an order's history.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn insert_order_transition(&self, line: &Transition) -> Result<(), Error> {
        order_transition::Entity::insert(transition_row(line)).exec_without_returning(self.connection()).await?;
        Ok(())
    }
}

/// An item as it stands in its row.
pub(in crate::store) fn item_row(order_id: Uuid, item: &OrderItem) -> order_item::ActiveModel {
    order_item::ActiveModel {
        id: Set(item.id),
        order_id: Set(order_id),
        product_id: Set(item.product_id),
        sku: Set(item.sku.as_str().to_owned()),
        name: Set(item.name.as_str().to_owned()),
        quantity: Set(item.quantity.pieces()),
        unit_amount: Set(item.unit_price.amount()),
        version: Set(item.version),
        created_at: Set(to_micros(item.created_at)),
    }
}

/// A line of a history as it stands in its row.
pub(in crate::store) fn transition_row(line: &Transition) -> order_transition::ActiveModel {
    let Transition { id, order_id, from, to, actor, actor_id, note, created_at } = line;
    order_transition::ActiveModel {
        id: Set(*id),
        order_id: Set(*order_id),
        from_status: Set(from.map(|status| status.as_str().to_owned())),
        to_status: Set(to.as_str().to_owned()),
        actor: Set(actor.as_str().to_owned()),
        actor_id: Set(*actor_id),
        note: Set(note.as_ref().map(|note| note.as_str().to_owned())),
        created_at: Set(to_micros(*created_at)),
    }
}

/// An order as it stands in its row.
pub(in crate::store) fn columns(order: &Order) -> [(Column, Expr); 9] {
    let Order { id, user_id, status, items: _, total, note, version, created_at, updated_at } = order;
    [
        (Column::Id, Expr::value(*id)),
        (Column::UserId, Expr::value(*user_id)),
        (Column::Status, Expr::value(status.as_str())),
        (Column::TotalAmount, Expr::value(total.amount())),
        (Column::Currency, Expr::value(total.currency().as_str())),
        (Column::Note, Expr::value(note.as_ref().map(|note| note.as_str().to_owned()))),
        (Column::Version, Expr::value(*version)),
        (Column::CreatedAt, Expr::value(to_micros(*created_at))),
        (Column::UpdatedAt, Expr::value(to_micros(*updated_at))),
    ]
}
