//! Where the parts of a request come from: path, query, headers, form and JSON body.

use crate::decode::{Rule, Slot, decode_json};
use crate::ground::Ground;
use crate::problem::{Problem, kinds};
use crate::route::PathParams;
use crate::violations::{Location, Violations};
use crate::{Bytes, HeaderMap, Operation};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// A request whose head was judged and whose body was read.
#[derive(Debug)]
pub struct Input<'r> {
    pub operation: &'static Operation,
    pub path: &'r PathParams<'r>,
    /// Without the question mark.
    pub query: &'r str,
    pub headers: &'r HeaderMap,
    pub body: Bytes,
    /// For the rules that the program keeps.
    pub ground: Ground,
}

impl<'r> Input<'r> {
    /// The query's pairs; whatever is not among `known` is recorded.
    pub fn query(&self, known: &'static [&'static str], found: &mut Violations) -> Pairs<'r> {
        found.locate(Location::Query);
        Pairs::parse(self.query.as_bytes(), known, Violations::unknown, found)
    }

    /// The form's pairs; whatever is not among `known` is recorded.
    pub fn form(&self, known: &'static [&'static str], found: &mut Violations) -> Pairs<'_> {
        found.locate(Location::Form);
        Pairs::parse(&self.body, known, Violations::unknown, found)
    }

    /// The pairs of a form that may hold more than is known here (RFC 6749, section 3.2): that is passed over.
    pub fn open_form(&self, known: &'static [&'static str], found: &mut Violations) -> Pairs<'_> {
        found.locate(Location::Form);
        Pairs::parse(&self.body, known, |_, _| (), found)
    }

    /// The value of a path parameter.
    pub fn path<R: Rule>(&self, name: &'static str, rule: &R, found: &mut Violations) -> Option<R::Out> {
        found.locate(Location::Path);
        let raw = self.path.get(name)?;
        found.member(name, |found| match percent_decode_str(raw).decode_utf8() {
            Ok(text) => rule.text(&text, found),
            Err(_) => found.add("encoding", "must be UTF-8"),
        })
    }

    /// The value of a header, if it was sent. Surrounding white space does not count.
    pub fn header<R: Rule>(&self, name: &'static str, rule: &R, found: &mut Violations) -> Slot<R::Out> {
        found.locate(Location::Header);
        let values: Vec<_> = self.headers.get_all(name).iter().collect();
        if values.is_empty() {
            return Slot::Absent;
        }
        let value = found.member(name, |found| {
            let texts: Option<Vec<&str>> = values.iter().map(|value| value.to_str().ok()).collect();
            match texts {
                // Lines of one list (RFC 9110, section 5.3).
                Some(texts) if name.starts_with("If-") => rule.text(&texts.join(", "), found),
                Some(texts) => rule.texts(&texts, found),
                None => found.add("encoding", "must be visible ASCII"),
            }
        });
        value.map_or(Slot::Bad, Slot::Good)
    }

    /// Judges every line of a header that the pipeline reads by itself, such as a list that may be spread over several.
    pub fn judge_header<R: Rule>(&self, name: &'static str, rule: &R, found: &mut Violations) {
        found.locate(Location::Header);
        for value in self.headers.get_all(name) {
            found.member(name, |found| match value.to_str() {
                Ok(text) => drop(rule.text(text, found)),
                Err(_) => drop(found.add::<()>("encoding", "must be visible ASCII")),
            });
        }
    }

    /// The JSON body. `null` stands for an optional body that was left out, as some generated clients send it.
    ///
    /// # Errors
    /// 400 when it is not JSON.
    pub fn json<R: Rule>(&self, rule: &R, found: &mut Violations) -> Result<Slot<R::Out>, Problem> {
        found.locate(Location::Body);
        if self.body.is_empty() || (!self.operation.body_required && &self.body[..] == b"null") {
            return Ok(Slot::Absent);
        }
        Ok(decode_json(rule, &self.body, found)?.map_or(Slot::Bad, Slot::Good))
    }
}

/// The decoded pairs of a query or a form.
#[derive(Debug)]
pub struct Pairs<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Pairs<'a> {
    fn parse(
        raw: &'a [u8],
        known: &'static [&'static str],
        unknown: fn(&mut Violations, &str),
        found: &mut Violations,
    ) -> Self {
        if raw.is_empty() {
            return Self(Vec::new());
        }
        let mut pairs = Vec::new();
        for pair in raw.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let Some((name, value)) = form_urlencoded::parse(pair).next() else { continue };
            // Broken UTF-8 was replaced by U+FFFD above: whoever sent that must hear of it.
            let broken = percent_encoding::percent_decode(pair).decode_utf8().is_err();
            // `name[]` and `name[0]` are how some clients write lists.
            let base = name.split_once('[').map_or(&*name, |(base, _)| base);
            match known.iter().find(|known| **known == base) {
                None => unknown(found, &name),
                Some(known) if broken => {
                    found.member(known, |found| found.add::<()>("encoding", "must be UTF-8"));
                }
                Some(known) => pairs.push((Cow::Borrowed(*known), value)),
            }
        }
        Self(pairs)
    }

    /// The value given for a name, if any.
    pub fn get<R: Rule>(&self, name: &'static str, rule: &R, found: &mut Violations) -> Slot<R::Out> {
        let mut given = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| &**value);
        let Some(first) = given.next() else { return Slot::Absent };
        let value = found.member(name, |found| match given.next() {
            None => rule.texts(&[first], found),
            Some(second) => {
                let all: Vec<&str> = [first, second].into_iter().chain(given).collect();
                rule.texts(&all, found)
            }
        });
        value.map_or(Slot::Bad, Slot::Good)
    }

    /// Records each of these names that is given, if there is more than one of them (`x-exclusive`).
    pub fn exclusive(&self, names: &[&'static str], found: &mut Violations) {
        let is_given = |name: &&&str| self.0.iter().any(|(given, _)| given == *name);
        let given: Vec<_> = names.iter().filter(is_given).collect();
        if given.len() < 2 {
            return;
        }
        let others = names.join(", ");
        for name in given {
            let message = format!("cannot be combined with another of {others}");
            found.member(name, |found| found.add::<()>("exclusive", message));
        }
    }

    /// Records what is not given, or empty, though the value of the member `by` asks for it (`x-requires`); and that member
    /// itself if it is empty.
    pub fn requires(&self, by: &'static str, table: &[Requirement], found: &mut Violations) {
        let value = |name: &str| self.0.iter().find(|(given, _)| given == name).map(|(_, value)| &**value);
        // Whether it must be given at all is said elsewhere.
        let Some(deciding) = value(by) else { return };
        let asked = table.iter().find(|(value, _)| *value == deciding).map_or(&[][..], |(_, names)| names);
        let asked = if deciding.is_empty() { &[by] } else { asked };
        for name in asked.iter().filter(|name| value(name).is_none_or(str::is_empty)) {
            found.member(name, |found| found.add::<()>("required", "is required"));
        }
    }
}

/// What must be there beside a value of another member: the value, and the names.
type Requirement = (&'static str, &'static [&'static str]);

/// The last step of decoding: what must be there, what may be absent, and the one problem for all faults.
impl Violations {
    /// The value of a parameter that must be given.
    pub fn required<T>(&mut self, name: &'static str, slot: Slot<T>) -> Option<T> {
        match slot {
            Slot::Good(value) => Some(value),
            Slot::Bad => None,
            Slot::Absent => self.member(name, |found| found.add("required", "is required")),
        }
    }

    /// The value of a parameter that may be absent; the outer `None` means violations.
    pub fn optional<T>(slot: Slot<T>) -> Option<Option<T>> {
        match slot {
            Slot::Good(value) => Some(Some(value)),
            Slot::Bad => None,
            Slot::Absent => Some(None),
        }
    }

    /// The value of a parameter, or the document's default.
    pub fn defaulted<T>(slot: Slot<T>, default: impl FnOnce() -> T) -> Option<T> {
        match slot {
            Slot::Good(value) => Some(value),
            Slot::Bad => None,
            Slot::Absent => Some(default()),
        }
    }

    /// The value of a body that must be there.
    pub fn whole<T>(&mut self, slot: Slot<T>) -> Option<T> {
        match slot {
            Slot::Good(value) => Some(value),
            Slot::Bad => None,
            Slot::Absent => self.add("required", "a body is required"),
        }
    }

    /// The decoded parameters, if nothing was found.
    ///
    /// # Errors
    /// 404 for a path that can name nothing, else 422 with every violation.
    pub fn finish<T>(self, decoded: Option<T>) -> Result<T, Problem> {
        match decoded {
            Some(decoded) if self.total() == 0 => Ok(decoded),
            _ if self.path_failed => Err(Problem::new(kinds::NOT_FOUND, "There is nothing at this address.")),
            _ => Err(Problem::invalid(self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(query: &'static str) -> Vec<(Option<String>, String)> {
        let mut found = Violations::default();
        found.locate(Location::Query);
        let pairs =
            Pairs::parse(query.as_bytes(), &["page", "offset", "cursor", "sort"], Violations::unknown, &mut found);
        pairs.exclusive(&["page", "offset", "cursor"], &mut found);
        found.into_shown().into_iter().map(|fault| (fault.name, fault.code.into_owned())).collect()
    }

    #[test]
    fn what_a_value_asks_for_is_named_when_it_is_absent_or_empty() {
        let missing = |form: &'static str| {
            let mut found = Violations::default();
            found.locate(Location::Form);
            let pairs = Pairs::parse(form.as_bytes(), &["kind", "a", "b"], Violations::unknown, &mut found);
            pairs.requires("kind", &[("both", &["a", "b"]), ("one", &["b"])], &mut found);
            found.into_shown().into_iter().filter_map(|fault| fault.name).collect::<Vec<_>>()
        };
        assert_eq!(missing("kind=both"), ["a", "b"]);
        assert_eq!(missing("kind=both&a=1&b="), ["b"]);
        assert_eq!(missing("kind=one"), ["b"]);
        assert_eq!(missing("kind="), ["kind"]);
        for none in ["kind=both&a=1&b=2", "kind=other", "a=", ""] {
            assert!(missing(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn an_open_form_passes_over_what_it_does_not_know() {
        let mut found = Violations::default();
        let pairs = Pairs::parse(b"a=1&resource=x&resource=%ff", &["a"], |_, _| (), &mut found);
        assert_eq!((pairs.0.len(), found.total()), (1, 0));
    }

    #[test]
    fn parameters_that_exclude_each_other_are_all_named() {
        let exclusive = |name: &str| (Some(name.to_owned()), "exclusive".to_owned());
        assert_eq!(faults("cursor=&sort=x&page=1"), [exclusive("page"), exclusive("cursor")]);
        assert_eq!(faults("page=x&offset=0&cursor=").len(), 3);
        assert_eq!(faults("page=1&sort=x&page=2"), []);
    }
}
