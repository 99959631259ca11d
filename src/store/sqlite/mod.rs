//! `SQLite` below `SeaORM`, by way of `rusqlite` instead of a driver of `SeaORM`'s.
//!
//! A row by its key takes `SQLite` a few microseconds. To send it to a thread of its own and wait for the answer takes
//! several times as long, so statements run where they are asked for: on the worker of the runtime, for as long as
//! [`Connection`] allows; a read that takes longer is cut off and runs again on a thread that may block ([`Readers`]).
//!
//! What is written must be on the disk before it is answered, and the disk takes as long for one transaction as for
//! many. So whoever writes while others wait shares one commit with them ([`Writer`]).
//!
//! Rows reach `SeaORM` as its [`ProxyRow`](sea_orm::ProxyRow)s, which look values up by the names of columns, never by their
//! places: tuples of more than one column are not to be had (`into_tuple`). Of types there are those that the tables use:
//! text, whole numbers (`i64` only), bytes, and, where the column is declared as such, truth values and UUIDs.

mod connection;
mod fault;
mod hurry;
mod progress;
mod readers;
mod shape;
#[cfg(test)]
mod tests;
mod transaction;
mod writer;

use std::time::Duration;

pub use readers::Readers;
pub use transaction::Transaction;
pub use writer::Writer;

pub(super) use connection::{Connection, open};

use super::counts::Counts;

/// How long anybody waits for a turn, or for a lock that another process holds, before it is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pauses between two attempts to get what another process holds: short at first, and all of them together as long as
/// [`PATIENCE`]. Waiting here, not inside `SQLite`, keeps no thread and ends when nobody wants the answer any more.
fn pauses() -> impl Iterator<Item = Duration> + Send {
    const LONGEST: Duration = Duration::from_millis(20);
    let mut left = PATIENCE;
    let mut next = Duration::from_millis(1);
    std::iter::from_fn(move || {
        let pause = next.min(left);
        left -= pause;
        next = (next * 2).min(LONGEST);
        (!pause.is_zero()).then_some(pause)
    })
}
