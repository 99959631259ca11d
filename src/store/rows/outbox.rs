//! `outbox`.

use sea_orm::entity::prelude::*;

/// An event of the audit trail that is still to be told. The number is given by the database.
#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub number: i64,
    pub event_id: Uuid,
    pub event_created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
