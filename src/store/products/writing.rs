//! Writing products: few statements, each of which decides for itself whether it applies.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait, UpdateMany};
use uuid::Uuid;

use super::row::{self, Column};
use crate::domain::product::{Product, Wanted};
use crate::domain::search::text_of;
use crate::domain::stock::{Delta, Stock};
use crate::domain::time::{Timestamp, to_micros};
use crate::store::paging::one_of;
use crate::store::rows::category;
use crate::store::{Error, Tx};

impl Tx {
    /// Adds a product. `false` when its category is not there.
    ///
    /// # Errors
    /// [`Error::Taken`] when its SKU belongs to another one.
    pub async fn insert_product(&self, product: &Product) -> Result<bool, Error> {
        let values = whole(product);
        // Selected from its category: where there is none, nothing is added.
        let selection = Query::select()
            .exprs(values.iter().map(|(_, value)| value.clone()))
            .from(category::Entity)
            .and_where(category::Column::Id.eq(product.category_id))
            .take();
        let mut insertion = Query::insert();
        insertion.into_table(row::Entity).columns(values.into_iter().map(|(column, _)| column));
        insertion.select_from(selection).map_err(|error| Error::Broken(error.into()))?;
        Ok(self.connection().execute(&insertion).await?.rows_affected() > 0)
    }

    /// Writes what differs between a product as it was read and as it shall be; the new version is its own. That its category
    /// is there is for the caller to know.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is in another version, [`Error::Missing`] when it is gone, [`Error::Taken`].
    pub async fn update_product(&self, before: &Product, after: &Product) -> Result<(), Error> {
        // Only what differs: every column named is written to every index that has it.
        let differing = columns(after).into_iter().zip(columns(before)).filter(|(after, before)| after.1 != before.1);
        let change: UpdateMany<row::Entity> =
            row::Entity::update_many().filter(Column::Id.eq(before.id)).filter(Column::Version.eq(before.version));
        let mut change = differing.fold(change, |change, ((column, value), _)| change.col_expr(column, value));
        let words = |product: &Product| (product.name.clone(), product.sku.clone(), product.description.clone());
        if words(before) != words(after) {
            let (column, value) = searched(after);
            change = change.col_expr(column, value);
        }
        if change.exec(self.connection()).await?.rows_affected > 0 {
            return Ok(());
        }
        Err(self.why_product_stayed(before.id).await?)
    }

    /// Adds to, or takes from, a product's stock, which makes a new version of it; the stock afterwards. `None` when there is
    /// no such product, or its stock would be less than none or more than can be: then nothing happened.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn adjust_stock(&self, id: Uuid, delta: Delta, now: Timestamp) -> Result<Option<Stock>, Error> {
        let after = Expr::col(Column::Stock).add(delta.pieces());
        let change = Query::update()
            .table(row::Entity)
            .value(Column::Stock, after.clone())
            .value(Column::Version, Expr::col(Column::Version).add(1))
            .value(Column::UpdatedAt, to_micros(now))
            .and_where(Expr::col(Column::Id).eq(id))
            .and_where(after.between(0, Stock::MAX))
            .returning_col(Column::Stock)
            .take();
        let rows = self.connection().query_all(&change).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some(Stock::restored(row.try_get("", "stock")?)))
    }

    /// Deletes a product that is in one of these versions (`None`: in whichever), and its ledger.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is in another version, [`Error::Missing`] when it is not there.
    pub async fn delete_product(&self, id: Uuid, versions: Option<&[i64]>) -> Result<(), Error> {
        let deletion = row::Entity::delete_many()
            .filter(Column::Id.eq(id))
            .apply_if(versions, |deletion, versions| deletion.filter(one_of(Column::Version, versions)));
        if deletion.exec(self.connection()).await?.rows_affected > 0 {
            return Ok(());
        }
        Err(self.why_product_stayed(id).await?)
    }

    async fn why_product_stayed(&self, id: Uuid) -> Result<Error, Error> {
        let product = self.product(id, Wanted { description: false }).await?;
        Ok(product.map_or(Error::Missing, |product| Error::Stale { id, current: product.version }))
    }
}

/// A product as it stands in its row.
pub(in crate::store) fn whole(product: &Product) -> [(Column, Expr); 15] {
    let mut rest = columns(product).into_iter();
    // As many as there are places but one, which the last takes.
    std::array::from_fn(|_| rest.next().unwrap_or_else(|| searched(product)))
}

/// What a search looks through. It is derived from the rest, at some expense.
fn searched(product: &Product) -> (Column, Expr) {
    (Column::SearchText, Expr::value(text_of(product)))
}

/// A product as it stands in its row, but for what is searched.
fn columns(product: &Product) -> [(Column, Expr); 14] {
    let Product { id, category_id, name, sku, description, price, stock, status, version, created_at, updated_at } =
        product;
    [
        (Column::Id, Expr::value(*id)),
        (Column::CategoryId, Expr::value(*category_id)),
        (Column::Name, Expr::value(name.as_str())),
        (Column::NameKey, Expr::value(name.key())),
        (Column::Sku, Expr::value(sku.as_str())),
        (Column::SkuKey, Expr::value(sku.key())),
        (Column::PriceAmount, Expr::value(price.amount())),
        (Column::PriceCurrency, Expr::value(price.currency().as_str())),
        (Column::Stock, Expr::value(stock.pieces())),
        (Column::Status, Expr::value(status.as_str())),
        (Column::Version, Expr::value(*version)),
        (Column::CreatedAt, Expr::value(to_micros(*created_at))),
        (Column::UpdatedAt, Expr::value(to_micros(*updated_at))),
        (Column::Description, Expr::value(description.as_ref().map(|html| html.as_str().to_owned()))),
    ]
}
