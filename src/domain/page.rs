//! Parts of a list: which part is asked for, and what is known of its neighbours.

use uuid::Uuid;

use super::time::Timestamp;

/// The way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

impl Order {
    /// The other way round.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }

    /// The word used in documents and cursors.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

/// What a list is sorted by, as it stands in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SortValue {
    /// For lists by time.
    Time(Timestamp),
    /// For lists by name.
    Text(String),
    /// For lists by amount.
    Number(i64),
}

/// A row's place in a sorted list. Rows that sort alike are told apart by their id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyset {
    /// The row's sort value.
    pub value: SortValue,
    /// The row's id.
    pub id: Uuid,
}

/// Which side of a keyset is meant, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The rows that follow.
    After,
    /// The rows that precede; still answered in the order of the list.
    Before,
}

/// Where the part begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// The so-manieth part, from 1.
    Page(u64),
    /// After so many rows.
    Offset(u64),
    /// At the first row, to go on by cursor: like the first page, but the list is not counted.
    Start,
    /// Next to a row seen before: steady while rows come and go.
    Cursor(Side, Keyset),
}

/// The part that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    limit: u32,
    /// Where it begins.
    pub position: Position,
}

impl PageRequest {
    /// Most rows of one part.
    pub const MAX_LIMIT: u32 = 100;
    /// Rows of a part when nothing is said.
    pub const DEFAULT_LIMIT: u32 = 20;

    /// A part of `limit` rows, brought between 1 and [`MAX_LIMIT`](Self::MAX_LIMIT). Refusing others is for whoever reads
    /// the request; here it only must not harm.
    #[must_use]
    pub fn new(limit: u32, position: Position) -> Self {
        Self { limit: limit.clamp(1, Self::MAX_LIMIT), position }
    }

    /// Most rows of this part.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// One row more than asked for: whether it exists tells whether the list goes on.
    #[must_use]
    pub fn rows_to_fetch(&self) -> u64 {
        u64::from(self.limit) + 1
    }

    /// Rows left out at the beginning; `None` where the list is not counted.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        match self.position {
            Position::Page(page) => Some(page.saturating_sub(1).saturating_mul(u64::from(self.limit))),
            Position::Offset(offset) => Some(offset),
            Position::Start | Position::Cursor(..) => None,
        }
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::new(Self::DEFAULT_LIMIT, Position::Page(1))
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the order of the list.
    pub items: Vec<T>,
    /// Rows of the whole list; counted for pages and offsets only.
    pub total: Option<u64>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows precede.
    pub has_prev: bool,
    /// The place after which the next part begins, if there is one.
    pub next: Option<Keyset>,
    /// The place before which the previous part ends, if there is one.
    pub prev: Option<Keyset>,
}

impl<T> Page<T> {
    /// Makes a part from what was fetched for it: up to [`PageRequest::rows_to_fetch`] rows, nearest to the beginning
    /// first, which is backwards for [`Side::Before`].
    #[must_use]
    pub fn of(request: &PageRequest, mut fetched: Vec<T>, total: Option<u64>, keyset: impl Fn(&T) -> Keyset) -> Self {
        let limit = request.limit as usize;
        let more = fetched.len() > limit;
        fetched.truncate(limit);
        let (has_next, has_prev) = match &request.position {
            Position::Cursor(Side::Before, _) => {
                fetched.reverse();
                (!fetched.is_empty(), more)
            }
            Position::Cursor(Side::After, _) => (more, !fetched.is_empty()),
            Position::Start => (more, false),
            Position::Page(_) | Position::Offset(_) => (more, request.offset().is_some_and(|offset| offset > 0)),
        };
        let next = fetched.last().filter(|_| has_next).map(&keyset);
        let prev = fetched.first().filter(|_| has_prev).map(&keyset);
        Self { items: fetched, total, has_next, has_prev, next, prev }
    }

    /// The same part with every row turned into something else.
    #[must_use]
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(convert).collect(),
            total: self.total,
            has_next: self.has_next,
            has_prev: self.has_prev,
            next: self.next,
            prev: self.prev,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyset(row: u64) -> Keyset {
        Keyset { value: SortValue::Text(row.to_string()), id: Uuid::from_u128(u128::from(row)) }
    }

    fn page(limit: u32, position: Position, fetched: &[u64]) -> Page<u64> {
        Page::of(&PageRequest::new(limit, position), fetched.to_vec(), None, |row| keyset(*row))
    }

    #[test]
    fn the_surplus_row_tells_that_the_list_goes_on_and_is_not_shown() {
        let part = page(2, Position::Page(1), &[1, 2, 3]);
        assert_eq!(part.items, [1, 2]);
        assert!(part.has_next && !part.has_prev);
        assert_eq!(part.next, Some(keyset(2)));
        assert_eq!(part.prev, None);
    }

    #[test]
    fn the_last_page_has_no_next() {
        let part = page(2, Position::Page(3), &[5]);
        assert!(!part.has_next && part.has_prev);
        assert_eq!((part.next, part.prev), (None, Some(keyset(5))));
    }

    #[test]
    fn going_back_answers_in_the_order_of_the_list() {
        let part = page(2, Position::Cursor(Side::Before, keyset(5)), &[4, 3, 2]);
        assert_eq!(part.items, [3, 4]);
        assert!(part.has_next && part.has_prev);
        assert_eq!((part.next, part.prev), (Some(keyset(4)), Some(keyset(3))));
    }

    #[test]
    fn going_back_to_the_beginning_has_no_previous() {
        let part = page(2, Position::Cursor(Side::Before, keyset(3)), &[2, 1]);
        assert_eq!(part.items, [1, 2]);
        assert!(part.has_next && !part.has_prev);
    }

    #[test]
    fn starting_by_cursor_has_no_previous_and_counts_nothing() {
        let part = page(2, Position::Start, &[1, 2, 3]);
        assert_eq!((part.items, part.next, part.prev), (vec![1, 2], Some(keyset(2)), None));
        assert_eq!(PageRequest::new(2, Position::Start).offset(), None);
    }

    #[test]
    fn an_empty_part_leads_nowhere_by_cursor() {
        let part = page(2, Position::Cursor(Side::After, keyset(9)), &[]);
        assert!(!part.has_next && !part.has_prev);
        assert_eq!((part.next, part.prev), (None, None));
    }

    #[test]
    fn pages_and_offsets_leave_out_what_precedes_and_never_overflow() {
        assert_eq!(PageRequest::new(20, Position::Page(3)).offset(), Some(40));
        assert_eq!(PageRequest::new(20, Position::Page(0)).offset(), Some(0));
        assert_eq!(PageRequest::new(20, Position::Offset(7)).offset(), Some(7));
        assert_eq!(PageRequest::new(100, Position::Page(u64::MAX)).offset(), Some(u64::MAX));
    }

    #[test]
    fn a_limit_is_brought_between_one_and_a_hundred() {
        assert_eq!(PageRequest::new(0, Position::Page(1)).limit(), 1);
        assert_eq!(PageRequest::new(1000, Position::Page(1)).limit(), 100);
    }
}
