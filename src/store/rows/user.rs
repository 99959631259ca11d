//! `users`.

use sea_orm::entity::prelude::*;

use super::super::Error;
use super::moment;
use crate::domain::access::Role;
use crate::domain::user::{Email, FullName, Status, User, Username};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    pub username: String,
    pub username_key: String,
    pub full_name: Option<String>,
    pub search_key: String,
    pub password_hash: String,
    pub role: String,
    pub status: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub deleted_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for User {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            email: Email::restored(row.email),
            username: Username::restored(row.username),
            full_name: row.full_name.map(FullName::restored),
            role: Role::parse(&row.role).ok_or_else(|| Error::corrupt("role"))?,
            status: Status::parse(&row.status).ok_or_else(|| Error::corrupt("status"))?,
            version: row.version,
            created_at: moment(row.created_at)?,
            updated_at: moment(row.updated_at)?,
        })
    }
}
