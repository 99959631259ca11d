//! The accept loop: takes connections as far as there is room, and hands each to a task of its own.

use super::connection;
use super::crowd::{self, Admission, Crowd};
use super::exchange::{Answer, Shell};
use super::shutdown::{Phase, Stop};
use super::tls::{Guest, Tls};
use hyper_util::rt::TokioExecutor;
use hyper_util::server::conn::auto;
use ipnet::IpNet;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

/// How many connections the system may hold before they are accepted.
const BACKLOG: u32 = 1024;
/// How long to wait after the system refused a connection for want of something, such as file descriptors.
const RESPITE: Duration = Duration::from_millis(100);

/// What a connection and its requests may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at a time; further ones wait in the system's queue.
    pub connections: usize,
    /// Connections at a time of one address; further ones are turned away.
    pub connections_per_address: usize,
    /// Networks whose addresses stand for many callers, such as proxies: they may have all connections.
    pub shared: Vec<IpNet>,
    /// From the first byte of a request, or from connecting, to the end of its head.
    pub head: Duration,
    /// From the end of the head to the end of the body.
    pub body: Duration,
    /// From the end of the head to the answer.
    pub request: Duration,
    /// Between requests; for an answer that is not taken, between two signs of progress.
    pub idle: Duration,
    /// After the last answer, for the rest of a request that is not wanted.
    pub linger: Duration,
    /// Between two questions whether an HTTP/2 peer is still there, and for its answer.
    pub ping: Duration,
    /// Request line and headers; bytes.
    pub head_bytes: usize,
    /// Path and query; bytes.
    pub target_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_address: 256,
            shared: Vec::new(),
            head: Duration::from_secs(10),
            body: Duration::from_secs(20),
            request: Duration::from_secs(30),
            idle: Duration::from_secs(75),
            linger: Duration::from_secs(2),
            ping: Duration::from_secs(20),
            head_bytes: 32 * 1024,
            target_bytes: 8 * 1024,
        }
    }
}

/// Opens the door.
///
/// # Errors
/// When the address is taken, not this machine's, or not for this user.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart must not wait until the last connections of the former process are forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// How many of the wanted connections the system lets this process have, after asking it for more.
///
/// Many systems start processes with 1024 file descriptors and let them have far more. Some are left for the rest of
/// the process: without any, it could not even open its database.
#[must_use]
pub fn room_for(wanted: usize) -> usize {
    const FOR_THE_REST: u64 = 128;
    let needed = u64::try_from(wanted).unwrap_or(u64::MAX).saturating_add(FOR_THE_REST);
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // No limit is told as none.
    let Some(mut allowed) = current else { return wanted };
    if allowed < needed {
        let asked = maximum.map_or(needed, |maximum| maximum.min(needed));
        if setrlimit(Resource::Nofile, Rlimit { current: Some(asked), maximum }).is_ok() {
            allowed = asked;
        }
    }
    let room = usize::try_from(allowed.saturating_sub(FOR_THE_REST)).unwrap_or(usize::MAX).clamp(1, wanted);
    if room < wanted {
        tracing::warn!(event = "few_descriptors", wanted, room, "the system grants fewer connections; see `ulimit -n`");
    }
    room
}

/// Serves until `stop` says otherwise and what runs has ended, or `grace` is over. Returns how many connections were
/// cut off.
pub async fn serve<A: Answer>(listener: TcpListener, shell: Arc<Shell<A>>, stop: Stop, grace: Duration) -> usize {
    let room = Arc::new(Semaphore::new(shell.limits.connections));
    tokio::select! {
        () = accept_all(listener, &shell, &stop, &room) => {}
        () = stop.reached(Phase::Draining) => {}
    }
    // All room is free again when the last connection has ended.
    let places = u32::try_from(shell.limits.connections).unwrap_or(u32::MAX);
    tokio::select! {
        ended = timeout(grace, room.acquire_many(places)) => if ended.is_ok() {
            return 0;
        },
        () = stop.reached(Phase::Cut) => {}
    }
    let left = shell.limits.connections - room.available_permits();
    stop.advance(Phase::Cut);
    // They see the phase at once; waiting for it lets what they hold be released.
    let _ = timeout(Duration::from_secs(1), room.acquire_many(places)).await;
    left
}

async fn accept_all<A: Answer>(listener: TcpListener, shell: &Arc<Shell<A>>, stop: &Stop, room: &Arc<Semaphore>) {
    let builder = Arc::new(connection::builder(&shell.limits));
    let crowd = Crowd::new(&shell.limits);
    loop {
        // Never closed, so there is always a place to wait for.
        let Ok(place) = Arc::clone(room).acquire_owned().await else { return };
        let (socket, peer) = accept(&listener).await;
        let Some(share) = crowd.admit(peer.ip()) else {
            crowd.turn_away(socket, shell, peer.ip());
            continue;
        };
        let held = (place, share);
        let (shell, builder, stop) = (Arc::clone(shell), Arc::clone(&builder), stop.clone());
        // Two tasks, so that connections without TLS do not carry its state.
        match shell.tls.clone() {
            None => drop(tokio::spawn(serve_plain(socket, peer, shell, builder, stop, held))),
            Some(tls) => drop(tokio::spawn(serve_secure(tls, socket, peer, shell, builder, stop, held))),
        }
    }
}

/// What a connection holds for as long as it is there.
type Held = (OwnedSemaphorePermit, Admission);
type Builder = Arc<auto::Builder<TokioExecutor>>;

async fn serve_plain<A: Answer>(
    socket: TcpStream,
    peer: SocketAddr,
    shell: Arc<Shell<A>>,
    builder: Builder,
    stop: Stop,
    held: Held,
) {
    shell.metrics.connected();
    connection::drive(socket, peer, Arc::clone(&shell), builder, stop).await;
    shell.metrics.disconnected();
    drop(held);
}

/// A handshake has as long as the head of a request, and ends when the server begins to stop: nothing has been asked yet.
async fn serve_secure<A: Answer>(
    tls: Arc<Tls>,
    socket: TcpStream,
    peer: SocketAddr,
    shell: Arc<Shell<A>>,
    builder: Builder,
    stop: Stop,
    held: Held,
) {
    shell.metrics.connected();
    let guest = tokio::select! {
        guest = tls.greet(socket, peer, shell.limits.head) => guest,
        () = stop.reached(Phase::Draining) => Guest::Nobody,
    };
    match guest {
        Guest::Secure(stream) => connection::drive(stream, peer, Arc::clone(&shell), builder, stop).await,
        Guest::Plain(socket) => crowd::say(socket, &shell.in_the_clear(peer.ip())).await,
        Guest::Nobody => {}
    }
    shell.metrics.disconnected();
    drop(held);
}

/// The next connection, whatever goes wrong before it.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((socket, peer)) => {
                // Answers are written in one piece: waiting for more to send only delays them.
                if let Err(error) = socket.set_nodelay(true) {
                    tracing::debug!(%error, "no TCP_NODELAY");
                }
                return (socket, peer);
            }
            // The caller gave up in the queue; the next may be waiting.
            Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {
            }
            Err(error) => {
                tracing::error!(event = "accept_failed", %error, "cannot take connections; trying again shortly");
                sleep(RESPITE).await;
            }
        }
    }
}
