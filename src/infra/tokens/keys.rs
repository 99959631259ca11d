//! The set of signing keys in a folder: `signing-<made at, microseconds>-<kid>.der`, each an unencrypted PKCS #8 document.

use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use jsonwebtoken::{DecodingKey, EncodingKey};
use secrecy::{ExposeSecret, SecretSlice};
use serde_json::{Value, json};

use super::KeyInfo;
use crate::infra::clock::Timestamp;
use crate::infra::digest::sha256;
use crate::infra::keyfiles::{self, KeyFileError};

const PREFIX: &str = "signing-";
const SUFFIX: &str = ".der";

/// One key: private and public half, and where it is kept.
pub(super) struct Key {
    pub kid: String,
    pub signing: EncodingKey,
    pub verifying: DecodingKey,
    public: String,
    created_at: Timestamp,
    path: PathBuf,
}

/// All keys of a folder, newest first.
pub(super) struct KeySet(Vec<Key>);

impl KeySet {
    /// The keys in `folder`, which is made when absent.
    pub fn load(folder: &Path) -> Result<Self, KeyFileError> {
        keyfiles::ensure_folder(folder)?;
        let mut keys =
            keyfiles::list(folder, PREFIX, SUFFIX)?.into_iter().map(Key::load).collect::<Result<Vec<_>, _>>()?;
        // The kid decides between two made in the same microsecond, so that all instances sign with the same one.
        keys.sort_by(|left, right| (right.created_at, &right.kid).cmp(&(left.created_at, &left.kid)));
        Ok(Self(keys))
    }

    /// Makes a key that is newer than any there is, even when the clock has been set back.
    pub fn add(folder: &Path, now: Timestamp) -> Result<(), KeyFileError> {
        let newest = Self::load(folder)?.0.first().map(|key| key.created_at);
        let created_at = newest.map_or(now, |newest| now.max(newest + chrono::Duration::microseconds(1)));
        let pkcs8 = generate().ok_or_else(|| KeyFileError::damaged(folder))?;
        let kid = public_half(&pkcs8).map(|public| thumbprint(&public)).ok_or_else(|| KeyFileError::damaged(folder))?;
        let path = folder.join(format!("{PREFIX}{:020}-{kid}{SUFFIX}", created_at.timestamp_micros()));
        keyfiles::create(&path, &pkcs8).map(drop)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key that signs. The keyring never holds an empty set.
    pub fn newest(&self) -> &Key {
        &self.0[0]
    }

    pub fn find(&self, kid: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.kid == kid)
    }

    /// Removes the file of a key that only verifies; false when it is the newest or not there.
    pub fn retire(&self, kid: &str) -> Result<bool, KeyFileError> {
        match self.find(kid) {
            Some(key) if key.kid != self.newest().kid => keyfiles::remove(&key.path).map(|()| true),
            _ => Ok(false),
        }
    }

    pub fn list(&self) -> Vec<KeyInfo> {
        let info = |(index, key): (usize, &Key)| KeyInfo {
            kid: key.kid.clone(),
            created_at: key.created_at,
            signs: index == 0,
        };
        self.0.iter().enumerate().map(info).collect()
    }

    pub fn jwks(&self) -> Value {
        let jwk = |key: &Key| {
            json!({
                "kty": "OKP",
                "crv": "Ed25519",
                "x": key.public,
                "use": "sig",
                "alg": "EdDSA",
                "kid": key.kid,
            })
        };
        json!({ "keys": self.0.iter().map(jwk).collect::<Vec<_>>() })
    }
}

impl Key {
    fn load(path: PathBuf) -> Result<Self, KeyFileError> {
        let pkcs8 = keyfiles::read(&path)?;
        let (Some(public), Some(created_at)) = (public_half(&pkcs8), made_at(&path)) else {
            return Err(KeyFileError::damaged(&path));
        };
        Ok(Self {
            kid: thumbprint(&public),
            signing: EncodingKey::from_ed_der(pkcs8.expose_secret()),
            verifying: DecodingKey::from_ed_der(&public),
            public: URL_SAFE_NO_PAD.encode(&public),
            created_at,
            path,
        })
    }
}

/// A new private key. `None` when the provider gives none.
fn generate() -> Option<SecretSlice<u8>> {
    // PKCS #8 version 1 is the form that every other tool reads as well.
    let document = Ed25519KeyPair::generate().ok()?.to_pkcs8v1().ok()?;
    Some(document.as_ref().to_vec().into())
}

fn public_half(pkcs8: &SecretSlice<u8>) -> Option<Vec<u8>> {
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8.expose_secret()).ok()?;
    Some(pair.public_key().as_ref().to_vec())
}

/// RFC 7638 with the members that RFC 8037, 2 requires, in lexical order.
fn thumbprint(public: &[u8]) -> String {
    let x = URL_SAFE_NO_PAD.encode(public);
    URL_SAFE_NO_PAD.encode(sha256(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#).as_bytes()))
}

fn made_at(path: &Path) -> Option<Timestamp> {
    let name = path.file_name()?.to_str()?;
    let (micros, _kid) = name.strip_prefix(PREFIX)?.split_once('-')?;
    DateTime::from_timestamp_micros(micros.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_the_one_of_rfc_8037() {
        // Appendix A.3.
        let public = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").expect("base64url");
        assert_eq!(thumbprint(&public), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
