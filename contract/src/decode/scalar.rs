//! Booleans, ids, times, enumerations, and null.

use super::Rule;
use super::leaf::{Leaf, Token};
use crate::violations::Violations;
use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::de::{Deserializer, Visitor};
use std::fmt;
use std::marker::PhantomData;
use uuid::Uuid;

/// A boolean. In parameters `1` and `0` will do: some generated clients send them.
#[derive(Debug, Clone, Copy)]
pub struct Flag;

impl Leaf for Flag {
    type Out = bool;

    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<bool> {
        match token {
            Token::Bool(value) => Some(value),
            Token::Text("true" | "True" | "1") => Some(true),
            Token::Text("false" | "False" | "0") => Some(false),
            Token::Text(_) => found.add("type", "must be true or false"),
            other => other.refuse("a boolean", found),
        }
    }
}

/// A UUID in its usual form with hyphens (RFC 9562, section 4).
#[derive(Debug, Clone, Copy)]
pub struct Id;

impl Leaf for Id {
    type Out = Uuid;

    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<Uuid> {
        let (Token::Str(value) | Token::Text(value)) = token else { return token.refuse("a string", found) };
        let parsed = if value.len() == 36 { Uuid::try_parse(value).ok() } else { None };
        parsed.or_else(|| found.add("format", "must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057"))
    }
}

/// A point in time (RFC 3339), also with an offset without colon, as some generated clients write it.
#[derive(Debug, Clone, Copy)]
pub struct Time;

impl Leaf for Time {
    type Out = DateTime<Utc>;

    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<DateTime<Utc>> {
        let (Token::Str(value) | Token::Text(value)) = token else { return token.refuse("a string", found) };
        let parsed = DateTime::parse_from_rfc3339(value)
            .or_else(|_| DateTime::parse_from_str(value, "%Y-%m-%dT%H:%M:%S%.f%z"))
            // A plus sign that was not escaped arrives as a space.
            .or_else(|_| DateTime::parse_from_rfc3339(&value.replace(' ', "+")));
        // An offset can lead out of the years that can be written, and a leap second cannot be written back.
        match parsed.map(|time| time.with_timezone(&Utc)) {
            Ok(time) if (0..=9999).contains(&time.year()) => time.with_nanosecond(time.nanosecond() % 1_000_000_000),
            _ => found.add("format", "must be a time such as 2026-01-31T12:00:00Z"),
        }
    }
}

/// A point in time that is still to come (`x-rule: future`).
#[derive(Debug, Clone, Copy)]
pub struct Future;

impl Leaf for Future {
    type Out = DateTime<Utc>;

    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<DateTime<Utc>> {
        let time = Time.take(token, found)?;
        if time <= found.ground().now {
            found.mention("past", "must be in the future");
        }
        Some(time)
    }
}

/// The values of a closed set of strings.
pub trait Enumeration: Copy + 'static {
    const ALL: &'static [(&'static str, Self)];
}

/// One of a closed set of strings.
#[derive(Debug, Clone, Copy)]
pub struct Enum<T>(PhantomData<T>);

impl<T> Enum<T> {
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for Enum<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Enumeration> Leaf for Enum<T> {
    type Out = T;

    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<T> {
        let (Token::Str(value) | Token::Text(value)) = token else { return token.refuse("a string", found) };
        let known = T::ALL.iter().find(|(name, _)| *name == value).map(|(_, value)| *value);
        known.or_else(|| {
            let names: Vec<&str> = T::ALL.iter().map(|(name, _)| *name).collect();
            found.add("enum", format!("must be one of: {}", names.join(", ")))
        })
    }
}

/// A value that may be null. In merge patches null clears (RFC 7396).
#[derive(Debug, Clone, Copy)]
pub struct Nullable<R>(pub R);

impl<R: Rule> Rule for Nullable<R> {
    type Out = swagger::Nullable<R::Out>;

    fn json<'de, D: Deserializer<'de>>(&self, input: D, found: &mut Violations) -> Result<Option<Self::Out>, D::Error> {
        input.deserialize_option(NullVisitor { rule: &self.0, found })
    }

    fn text(&self, input: &str, found: &mut Violations) -> Option<Self::Out> {
        self.0.text(input, found).map(swagger::Nullable::Present)
    }
}

struct NullVisitor<'a, R> {
    rule: &'a R,
    found: &'a mut Violations,
}

impl<'de, R: Rule> Visitor<'de> for NullVisitor<'_, R> {
    type Value = Option<swagger::Nullable<R::Out>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }
    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Some(swagger::Nullable::Null))
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Some(swagger::Nullable::Null))
    }
    fn visit_some<D: Deserializer<'de>>(self, input: D) -> Result<Self::Value, D::Error> {
        Ok(self.rule.json(input, self.found)?.map(swagger::Nullable::Present))
    }
}
