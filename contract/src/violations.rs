//! Collects every fault of a request, so that one answer names them all.

use serde::Serialize;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Where in the request the decoder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    Body,
    Query,
    Path,
    Header,
    Form,
}

/// One fault, as a member of a problem's `errors`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    #[serde(rename = "in")]
    pub location: Location,
    /// JSON pointer into the body (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Name of the parameter or form member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Stable, for programs.
    pub code: Cow<'static, str>,
    /// For people: what would be right.
    pub message: Cow<'static, str>,
}

impl Violation {
    /// A fault of a body member found by a rule outside the decoder.
    #[must_use]
    pub fn body(
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            location: Location::Body,
            pointer: Some(pointer.into()),
            name: None,
            code: code.into(),
            message: message.into(),
        }
    }

    /// A fault of a parameter or form member found by a rule outside the decoder.
    #[must_use]
    pub fn named(
        location: Location,
        name: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { location, pointer: None, name: Some(name.into()), code: code.into(), message: message.into() }
    }
}

/// Most violations that one answer shows: more would let a small request make a large answer.
pub const SHOWN: usize = 50;
/// Longest member name that is echoed, in characters, for the same reason.
const NAME_SHOWN: usize = 64;

#[derive(Debug)]
enum Step {
    Member(&'static str),
    Unknown(String),
    Index(usize),
}

/// The decoder's notebook: where it stands and what went wrong so far.
#[derive(Debug)]
pub struct Violations {
    location: Location,
    path: Vec<Step>,
    found: Vec<Violation>,
    total: usize,
    pub(crate) path_failed: bool,
}

impl Default for Violations {
    fn default() -> Self {
        Self { location: Location::Body, path: Vec::new(), found: Vec::new(), total: 0, path_failed: false }
    }
}

impl Violations {
    /// From here on faults belong to this part of the request.
    pub fn locate(&mut self, location: Location) {
        self.location = location;
    }

    /// How many faults there are, shown or not.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// The faults that an answer shows.
    #[must_use]
    pub fn into_shown(self) -> Vec<Violation> {
        self.found
    }

    /// Records a fault at the present place. Returns `None`, so that a rule can end with it.
    pub fn add<T>(&mut self, code: &'static str, message: impl Into<Cow<'static, str>>) -> Option<T> {
        self.total += 1;
        if self.location == Location::Path {
            self.path_failed = true;
        }
        if self.found.len() < SHOWN {
            let place = self.place();
            let (pointer, name) = match self.location {
                Location::Body => (Some(place), None),
                _ => (None, Some(place)),
            };
            let message = message.into();
            self.found.push(Violation { location: self.location, pointer, name, code: code.into(), message });
        }
        None
    }

    /// Runs `judge` one member deeper.
    pub fn member<R>(&mut self, name: &'static str, judge: impl FnOnce(&mut Self) -> R) -> R {
        self.step(Step::Member(name), judge)
    }

    /// Runs `judge` at an item of a list.
    pub fn item<R>(&mut self, index: usize, judge: impl FnOnce(&mut Self) -> R) -> R {
        self.step(Step::Index(index), judge)
    }

    /// Records a member or parameter that the document does not know.
    pub fn unknown(&mut self, name: &str) {
        let shown: String = name.chars().take(NAME_SHOWN).collect();
        self.step(Step::Unknown(shown), |here| here.add::<()>("unknown", "is not known here; remove it"));
    }

    fn step<R>(&mut self, step: Step, judge: impl FnOnce(&mut Self) -> R) -> R {
        self.path.push(step);
        let result = judge(self);
        self.path.pop();
        result
    }

    /// A JSON pointer in bodies; elsewhere the parameter's name, with a pointer below it for items.
    fn place(&self) -> String {
        let mut place = String::new();
        for (depth, step) in self.path.iter().enumerate() {
            let name = match step {
                Step::Index(index) => {
                    let _ = write!(place, "/{index}");
                    continue;
                }
                Step::Member(name) => name,
                Step::Unknown(name) => name.as_str(),
            };
            if self.location != Location::Body && depth == 0 {
                place.push_str(name);
            } else {
                place.push('/');
                place.push_str(&name.replace('~', "~0").replace('/', "~1"));
            }
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_tilde_and_slash() {
        let mut violations = Violations::default();
        violations.member("list", |v| v.item(3, |v| v.unknown("a/b~c")));
        assert_eq!(violations.into_shown()[0].pointer.as_deref(), Some("/list/3/a~1b~0c"));
    }

    #[test]
    fn parameters_are_named_without_a_slash() {
        let mut violations = Violations::default();
        violations.locate(Location::Query);
        violations.member("sort", |v| v.add::<()>("enum", "no"));
        assert_eq!(violations.into_shown()[0].name.as_deref(), Some("sort"));
    }

    #[test]
    fn only_so_many_violations_are_shown_but_all_are_counted() {
        let mut violations = Violations::default();
        for _ in 0..1000 {
            violations.unknown("x");
        }
        assert_eq!(violations.total(), 1000);
        assert_eq!(violations.into_shown().len(), SHOWN);
    }

    #[test]
    fn long_unknown_names_are_cut() {
        let mut violations = Violations::default();
        violations.unknown(&"é".repeat(10_000));
        assert!(violations.into_shown()[0].pointer.as_ref().is_some_and(|p| p.len() < 200));
    }
}
