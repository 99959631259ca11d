//! Refresh tokens: of each only its digest, and what became of it.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::rows::refresh_token::{self as row, Column};
use super::rows::{moment, moment_if_any};
use super::{Db, Error, Link, Tx};
use crate::domain::session::RefreshHistory;
use crate::domain::time::{Timestamp, to_micros};

/// A refresh token that was handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshToken {
    /// Its row.
    pub id: Uuid,
    /// The session that it keeps alive.
    pub session_id: Uuid,
    /// What it has been through.
    pub history: RefreshHistory,
}

impl<L: Link> Db<L> {
    /// The refresh token with this digest.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn refresh_token(&self, hash: &[u8; 32]) -> Result<Option<RefreshToken>, Error> {
        let Some(row) = self.refresh_row(hash).await? else { return Ok(None) };
        let successor_used = match &row.successor_hash {
            Some(hash) => self.refresh_row(hash).await?.is_some_and(|successor| successor.replaced_at.is_some()),
            None => false,
        };
        let history = RefreshHistory {
            expires_at: moment(row.expires_at)?,
            replaced_at: moment_if_any(row.replaced_at)?,
            successor_used,
        };
        Ok(Some(RefreshToken { id: row.id, session_id: row.session_id, history }))
    }

    async fn refresh_row(&self, hash: &[u8]) -> Result<Option<row::Model>, Error> {
        let row = self.link.hold(row::Entity::find().filter(Column::Hash.eq(hash.to_vec())));
        Ok(row.one(self.connection()).await?)
    }
}

impl Tx {
    /// Records a refresh token as it is handed out.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn insert_refresh_token(
        &self,
        id: Uuid,
        session_id: Uuid,
        hash: &[u8; 32],
        issued_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let row = row::ActiveModel {
            id: Set(id),
            session_id: Set(session_id),
            hash: Set(hash.to_vec()),
            issued_at: Set(to_micros(issued_at)),
            expires_at: Set(to_micros(expires_at)),
            replaced_at: Set(None),
            successor_hash: Set(None),
        };
        row::Entity::insert(row).exec_without_returning(self.connection()).await?;
        Ok(())
    }

    /// Records that a refresh token gave way to another.
    ///
    /// # Errors
    /// [`Error::Missing`] when it had before; the rotation rule looks first, so this is a fault.
    pub async fn replace_refresh_token(&self, id: Uuid, successor: &[u8; 32], now: Timestamp) -> Result<(), Error> {
        let change = row::Entity::update_many()
            .filter(Column::Id.eq(id))
            .filter(Column::ReplacedAt.is_null())
            .col_expr(Column::ReplacedAt, Expr::value(to_micros(now)))
            .col_expr(Column::SuccessorHash, Expr::value(successor.to_vec()));
        match change.exec(self.connection()).await?.rows_affected {
            1 => Ok(()),
            _ => Err(Error::Missing),
        }
    }
}
