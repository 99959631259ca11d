//! Products: one by its id, and the filtered and sorted list.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, QueryBuilder, Row, Sqlite};
use uuid::Uuid;

use crate::answer::{Failure, digested, tagged};
use crate::orders::Desk;
use crate::page::{Part, page};

const BY_ID: &str = "SELECT id, category_id, name, sku, description, price_amount, price_currency, stock, status, \
                     version, created_at, updated_at FROM products WHERE id = ?";
const LISTED: &str = "SELECT id, category_id, name, sku, description, price_amount, price_currency, stock, status, \
                      version, created_at, updated_at FROM products";

#[derive(Serialize)]
pub struct Product {
    id: Uuid,
    category_id: Uuid,
    name: String,
    sku: String,
    description: Option<String>,
    price: Money,
    stock: i64,
    status: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[serde(skip)]
    version: i64,
}

#[derive(Serialize)]
pub struct Money {
    pub amount: i64,
    pub currency: String,
}

impl FromRow<'_, SqliteRow> for Product {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get(0)?,
            category_id: row.try_get(1)?,
            name: row.try_get(2)?,
            sku: row.try_get(3)?,
            description: row.try_get(4)?,
            price: Money { amount: row.try_get(5)?, currency: row.try_get(6)? },
            stock: row.try_get(7)?,
            status: row.try_get(8)?,
            version: row.try_get(9)?,
            created_at: time(row, 10)?,
            updated_at: time(row, 11)?,
        })
    }
}

fn time(row: &SqliteRow, column: usize) -> Result<DateTime<Utc>, sqlx::Error> {
    let micros = row.try_get(column)?;
    DateTime::from_timestamp_micros(micros).ok_or_else(|| sqlx::Error::Decode("a time out of range".into()))
}

pub async fn one(State(desk): State<Arc<Desk>>, Path(id): Path<Uuid>, headers: HeaderMap) -> Result<Response, Failure> {
    let product: Product = sqlx::query_as(BY_ID).bind(id).fetch_one(&desk.readers).await?;
    let tag = format!("\"v{}-{:08x}\"", product.version, id.as_u128() & 0xffff_ffff);
    tagged(&headers, &tag, &product)
}

/// What a list can be asked; anything else is refused by serde.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    category_id: Option<Uuid>,
    min_price: Option<i64>,
    max_price: Option<i64>,
    in_stock: Option<bool>,
    status: Option<Status>,
    #[serde(default)]
    sort: Sort,
    #[serde(default)]
    order: Order,
    limit: Option<u32>,
    page: Option<u32>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
    Archived,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Sort {
    #[default]
    CreatedAt,
    Price,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Order {
    Asc,
    #[default]
    Desc,
}

pub async fn list(
    State(desk): State<Arc<Desk>>,
    Query(asked): Query<Asked>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let part = Part { limit: asked.limit.unwrap_or(20).clamp(1, 100), page: asked.page.unwrap_or(1).max(1) };
    // One connection for both, so that a list costs one turn in the pool.
    let mut connection = desk.readers.acquire().await?;
    let mut counted = filtered("SELECT count(*) FROM products", &asked);
    let total: i64 = counted.build_query_scalar().fetch_one(&mut *connection).await?;
    let mut listed = sorted(filtered(LISTED, &asked), &asked, part);
    let products: Vec<Product> = listed.build_query_as().fetch_all(&mut *connection).await?;
    drop(connection);

    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let place = |product: &Product| match asked.sort {
        Sort::CreatedAt => (product.created_at.timestamp_micros(), product.id),
        Sort::Price => (product.price.amount, product.id),
    };
    digested(&headers, &page(&format!("http://{host}"), &uri, part, products, total, place))
}

fn filtered(select: &'static str, asked: &Asked) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(select);
    let mut word = " WHERE ";
    let mut and = |query: &mut QueryBuilder<Sqlite>, condition: &str| {
        query.push(word).push(condition);
        word = " AND ";
    };
    if let Some(category) = asked.category_id {
        and(&mut query, "category_id = ");
        query.push_bind(category);
    }
    if let Some(least) = asked.min_price {
        and(&mut query, "price_amount >= ");
        query.push_bind(least);
    }
    if let Some(most) = asked.max_price {
        and(&mut query, "price_amount <= ");
        query.push_bind(most);
    }
    if let Some(wanted) = asked.in_stock {
        and(&mut query, if wanted { "stock > 0" } else { "stock = 0" });
    }
    if let Some(status) = asked.status {
        and(
            &mut query,
            match status {
                Status::Active => "status = 'active'",
                Status::Archived => "status = 'archived'",
            },
        );
    }
    query
}

fn sorted(mut query: QueryBuilder<Sqlite>, asked: &Asked, part: Part) -> QueryBuilder<Sqlite> {
    query.push(match (asked.sort, asked.order) {
        (Sort::CreatedAt, Order::Asc) => " ORDER BY created_at, id LIMIT ",
        (Sort::CreatedAt, Order::Desc) => " ORDER BY created_at DESC, id DESC LIMIT ",
        (Sort::Price, Order::Asc) => " ORDER BY price_amount, id LIMIT ",
        (Sort::Price, Order::Desc) => " ORDER BY price_amount DESC, id DESC LIMIT ",
    });
    query.push_bind(part.limit).push(" OFFSET ").push_bind(part.offset());
    query
}
