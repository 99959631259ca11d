//! Orders with their items, and their history.

mod stock;
pub(super) mod writing;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, SelectTwo};
use uuid::Uuid;

use super::paging::{self, Sorting};
use super::rows::order::{self as row, Column};
use super::rows::{order_item, order_transition};
use super::{Db, Error, Link};
use crate::domain::money::Currency;
use crate::domain::order::{Order, OrderFilter, OrderItem, OrderSort, OrderWanted, Status, Transition};
use crate::domain::page::{self, Keyset, Page, PageRequest, SortValue};
use crate::domain::time::{Timestamp, to_micros};

pub use stock::Available;

impl<L: Link> Db<L> {
    /// The order with this id.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn order(&self, id: Uuid, wanted: OrderWanted) -> Result<Option<Order>, Error> {
        let order = self.link.hold(row::Entity::find_by_id(id));
        if !wanted.items {
            return order.one(self.connection()).await?.map(Order::try_from).transpose();
        }
        // Held first: what is read with the lock is the newest order, but its items would be as old as the statement.
        if self.link.holds() && order.one(self.connection()).await?.is_none() {
            return Ok(None);
        }
        Ok(self.whole_orders([id]).await?.remove(&id))
    }

    /// A part of the list of orders.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn orders(
        &self,
        filter: &OrderFilter,
        sort: OrderSort,
        order: page::Order,
        request: &PageRequest,
        wanted: OrderWanted,
    ) -> Result<Page<Order>, Error> {
        let convert = |row: row::Model| Order::try_from(row);
        let keyset = |order: &Order| keyset(order, sort);
        let sorting = sorting(sort, order);
        let mut page = paging::page(self.connection(), filtered(filter), &sorting, request, convert, keyset).await?;
        if wanted.items {
            self.fill_orders(&mut page.items).await?;
        }
        Ok(page)
    }

    /// Reads orders again that were read without items, with theirs.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn fill_orders(&self, orders: &mut [Order]) -> Result<(), Error> {
        if orders.is_empty() {
            return Ok(());
        }
        let mut whole = self.whole_orders(orders.iter().map(|order| order.id)).await?;
        for order in orders {
            if let Some(whole) = whole.remove(&order.id) {
                *order = whole;
            }
        }
        Ok(())
    }

    /// Orders with their items, in one statement: between two, the order could become another, and its total not be its
    /// items'.
    async fn whole_orders(&self, ids: impl IntoIterator<Item = Uuid>) -> Result<HashMap<Uuid, Order>, Error> {
        let mut orders: HashMap<Uuid, Order> = HashMap::new();
        for (order, item) in whole(ids).all(self.connection()).await? {
            let order = match orders.entry(order.id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(Order::try_from(order)?),
            };
            if let Some(item) = item {
                order.items.push(item.into_item(order.total.currency())?);
            }
        }
        Ok(orders)
    }

    /// A part of the list of an order's items, by age. The currency is the order's.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn order_items(
        &self,
        order_id: Uuid,
        currency: Currency,
        order: page::Order,
        request: &PageRequest,
    ) -> Result<Page<OrderItem>, Error> {
        let list = items_of(order_id);
        let convert = |row: order_item::Model| row.into_item(currency);
        let keyset = |item: &OrderItem| Keyset { value: SortValue::Time(item.created_at), id: item.id };
        paging::page(self.connection(), list, &item_sorting(order), request, convert, keyset).await
    }

    /// A part of an order's history, by age.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn order_transitions(
        &self,
        order_id: Uuid,
        order: page::Order,
        request: &PageRequest,
    ) -> Result<Page<Transition>, Error> {
        let list = transitions_of(order_id);
        let convert = |row: order_transition::Model| Transition::try_from(row);
        let keyset = |line: &Transition| Keyset { value: SortValue::Time(line.created_at), id: line.id };
        paging::page(self.connection(), list, &transition_sorting(order), request, convert, keyset).await
    }

    /// A line of an order's history.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn order_transition(&self, order_id: Uuid, id: Uuid) -> Result<Option<Transition>, Error> {
        let line = transitions_of(order_id).filter(order_transition::Column::Id.eq(id));
        line.one(self.connection()).await?.map(Transition::try_from).transpose()
    }

    /// Whether any order has an item of this product.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn is_ordered(&self, product_id: Uuid) -> Result<bool, Error> {
        let found = order_item::Entity::find().filter(order_item::Column::ProductId.eq(product_id));
        let found = found.select_only().column(order_item::Column::Quantity).into_tuple::<i64>();
        Ok(found.one(self.connection()).await?.is_some())
    }

    /// Pending orders placed before a moment, oldest first: those that come behind `after`, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Broken`].
    pub async fn overdue_orders(
        &self,
        moment: Timestamp,
        after: Option<Keyset>,
        limit: u32,
    ) -> Result<Vec<Keyset>, Error> {
        let position = after.map_or(page::Position::Start, |place| page::Position::Cursor(page::Side::After, place));
        let request = PageRequest::new(limit, position);
        let sorting = sorting(OrderSort::CreatedAt, page::Order::Ascending);
        let list = paging::part(overdue(moment), &sorting, &request);
        let rows = list.all(self.connection()).await?;
        rows.into_iter().map(|row| Ok(keyset(&Order::try_from(row)?, OrderSort::CreatedAt))).collect()
    }
}

/// Orders beside their items, those of each by age.
pub(super) fn whole(ids: impl IntoIterator<Item = Uuid>) -> SelectTwo<row::Entity, order_item::Entity> {
    let orders = row::Entity::find().filter(Column::Id.is_in(ids)).find_also_related(order_item::Entity);
    // As the items lie in their table: nothing is to be sorted.
    orders
        .order_by_asc(order_item::Column::OrderId)
        .order_by_asc(order_item::Column::CreatedAt)
        .order_by_asc(order_item::Column::Id)
}

pub(super) fn overdue(moment: Timestamp) -> Select<row::Entity> {
    filtered(&OrderFilter { status: Some(Status::Pending), created_before: Some(moment), ..OrderFilter::default() })
}

pub(super) fn filtered(filter: &OrderFilter) -> Select<row::Entity> {
    row::Entity::find()
        .apply_if(filter.user_id, |list, id| list.filter(Column::UserId.eq(id)))
        .apply_if(filter.status, |list, status| list.filter(Column::Status.eq(status.as_str())))
        .apply_if(filter.created_after, |list, moment| list.filter(Column::CreatedAt.gt(to_micros(moment))))
        .apply_if(filter.created_before, |list, moment| list.filter(Column::CreatedAt.lt(to_micros(moment))))
}

pub(super) fn sorting(sort: OrderSort, order: page::Order) -> Sorting<row::Entity> {
    let column = match sort {
        OrderSort::CreatedAt => Column::CreatedAt,
        OrderSort::Total => Column::TotalAmount,
    };
    Sorting { column, id: Column::Id, order }
}

fn keyset(order: &Order, sort: OrderSort) -> Keyset {
    let value = match sort {
        OrderSort::CreatedAt => SortValue::Time(order.created_at),
        OrderSort::Total => SortValue::Number(order.total.amount()),
    };
    Keyset { value, id: order.id }
}

pub(super) fn items_of(order_id: Uuid) -> Select<order_item::Entity> {
    order_item::Entity::find().filter(order_item::Column::OrderId.eq(order_id))
}

pub(super) fn item_sorting(order: page::Order) -> Sorting<order_item::Entity> {
    Sorting { column: order_item::Column::CreatedAt, id: order_item::Column::Id, order }
}

pub(super) fn transitions_of(order_id: Uuid) -> Select<order_transition::Entity> {
    order_transition::Entity::find().filter(order_transition::Column::OrderId.eq(order_id))
}

pub(super) fn transition_sorting(order: page::Order) -> Sorting<order_transition::Entity> {
    Sorting { column: order_transition::Column::CreatedAt, id: order_transition::Column::Id, order }
}
