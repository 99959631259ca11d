//! What several instances share by way of Valkey or Redis: counters, and news of what changed. Knows nothing of the shop.
//!
//! One connection carries everything: commands, the news of this instance, and those of all (RESP3 pushes). Each instance
//! publishes a beat several times a second and hears its own, so that a server that fell silent while its socket is open is
//! noticed within a second. Until it is, one command waits for 50 ms and no longer, and after it nobody waits at all
//! until a beat got through: whoever asks does without at once.
//!
//! News can be missed while the connection is down. So whatever was kept is dropped when it comes up, and until then
//! nothing that is kept is certain ([`Heard`]). Who hears news says so to the sender, so that whoever changes something can
//! wait, for as short a time, until all others know. An instance whose own news did not get out tells all others to drop
//! everything as soon as it can; until then they notice that its beats are missing.

mod frame;
mod keeper;
pub mod limits;
pub mod look;
mod peers;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Client, FromRedisValue, IntoConnectionInfo, ProtocolVersion, ScriptInvocation};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::timeout;

use self::frame::Frame;
use self::peers::Peers;
use super::clock::Clock;
use super::{random, tls};

/// How long a request waits for an answer before it does without.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long closing waits for the last news to get out.
const FAREWELL: Duration = Duration::from_millis(500);

/// The way to the other instances. Clones are the same way.
#[derive(Clone)]
pub struct Shared(Arc<Inner>);

struct Inner {
    client: Client,
    /// Two shops on one server must not hear each other, nor count each other's callers.
    mark: String,
    me: [u8; 16],
    clock: Clock,
    /// Present while news are heard.
    connection: RwLock<Option<MultiplexedConnection>>,
    /// Whether the last command was answered in time.
    answering: AtomicBool,
    /// Wakes the keeper to find out whether the server answers again.
    nudge: Notify,
    outgoing: Mutex<Outgoing>,
    /// Until the keeper takes it.
    outbox: Mutex<Option<mpsc::UnboundedReceiver<News>>>,
    peers: Mutex<Peers>,
    /// Whose news were taken, up to which, and are not told so yet.
    taken: Mutex<HashMap<[u8; 16], u64>>,
    /// The last of our news that all others took, or never will.
    done: watch::Sender<u64>,
    /// Some news did not get out, and nobody was told of that yet.
    lost: AtomicBool,
    closing: AtomicBool,
    counts: Counts,
}

/// What is told, as it is sent, with its number.
type News = (u64, Vec<u8>);

/// Where news are handed over, in the order of their numbers.
struct Outgoing {
    last: u64,
    way: mpsc::UnboundedSender<News>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicU64,
    fallbacks: AtomicU64,
    sent: AtomicU64,
    heard: AtomicU64,
}

/// How it stands with sharing, and what was done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Whether news are heard now.
    pub connected: bool,
    /// How often a connection came up.
    pub connections: u64,
    /// Questions that were not answered in time, or not asked.
    pub fallbacks: u64,
    /// News that got out, beats aside.
    pub sent: u64,
    /// News of others that came in, beats aside.
    pub heard: u64,
}

/// What the others let one hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard<'n> {
    /// What another instance told.
    News(&'n [u8]),
    /// Anything may have changed: whatever is kept is to be dropped.
    Everything,
    /// Whether every change is heard of from now on. Begins as uncertain.
    Certain(bool),
}

/// Why an address leads to no server. Does not repeat the address, which may hold a password.
#[derive(Debug, thiserror::Error)]
#[error("it is no address of a Valkey or Redis server")]
pub struct BadAddress;

impl Shared {
    /// A way by way of the server at `url` (`redis://` or `rediss://`), for the instances that have this `mark`. Nothing is
    /// connected before [`run`](Self::run).
    ///
    /// # Errors
    /// When the address is none.
    pub fn new(url: &str, mark: &str) -> Result<Self, BadAddress> {
        let client = client(url)?;
        let (way, outbox) = mpsc::unbounded_channel();
        Ok(Self(Arc::new(Inner {
            client,
            mark: mark.to_owned(),
            me: random::bytes(),
            clock: Clock::system(),
            connection: RwLock::new(None),
            answering: AtomicBool::new(false),
            nudge: Notify::new(),
            outgoing: Mutex::new(Outgoing { last: 0, way }),
            outbox: Mutex::new(Some(outbox)),
            peers: Mutex::default(),
            taken: Mutex::default(),
            done: watch::Sender::new(0),
            lost: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            counts: Counts::default(),
        })))
    }

    /// Tells the others; [`flush`](Self::flush) waits until that is done. What cannot be told now makes them drop everything
    /// later.
    pub fn tell(&self, news: &[u8]) {
        let inner = &self.0;
        if inner.connection().is_none() {
            inner.lost.store(true, Ordering::Release);
            return;
        }
        let mut outgoing = lock(&inner.outgoing);
        outgoing.last += 1;
        // Closed only when the keeper has gone, with the process.
        let _ = outgoing.way.send((outgoing.last, Frame::News(outgoing.last, news).write(inner.me)));
    }

    /// Waits until all others know what was told before, but never longer than a request waits for anything.
    pub async fn flush(&self) {
        let inner = &self.0;
        let wanted = lock(&inner.outgoing).last;
        if *inner.done.borrow() >= wanted || !inner.answers() {
            return;
        }
        let mut done = inner.done.subscribe();
        if timeout(PATIENCE, done.wait_for(|done| *done >= wanted)).await.is_err() {
            tracing::debug!(event = "news_late");
        }
    }

    /// Sends a script, and takes its answer if it comes in time.
    async fn ask<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Option<T> {
        let inner = &self.0;
        let connection = if inner.answers() { inner.connection() } else { None };
        if let Some(mut connection) = connection {
            match timeout(PATIENCE, script.invoke_async(&mut connection)).await {
                Ok(Ok(answer)) => return Some(answer),
                Ok(Err(error)) => tracing::debug!(event = "valkey_failed", %error),
                Err(_) => tracing::debug!(event = "valkey_late"),
            }
            inner.doubt();
        }
        inner.counts.fallbacks.fetch_add(1, Ordering::Relaxed);
        None
    }

    /// What keys of this shop begin with. The braces keep them on one node of a cluster of servers.
    fn prefix(&self) -> String {
        format!("{{shopkeeper:{}}}", self.0.mark)
    }

    /// Waits until the connection is up, for at most so long; whether it is.
    pub async fn connected(&self, within: Duration) -> bool {
        let up = async {
            while self.0.connection().is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(within, up).await.is_ok()
    }

    /// Lets the last news out and says farewell, so that the others do not miss the beats.
    pub async fn close(&self) {
        let inner = &self.0;
        // A command that ended quicker than it connected may have news that nobody heard.
        if inner.lost.load(Ordering::Acquire) {
            self.connected(FAREWELL).await;
        }
        inner.closing.store(true, Ordering::Release);
        inner.nudge.notify_one();
        let gone = async {
            while inner.connection().is_some() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let _ = timeout(FAREWELL, gone).await;
    }

    /// How it stands.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let Counts { connections, fallbacks, sent, heard } = &self.0.counts;
        let [connections, fallbacks, sent, heard] =
            [connections, fallbacks, sent, heard].map(|count| count.load(Ordering::Relaxed));
        Stats { connected: self.0.connection().is_some(), connections, fallbacks, sent, heard }
    }
}

impl Inner {
    /// Looks anew how far our news have got.
    fn look(&self, change: impl FnOnce(&mut Peers)) {
        let mut peers = lock(&self.peers);
        change(&mut peers);
        let everywhere = peers.everywhere();
        self.done.send_if_modified(|done| std::mem::replace(done, everywhere) != everywhere);
    }

    fn connection(&self) -> Option<MultiplexedConnection> {
        self.connection.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, connection: Option<MultiplexedConnection>) {
        *self.connection.write().unwrap_or_else(PoisonError::into_inner) = connection;
    }

    fn answers(&self) -> bool {
        self.answering.load(Ordering::Acquire)
    }

    /// Nobody waits any more until a beat got through, which is tried at once.
    fn doubt(&self) {
        self.answering.store(false, Ordering::Release);
        self.nudge.notify_one();
    }
}

fn client(url: &str) -> Result<Client, BadAddress> {
    // `redis` has rustls look for one.
    tls::provide();
    let info = url.into_connection_info().map_err(|_| BadAddress)?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Client::open(info.set_redis_settings(settings)).map_err(|_| BadAddress)
}

/// No panic leaves anything half done under these locks, so a poisoned one is as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        formatter.debug_struct("Shared").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
