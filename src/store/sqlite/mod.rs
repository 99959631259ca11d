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

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tracing::span::EnteredSpan;

pub use readers::Readers;
pub use transaction::Transaction;
pub use writer::Writer;

pub(super) use connection::Connection;

/// How long anybody waits for a turn, or for a lock that another process holds, before it is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the connections have done since the store was opened.
#[derive(Debug, Default)]
pub struct Counts {
    commits: AtomicU64,
    transactions: AtomicU64,
    statements: AtomicU64,
    changed_rows: AtomicU64,
    long_reads: AtomicU64,
    slow: AtomicU64,
    /// From how many nanoseconds on a statement is told of as slow; zero never.
    slow_nanos: AtomicU64,
}

/// Who uses the connections at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pool {
    /// Connections that somebody reads from.
    pub busy: usize,
    /// Connections that wait for somebody to read.
    pub idle: usize,
    /// Who waits for the turn to write.
    pub writers_waiting: usize,
}

/// What a store has done since it was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Commits that reached the disk.
    pub commits: u64,
    /// Transactions in them: those that waited for each other shared one.
    pub transactions: u64,
    /// Statements carried out, those that begin and end transactions aside.
    pub statements: u64,
    /// Rows that they added, changed and deleted, those of search indices included.
    pub changed_rows: u64,
    /// Reads that took too long for a worker of the runtime and were run again elsewhere.
    pub long_reads: u64,
    /// Statements that took so long that the log tells of them.
    pub slow: u64,
}

impl Counts {
    /// What has been counted until now.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats {
            commits: self.commits.load(Ordering::Relaxed),
            transactions: self.transactions.load(Ordering::Relaxed),
            statements: self.statements.load(Ordering::Relaxed),
            changed_rows: self.changed_rows.load(Ordering::Relaxed),
            long_reads: self.long_reads.load(Ordering::Relaxed),
            slow: self.slow.load(Ordering::Relaxed),
        }
    }

    /// From now on statements that take this long are told of; `None` tells of none.
    pub fn tell_slow(&self, from: Option<Duration>) {
        let nanos = from.map_or(0, |from| u64::try_from(from.as_nanos()).unwrap_or(u64::MAX).max(1));
        self.slow_nanos.store(nanos, Ordering::Relaxed);
    }

    fn committed(&self, transactions: usize) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.transactions.fetch_add(transactions as u64, Ordering::Relaxed);
    }

    fn carried_out(&self, changed_rows: u64) {
        self.statements.fetch_add(1, Ordering::Relaxed);
        if changed_rows > 0 {
            self.changed_rows.fetch_add(changed_rows, Ordering::Relaxed);
        }
    }

    /// Watches over one statement: how long it takes, and the span in which it runs.
    fn watch<'s>(&'s self, sql: &'s str) -> Watch<'s> {
        let from = self.slow_nanos.load(Ordering::Relaxed);
        let span = tracing::info_span!(
            target: "traces",
            "query",
            otel.kind = "client",
            db.system.name = "sqlite",
            db.query.text = sql,
        );
        Watch { counts: self, sql, from, began: (from > 0).then(now), _span: span.entered() }
    }

    fn read_at_length(&self) {
        self.long_reads.fetch_add(1, Ordering::Relaxed);
    }
}

/// One statement under way.
struct Watch<'s> {
    counts: &'s Counts,
    /// With placeholders: values are nobody's business.
    sql: &'s str,
    from: u64,
    began: Option<Instant>,
    _span: EnteredSpan,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        let Some(took) = self.began.map(|began| began.elapsed()) else { return };
        if took.as_nanos() >= u128::from(self.from) {
            self.counts.slow.fetch_add(1, Ordering::Relaxed);
            let duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            tracing::warn!(event = "slow_query", duration_us, sql = self.sql);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "how long the database takes is the machine's time, also in tests")]
fn now() -> Instant {
    Instant::now()
}

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
