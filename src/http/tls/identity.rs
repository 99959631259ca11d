//! The certificate in use and the files that it comes from.
//!
//! A certificate that callers would refuse never takes the place of one that they accept: whoever has it read again most
//! likely renewed it, and something went wrong with that. At a start there is nothing better, so it is used and complained
//! about.

use crate::infra::certificate::{Certificate, Standing};
use crate::infra::clock::Timestamp;
use crate::infra::tls;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use tokio_rustls::rustls;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

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
    /// Callers would not accept the certificate at this moment.
    #[error("the certificate in `{path}` {problem}")]
    Date {
        /// The certificate's file.
        path: String,
        /// Since when or until when, as the end of a sentence.
        problem: String,
    },
    /// What TLS itself needs is not there.
    #[error("TLS cannot be set up ({0})")]
    Setup(#[from] rustls::Error),
}

/// The certificate in use, and the files that it comes from.
pub(super) struct Identity {
    chain: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    current: RwLock<Pair>,
}

/// A certificate and its key.
struct Pair {
    signing: Arc<CertifiedKey>,
    /// Absent if its dates cannot be read.
    certificate: Option<Certificate>,
}

impl Identity {
    pub(super) fn read(chain: PathBuf, key: PathBuf, provider: Arc<CryptoProvider>) -> Result<Self, TlsError> {
        let current = RwLock::new(Pair::read(&chain, &key, &provider)?);
        Ok(Self { chain, key, provider, current })
    }

    /// Reads both files again.
    pub(super) fn exchange(&self, now: Timestamp) -> Result<(), TlsError> {
        let fresh = Pair::read(&self.chain, &self.key, &self.provider)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(problem) = fresh.refused(now)
            && current.refused(now).is_none()
        {
            return Err(TlsError::Date { path: self.chain.display().to_string(), problem });
        }
        *current = fresh;
        Ok(())
    }

    pub(super) fn certificate(&self) -> Option<Certificate> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).certificate.clone()
    }
}

impl ResolvesServerCert for Identity {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).signing))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Identity").field("chain", &self.chain).field("key", &self.key).finish_non_exhaustive()
    }
}

/// Reads the certificate of a pair that stands; `None` if its dates cannot be read.
///
/// # Errors
/// When either file cannot be read, or they do not belong together.
pub fn certificate(chain: &Path, key: &Path) -> Result<Option<Certificate>, TlsError> {
    Pair::read(chain, key, &tls::provider()).map(|pair| pair.certificate)
}

impl Pair {
    fn read(chain: &Path, key: &Path, provider: &CryptoProvider) -> Result<Self, TlsError> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_file_iter(chain).and_then(Iterator::collect);
        let certificates = certificates.map_err(|error| broken(chain, &error))?;
        let Some(own) = certificates.first() else { return Err(broken(chain, &pem::Error::NoItemsFound)) };
        let certificate = Certificate::read(own);
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| broken(key, &error))?;
        let signing = CertifiedKey::from_der(certificates, secret, provider).map_err(|source| TlsError::Pair {
            chain: chain.display().to_string(),
            key: key.display().to_string(),
            source,
        })?;
        Ok(Self { signing: Arc::new(signing), certificate })
    }

    /// Why callers refuse it at this moment, as the end of a sentence.
    fn refused(&self, now: Timestamp) -> Option<String> {
        let certificate = self.certificate.as_ref()?;
        match certificate.standing(now) {
            Standing::Over => Some(format!("expired on {}", certificate.ends().format("%Y-%m-%d"))),
            Standing::Early => Some(format!("does not hold before {}", certificate.begins())),
            Standing::Holds | Standing::Ending => None,
        }
    }
}

fn broken(path: &Path, error: &pem::Error) -> TlsError {
    let problem = match error {
        pem::Error::Io(error) => format!("cannot be read ({error})"),
        pem::Error::NoItemsFound => "holds nothing of the kind in PEM".to_owned(),
        other => format!("is not PEM ({other})"),
    };
    TlsError::File { path: path.display().to_string(), problem }
}
