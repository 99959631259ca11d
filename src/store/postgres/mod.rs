//! `PostgreSQL` below `SeaORM`, by way of `tokio-postgres`, for shops of several instances.
//!
//! The program has one form of each value, whatever the database: moments are microseconds since 1970, words are text, JSON
//! is text. What columns are declared as is the database's own ([`shape`]): `timestamptz`, `jsonb`, `uuid`.
//!
//! Transactions run at `READ COMMITTED`. What a use case reads in order to change it, it reads with a lock on the row
//! ([`Link::hold`](super::Link::hold)), and what it changes it changes conditionally, so nothing comes between. Deadlocks,
//! which remain possible, end one of the transactions; whoever asked for it begins again ([`Error::Collided`](super::Error)).
//!
//! A database that is away must not be waited for: a connection of its own asks it every moment for a sign of life
//! ([`pulse`]), and while there is none every statement fails at once.

mod address;
mod client;
mod commits;
mod fault;
pub mod look;
mod pool;
mod pulse;
mod replica;
mod shape;
mod transaction;

pub use address::{Address, Trust};
pub use fault::is_collision;
pub use pool::Pool;
pub use replica::Replica;
pub use transaction::Transaction;

use tokio::task::AbortHandle;

use super::counts::Counts;

/// Something that goes on until this is dropped.
#[derive(Debug)]
struct Task(AbortHandle);

impl Task {
    fn begin(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(work).abort_handle())
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
