//! Lists as every list is answered: which part is asked for, and where its neighbours are.

use super::Context;
use crate::domain::money::Money;
use crate::domain::page::Order;
use crate::service::{Error, List, ListRequest, Start};
use contract::{Location, Problem, Violation};
use generated::models::{self, PageLinks, Pagination, SortOrder};
use swagger::Nullable;

/// The parameters that choose a part, which links replace.
const CHOICE: [&str; 3] = ["page", "offset", "cursor"];

/// Reads the parameters that all lists have.
pub fn request(limit: i32, page: Option<i32>, offset: Option<i32>, cursor: Option<String>) -> ListRequest {
    let unsigned = |number: i32| u64::try_from(number).unwrap_or_default();
    let limit = u32::try_from(limit).unwrap_or_default();
    ListRequest::choose(Some(limit), page.map(unsigned), offset.map(unsigned), cursor)
}

/// Lists run backwards in time unless asked otherwise.
pub fn order(order: Option<SortOrder>) -> Order {
    match order {
        Some(SortOrder::Asc) => Order::Ascending,
        Some(SortOrder::Desc) | None => Order::Descending,
    }
}

/// What a list refuses stands in the query.
pub fn in_query(error: Error) -> Problem {
    match error {
        Error::Invalid(violations) => {
            let named = |v: crate::service::Violation| Violation::named(Location::Query, v.member, v.code, v.message);
            Problem::invalid_because(violations.into_iter().map(named).collect())
        }
        other => other.into(),
    }
}

/// What the answer says of the part, and the `Link` header that says it again (RFC 8288).
pub fn describe<T>(call: &Context<'_>, request: &ListRequest, list: &List<T>) -> (Pagination, PageLinks, String) {
    let number = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
    let pagination = Pagination {
        limit: number(request.limit.into()),
        page: if let Start::Page(page) = request.start { Some(number(page)) } else { None },
        offset: if let Start::Offset(offset) = request.start { Some(number(offset)) } else { None },
        next_cursor: nullable(list.next_cursor.clone()),
        prev_cursor: nullable(list.prev_cursor.clone()),
        total: list.total.and_then(|total| i64::try_from(total).ok()),
        has_next: list.has_next,
        has_prev: list.has_prev,
    };
    let links = links(call, request, list);
    let header = header(&links);
    (pagination, links, header)
}

fn links<T>(call: &Context<'_>, request: &ListRequest, list: &List<T>) -> PageLinks {
    let limit = u64::from(request.limit);
    let pages = list.total.map(|total| total.div_ceil(limit).max(1));
    let (next, prev, first, last) = match &request.start {
        Start::Page(page) => {
            let at = |page: u64| link(call, "page", &page.to_string());
            // Beyond the end, the page before is the last one.
            let prev = page.saturating_sub(1).min(pages.unwrap_or(u64::MAX)).max(1);
            (list.has_next.then(|| at(page + 1)), list.has_prev.then(|| at(prev)), at(1), pages.map(at))
        }
        Start::Offset(offset) => {
            let at = |offset: u64| link(call, "offset", &offset.to_string());
            let prev = offset.saturating_sub(limit);
            let last = pages.map(|pages| at((pages - 1) * limit));
            (list.has_next.then(|| at(offset + limit)), list.has_prev.then(|| at(prev)), at(0), last)
        }
        Start::Cursor(_) => {
            let at = |cursor: &String| link(call, "cursor", cursor);
            (list.next_cursor.as_ref().map(at), list.prev_cursor.as_ref().map(at), link(call, "cursor", ""), None)
        }
    };
    let target = call.uri.path_and_query().map_or("/", |target| target.as_str());
    PageLinks {
        param_self: format!("{}{target}", call.base),
        next: nullable(next),
        prev: nullable(prev),
        first: Nullable::Present(first),
        last: nullable(last),
    }
}

/// This list's address with another choice of part.
fn link(call: &Context<'_>, name: &str, value: &str) -> String {
    let query = call.uri.query().unwrap_or("");
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !CHOICE.contains(&&**name));
    let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair(name, value).finish();
    format!("{}{}?{pairs}", call.base, call.uri.path())
}

pub fn money(money: Money) -> models::Money {
    models::Money { amount: money.amount(), currency: money.currency().as_str().to_owned() }
}

pub fn nullable<T>(value: Option<T>) -> Nullable<T> {
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
