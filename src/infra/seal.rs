//! Sealing what is kept: whoever reads the database without the installation's secret learns nothing of it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::random;
use super::secret::SecretKey;

/// What was kept cannot be opened: it was changed, or sealed with another secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what was sealed cannot be opened")]
pub struct Broken;

impl SecretKey {
    /// Seals bytes for a purpose and a place (AES-256-GCM). Each place has a key of its own, so that what is sealed for one
    /// cannot be opened in another.
    ///
    /// # Errors
    /// None that is known: keys, nonces and lengths are right by construction.
    pub fn seal(&self, purpose: &str, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, Broken> {
        let nonce = random::bytes::<NONCE_LEN>();
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(plain);
        let key = self.key_for(purpose, place)?;
        let nonced = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(nonced, Aad::empty(), &mut sealed).map_err(|_| Broken)?;
        sealed.extend_from_slice(&nonce);
        Ok(sealed)
    }

    /// Opens what [`seal`](Self::seal) made for the same purpose and place.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn open(&self, purpose: &str, place: &[u8], mut sealed: Vec<u8>) -> Result<Vec<u8>, Broken> {
        let middle = sealed.len().checked_sub(NONCE_LEN).ok_or(Broken)?;
        let nonce = Nonce::try_assume_unique_for_key(&sealed[middle..]).map_err(|_| Broken)?;
        sealed.truncate(middle);
        let key = self.key_for(purpose, place)?;
        let length = key.open_in_place(nonce, Aad::empty(), &mut sealed).map_err(|_| Broken)?.len();
        sealed.truncate(length);
        Ok(sealed)
    }

    fn key_for(&self, purpose: &str, place: &[u8]) -> Result<LessSafeKey, Broken> {
        let key = UnboundKey::new(&AES_256_GCM, &self.mac(purpose, place)).map_err(|_| Broken)?;
        Ok(LessSafeKey::new(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_in_its_place_only() {
        let key = SecretKey::ephemeral();
        let sealed = key.seal("answers", b"here", b"a secret").expect("sealed");
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(key.open("answers", b"here", sealed.clone()).as_deref(), Ok(&b"a secret"[..]));
        assert_eq!(key.open("answers", b"there", sealed.clone()), Err(Broken));
        assert_eq!(key.open("others", b"here", sealed.clone()), Err(Broken));
        assert_eq!(SecretKey::ephemeral().open("answers", b"here", sealed), Err(Broken));
    }

    #[test]
    fn what_was_changed_or_cut_is_not_opened() {
        let key = SecretKey::ephemeral();
        let sealed = key.seal("answers", b"here", b"a secret").expect("sealed");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(key.open("answers", b"here", changed), Err(Broken), "byte {place}");
            assert_eq!(key.open("answers", b"here", sealed[..place].to_vec()), Err(Broken), "cut at {place}");
        }
    }

    #[test]
    fn the_same_is_never_sealed_alike() {
        let key = SecretKey::ephemeral();
        assert_ne!(key.seal("answers", b"here", b"x"), key.seal("answers", b"here", b"x"));
    }
}
