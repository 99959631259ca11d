//! The text form in which a password hash is stored: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<output>`.

use std::fmt;

use argon2::{ARGON2ID_IDENT, PasswordHash, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::Params;

pub(super) const SALT_BYTES: usize = 16;
pub(super) const OUTPUT_BYTES: usize = 32;

/// No stored hash may ask for more, whoever wrote it: 1 GiB.
const MAX_MEMORY_KIB: u32 = 1 << 20;

/// A stored argon2id hash, version 1.3.
#[derive(Clone)]
pub(super) struct StoredHash {
    pub params: Params,
    pub salt: Vec<u8>,
    pub output: Vec<u8>,
}

impl StoredHash {
    /// Reads the text form; `None` when it is anything else than an argon2id hash of version 1.3 with salt and output.
    pub fn parse(text: &str) -> Option<Self> {
        let parsed = PasswordHash::new(text).ok()?;
        if parsed.algorithm != ARGON2ID_IDENT || parsed.version != Some(Version::V0x13.into()) {
            return None;
        }
        let params = argon2::Params::try_from(&parsed).ok()?;
        // Key ids and associated data would enter the hash; we never write any.
        if params.m_cost() > MAX_MEMORY_KIB || !params.keyid().is_empty() || !params.data().is_empty() {
            return None;
        }
        Some(Self {
            params: Params { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() },
            salt: parsed.salt?.to_vec(),
            output: parsed.hash?.as_bytes().to_vec(),
        })
    }

    /// Whether a hash made today would be harder to guess.
    pub fn weaker_than(&self, today: Params) -> bool {
        self.params.memory_kib < today.memory_kib
            || self.params.passes < today.passes
            || self.salt.len() < SALT_BYTES
            || self.output.len() < OUTPUT_BYTES
    }
}

impl fmt::Display for StoredHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Params { memory_kib, passes, lanes } = self.params;
        let salt = STANDARD_NO_PAD.encode(&self.salt);
        let output = STANDARD_NO_PAD.encode(&self.output);
        write!(formatter, "$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${output}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &str = "c2FsdHNhbHRzYWx0c2FsdA";
    const OUTPUT: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn what_is_written_is_what_is_read() {
        let text = format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${OUTPUT}");
        let read = StoredHash::parse(&text).expect("a hash");
        assert_eq!(read.params, Params::default());
        assert_eq!(read.salt, b"saltsaltsaltsalt");
        assert_eq!(read.output, [0; 32]);
        assert_eq!(read.to_string(), text);
    }

    #[test]
    fn other_algorithms_versions_and_fragments_are_not_read() {
        for text in [
            String::new(),
            "password".to_owned(),
            format!("$argon2i$v=19$m=19456,t=2,p=1${SALT}${OUTPUT}"),
            format!("$argon2d$v=19$m=19456,t=2,p=1${SALT}${OUTPUT}"),
            format!("$argon2id$v=16$m=19456,t=2,p=1${SALT}${OUTPUT}"),
            format!("$argon2id$m=19456,t=2,p=1${SALT}${OUTPUT}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1,data=c29tZQ${SALT}${OUTPUT}"),
            format!("$argon2id$v=19$m=0,t=2,p=1${SALT}${OUTPUT}"),
            format!("$argon2id$v=19$m=4000000,t=2,p=1${SALT}${OUTPUT}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}"),
            "$argon2id$v=19$m=19456,t=2,p=1".to_owned(),
            format!("$2b$12${SALT}${OUTPUT}"),
        ] {
            assert!(StoredHash::parse(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn only_less_memory_passes_salt_or_output_count_as_weaker() {
        let today = Params::default();
        let stored = |params| StoredHash { params, salt: vec![0; 16], output: vec![0; 32] };
        assert!(!stored(today).weaker_than(today));
        assert!(!stored(Params { memory_kib: 65_536, passes: 3, lanes: 4 }).weaker_than(today));
        assert!(stored(Params { memory_kib: 19_455, ..today }).weaker_than(today));
        assert!(stored(Params { passes: 1, ..today }).weaker_than(today));
        assert!(StoredHash { salt: vec![0; 8], ..stored(today) }.weaker_than(today));
        assert!(StoredHash { output: vec![0; 16], ..stored(today) }.weaker_than(today));
    }
}
