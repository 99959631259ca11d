//! What only one may do at a time, among all instances. The database itself keeps them apart, by locks that end with the
//! transaction or with the connection: no instance has to be told that another one died.

use sea_orm::{ConnectionTrait, Statement, Value};

use super::link::Transaction;
use super::{Error, Store, Tx};

/// Something that two must not do at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// Bringing the schema up to date.
    Schema = 1,
    /// Cancelling orders that nobody pays for.
    Expiry = 2,
    /// Telling what was done.
    Telling = 3,
    /// Throwing away what is over.
    Pruning = 4,
}

impl Matter {
    /// What the lock is called: a number that no other program is likely to use in this database.
    fn key(self) -> Value {
        const PROGRAM: i64 = 0x5348_4f50_4b45_4550;
        (PROGRAM ^ self as i64).into()
    }
}

/// The right to do something, which nobody else has until this is ended or dropped.
#[derive(Debug)]
pub struct Duty(Option<Tx>);

impl Duty {
    /// Gives the right up: after this somebody else can have it, which after a drop may take a moment.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn end(self) -> Result<(), Error> {
        match self.0 {
            Some(tx) => tx.commit().await,
            None => Ok(()),
        }
    }
}

impl Store {
    /// The right to do something that one instance does for all; `None` while another one has it. Where there is but one
    /// instance it always has it.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn take_duty(&self, matter: Matter) -> Result<Option<Duty>, Error> {
        if !self.is_shared() {
            return Ok(Some(Duty(None)));
        }
        let tx = self.begin().await?;
        let asked = tx.advise("SELECT pg_try_advisory_xact_lock($1) AS mine", matter);
        let answer = tx.connection().query_one_raw(asked).await?;
        let is_mine = answer.map(|row| row.try_get("", "mine")).transpose()?.unwrap_or(false);
        Ok(is_mine.then_some(Duty(Some(tx))))
    }
}

impl Tx {
    /// Waits until no other transaction is about the same matter, and keeps others waiting until this one ends. On `SQLite`
    /// there is no other one.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn alone(&self, matter: Matter) -> Result<(), Error> {
        if matches!(self.link, Transaction::Postgres(_)) {
            let asked = self.advise("SELECT pg_advisory_xact_lock($1)::text AS done", matter);
            self.connection().query_one_raw(asked).await?;
        }
        Ok(())
    }

    /// Lifts the limits on how long a statement works and waits: for what is done once, over everything that there is.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn at_leisure(&self) -> Result<(), Error> {
        if matches!(self.link, Transaction::Postgres(_)) {
            let limits = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s'";
            self.connection().execute_unprepared(limits).await?;
        }
        Ok(())
    }

    fn advise(&self, sql: &str, matter: Matter) -> Statement {
        Statement::from_sql_and_values(self.connection().get_database_backend(), sql, [matter.key()])
    }
}
