//! TLS: its cryptography, that of the one crypto provider like everybody else's here, and whom this machine trusts.

use std::sync::{Arc, OnceLock};

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::server::ProducesTickets;
use rustls::{ClientConfig, Error, RootCertStore};

/// Ciphers, key exchanges and signatures.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Makes the provider that of libraries which look for one: where features of the tree name two, they would panic.
pub fn provide() {
    // It is this one if there is one already.
    let _ = aws_lc_rs::default_provider().install_default();
}

/// Tickets by which callers come back without the dear part of a handshake; their keys change every six hours.
///
/// # Errors
/// When there is no chance to make keys of.
pub fn tickets() -> Result<Arc<dyn ProducesTickets>, Error> {
    aws_lc_rs::Ticketer::new()
}

/// How others are called: they prove who they are to the authorities that this machine trusts (`SSL_CERT_FILE` names
/// others). Those are read once.
///
/// # Errors
/// When the provider knows no version of TLS that is safe.
pub fn client() -> Result<ClientConfig, Error> {
    static CONFIG: OnceLock<Result<ClientConfig, Error>> = OnceLock::new();
    CONFIG.get_or_init(trusting).clone()
}

fn trusting() -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
