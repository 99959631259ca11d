//! Categories.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::paging::{self, Sorting, one_of};
use super::rows::category::{self as row, Column};
use super::rows::product;
use super::{Db, Error, Link, Tx};
use crate::domain::category::{Category, CategoryFilter, CategorySort};
use crate::domain::page::{Keyset, Order, Page, PageRequest, SortValue};
use crate::domain::time::to_micros;

impl<L: Link> Db<L> {
    /// The category with this id.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn category(&self, id: Uuid) -> Result<Option<Category>, Error> {
        let row = self.link.hold(row::Entity::find_by_id(id)).one(self.connection()).await?;
        row.map(Category::try_from).transpose()
    }

    /// Whether there is a category with this id.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn has_category(&self, id: Uuid) -> Result<bool, Error> {
        let found = row::Entity::find_by_id(id).select_only().column(Column::Version).into_tuple::<i64>();
        Ok(found.one(self.connection()).await?.is_some())
    }

    /// A part of the list of categories.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn categories(
        &self,
        filter: &CategoryFilter,
        sort: CategorySort,
        order: Order,
        request: &PageRequest,
    ) -> Result<Page<Category>, Error> {
        let keyset = |category: &Category| keyset(category, sort);
        let convert = |row: row::Model| Category::try_from(row);
        paging::page(self.connection(), filtered(filter), &sorting(sort, order), request, convert, keyset).await
    }
}

impl Tx {
    /// Adds a category.
    ///
    /// # Errors
    /// [`Error::Taken`] when its slug belongs to another one.
    pub async fn insert_category(&self, category: &Category) -> Result<(), Error> {
        let (names, values): (Vec<_>, Vec<_>) = columns(category).into_iter().unzip();
        let mut insertion = Query::insert();
        insertion.into_table(row::Entity).columns(names);
        insertion.values(values).map_err(|error| Error::Broken(error.into()))?;
        self.connection().execute(&insertion).await?;
        Ok(())
    }

    /// Writes what may change of a category that was in version `expected`; the new version is the category's own.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is in another version, [`Error::Missing`] when it is gone, [`Error::Taken`].
    pub async fn update_category(&self, category: &Category, expected: i64) -> Result<(), Error> {
        let Category { id, name, slug, description, version, created_at: _, updated_at } = category;
        let change = row::Entity::update_many()
            .filter(Column::Id.eq(*id))
            .filter(Column::Version.eq(expected))
            .col_expr(Column::Name, Expr::value(name.as_str()))
            .col_expr(Column::NameKey, Expr::value(name.key()))
            .col_expr(Column::Slug, Expr::value(slug.as_str()))
            .col_expr(Column::Description, Expr::value(description.as_ref().map(|text| text.as_str().to_owned())))
            .col_expr(Column::Version, Expr::value(*version))
            .col_expr(Column::UpdatedAt, Expr::value(to_micros(*updated_at)));
        if change.exec(self.connection()).await?.rows_affected > 0 {
            return Ok(());
        }
        Err(self.why_not(*id).await?)
    }

    /// Deletes a category that is in one of these versions (`None`: in whichever) and holds no product. `false` when it holds
    /// some.
    ///
    /// # Errors
    /// [`Error::Stale`] when it is in another version, [`Error::Missing`] when it is not there.
    pub async fn delete_category(&self, id: Uuid, versions: Option<&[i64]>) -> Result<bool, Error> {
        let product = Query::select()
            .column(product::Column::Id)
            .from(product::Entity)
            .and_where(product::Column::CategoryId.eq(id))
            .take();
        let deletion = row::Entity::delete_many()
            .filter(Column::Id.eq(id))
            .filter(Expr::exists(product).not())
            .apply_if(versions, |deletion, versions| deletion.filter(one_of(Column::Version, versions)));
        if deletion.exec(self.connection()).await?.rows_affected > 0 {
            return Ok(true);
        }
        match self.why_not(id).await? {
            Error::Stale { current, .. } if versions.is_none_or(|versions| versions.contains(&current)) => Ok(false),
            error => Err(error),
        }
    }

    /// Why a category was not changed.
    async fn why_not(&self, id: Uuid) -> Result<Error, Error> {
        Ok(match self.category(id).await? {
            Some(category) => Error::Stale { id, current: category.version },
            None => Error::Missing,
        })
    }
}

/// A category as it stands in its row.
pub(super) fn columns(category: &Category) -> [(Column, Expr); 8] {
    let Category { id, name, slug, description, version, created_at, updated_at } = category;
    [
        (Column::Id, Expr::value(*id)),
        (Column::Name, Expr::value(name.as_str())),
        (Column::NameKey, Expr::value(name.key())),
        (Column::Slug, Expr::value(slug.as_str())),
        (Column::Version, Expr::value(*version)),
        (Column::CreatedAt, Expr::value(to_micros(*created_at))),
        (Column::UpdatedAt, Expr::value(to_micros(*updated_at))),
        (Column::Description, Expr::value(description.as_ref().map(|text| text.as_str().to_owned()))),
    ]
}

pub(super) fn filtered(filter: &CategoryFilter) -> Select<row::Entity> {
    row::Entity::find().apply_if(filter.slug.as_deref(), |list, slug| list.filter(Column::Slug.eq(slug)))
}

pub(super) fn sorting(sort: CategorySort, order: Order) -> Sorting<row::Entity> {
    let column = match sort {
        CategorySort::CreatedAt => Column::CreatedAt,
        CategorySort::Name => Column::NameKey,
    };
    Sorting { column, id: Column::Id, order }
}

fn keyset(category: &Category, sort: CategorySort) -> Keyset {
    let value = match sort {
        CategorySort::CreatedAt => SortValue::Time(category.created_at),
        CategorySort::Name => SortValue::Text(category.name.key()),
    };
    Keyset { value, id: category.id }
}
