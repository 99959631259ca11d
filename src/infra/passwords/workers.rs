//! Threads that hash, each with memory of its own, before a queue that refuses what it cannot hold.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use argon2::Block;

use super::Load;

/// A piece of work, given the worker's memory, as long as an earlier piece left it.
pub(super) type Job = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

/// How long an idle worker keeps its memory: 19 MiB are worth a millisecond (page faults), not a place for ever.
const KEEP_MEMORY: Duration = Duration::from_secs(5);

pub(super) struct Workers {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
    capacity: usize,
    /// Most jobs that wait for one address.
    share: usize,
    done: AtomicU64,
    refused: AtomicU64,
}

/// A job, and the address that it is done for; none stands for the house.
struct Waiting {
    asker: Option<IpAddr>,
    job: Job,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    idle: usize,
    stopping: bool,
}

impl Workers {
    /// Starts `count` threads. At most `queue` jobs wait beside those that a thread is free to take, and a quarter of them
    /// for one address: it takes several to fill the queue.
    pub fn start(count: NonZeroUsize, queue: usize) -> io::Result<Self> {
        let (state, arrived, share) = (Mutex::new(State::default()), Condvar::new(), queue.div_ceil(4));
        let shared = Arc::new(Shared {
            state,
            arrived,
            capacity: queue,
            share,
            done: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        });
        // Made first, so that the threads already running end when a later one cannot be started.
        let workers = Self { shared: Arc::clone(&shared) };
        for number in 0..count.get() {
            let shared = Arc::clone(&shared);
            thread::Builder::new().name(format!("password-{number}")).spawn(move || shared.work())?;
        }
        Ok(workers)
    }

    /// Hands over a job; false, and the job is dropped, when the queue is full, or the asker's share of it.
    pub fn submit(&self, asker: Option<IpAddr>, job: Job) -> bool {
        let mut state = self.shared.lock();
        let full = state.waiting.len() >= self.shared.capacity + state.idle;
        // The queue is short: counting is cheaper than keeping count.
        let own = || state.waiting.iter().filter(|waiting| waiting.asker == asker).count();
        if full || (asker.is_some() && own() >= self.shared.share + state.idle) {
            self.shared.refused.fetch_add(1, Relaxed);
            return false;
        }
        state.waiting.push_back(Waiting { asker, job });
        drop(state);
        self.shared.arrived.notify_one();
        true
    }

    pub fn waiting(&self) -> usize {
        self.shared.lock().waiting.len()
    }

    pub fn load(&self) -> Load {
        let (done, refused) = (self.shared.done.load(Relaxed), self.shared.refused.load(Relaxed));
        Load { waiting: self.waiting(), done, refused }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.stopping = true;
        state.waiting.clear();
        drop(state);
        self.shared.arrived.notify_all();
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Workers").field("capacity", &self.shared.capacity).finish_non_exhaustive()
    }
}

impl Shared {
    fn work(&self) {
        let mut memory = Vec::new();
        while let Some(job) = self.next(&mut memory) {
            // Before the job's answer leaves it: who has been answered finds it counted.
            self.done.fetch_add(1, Relaxed);
            // Whoever waits for a job that panics learns it from the dropped channel; the next one needs the thread.
            if catch_unwind(AssertUnwindSafe(|| job(&mut memory))).is_err() {
                memory = Vec::new();
            }
        }
    }

    /// The next job, or `None` when there shall be no more. Gives the memory back when nothing comes for a while.
    fn next(&self, memory: &mut Vec<Block>) -> Option<Job> {
        let mut state = self.lock();
        state.idle += 1;
        let job = loop {
            if state.stopping {
                break None;
            }
            if let Some(next) = state.waiting.pop_front() {
                break Some(next.job);
            }
            if memory.capacity() == 0 {
                state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (woken, timeout) =
                self.arrived.wait_timeout(state, KEEP_MEMORY).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if timeout.timed_out() && state.waiting.is_empty() {
                *memory = Vec::new();
            }
        };
        state.idle -= 1;
        job
    }

    /// A panic cannot leave the state half changed, so a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
