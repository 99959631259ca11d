//! TLS at the door: one certificate, which can be exchanged while connections go on, and a greeting bounded in time.
//!
//! Only handshakes look at the certificate. So a new one serves those who come from then on, and nobody who is here already
//! notices. A pair that does not stand is refused as a whole, and the one before it stays (`identity`).

mod identity;

pub use identity::{TlsError, certificate};

use crate::infra::certificate::{Certificate, Standing};
use crate::infra::clock::Timestamp;
use crate::infra::tls;
use identity::Identity;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::server::ResolvesServerCert;
use tokio_rustls::server::TlsStream;

/// The first byte of every TLS connection: a record that holds a handshake (RFC 8446, section 5.1). No method of HTTP begins
/// with it.
const HANDSHAKE: u8 = 0x16;

/// What is needed to speak TLS, and what came of it so far.
pub struct Tls {
    acceptor: TlsAcceptor,
    identity: Arc<Identity>,
    counts: Counts,
}

/// How handshakes ended.
#[derive(Debug, Default)]
struct Counts {
    done: AtomicU64,
    failed: AtomicU64,
    plain: AtomicU64,
}

/// Handshakes until now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handshakes {
    /// That led to a connection.
    pub done: u64,
    /// That were given up, by either side or for want of time.
    pub failed: u64,
    /// Callers who spoke HTTP without TLS.
    pub plain: u64,
}

/// Who somebody turned out to be who came to the door.
pub(super) enum Guest {
    /// Speaks TLS.
    Secure(Box<TlsStream<TcpStream>>),
    /// Speaks something else, most likely HTTP; nothing of it has been read.
    Plain(TcpStream),
    /// Went away, or took too long.
    Nobody,
}

impl Tls {
    /// Reads a certificate with its chain, and its key, both PEM.
    ///
    /// # Errors
    /// When either cannot be read, or they do not belong together.
    pub fn load(chain: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let provider = tls::provider();
        let identity = Arc::new(Identity::read(chain, key, Arc::clone(&provider))?);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&identity) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        // Who comes back is spared the dear part of the handshake, and nothing has to be remembered of them here.
        config.ticketer = tls::tickets()?;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), identity, counts: Counts::default() })
    }

    /// Reads both files again, for handshakes from now on.
    ///
    /// # Errors
    /// As [`load`](Self::load), and when callers would not accept the new certificate at this moment but do accept the one in
    /// use. Then that one stays.
    pub fn reload(&self, now: Timestamp) -> Result<(), TlsError> {
        self.identity.exchange(now)
    }

    /// The certificate in use; `None` if it is so unusual that its dates cannot be read.
    #[must_use]
    pub fn certificate(&self) -> Option<Certificate> {
        self.identity.certificate()
    }

    /// Writes into the log if callers do not accept the certificate in use, or soon will not.
    pub fn warn(&self, now: Timestamp) {
        let Some(certificate) = self.certificate() else { return };
        let [begins, ends] =
            [certificate.begins(), certificate.ends()].map(|moment| moment.format("%Y-%m-%dT%H:%M:%SZ"));
        match certificate.standing(now) {
            Standing::Holds => {}
            Standing::Ending => {
                tracing::warn!(event = "certificate_ending", %ends, "put a new one in its place and send SIGHUP");
            }
            Standing::Over => {
                tracing::error!(event = "certificate_expired", %ends, "callers refuse it: put a new one in its place");
            }
            Standing::Early => {
                tracing::error!(event = "certificate_early", %begins, "callers refuse it until then");
            }
        }
    }

    /// How handshakes ended until now.
    #[must_use]
    pub fn handshakes(&self) -> Handshakes {
        let Counts { done, failed, plain } = &self.counts;
        Handshakes { done: done.load(Relaxed), failed: failed.load(Relaxed), plain: plain.load(Relaxed) }
    }

    /// Finds out who came, within this time.
    pub(super) async fn greet(&self, socket: TcpStream, peer: SocketAddr, patience: Duration) -> Guest {
        let guest = timeout(patience, self.meet(socket)).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        let (guest, count) = match guest {
            Ok(guest @ Guest::Secure(_)) => (guest, &self.counts.done),
            Ok(guest) => (guest, &self.counts.plain),
            Err(error) => {
                // Scanners and health checks of load balancers do this all day long.
                tracing::debug!(event = "handshake_failed", %peer, %error);
                (Guest::Nobody, &self.counts.failed)
            }
        };
        count.fetch_add(1, Relaxed);
        guest
    }

    async fn meet(&self, socket: TcpStream) -> io::Result<Guest> {
        let mut first = [0];
        match socket.peek(&mut first).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ if first == [HANDSHAKE] => Ok(Guest::Secure(Box::new(self.acceptor.accept(socket).await?))),
            _ => Ok(Guest::Plain(socket)),
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tls").field("identity", &self.identity).finish_non_exhaustive()
    }
}
