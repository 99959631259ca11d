//! One connection that understands `SeaORM`'s statements.

use std::fmt;
use std::sync::Arc;

use deadpool_postgres::Object;
use sea_orm::{DbErr, ProxyExecResult, ProxyRow, Statement};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};

use super::pulse::Pulse;
use super::shape::{self, Bound};
use super::{Counts, fault};

/// Statements that stay prepared on a connection. There are fewer in the program; lists with many filters have one for each
/// combination, and bulk statements one for each number of rows.
const PREPARED: usize = 256;

/// A connection that is lent. It goes back to the pool when this is dropped, unless something is still underway on it.
pub struct Client {
    /// None once it must not go back.
    object: Option<Object>,
    underway: bool,
    pulse: Pulse,
    counts: Arc<Counts>,
}

impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Client").field("underway", &self.underway).finish_non_exhaustive()
    }
}

/// What to send before a statement, on the same way there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    Nothing,
    Begin,
}

impl Client {
    /// Over a connection of the pool.
    pub const fn new(object: Object, pulse: Pulse, counts: Arc<Counts>) -> Self {
        Self { object: Some(object), underway: false, pulse, counts }
    }

    /// The rows that a statement answers with.
    ///
    /// # Errors
    /// What the database says, or that it says nothing.
    pub async fn rows(&mut self, statement: &Statement, before: Before) -> Result<Vec<ProxyRow>, DbErr> {
        let object = self.object.as_ref().ok_or_else(fault::over)?;
        let work = begin(object, before, query(object, statement));
        let rows = finish(work, &self.pulse, &mut self.underway).await?;
        // Of what a change answers with each row was changed; the number alone is not told then.
        let is_change = !statement.sql.starts_with("SELECT");
        self.counts.carried_out(if is_change { rows.len() as u64 } else { 0 });
        rows.iter().map(|row| shape::read(row).map_err(|error| fault::told(&error))).collect()
    }

    /// Carries a statement out, or, if it comes without parameters, several with semicolons between them.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub async fn execute(&mut self, statement: &Statement, before: Before) -> Result<ProxyExecResult, DbErr> {
        let object = self.object.as_ref().ok_or_else(fault::over)?;
        let work = begin(object, before, execute(object, statement));
        let rows_affected = finish(work, &self.pulse, &mut self.underway).await?;
        self.counts.carried_out(rows_affected);
        Ok(ProxyExecResult { last_insert_id: 0, rows_affected })
    }

    /// Begins or ends something.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub async fn control(&mut self, sql: &'static str) -> Result<(), DbErr> {
        let object = self.object.as_ref().ok_or_else(fault::over)?;
        finish(object.batch_execute(sql), &self.pulse, &mut self.underway).await
    }

    /// Closes the connection instead of giving it back.
    pub fn discard(mut self) {
        drop(self.object.take().map(Object::take));
    }
}

/// Waits for work on a connection as long as the database lives. Whoever stops waiting leaves an answer behind that nobody
/// fetches: until the end, something is `underway`.
async fn finish<T>(
    work: impl Future<Output = Result<T, Error>>,
    pulse: &Pulse,
    underway: &mut bool,
) -> Result<T, DbErr> {
    *underway = true;
    let done = tokio::select! {
        biased;
        done = work => done.map_err(|error| fault::told(&error)),
        () = pulse.lost() => return Err(fault::away()),
    };
    *underway = false;
    done
}

async fn begin<T>(object: &Object, before: Before, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    match before {
        Before::Nothing => work.await,
        // Both are sent before either is answered, and answered in this order.
        Before::Begin => tokio::try_join!(object.batch_execute("BEGIN"), work).map(|((), done)| done),
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if self.underway {
            drop(self.object.take().map(Object::take));
        }
    }
}

async fn query(object: &Object, statement: &Statement) -> Result<Vec<Row>, Error> {
    let prepared = prepare(object, &statement.sql).await?;
    let bound = bound(statement);
    object.query(&prepared, &parameters(&bound)).await
}

async fn execute(object: &Object, statement: &Statement) -> Result<u64, Error> {
    if statement.values.is_none() {
        return object.batch_execute(&statement.sql).await.map(|()| 0);
    }
    let prepared = prepare(object, &statement.sql).await?;
    let bound = bound(statement);
    object.execute(&prepared, &parameters(&bound)).await
}

async fn prepare(object: &Object, sql: &str) -> Result<tokio_postgres::Statement, Error> {
    if object.statement_cache.size() > PREPARED {
        object.statement_cache.clear();
    }
    object.prepare_cached(sql).await
}

fn bound(statement: &Statement) -> Vec<Bound<'_>> {
    statement.values.as_ref().map_or(&[][..], |values| &values.0).iter().map(Bound).collect()
}

fn parameters<'a>(bound: &'a [Bound<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    bound.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
