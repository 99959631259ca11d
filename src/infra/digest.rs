//! Digests of public or high-entropy values, and comparison that does not tell by its duration where two values differ.

use aws_lc_rs::constant_time;
use aws_lc_rs::digest::{Context, SHA256};

/// SHA-256 of `bytes`. Fit for tokens of 256 random bits; a password needs [`super::passwords`].
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(bytes);
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

/// Whether both are the same bytes, in a time that depends on their length alone.
#[must_use]
pub fn equal(left: &[u8], right: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(left, right).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_gives_the_published_digests() {
        // FIPS 180-2, B.1, and the digest of nothing.
        let abc = 0xba78_16bf_8f01_cfea_4141_40de_5dae_2223_u128;
        let nothing = 0xe3b0_c442_98fc_1c14_9afb_f4c8_996f_b924_u128;
        assert!(sha256(b"abc").starts_with(&abc.to_be_bytes()));
        assert!(sha256(b"").starts_with(&nothing.to_be_bytes()));
    }

    #[test]
    fn only_the_same_bytes_are_equal() {
        assert!(equal(b"", b""));
        assert!(equal(b"same", b"same"));
        assert!(!equal(b"same", b"samE"));
        assert!(!equal(b"same", b"same "));
    }
}
