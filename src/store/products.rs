//! Products, and their stock as it is now.

pub(super) mod writing;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::paging::{self, Sorting};
use super::rows::product::{self as row, Column, Read};
use super::{Db, Error, Link, search};
use crate::domain::page::{Keyset, Order, Page, PageRequest, SortValue};
use crate::domain::product::{Product, ProductFilter, ProductSort, Wanted};

impl<L: Link> Db<L> {
    /// The product with this id.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn product(&self, id: Uuid, wanted: Wanted) -> Result<Option<Product>, Error> {
        let product = self.link.hold(reading(row::Entity::find_by_id(id), wanted)).into_model::<Read>();
        product.one(self.connection()).await?.map(Product::try_from).transpose()
    }

    /// Whether there is a product with this id.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn has_product(&self, id: Uuid) -> Result<bool, Error> {
        let found = row::Entity::find_by_id(id).select_only().column(Column::Version).into_tuple::<i64>();
        Ok(found.one(self.connection()).await?.is_some())
    }

    /// A part of the list of products.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn products(
        &self,
        filter: &ProductFilter,
        sort: ProductSort,
        order: Order,
        request: &PageRequest,
        wanted: Wanted,
    ) -> Result<Page<Product>, Error> {
        let list = reading(filtered(filter, self.backend()), wanted);
        let convert = |row: Read| Product::try_from(row);
        let keyset = |product: &Product| keyset(product, sort);
        paging::page(self.connection(), list, &sorting(sort, order), request, convert, keyset).await
    }
}

fn reading(list: Select<row::Entity>, wanted: Wanted) -> Select<row::Entity> {
    let list = list.select_only().columns(Read::COLUMNS);
    if wanted.description { list.column(Column::Description) } else { list.expr_as(Expr::cust("NULL"), "description") }
}

/// One condition finds the rows, and the others look at what it found: a search the fewest, else a category. `SQLite` cannot
/// know which of them finds fewer, and would guess.
pub(super) fn filtered(filter: &ProductFilter, backend: DbBackend) -> Select<row::Entity> {
    let searched = filter.search.is_some();
    let shelved = filter.category_id.is_some();
    let column = |column: Column, led: bool| {
        if led { search::unindexed(column, backend) } else { Expr::col(column.as_column_ref()) }
    };
    row::Entity::find()
        .apply_if(filter.search.as_ref(), |list, search| list.filter(search::products_with(search, backend)))
        .apply_if(filter.category_id, |list, id| list.filter(column(Column::CategoryId, searched).eq(id)))
        .apply_if(filter.status, |list, status| {
            list.filter(column(Column::Status, searched || shelved).eq(status.as_str()))
        })
        .apply_if(filter.min_price, |list, amount| list.filter(column(Column::PriceAmount, searched).gte(amount)))
        .apply_if(filter.max_price, |list, amount| list.filter(column(Column::PriceAmount, searched).lte(amount)))
        // Written out, so that the partial indices over the same words can be used.
        .apply_if(filter.in_stock, |list, some| list.filter(Expr::cust(if some { "stock > 0" } else { "stock = 0" })))
}

pub(super) fn sorting(sort: ProductSort, order: Order) -> Sorting<row::Entity> {
    let column = match sort {
        ProductSort::CreatedAt => Column::CreatedAt,
        ProductSort::Name => Column::NameKey,
        ProductSort::Price => Column::PriceAmount,
    };
    Sorting { column, id: Column::Id, order }
}

fn keyset(product: &Product, sort: ProductSort) -> Keyset {
    let value = match sort {
        ProductSort::CreatedAt => SortValue::Time(product.created_at),
        ProductSort::Name => SortValue::Text(product.name.key()),
        ProductSort::Price => SortValue::Number(product.price.amount()),
    };
    Keyset { value, id: product.id }
}
