//! Connections that read.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{DbBackend, DbErr, ProxyExecResult, ProxyRow, Statement};
use tokio::sync::Semaphore;

use super::fault::{self, Fault};
use super::hurry::{Hurry, Waiting};
use super::{Connection, Counts, PATIENCE, pauses};
use crate::store::runs::{Runs, connection};

/// Reads that may take long at the same time; more of them wait, and only they.
const LONG_READS: usize = 4;

/// As many connections as there are threads that read at the same moment, and those of long reads. Clones share them.
#[derive(Debug, Clone)]
pub struct Readers(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    /// Connections that somebody reads from.
    lent: AtomicUsize,
    closed: AtomicBool,
    /// Whether the last read found the file locked. `SQLite` may have slept on it, which no worker may do again: until a
    /// read succeeds, all go where threads may block.
    wary: AtomicBool,
    long_reads: Arc<Semaphore>,
    counts: Arc<Counts>,
}

impl Readers {
    /// Opens the first connection, over a file that is there.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: PathBuf, counts: Arc<Counts>) -> Result<Self, DbErr> {
        let first = Connection::reading(&path, Arc::clone(&counts))?;
        Ok(Self(Arc::new(Pool {
            path,
            idle: Mutex::new(vec![first]),
            lent: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
            wary: AtomicBool::new(false),
            long_reads: Arc::new(Semaphore::new(LONG_READS)),
            counts,
        })))
    }

    /// Closes the connections, once nobody reads any more.
    ///
    /// # Errors
    /// When somebody goes on reading, or closing fails.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.0.closed.store(true, Ordering::SeqCst);
        let mut pauses = pauses();
        while self.0.lent.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(pauses.next().ok_or_else(fault::busy)?).await;
        }
        let idle = std::mem::take(&mut *self.0.idle());
        idle.into_iter().try_for_each(Connection::close).map_err(DbErr::from)
    }

    /// Connections that somebody reads from, and those that wait.
    pub fn usage(&self) -> (usize, usize) {
        (self.0.lent.load(Ordering::Relaxed), self.0.idle().len())
    }

    /// Reads on a thread that may block, as often as it takes.
    async fn rows_elsewhere(&self, statement: Arc<Statement>) -> Result<Vec<ProxyRow>, DbErr> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.0.long_reads).acquire_owned()).await;
        let turn = Arc::new(turn.map_err(|_| fault::busy())?.map_err(|_| fault::closed())?);
        let mut pauses = pauses();
        loop {
            let hurry = Hurry::none();
            let waiting = Waiting(hurry.clone());
            let span = tracing::Span::current();
            let (pool, statement, turn) = (Arc::clone(&self.0), Arc::clone(&statement), Arc::clone(&turn));
            let reading = tokio::task::spawn_blocking(move || {
                let _entered = span.enter();
                let rows = pool.lend(|connection| connection.rows_at_length(&statement, &hurry));
                // Kept until here even if nobody waits any more: what counts is how many threads are taken.
                drop(turn);
                rows
            });
            let rows = reading.await.map_err(|error| fault::stopped(&error))?;
            drop(waiting);
            let busy = matches!(rows, Err(Fault::Busy));
            self.0.wary.store(busy, Ordering::Relaxed);
            if !busy {
                return Ok(rows?);
            }
            tokio::time::sleep(pauses.next().ok_or_else(fault::busy)?).await;
        }
    }
}

connection!(Readers, it => it, Readers);

impl Runs for Readers {
    const BACKEND: DbBackend = DbBackend::Sqlite;

    async fn rows(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        if !self.0.wary.load(Ordering::Relaxed) {
            match self.0.lend(|connection| connection.rows(&statement)) {
                Err(Fault::TooLong) => self.0.counts.read_at_length(),
                Err(Fault::Busy) => self.0.wary.store(true, Ordering::Relaxed),
                done => return Ok(done?),
            }
        }
        self.rows_elsewhere(Arc::new(statement)).await
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        // Nothing is written here, so nothing is affected.
        self.rows(statement).await.map(|_| ProxyExecResult::default())
    }
}

impl Pool {
    /// Lets `read` have the connection that was used last, whose pages are still at hand, or a new one when all are in use.
    fn lend<T>(&self, read: impl FnOnce(&mut Connection) -> Result<T, Fault>) -> Result<T, Fault> {
        let _lent = Lent::to(&self.lent);
        if self.closed.load(Ordering::SeqCst) {
            return Err(Fault::Failed(fault::closed()));
        }
        let idle = self.idle().pop();
        let mut connection = idle.map_or_else(|| Connection::reading(&self.path, Arc::clone(&self.counts)), Ok)?;
        let answer = read(&mut connection);
        self.idle().push(connection);
        answer
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a connection that is lent, for as long as it is.
struct Lent<'a>(&'a AtomicUsize);

impl<'a> Lent<'a> {
    fn to(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
