//! Values without parts: one visitor turns whatever JSON brings into a [`Token`] for the rule to judge.

use crate::violations::Violations;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// One value as the input brought it.
#[derive(Debug)]
pub enum Token<'a> {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    /// A JSON string.
    Str(&'a str),
    /// The text of a parameter, which stands for any kind of value.
    Text(&'a str),
    Array,
    Object,
}

impl Token<'_> {
    /// How people call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Str(_) | Self::Text(_) => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }

    /// Records that something else was wanted.
    pub fn refuse<T>(&self, wanted: &str, found: &mut Violations) -> Option<T> {
        found.add("type", format!("must be {wanted}, not {}", self.name()))
    }
}

/// A rule for a value without parts.
pub trait Leaf {
    type Out;
    /// Judges one value.
    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<Self::Out>;
}

impl<L: Leaf> super::Rule for L {
    type Out = L::Out;

    fn json<'de, D: Deserializer<'de>>(&self, input: D, found: &mut Violations) -> Result<Option<Self::Out>, D::Error> {
        input.deserialize_any(LeafVisitor { rule: self, found })
    }

    fn text(&self, input: &str, found: &mut Violations) -> Option<Self::Out> {
        self.take(Token::Text(input), found)
    }
}

struct LeafVisitor<'a, L> {
    rule: &'a L,
    found: &'a mut Violations,
}

impl<'de, L: Leaf> Visitor<'de> for LeafVisitor<'_, L> {
    type Value = Option<L::Out>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(self.rule.take(Token::Null, self.found))
    }
    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(self.rule.take(Token::Bool(value), self.found))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(self.rule.take(Token::Int(value.into()), self.found))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(self.rule.take(Token::Int(value.into()), self.found))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(self.rule.take(Token::Float(value), self.found))
    }
    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(self.rule.take(Token::Str(value), self.found))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.rule.take(Token::Array, self.found))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self.rule.take(Token::Object, self.found))
    }
}

/// The arms of a visitor for arrays or objects that meets something else.
macro_rules! refuse_leaves {
    ($wanted:literal) => {
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str($wanted)
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($crate::decode::Token::Null.refuse($wanted, self.found))
        }
        fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
            Ok($crate::decode::Token::Bool(value).refuse($wanted, self.found))
        }
        fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
            Ok($crate::decode::Token::Int(value.into()).refuse($wanted, self.found))
        }
        fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
            Ok($crate::decode::Token::Int(value.into()).refuse($wanted, self.found))
        }
        fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
            Ok($crate::decode::Token::Float(value).refuse($wanted, self.found))
        }
        fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
            Ok($crate::decode::Token::Str(value).refuse($wanted, self.found))
        }
    };
}
pub(super) use refuse_leaves;
