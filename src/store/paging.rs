//! Parts of a sorted list, by number or next to a row seen before.

use sea_orm::sea_query::{Asterisk, Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select, Value,
};

use super::Error;
use crate::domain::page::{Keyset, Order, Page, PageRequest, Position, Side, SortValue};
use crate::domain::time::to_micros;

/// What a list is sorted by: a column, and the id for rows that are alike in it. An index over both, in this order, makes
/// every part cost the same.
pub(super) struct Sorting<E: EntityTrait> {
    pub column: E::Column,
    pub id: E::Column,
    pub order: Order,
}

/// Fetches one part of `list`, which filters and does not sort.
pub(super) async fn page<C: ConnectionTrait, E: EntityTrait, M: FromQueryResult + Send + Sync, T>(
    connection: &C,
    list: Select<E>,
    sorting: &Sorting<E>,
    request: &PageRequest,
    convert: impl Fn(M) -> Result<T, Error>,
    keyset: impl Fn(&T) -> Keyset,
) -> Result<Page<T>, Error> {
    let rows = part(list.clone(), sorting, request).into_model::<M>().all(connection).await?;
    let total = match request.offset() {
        Some(offset) => match end_in_sight(request, offset, rows.len() as u64) {
            Some(total) => Some(total),
            None => Some(count(connection, list).await?),
        },
        None => None,
    };
    let items = rows.into_iter().map(convert).collect::<Result<Vec<T>, Error>>()?;
    Ok(Page::of(request, items, total, keyset))
}

/// How long the list is, if this part shows its end: then it need not be counted.
fn end_in_sight(request: &PageRequest, offset: u64, fetched: u64) -> Option<u64> {
    let shows_end = fetched < request.rows_to_fetch() && (fetched > 0 || offset == 0);
    shows_end.then(|| offset.saturating_add(fetched))
}

async fn count<C: ConnectionTrait, E: EntityTrait>(connection: &C, list: Select<E>) -> Result<u64, Error> {
    let count: Option<i64> = counting(list).into_tuple().one(connection).await?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

/// The statement that counts a list; also what the tests of query plans look at.
pub(super) fn counting<E: EntityTrait>(list: Select<E>) -> Select<E> {
    list.select_only().column_as(Expr::col(Asterisk).count(), "total")
}

/// The statement for one part; also what the tests of query plans look at.
pub(super) fn part<E: EntityTrait>(list: Select<E>, sorting: &Sorting<E>, request: &PageRequest) -> Select<E> {
    let (list, order) = match &request.position {
        Position::Cursor(side, keyset) => {
            let order = if *side == Side::After { sorting.order } else { sorting.order.reversed() };
            (list.filter(beyond(sorting, order, keyset)), order)
        }
        Position::Start => (list, sorting.order),
        // A greater offset than fits the database is beyond every row anyway.
        Position::Page(_) | Position::Offset(_) => {
            (list.offset(request.offset().map(|offset| Ord::min(offset, i64::MAX.cast_unsigned()))), sorting.order)
        }
    };
    let direction = match order {
        Order::Ascending => sea_orm::Order::Asc,
        Order::Descending => sea_orm::Order::Desc,
    };
    list.order_by(sorting.column, direction.clone()).order_by(sorting.id, direction).limit(request.rows_to_fetch())
}

/// A comparison of pairs: unlike the same said with AND and OR, databases answer it by one seek in the index.
fn beyond<E: EntityTrait>(sorting: &Sorting<E>, order: Order, keyset: &Keyset) -> Expr {
    let columns = Expr::tuple([Expr::col(sorting.column.as_column_ref()), Expr::col(sorting.id.as_column_ref())]);
    let place = Expr::tuple([Expr::value(sort_value(&keyset.value)), Expr::value(keyset.id)]);
    match order {
        Order::Ascending => columns.gt(place),
        Order::Descending => columns.lt(place),
    }
}

/// Whether a row is in one of these versions.
pub(super) fn one_of(version: impl ColumnTrait, versions: &[i64]) -> Expr {
    // Of an empty list SeaORM would make a comparison of two parameters, whose types no database can tell.
    if versions.is_empty() { Expr::cust("1 = 0") } else { version.is_in(versions.iter().copied()) }
}

fn sort_value(value: &SortValue) -> Value {
    match value {
        SortValue::Time(moment) => to_micros(*moment).into(),
        SortValue::Text(text) => text.as_str().into(),
        SortValue::Number(number) => (*number).into(),
    }
}
