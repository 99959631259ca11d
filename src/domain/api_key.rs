//! API keys: long-lived secrets with which a program acts for an account.

use uuid::Uuid;

use super::access::ScopeSet;
use super::flaw::Flaw;
use super::text;
use super::time::Timestamp;

/// A key as its owner sees it afterwards; the secret itself is shown once and never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// `UUIDv7`; the `client_id` of `client_credentials`.
    pub id: Uuid,
    /// The account it acts for.
    pub user_id: Uuid,
    /// What the owner calls it.
    pub name: KeyName,
    /// The recognisable beginning of the secret, safe to show.
    pub prefix: String,
    /// What it was granted; it never does more than the owner's role allows at that moment.
    pub scopes: ScopeSet,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last seen to act, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// From then on it is worth nothing; `None` for a key that does not expire.
    pub expires_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it may still be used.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

/// What a list of keys is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeySort {
    /// The moment they were made.
    CreatedAt,
    /// The name, by its characters.
    Name,
}

/// What an owner calls a key: one line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName(String);

impl KeyName {
    /// Most characters, counted after tidying.
    pub const MAX_LENGTH: usize = 100;

    /// Tidies the text: control characters and runs of blanks become one blank, none at the ends.
    ///
    /// # Errors
    /// `min_length` when nothing is left, `max_length`.
    pub fn parse(raw: &str) -> Result<Self, Flaw> {
        text::line(raw, Self::MAX_LENGTH).map(Self)
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(text: String) -> Self {
        Self(text)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a secret is written: `sk_`, a prefix that may be shown, `_`, and the part that may not, which ends with our mark.
pub mod secret {
    /// What every secret begins with, so that scanners of source code recognise a leaked one.
    pub const MARK: &str = "sk_";
    /// Characters of the prefix.
    pub const PREFIX_LENGTH: usize = 8;

    /// Puts a secret together.
    #[must_use]
    pub fn compose(prefix: &str, hidden: &str) -> String {
        format!("{MARK}{prefix}_{hidden}")
    }

    /// Whether a text could be a secret at all, so that nothing else is looked up.
    #[must_use]
    pub fn is_plausible(text: &str) -> bool {
        let Some((prefix, hidden)) = text.strip_prefix(MARK).and_then(|rest| rest.split_once('_')) else {
            return false;
        };
        let is_word = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        prefix.len() == PREFIX_LENGTH && is_word(prefix) && (32..=64).contains(&hidden.len()) && is_word(hidden)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_name_is_tidied_and_never_blank() {
        assert_eq!(KeyName::parse(" deploy \n bot ").expect("valid").as_str(), "deploy bot");
        assert_eq!(KeyName::parse(" \t").expect_err("blank").code, "min_length");
        assert_eq!(KeyName::parse(&"x".repeat(101)).expect_err("long").code, "max_length");
    }

    #[test]
    fn only_what_looks_like_a_secret_is_plausible() {
        let hidden = "A-_z".repeat(11);
        assert!(secret::is_plausible(&secret::compose("0a1b2c3d", &hidden)));
        for text in ["", "sk_", "sk_0a1b2c3d", "sk_0a1b2c3d_short", &format!("pk_0a1b2c3d_{hidden}"), "sk_é_x"] {
            assert!(!secret::is_plausible(text), "{text:?}");
        }
    }
}
