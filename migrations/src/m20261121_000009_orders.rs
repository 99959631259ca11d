//! Orders, their items, and their history.
//!
//! Rows that belong to an order lie beside each other: their tables are kept in the order of their keys, which saves `SQLite`
//! a second tree for each. Every filter and sort of the list has an index that ends in the id; that of the states holds the
//! totals as well, for the revenue of a day is summed up along it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(Clone, Copy, DeriveIden)]
enum Orders {
    Table,
    Id,
    UserId,
    Status,
    TotalAmount,
    Currency,
    Note,
    Version,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum OrderItems {
    Table,
    Id,
    OrderId,
    ProductId,
    Sku,
    Name,
    Quantity,
    UnitAmount,
    Version,
    CreatedAt,
}

#[derive(DeriveIden)]
enum OrderTransitions {
    Table,
    Id,
    OrderId,
    FromStatus,
    ToStatus,
    Actor,
    ActorId,
    Note,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Products {
    Table,
    Id,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        for mut table in [orders(), items(), transitions()] {
            manager.create_table(clustered(&mut table, backend)).await?;
        }
        for index in indices() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(OrderTransitions::Table).take()).await?;
        manager.drop_table(Table::drop().table(OrderItems::Table).take()).await?;
        manager.drop_table(Table::drop().table(Orders::Table).take()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The same table, its rows in the order of its key.
fn clustered(table: &mut TableCreateStatement, backend: DbBackend) -> TableCreateStatement {
    if backend == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table.take()
}

const STATES: &str = "('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')";

fn orders() -> TableCreateStatement {
    Table::create()
        .table(Orders::Table)
        .col(ColumnDef::new(Orders::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(Orders::UserId).uuid().not_null())
        .col(ColumnDef::new(Orders::Status).text().not_null())
        .col(ColumnDef::new(Orders::TotalAmount).big_integer().not_null())
        .col(ColumnDef::new(Orders::Currency).text().not_null())
        .col(ColumnDef::new(Orders::Note).text())
        .col(ColumnDef::new(Orders::Version).big_integer().not_null())
        .col(ColumnDef::new(Orders::CreatedAt).big_integer().not_null())
        .col(ColumnDef::new(Orders::UpdatedAt).big_integer().not_null())
        .check(Expr::cust(format!("status IN {STATES}")))
        .check(Expr::cust("total_amount >= 0"))
        .check(Expr::cust("length(currency) = 3"))
        .check(Expr::cust("note IS NULL OR length(note) BETWEEN 1 AND 500"))
        .check(Expr::cust("version >= 1"))
        .foreign_key(
            ForeignKey::create()
                .from(Orders::Table, Orders::UserId)
                .to(Users::Table, Users::Id)
                .on_delete(ForeignKeyAction::Restrict),
        )
        .take()
}

fn items() -> TableCreateStatement {
    Table::create()
        .table(OrderItems::Table)
        .col(ColumnDef::new(OrderItems::Id).uuid().not_null())
        .col(ColumnDef::new(OrderItems::OrderId).uuid().not_null())
        .col(ColumnDef::new(OrderItems::ProductId).uuid().not_null())
        .col(ColumnDef::new(OrderItems::Sku).text().not_null())
        .col(ColumnDef::new(OrderItems::Name).text().not_null())
        .col(ColumnDef::new(OrderItems::Quantity).big_integer().not_null())
        .col(ColumnDef::new(OrderItems::UnitAmount).big_integer().not_null())
        .col(ColumnDef::new(OrderItems::Version).big_integer().not_null())
        .col(ColumnDef::new(OrderItems::CreatedAt).big_integer().not_null())
        .primary_key(Index::create().col(OrderItems::OrderId).col(OrderItems::CreatedAt).col(OrderItems::Id))
        .check(Expr::cust("quantity BETWEEN 1 AND 10000"))
        .check(Expr::cust("unit_amount BETWEEN 0 AND 100000000000"))
        .check(Expr::cust("version >= 1"))
        .foreign_key(
            ForeignKey::create()
                .from(OrderItems::Table, OrderItems::OrderId)
                .to(Orders::Table, Orders::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .from(OrderItems::Table, OrderItems::ProductId)
                .to(Products::Table, Products::Id)
                .on_delete(ForeignKeyAction::Restrict),
        )
        .take()
}

/// The actor is no foreign key: accounts keep their rows when they are deleted, and a history outlives whatever becomes of
/// them.
fn transitions() -> TableCreateStatement {
    use OrderTransitions::{Actor, ActorId, CreatedAt, FromStatus, Id, Note, OrderId, ToStatus};
    Table::create()
        .table(OrderTransitions::Table)
        .col(ColumnDef::new(Id).uuid().not_null())
        .col(ColumnDef::new(OrderId).uuid().not_null())
        .col(ColumnDef::new(FromStatus).text())
        .col(ColumnDef::new(ToStatus).text().not_null())
        .col(ColumnDef::new(Actor).text().not_null())
        .col(ColumnDef::new(ActorId).uuid())
        .col(ColumnDef::new(Note).text())
        .col(ColumnDef::new(CreatedAt).big_integer().not_null())
        .primary_key(Index::create().col(OrderId).col(CreatedAt).col(Id))
        .check(Expr::cust(format!("from_status IS NULL OR from_status IN {STATES}")))
        .check(Expr::cust(format!("to_status IN {STATES}")))
        .check(Expr::cust("actor IN ('user', 'staff', 'system')"))
        .check(Expr::cust("(actor = 'system') = (actor_id IS NULL)"))
        .check(Expr::cust("note IS NULL OR length(note) BETWEEN 1 AND 500"))
        .foreign_key(
            ForeignKey::create()
                .from(OrderTransitions::Table, OrderId)
                .to(Orders::Table, Orders::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn indices() -> Vec<IndexCreateStatement> {
    use Orders::{CreatedAt, Currency, Id, Status, TotalAmount, UserId};
    let over = |name: &str, columns: &[Orders]| {
        let mut index = Index::create();
        index.name(name).table(Orders::Table);
        for column in columns {
            index.col(*column);
        }
        index.take()
    };
    vec![
        over("orders_created_at", &[CreatedAt, Id]),
        over("orders_total", &[TotalAmount, Id]),
        over("orders_status_created_at", &[Status, CreatedAt, Id, Currency, TotalAmount]),
        over("orders_user_created_at", &[UserId, CreatedAt, Id]),
        over("orders_user_total", &[UserId, TotalAmount, Id]),
        // Begins with the product, because that is what is looked for; an order has one item of each at most.
        Index::create()
            .name("order_items_product_unique")
            .table(OrderItems::Table)
            .col(OrderItems::ProductId)
            .col(OrderItems::OrderId)
            .unique()
            .take(),
    ]
}
