//! `products`.

use sea_orm::FromQueryResult;
use sea_orm::entity::prelude::*;

use super::super::Error;
use super::moment;
use crate::domain::description::Description;
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Product, ProductName, ProductStatus, Sku};
use crate::domain::stock::Stock;

/// All columns but `number`, which the database gives and only search indices use.
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub category_id: Uuid,
    pub name: String,
    pub name_key: String,
    pub sku: String,
    pub sku_key: String,
    pub price_amount: i64,
    pub price_currency: String,
    pub stock: i64,
    pub status: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub description: Option<String>,
    pub search_text: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What is read of a row: the rest is for comparing, sorting and searching only.
#[derive(Debug, FromQueryResult)]
pub struct Read {
    id: Uuid,
    category_id: Uuid,
    name: String,
    sku: String,
    price_amount: i64,
    price_currency: String,
    stock: i64,
    status: String,
    version: i64,
    created_at: i64,
    updated_at: i64,
    description: Option<String>,
}

impl Read {
    /// The columns that are always read.
    pub const COLUMNS: [Column; 11] = [
        Column::Id,
        Column::CategoryId,
        Column::Name,
        Column::Sku,
        Column::PriceAmount,
        Column::PriceCurrency,
        Column::Stock,
        Column::Status,
        Column::Version,
        Column::CreatedAt,
        Column::UpdatedAt,
    ];
}

impl TryFrom<Read> for Product {
    type Error = Error;

    fn try_from(row: Read) -> Result<Self, Error> {
        let currency = Currency::parse(&row.price_currency).map_err(|_| Error::corrupt("currency"))?;
        Ok(Self {
            id: row.id,
            category_id: row.category_id,
            name: ProductName::restored(row.name),
            sku: Sku::restored(row.sku),
            description: row.description.map(Description::restored),
            price: Money::restored(row.price_amount, currency),
            stock: Stock::restored(row.stock),
            status: ProductStatus::parse(&row.status).ok_or_else(|| Error::corrupt("status"))?,
            version: row.version,
            created_at: moment(row.created_at)?,
            updated_at: moment(row.updated_at)?,
        })
    }
}
