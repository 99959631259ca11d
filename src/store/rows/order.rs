//! `orders`.

use sea_orm::entity::prelude::*;

use super::super::Error;
use super::moment;
use crate::domain::money::{Currency, Money};
use crate::domain::order::{Note, Order, Status};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub status: String,
    pub total_amount: i64,
    pub currency: String,
    pub note: Option<String>,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::order_item::Entity")]
    Items,
}

impl Related<super::order_item::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Items.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

/// Without its items, which are rows of their own.
impl TryFrom<Model> for Order {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        let currency = Currency::parse(&row.currency).map_err(|_| Error::corrupt("currency"))?;
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            status: status(&row.status)?,
            items: Vec::new(),
            total: Money::restored(row.total_amount, currency),
            note: row.note.map(Note::restored),
            version: row.version,
            created_at: moment(row.created_at)?,
            updated_at: moment(row.updated_at)?,
        })
    }
}

pub fn status(word: &str) -> Result<Status, Error> {
    Status::parse(word).ok_or_else(|| Error::corrupt("status"))
}
