//! A line between a shop and its `PostgreSQL` that a test can cut, silence and mend.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// How the line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Open,
    /// Connections stay, and nothing passes: a server that is stopped, or a network that loses everything.
    Silent,
    /// Connections end, and new ones at once.
    Cut,
}

/// The line, as long as this lives.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    line: watch::Sender<Line>,
    listening: AbortHandle,
}

impl Relay {
    /// To whoever listens at this address (`host:port`).
    pub async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (line, state) = watch::channel(Line::Open);
        let server = server.to_owned();
        let listening = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(connect(near, server.clone(), state.clone()));
            }
        });
        Self { address, line, listening: listening.abort_handle() }
    }

    /// Where it begins.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every connection, and lets nobody through.
    pub fn cut(&self) {
        self.line.send_replace(Line::Cut);
    }

    /// Lets nothing pass, and tells nobody.
    pub fn silence(&self) {
        self.line.send_replace(Line::Silent);
    }

    /// Lets everything pass again.
    pub fn mend(&self) {
        self.line.send_replace(Line::Open);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn connect(near: TcpStream, server: String, line: watch::Receiver<Line>) {
    if *line.borrow() == Line::Cut {
        return;
    }
    let Ok(far) = TcpStream::connect(server).await else { return };
    let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
    tokio::join!(pass(from_near, to_far, line.clone()), pass(from_far, to_near, line));
}

/// Passes on what comes until an end closes or the line is cut; both ways of a connection see the cut.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut line: watch::Receiver<Line>) {
    let mut room = vec![0; 64 * 1024];
    while is_open(&mut line).await {
        let read = tokio::select! {
            biased;
            changed = line.changed() => if changed.is_ok() { continue } else { return },
            read = from.read(&mut room) => read,
        };
        let Ok(size @ 1..) = read else { return };
        // What was read as the line fell silent waits with it.
        if !is_open(&mut line).await || to.write_all(&room[..size]).await.is_err() {
            return;
        }
    }
}

/// Waits while the line is silent; whether it is not cut then.
async fn is_open(line: &mut watch::Receiver<Line>) -> bool {
    line.wait_for(|line| *line != Line::Silent).await.is_ok_and(|line| *line == Line::Open)
}
