//! `order_items`. Their currency is their order's.

use sea_orm::entity::prelude::*;

use super::super::Error;
use super::moment;
use crate::domain::money::{Currency, Money};
use crate::domain::order::{OrderItem, Quantity};
use crate::domain::product::{ProductName, Sku};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "order_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub product_id: Uuid,
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit_amount: i64,
    pub version: i64,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::order::Entity", from = "Column::OrderId", to = "super::order::Column::Id")]
    Order,
}

impl Related<super::order::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Order.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn into_item(self, currency: Currency) -> Result<OrderItem, Error> {
        let unit_price = Money::restored(self.unit_amount, currency);
        Ok(OrderItem {
            id: self.id,
            product_id: self.product_id,
            sku: Sku::restored(self.sku),
            name: ProductName::restored(self.name),
            quantity: Quantity::restored(self.quantity),
            unit_price,
            total: unit_price.times(self.quantity).ok_or_else(|| Error::corrupt("total"))?,
            version: self.version,
            created_at: moment(self.created_at)?,
        })
    }
}
