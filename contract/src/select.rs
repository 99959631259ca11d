//! Takes the members out of a written answer that its caller does not want.
//!
//! It works on the text, so that a kept answer serves as well as a fresh one, and copies values as they stand without
//! building a tree of them.

use crate::Fields;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Where in an answer the members stand that `fields` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// In the answer itself.
    One,
    /// In each entry of the member `data`.
    Page,
}

impl Shape {
    /// The answer with the wanted members only, in the order in which they stand in it.
    ///
    /// # Errors
    /// When the text is no JSON of this shape.
    pub fn select(self, answer: &[u8], fields: &Fields) -> Result<Vec<u8>, serde_json::Error> {
        if fields.is_all() {
            return Ok(answer.to_vec());
        }
        let mut written = Vec::with_capacity(answer.len());
        let mut input = serde_json::Deserializer::from_slice(answer);
        let entry = Entry { fields, written: &mut written };
        match self {
            Self::One => entry.deserialize(&mut input)?,
            Self::Page => input.deserialize_map(Page(entry))?,
        }
        input.end()?;
        Ok(written)
    }
}

/// Copies the wanted members of an object.
struct Entry<'a> {
    fields: &'a Fields,
    written: &'a mut Vec<u8>,
}

impl Entry<'_> {
    fn again(&mut self) -> Entry<'_> {
        Entry { fields: self.fields, written: self.written }
    }

    /// Writes a name that needs no escape.
    fn member(&mut self, before: u8, name: &str) {
        self.written.push(before);
        self.written.push(b'"');
        self.written.extend_from_slice(name.as_bytes());
        self.written.extend_from_slice(b"\":");
    }

    fn value(&mut self, value: &RawValue) {
        self.written.extend_from_slice(value.get().as_bytes());
    }
}

impl<'de> DeserializeSeed<'de> for Entry<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Entry<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let mut before = b'{';
        while let Some(wanted) = members.next_key_seed(Wanted(self.fields))? {
            let Some(name) = wanted else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            self.member(before, name);
            self.value(members.next_value()?);
            before = b',';
        }
        self.written.extend_from_slice(if before == b'{' { b"{}" } else { b"}" });
        Ok(())
    }
}

/// Reads a member's name without keeping it.
struct Wanted<'a>(&'a Fields);

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_str(self)
    }
}

impl Visitor<'_> for Wanted<'_> {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.chosen_name(name))
    }
}

/// Copies a page, with the wanted members of its entries.
struct Page<'a>(Entry<'a>);

impl<'de> Visitor<'de> for Page<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let mut before = b'{';
        // The names of a page are those of its schema, which are in snake_case.
        while let Some(name) = members.next_key::<&str>()? {
            self.0.member(before, name);
            if name == "data" {
                members.next_value_seed(Entries(self.0.again()))?;
            } else {
                self.0.value(members.next_value()?);
            }
            before = b',';
        }
        self.0.written.extend_from_slice(if before == b'{' { b"{}" } else { b"}" });
        Ok(())
    }
}

/// Copies a page's entries.
struct Entries<'a>(Entry<'a>);

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        self.0.written.push(b'[');
        let empty = self.0.written.len();
        loop {
            let before = self.0.written.len();
            if before > empty {
                self.0.written.push(b',');
            }
            if entries.next_element_seed(self.0.again())?.is_none() {
                // No entry followed the comma.
                self.0.written.truncate(before);
                break;
            }
        }
        self.0.written.push(b']');
        Ok(())
    }
}
