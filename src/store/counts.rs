//! What a store has done, whichever database it is: for `/metrics`, and for tests that hold use cases to their statements.

use std::sync::atomic::{AtomicU64, Ordering};

/// What the connections have done since the store was opened.
#[derive(Debug, Default)]
pub struct Counts {
    commits: AtomicU64,
    transactions: AtomicU64,
    statements: AtomicU64,
    changed_rows: AtomicU64,
    long_reads: AtomicU64,
    replica_reads: AtomicU64,
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
        }
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
