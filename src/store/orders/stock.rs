//! The stock that orders take and put back. It is no line of the ledger: that tells what came into the house, and orders tell
//! what they hold of it.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::domain::money::{Currency, Money};
use crate::domain::order::Offer;
use crate::domain::product::{ProductName, ProductStatus, Sku};
use crate::domain::time::{Timestamp, to_micros};
use crate::store::rows::product::{Column, Entity};
use crate::store::{Error, Tx};

/// What there is of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Available {
    /// Which.
    pub product_id: Uuid,
    /// How many.
    pub pieces: i64,
    /// Whether it is sold.
    pub status: ProductStatus,
}

#[derive(Debug, FromQueryResult)]
struct AvailableRow {
    id: Uuid,
    stock: i64,
    status: String,
}

impl Tx {
    /// Takes pieces of a product that is sold, if there are so many, and reads it: one statement decides, takes and reads.
    /// `None` when there are not; then nothing happened.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn take_stock(&self, product_id: Uuid, pieces: i64, now: Timestamp) -> Result<Option<Offer>, Error> {
        let change = Query::update()
            .table(Entity)
            .value(Column::Stock, Expr::col(Column::Stock).sub(pieces))
            .value(Column::Version, Expr::col(Column::Version).add(1))
            .value(Column::UpdatedAt, to_micros(now))
            .and_where(Expr::col(Column::Id).eq(product_id))
            .and_where(Expr::col(Column::Stock).gte(pieces))
            .and_where(Expr::col(Column::Status).eq(ProductStatus::Active.as_str()))
            .returning(Query::returning().columns([
                Column::Sku,
                Column::Name,
                Column::PriceAmount,
                Column::PriceCurrency,
            ]))
            .take();
        let rows = self.connection().query_all(&change).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let currency: String = row.try_get("", "price_currency")?;
        let currency = Currency::parse(&currency).map_err(|_| Error::corrupt("currency"))?;
        Ok(Some(Offer {
            product_id,
            sku: Sku::restored(row.try_get("", "sku")?),
            name: ProductName::restored(row.try_get("", "name")?),
            price: Money::restored(row.try_get("", "price_amount")?, currency),
        }))
    }

    /// Puts pieces of a product back, sold or not.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Broken`].
    pub async fn put_back_stock(&self, product_id: Uuid, pieces: i64, now: Timestamp) -> Result<(), Error> {
        let change = Query::update()
            .table(Entity)
            .value(Column::Stock, Expr::col(Column::Stock).add(pieces))
            .value(Column::Version, Expr::col(Column::Version).add(1))
            .value(Column::UpdatedAt, to_micros(now))
            .and_where(Expr::col(Column::Id).eq(product_id))
            .take();
        let done = self.connection().execute(&change).await?;
        if done.rows_affected() > 0 { Ok(()) } else { Err(Error::Missing) }
    }

    /// What there is of these products; those that do not exist are left out.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn available(&self, product_ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<Available>, Error> {
        let found = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Stock, Column::Status])
            .filter(Column::Id.is_in(product_ids));
        let rows = found.into_model::<AvailableRow>().all(self.connection()).await?;
        let available = |AvailableRow { id, stock, status }| {
            let status = ProductStatus::parse(&status).ok_or_else(|| Error::corrupt("status"))?;
            Ok(Available { product_id: id, pieces: stock, status })
        };
        rows.into_iter().map(available).collect()
    }
}
