//! `stock_adjustments`.

use sea_orm::entity::prelude::*;

use super::super::Error;
use super::moment;
use crate::domain::stock::{Delta, Reason, Stock, StockAdjustment};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "stock_adjustments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub product_id: Uuid,
    pub delta: i64,
    pub reason: String,
    pub stock_after: i64,
    pub actor_id: Option<Uuid>,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for StockAdjustment {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            product_id: row.product_id,
            delta: Delta::restored(row.delta),
            reason: Reason::restored(row.reason),
            stock_after: Stock::restored(row.stock_after),
            actor_id: row.actor_id,
            created_at: moment(row.created_at)?,
        })
    }
}
