//! Sessions and the refresh tokens that keep them alive. Of a token only its digest is kept.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Sessions {
    Table,
    Id,
    UserId,
    ApiKeyId,
    CreatedAt,
    LastUsedAt,
    ExpiresAt,
    EndedAt,
    Ip,
    UserAgent,
    Scopes,
}

#[derive(DeriveIden)]
enum RefreshTokens {
    Table,
    Id,
    SessionId,
    Hash,
    IssuedAt,
    ExpiresAt,
    ReplacedAt,
    SuccessorHash,
}

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum ApiKeys {
    Table,
    Id,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(sessions()).await?;
        manager.create_table(refresh_tokens()).await?;
        for index in indices() {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(RefreshTokens::Table).take()).await?;
        manager.drop_table(Table::drop().table(Sessions::Table).take()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn sessions() -> TableCreateStatement {
    Table::create()
        .table(Sessions::Table)
        .col(ColumnDef::new(Sessions::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(Sessions::UserId).uuid().not_null())
        .col(ColumnDef::new(Sessions::ApiKeyId).uuid())
        .col(ColumnDef::new(Sessions::CreatedAt).big_integer().not_null())
        .col(ColumnDef::new(Sessions::LastUsedAt).big_integer().not_null())
        .col(ColumnDef::new(Sessions::ExpiresAt).big_integer().not_null())
        .col(ColumnDef::new(Sessions::EndedAt).big_integer())
        .col(ColumnDef::new(Sessions::Ip).text())
        .col(ColumnDef::new(Sessions::UserAgent).text())
        .col(ColumnDef::new(Sessions::Scopes).text())
        .check(Expr::cust("ip IS NULL OR length(ip) <= 64"))
        .check(Expr::cust("user_agent IS NULL OR length(user_agent) <= 256"))
        .foreign_key(
            ForeignKey::create()
                .from(Sessions::Table, Sessions::UserId)
                .to(Users::Table, Users::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .from(Sessions::Table, Sessions::ApiKeyId)
                .to(ApiKeys::Table, ApiKeys::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn refresh_tokens() -> TableCreateStatement {
    Table::create()
        .table(RefreshTokens::Table)
        .col(ColumnDef::new(RefreshTokens::Id).uuid().not_null().primary_key())
        .col(ColumnDef::new(RefreshTokens::SessionId).uuid().not_null())
        .col(ColumnDef::new(RefreshTokens::Hash).binary_len(32).not_null().unique_key())
        .col(ColumnDef::new(RefreshTokens::IssuedAt).big_integer().not_null())
        .col(ColumnDef::new(RefreshTokens::ExpiresAt).big_integer().not_null())
        .col(ColumnDef::new(RefreshTokens::ReplacedAt).big_integer())
        .col(ColumnDef::new(RefreshTokens::SuccessorHash).binary_len(32))
        .check(Expr::cust("length(hash) = 32"))
        .check(Expr::cust("(replaced_at IS NULL) = (successor_hash IS NULL)"))
        .foreign_key(
            ForeignKey::create()
                .from(RefreshTokens::Table, RefreshTokens::SessionId)
                .to(Sessions::Table, Sessions::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn indices() -> Vec<IndexCreateStatement> {
    vec![
        Index::create()
            .name("sessions_user_created_at")
            .table(Sessions::Table)
            .col(Sessions::UserId)
            .col(Sessions::CreatedAt)
            .col(Sessions::Id)
            .take(),
        Index::create()
            .name("sessions_api_key")
            .table(Sessions::Table)
            .col(Sessions::ApiKeyId)
            .and_where(Expr::col(Sessions::ApiKeyId).is_not_null())
            .take(),
        Index::create().name("sessions_expires_at").table(Sessions::Table).col(Sessions::ExpiresAt).take(),
        Index::create()
            .name("sessions_ended_at")
            .table(Sessions::Table)
            .col(Sessions::EndedAt)
            .and_where(Expr::col(Sessions::EndedAt).is_not_null())
            .take(),
        Index::create().name("refresh_tokens_session").table(RefreshTokens::Table).col(RefreshTokens::SessionId).take(),
        Index::create()
            .name("refresh_tokens_expires_at")
            .table(RefreshTokens::Table)
            .col(RefreshTokens::ExpiresAt)
            .take(),
    ]
}
