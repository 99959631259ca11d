//! Accounts.
//!
//! A deleted account keeps its row (orders point at it) with its personal data emptied. The names of live accounts are
//! unique by partial indices, which frees those of deleted ones. Every filter and sort of the list of accounts has an
//! index over live rows that ends in the id.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(Clone, Copy, DeriveIden)]
enum Users {
    Table,
    Id,
    Email,
    Username,
    UsernameKey,
    FullName,
    SearchKey,
    PasswordHash,
    Role,
    Status,
    Version,
    CreatedAt,
    UpdatedAt,
    DeletedAt,
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
        manager.drop_table(Table::drop().table(Users::Table).take()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn table() -> TableCreateStatement {
    Table::create()
        .table(Users::Table)
        .col(ColumnDef::new(Users::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(Users::Email).text().not_null())
        .col(ColumnDef::new(Users::Username).text().not_null())
        .col(ColumnDef::new(Users::UsernameKey).text().not_null())
        .col(ColumnDef::new(Users::FullName).text())
        .col(ColumnDef::new(Users::SearchKey).text().not_null())
        .col(ColumnDef::new(Users::PasswordHash).text().not_null())
        .col(ColumnDef::new(Users::Role).text().not_null())
        .col(ColumnDef::new(Users::Status).text().not_null())
        .col(ColumnDef::new(Users::Version).big_integer().not_null())
        .col(ColumnDef::new(Users::CreatedAt).big_integer().not_null())
        .col(ColumnDef::new(Users::UpdatedAt).big_integer().not_null())
        .col(ColumnDef::new(Users::DeletedAt).big_integer())
        .check(Expr::cust("role IN ('user', 'moderator', 'admin')"))
        .check(Expr::cust("status IN ('active', 'suspended')"))
        .check(Expr::cust("version >= 1"))
        .check(Expr::cust("length(email) <= 254 AND (deleted_at IS NOT NULL OR length(email) >= 3)"))
        .check(Expr::cust("length(username) <= 50 AND (deleted_at IS NOT NULL OR length(username) >= 3)"))
        .check(Expr::cust("full_name IS NULL OR length(full_name) BETWEEN 1 AND 100"))
        .take()
}

fn indices() -> Vec<IndexCreateStatement> {
    let over_live = |name: &str, columns: &[Users]| {
        let mut index = Index::create();
        index.name(name).table(Users::Table).and_where(Expr::col(Users::DeletedAt).is_null());
        for column in columns {
            index.col(*column);
        }
        index.take()
    };
    vec![
        over_live("users_email_unique", &[Users::Email]).unique().take(),
        over_live("users_username_key_unique", &[Users::UsernameKey]).unique().take(),
        over_live("users_created_at", &[Users::CreatedAt, Users::Id]),
        over_live("users_role_created_at", &[Users::Role, Users::CreatedAt, Users::Id]),
        over_live("users_status_created_at", &[Users::Status, Users::CreatedAt, Users::Id]),
    ]
}
