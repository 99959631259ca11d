//! Those who hold many connections: an address may have a share of them, and is told so when it wants more.

use super::exchange::{Answer, Shell};
use super::listen::Limits;
use crate::infra::shares::{Share, Shares};
use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Most connections that are told why they are turned away, at a time. Beyond that they are closed without a word: who
/// knocks that often does not read, and a word takes a file descriptor and some time.
const TOLD: usize = 64;
/// How long somebody has to read it.
const PATIENCE: Duration = Duration::from_secs(1);
/// Most bytes of a request that are read away meanwhile.
const READ_AWAY: u64 = 64 * 1024;

/// Who is here, by address.
pub(super) struct Crowd {
    shares: Shares,
    shared: Vec<IpNet>,
    told: Arc<Semaphore>,
}

/// The right to a connection.
pub(super) enum Admission {
    /// Of an address that stands for many.
    Uncounted,
    /// One of an address's own.
    Counted { _share: Share },
}

impl Crowd {
    pub(super) fn new(limits: &Limits) -> Self {
        let (shares, shared) = (Shares::new(limits.connections_per_address), limits.shared.clone());
        Self { shares, shared, told: Arc::new(Semaphore::new(TOLD)) }
    }

    /// Lets a connection from this address in, if it has not too many.
    pub(super) fn admit(&self, peer: IpAddr) -> Option<Admission> {
        let peer = peer.to_canonical();
        if self.shared.iter().any(|network| network.contains(&peer)) {
            return Some(Admission::Uncounted);
        }
        self.shares.take(peer).map(|share| Admission::Counted { _share: share })
    }

    /// Says why, and closes. Where TLS is spoken nothing is said: the words would cost a handshake, which is what somebody
    /// with too many connections must not have.
    pub(super) fn turn_away<A: Answer>(&self, socket: TcpStream, shell: &Arc<Shell<A>>, peer: IpAddr) {
        if shell.tls.is_some() {
            return;
        }
        let Ok(turn) = Arc::clone(&self.told).try_acquire_owned() else { return };
        let message = shell.crowded(peer);
        tokio::spawn(async move {
            say(socket, &message).await;
            drop(turn);
        });
    }
}

/// Writes a last message and closes, whatever the other side has sent or is sending.
pub(super) async fn say(mut socket: TcpStream, message: &[u8]) {
    // Unread bytes would reset the connection, and the reset overtake the answer.
    let farewell = async {
        socket.write_all(message).await?;
        socket.shutdown().await?;
        tokio::io::copy(&mut socket.take(READ_AWAY), &mut tokio::io::sink()).await
    };
    let _ = timeout(PATIENCE, farewell).await;
}
