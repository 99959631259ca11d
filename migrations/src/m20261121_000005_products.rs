//! Products of the catalogue.
//!
//! Stock can never be below zero, whatever the program does. Every filter and sort of the list has an index that ends in
//! the id; those of one category have three of their own, because that is the list that a shop shows most. Which products
//! are in stock is told by partial indices: a sale touches them only when it is the first or the last one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(Clone, Copy, DeriveIden)]
enum Products {
    Table,
    Number,
    Id,
    CategoryId,
    Name,
    NameKey,
    Sku,
    SkuKey,
    Description,
    SearchText,
    PriceAmount,
    PriceCurrency,
    Stock,
    Status,
    Version,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Categories {
    Table,
    Id,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(table(manager.get_database_backend())).await?;
        for index in indices() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Products::Table).take()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn table(backend: DbBackend) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(Products::Table);
    let mut id = ColumnDef::new(Products::Id).uuid().not_null().take();
    if backend == DbBackend::Sqlite {
        // The search index names its rows by number. The hidden one of SQLite may change with VACUUM; a declared one is it,
        // costs nothing, and stays.
        table.col(ColumnDef::new(Products::Number).integer().not_null().primary_key()).col(id.unique_key());
    } else {
        table.col(id.primary_key());
    }
    table
        .col(ColumnDef::new(Products::CategoryId).uuid().not_null())
        .col(ColumnDef::new(Products::Name).text().not_null())
        .col(ColumnDef::new(Products::NameKey).text().not_null())
        .col(ColumnDef::new(Products::Sku).text().not_null())
        .col(ColumnDef::new(Products::SkuKey).text().not_null())
        .col(ColumnDef::new(Products::PriceAmount).big_integer().not_null())
        .col(ColumnDef::new(Products::PriceCurrency).text().not_null())
        .col(ColumnDef::new(Products::Stock).big_integer().not_null())
        .col(ColumnDef::new(Products::Status).text().not_null())
        .col(ColumnDef::new(Products::Version).big_integer().not_null())
        .col(ColumnDef::new(Products::CreatedAt).big_integer().not_null())
        .col(ColumnDef::new(Products::UpdatedAt).big_integer().not_null())
        // The long ones come last: whoever leaves them out need not read past them.
        .col(ColumnDef::new(Products::Description).text())
        .col(ColumnDef::new(Products::SearchText).text().not_null())
        .check(Expr::cust("length(name) BETWEEN 1 AND 200"))
        .check(Expr::cust("length(sku) BETWEEN 1 AND 64"))
        .check(Expr::cust("description IS NULL OR length(description) BETWEEN 1 AND 10000"))
        .check(Expr::cust("price_amount BETWEEN 0 AND 100000000000"))
        .check(Expr::cust("length(price_currency) = 3"))
        // No upper bound: what a cancelled order puts back must find room, whatever was added meanwhile.
        .check(Expr::cust("stock >= 0"))
        .check(Expr::cust("status IN ('active', 'archived')"))
        .check(Expr::cust("version >= 1"))
        .foreign_key(
            ForeignKey::create()
                .from(Products::Table, Products::CategoryId)
                .to(Categories::Table, Categories::Id)
                .on_delete(ForeignKeyAction::Restrict),
        )
        .take()
}

fn indices() -> Vec<IndexCreateStatement> {
    use Products::{CategoryId, CreatedAt, Id, NameKey, PriceAmount, SkuKey, Status};
    let over = |name: &str, columns: &[Products]| {
        let mut index = Index::create();
        index.name(name).table(Products::Table);
        for column in columns {
            index.col(*column);
        }
        index.take()
    };
    vec![
        over("products_sku_key_unique", &[SkuKey]).unique().take(),
        over("products_created_at", &[CreatedAt, Id]),
        over("products_name_key", &[NameKey, Id]),
        over("products_price", &[PriceAmount, Id]),
        over("products_status_created_at", &[Status, CreatedAt, Id]),
        over("products_in_stock_created_at", &[CreatedAt, Id]).and_where(Expr::cust("stock > 0")).take(),
        over("products_sold_out_created_at", &[CreatedAt, Id]).and_where(Expr::cust("stock = 0")).take(),
        over("products_category_created_at", &[CategoryId, CreatedAt, Id]),
        over("products_category_name_key", &[CategoryId, NameKey, Id]),
        over("products_category_price", &[CategoryId, PriceAmount, Id]),
    ]
}
