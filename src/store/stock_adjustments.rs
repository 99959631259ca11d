//! The ledger of stock. Its lines are added and never changed.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use super::paging::{self, Sorting};
use super::rows::stock_adjustment::{self as row, Column};
use super::{Db, Error, Link, Tx};
use crate::domain::page::{Keyset, Order, Page, PageRequest, SortValue};
use crate::domain::stock::StockAdjustment;
use crate::domain::time::to_micros;

impl<L: Link> Db<L> {
    /// A line of a product's ledger.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn stock_adjustment(&self, product_id: Uuid, id: Uuid) -> Result<Option<StockAdjustment>, Error> {
        let line = row::Entity::find_by_id(id).filter(Column::ProductId.eq(product_id));
        line.one(self.connection()).await?.map(StockAdjustment::try_from).transpose()
    }

    /// A part of a product's ledger, by age.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn stock_adjustments_of(
        &self,
        product_id: Uuid,
        order: Order,
        request: &PageRequest,
    ) -> Result<Page<StockAdjustment>, Error> {
        let convert = |row: row::Model| StockAdjustment::try_from(row);
        let keyset = |line: &StockAdjustment| Keyset { value: SortValue::Time(line.created_at), id: line.id };
        paging::page(self.connection(), of(product_id), &sorting(order), request, convert, keyset).await
    }
}

impl Tx {
    /// Adds a line to a product's ledger. That the stock changes with it is for the caller to see to.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn insert_stock_adjustment(&self, line: &StockAdjustment) -> Result<(), Error> {
        let (names, values): (Vec<_>, Vec<_>) = columns(line).into_iter().unzip();
        let mut insertion = Query::insert();
        insertion.into_table(row::Entity).columns(names);
        insertion.values(values).map_err(|error| Error::Broken(error.into()))?;
        self.connection().execute(&insertion).await?;
        Ok(())
    }
}

/// A line as it stands in its row.
pub(super) fn columns(line: &StockAdjustment) -> [(Column, Expr); 7] {
    let StockAdjustment { id, product_id, delta, reason, stock_after, actor_id, created_at } = line;
    [
        (Column::Id, Expr::value(*id)),
        (Column::ProductId, Expr::value(*product_id)),
        (Column::Delta, Expr::value(delta.pieces())),
        (Column::Reason, Expr::value(reason.as_str())),
        (Column::StockAfter, Expr::value(stock_after.pieces())),
        (Column::ActorId, Expr::value(*actor_id)),
        (Column::CreatedAt, Expr::value(to_micros(*created_at))),
    ]
}

pub(super) fn of(product_id: Uuid) -> Select<row::Entity> {
    row::Entity::find().filter(Column::ProductId.eq(product_id))
}

pub(super) fn sorting(order: Order) -> Sorting<row::Entity> {
    Sorting { column: Column::CreatedAt, id: Column::Id, order }
}
