//! What a store has done, whichever database it is: for `/metrics`, and for tests that hold use cases to their statements.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tracing::Span;

/// What the connections have done since the store was opened.
#[derive(Debug, Default)]
pub struct Counts {
    commits: AtomicU64,
    transactions: AtomicU64,
    statements: AtomicU64,
    changed_rows: AtomicU64,
    long_reads: AtomicU64,
    replica_reads: AtomicU64,
    slow: AtomicU64,
    /// From how many nanoseconds on a statement is told of as slow; zero never.
    slow_nanos: AtomicU64,
}

/// Who uses the connections at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Connections that somebody uses.
    pub busy: usize,
    /// Connections that wait for somebody.
    pub idle: usize,
    /// Who waits for a connection, or for the turn to write.
    pub waiting: usize,
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
    /// Statements of these that a replica answered.
    pub replica_reads: u64,
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
            replica_reads: self.replica_reads.load(Ordering::Relaxed),
            slow: self.slow.load(Ordering::Relaxed),
        }
    }

    /// From now on statements that take this long are told of; `None` tells of none.
    pub fn tell_slow(&self, from: Option<Duration>) {
        let nanos = from.map_or(0, |from| u64::try_from(from.as_nanos()).unwrap_or(u64::MAX).max(1));
        self.slow_nanos.store(nanos, Ordering::Relaxed);
    }

    /// Watches over one statement, until what is returned is dropped.
    pub(super) fn watch<'s>(&'s self, sql: &'s str) -> Watch<'s> {
        let from = self.slow_nanos.load(Ordering::Relaxed);
        Watch { counts: self, sql, from, began: (from > 0).then(now) }
    }

    pub(super) fn committed(&self, transactions: usize) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.transactions.fetch_add(transactions as u64, Ordering::Relaxed);
    }

    pub(super) fn carried_out(&self, changed_rows: u64) {
        self.statements.fetch_add(1, Ordering::Relaxed);
        if changed_rows > 0 {
            self.changed_rows.fetch_add(changed_rows, Ordering::Relaxed);
        }
    }

    pub(super) fn read_elsewhere(&self) {
        self.replica_reads.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read_at_length(&self) {
        self.long_reads.fetch_add(1, Ordering::Relaxed);
    }
}

/// The span in which a statement runs, for whoever traces requests. Values are nobody's business: the text has placeholders.
pub(super) fn span(system: &'static str, sql: &str) -> Span {
    tracing::info_span!(
        target: "traces",
        "query",
        otel.kind = "client",
        db.system.name = system,
        db.query.text = sql,
    )
}

/// One statement under way, which is told of if it turns out to be slow.
pub(super) struct Watch<'s> {
    counts: &'s Counts,
    sql: &'s str,
    from: u64,
    began: Option<Instant>,
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
