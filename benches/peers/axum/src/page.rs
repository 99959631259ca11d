//! A numbered page of a list, with where its neighbours are.

use axum::http::Uri;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use uuid::Uuid;

/// One part of a list, as it is answered.
#[derive(Serialize)]
pub struct Page<T> {
    data: Vec<T>,
    pagination: Pagination,
    links: Links,
}

#[derive(Serialize)]
struct Pagination {
    limit: u32,
    page: u32,
    next_cursor: Option<String>,
    prev_cursor: Option<String>,
    total: i64,
    has_next: bool,
    has_prev: bool,
}

#[derive(Serialize)]
struct Links {
    #[serde(rename = "self")]
    this: String,
    next: Option<String>,
    prev: Option<String>,
    first: String,
    last: String,
}

/// Which part was asked for.
#[derive(Clone, Copy)]
pub struct Part {
    pub limit: u32,
    pub page: u32,
}

impl Part {
    pub fn offset(self) -> i64 {
        i64::from(self.limit) * (i64::from(self.page) - 1)
    }
}

/// Describes the rows of a part; `place` is what a row is sorted by, with its id.
pub fn page<T>(
    origin: &str,
    uri: &Uri,
    part: Part,
    data: Vec<T>,
    total: i64,
    place: impl Fn(&T) -> (i64, Uuid),
) -> Page<T> {
    let has_next = part.offset() + i64::try_from(data.len()).unwrap_or(i64::MAX) < total;
    let has_prev = part.page > 1;
    let cursor = |row: Option<&T>| row.map(|row| cursor(place(row)));
    let pagination = Pagination {
        limit: part.limit,
        page: part.page,
        next_cursor: cursor(data.last().filter(|_| has_next)),
        prev_cursor: cursor(data.first().filter(|_| has_prev)),
        total,
        has_next,
        has_prev,
    };
    let last = (total + i64::from(part.limit) - 1) / i64::from(part.limit);
    let links = Links::new(origin, uri, part.page, last.max(1), has_next);
    Page { data, pagination, links }
}

impl Links {
    fn new(origin: &str, uri: &Uri, page: u32, last: i64, has_next: bool) -> Self {
        let kept: Vec<&str> = uri
            .query()
            .unwrap_or("")
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("page="))
            .collect();
        let path = uri.path();
        let kept = kept.join("&");
        let separator = if kept.is_empty() { "" } else { "&" };
        let at = |page: i64| format!("{origin}{path}?{kept}{separator}page={page}");
        let page = i64::from(page);
        Self {
            this: format!("{origin}{}", uri.path_and_query().map_or("/", |target| target.as_str())),
            next: has_next.then(|| at(page + 1)),
            prev: (page > 1).then(|| at((page - 1).min(last))),
            first: at(1),
            last: at(last),
        }
    }
}

/// Shopkeeper signs its cursors; this is the cheaper thing.
fn cursor((value, id): (i64, Uuid)) -> String {
    let mut bytes = [0; 24];
    bytes[..8].copy_from_slice(&value.to_be_bytes());
    bytes[8..].copy_from_slice(id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}
