//! Repeats (`x-idempotent`): the key under which a caller may send a request again, and what tells requests apart.

use crate::decode::{Leaf, Text, Token};
use crate::violations::Violations;
use serde::Serialize;
use std::fmt;

/// The value of `Idempotency-Key`: a name that the caller made up for one act. `key` and `"key"` are the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Most characters of a key, without quotes and escapes.
    pub const MOST: usize = 255;

    /// A key of these characters, which are taken as they are. `None` if there are none, too many, or others than
    /// printable ASCII.
    #[must_use]
    pub fn new(characters: &str) -> Option<Self> {
        let fits = (1..=Self::MOST).contains(&characters.len());
        (fits && characters.bytes().all(|byte| matches!(byte, b' '..=b'~'))).then(|| Self(characters.to_owned()))
    }

    /// Reads a header's value: a string of RFC 8941 (section 3.3.3), or the bare characters of the key.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        match value.strip_prefix('"') {
            Some(rest) => Self::new(&unescaped(rest.strip_suffix('"')?)?),
            None => Self::new(value),
        }
    }

    /// The characters of the key, without quotes and escapes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The inside of a quoted string: a quote or backslash stands behind a backslash, and nothing else does.
fn unescaped(inside: &str) -> Option<String> {
    let mut characters = inside.chars();
    let mut plain = String::with_capacity(inside.len());
    while let Some(next) = characters.next() {
        match next {
            '"' => return None,
            '\\' => plain.push(characters.next().filter(|escaped| matches!(escaped, '"' | '\\'))?),
            other => plain.push(other),
        }
    }
    Some(plain)
}

/// As a quoted string, which every key can be written as.
impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// The rule of the header.
#[derive(Debug, Clone, Copy)]
pub struct RepeatKey;

impl Leaf for RepeatKey {
    type Out = IdempotencyKey;

    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<IdempotencyKey> {
        // Every character may stand behind a backslash, and quotes around all.
        let text = Text::new().min(1).max(2 * IdempotencyKey::MOST + 2).take(token, found)?;
        IdempotencyKey::parse(&text).or_else(|| {
            let message = format!(
                "must have 1 to {} characters of printable ASCII, bare or as a quoted string (RFC 8941)",
                IdempotencyKey::MOST
            );
            found.add("pattern", message)
        })
    }
}

/// What tells a request from another one of its operation, in one canonical form: members in the order of their schema,
/// nothing of how the caller wrote them.
#[must_use]
pub fn source<T: Serialize>(parts: &T) -> Option<Vec<u8>> {
    serde_json::to_vec(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<String> {
        IdempotencyKey::parse(value).map(|key| key.0)
    }

    #[test]
    fn quoted_and_bare_forms_are_the_same_key() {
        for (bare, quoted) in
            [("a", r#""a""#), ("3f2c-7d84", r#""3f2c-7d84""#), (r"a\b", r#""a\\b""#), ("a b", r#""a b""#)]
        {
            assert_eq!(IdempotencyKey::parse(bare), IdempotencyKey::parse(quoted), "{bare}");
            assert!(IdempotencyKey::parse(bare).is_some(), "{bare}");
        }
        assert_eq!(read(r#""say \"a\"""#).as_deref(), Some(r#"say "a""#));
    }

    #[test]
    fn a_key_is_written_as_it_can_be_read() {
        for characters in ["a", r#"say "a" \ b"#, &"\"".repeat(255)] {
            let key = IdempotencyKey::new(characters).expect("a key");
            assert_eq!(IdempotencyKey::parse(&key.to_string()), Some(key));
        }
    }

    #[test]
    fn its_length_counts_neither_quotes_nor_escapes() {
        let longest = "a".repeat(255);
        assert!(read(&longest).is_some());
        assert!(read(&format!("\"{longest}\"")).is_some());
        assert!(read(&format!("\"{}\"", "\\\"".repeat(255))).is_some());
        assert!(read(&format!("{longest}a")).is_none());
        assert!(read(&format!("\"{longest}a\"")).is_none());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for odd in ["", "\"\"", "\"", "\"a", "\"a\"b\"", "\"a\\\"", "\"\\n\"", "ä", "a\tb", "\"a\u{7f}\""] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
