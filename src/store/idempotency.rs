//! The answers kept for requests that are sent again.

use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use super::rows::idempotency_record as row;
use super::{Db, Error, Link, Tx};
use crate::domain::time::{Timestamp, to_micros};

/// The first request with a key, and its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// Made of caller, operation and key.
    pub place: [u8; 32],
    /// Which operation was called.
    pub operation: String,
    /// Whose request it was, if anybody's.
    pub user_id: Option<Uuid>,
    /// What the request was.
    pub fingerprint: [u8; 32],
    /// The answer, sealed.
    pub answer: Vec<u8>,
    /// When it was given.
    pub created_at: Timestamp,
}

impl<L: Link> Db<L> {
    /// The record in this place.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn idempotency_record(&self, place: &[u8; 32]) -> Result<Option<IdempotencyRecord>, Error> {
        let row = row::Entity::find_by_id(place.to_vec()).one(self.connection()).await?;
        row.map(IdempotencyRecord::try_from).transpose()
    }
}

impl Tx {
    /// Keeps an answer.
    ///
    /// # Errors
    /// [`Error::Taken`] when there is one in this place.
    pub async fn insert_idempotency_record(&self, record: IdempotencyRecord) -> Result<(), Error> {
        let IdempotencyRecord { place, operation, user_id, fingerprint, answer, created_at } = record;
        let row = row::ActiveModel {
            place: Set(place.to_vec()),
            operation: Set(operation),
            user_id: Set(user_id),
            fingerprint: Set(fingerprint.to_vec()),
            answer: Set(answer),
            created_at: Set(to_micros(created_at)),
        };
        row::Entity::insert(row).exec_without_returning(self.connection()).await?;
        Ok(())
    }
}

impl TryFrom<row::Model> for IdempotencyRecord {
    type Error = Error;

    fn try_from(row: row::Model) -> Result<Self, Error> {
        Ok(Self {
            place: super::rows::digest(&row.place)?,
            operation: row.operation,
            user_id: row.user_id,
            fingerprint: super::rows::digest(&row.fingerprint)?,
            answer: row.answer,
            created_at: super::rows::moment(row.created_at)?,
        })
    }
}
