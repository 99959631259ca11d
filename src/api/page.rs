//! Lists as every list is answered: which part is asked for, where its neighbours are, and cursors that hold only
//! where they were made.
//!
//! A cursor is the place of one row (`domain::page::Keyset`), signed together with the list that it belongs to:
//! operation, filters, sort and whose list it is. So it cannot be forged, nor carried over to another list.

use super::Context;
use crate::domain::page::{Keyset, Page, PageRequest, Position, Side, SortValue};
use crate::domain::time::Timestamp;
use crate::infra::secret::SecretKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use contract::{Location, Problem, Violation};
use generated::models::{PageLinks, Pagination};
use swagger::Nullable;
use uuid::Uuid;

const PURPOSE: &str = "cursor";
const MAC_BYTES: usize = 16;
/// The parameters that choose a part, which links replace.
const CHOICE: [&str; 3] = ["page", "offset", "cursor"];

/// How a part of a list was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Page(i32),
    Offset(i32),
    Cursor,
}

/// The list that a request asks for.
pub struct Listing<'a> {
    context: &'a Context<'a>,
    secret: &'a SecretKey,
    style: Style,
    limit: i32,
    pub request: PageRequest,
}

/// The parameters that all lists have.
pub struct Choice {
    pub limit: i32,
    pub page: Option<i32>,
    pub offset: Option<i32>,
    pub cursor: Option<String>,
}

impl<'a> Listing<'a> {
    /// Judges the parameters together, as no schema can.
    ///
    /// # Errors
    /// 422 when they are mixed, or the cursor was not made here for this very list.
    pub fn new(context: &'a Context<'a>, secret: &'a SecretKey, choice: &Choice) -> Result<Self, Problem> {
        let given = [choice.page.is_some(), choice.offset.is_some(), choice.cursor.is_some()];
        if given.iter().filter(|given| **given).count() > 1 {
            let mixed = CHOICE.iter().zip(given).filter(|(_, given)| *given);
            let message = "use only one of page, offset and cursor";
            let errors = mixed.map(|(name, _)| Violation::named(Location::Query, *name, "exclusive", message));
            return Err(Problem::invalid_because(errors.collect()));
        }
        let unsigned = |number: i32| u64::try_from(number).unwrap_or_default();
        let (style, position) = match choice {
            Choice { offset: Some(offset), .. } => (Style::Offset(*offset), Position::Offset(unsigned(*offset))),
            Choice { cursor: Some(cursor), .. } if cursor.is_empty() => (Style::Cursor, Position::Start),
            Choice { cursor: Some(cursor), .. } => (Style::Cursor, open(secret, &binding(context), cursor)?),
            Choice { page, .. } => {
                let page = page.unwrap_or(1);
                (Style::Page(page), Position::Page(unsigned(page)))
            }
        };
        let limit = choice.limit;
        let request = PageRequest::new(u32::try_from(limit).unwrap_or(PageRequest::DEFAULT_LIMIT), position);
        Ok(Self { context, secret, style, limit, request })
    }

    /// What the answer says of the part, and the `Link` header that says it again (RFC 8288).
    #[must_use]
    pub fn describe<T>(&self, page: &Page<T>) -> (Pagination, PageLinks, String) {
        let cursor = |side, keyset: Option<&Keyset>| keyset.map(|k| seal(self.secret, &binding(self.context), side, k));
        let next_cursor = cursor(Side::After, page.next.as_ref());
        let prev_cursor = cursor(Side::Before, page.prev.as_ref());
        let links = self.links(page, next_cursor.as_deref(), prev_cursor.as_deref());
        let pagination = Pagination {
            limit: self.limit,
            page: if let Style::Page(page) = self.style { Some(page) } else { None },
            offset: if let Style::Offset(offset) = self.style { Some(offset) } else { None },
            next_cursor: nullable(next_cursor),
            prev_cursor: nullable(prev_cursor),
            total: page.total.filter(|_| self.style != Style::Cursor).and_then(|total| i64::try_from(total).ok()),
            has_next: page.has_next,
            has_prev: page.has_prev,
        };
        let header = header(&links);
        (pagination, links, header)
    }

    fn links<T>(&self, page: &Page<T>, next_cursor: Option<&str>, prev_cursor: Option<&str>) -> PageLinks {
        let limit = i64::from(self.limit);
        let last_page = page.total.map(|total| (i64::try_from(total).unwrap_or(i64::MAX) - 1).max(0) / limit);
        let (next, prev, first, last) = match self.style {
            Style::Page(number) => {
                let number = i64::from(number);
                let prev = if let Some(last) = last_page { (number - 1).min(last + 1) } else { number - 1 };
                let at = |number: i64| self.link("page", &number.to_string());
                (page.has_next.then(|| at(number + 1)), page.has_prev.then(|| at(prev)), at(1), last_page.map(|n| at(n + 1)))
            }
            Style::Offset(offset) => {
                let offset = i64::from(offset);
                let at = |offset: i64| self.link("offset", &offset.to_string());
                let prev = (offset - limit).max(0);
                (page.has_next.then(|| at(offset + limit)), page.has_prev.then(|| at(prev)), at(0), last_page.map(|n| at(n * limit)))
            }
            Style::Cursor => {
                let at = |cursor: &str| self.link("cursor", cursor);
                (next_cursor.map(at), prev_cursor.map(at), at(""), None)
            }
        };
        let path_and_query = self.context.uri.path_and_query().map_or("/", |target| target.as_str());
        PageLinks {
            param_self: format!("{}{path_and_query}", self.context.base),
            next: nullable(next),
            prev: nullable(prev),
            first: Nullable::Present(first),
            last: nullable(last),
        }
    }

    /// This list's address with another choice of part.
    fn link(&self, name: &str, value: &str) -> String {
        let query = self.context.uri.query().unwrap_or("");
        let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !CHOICE.contains(&&**name));
        let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair(name, value).finish();
        format!("{}{}?{pairs}", self.context.base, self.context.uri.path())
    }
}

fn nullable<T>(value: Option<T>) -> Nullable<T> {
    value.map_or(Nullable::Null, Nullable::Present)
}

fn header(links: &PageLinks) -> String {
    let relations = [("next", &links.next), ("prev", &links.prev), ("first", &links.first), ("last", &links.last)];
    let mut entries = vec![format!("<{}>; rel=\"self\"", links.param_self)];
    for (relation, link) in relations {
        if let Nullable::Present(link) = link {
            entries.push(format!("<{link}>; rel=\"{relation}\""));
        }
    }
    entries.join(", ")
}

/// What a cursor is bound to: operation, whose list, and every parameter but the choice of part and its size.
fn binding(context: &Context<'_>) -> Vec<u8> {
    let query = context.uri.query().unwrap_or("");
    let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| !CHOICE.contains(&&**name) && name != "limit")
        .collect();
    pairs.sort_unstable();
    let own = context.caller.as_ref().map(|caller| caller.account().id);
    format!("{} {} {own:?} {pairs:?}", context.operation.id, context.uri.path()).into_bytes()
}

fn seal(secret: &SecretKey, binding: &[u8], side: Side, keyset: &Keyset) -> String {
    let mut bytes = vec![if side == Side::After { b'a' } else { b'b' }];
    bytes.extend(keyset.id.as_bytes());
    match &keyset.value {
        SortValue::Time(time) => {
            bytes.push(b't');
            bytes.extend(time.timestamp_micros().to_be_bytes());
        }
        SortValue::Text(text) => {
            bytes.push(b's');
            bytes.extend(text.as_bytes());
        }
    }
    let mac = secret.mac(PURPOSE, &[binding, &bytes].concat());
    bytes.extend(&mac[..MAC_BYTES]);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn open(secret: &SecretKey, binding: &[u8], cursor: &str) -> Result<Position, Problem> {
    let refused = || {
        let message = "was not made here for this list with these filters and this sort; begin without it";
        Problem::invalid_because(vec![Violation::named(Location::Query, "cursor", "cursor", message)])
    };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let (content, mac) = bytes.split_last_chunk::<MAC_BYTES>().ok_or_else(refused)?;
    let expected = secret.mac(PURPOSE, &[binding, content].concat());
    if !crate::infra::digest::equal(&expected[..MAC_BYTES], mac) {
        return Err(refused());
    }
    read(content).ok_or_else(refused)
}

fn read(content: &[u8]) -> Option<Position> {
    let (side, rest) = content.split_first()?;
    let side = if *side == b'a' { Side::After } else { Side::Before };
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let (kind, value) = rest.split_first()?;
    let value = if *kind == b't' {
        let time: Timestamp = DateTime::from_timestamp_micros(i64::from_be_bytes(value.try_into().ok()?))?;
        SortValue::Time(time)
    } else {
        SortValue::Text(String::from_utf8(value.to_vec()).ok()?)
    };
    Some(Position::Cursor(side, Keyset { value, id: Uuid::from_bytes(*id) }))
}
