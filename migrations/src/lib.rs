//! The schema's history: one file for each group of tables, applied in order and never edited once released.
//!
//! Written for `SQLite` and `PostgreSQL` alike. Moments are `bigint` microseconds since 1970: `SQLite` has no type for them,
//! and its text forms sort wrongly as soon as the number of digits differs. `PostgreSQL` has, and gets it (`native`).
//! Words (`role`, `status`) are text with a `CHECK`, so that a value the program does not know cannot be written.

pub use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbErr};

mod m20261121_000001_users;
mod m20261121_000002_api_keys;
mod m20261121_000003_sessions;
mod m20261121_000004_categories;
mod m20261121_000005_products;
mod m20261121_000006_stock_adjustments;
mod m20261121_000007_search;
mod m20261121_000008_own_lists;
mod m20261121_000009_orders;
mod m20261121_000010_audit;
mod m20261121_000011_overview;
mod m20261121_000012_native;

/// Knows every migration of this version of the program.
pub struct Migrator;

#[sea_orm_migration::prelude::async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_users::Migration),
            Box::new(m20261121_000002_api_keys::Migration),
            Box::new(m20261121_000003_sessions::Migration),
            Box::new(m20261121_000004_categories::Migration),
            Box::new(m20261121_000005_products::Migration),
            Box::new(m20261121_000006_stock_adjustments::Migration),
            Box::new(m20261121_000007_search::Migration),
            Box::new(m20261121_000008_own_lists::Migration),
            Box::new(m20261121_000009_orders::Migration),
            Box::new(m20261121_000010_audit::Migration),
            Box::new(m20261121_000011_overview::Migration),
            Box::new(m20261121_000012_native::Migration),
        ]
    }
}

/// One migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The file's name.
    pub name: String,
    /// Whether it has been applied.
    pub applied: bool,
}

/// What a database has been through, compared with what this program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Every migration of this program, oldest first.
    pub known: Vec<Step>,
    /// Names that the database has and this program does not: it was written by a newer one.
    pub unknown: Vec<String>,
}

/// Reads the history, creating the table that holds it if there is none.
///
/// # Errors
/// When the database cannot be asked.
pub async fn history<C: ConnectionTrait>(db: &C) -> Result<History, DbErr> {
    let applied: Vec<String> =
        Migrator::get_migration_models(db).await?.into_iter().map(|model| model.version).collect();
    Ok(compared(applied))
}

/// Compares the names of migrations that a database has been through with those of this program.
#[must_use]
pub fn compared(applied: Vec<String>) -> History {
    let known: Vec<Step> = Migrator::migrations()
        .iter()
        .map(|migration| Step {
            name: migration.name().to_owned(),
            applied: applied.iter().any(|a| a == migration.name()),
        })
        .collect();
    let unknown = applied.into_iter().filter(|name| known.iter().all(|step| step.name != *name)).collect();
    History { known, unknown }
}
