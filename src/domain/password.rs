//! Which passwords are good enough.

use std::collections::HashSet;
use std::sync::LazyLock;

use secrecy::{ExposeSecret, SecretString};

use super::flaw::Flaw;

/// A password that satisfies the rule. Never shown, not even in debug output.
#[derive(Debug, Clone)]
pub struct Password(SecretString);

impl Password {
    /// Fewest characters.
    pub const MIN_LENGTH: usize = 8;
    /// Most characters: beyond that only the hash's cost grows, not the strength.
    pub const MAX_LENGTH: usize = 128;

    /// Accepts 8 to 128 characters with an upper-case letter, a lower-case letter and a digit that are none of the
    /// commonest passwords, whatever their case.
    ///
    /// # Errors
    /// All flaws at once: `min_length`, `max_length`, `too_simple` for each missing kind of character, `too_common`.
    pub fn parse(raw: SecretString) -> Result<Self, Vec<Flaw>> {
        let flaws = flaws(raw.expose_secret());
        if flaws.is_empty() { Ok(Self(raw)) } else { Err(flaws) }
    }

    /// The secret, to be hashed.
    #[must_use]
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

fn flaws(raw: &str) -> Vec<Flaw> {
    let length = raw.chars().count();
    let mut flaws = Vec::new();
    if length < Password::MIN_LENGTH {
        flaws.push(Flaw::new("min_length", format!("must have at least {} characters", Password::MIN_LENGTH)));
    }
    if length > Password::MAX_LENGTH {
        flaws.push(Flaw::new("max_length", format!("must have at most {} characters", Password::MAX_LENGTH)));
    }
    if !raw.chars().any(char::is_uppercase) {
        flaws.push(Flaw::new("too_simple", "must contain an upper-case letter"));
    }
    if !raw.chars().any(char::is_lowercase) {
        flaws.push(Flaw::new("too_simple", "must contain a lower-case letter"));
    }
    if !raw.bytes().any(|b| b.is_ascii_digit()) {
        flaws.push(Flaw::new("too_simple", "must contain a digit"));
    }
    if is_common(raw) {
        flaws.push(Flaw::new("too_common", "is one of the passwords that are tried first"));
    }
    flaws
}

/// Whether it is one of the commonest, whatever its case.
#[must_use]
pub fn is_common(raw: &str) -> bool {
    COMMON.contains(raw.to_lowercase().as_str())
}

/// Only what the other rules would let through is worth listing: a letter, a digit, eight characters.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("common_passwords.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(raw: &str) -> Vec<&'static str> {
        match Password::parse(raw.into()) {
            Ok(_) => Vec::new(),
            Err(flaws) => flaws.iter().map(|flaw| flaw.code).collect(),
        }
    }

    #[test]
    fn good_passwords_pass() {
        for raw in ["SecurePass123", "SecurePass123!", "Xk4 mnop", "Ünïcode9x", &format!("Aa1{}", "x".repeat(125))] {
            assert_eq!(codes(raw), Vec::<&str>::new(), "{raw:?}");
        }
    }

    #[test]
    fn each_missing_quality_is_named() {
        assert_eq!(codes("Aa1"), ["min_length"]);
        assert_eq!(codes(&format!("Aa1{}", "x".repeat(126))), ["max_length"]);
        assert_eq!(codes("lowercase7only"), ["too_simple"]);
        assert_eq!(codes(""), ["min_length", "too_simple", "too_simple", "too_simple"]);
    }

    #[test]
    fn the_commonest_are_refused_in_any_case() {
        for raw in ["Password1", "pASSWORD123", "Qwerty123", "Welcome1", "Admin123"] {
            assert_eq!(codes(raw), ["too_common"], "{raw:?}");
        }
    }

    #[test]
    fn every_listed_password_is_lower_case_and_could_pass_the_other_rules() {
        for &common in COMMON.iter() {
            assert_eq!(common, common.to_lowercase());
            assert!(common.chars().count() >= Password::MIN_LENGTH, "{common}");
            assert!(common.bytes().any(|b| b.is_ascii_digit()), "{common}");
            assert!(common.chars().filter(|c| c.is_alphabetic()).count() >= 2, "{common}");
        }
        assert!(COMMON.len() > 100);
    }

    #[test]
    fn debug_output_hides_the_password() {
        let password = Password::parse("SecurePass123".into()).expect("valid");
        assert!(!format!("{password:?}").contains("Secure"));
    }
}
