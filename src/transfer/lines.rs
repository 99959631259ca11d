//! Rows of JSON lines.

use std::io::{self, BufRead, Read};

use serde_json::{Map, Value};

use super::import::{Next, Rows};
use super::problems::{Place, Problem};
use super::{Format, LONGEST_ROW};
use crate::service::{Change, ProductRow};

/// Reads a file of JSON lines.
pub struct Lines<R> {
    input: R,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub fn new(input: R) -> Self {
        Self { input, line: Vec::new(), number: 0 }
    }

    /// Reads a line, of a longer one the beginning; `false` at the end.
    fn read(&mut self) -> io::Result<bool> {
        self.line.clear();
        self.number += 1;
        self.input.by_ref().take(LONGEST_ROW as u64 + 1).read_until(b'\n', &mut self.line)?;
        if self.is_too_long() {
            self.skip_rest()?;
        }
        Ok(!self.line.is_empty())
    }

    fn is_too_long(&self) -> bool {
        self.line.len() > LONGEST_ROW
    }

    fn skip_rest(&mut self) -> io::Result<()> {
        if self.line.last() == Some(&b'\n') {
            return Ok(());
        }
        loop {
            let seen = self.input.fill_buf()?;
            let end = seen.iter().position(|byte| *byte == b'\n');
            let done = end.is_some() || seen.is_empty();
            let used = end.map_or(seen.len(), |end| end + 1);
            self.input.consume(used);
            if done {
                return Ok(());
            }
        }
    }

    fn product(&self) -> (ProductRow, Vec<Problem>) {
        let mut notes =
            Notes { row: ProductRow { number: self.number, ..ProductRow::default() }, problems: Vec::new() };
        if self.is_too_long() {
            notes.refuse("max_length", "is longer than 1 MiB");
            return (notes.row, notes.problems);
        }
        match serde_json::from_slice(&self.line) {
            Ok(Value::Object(members)) => notes.take(members),
            Ok(_) => notes.refuse("type", "must be an object"),
            Err(error) => notes.refuse("invalid_json", format!("must be JSON: {error}")),
        }
        (notes.row, notes.problems)
    }
}

impl<R: BufRead> Rows for Lines<R> {
    fn next(&mut self) -> io::Result<Next> {
        while self.read()? {
            if !self.line.trim_ascii().is_empty() {
                let (row, problems) = self.product();
                return Ok(Next::Row(Box::new(row), problems));
            }
        }
        Ok(Next::End)
    }
}

/// A row while it is read, and what is wrong with it.
struct Notes {
    row: ProductRow,
    problems: Vec<Problem>,
}

impl Notes {
    fn take(&mut self, members: Map<String, Value>) {
        for (name, value) in members {
            match name.as_str() {
                "sku" => self.row.sku = self.text("sku", value),
                "name" => self.row.name = self.text("name", value),
                "category" => self.row.category = self.text("category", value),
                "status" => self.row.status = self.text("status", value),
                "stock" => self.row.stock = self.number("stock", &value),
                "description" if value.is_null() => self.row.description = Change::Clear,
                "description" => {
                    self.row.description = self.text("description", value).map_or(Change::Keep, Change::Set);
                }
                "price" => self.price(value),
                _ => self.unknown("", &name),
            }
        }
    }

    fn price(&mut self, value: Value) {
        let Value::Object(members) = value else {
            self.fault("price", "type", "must be an object");
            // Neither is missing, then: both are in there, whatever it is.
            self.row.unreadable.extend(["price/amount", "price/currency"]);
            return;
        };
        for (name, value) in members {
            match name.as_str() {
                "amount" => self.row.price.amount = self.number("price/amount", &value),
                "currency" => self.row.price.currency = self.text("price/currency", value),
                _ => self.unknown("/price", &name),
            }
        }
    }

    fn text(&mut self, member: &'static str, value: Value) -> Option<String> {
        if let Value::String(text) = value {
            return Some(text);
        }
        self.fault(member, "type", "must be text");
        None
    }

    fn number(&mut self, member: &'static str, value: &Value) -> Option<i64> {
        // A whole number is one whatever its spelling: 1.0 and 1e2 are.
        let number = value.as_i64().or_else(|| whole(value.as_f64()?));
        if number.is_none() {
            self.fault(member, "type", "must be a whole number");
        }
        number
    }

    fn fault(&mut self, member: &'static str, code: &'static str, message: &'static str) {
        let place = Place::of(Format::Jsonl, member);
        self.problems.push(Problem::new(self.row.number, place, code, message));
        self.row.unreadable.push(member);
    }

    fn unknown(&mut self, around: &str, name: &str) {
        let place = Place::member(around, name);
        self.problems.push(Problem::new(self.row.number, place, "unknown", "is not known here; remove it"));
        self.row.unreadable.push("unknown");
    }

    /// Notes a fault of the whole row, of which nothing is known then.
    fn refuse(&mut self, code: &'static str, message: impl Into<std::borrow::Cow<'static, str>>) {
        self.problems.push(Problem::new(self.row.number, Place::row(Format::Jsonl), code, message));
        self.row.unreadable.push("sku");
    }
}

/// Numbers up to 2⁵³ are exact; every one that could stand is far below.
#[expect(clippy::cast_possible_truncation, reason = "it was found to be whole and small enough")]
fn whole(number: f64) -> Option<i64> {
    let exact = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
    exact.then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<(ProductRow, Vec<Problem>)> {
        let mut lines = Lines::new(text);
        let mut all = Vec::new();
        while let Next::Row(row, problems) = lines.next().unwrap() {
            all.push((*row, problems));
        }
        all
    }

    fn places(problems: &[Problem]) -> Vec<(&str, &str)> {
        problems.iter().map(|problem| (problem.place(), problem.code)).collect()
    }

    #[test]
    fn blank_lines_are_skipped_and_counted() {
        let all = read(b"{\"sku\":\"A\"}\n\n  \r\n{\"sku\":\"B\",\"description\":null,\"price\":{\"amount\":1e2}}");
        let rows: Vec<_> = all.iter().map(|(row, _)| (row.number, row.sku.as_deref().unwrap())).collect();
        assert_eq!(rows, [(1, "A"), (4, "B")]);
        assert_eq!((&all[1].0.description, all[1].0.price.amount), (&Change::Clear, Some(100)));
        assert!(all.iter().all(|(_, problems)| problems.is_empty()));
    }

    #[test]
    fn members_that_cannot_be_read_are_named_all_at_once() {
        let all = read(b"{\"sku\":1,\"stock\":1.5,\"price\":{\"amount\":\"1\",\"tax\":2},\"a/b\":0}\n[]\n{\n");
        let wanted = [
            ("/a~1b", "unknown"),
            ("/price/amount", "type"),
            ("/price/tax", "unknown"),
            ("/sku", "type"),
            ("/stock", "type"),
        ];
        let mut found = places(&all[0].1);
        found.sort_unstable();
        assert_eq!(found, wanted);
        assert_eq!((places(&all[1].1), places(&all[2].1)), (vec![("", "type")], vec![("", "invalid_json")]));
    }

    #[test]
    fn a_line_without_end_is_one_problem_and_the_next_is_read() {
        let mut text = b"{\"sku\":\"".to_vec();
        text.extend(vec![b'y'; 2 * LONGEST_ROW]);
        text.extend_from_slice(b"\"}\n{\"sku\":\"B\"}\n");
        let all = read(&text);
        assert_eq!(places(&all[0].1), [("", "max_length")]);
        assert_eq!((all[1].0.number, all[1].0.sku.as_deref()), (2, Some("B")));
    }
}
