//! `sessions`.

use sea_orm::entity::prelude::*;

use super::super::Error;
use super::{moment, moment_if_any};
use crate::domain::access::RoleScopes;
use crate::domain::session::{ClientInfo, Session};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub api_key_id: Option<Uuid>,
    pub created_at: i64,
    pub last_used_at: i64,
    pub expires_at: i64,
    pub ended_at: Option<i64>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub scopes: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn into_session(self, scopes: &RoleScopes) -> Result<Session, Error> {
        Ok(Session {
            id: self.id,
            user_id: self.user_id,
            created_at: moment(self.created_at)?,
            last_used_at: moment(self.last_used_at)?,
            expires_at: moment(self.expires_at)?,
            ended_at: moment_if_any(self.ended_at)?,
            client: ClientInfo::restored(self.ip, self.user_agent),
            scopes: self.scopes.map(|names| scopes.parse_known(&names)),
            api_key_id: self.api_key_id,
        })
    }
}
