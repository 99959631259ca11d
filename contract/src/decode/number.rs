//! Integers. The document has no fractions: money is in minor units.

use super::leaf::{Leaf, Token};
use crate::violations::Violations;
use std::fmt::Display;
use std::marker::PhantomData;

/// The integer types that `format` can name.
pub trait Integer: TryFrom<i128> + Into<i128> + Copy + Display {
    const MIN: i128;
    const MAX: i128;
}

impl Integer for i32 {
    const MIN: i128 = i32::MIN as i128;
    const MAX: i128 = i32::MAX as i128;
}

impl Integer for i64 {
    const MIN: i128 = i64::MIN as i128;
    const MAX: i128 = i64::MAX as i128;
}

/// The rule of an integer; bounds are inclusive.
#[derive(Debug, Clone, Copy)]
pub struct Int<T> {
    min: i128,
    max: i128,
    of: PhantomData<T>,
}

impl<T: Integer> Int<T> {
    #[must_use]
    pub const fn new() -> Self {
        Self { min: T::MIN, max: T::MAX, of: PhantomData }
    }
    #[must_use]
    pub const fn min(self, min: i128) -> Self {
        Self { min, ..self }
    }
    #[must_use]
    pub const fn max(self, max: i128) -> Self {
        Self { max, ..self }
    }
}

impl<T: Integer> Default for Int<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Integer> Leaf for Int<T> {
    type Out = T;

    fn take(&self, token: Token<'_>, found: &mut Violations) -> Option<T> {
        let value = match token {
            Token::Int(value) => value,
            Token::Float(value) => match whole(value) {
                Some(value) => value,
                None => return found.add("type", "must be a whole number"),
            },
            Token::Text(text) => match parse(text) {
                Some(value) => value,
                None => return found.add("type", "must be a whole number"),
            },
            other => return other.refuse("a whole number", found),
        };
        if value < self.min {
            return found.add("minimum", format!("must be at least {}", self.min));
        }
        if value > self.max {
            return found.add("maximum", format!("must be at most {}", self.max));
        }
        T::try_from(value).ok()
    }
}

/// JSON Schema counts `2.0` among the integers. Beyond 2^63 only the side matters: it is out of every range.
#[allow(clippy::cast_possible_truncation, reason = "a float that is whole and in range of i128 converts exactly")]
fn whole(value: f64) -> Option<i128> {
    (value.fract() == 0.0).then_some(value as i128)
}

/// Decimal digits with an optional sign; a number too long for `i128` is saturated, since it is out of every range.
fn parse(text: &str) -> Option<i128> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(if text.starts_with('-') { i128::MIN } else { i128::MAX }))
}
