//! What `SQLite` refuses, in the words of `SeaORM`.

use rusqlite::ErrorCode;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// Why a statement was not carried out.
#[derive(Debug)]
pub enum Fault {
    /// It took longer than it may where it ran.
    TooLong,
    /// Another process holds the lock.
    Busy,
    /// Anything else.
    Failed(DbErr),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Self::TooLong,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Failed(DbErr::Query(RuntimeErr::Internal(error.to_string()))),
        }
    }
}

impl From<Fault> for DbErr {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::TooLong => Self::Query(RuntimeErr::Internal("the statement was cut off".to_owned())),
            Fault::Busy => busy(),
            Fault::Failed(error) => error,
        }
    }
}

/// The lock or the turn did not come in time.
pub fn busy() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
}

/// The store has been closed.
pub fn closed() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
}

/// The transaction is over although nobody ended it: `SQLite` rolls back by itself when the disk is full or broken.
pub fn lost() -> DbErr {
    DbErr::Exec(RuntimeErr::Internal("the transaction was rolled back by the database".to_owned()))
}

/// A task that should have finished the work did not.
pub fn stopped(error: &dyn std::fmt::Display) -> DbErr {
    DbErr::Exec(RuntimeErr::Internal(format!("the database's thread stopped: {error}")))
}
