//! Asking for a part of a list, and the cursors that lead to its neighbours.
//!
//! A cursor is a place in one list, sealed: it names a row's sort value and id, and its code covers the list's name with
//! every filter and the sort. So it cannot be made up, nor used on a list where it would point somewhere else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::Shop;
use super::error::{Error, Violation};
use crate::domain::page::{Keyset, Page, PageRequest, Position, Side, SortValue};
use crate::domain::time::{from_micros, to_micros};

/// What cursors are kept apart by from the secret's other uses.
const PURPOSE: &str = "cursor";
/// Bytes of the code that are kept: nobody guesses 2^128.
const CODE_LENGTH: usize = 16;

/// Where the part begins, as the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// The so-manieth part, from 1.
    Page(u64),
    /// After so many rows.
    Offset(u64),
    /// Where a cursor points; the empty one to the beginning.
    Cursor(String),
}

/// The part that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRequest {
    /// Most rows; [`PageRequest`] keeps it between 1 and 100.
    pub limit: u32,
    /// Where it begins.
    pub start: Start,
}

impl ListRequest {
    /// Reads the four parameters that every list has. None of the last three is the first page; more than one of them does
    /// not get past the decoder, so that which one counts then is of no concern.
    #[must_use]
    pub fn choose(limit: Option<u32>, page: Option<u64>, offset: Option<u64>, cursor: Option<String>) -> Self {
        let limit = limit.unwrap_or(PageRequest::DEFAULT_LIMIT);
        let start = match (cursor, offset) {
            (Some(cursor), _) => Start::Cursor(cursor),
            (None, Some(offset)) => Start::Offset(offset),
            (None, None) => Start::Page(page.unwrap_or(1)),
        };
        Self { limit, start }
    }
}

/// A part of a list, with cursors to its neighbours.
#[derive(Debug, Clone)]
pub struct List<T> {
    /// The rows, in the order of the list.
    pub items: Vec<T>,
    /// Rows of the whole list; counted for pages and offsets only.
    pub total: Option<u64>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows precede.
    pub has_prev: bool,
    /// Leads to the rows that follow, if there are any.
    pub next_cursor: Option<String>,
    /// Leads to the rows that precede, if there are any.
    pub prev_cursor: Option<String>,
}

impl Shop {
    /// What a request means for the list of this name, which tells all its filters and its sort.
    pub(super) fn open_cursor(&self, list: &str, request: &ListRequest) -> Result<PageRequest, Error> {
        let position = match &request.start {
            Start::Page(page) => Position::Page(*page),
            Start::Offset(offset) => Position::Offset(*offset),
            Start::Cursor(cursor) if cursor.is_empty() => Position::Start,
            Start::Cursor(cursor) => self.unseal(list, cursor).ok_or_else(|| {
                let message = "is no cursor of this list with these filters and this sort";
                Error::Invalid(vec![Violation::new("cursor", "cursor", message)])
            })?,
        };
        Ok(PageRequest::new(request.limit, position))
    }

    /// The part with its neighbours' cursors sealed.
    pub(super) fn seal_cursors<T>(&self, list: &str, page: Page<T>) -> List<T> {
        List {
            next_cursor: page.next.as_ref().map(|place| self.seal(list, Side::After, place)),
            prev_cursor: page.prev.as_ref().map(|place| self.seal(list, Side::Before, place)),
            items: page.items,
            total: page.total,
            has_next: page.has_next,
            has_prev: page.has_prev,
        }
    }

    fn seal(&self, list: &str, side: Side, place: &Keyset) -> String {
        let content = write(side, place);
        let mut sealed = self.code(list, &content);
        sealed.extend(content);
        URL_SAFE_NO_PAD.encode(sealed)
    }

    fn unseal(&self, list: &str, cursor: &str) -> Option<Position> {
        let sealed = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (code, content) = sealed.split_at_checked(CODE_LENGTH)?;
        if !crate::infra::digest::equal(code, &self.code(list, content)) {
            return None;
        }
        let (side, place) = read(content)?;
        Some(Position::Cursor(side, place))
    }

    fn code(&self, list: &str, content: &[u8]) -> Vec<u8> {
        // The length keeps the name and the content apart.
        let mut message = (list.len() as u64).to_be_bytes().to_vec();
        message.extend(list.as_bytes());
        message.extend(content);
        self.parts().secret.mac(PURPOSE, &message)[..CODE_LENGTH].to_vec()
    }
}

/// One byte for side and kind of value, the id, the value.
fn write(side: Side, place: &Keyset) -> Vec<u8> {
    let kind = match place.value {
        SortValue::Time(_) => 0,
        SortValue::Text(_) => 1,
        SortValue::Number(_) => 4,
    };
    let mut content = vec![kind | if side == Side::After { 0 } else { 2 }];
    content.extend(place.id.as_bytes());
    match &place.value {
        SortValue::Time(moment) => content.extend(to_micros(*moment).to_be_bytes()),
        SortValue::Text(text) => content.extend(text.as_bytes()),
        SortValue::Number(number) => content.extend(number.to_be_bytes()),
    }
    content
}

fn read(content: &[u8]) -> Option<(Side, Keyset)> {
    let (&tag, rest) = content.split_first()?;
    let (id, value) = rest.split_at_checked(16)?;
    let side = if tag & 2 == 0 { Side::After } else { Side::Before };
    let value = match tag & !2 {
        0 => SortValue::Time(from_micros(i64::from_be_bytes(value.try_into().ok()?))?),
        1 => SortValue::Text(String::from_utf8(value.to_vec()).ok()?),
        4 => SortValue::Number(i64::from_be_bytes(value.try_into().ok()?)),
        _ => return None,
    };
    Some((side, Keyset { value, id: Uuid::from_slice(id).ok()? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_as_it_was_written() {
        let id = Uuid::from_u128(7);
        let time = SortValue::Time(chrono::DateTime::UNIX_EPOCH);
        for value in [time, SortValue::Text("äda".to_owned()), SortValue::Number(-7)] {
            for side in [Side::After, Side::Before] {
                let place = Keyset { value: value.clone(), id };
                assert_eq!(read(&write(side, &place)), Some((side, place)));
            }
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[0; 20]), None);
        assert_eq!(read(&[5; 25]), None);
    }

    #[test]
    fn a_list_begins_with_its_first_page_unless_asked_otherwise() {
        let first = ListRequest::choose(None, None, None, None);
        assert_eq!(first, ListRequest { limit: 20, start: Start::Page(1) });
        let after = ListRequest::choose(Some(5), None, Some(10), None);
        assert_eq!(after, ListRequest { limit: 5, start: Start::Offset(10) });
    }
}
