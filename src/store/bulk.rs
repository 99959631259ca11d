//! Many rows in one statement, for seeding and importing. What is written is what the single statements would write.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{Expr, ExprTrait, IntoIden, OnConflict, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::orders::writing as orders;
use super::products::writing as products;
use super::rows::product::{self, Read};
use super::rows::{category, order, stock_adjustment, user};
use super::{Db, Error, Link, Tx, categories, stock_adjustments, users};
use crate::domain::category::Category;
use crate::domain::order::{Order, Transition};
use crate::domain::product::Product;
use crate::domain::stock::StockAdjustment;
use crate::domain::user::User;

/// Rows of one statement. Of the widest table that makes 3,750 parameters; `SQLite` takes 32,766.
pub(super) const ROWS: usize = 250;

/// The keys of an import's SKUs and the rows that they stand in; gone with the transaction.
const SEEN: &str = "import_skus";

impl<L: Link> Db<L> {
    /// The products with these [keys](crate::domain::product::Sku::key) of SKUs, by key.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn products_by_sku(&self, keys: &[String]) -> Result<HashMap<String, Product>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for some in keys.chunks(ROWS) {
            let rows = product::Entity::find()
                .select_only()
                .columns(Read::COLUMNS)
                .column(product::Column::Description)
                .filter(product::Column::SkuKey.is_in(some.iter().map(String::as_str)));
            for row in self.link.hold(rows).into_model::<Read>().all(self.connection()).await? {
                let product = Product::try_from(row)?;
                found.insert(product.sku.key(), product);
            }
        }
        Ok(found)
    }

    /// The ids of all categories, by slug.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn category_ids(&self) -> Result<HashMap<String, Uuid>, Error> {
        let slugs = category::Entity::find().all(self.connection()).await?;
        Ok(slugs.into_iter().map(|row| (row.slug, row.id)).collect())
    }
}

impl Tx {
    /// Makes room for many changes: a tree whose pages do not fit the memory would be read and written over and over.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn widen(&self) -> Result<(), Error> {
        if self.backend() == DbBackend::Sqlite {
            // In KiB where negative. It stays with the connection, and takes memory only as pages are used.
            self.connection().execute_unprepared("PRAGMA cache_size = -131072").await?;
        }
        Ok(())
    }

    /// Adds those accounts whose ids, addresses and names are new; tells how many.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn add_missing_users(&self, users: &[User], password_hash: &str) -> Result<usize, Error> {
        let rows = users.iter().map(|user| users::columns(user, password_hash));
        Ok(self.add_missing(user::Entity, user::Column::Id, rows).await?.len())
    }

    /// Adds those categories whose ids and slugs are new; tells how many.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn add_missing_categories(&self, categories: &[Category]) -> Result<usize, Error> {
        let rows = categories.iter().map(categories::columns);
        Ok(self.add_missing(category::Entity, category::Column::Id, rows).await?.len())
    }

    /// Adds those products whose ids and SKUs are new, and names them. Their categories have to be there.
    ///
    /// # Errors
    /// [`Error::Broken`], also for a category that is not there.
    pub async fn add_missing_products<'a>(
        &self,
        products: impl IntoIterator<Item = &'a Product>,
    ) -> Result<HashSet<Uuid>, Error> {
        let rows = products.into_iter().map(products::whole);
        self.add_missing(product::Entity, product::Column::Id, rows).await
    }

    /// Adds lines to the ledger. That the stocks agree with them is for the caller to see to.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn add_stock_adjustments<'a>(
        &self,
        lines: impl IntoIterator<Item = &'a StockAdjustment>,
    ) -> Result<(), Error> {
        let rows = lines.into_iter().map(stock_adjustments::columns);
        self.add_missing(stock_adjustment::Entity, stock_adjustment::Column::Id, rows).await?;
        Ok(())
    }

    /// Which of these accounts are there.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn known_users(&self, ids: HashSet<Uuid>) -> Result<HashSet<Uuid>, Error> {
        let mut known = HashSet::with_capacity(ids.len());
        for some in ids.into_iter().collect::<Vec<_>>().chunks(ROWS) {
            let found = user::Entity::find().select_only().column(user::Column::Id);
            let found = found.filter(user::Column::Id.is_in(some.iter().copied())).into_tuple::<Uuid>();
            known.extend(found.all(self.connection()).await?);
        }
        Ok(known)
    }

    /// What there is of these products, by id; those that do not exist are left out.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn stocks(&self, ids: HashSet<Uuid>) -> Result<HashMap<Uuid, i64>, Error> {
        let mut stocks = HashMap::with_capacity(ids.len());
        for some in ids.into_iter().collect::<Vec<_>>().chunks(ROWS) {
            let found = self.available(some.iter().copied()).await?;
            stocks.extend(found.into_iter().map(|product| (product.product_id, product.pieces)));
        }
        Ok(stocks)
    }

    /// Adds those orders whose ids are new, with their items, and names them. Their accounts and products have to be there,
    /// and what they hold is for the caller to see to.
    ///
    /// # Errors
    /// [`Error::Broken`], also for an account or a product that is not there.
    pub async fn add_missing_orders<'a>(
        &self,
        orders: impl Iterator<Item = &'a Order> + Clone,
    ) -> Result<HashSet<Uuid>, Error> {
        let added = self.add_missing(order::Entity, order::Column::Id, orders.clone().map(orders::columns)).await?;
        let new = orders.filter(|order| added.contains(&order.id));
        self.add_all(new.flat_map(|order| order.items.iter().map(|item| orders::item_row(order.id, item)))).await?;
        Ok(added)
    }

    /// Adds lines to the histories of orders.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn add_order_transitions<'a>(
        &self,
        lines: impl IntoIterator<Item = &'a Transition>,
    ) -> Result<(), Error> {
        self.add_all(lines.into_iter().map(orders::transition_row)).await
    }

    /// Adds rows, all of which are new.
    async fn add_all<A: ActiveModelTrait>(&self, rows: impl Iterator<Item = A>) -> Result<(), Error> {
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            let some = A::Entity::insert_many(rows.by_ref().take(ROWS));
            some.exec_without_returning(self.connection()).await?;
        }
        Ok(())
    }

    /// Notes in which rows of an import these keys of SKUs stand, and tells for each of them the first row that it stood in.
    /// What was noted is forgotten with [`forget_skus`](Self::forget_skus), or with the transaction when that is dropped.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn note_skus(&self, skus: &[(String, i64)]) -> Result<HashMap<String, i64>, Error> {
        let make =
            format!("CREATE TEMPORARY TABLE IF NOT EXISTS {SEEN} (sku text PRIMARY KEY, number bigint NOT NULL)");
        self.connection().execute_unprepared(&make).await?;
        let mut first = HashMap::with_capacity(skus.len());
        for some in skus.chunks(ROWS) {
            let mut noting = Query::insert();
            noting.into_table(SEEN).columns(["sku", "number"]).on_conflict(OnConflict::new().do_nothing().to_owned());
            for (sku, number) in some {
                noting
                    .values([Expr::value(sku.as_str()), Expr::value(*number)])
                    .map_err(|e| Error::Broken(e.into()))?;
            }
            self.connection().execute(&noting).await?;
            let asking = Query::select()
                .columns(["sku", "number"])
                .from(SEEN)
                .and_where(Expr::col("sku").is_in(some.iter().map(|(sku, _)| sku.as_str())))
                .take();
            for row in self.connection().query_all(&asking).await? {
                first.insert(row.try_get("", "sku")?, row.try_get("", "number")?);
            }
        }
        Ok(first)
    }

    /// Forgets what [`note_skus`](Self::note_skus) noted; to be called before the commit.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn forget_skus(&self) -> Result<(), Error> {
        self.connection().execute_unprepared(&format!("DROP TABLE IF EXISTS {SEEN}")).await?;
        Ok(())
    }

    /// Inserts the rows that contradict no unique column, and tells the ids of those.
    async fn add_missing<E: EntityTrait, const N: usize>(
        &self,
        table: E,
        id: E::Column,
        rows: impl Iterator<Item = [(E::Column, Expr); N]>,
    ) -> Result<HashSet<Uuid>, Error> {
        let mut added = HashSet::new();
        let mut rows = rows.peekable();
        while let Some(first) = rows.peek() {
            let mut insertion = Query::insert();
            insertion.into_table(table).columns(first.iter().map(|(column, _)| column.into_iden()));
            for row in rows.by_ref().take(ROWS) {
                insertion.values(row.map(|(_, value)| value)).map_err(|error| Error::Broken(error.into()))?;
            }
            insertion.on_conflict(OnConflict::new().do_nothing().to_owned()).returning_col(id);
            for row in self.connection().query_all(&insertion).await? {
                added.insert(row.try_get("", "id")?);
            }
        }
        Ok(added)
    }
}
