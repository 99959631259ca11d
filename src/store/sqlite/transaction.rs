//! A transaction as `SeaORM` sees it.

use std::sync::Arc;

use sea_orm::prelude::async_trait;
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, ExecResult, ProxyDatabaseTrait, ProxyExecResult,
    ProxyRow, QueryResult, Statement,
};
use tokio::sync::Mutex;

use super::fault::{self, Fault};
use super::hurry::{Hurry, Waiting};
use super::writer::Seat;
use crate::store::After;

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

    /// This transaction for what takes no other connection than one of `SeaORM`'s own: migrations. What it begins and ends
    /// itself has no effect; when one of its statements fails, this whole transaction is to be dropped.
    ///
    /// # Errors
    /// None that is known.
    pub async fn in_disguise(&self) -> Result<DatabaseConnection, DbErr> {
        Database::connect_proxy(DbBackend::Sqlite, Arc::new(Box::new(Disguise(Arc::clone(&self.0))))).await
    }
}

impl Turn {
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

    async fn execute(&self, statement: &Statement) -> Result<ProxyExecResult, DbErr> {
        let mut held = self.0.lock().await;
        Ok(held.as_mut().ok_or_else(fault::lost)?.execute(statement)?)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Sqlite
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        Ok(self.0.execute(&statement).await?.into())
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.execute_raw(Statement::from_string(DbBackend::Sqlite, sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.0.rows(statement).await?.into_iter().next().map(QueryResult::from))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Ok(self.0.rows(statement).await?.into_iter().map(QueryResult::from).collect())
    }
}

/// A transaction that passes for a database.
#[derive(Debug)]
struct Disguise(Arc<Turn>);

#[async_trait::async_trait]
impl ProxyDatabaseTrait for Disguise {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        self.0.rows(statement).await
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        self.0.execute(&statement).await
    }
}
