//! Categories of the catalogue. Every filter and sort of their list has an index that ends in the id.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(Clone, Copy, DeriveIden)]
enum Categories {
    Table,
    Id,
    Name,
    NameKey,
    Slug,
    Description,
    Version,
    CreatedAt,
    UpdatedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(table()).await?;
        for index in indices() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Categories::Table).take()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn table() -> TableCreateStatement {
    Table::create()
        .table(Categories::Table)
        .col(ColumnDef::new(Categories::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(Categories::Name).text().not_null())
        .col(ColumnDef::new(Categories::NameKey).text().not_null())
        .col(ColumnDef::new(Categories::Slug).text().not_null())
        .col(ColumnDef::new(Categories::Version).big_integer().not_null())
        .col(ColumnDef::new(Categories::CreatedAt).big_integer().not_null())
        .col(ColumnDef::new(Categories::UpdatedAt).big_integer().not_null())
        .col(ColumnDef::new(Categories::Description).text())
        .check(Expr::cust("length(name) BETWEEN 1 AND 100"))
        .check(Expr::cust("length(slug) BETWEEN 1 AND 100"))
        .check(Expr::cust("description IS NULL OR length(description) BETWEEN 1 AND 1000"))
        .check(Expr::cust("version >= 1"))
        .take()
}

fn indices() -> Vec<IndexCreateStatement> {
    let over = |name: &str, columns: &[Categories]| {
        let mut index = Index::create();
        index.name(name).table(Categories::Table);
        for column in columns {
            index.col(*column);
        }
        index.take()
    };
    vec![
        over("categories_slug_unique", &[Categories::Slug]).unique().take(),
        over("categories_created_at", &[Categories::CreatedAt, Categories::Id]),
        over("categories_name_key", &[Categories::NameKey, Categories::Id]),
    ]
}
