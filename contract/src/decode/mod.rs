//! Decoding straight from JSON or text into typed values, collecting every violation on the way.
//!
//! A [`Rule`] is a value that says what a schema says. The generated code composes rules; no tree of the
//! document is built, so that a large body costs no more than its own values.

mod leaf;
mod list;
mod number;
mod object;
mod scalar;
mod text;

pub use crate::fields::Names;
pub use crate::idempotency::RepeatKey;
pub use leaf::{Leaf, Token};
pub use list::List;
pub use number::{Int, Integer};
pub use object::{Members, Model, Object, Slot, model};
pub use scalar::{Enum, Enumeration, Flag, Future, Id, Nullable, Time};
pub use serde::de::MapAccess;
pub use text::{Character, Format, Hidden, Text, pattern};

use crate::problem::{Problem, kinds};
use crate::violations::Violations;
use serde::de::{DeserializeSeed, Deserializer};

/// What a schema demands of a value.
pub trait Rule {
    /// The decoded type.
    type Out;

    /// Decodes JSON. `Ok(None)` means that violations were recorded.
    ///
    /// # Errors
    /// Only when the input is not JSON.
    fn json<'de, D: Deserializer<'de>>(&self, input: D, found: &mut Violations) -> Result<Option<Self::Out>, D::Error>;

    /// Decodes the text of a parameter or form member.
    fn text(&self, input: &str, found: &mut Violations) -> Option<Self::Out>;

    /// Decodes all texts given for one parameter. Only lists take more than one.
    fn texts(&self, inputs: &[&str], found: &mut Violations) -> Option<Self::Out> {
        match inputs {
            [one] => self.text(one, found),
            _ => found.add("duplicate", "must be given once"),
        }
    }
}

/// A rule at work: what serde calls a seed.
pub(crate) struct Seed<'a, R> {
    pub rule: &'a R,
    pub found: &'a mut Violations,
}

impl<'de, R: Rule> DeserializeSeed<'de> for Seed<'_, R> {
    type Value = Option<R::Out>;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Self::Value, D::Error> {
        self.rule.json(input, self.found)
    }
}

/// Decodes a whole JSON text (RFC 8259).
///
/// # Errors
/// [`kinds::INVALID_JSON`] with line and column when the text is not JSON.
pub fn decode_json<R: Rule>(rule: &R, text: &[u8], found: &mut Violations) -> Result<Option<R::Out>, Problem> {
    let mut input = serde_json::Deserializer::from_slice(text);
    let decoded = rule.json(&mut input, found).and_then(|value| input.end().map(|()| value));
    decoded.map_err(|error| Problem::new(kinds::INVALID_JSON, format!("The body is not JSON: {error}.")))
}

#[cfg(test)]
mod tests;
