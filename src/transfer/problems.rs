//! What is wrong with rows, in the shape in which the API tells what is wrong with requests.

use std::borrow::Cow;

use serde::Serialize;

use super::{COLUMNS, Format};
use crate::service::Violation;

/// Most problems that are told one by one; the others are counted.
pub const SHOWN: usize = 1_000;
/// Longest name from a file that is echoed, in characters.
const NAME_SHOWN: usize = 64;

/// One fault of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    #[serde(rename = "in")]
    location: &'static str,
    /// The row: of CSV as a spreadsheet counts, where the names are row 1 and blank rows do not exist; of JSON lines the line.
    pub row: u64,
    /// What in it; the whole row where there is no name for that.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// Stable, for programs.
    pub code: &'static str,
    /// For people: what would be right.
    pub message: Cow<'static, str>,
}

/// A place in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A JSON pointer (RFC 6901) into the line's object.
    Pointer(String),
    /// The name of a column.
    Name(String),
}

impl Problem {
    pub(super) fn new(
        row: u64,
        place: impl Into<Option<Place>>,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { location: "row", row, place: place.into(), code, message: message.into() }
    }

    /// The place in words; empty for the whole row.
    #[must_use]
    pub fn place(&self) -> &str {
        match &self.place {
            Some(Place::Pointer(text) | Place::Name(text)) => text,
            None => "",
        }
    }

    /// What the shop found, at the place where this format has it.
    pub(super) fn found(format: Format, row: u64, violation: Violation) -> Self {
        Self::new(row, Place::of(format, violation.member), violation.code, violation.message)
    }
}

impl Place {
    /// Where a member of a product stands.
    pub(super) fn of(format: Format, member: &str) -> Self {
        match format {
            Format::Jsonl => Self::Pointer(format!("/{member}")),
            Format::Csv => {
                let column = COLUMNS.iter().find(|(_, named)| *named == member);
                Self::Name(column.map_or(member, |(column, _)| column).to_owned())
            }
        }
    }

    /// A column that the file names itself.
    pub(super) fn column(name: &str) -> Self {
        Self::Name(name.chars().take(NAME_SHOWN).collect())
    }

    /// A member that the file names itself, below another or (empty) in the line's object.
    pub(super) fn member(around: &str, name: &str) -> Self {
        let name: String = name.chars().take(NAME_SHOWN).collect();
        Self::Pointer(format!("{around}/{}", name.replace('~', "~0").replace('/', "~1")))
    }

    /// The whole row.
    pub(super) fn row(format: Format) -> Option<Self> {
        match format {
            Format::Jsonl => Some(Self::Pointer(String::new())),
            Format::Csv => None,
        }
    }
}

/// All problems of a file: the first [`SHOWN`] themselves, and how many there are.
#[derive(Debug, Default)]
pub struct Problems {
    shown: Vec<Problem>,
    total: u64,
}

impl Problems {
    pub(super) fn extend(&mut self, more: impl IntoIterator<Item = Problem>) {
        for problem in more {
            self.total += 1;
            if self.shown.len() < SHOWN {
                self.shown.push(problem);
            }
        }
    }

    /// How many there are, shown or not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Those that are told, in the order of the file.
    #[must_use]
    pub fn shown(&self) -> &[Problem] {
        &self.shown
    }

    /// Batches tell what the reader found before what the shop found.
    pub(super) fn sort(&mut self) {
        self.shown.sort_by_key(|problem| problem.row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_the_shape_of_the_apis() {
        let at_line = Problem::found(Format::Jsonl, 3, Violation::new("price/amount", "minimum", "must be at least 0"));
        assert_eq!(
            serde_json::to_value(&at_line).unwrap(),
            serde_json::json!({"in": "row", "row": 3, "pointer": "/price/amount", "code": "minimum",
                "message": "must be at least 0"})
        );
        let in_cell = Problem::found(Format::Csv, 3, Violation::new("price/amount", "minimum", "must be at least 0"));
        assert_eq!(serde_json::to_value(&in_cell).unwrap()["name"], "price_amount");
    }

    #[test]
    fn names_from_files_are_cut_and_escaped() {
        assert_eq!(Place::member("", "a/b~c"), Place::Pointer("/a~1b~0c".to_owned()));
        assert_eq!(Place::column(&"x".repeat(1000)), Place::Name("x".repeat(64)));
    }

    #[test]
    fn problems_beyond_the_most_are_counted() {
        let mut problems = Problems::default();
        problems.extend((0..5_000).map(|row| Problem::new(row, Place::row(Format::Csv), "x", "y")));
        assert_eq!((problems.shown().len(), problems.total()), (SHOWN, 5_000));
    }
}
