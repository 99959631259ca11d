//! `categories`.

use sea_orm::entity::prelude::*;

use super::super::Error;
use super::moment;
use crate::domain::category::{Category, CategoryDescription, CategoryName, Slug};

#[derive(Clone, Debug, DeriveEntityModel)]
#[sea_orm(table_name = "categories")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub name_key: String,
    pub slug: String,
    pub version: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub description: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Category {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            name: CategoryName::restored(row.name),
            slug: Slug::restored(row.slug),
            description: row.description.map(CategoryDescription::restored),
            version: row.version,
            created_at: moment(row.created_at)?,
            updated_at: moment(row.updated_at)?,
        })
    }
}
