//! The set of signing keys in a folder: `signing-<signs from, microseconds>-<kid>.der`, each an unencrypted PKCS #8 document.
//!
//! All instances that share the folder judge by these names alone, so they agree on who signs without talking to each other.

use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta};
use jsonwebtoken::{DecodingKey, EncodingKey};
use secrecy::{ExposeSecret, SecretSlice};
use serde_json::{Value, json};

use super::{KeyInfo, Standing};
use crate::domain::session::ACCESS_TOKEN_LIFETIME;
use crate::infra::clock::Timestamp;
use crate::infra::digest::sha256;
use crate::infra::keyfiles::{self, KeyFileError};

const PREFIX: &str = "signing-";
const SUFFIX: &str = ".der";

/// What a key is kept for beyond the life of its last token: clocks that differ, and an instance that heard of its successor
/// late.
const LEEWAY: TimeDelta = TimeDelta::minutes(1);

/// One key: private and public half, and where it is kept.
pub(super) struct Key {
    pub kid: String,
    pub signing: EncodingKey,
    pub verifying: DecodingKey,
    public: String,
    signs_from: Timestamp,
    path: PathBuf,
}

/// All keys of a folder, newest first.
pub(super) struct KeySet(Vec<Key>);

impl KeySet {
    /// The keys in `folder`, which is made when absent.
    pub fn load(folder: &Path) -> Result<Self, KeyFileError> {
        keyfiles::ensure_folder(folder)?;
        let mut keys = Vec::new();
        for path in files(folder)? {
            match Key::load(path) {
                Ok(key) => keys.push(key),
                // Another instance has just removed what nobody needs any more.
                Err(error) if error.is_absent() => {}
                Err(error) => return Err(error),
            }
        }
        // The kid decides between two of the same microsecond, so that all instances sign with the same one.
        keys.sort_by(|left, right| (right.signs_from, &right.kid).cmp(&(left.signs_from, &left.kid)));
        Ok(Self(keys))
    }

    /// Makes a key that signs from then on, or later: after every key there is, even when the clock has been set back.
    pub fn add(folder: &Path, signs_from: Timestamp) -> Result<String, KeyFileError> {
        let newest = Self::load(folder)?.0.first().map(|key| key.signs_from);
        let signs_from = newest.map_or(signs_from, |newest| signs_from.max(newest + TimeDelta::microseconds(1)));
        let pkcs8 = generate().ok_or_else(|| KeyFileError::damaged(folder))?;
        let kid = public_half(&pkcs8).map(|public| thumbprint(&public)).ok_or_else(|| KeyFileError::damaged(folder))?;
        let path = folder.join(format!("{PREFIX}{:020}-{kid}{SUFFIX}", signs_from.timestamp_micros()));
        keyfiles::create(&path, &pkcs8).map(|_| kid)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key that signs: the newest whose time has come. Of keys that all wait, as after the clock was set back, the oldest.
    /// The keyring never holds an empty set.
    pub fn signing(&self, now: Timestamp) -> &Key {
        &self.0[self.signing_place(now)]
    }

    fn signing_place(&self, now: Timestamp) -> usize {
        self.0.iter().position(|key| key.signs_from <= now).unwrap_or(self.0.len().saturating_sub(1))
    }

    pub fn find(&self, kid: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.kid == kid)
    }

    /// Whether these are the keys of the files that are in the folder now.
    pub fn is_current(&self, folder: &Path) -> Result<bool, KeyFileError> {
        let mut known: Vec<&Path> = self.0.iter().map(|key| key.path.as_path()).collect();
        known.sort();
        Ok(files(folder)? == known)
    }

    /// Removes the file of a key that does not sign; false when it does, or is not there.
    pub fn retire(&self, kid: &str, now: Timestamp) -> Result<bool, KeyFileError> {
        match self.find(kid) {
            Some(key) if key.kid != self.signing(now).kid => keyfiles::remove(&key.path).map(|()| true),
            _ => Ok(false),
        }
    }

    /// All keys, newest first, as they stand at this moment.
    pub fn list(&self, now: Timestamp) -> Vec<KeyInfo> {
        let signing = self.signing_place(now);
        let standing = |place: usize| match place.cmp(&signing) {
            std::cmp::Ordering::Less => Standing::Waits,
            std::cmp::Ordering::Equal => Standing::Signs,
            std::cmp::Ordering::Greater => {
                // Its last token was signed when the next key took over.
                let until = self.0[place - 1].signs_from + ACCESS_TOKEN_LIFETIME + LEEWAY;
                if until > now { Standing::Verifies { until } } else { Standing::Spent }
            }
        };
        let info = |(place, key): (usize, &Key)| KeyInfo {
            kid: key.kid.clone(),
            signs_from: key.signs_from,
            standing: standing(place),
        };
        self.0.iter().enumerate().map(info).collect()
    }

    /// The kids, newest first.
    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(|key| key.kid.as_str()).collect()
    }

    /// Removes the files of all.
    pub fn remove_all(&self) -> Result<(), KeyFileError> {
        self.0.iter().try_for_each(|key| keyfiles::remove(&key.path))
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
        let (Some(public), Some(signs_from)) = (public_half(&pkcs8), named_moment(&path)) else {
            return Err(KeyFileError::damaged(&path));
        };
        Ok(Self {
            kid: thumbprint(&public),
            signing: EncodingKey::from_ed_der(pkcs8.expose_secret()),
            verifying: DecodingKey::from_ed_der(&public),
            public: URL_SAFE_NO_PAD.encode(&public),
            signs_from,
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

fn files(folder: &Path) -> Result<Vec<PathBuf>, KeyFileError> {
    keyfiles::list(folder, PREFIX, SUFFIX)
}

/// From when on the key in this file signs.
fn named_moment(path: &Path) -> Option<Timestamp> {
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
