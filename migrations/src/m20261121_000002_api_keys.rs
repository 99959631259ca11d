//! API keys. Of a secret only its digest is kept.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum ApiKeys {
    Table,
    Id,
    UserId,
    Name,
    Prefix,
    Hash,
    Scopes,
    CreatedAt,
    LastUsedAt,
    ExpiresAt,
}

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(table()).await?;
        manager.create_index(owned_by_user()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(ApiKeys::Table).take()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn table() -> TableCreateStatement {
    Table::create()
        .table(ApiKeys::Table)
        .col(ColumnDef::new(ApiKeys::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(ApiKeys::UserId).uuid().not_null())
        .col(ColumnDef::new(ApiKeys::Name).text().not_null())
        .col(ColumnDef::new(ApiKeys::Prefix).text().not_null())
        .col(ColumnDef::new(ApiKeys::Hash).binary_len(32).not_null().unique_key())
        .col(ColumnDef::new(ApiKeys::Scopes).text().not_null())
        .col(ColumnDef::new(ApiKeys::CreatedAt).big_integer().not_null())
        .col(ColumnDef::new(ApiKeys::LastUsedAt).big_integer())
        .col(ColumnDef::new(ApiKeys::ExpiresAt).big_integer())
        .check(Expr::cust("length(name) BETWEEN 1 AND 100"))
        .check(Expr::cust("length(hash) = 32"))
        .foreign_key(
            ForeignKey::create()
                .from(ApiKeys::Table, ApiKeys::UserId)
                .to(Users::Table, Users::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

/// Lists an owner's keys by age; also what deleting an account asks.
fn owned_by_user() -> IndexCreateStatement {
    let columns = [ApiKeys::UserId, ApiKeys::CreatedAt, ApiKeys::Id];
    let mut index = Index::create();
    index.name("api_keys_user_created_at").table(ApiKeys::Table);
    columns.into_iter().fold(&mut index, |index, column| index.col(column)).take()
}
