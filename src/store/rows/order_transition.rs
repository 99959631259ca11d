//! `order_transitions`.

use sea_orm::entity::prelude::*;

use super::super::Error;
use super::{moment, order};
use crate::domain::order::{Actor, Note, Transition};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "order_transitions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub from_status: Option<String>,
    pub to_status: String,
    pub actor: String,
    pub actor_id: Option<Uuid>,
    pub note: Option<String>,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Transition {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            order_id: row.order_id,
            from: row.from_status.as_deref().map(order::status).transpose()?,
            to: order::status(&row.to_status)?,
            actor: Actor::parse(&row.actor).ok_or_else(|| Error::corrupt("actor"))?,
            actor_id: row.actor_id,
            note: row.note.map(Note::restored),
            created_at: moment(row.created_at)?,
        })
    }
}
