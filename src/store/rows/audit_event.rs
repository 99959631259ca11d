//! `audit_events`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::super::Error;
use super::moment;
use crate::domain::audit::{Agent, AuditEvent, MemberChange};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub action: String,
    pub actor: String,
    pub actor_id: Option<Uuid>,
    pub resource: String,
    pub resource_id: Uuid,
    pub request_id: Option<String>,
    pub changes: String,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A change as it is written down: a triple.
#[derive(Serialize, Deserialize)]
struct Written<'a>(
    #[serde(borrow)] std::borrow::Cow<'a, str>,
    Option<std::borrow::Cow<'a, str>>,
    Option<std::borrow::Cow<'a, str>>,
);

/// All changes of an event as one text.
pub fn write(changes: &[MemberChange]) -> Result<String, Error> {
    let triples: Vec<Written<'_>> = changes
        .iter()
        .map(|MemberChange { member, before, after }| {
            Written(member.as_ref().into(), before.as_deref().map(Into::into), after.as_deref().map(Into::into))
        })
        .collect();
    serde_json::to_string(&triples).map_err(|error| Error::Broken(error.into()))
}

fn read(text: &str) -> Result<Vec<MemberChange>, Error> {
    let triples: Vec<Written<'_>> = serde_json::from_str(text).map_err(|_| Error::corrupt("list of changes"))?;
    let change = |Written(member, before, after): Written<'_>| MemberChange {
        member: member.into_owned().into(),
        before: before.map(std::borrow::Cow::into_owned),
        after: after.map(std::borrow::Cow::into_owned),
    };
    Ok(triples.into_iter().map(change).collect())
}

impl TryFrom<Model> for AuditEvent {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            action: row.action.into(),
            actor: Agent::parse(&row.actor).ok_or_else(|| Error::corrupt("actor"))?,
            actor_id: row.actor_id,
            resource: row.resource.into(),
            resource_id: row.resource_id,
            request_id: row.request_id,
            changes: read(&row.changes)?,
            created_at: moment(row.created_at)?,
        })
    }
}
