//! Access tokens: JWTs signed with Ed25519 (RFC 7519, RFC 8037) in the profile of RFC 9068, and the keys that make them.
//!
//! The algorithm belongs to the key: a token's header chooses among our keys by `kid` and nothing else, so that neither `none`,
//! nor a MAC made with the public key, nor a key carried inside the token is ever considered.

mod keys;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::keys::KeySet;
use super::clock::{Clock, Timestamp};
pub use super::keyfiles::KeyFileError;

/// `typ` of an access token (RFC 9068, 2.1).
const TYPE: &str = "at+jwt";

/// Longer texts are no tokens of ours: the claims are a few ids and a scope list.
const MAX_TOKEN_BYTES: usize = 4_096;

/// Seconds by which the clock of another instance may be ahead of ours.
const CLOCK_SKEW_SECONDS: i64 = 5;

/// At most once in so many seconds a token with a kid that we do not know makes us look for new keys.
const LOOK_FOR_KEYS_EVERY_SECONDS: i64 = 1;

/// What an access token says (RFC 9068, 2.2). Times are seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Who issued it.
    pub iss: String,
    /// For whom it is meant.
    pub aud: String,
    /// The account.
    pub sub: Uuid,
    /// The program that it was issued to.
    pub client_id: String,
    /// Issued at.
    pub iat: i64,
    /// Not valid before.
    pub nbf: i64,
    /// Not valid from this second on.
    pub exp: i64,
    /// The token's own id.
    pub jti: Uuid,
    /// The session it belongs to.
    pub sid: Uuid,
    /// The account's role when it was issued.
    pub role: String,
    /// The scopes granted, separated by spaces.
    pub scope: String,
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a JWT with the claims of an access token.
    #[error("the token is malformed")]
    Malformed,
    /// A JWT made for something else (`typ`), or one that demands extensions (`crit`).
    #[error("the token is no access token")]
    WrongType,
    /// Signed with another algorithm than our keys'.
    #[error("the token is signed with an algorithm that is not accepted")]
    WrongAlgorithm,
    /// Signed with no key of ours.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the token's signature is wrong")]
    Forged,
    /// Issued by or for someone else.
    #[error("the token was issued by or for someone else")]
    Foreign,
    /// Not valid yet.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// No longer valid.
    #[error("the token has expired")]
    Expired,
}

/// Why a token could not be signed.
#[derive(Debug, thiserror::Error)]
#[error("cannot sign a token: {0}")]
pub struct SigningError(#[from] jsonwebtoken::errors::Error);

/// A key, as operators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its name in tokens and in the key set: the RFC 7638 thumbprint.
    pub kid: String,
    /// From when on it signs, until the next one does.
    pub signs_from: Timestamp,
    /// What it is good for now.
    pub standing: Standing,
}

/// What a key is good for. All but a spent one verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It will sign; until then everybody gets to know it.
    Waits,
    /// New tokens are signed with it.
    Signs,
    /// It has signed; the last of its tokens expires then.
    Verifies {
        /// When it is no longer needed.
        until: Timestamp,
    },
    /// All that it has signed has expired.
    Spent,
}

/// How often a server looks whether the folder's keys have changed. A new key must wait longer than that before it signs.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The signing keys of the installation, kept in a folder that all instances share.
///
/// The newest key whose time has come signs, all of them verify. A key that another process adds or removes is noticed by
/// [`Keyring::refresh`]; one that is needed earlier, when a token names it.
pub struct Keyring {
    folder: PathBuf,
    issuer: String,
    audience: String,
    validation: Validation,
    keys: RwLock<Arc<KeySet>>,
    looked_at: AtomicI64,
}

impl Keyring {
    /// The keys in `folder`; folder and a first key are made when absent. Tokens are accepted only from `issuer` for `audience`.
    ///
    /// # Errors
    /// When the folder or a key cannot be made or read, is open to other accounts, or is damaged.
    pub fn load_or_create(folder: &Path, issuer: &str, audience: &str, clock: &Clock) -> Result<Self, KeyFileError> {
        let mut keys = KeySet::load(folder)?;
        if keys.is_empty() {
            KeySet::add(folder, clock.now())?;
            // Another instance that starts at the same time may have made one as well.
            keys = KeySet::load(folder)?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            validation: validation(issuer, audience),
            keys: RwLock::new(Arc::new(keys)),
            looked_at: AtomicI64::new(i64::MIN),
        })
    }

    /// What [`AccessClaims::iss`] has to be.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What [`AccessClaims::aud`] has to be.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// Signs a token with the key whose turn it is when the token begins (`iat`).
    ///
    /// # Errors
    /// When the provider cannot sign: a fault of ours, never of the claims.
    pub fn issue(&self, claims: &AccessClaims) -> Result<String, SigningError> {
        let keys = self.keys();
        let key = keys.signing(DateTime::from_timestamp(claims.iat, 0).unwrap_or_default());
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.kid.clone());
        Ok(jsonwebtoken::encode(&header, claims, &key.signing)?)
    }

    /// The claims of a token that we issued and that is valid at `now`.
    ///
    /// # Errors
    /// Everything else; which of the errors it is must not be told to a stranger in more detail than "invalid".
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<AccessClaims, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Malformed);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
        let kid = judge_header(&header)?;
        let keys = self.keys_with(kid, now);
        let key = keys.find(kid).ok_or(TokenError::UnknownKey)?;
        let claims: AccessClaims = jsonwebtoken::decode(token, &key.verifying, &self.validation)
            .map_err(|error| judge_error(error.kind()))?
            .claims;
        judge_times(&claims, now)?;
        Ok(claims)
    }

    /// The public keys as a JWK set (RFC 7517), newest first.
    #[must_use]
    pub fn jwks(&self) -> serde_json::Value {
        self.keys().jwks()
    }

    /// All keys, newest first, as they stand at this moment.
    #[must_use]
    pub fn list(&self, now: Timestamp) -> Vec<KeyInfo> {
        self.keys().list(now)
    }

    /// Takes over what changed in the folder, and removes the keys that are spent; tells whether anything did. When that fails
    /// the keys at hand stay in use.
    ///
    /// # Errors
    /// When the folder or a key cannot be read, or a spent one cannot be removed.
    pub fn refresh(&self, now: Timestamp) -> Result<bool, KeyFileError> {
        let mut changed = !self.keys().is_current(&self.folder)?;
        if changed {
            self.reload()?;
        }
        if remove_spent(&self.keys(), now)? {
            self.reload()?;
            changed = true;
        }
        Ok(changed)
    }

    /// Reads the folder anew. When that fails, or there is no key left, the keys at hand stay in use.
    ///
    /// # Errors
    /// When the folder or a key cannot be read.
    pub fn reload(&self) -> Result<(), KeyFileError> {
        let keys = KeySet::load(&self.folder)?;
        if keys.is_empty() {
            return Err(KeyFileError::damaged(&self.folder));
        }
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }

    fn keys(&self) -> Arc<KeySet> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keys, read anew when another process may have added `kid`. Strangers can name any kid, so not every name is worth a
    /// look; a look reads a handful of small files.
    fn keys_with(&self, kid: &str, now: Timestamp) -> Arc<KeySet> {
        let keys = self.keys();
        if keys.find(kid).is_some() || !self.may_look(now) {
            return keys;
        }
        match self.reload() {
            Ok(()) => self.keys(),
            Err(error) => {
                tracing::warn!(%error, "cannot look for new signing keys");
                keys
            }
        }
    }

    fn may_look(&self, now: Timestamp) -> bool {
        let (last, now) = (self.looked_at.load(Ordering::Relaxed), now.timestamp());
        // A clock set back must not stop us from looking.
        let due = now >= last.saturating_add(LOOK_FOR_KEYS_EVERY_SECONDS) || now < last;
        due && self.looked_at.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Keyring")
            .field("folder", &self.folder)
            .field("keys", &self.keys().names())
            .finish_non_exhaustive()
    }
}

/// The keys in a folder as they stand at this moment, for whoever runs the shop.
///
/// # Errors
/// When the folder or a key cannot be read, or is open to other accounts.
pub fn keys_in(folder: &Path, now: Timestamp) -> Result<Vec<KeyInfo>, KeyFileError> {
    Ok(KeySet::load(folder)?.list(now))
}

/// Makes a key that signs from `now + lead` on, so that everybody knows it by then, and returns its kid. The keys before it
/// verify until the last token that they signed has expired; those for which that is so already are removed.
///
/// # Errors
/// When a key cannot be read, written or removed.
pub fn rotate(folder: &Path, now: Timestamp, lead: Duration) -> Result<String, KeyFileError> {
    let lead = TimeDelta::from_std(lead).unwrap_or(TimeDelta::MAX);
    let kid = KeySet::add(folder, now.checked_add_signed(lead).unwrap_or(now))?;
    remove_spent(&KeySet::load(folder)?, now)?;
    Ok(kid)
}

/// Makes a key that signs at once and removes all others, for when one of them is in wrong hands: whatever they signed is
/// refused as soon as a server notices. Returns the kid.
///
/// # Errors
/// When a key cannot be read, written or removed.
pub fn replace(folder: &Path, now: Timestamp) -> Result<String, KeyFileError> {
    let others = KeySet::load(folder)?;
    let kid = KeySet::add(folder, now)?;
    others.remove_all()?;
    Ok(kid)
}

/// Whether there were any.
fn remove_spent(keys: &KeySet, now: Timestamp) -> Result<bool, KeyFileError> {
    let spent = keys.list(now).into_iter().filter(|key| key.standing == Standing::Spent);
    let mut removed = false;
    for key in spent {
        removed |= keys.retire(&key.kid, now)?;
    }
    Ok(removed)
}

fn validation(issuer: &str, audience: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    // The library would read the machine's clock; `judge_times` reads ours.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

/// The kid of a header that an access token of ours may have.
fn judge_header(header: &Header) -> Result<&str, TokenError> {
    let is_access_token = header.typ.as_deref().is_some_and(|typ| {
        // RFC 9068, 4 allows the full media type; RFC 7515, 4.1.9 compares without case.
        typ.eq_ignore_ascii_case(TYPE) || typ.eq_ignore_ascii_case("application/at+jwt")
    });
    if !is_access_token || header.crit.is_some() {
        return Err(TokenError::WrongType);
    }
    if header.alg != Algorithm::EdDSA {
        return Err(TokenError::WrongAlgorithm);
    }
    header.kid.as_deref().ok_or(TokenError::UnknownKey)
}

fn judge_error(error: &ErrorKind) -> TokenError {
    match error {
        ErrorKind::InvalidSignature => TokenError::Forged,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => TokenError::WrongAlgorithm,
        ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => TokenError::Foreign,
        _ => TokenError::Malformed,
    }
}

fn judge_times(claims: &AccessClaims, now: Timestamp) -> Result<(), TokenError> {
    let now = now.timestamp();
    if claims.exp <= now {
        return Err(TokenError::Expired);
    }
    if claims.nbf.max(claims.iat) > now.saturating_add(CLOCK_SKEW_SECONDS) {
        return Err(TokenError::NotYetValid);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
