//! Throwing away what no request will ask for again.

use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::rows::{idempotency_record, refresh_token, session};
use super::{Error, Link, Store};
use crate::domain::time::{Timestamp, to_micros};

/// Rows deleted at once: others who want to write wait no longer than that takes.
const BATCH: u64 = 500;

/// What was thrown away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Sessions that ended or expired; their refresh tokens went with them.
    pub sessions: u64,
    /// Refresh tokens of live sessions that expired: an old one that turns up now is unknown instead of a reuse.
    pub refresh_tokens: u64,
    /// Answers that were kept for repeats.
    pub answers: u64,
}

impl Store {
    /// Deletes what was over before `moment`, a batch and a transaction at a time.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`]; what was deleted until then stays deleted.
    pub async fn prune(&self, moment: Timestamp) -> Result<Pruned, Error> {
        let mut pruned = Pruned::default();
        loop {
            let batch = self.prune_batch(to_micros(moment)).await?;
            pruned.sessions += batch.sessions;
            pruned.refresh_tokens += batch.refresh_tokens;
            pruned.answers += batch.answers;
            if batch.sessions.max(batch.refresh_tokens).max(batch.answers) < BATCH {
                return Ok(pruned);
            }
        }
    }

    async fn prune_batch(&self, micros: i64) -> Result<Pruned, Error> {
        let over = Condition::any().add(session::Column::ExpiresAt.lt(micros)).add(session::Column::EndedAt.lt(micros));
        let sessions =
            Query::select().column(session::Column::Id).from(session::Entity).cond_where(over).limit(BATCH).take();
        let tokens = Query::select()
            .column(refresh_token::Column::Id)
            .from(refresh_token::Entity)
            .cond_where(refresh_token::Column::ExpiresAt.lt(micros))
            .limit(BATCH)
            .take();

        let answers = Query::select()
            .column(idempotency_record::Column::Place)
            .from(idempotency_record::Entity)
            .cond_where(idempotency_record::Column::CreatedAt.lt(micros))
            .limit(BATCH)
            .take();

        let tx = self.begin().await?;
        let connection = tx.link.connection();
        let answers = idempotency_record::Entity::delete_many()
            .filter(idempotency_record::Column::Place.in_subquery(answers))
            .exec(connection)
            .await?;
        let tokens = refresh_token::Entity::delete_many()
            .filter(refresh_token::Column::Id.in_subquery(tokens))
            .exec(connection)
            .await?;
        let sessions =
            session::Entity::delete_many().filter(session::Column::Id.in_subquery(sessions)).exec(connection).await?;
        tx.commit().await?;
        Ok(Pruned {
            sessions: sessions.rows_affected,
            refresh_tokens: tokens.rows_affected,
            answers: answers.rows_affected,
        })
    }
}
