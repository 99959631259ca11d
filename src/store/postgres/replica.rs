//! A copy of the database that answers readers who may hear of the world as it was a moment ago.
//!
//! It is asked only while it provably holds every change that this instance knows of. Each change is counted once it is
//! committed. Again and again the count is noted and the place in the write-ahead log that the database has come to, in this
//! order: a copy that has come as far holds all those changes. No clock takes part in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::DbErr;
use tokio_postgres::{Client, Error};

use super::address::Address;
use super::pool::Pool;
use super::{Task, pulse};

/// The pause between two looks at how far the copy has come.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a look may take: a copy that is further behind is not asked.
pub const PATIENCE: Duration = Duration::from_secs(1);
/// Instead of a number of changes: nobody knows.
const UNKNOWN: u64 = u64::MAX;

/// A copy. Clones are the same; the last one takes the connections with it.
#[derive(Debug, Clone)]
pub struct Replica {
    pool: Pool,
    progress: Arc<Progress>,
    _look: Arc<Task>,
}

#[derive(Debug)]
struct Progress {
    /// Changes that this instance knows of.
    changes: AtomicU64,
    /// How many of them the copy holds at least.
    held: AtomicU64,
}

impl Replica {
    /// Connects to a copy of the database at an address, with `most` connections at the same time.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn open(original: (&Address, &Pool), copy: &Address, most: usize) -> Result<Self, DbErr> {
        let (address, original) = original;
        let pool = Pool::open(copy, most, original.shared_counts()).await?.or(original.clone());
        let progress = Arc::new(Progress { changes: AtomicU64::new(0), held: AtomicU64::new(UNKNOWN) });
        let look = Task::begin(look_on(address.clone(), copy.clone(), Arc::clone(&progress)));
        Ok(Self { pool, progress, _look: Arc::new(look) })
    }

    /// The copy's connections, if it holds everything that this instance knows of.
    pub fn if_current(&self) -> Option<&Pool> {
        let held = self.progress.held.load(Ordering::SeqCst);
        (held == self.progress.changes.load(Ordering::SeqCst) && self.pool.answers()).then_some(&self.pool)
    }

    /// Counts a change of what the copy is asked for, once it is committed and before anybody is told.
    pub fn note_change(&self) {
        self.progress.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// Closes the connections.
    pub fn close(&self) {
        self.pool.close();
    }
}

async fn look_on(original: Address, copy: Address, progress: Arc<Progress>) {
    loop {
        if let (Ok(original), Ok(copy)) = (pulse::connect(&original).await, pulse::connect(&copy).await) {
            while let Ok(Ok(held)) = tokio::time::timeout(PATIENCE, look(&original, &copy, &progress)).await {
                progress.held.store(held, Ordering::SeqCst);
                tokio::time::sleep(PAUSE).await;
            }
        }
        if progress.held.swap(UNKNOWN, Ordering::SeqCst) != UNKNOWN {
            tracing::warn!(event = "replica_behind", "the replica is away or behind, and not asked");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits until the copy has come as far as the original has now, and tells how many changes it holds then.
async fn look(original: &Client, copy: &Client, progress: &Progress) -> Result<u64, Error> {
    let changes = progress.changes.load(Ordering::SeqCst);
    catch_up(original, copy).await?;
    Ok(changes)
}

/// Waits until the copy has come as far as the original has now.
pub async fn catch_up(original: &Client, copy: &Client) -> Result<(), Error> {
    let place: String = original.query_one("SELECT CAST(pg_current_wal_lsn() AS text)", &[]).await?.get(0);
    let question = "SELECT coalesce(pg_last_wal_replay_lsn() >= CAST(CAST($1 AS text) AS pg_lsn), false)";
    while !copy.query_one(question, &[&place]).await?.get::<_, bool>(0) {
        tokio::time::sleep(PAUSE / 10).await;
    }
    Ok(())
}
