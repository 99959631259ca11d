//! `api_keys`.

use sea_orm::entity::prelude::*;

use super::super::Error;
use super::{moment, moment_if_any};
use crate::domain::access::RoleScopes;
use crate::domain::api_key::{ApiKey, KeyName};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub name: String,
    pub prefix: String,
    pub hash: Vec<u8>,
    pub scopes: String,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
    pub expires_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn into_key(self, scopes: &RoleScopes) -> Result<ApiKey, Error> {
        Ok(ApiKey {
            id: self.id,
            user_id: self.user_id,
            name: KeyName::restored(self.name),
            prefix: self.prefix,
            scopes: scopes.parse_known(&self.scopes),
            created_at: moment(self.created_at)?,
            last_used_at: moment_if_any(self.last_used_at)?,
            expires_at: moment_if_any(self.expires_at)?,
        })
    }
}
