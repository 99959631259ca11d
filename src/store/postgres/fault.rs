//! What `PostgreSQL` refuses, in the words of `SeaORM`.

use std::error::Error as _;
use std::io;

use deadpool_postgres::{PoolError, TimeoutType};
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
    passing(refusal).unwrap_or_else(|| failed(&format!("{}: {}", code.code(), refusal.message())))
}

/// What is no fault of the statement, and may be over soon: a database that is starting, stopping or changing places with a
/// replica is away; one that is full, or in which somebody else took too long, is busy.
fn passing(refusal: &DbError) -> Option<DbErr> {
    let code = refusal.code();
    let class = code.code().get(..2);
    let is_busy = class == Some("53")
        || *code == SqlState::QUERY_CANCELED
        || *code == SqlState::LOCK_NOT_AVAILABLE
        || *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT;
    let is_away = matches!(class, Some("08" | "57")) || *code == SqlState::READ_ONLY_SQL_TRANSACTION;
    if is_busy { Some(busy()) } else { is_away.then(away) }
}

fn is_broken(error: &Error) -> bool {
    let text = error.to_string();
    let broke = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    // What TLS refuses comes as a broken line too, and no patience mends it.
    let is_refusal =
        broke.and_then(io::Error::get_ref).is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>);
    broke.is_some() && !is_refusal || ["error connecting", "timeout"].iter().any(|start| text.starts_with(start))
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
        // All connections are lent, to somebody who takes long.
        PoolError::Timeout(TimeoutType::Wait) => busy(),
        PoolError::Timeout(_) | PoolError::Closed => away(),
        PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => failed(&error.to_string()),
    }
}

/// Whether nobody knows what became of a statement: nothing but its answer did not come.
pub fn is_open(error: &DbErr) -> bool {
    matches!(error, DbErr::ConnectionAcquire(_))
}

/// The database does not answer, or nobody can reach it; worth trying again.
pub fn away() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
}

/// The database is there and did not come to it in time; worth trying again.
pub fn busy() -> DbErr {
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
