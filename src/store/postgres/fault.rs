//! What `PostgreSQL` refuses, in the words of `SeaORM`.

use std::error::Error as _;

use deadpool_postgres::PoolError;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, SqlState};

/// What an error begins with after which the same transaction, begun again, may well succeed.
const COLLISION: &str = "collided with another transaction: ";

/// Whether an error is one of those.
pub fn is_collision(error: &DbErr) -> bool {
    matches!(error, DbErr::Exec(RuntimeErr::Internal(message)) if message.starts_with(COLLISION))
}

/// What the database, or the way to it, says.
pub fn told(error: &Error) -> DbErr {
    let Some(refusal) = error.as_db_error() else {
        // The connection broke, or never came about.
        return if error.is_closed() || is_broken(error) { away() } else { failed(&chain(error)) };
    };
    let code = refusal.code();
    if *code == SqlState::UNIQUE_VIOLATION {
        let index = refusal.constraint().unwrap_or_default();
        return DbErr::Exec(RuntimeErr::Internal(format!("UNIQUE constraint failed: {index}")));
    }
    // Use cases look before they point at a row, or delete one: if that fails, somebody came between.
    let between = *code == SqlState::FOREIGN_KEY_VIOLATION || *code == SqlState::RESTRICT_VIOLATION;
    if between || *code == SqlState::T_R_DEADLOCK_DETECTED || *code == SqlState::T_R_SERIALIZATION_FAILURE {
        return DbErr::Exec(RuntimeErr::Internal(format!("{COLLISION}{}", refusal.message())));
    }
    if is_passing(refusal) { away() } else { failed(&format!("{}: {}", code.code(), refusal.message())) }
}

/// Whether it is no fault of the statement, and may be over soon: starting, stopping, full, changing places with a replica,
/// or waiting too long for somebody else.
fn is_passing(refusal: &DbError) -> bool {
    let code = refusal.code();
    let class = code.code().get(..2);
    matches!(class, Some("08" | "53" | "57"))
        || *code == SqlState::LOCK_NOT_AVAILABLE
        || *code == SqlState::READ_ONLY_SQL_TRANSACTION
        || *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
}

fn is_broken(error: &Error) -> bool {
    let text = error.to_string();
    error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
        || ["error connecting", "timeout"].iter().any(|start| text.starts_with(start))
}

fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// What the pool says.
pub fn of_pool(error: &PoolError) -> DbErr {
    match error {
        PoolError::Backend(error) => told(error),
        PoolError::Closed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        PoolError::Timeout(_) | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => away(),
    }
}

/// The database does not answer, or not in time; worth trying again.
pub fn away() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
}

/// The transaction has ended.
pub fn over() -> DbErr {
    failed("the transaction is over")
}

/// Nothing that helps to be tried again.
pub fn failed(why: &str) -> DbErr {
    DbErr::Exec(RuntimeErr::Internal(why.to_owned()))
}
