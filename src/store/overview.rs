//! How the shop is doing, asked of indices.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};

use super::{Db, Error, Link};
use crate::domain::access::Role;
use crate::domain::money::{Currency, Money};
use crate::domain::order::Status;
use crate::domain::overview::{BEST, DayRevenue, FEW, ProductCount, RUNNING_OUT};
use crate::domain::time::{Timestamp, to_micros};

/// Live accounts by role.
pub(super) const USERS: &str = "SELECT role, count(*) AS pieces FROM users WHERE deleted_at IS NULL GROUP BY role";

/// Orders by state.
pub(super) const ORDERS: &str = "SELECT status, count(*) AS pieces FROM orders GROUP BY status";

/// Days are counted since 1970. Millions and the rest of totals are summed apart: either sum fits 64 bits, when the whole one
/// might not.
pub(super) fn revenue(backend: DbBackend) -> String {
    let day = match backend {
        DbBackend::Postgres => "CAST(floor(extract(epoch FROM created_at) / 86400) AS bigint)",
        _ => "created_at / 86400000000",
    };
    format!(
        "SELECT {day} AS day, currency, count(*) AS pieces, \
         CAST(sum(total_amount / 1000000) AS bigint) AS millions, CAST(sum(total_amount % 1000000) AS bigint) AS rest \
         FROM orders WHERE status IN ('paid', 'shipped', 'delivered') AND created_at >= $1 \
         GROUP BY {day}, currency ORDER BY day DESC, currency"
    )
}

/// What sold best.
pub(super) const SALES: &str = "SELECT products.id AS id, products.sku AS sku, products.name AS name, sold.pieces AS pieces \
     FROM (SELECT order_items.product_id AS product_id, CAST(sum(order_items.quantity) AS bigint) AS pieces \
     FROM orders INNER JOIN order_items ON order_items.order_id = orders.id \
     WHERE orders.status IN ('paid', 'shipped', 'delivered') AND orders.created_at >= $1 \
     GROUP BY order_items.product_id ORDER BY pieces DESC, order_items.product_id LIMIT $2) AS sold \
     INNER JOIN products ON products.id = sold.product_id ORDER BY sold.pieces DESC, products.id";

/// What is running out. The bound is written out, so that the partial index over the same words can be used.
pub(super) const FEWEST: &str = "SELECT id, sku, name, stock AS pieces FROM products \
     WHERE stock < 10 AND status = 'active' ORDER BY stock, id LIMIT $1";

const _: () = assert!(FEW == 10, "the index and the statement say so too");

impl<L: Link> Db<L> {
    /// Live accounts of each role.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn users_by_role(&self) -> Result<Vec<(Role, i64)>, Error> {
        let counted = |row: &QueryResult| {
            let role: String = row.try_get("", "role")?;
            Ok((Role::parse(&role).ok_or_else(|| Error::corrupt("role"))?, row.try_get("", "pieces")?))
        };
        self.ask(USERS, [], counted).await
    }

    /// Orders of each state.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn orders_by_status(&self) -> Result<Vec<(Status, i64)>, Error> {
        let counted = |row: &QueryResult| {
            let status: String = row.try_get("", "status")?;
            Ok((super::rows::order::status(&status)?, row.try_get("", "pieces")?))
        };
        self.ask(ORDERS, [], counted).await
    }

    /// What each day since a moment brought in each currency, latest first. A sum beyond 64 bits is told as the greatest
    /// number that fits.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn revenue_by_day(&self, since: Timestamp) -> Result<Vec<DayRevenue>, Error> {
        let summed = |row: &QueryResult| {
            let currency: String = row.try_get("", "currency")?;
            let currency = Currency::parse(&currency).map_err(|_| Error::corrupt("currency"))?;
            let (millions, rest): (i64, i64) = (row.try_get("", "millions")?, row.try_get("", "rest")?);
            let amount = millions.saturating_mul(1_000_000).saturating_add(rest);
            Ok(DayRevenue {
                day: day(row.try_get("", "day")?)?,
                orders: row.try_get("", "pieces")?,
                revenue: Money::restored(amount, currency),
            })
        };
        self.ask(&revenue(self.backend()), [to_micros(since).into()], summed).await
    }

    /// The products of which most was sold since a moment.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn best_sellers(&self, since: Timestamp) -> Result<Vec<ProductCount>, Error> {
        self.ask(SALES, [to_micros(since).into(), limit(BEST)], product).await
    }

    /// The active products of which fewest are left.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn running_out(&self) -> Result<Vec<ProductCount>, Error> {
        self.ask(FEWEST, [limit(RUNNING_OUT)], product).await
    }

    async fn ask<T>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
        read: impl Fn(&QueryResult) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let connection = self.connection();
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        connection.query_all_raw(statement).await?.iter().map(read).collect()
    }
}

fn limit(rows: u64) -> Value {
    i64::try_from(rows).unwrap_or(i64::MAX).into()
}

fn day(since_epoch: i64) -> Result<NaiveDate, Error> {
    let days = i32::try_from(since_epoch).ok().and_then(NaiveDate::from_epoch_days);
    days.ok_or_else(|| Error::corrupt("day"))
}

fn product(row: &QueryResult) -> Result<ProductCount, Error> {
    Ok(ProductCount {
        product_id: row.try_get("", "id")?,
        sku: row.try_get("", "sku")?,
        name: row.try_get("", "name")?,
        pieces: row.try_get("", "pieces")?,
    })
}
