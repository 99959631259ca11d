//! The ledger of stock: what was added and taken, by whom and why. The sum of a product's rows is its stock.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum StockAdjustments {
    Table,
    Id,
    ProductId,
    Delta,
    Reason,
    StockAfter,
    ActorId,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Products {
    Table,
    Id,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(table()).await?;
        manager.create_index(of_product()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(StockAdjustments::Table).take()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The actor is no foreign key: accounts keep their rows when they are deleted, and a ledger outlives whatever becomes of
/// them.
fn table() -> TableCreateStatement {
    Table::create()
        .table(StockAdjustments::Table)
        .col(ColumnDef::new(StockAdjustments::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(StockAdjustments::ProductId).uuid().not_null())
        .col(ColumnDef::new(StockAdjustments::Delta).big_integer().not_null())
        .col(ColumnDef::new(StockAdjustments::Reason).text().not_null())
        .col(ColumnDef::new(StockAdjustments::StockAfter).big_integer().not_null())
        .col(ColumnDef::new(StockAdjustments::ActorId).uuid())
        .col(ColumnDef::new(StockAdjustments::CreatedAt).big_integer().not_null())
        .check(Expr::cust("delta <> 0"))
        .check(Expr::cust("length(reason) BETWEEN 1 AND 200"))
        .check(Expr::cust("stock_after >= 0"))
        .foreign_key(
            ForeignKey::create()
                .from(StockAdjustments::Table, StockAdjustments::ProductId)
                .to(Products::Table, Products::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn of_product() -> IndexCreateStatement {
    Index::create()
        .name("stock_adjustments_product_created_at")
        .table(StockAdjustments::Table)
        .col(StockAdjustments::ProductId)
        .col(StockAdjustments::CreatedAt)
        .col(StockAdjustments::Id)
        .take()
}
