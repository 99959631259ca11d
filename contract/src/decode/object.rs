//! Objects: unknown, repeated and missing members are violations like any other.

use super::leaf::refuse_leaves;
use super::{Rule, Seed};
use crate::violations::Violations;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A generated type that reads itself member by member.
pub trait Object: Sized {
    /// Reads all members. `Ok(None)` means that violations were recorded.
    ///
    /// # Errors
    /// Only when the input is not JSON.
    fn read<'de, A: MapAccess<'de>>(members: &mut Members<'_, A>) -> Result<Option<Self>, A::Error>;

    /// The names of all members, at most 64.
    const MEMBERS: &'static [&'static str];
}

/// The rule of a generated object type.
#[derive(Debug)]
pub struct Model<T>(PhantomData<T>);

impl<T> Clone for Model<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Model<T> {}

/// The rule of the object type `T`.
#[must_use]
pub const fn model<T: Object>() -> Model<T> {
    Model(PhantomData)
}

impl<T: Object> Rule for Model<T> {
    type Out = T;

    fn json<'de, D: Deserializer<'de>>(&self, input: D, found: &mut Violations) -> Result<Option<T>, D::Error> {
        input.deserialize_any(ObjectVisitor { found, of: PhantomData })
    }

    fn text(&self, _: &str, found: &mut Violations) -> Option<T> {
        found.add("type", "must be an object, which no text can carry")
    }
}

struct ObjectVisitor<'a, T> {
    found: &'a mut Violations,
    of: PhantomData<T>,
}

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<'_, T> {
    type Value = Option<T>;

    refuse_leaves!("an object");

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(super::Token::Array.refuse("an object", self.found))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let before = self.found.total();
        T::read(&mut Members { map, names: T::MEMBERS, seen: 0, before, found: self.found })
    }
}

/// What became of a member.
#[derive(Debug)]
pub enum Slot<T> {
    Absent,
    /// It was there, and violations were recorded.
    Bad,
    Good(T),
}

/// The members of an object while it is read.
pub struct Members<'a, A> {
    map: A,
    names: &'static [&'static str],
    seen: u64,
    before: usize,
    found: &'a mut Violations,
}

impl<'de, A: MapAccess<'de>> Members<'_, A> {
    /// The index of the next known member; unknown and repeated ones are recorded and passed over.
    ///
    /// # Errors
    /// Only when the input is not JSON.
    pub fn next_known(&mut self) -> Result<Option<usize>, A::Error> {
        while let Some(name) = self.map.next_key_seed(Name)? {
            match self.names.iter().position(|known| *known == name) {
                Some(index) if self.seen & (1 << index) == 0 => {
                    self.seen |= 1 << index;
                    return Ok(Some(index));
                }
                Some(index) => {
                    self.found.member(self.names[index], |found| found.add::<()>("duplicate", "must be given once"));
                }
                None => self.found.unknown(&name),
            }
            self.map.next_value::<IgnoredAny>()?;
        }
        Ok(None)
    }

    /// Reads the value of the member that [`Members::next_known`] named.
    ///
    /// # Errors
    /// Only when the input is not JSON.
    pub fn value<R: Rule>(&mut self, index: usize, rule: &R) -> Result<Slot<R::Out>, A::Error> {
        let map = &mut self.map;
        let read = |found: &mut Violations| map.next_value_seed(Seed { rule, found });
        let value = self.found.member(self.names[index], read)?;
        Ok(value.map_or(Slot::Bad, Slot::Good))
    }

    /// The value of a member that must be there.
    pub fn required<T>(&mut self, name: &'static str, slot: Slot<T>) -> Option<T> {
        match slot {
            Slot::Good(value) => Some(value),
            Slot::Bad => None,
            Slot::Absent => self.found.member(name, |found| found.add("required", "is required")),
        }
    }

    /// The value of a member that may be absent; the outer `None` means violations.
    pub fn optional<T>(&mut self, slot: Slot<T>) -> Option<Option<T>> {
        match slot {
            Slot::Good(value) => Some(Some(value)),
            Slot::Bad => None,
            Slot::Absent => Some(None),
        }
    }

    /// The value of a member, or what the document says that absence means.
    pub fn defaulted<T>(&mut self, slot: Slot<T>, default: impl FnOnce() -> T) -> Option<T> {
        match slot {
            Slot::Good(value) => Some(value),
            Slot::Bad => None,
            Slot::Absent => Some(default()),
        }
    }

    /// `minProperties`: at least so many known members.
    pub fn at_least(&mut self, count: u32) {
        if self.seen.count_ones() < count {
            self.found.add::<()>("min_properties", format!("must have at least {count} of: {}", self.names.join(", ")));
        }
    }

    /// Whether no violation was found in this object.
    #[must_use]
    pub fn clean(&self) -> bool {
        self.found.total() == self.before
    }
}

/// Reads a member's name without copying it where JSON lets it stand.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }
    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}
