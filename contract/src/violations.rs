//! Collects every fault of a request, so that one answer names them all.

use crate::ground::Ground;
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
    mentioned: Vec<Violation>,
    ground: Ground,
    pub(crate) path_failed: bool,
}

impl Default for Violations {
    fn default() -> Self {
        Self::new(Ground::default())
    }
}

impl Violations {
    /// An empty notebook for a request that is decoded on this ground.
    #[must_use]
    pub fn new(ground: Ground) -> Self {
        let (path, found, mentioned) = (Vec::new(), Vec::new(), Vec::new());
        Self { location: Location::Body, path, found, total: 0, mentioned, ground, path_failed: false }
    }

    /// What the program told about this moment.
    #[must_use]
    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    /// From here on faults belong to this part of the request.
    pub fn locate(&mut self, location: Location) {
        self.location = location;
    }

    /// How many faults there are, shown or not; what is only mentioned is none.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// The faults that an answer shows; with them what was mentioned.
    #[must_use]
    pub fn into_shown(mut self) -> Vec<Violation> {
        if self.total > 0 {
            self.mentioned.truncate(SHOWN - self.found.len());
            self.found.append(&mut self.mentioned);
        }
        self.found
    }

    /// How many faults [`into_shown`](Self::into_shown) tells of, shown or not.
    #[must_use]
    pub fn told(&self) -> usize {
        if self.total > 0 { self.total + self.mentioned.len() } else { 0 }
    }

    /// Records a fault at the present place. Returns `None`, so that a rule can end with it.
    pub fn add<T>(&mut self, code: &'static str, message: impl Into<Cow<'static, str>>) -> Option<T> {
        self.total += 1;
        if self.location == Location::Path {
            self.path_failed = true;
        }
        if self.found.len() < SHOWN {
            let fault = self.fault(code, message.into());
            self.found.push(fault);
        }
        None
    }

    /// Notes a fault at the present place that is the program's to judge. It is told if the request has others, so that one
    /// answer names them all, and does not stop the request by itself: the program may know a reason to let it pass, such
    /// as that it was answered before.
    pub fn mention(&mut self, code: &'static str, message: &'static str) {
        if self.mentioned.len() < SHOWN {
            let fault = self.fault(code, message.into());
            self.mentioned.push(fault);
        }
    }

    fn fault(&self, code: &'static str, message: Cow<'static, str>) -> Violation {
        let place = self.place();
        let (pointer, name) = match self.location {
            Location::Body => (Some(place), None),
            _ => (None, Some(place)),
        };
        Violation { location: self.location, pointer, name, code: code.into(), message }
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
    fn what_is_mentioned_is_told_with_faults_only() {
        let mut violations = Violations::default();
        violations.member("until", |v| v.mention("past", "must be in the future"));
        assert_eq!((violations.total(), violations.told()), (0, 0));
        violations.unknown("x");
        assert_eq!((violations.total(), violations.told()), (1, 2));
        let codes: Vec<_> = violations.into_shown().into_iter().map(|fault| fault.code).collect();
        assert_eq!(codes, ["unknown", "past"]);
    }

    #[test]
    fn long_unknown_names_are_cut() {
        let mut violations = Violations::default();
        violations.unknown(&"é".repeat(10_000));
        assert!(violations.into_shown()[0].pointer.as_ref().is_some_and(|p| p.len() < 200));
    }
}
