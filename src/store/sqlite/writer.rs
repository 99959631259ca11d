//! The one connection that writes, and how those who wait for it share a commit.
//!
//! A commit waits for the disk, which takes as long for many transactions as for one. So whoever is done while others wait
//! does not commit: the transaction of the connection stays open, and the next one works in a savepoint of it. Behind
//! those who waited when the first of them was done queues the closer, who commits for all; only then are they told.
//! Who comes later waits for the next commit. Nobody is in want of others: who finds no one waiting commits at once.
//!
//! A savepoint can be rolled back alone, so a transaction that fails, or is dropped, leaves nothing and takes nobody with it.
//! When the commit fails, it fails for all who had a part in it, and none had been told otherwise. Who reads what a
//! neighbour wrote before it is on the disk commits with it or after it, so it never builds on what may vanish. That also
//! means: constraints that are only checked by the commit (`DEFERRABLE`) have no place here, and what a use case decides
//! by it reads in its own transaction, where it sees its neighbours, not beside it. And whoever has the turn must not wait
//! for somebody else's commit, which may be waiting for that turn to end.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::{DbErr, ProxyExecResult, ProxyRow, Statement};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::fault::{self, Fault};
use super::hurry::Hurry;
use super::progress::Progress;
use super::{Connection, Counts, PATIENCE, pauses};
use crate::store::After;

/// Transactions in one commit at most, so that the first of them is not kept waiting by ever more that join.
const MOST: usize = 64;

/// Where writers queue. Clones are the same queue.
#[derive(Debug, Clone)]
pub struct Writer {
    /// Fair: who comes first is served first, the closer included.
    desk: Arc<Mutex<Desk>>,
    waiting: Arc<AtomicUsize>,
    progress: Arc<Progress>,
}

/// What one writer at a time has.
#[derive(Debug)]
struct Desk {
    /// None once it is closed.
    connection: Option<Connection>,
    /// Those who share the transaction that is open.
    group: Option<Group>,
    groups: u64,
    /// Whether whose turn it is has begun something that would have to be undone.
    working: bool,
    waiting: Arc<AtomicUsize>,
    progress: Arc<Progress>,
    counts: Arc<Counts>,
}

/// How a transaction's writer hears of the commit that it was part of.
type Tell = oneshot::Sender<Result<(), DbErr>>;

struct Member {
    /// None once it has run.
    after: Option<After>,
    tell: Tell,
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").finish_non_exhaustive()
    }
}

impl Member {
    fn follow(&mut self) {
        if let Some(after) = self.after.take() {
            after();
        }
    }
}

#[derive(Debug)]
struct Group {
    number: u64,
    /// Those who are done and wait for the commit.
    members: Vec<Member>,
    /// Whether the closer is on the way.
    closing: bool,
}

/// What whoever is done does next.
enum Next {
    Commit,
    /// Give up the turn, and send the closer to the end of the queue.
    Close(u64),
    /// Give up the turn.
    Leave,
}

impl Writer {
    /// Opens the connection, making the file where there is none.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path, counts: Arc<Counts>) -> Result<Self, DbErr> {
        let (waiting, progress) = (Arc::<AtomicUsize>::default(), Arc::<Progress>::default());
        let desk = Desk {
            connection: Some(Connection::writing(path, Arc::clone(&counts))?),
            group: None,
            groups: 0,
            working: false,
            waiting: Arc::clone(&waiting),
            progress: Arc::clone(&progress),
            counts,
        };
        Ok(Self { desk: Arc::new(Mutex::new(desk)), waiting, progress })
    }

    /// Waits for the turn and begins a transaction.
    ///
    /// # Errors
    /// When the turn, or the lock that another process holds, does not come in time.
    pub async fn begin(&self) -> Result<Seat, DbErr> {
        let mut seat = self.seat().await?;
        let mut begun = seat.0.begin();
        let mut pauses = pauses();
        while matches!(begun, Err(Fault::Busy)) {
            tokio::time::sleep(pauses.next().ok_or_else(fault::busy)?).await;
            // SQLite may sleep on a lock before it gives up, which is nothing for a worker of the runtime.
            let trying = tokio::task::spawn_blocking(move || {
                let begun = seat.0.begin();
                (seat, begun)
            });
            (seat, begun) = trying.await.map_err(|error| fault::stopped(&error))?;
        }
        begun?;
        Ok(seat)
    }

    async fn seat(&self) -> Result<Seat, DbErr> {
        if let Ok(desk) = Arc::clone(&self.desk).try_lock_owned() {
            return Ok(Seat(desk));
        }
        let _waiting = Waiting::among(&self.waiting);
        let turn = Arc::clone(&self.desk).lock_owned();
        tokio::time::timeout(PATIENCE, turn).await.map(Seat).map_err(|_| fault::busy())
    }

    /// Waits for the commit of those who are done: who came after them saw what is not on the disk yet.
    ///
    /// # Errors
    /// When it does not come in time, or fails.
    pub async fn settle(&self) -> Result<(), DbErr> {
        self.progress.settle().await
    }

    /// Closes the connection, once nobody writes any more.
    ///
    /// # Errors
    /// When somebody goes on writing, or closing fails.
    pub async fn close(&self) -> Result<(), DbErr> {
        let mut seat = self.seat().await?;
        let closing = tokio::task::spawn_blocking(move || {
            let tell = seat.0.commit();
            let closed = seat.0.connection.take().map_or(Ok(()), Connection::close);
            drop(seat);
            tell();
            Ok(closed?)
        });
        closing.await.unwrap_or_else(|error| Err(fault::stopped(&error)))
    }
}

/// Counts somebody who waits, for as long as that is.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn among(others: &'a AtomicUsize) -> Self {
        others.fetch_add(1, Ordering::SeqCst);
        Self(others)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Desk {
    fn connection(&mut self) -> Result<&mut Connection, Fault> {
        self.connection.as_mut().ok_or_else(|| Fault::Failed(fault::closed()))
    }

    fn in_transaction(&self) -> bool {
        self.connection.as_ref().is_some_and(Connection::in_transaction)
    }

    /// Begins a transaction, or a part of the one that is open.
    fn begin(&mut self) -> Result<(), Fault> {
        if self.group.is_some() && self.in_transaction() {
            self.connection()?.control("SAVEPOINT member")?;
        } else {
            self.abandon(&fault::lost());
            self.connection()?.control("BEGIN IMMEDIATE")?;
            self.groups += 1;
            self.group = Some(Group { number: self.groups, members: Vec::new(), closing: false });
        }
        self.working = true;
        Ok(())
    }

    /// Whether others are done in the transaction that is open. That does not change during a turn: who finds nobody has
    /// the transaction alone, and everyone else works in a savepoint.
    fn is_shared(&self) -> bool {
        self.group.as_ref().is_some_and(|group| !group.members.is_empty())
    }

    /// Ends a part that is good.
    fn release(&mut self) -> Result<(), Fault> {
        if !self.in_transaction() {
            return Err(Fault::Failed(fault::lost()));
        }
        if self.is_shared() {
            self.connection()?.control("RELEASE member")?;
        }
        self.working = false;
        Ok(())
    }

    /// Undoes a part.
    fn undo(&mut self) {
        self.working = false;
        if !self.is_shared() || !self.in_transaction() {
            return self.abandon(&fault::lost());
        }
        let undone = self.connection().and_then(|connection| {
            connection.control("ROLLBACK TO member")?;
            connection.control("RELEASE member")
        });
        if let Err(fault) = undone {
            self.abandon(&fault.into());
        }
    }

    /// Undoes everything that is not committed, and tells whoever had a part in it.
    fn abandon(&mut self, reason: &DbErr) {
        self.roll_back();
        if let Some(group) = self.group.take() {
            // Where nobody was done, nothing vanishes that anybody could have seen.
            self.progress.end(group.number, group.members.is_empty());
            tell(group, &Err(reason.clone()));
        }
    }

    fn roll_back(&mut self) {
        if self.in_transaction() {
            // Should this fail as well, whoever begins next finds the transaction still open and tries again.
            let _ = self.connection().and_then(|connection| connection.control("ROLLBACK"));
        }
    }

    /// Takes in somebody who is done.
    fn join(&mut self, after: After, tell: Tell) -> Next {
        let Some(group) = &mut self.group else { return Next::Leave };
        group.members.push(Member { after: Some(after), tell });
        self.progress.done(group.number);
        if self.waiting.load(Ordering::SeqCst) == 0 || group.members.len() >= MOST {
            return Next::Commit;
        }
        if std::mem::replace(&mut group.closing, true) { Next::Leave } else { Next::Close(group.number) }
    }

    fn is_open_for(&self, number: u64) -> bool {
        self.group.as_ref().is_some_and(|group| group.number == number)
    }

    /// Makes durable what the members wrote, waiting for the disk. Returns what tells them, for when the turn is given up.
    fn commit(&mut self) -> impl FnOnce() + use<> {
        let mut group = self.group.take();
        let outcome = group.as_ref().map_or(Ok(()), |group| self.commit_for(group));
        match &outcome {
            // Before the turn is given up: who comes next, and what he tells, finds no cache that knows an earlier state.
            Ok(()) => group.iter_mut().flat_map(|group| &mut group.members).for_each(Member::follow),
            Err(_) => self.roll_back(),
        }
        if let Some(group) = &group {
            self.progress.end(group.number, outcome.is_ok());
        }
        let outcome = outcome.map_err(DbErr::from);
        move || group.into_iter().for_each(|group| tell(group, &outcome))
    }

    fn commit_for(&mut self, group: &Group) -> Result<(), Fault> {
        if !self.in_transaction() {
            return Err(Fault::Failed(fault::lost()));
        }
        self.connection()?.control("COMMIT")?;
        self.counts.committed(group.members.len());
        Ok(())
    }
}

fn tell(group: Group, outcome: &Result<(), DbErr>) {
    for member in group.members {
        // Who hung up does not want to know.
        let _ = member.tell.send(outcome.clone());
    }
}

/// Whose turn it is. Dropped without [`commit`](Seat::commit), nothing of what it wrote remains.
#[derive(Debug)]
pub struct Seat(OwnedMutexGuard<Desk>);

impl Seat {
    /// The connection, as long as the transaction is what it was: outside of it every statement would be final.
    fn connection(&mut self) -> Result<&mut Connection, Fault> {
        if self.0.in_transaction() { self.0.connection() } else { Err(Fault::Failed(fault::lost())) }
    }

    /// As [`Connection::rows`].
    ///
    /// # Errors
    /// As there.
    pub fn rows(&mut self, statement: &Statement) -> Result<Vec<ProxyRow>, Fault> {
        self.connection()?.rows(statement)
    }

    /// As [`Connection::rows_at_length`].
    ///
    /// # Errors
    /// As there.
    pub fn rows_at_length(&mut self, statement: &Statement, hurry: &Hurry) -> Result<Vec<ProxyRow>, Fault> {
        self.connection()?.rows_at_length(statement, hurry)
    }

    /// As [`Connection::execute`].
    ///
    /// # Errors
    /// As there.
    pub fn execute(&mut self, statement: &Statement) -> Result<ProxyExecResult, Fault> {
        self.connection()?.execute(statement)
    }

    /// Makes what was written durable, together with what others write who wait, and then runs `after`. From its first moment
    /// on that happens whether or not anybody waits for it to be done.
    ///
    /// # Errors
    /// When it cannot be; then it never happened.
    pub async fn commit(mut self, after: After) -> Result<(), DbErr> {
        self.0.release()?;
        let (tell, told) = oneshot::channel();
        match self.0.join(after, tell) {
            Next::Commit => self.commit_now(),
            Next::Close(group) => self.send_closer(group),
            Next::Leave => drop(self),
        }
        told.await.unwrap_or_else(|_| Err(fault::lost()))
    }

    /// Commits on a thread that may wait for the disk, gives up the turn and tells the members.
    fn commit_now(mut self) {
        tokio::task::spawn_blocking(move || {
            let tell = self.0.commit();
            drop(self);
            tell();
        });
    }

    fn send_closer(self, group: u64) {
        let desk = Arc::clone(OwnedMutexGuard::mutex(&self.0));
        tokio::spawn(async move {
            let seat = Self(desk.lock_owned().await);
            // Whoever found nobody waiting has done it already.
            if seat.0.is_open_for(group) {
                seat.commit_now();
            }
        });
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if self.0.working {
            self.0.undo();
        }
    }
}
