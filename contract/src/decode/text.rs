//! Strings.

use super::leaf::{Leaf, Token};
use crate::secret::Secret;
use crate::violations::Violations;
use regex::Regex;
use std::sync::LazyLock;

/// Formats of strings that stay strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An address in the form that mail systems take: RFC 5321's limits, no quoted local parts or literals.
    Email,
    /// An absolute URL with a host.
    Uri,
}

/// Kinds of characters that a string may have to hold (`x-needs`), in any script that has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Character {
    UpperCaseLetter,
    LowerCaseLetter,
    Digit,
}

impl Character {
    const ALL: [Self; 3] = [Self::UpperCaseLetter, Self::LowerCaseLetter, Self::Digit];

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    fn is_in(self, text: &str) -> bool {
        match self {
            Self::UpperCaseLetter => text.chars().any(char::is_uppercase),
            Self::LowerCaseLetter => text.chars().any(char::is_lowercase),
            Self::Digit => text.bytes().any(|byte| byte.is_ascii_digit()),
        }
    }

    fn lacking(self) -> &'static str {
        match self {
            Self::UpperCaseLetter => "must contain an upper-case letter",
            Self::LowerCaseLetter => "must contain a lower-case letter",
            Self::Digit => "must contain a digit",
        }
    }
}

/// The rule of a string. Lengths count Unicode code points, as JSON Schema does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text {
    min: usize,
    max: Option<usize>,
    pattern: Option<&'static LazyLock<Regex>>,
    format: Option<Format>,
    /// The bits of all [`Character`]s that it needs.
    needs: u8,
    uncommon: bool,
}

impl Text {
    #[must_use]
    pub const fn new() -> Self {
        Self { min: 0, max: None, pattern: None, format: None, needs: 0, uncommon: false }
    }
    #[must_use]
    pub const fn min(self, min: usize) -> Self {
        Self { min, ..self }
    }
    #[must_use]
    pub const fn max(self, max: usize) -> Self {
        Self { max: Some(max), ..self }
    }
    #[must_use]
    pub const fn pattern(self, pattern: &'static LazyLock<Regex>) -> Self {
        Self { pattern: Some(pattern), ..self }
    }
    #[must_use]
    pub const fn needs(self, character: Character) -> Self {
        Self { needs: self.needs | character.bit(), ..self }
    }
    /// Not one of the passwords that are tried first (`x-rule: uncommon`).
    #[must_use]
    pub const fn uncommon(self) -> Self {
        Self { uncommon: true, ..self }
    }
    #[must_use]
    pub const fn format(self, format: Format) -> Self {
        Self { format: Some(format), ..self }
    }
}

/// A pattern of the document, compiled.
///
/// # Panics
/// When it is no regular expression of Rust's `regex`; a test compiles every pattern of the document.
#[must_use]
pub fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("the document's pattern {pattern} does not compile: {error}"))
}

/// A string that must not be seen in logs: `format: password`.
#[derive(Debug, Clone, Copy)]
pub struct Hidden(pub Text);

impl Leaf for Hidden {
    type Out = Secret;

    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<Secret> {
        self.0.take(token, found).map(Secret::new)
    }
}

impl Leaf for Text {
    type Out = String;

    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<String> {
        let (Token::Str(value) | Token::Text(value)) = token else { return token.refuse("a string", found) };
        let before = found.total();
        let length = value.chars().count();
        if length < self.min {
            found.add::<()>("min_length", format!("must have at least {} characters", self.min));
        }
        if let Some(max) = self.max.filter(|max| length > *max) {
            // Nothing else is worth saying of a string that is too long, nor worth the time.
            return found.add("max_length", format!("must have at most {max} characters"));
        }
        if value.contains('\0') {
            found.add::<()>("pattern", "must not contain the character U+0000");
        }
        if let Some(pattern) = self.pattern.filter(|pattern| !pattern.is_match(value)) {
            found.add::<()>("pattern", format!("must match {}", pattern.as_str()));
        }
        for character in Character::ALL {
            if self.needs & character.bit() != 0 && !character.is_in(value) {
                found.add::<()>("too_simple", character.lacking());
            }
        }
        if self.uncommon && (found.ground().is_common)(value) {
            found.mention("too_common", "is one of the passwords that are tried first");
        }
        match self.format {
            Some(Format::Email) if !is_email(value) => {
                found.add::<()>("format", "must be an e-mail address such as ada@example.com");
            }
            Some(Format::Uri) if !is_uri(value) => {
                found.add::<()>("format", "must be an absolute URL such as https://example.com/");
            }
            _ => {}
        }
        (found.total() == before).then(|| value.to_owned())
    }
}

fn is_email(value: &str) -> bool {
    static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
        let atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
        Regex::new(&format!(r"^{atom}(?:\.{atom})*@{label}(?:\.{label})+$")).ok()
    });
    let local = value.split_once('@').map_or(0, |(local, _)| local.len());
    local <= 64 && value.len() <= 254 && SHAPE.as_ref().is_some_and(|shape| shape.is_match(value))
}

fn is_uri(value: &str) -> bool {
    value
        .parse::<http::Uri>()
        .is_ok_and(|uri| uri.scheme().is_some() && uri.host().is_some_and(|host| !host.is_empty()))
}
