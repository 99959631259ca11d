//! Indices for the ways to sort what belongs to one account: its sessions by their last use, its keys by their name.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Sessions {
    Table,
    Id,
    UserId,
    LastUsedAt,
}

#[derive(DeriveIden)]
enum ApiKeys {
    Table,
    Id,
    UserId,
    Name,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sessions = Index::create()
            .name("sessions_user_last_used_at")
            .table(Sessions::Table)
            .col(Sessions::UserId)
            .col(Sessions::LastUsedAt)
            .col(Sessions::Id)
            .take();
        let keys = Index::create()
            .name("api_keys_user_name")
            .table(ApiKeys::Table)
            .col(ApiKeys::UserId)
            .col(ApiKeys::Name)
            .col(ApiKeys::Id)
            .take();
        manager.create_index(sessions).await?;
        manager.create_index(keys).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("api_keys_user_name").table(ApiKeys::Table).to_owned()).await?;
        manager.drop_index(Index::drop().name("sessions_user_last_used_at").table(Sessions::Table).to_owned()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
