//! What the overview asks of products. The index holds only those that are running out, so that most sales do not touch it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Products {
    Table,
    Status,
    Stock,
    Id,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let running_out = Index::create()
            .name("products_running_out")
            .table(Products::Table)
            // First, or the planner, which guesses without statistics, takes the list's own index by status.
            .col(Products::Status)
            .col(Products::Stock)
            .col(Products::Id)
            .and_where(Expr::cust("stock < 10 AND status = 'active'"))
            .take();
        manager.create_index(running_out).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("products_running_out").table(Products::Table).to_owned()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
