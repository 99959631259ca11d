//! A transaction as `SeaORM` sees it.

use std::sync::Arc;

use sea_orm::{DatabaseConnection, DbBackend, DbErr, ProxyExecResult, ProxyRow, Statement};
use tokio::sync::Mutex;

use super::fault::{self, Fault};
use super::hurry::{Hurry, Waiting};
use super::writer::Seat;
use crate::store::After;
use crate::store::runs::{Runs, connection, disguised};

/// An open transaction. Dropped without [`commit`](Transaction::commit), it never happened.
#[derive(Debug)]
pub struct Transaction(Arc<Turn>);

/// None while a thread has it, and once it has ended.
#[derive(Debug)]
struct Turn(Mutex<Option<Seat>>);

impl Transaction {
    /// Over a turn to write that has begun.
    pub fn new(seat: Seat) -> Self {
        Self(Arc::new(Turn(Mutex::new(Some(seat)))))
    }

    /// Makes it durable, and then runs `after`, which must not wait, before anybody else can begin a transaction.
    ///
    /// # Errors
    /// When it cannot be; then it never happened, and `after` does not run.
    pub async fn commit(self, after: After) -> Result<(), DbErr> {
        let seat = self.0.0.lock().await.take();
        seat.ok_or_else(fault::lost)?.commit(after).await
    }

    /// As [`disguised`].
    ///
    /// # Errors
    /// As there.
    pub async fn in_disguise(&self) -> Result<DatabaseConnection, DbErr> {
        disguised(Arc::clone(&self.0)).await
    }
}

connection!(Transaction, it => &*it.0, Turn);

impl Runs for Turn {
    const BACKEND: DbBackend = DbBackend::Sqlite;

    async fn rows(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        let mut held = self.0.lock().await;
        let seat = held.as_mut().ok_or_else(fault::lost)?;
        match seat.rows(&statement) {
            Err(Fault::TooLong) => {}
            done => return Ok(done?),
        }
        let mut seat = held.take().ok_or_else(fault::lost)?;
        let hurry = Hurry::none();
        let waiting = Waiting(hurry.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let rows = seat.rows_at_length(&statement, &hurry);
            (seat, rows)
        });
        let (seat, rows) = reading.await.map_err(|error| fault::stopped(&error))?;
        drop(waiting);
        *held = Some(seat);
        Ok(rows?)
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        let mut held = self.0.lock().await;
        Ok(held.as_mut().ok_or_else(fault::lost)?.execute(&statement)?)
    }
}
