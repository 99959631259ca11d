//! API keys.

use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::paging::{self, Sorting};
use super::rows::api_key::{self as row, Column};
use super::rows::digest;
use super::{Db, Error, Link, Tx};
use crate::domain::api_key::{ApiKey, ApiKeySort};
use crate::domain::page::{Keyset, Order, Page, PageRequest, SortValue};
use crate::domain::time::{Timestamp, to_micros};

impl<L: Link> Db<L> {
    /// The key whose secret has this digest, expired or not.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn api_key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<ApiKey>, Error> {
        let row = row::Entity::find().filter(Column::Hash.eq(hash.to_vec())).one(self.connection()).await?;
        row.map(|row| row.into_key(&self.scopes)).transpose()
    }

    /// The key with this id, expired or not.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn api_key(&self, id: Uuid) -> Result<Option<ApiKey>, Error> {
        let row = self.link.hold(row::Entity::find_by_id(id)).one(self.connection()).await?;
        row.map(|row| row.into_key(&self.scopes)).transpose()
    }

    /// A part of the list of an account's keys. One account's are few: they are sorted where needed.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn api_keys_of(
        &self,
        user_id: Uuid,
        sort: ApiKeySort,
        order: Order,
        request: &PageRequest,
    ) -> Result<Page<ApiKey>, Error> {
        let list = row::Entity::find().filter(Column::UserId.eq(user_id));
        let column = match sort {
            ApiKeySort::CreatedAt => Column::CreatedAt,
            ApiKeySort::Name => Column::Name,
        };
        let sorting = Sorting { column, id: Column::Id, order };
        let keyset = |key: &ApiKey| Keyset { value: sort_value(key, sort), id: key.id };
        let convert = |row: row::Model| row.into_key(&self.scopes);
        paging::page(self.connection(), list, &sorting, request, convert, keyset).await
    }
}

impl Tx {
    /// Adds a key with its secret's digest.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn insert_api_key(&self, key: &ApiKey, hash: &[u8; 32]) -> Result<(), Error> {
        let row = row::ActiveModel {
            id: Set(key.id),
            user_id: Set(key.user_id),
            name: Set(key.name.as_str().to_owned()),
            prefix: Set(key.prefix.clone()),
            hash: Set(hash.to_vec()),
            scopes: Set(self.scopes.join(key.scopes)),
            created_at: Set(to_micros(key.created_at)),
            last_used_at: Set(key.last_used_at.map(to_micros)),
            expires_at: Set(key.expires_at.map(to_micros)),
        };
        row::Entity::insert(row).exec_without_returning(self.connection()).await?;
        Ok(())
    }

    /// Deletes a key of an account, and the sessions it asked for; the digest that its secret had, if it was there.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn delete_api_key(&self, user_id: Uuid, id: Uuid) -> Result<Option<[u8; 32]>, Error> {
        let deletion = row::Entity::delete_many().filter(Column::UserId.eq(user_id)).filter(Column::Id.eq(id));
        let rows = deletion.exec_with_returning(self.connection()).await?;
        rows.first().map(|row| digest(&row.hash)).transpose()
    }

    /// Deletes all keys of an account; the digests that their secrets had.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn delete_api_keys_of(&self, user_id: Uuid) -> Result<Vec<[u8; 32]>, Error> {
        let deletion = row::Entity::delete_many().filter(Column::UserId.eq(user_id));
        let rows = deletion.exec_with_returning(self.connection()).await?;
        rows.iter().map(|row| digest(&row.hash)).collect()
    }

    /// Notes that a key was used, unless something later is noted already.
    ///
    /// # Errors
    /// [`Error::Broken`].
    pub async fn touch_api_key(&self, id: Uuid, used_at: Timestamp) -> Result<(), Error> {
        let earlier = Condition::any().add(Column::LastUsedAt.is_null()).add(Column::LastUsedAt.lt(to_micros(used_at)));
        row::Entity::update_many()
            .filter(Column::Id.eq(id))
            .filter(earlier)
            .col_expr(Column::LastUsedAt, Expr::value(to_micros(used_at)))
            .exec(self.connection())
            .await?;
        Ok(())
    }
}

fn sort_value(key: &ApiKey, sort: ApiKeySort) -> SortValue {
    match sort {
        ApiKeySort::CreatedAt => SortValue::Time(key.created_at),
        ApiKeySort::Name => SortValue::Text(key.name.as_str().to_owned()),
    }
}
