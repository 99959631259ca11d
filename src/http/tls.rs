//! TLS at the door: one certificate, which can be exchanged while connections go on, and a greeting bounded in time.
//!
//! Only handshakes look at the certificate. So a new one serves those who come from then on, and nobody who is here already
//! notices. A pair that does not stand is refused as a whole, and the one before it stays.

use crate::infra::tls;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

/// The first byte of every TLS connection: a record that holds a handshake (RFC 8446, section 5.1). No method of HTTP begins
/// with it.
const HANDSHAKE: u8 = 0x16;

/// Why a certificate and its key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that cannot be read, or holds nothing of what it should.
    #[error("`{path}` {problem}")]
    File {
        /// Which.
        path: String,
        /// What is wrong with it, as the end of a sentence.
        problem: String,
    },
    /// Both can be read, but do not belong together or are of a kind that is not known.
    #[error("`{chain}` and `{key}` cannot be used together ({source})")]
    Pair {
        /// The certificate's file.
        chain: String,
        /// The key's file.
        key: String,
        /// What rustls says.
        source: rustls::Error,
    },
    /// What TLS itself needs is not there.
    #[error("TLS cannot be set up ({0})")]
    Setup(#[from] rustls::Error),
}

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

/// The certificate in use, and the files that it comes from.
struct Identity {
    chain: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Tls {
    /// Reads a certificate with its chain, and its key, both PEM.
    ///
    /// # Errors
    /// When either cannot be read, or they do not belong together.
    pub fn load(chain: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let provider = tls::provider();
        let current = RwLock::new(Arc::new(read(&chain, &key, &provider)?));
        let identity = Arc::new(Identity { chain, key, provider: Arc::clone(&provider), current });
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
    /// As [`load`](Self::load); then what was in use stays in use.
    pub fn reload(&self) -> Result<(), TlsError> {
        let Identity { chain, key, provider, current } = &*self.identity;
        let fresh = Arc::new(read(chain, key, provider)?);
        *current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
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

impl fmt::Debug for Identity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Identity").field("chain", &self.chain).field("key", &self.key).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Identity {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

fn read(chain: &PathBuf, key: &PathBuf, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
    let broken = |path: &PathBuf, error: &pem::Error| {
        let problem = match error {
            pem::Error::Io(error) => format!("cannot be read ({error})"),
            pem::Error::NoItemsFound => "holds nothing of the kind in PEM".to_owned(),
            other => format!("is not PEM ({other})"),
        };
        TlsError::File { path: path.display().to_string(), problem }
    };
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_file_iter(chain).and_then(Iterator::collect);
    let certificates = certificates.map_err(|error| broken(chain, &error))?;
    if certificates.is_empty() {
        return Err(broken(chain, &pem::Error::NoItemsFound));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| broken(key, &error))?;
    CertifiedKey::from_der(certificates, secret, provider).map_err(|source| TlsError::Pair {
        chain: chain.display().to_string(),
        key: key.display().to_string(),
        source,
    })
}
