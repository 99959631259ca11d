//! What every change leaves behind: the audit trail, the events still to be told, and the answers kept for repeats.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(Clone, Copy, DeriveIden)]
enum AuditEvents {
    Table,
    Id,
    Action,
    Actor,
    ActorId,
    Resource,
    ResourceId,
    RequestId,
    Changes,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Outbox {
    Table,
    Number,
    EventId,
    EventCreatedAt,
}

#[derive(DeriveIden)]
enum IdempotencyRecords {
    Table,
    Place,
    Operation,
    UserId,
    Fingerprint,
    Answer,
    CreatedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        manager.create_table(audit_events(backend)).await?;
        manager.create_table(outbox(backend)).await?;
        manager.create_table(idempotency_records()).await?;
        for index in indices() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(IdempotencyRecords::Table).take()).await?;
        manager.drop_table(Table::drop().table(Outbox::Table).take()).await?;
        manager.drop_table(Table::drop().table(AuditEvents::Table).take()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Nothing in it is a foreign key: the trail outlives what it tells of.
fn audit_events(backend: DbBackend) -> TableCreateStatement {
    use AuditEvents::{Action, Actor, ActorId, Changes, CreatedAt, Id, RequestId, Resource, ResourceId};
    let mut table = Table::create()
        .table(AuditEvents::Table)
        .col(ColumnDef::new(Id).uuid().not_null())
        .col(ColumnDef::new(Action).text().not_null())
        .col(ColumnDef::new(Actor).text().not_null())
        .col(ColumnDef::new(ActorId).uuid())
        .col(ColumnDef::new(Resource).text().not_null())
        .col(ColumnDef::new(ResourceId).uuid().not_null())
        .col(ColumnDef::new(RequestId).text())
        .col(ColumnDef::new(Changes).text().not_null())
        .col(ColumnDef::new(CreatedAt).big_integer().not_null())
        .primary_key(Index::create().col(CreatedAt).col(Id))
        .check(Expr::cust("length(action) BETWEEN 1 AND 64"))
        .check(Expr::cust("actor IN ('user', 'staff', 'system', 'anonymous')"))
        .check(Expr::cust("(actor IN ('user', 'staff')) = (actor_id IS NOT NULL)"))
        .check(Expr::cust("length(resource) BETWEEN 1 AND 64"))
        .check(Expr::cust("request_id IS NULL OR length(request_id) BETWEEN 1 AND 128"))
        .take();
    if backend == DbBackend::Sqlite {
        // The list is sorted by age: so are its rows, and need no second tree for it.
        table.extra("WITHOUT ROWID");
    }
    table
}

/// A number says what happened first; it is given as the row is written, so that of two changes to one thing the earlier has
/// the lower.
fn outbox(backend: DbBackend) -> TableCreateStatement {
    let mut number = if backend == DbBackend::Sqlite {
        // Without AUTOINCREMENT, whose book of numbers would be written each time: what is here is counted on from.
        ColumnDef::new(Outbox::Number).integer().not_null().primary_key().take()
    } else {
        ColumnDef::new(Outbox::Number).big_integer().not_null().auto_increment().primary_key().take()
    };
    Table::create()
        .table(Outbox::Table)
        .col(&mut number)
        .col(ColumnDef::new(Outbox::EventId).uuid().not_null())
        .col(ColumnDef::new(Outbox::EventCreatedAt).big_integer().not_null())
        .take()
}

/// The place is made of the caller, the operation and the key; the answer is sealed.
fn idempotency_records() -> TableCreateStatement {
    Table::create()
        .table(IdempotencyRecords::Table)
        .col(ColumnDef::new(IdempotencyRecords::Place).blob().not_null().primary_key())
        .col(ColumnDef::new(IdempotencyRecords::Operation).text().not_null())
        .col(ColumnDef::new(IdempotencyRecords::UserId).uuid())
        .col(ColumnDef::new(IdempotencyRecords::Fingerprint).blob().not_null())
        .col(ColumnDef::new(IdempotencyRecords::Answer).blob().not_null())
        .col(ColumnDef::new(IdempotencyRecords::CreatedAt).big_integer().not_null())
        .check(Expr::cust("length(place) = 32"))
        .check(Expr::cust("length(fingerprint) = 32"))
        .take()
}

fn indices() -> Vec<IndexCreateStatement> {
    use AuditEvents::{Action, ActorId, CreatedAt, Id, RequestId, Resource, ResourceId};
    let over = |name: &str, column: AuditEvents| {
        Index::create().name(name).table(AuditEvents::Table).col(column).col(CreatedAt).col(Id).take()
    };
    vec![
        over("audit_events_actor_created_at", ActorId).and_where(Expr::col(ActorId).is_not_null()).take(),
        over("audit_events_action_created_at", Action),
        over("audit_events_resource_created_at", Resource),
        over("audit_events_resource_id_created_at", ResourceId),
        over("audit_events_request_created_at", RequestId).and_where(Expr::col(RequestId).is_not_null()).take(),
        Index::create()
            .name("idempotency_records_created_at")
            .table(IdempotencyRecords::Table)
            .col(IdempotencyRecords::CreatedAt)
            .take(),
    ]
}
