//! Rows of CSV.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use csv::ByteRecord;

use super::import::{Next, Rows};
use super::problems::{Place, Problem};
use super::{COLUMNS, Format, LONGEST_ROW};
use crate::service::{Change, PricePatch, ProductRow};

/// Reads a file of CSV.
pub struct Cells<R> {
    reader: csv::Reader<Bounded<R>>,
    /// Bytes read since the row began.
    taken: Rc<Cell<usize>>,
    /// The members that the columns stand for; `None` until the names are read.
    members: Option<Vec<&'static str>>,
    record: ByteRecord,
    row: u64,
}

/// Ends the input where a row has no end.
struct Bounded<R> {
    inner: R,
    taken: Rc<Cell<usize>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken.get() > LONGEST_ROW {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the row is too long"));
        }
        let read = self.inner.read(buffer)?;
        self.taken.set(self.taken.get() + read);
        Ok(read)
    }
}

impl<R: BufRead> Cells<R> {
    pub fn new(inner: R) -> Self {
        let taken = Rc::<Cell<usize>>::default();
        let input = Bounded { inner, taken: Rc::clone(&taken) };
        // Rows of another length are told as problems, and the names are read as a row.
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
        Self { reader, taken, members: None, record: ByteRecord::new(), row: 0 }
    }

    /// Reads a row into `record`; what ends the file early is a problem.
    fn read(&mut self) -> io::Result<Option<Result<(), Problem>>> {
        self.taken.set(0);
        self.row += 1;
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => Ok(Some(Ok(()))),
            Ok(false) => Ok(None),
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    let message =
                        "is longer than 1 MiB, and nothing after it was read: is there a quote that is not closed?";
                    Ok(Some(Err(Problem::new(self.row, Place::row(Format::Csv), "max_length", message))))
                }
                csv::ErrorKind::Io(error) => Err(error),
                other => Err(io::Error::other(format!("{other:?}"))),
            },
        }
    }

    /// The members that the first row names.
    fn names(&self) -> Result<Vec<&'static str>, Vec<Problem>> {
        let (mut members, mut problems) = (Vec::new(), Vec::new());
        for cell in &self.record {
            let name = String::from_utf8_lossy(cell);
            let known = COLUMNS.iter().find(|(column, _)| *column == name.trim());
            let (code, message) = match known {
                None => {
                    let columns = COLUMNS.map(|(column, _)| column).join(", ");
                    ("unknown", format!("is no column; there are, with commas between them: {columns}"))
                }
                Some((_, member)) if members.contains(member) => ("repeated", "must not repeat".to_owned()),
                Some((_, member)) => {
                    members.push(*member);
                    continue;
                }
            };
            problems.push(Problem::new(self.row, Place::column(&name), code, message));
        }
        if problems.is_empty() && !members.contains(&"sku") {
            let message = "is required: it tells which product a row is about";
            problems.push(Problem::new(self.row, Place::of(Format::Csv, "sku"), "required", message));
        }
        if problems.is_empty() { Ok(members) } else { Err(problems) }
    }

    fn product(&self, members: &[&'static str]) -> (ProductRow, Vec<Problem>) {
        let mut row = ProductRow { number: self.row, ..ProductRow::default() };
        let mut problems = Vec::new();
        if self.record.len() != members.len() {
            let message = format!("has {} cells where the first row has {}", self.record.len(), members.len());
            problems.push(Problem::new(self.row, Place::row(Format::Csv), "cells", message));
            // Nobody knows which cells are which.
            row.unreadable = members.to_vec();
            return (row, problems);
        }
        for (cell, member) in self.record.iter().zip(members) {
            let mut fault = |code, message| {
                problems.push(Problem::new(self.row, Place::of(Format::Csv, member), code, message));
                row.unreadable.push(member);
            };
            let Ok(text) = std::str::from_utf8(cell) else {
                fault("encoding", "must be UTF-8");
                continue;
            };
            if !matches!(*member, "stock" | "price/amount") {
                put_text(&mut row, member, text);
            } else if !text.trim().is_empty() {
                let Ok(number) = text.trim().parse() else {
                    fault("type", "must be a whole number");
                    continue;
                };
                put_number(&mut row, member, number);
            }
        }
        (row, problems)
    }
}

impl<R: BufRead> Rows for Cells<R> {
    fn next(&mut self) -> io::Result<Next> {
        if self.members.is_none() {
            match self.read()? {
                None => {
                    let place = Place::of(Format::Csv, "sku");
                    let problem = Problem::new(1, place, "required", "is required: the first row names the columns");
                    return Ok(Next::Cut(vec![problem]));
                }
                Some(Err(problem)) => return Ok(Next::Cut(vec![problem])),
                Some(Ok(())) => match self.names() {
                    Ok(members) => self.members = Some(members),
                    Err(problems) => return Ok(Next::Cut(problems)),
                },
            }
        }
        match self.read()? {
            None => Ok(Next::End),
            Some(Err(problem)) => Ok(Next::Cut(vec![problem])),
            Some(Ok(())) => {
                let (row, problems) = self.product(self.members.as_deref().unwrap_or_default());
                Ok(Next::Row(Box::new(row), problems))
            }
        }
    }
}

/// An empty cell says nothing, but that there is no description.
fn put_text(row: &mut ProductRow, member: &str, text: &str) {
    let said = (!text.trim().is_empty()).then(|| text.to_owned());
    let PricePatch { currency, .. } = &mut row.price;
    match member {
        "sku" => row.sku = said,
        "name" => row.name = said,
        "category" => row.category = said,
        "price/currency" => *currency = said,
        "status" => row.status = said,
        "description" => row.description = said.map_or(Change::Clear, Change::Set),
        _ => {}
    }
}

fn put_number(row: &mut ProductRow, member: &str, number: i64) {
    match member {
        "stock" => row.stock = Some(number),
        "price/amount" => row.price.amount = Some(number),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<Next> {
        let mut cells = Cells::new(text);
        let mut all = Vec::new();
        loop {
            let next = cells.next().unwrap();
            let last = !matches!(next, Next::Row(..));
            all.push(next);
            if last {
                return all;
            }
        }
    }

    fn places(next: &Next) -> Vec<(&str, &str)> {
        let (Next::Row(_, problems) | Next::Cut(problems)) = next else { return Vec::new() };
        problems.iter().map(|problem| (problem.place(), problem.code)).collect()
    }

    #[test]
    fn quotes_line_breaks_and_a_byte_order_mark_are_read() {
        let all = read("\u{feff}sku,name,description\r\nA,\"Say \"\"hi\"\",\nsaid she\",\r\n".as_bytes());
        let Next::Row(row, problems) = &all[0] else { panic!("{all:?}") };
        assert!(problems.is_empty());
        assert_eq!(
            (row.number, row.sku.as_deref(), row.name.as_deref()),
            (2, Some("A"), Some("Say \"hi\",\nsaid she"))
        );
        assert_eq!(row.description, Change::Clear);
        assert!(matches!(all[1], Next::End));
    }

    #[test]
    fn cells_that_cannot_be_read_are_named_all_at_once() {
        let all = read(b"sku,stock,price_amount,name\nA,many,1.5,\xff\nB,1,2\nC,,,\n");
        assert_eq!(places(&all[0]), [("stock", "type"), ("price_amount", "type"), ("name", "encoding")]);
        assert_eq!(places(&all[1]), [("", "cells")]);
        let Next::Row(row, _) = &all[2] else { panic!("{all:?}") };
        assert_eq!((row.stock, row.name.as_deref()), (None, None), "an empty cell says nothing");
    }

    #[test]
    fn columns_that_are_unknown_repeated_or_missing_end_the_import() {
        assert_eq!(
            places(&read(b"sku,colour,name,name\nA,red,x,y\n")[0]),
            [("colour", "unknown"), ("name", "repeated")]
        );
        assert_eq!(places(&read(b"name\nx\n")[0]), [("sku", "required")]);
        assert_eq!(places(&read(b"")[0]), [("sku", "required")]);
    }

    #[test]
    fn a_quote_that_is_not_closed_takes_no_more_than_a_row_may_have() {
        let mut text = b"sku,name\nA,x\nB,\"".to_vec();
        text.extend(vec![b'y'; 3 * LONGEST_ROW]);
        let all = read(&text);
        assert!(matches!(all[0], Next::Row(..)));
        assert_eq!(places(&all[1]), [("", "max_length")]);
    }
}
