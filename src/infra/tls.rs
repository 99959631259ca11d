//! The cryptography of TLS: that of the one crypto provider, like everybody else's here.

use std::sync::Arc;

use tokio_rustls::rustls::Error;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::server::ProducesTickets;

/// Ciphers, key exchanges and signatures.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Tickets by which callers come back without the dear part of a handshake; their keys change every six hours.
///
/// # Errors
/// When there is no chance to make keys of.
pub fn tickets() -> Result<Arc<dyn ProducesTickets>, Error> {
    aws_lc_rs::Ticketer::new()
}
