//! One secret of the installation, from which codes for different purposes are made: cursor signatures, successors of refresh tokens.

use std::fmt;
use std::path::Path;

use aws_lc_rs::hmac;
use secrecy::{ExposeSecret, SecretSlice};

use super::keyfiles::{self, KeyFileError};
use super::random;

const FILE: &str = "secret.key";
const LENGTH: usize = 32;

/// A symmetric key of 256 bits that makes message authentication codes (HMAC-SHA-256).
#[derive(Clone)]
pub struct SecretKey(hmac::Key);

impl SecretKey {
    /// The key kept as `secret.key` in `folder`; folder and key are made when absent.
    ///
    /// # Errors
    /// When the folder or file cannot be made or read, is open to other accounts, or holds no key.
    pub fn load_or_create(folder: &Path) -> Result<Self, KeyFileError> {
        keyfiles::ensure_folder(folder)?;
        let path = folder.join(FILE);
        if !path.exists() {
            // Another instance may be quicker; then its key is read below.
            keyfiles::create(&path, &random::bytes::<LENGTH>().to_vec().into())?;
        }
        Self::read(&path)
    }

    /// Whether there is such a key in `folder`; nothing is made.
    ///
    /// # Errors
    /// When it cannot be read, is open to others, or holds no key.
    pub fn is_in(folder: &Path) -> Result<bool, KeyFileError> {
        let path = folder.join(FILE);
        Ok(path.exists() && Self::read(&path).map(|_| true)?)
    }

    fn read(path: &Path) -> Result<Self, KeyFileError> {
        let bytes = keyfiles::read(path)?;
        if bytes.expose_secret().len() != LENGTH {
            return Err(KeyFileError::damaged(path));
        }
        Ok(Self::from_bytes(&bytes))
    }

    /// A key that dies with this value.
    #[must_use]
    pub fn ephemeral() -> Self {
        Self::from_bytes(&random::bytes::<LENGTH>().to_vec().into())
    }

    fn from_bytes(bytes: &SecretSlice<u8>) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes.expose_secret()))
    }

    /// The code of `message` for `purpose`. Codes for one purpose say nothing about those for another.
    #[must_use]
    pub fn mac(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        // The length before the purpose keeps ("ab", "c") and ("a", "bc") apart.
        context.update(&(purpose.len() as u64).to_be_bytes());
        context.update(purpose.as_bytes());
        context.update(message);
        let mut code = [0; 32];
        code.copy_from_slice(context.sign().as_ref());
        code
    }

    /// Whether `code` is the one that [`SecretKey::mac`] makes, compared in constant time.
    #[must_use]
    pub fn verify(&self, purpose: &str, message: &[u8], code: &[u8]) -> bool {
        super::digest::equal(&self.mac(purpose, message), code)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_accepted_for_its_purpose_and_message_only() {
        let key = SecretKey::ephemeral();
        let code = key.mac("cursor", b"message");
        assert!(key.verify("cursor", b"message", &code));
        assert!(!key.verify("refresh", b"message", &code));
        assert!(!key.verify("cursor", b"messagf", &code));
        assert!(!key.verify("cursor", b"message", &code[..31]));
        assert!(!key.verify("cursor", b"message", b""));
        assert!(!SecretKey::ephemeral().verify("cursor", b"message", &code));
    }

    #[test]
    fn the_border_between_purpose_and_message_cannot_be_shifted() {
        let key = SecretKey::ephemeral();
        assert_ne!(key.mac("ab", b"c"), key.mac("a", b"bc"));
    }

    #[test]
    fn the_key_survives_a_restart() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("keys");
        let code = SecretKey::load_or_create(&folder).expect("a new key").mac("cursor", b"message");
        assert!(SecretKey::load_or_create(&folder).expect("the same key").verify("cursor", b"message", &code));
    }

    #[test]
    fn instances_that_start_at_once_agree_on_one_key() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("keys");
        let codes: Vec<_> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| SecretKey::load_or_create(&folder).expect("a key").mac("p", b"m")))
                .collect();
            starts.into_iter().map(|start| start.join().expect("no panic")).collect()
        });
        assert!(codes.iter().all(|code| *code == codes[0]));
    }

    #[test]
    fn a_cut_off_key_file_is_refused() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("keys");
        keyfiles::ensure_folder(&folder).expect("a folder");
        keyfiles::create(&folder.join(FILE), &vec![1; 31].into()).expect("a file");
        assert!(matches!(SecretKey::load_or_create(&folder), Err(KeyFileError::Damaged { .. })));
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", SecretKey::ephemeral()), "SecretKey(…)");
    }
}
