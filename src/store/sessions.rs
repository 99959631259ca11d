//! Sessions.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::paging::{self, Sorting};
use super::rows::session::{self as row, Column};
use super::{Db, Error, Link, Tx};
use crate::domain::page::{Keyset, Order, Page, PageRequest, SortValue};
use crate::domain::session::{Session, SessionSort};
use crate::domain::time::{Timestamp, to_micros};

impl<L: Link> Db<L> {
    /// The session with this id, live or not.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn session(&self, id: Uuid) -> Result<Option<Session>, Error> {
        let row = self.link.hold(row::Entity::find_by_id(id)).one(self.connection()).await?;
        row.map(|row| row.into_session(&self.scopes)).transpose()
    }

    /// A part of the list of an account's sign-ins that live at `now`. One account's are few: they are sorted where needed.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn sessions_of(
        &self,
        user_id: Uuid,
        now: Timestamp,
        sort: SessionSort,
        order: Order,
        request: &PageRequest,
    ) -> Result<Page<Session>, Error> {
        let list = row::Entity::find()
            .filter(Column::UserId.eq(user_id))
            .filter(Column::ApiKeyId.is_null())
            .filter(Column::EndedAt.is_null())
            .filter(Column::ExpiresAt.gt(to_micros(now)));
        let column = match sort {
            SessionSort::CreatedAt => Column::CreatedAt,
            SessionSort::LastUsedAt => Column::LastUsedAt,
        };
        let sorting = Sorting { column, id: Column::Id, order };
        let keyset = |session: &Session| Keyset { value: SortValue::Time(sort_value(session, sort)), id: session.id };
        let convert = |row: row::Model| row.into_session(&self.scopes);
        paging::page(self.connection(), list, &sorting, request, convert, keyset).await
    }
}

impl Tx {
    /// Adds a session.
    ///
    /// # Errors
    /// [`Error::Broken`], also when its account or key is gone.
    pub async fn insert_session(&self, session: &Session) -> Result<(), Error> {
        let row = row::ActiveModel {
            id: Set(session.id),
            user_id: Set(session.user_id),
            api_key_id: Set(session.api_key_id),
            created_at: Set(to_micros(session.created_at)),
            last_used_at: Set(to_micros(session.last_used_at)),
            expires_at: Set(to_micros(session.expires_at)),
            ended_at: Set(session.ended_at.map(to_micros)),
            ip: Set(session.client.ip().map(str::to_owned)),
            user_agent: Set(session.client.user_agent().map(str::to_owned)),
            scopes: Set(session.scopes.map(|set| self.scopes.join(set))),
        };
        row::Entity::insert(row).exec_without_returning(self.connection()).await?;
        Ok(())
    }

    /// Ends a session; whether it had not ended before.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn end_session(&self, id: Uuid, now: Timestamp) -> Result<bool, Error> {
        let change = row::Entity::update_many()
            .filter(Column::Id.eq(id))
            .filter(Column::EndedAt.is_null())
            .col_expr(Column::EndedAt, Expr::value(to_micros(now)));
        Ok(change.exec(self.connection()).await?.rows_affected > 0)
    }

    /// Ends the sessions of an account, all or all but one, and tells which.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn end_sessions_of(
        &self,
        user_id: Uuid,
        except: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Vec<Uuid>, Error> {
        let mut change = row::Entity::update_many()
            .filter(Column::UserId.eq(user_id))
            .filter(Column::EndedAt.is_null())
            .col_expr(Column::EndedAt, Expr::value(to_micros(now)));
        if let Some(kept) = except {
            change = change.filter(Column::Id.ne(kept));
        }
        Ok(ids(change.exec_with_returning(self.connection()).await?))
    }

    /// Ends the sessions that an API key asked for, and tells which.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn end_sessions_of_key(&self, api_key_id: Uuid, now: Timestamp) -> Result<Vec<Uuid>, Error> {
        let change = row::Entity::update_many()
            .filter(Column::ApiKeyId.eq(api_key_id))
            .filter(Column::EndedAt.is_null())
            .col_expr(Column::EndedAt, Expr::value(to_micros(now)));
        Ok(ids(change.exec_with_returning(self.connection()).await?))
    }

    /// Deletes the sessions of an account with their refresh tokens and all that they tell of its owner; tells which.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn delete_sessions_of(&self, user_id: Uuid) -> Result<Vec<Uuid>, Error> {
        let deletion = row::Entity::delete_many().filter(Column::UserId.eq(user_id));
        Ok(ids(deletion.exec_with_returning(self.connection()).await?))
    }

    /// Lets a session live until `expires_at`, as it was just used.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn extend_session(&self, id: Uuid, now: Timestamp, expires_at: Timestamp) -> Result<(), Error> {
        row::Entity::update_many()
            .filter(Column::Id.eq(id))
            .col_expr(Column::LastUsedAt, Expr::value(to_micros(now)))
            .col_expr(Column::ExpiresAt, Expr::value(to_micros(expires_at)))
            .exec(self.connection())
            .await?;
        Ok(())
    }

    /// Notes that a session was used, unless something later is noted already.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn touch_session(&self, id: Uuid, used_at: Timestamp) -> Result<(), Error> {
        row::Entity::update_many()
            .filter(Column::Id.eq(id))
            .filter(Column::LastUsedAt.lt(to_micros(used_at)))
            .col_expr(Column::LastUsedAt, Expr::value(to_micros(used_at)))
            .exec(self.connection())
            .await?;
        Ok(())
    }
}

fn sort_value(session: &Session, sort: SessionSort) -> Timestamp {
    match sort {
        SessionSort::CreatedAt => session.created_at,
        SessionSort::LastUsedAt => session.last_used_at,
    }
}

fn ids(rows: Vec<row::Model>) -> Vec<Uuid> {
    rows.into_iter().map(|row| row.id).collect()
}
