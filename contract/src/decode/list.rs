//! Arrays.

use super::leaf::refuse_leaves;
use super::{Rule, Seed};
use crate::violations::Violations;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The rule of an array.
#[derive(Debug, Clone, Copy)]
pub struct List<R> {
    items: R,
    min: usize,
    max: usize,
    unique: bool,
}

impl<R> List<R> {
    #[must_use]
    pub const fn of(items: R) -> Self {
        Self { items, min: 0, max: usize::MAX, unique: false }
    }
    #[must_use]
    pub fn min(self, min: usize) -> Self {
        Self { min, ..self }
    }
    #[must_use]
    pub fn max(self, max: usize) -> Self {
        Self { max, ..self }
    }
    #[must_use]
    pub fn unique(self) -> Self {
        Self { unique: true, ..self }
    }

    fn check_length(&self, length: usize, found: &mut Violations) {
        if length < self.min {
            found.add::<()>("min_items", format!("must have at least {} items", self.min));
        }
        if length > self.max {
            found.add::<()>("max_items", format!("must have at most {} items", self.max));
        }
    }
}

impl<R: Rule> List<R>
where
    R::Out: PartialEq,
{
    fn accept(&self, values: &mut Vec<R::Out>, index: usize, value: R::Out, found: &mut Violations) {
        if self.unique && values.contains(&value) {
            found.item(index, |found| found.add::<()>("unique_items", "repeats an earlier item"));
        } else {
            values.push(value);
        }
    }
}

impl<R: Rule> Rule for List<R>
where
    R::Out: PartialEq,
{
    type Out = Vec<R::Out>;

    fn json<'de, D: Deserializer<'de>>(&self, input: D, found: &mut Violations) -> Result<Option<Self::Out>, D::Error> {
        input.deserialize_any(ListVisitor { rule: self, found })
    }

    fn text(&self, input: &str, found: &mut Violations) -> Option<Self::Out> {
        self.texts(&[input], found)
    }

    /// Repeated parameters and comma-separated values mean the same list.
    fn texts(&self, inputs: &[&str], found: &mut Violations) -> Option<Self::Out> {
        let before = found.total();
        let mut values = Vec::new();
        let mut length = 0;
        for input in inputs.iter().flat_map(|input| input.split(',')).filter(|input| !input.is_empty()) {
            if length < self.max
                && let Some(value) = found.item(length, |found| self.items.text(input, found))
            {
                self.accept(&mut values, length, value, found);
            }
            length += 1;
        }
        self.check_length(length, found);
        (found.total() == before).then_some(values)
    }
}

struct ListVisitor<'a, R> {
    rule: &'a List<R>,
    found: &'a mut Violations,
}

impl<'de, R: Rule> Visitor<'de> for ListVisitor<'_, R>
where
    R::Out: PartialEq,
{
    type Value = Option<Vec<R::Out>>;

    refuse_leaves!("an array");

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(super::Token::Object.refuse("an array", self.found))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let Self { rule, found } = self;
        let before = found.total();
        let mut values = Vec::new();
        let mut length = 0;
        loop {
            if length >= rule.max {
                // What is too much is counted but not looked at.
                if items.next_element::<IgnoredAny>()?.is_none() {
                    break;
                }
            } else {
                let seed = |found: &mut Violations| items.next_element_seed(Seed { rule: &rule.items, found });
                match found.item(length, seed)? {
                    None => break,
                    Some(Some(value)) => rule.accept(&mut values, length, value, found),
                    Some(None) => {}
                }
            }
            length += 1;
        }
        rule.check_length(length, found);
        Ok((found.total() == before).then_some(values))
    }
}
