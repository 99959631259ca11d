//! Orders: placing, reading, saying something about them. What is in them is in `items`, what becomes of them in `steps`.

mod items;
mod steps;
mod sweeper;

use chrono::TimeDelta;
use uuid::Uuid;

pub use self::steps::NewTransition;
use super::Shop;
use super::audit::{By, added, between};
use super::callers::{Caller, Changed, Resource};
use super::error::{Conflict, Denial, Error, Faults, Shortage, Violation};
use super::idempotency::Keep;
use super::lists::{List, ListRequest};
use super::users::{Change, Expected};
use crate::domain::access::ORDERS_MANAGE;
use crate::domain::order::{
    Basket, BasketFlaw, Line, Note, Offer, Order, OrderFilter, OrderItem, OrderSort, OrderWanted, Refusal, Status,
    Transition,
};
use crate::domain::page;
use crate::domain::product::ProductStatus;
use crate::domain::time::Timestamp;
use crate::infra::random;
use crate::store::{Db, Link, Tx};

/// An order to be placed.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// What is bought; what is mentioned repeatedly is added up.
    pub items: Vec<NewOrderItem>,
    /// What the buyer wants to say; blank is the same as nothing.
    pub note: Option<String>,
}

/// Some of one product.
#[derive(Debug, Clone, Copy)]
pub struct NewOrderItem {
    /// Which.
    pub product_id: Uuid,
    /// How many.
    pub quantity: i64,
}

impl Shop {
    /// Places an order for the caller's account, or for any with the scope `orders:manage`: takes prices and stock as they are
    /// at this moment, all or nothing.
    ///
    /// # Errors
    /// [`Error::Missing`] for an account that is not there or not to be reached, [`Error::Gone`] when it is the caller's own,
    /// [`Error::Invalid`], also for products that are unknown, not sold, or of another currency than the first,
    /// [`Error::OutOfStock`].
    pub async fn place_order(
        &self,
        by: impl Into<By<'_>>,
        user_id: Uuid,
        request: NewOrder,
        keep: Keep<'_, Order>,
    ) -> Result<Order, Error> {
        let by = by.into();
        by.reaches(user_id, ORDERS_MANAGE)?;
        let (basket, note) = request.check()?;
        let lines = basket.by_product();
        let clock = &self.parts().clock;
        let ids = self.ids(lines.len());
        let (id, first_step) = (random::new_id(clock), random::new_id(clock));

        let tx = self.parts().store.begin().await?;
        let now = clock.now();
        let bought = take(&tx, &lines, now).await?;
        let order = compose(id, user_id, bought, ids, note, now)?;
        if !tx.insert_order(&order).await? {
            return Err(if by.id() == user_id { Error::Gone } else { Error::Missing });
        }
        let author = by.on(Some(user_id));
        let (order_id, to, actor, actor_id) = (id, order.status, author.actor(), author.id());
        let placed =
            Transition { id: first_step, order_id, from: None, to, actor, actor_id, note: None, created_at: now };
        tx.insert_order_transition(&placed).await?;
        self.keep(&tx, &keep, &order).await?;
        let event = author.did("order.placed", "order", id, added(&order));
        self.commit(tx, changed(&order, lines.iter().map(|line| line.product_id)), vec![event]).await?;
        Ok(order)
    }

    /// Ids for things that are made at once and shown in this order.
    fn ids(&self, count: usize) -> Vec<Uuid> {
        let mut ids: Vec<Uuid> = (0..count).map(|_| random::new_id(&self.parts().clock)).collect();
        ids.sort_unstable();
        ids
    }

    /// A part of the list of the caller's orders, or of everybody's with the scope `orders:manage`.
    ///
    /// # Errors
    /// [`Error::Denied`] when another account's are asked for without it, [`Error::Invalid`] for a cursor of another list.
    pub async fn orders(
        &self,
        caller: &Caller,
        filter: OrderFilter,
        sorting: (OrderSort, page::Order),
        request: &ListRequest,
        wanted: OrderWanted,
    ) -> Result<List<Order>, Error> {
        let mut filter = filter;
        if !caller.has_scope(ORDERS_MANAGE) {
            if filter.user_id.is_some_and(|user_id| user_id != caller.id()) {
                return Err(Error::Denied(Denial::OthersOrders));
            }
            filter.user_id = Some(caller.id());
        }
        self.list_orders(&filter, sorting, request, wanted).await
    }

    /// A part of the list of an account's orders: the caller's own, or any with the scope `orders:manage`.
    ///
    /// # Errors
    /// [`Error::Missing`] for an account that is not there or not to be reached, [`Error::Invalid`] for a cursor of another
    /// list.
    pub async fn user_orders(
        &self,
        caller: &Caller,
        user_id: Uuid,
        filter: OrderFilter,
        sorting: (OrderSort, page::Order),
        request: &ListRequest,
        wanted: OrderWanted,
    ) -> Result<List<Order>, Error> {
        self.buyer(caller, user_id).await?;
        let filter = OrderFilter { user_id: Some(user_id), ..filter };
        self.list_orders(&filter, sorting, request, wanted).await
    }

    async fn list_orders(
        &self,
        filter: &OrderFilter,
        (sort, order): (OrderSort, page::Order),
        request: &ListRequest,
        wanted: OrderWanted,
    ) -> Result<List<Order>, Error> {
        let name = format!("orders {filter:?} {sort:?} {}", order.as_str());
        let page = self.open_cursor(&name, request)?;
        let found = self.parts().store.orders(filter, sort, order, &page, wanted).await?;
        Ok(self.seal_cursors(&name, found))
    }

    /// Whether an account is there and its orders can be reached.
    async fn buyer(&self, caller: &Caller, user_id: Uuid) -> Result<(), Error> {
        caller.reaches(user_id, ORDERS_MANAGE)?;
        if caller.id() != user_id && self.parts().store.user(user_id).await?.is_none() {
            return Err(Error::Missing);
        }
        Ok(())
    }

    /// An order: one of the caller's own, or any with the scope `orders:manage`.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn order(&self, caller: &Caller, id: Uuid, wanted: OrderWanted) -> Result<Order, Error> {
        reach(&self.parts().store, caller, id, wanted).await
    }

    /// An order of an account.
    ///
    /// # Errors
    /// [`Error::Missing`], also for an order of another account.
    pub async fn user_order(
        &self,
        caller: &Caller,
        user_id: Uuid,
        id: Uuid,
        wanted: OrderWanted,
    ) -> Result<Order, Error> {
        self.buyer(caller, user_id).await?;
        let order = self.order(caller, id, wanted).await?;
        if order.user_id == user_id { Ok(order) } else { Err(Error::Missing) }
    }

    /// Changes what is said about an order. What changes nothing leaves the version alone.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Stale`], [`Error::Invalid`].
    pub async fn update_order(
        &self,
        by: impl Into<By<'_>>,
        id: Uuid,
        note: Change<String>,
        expected: &Expected,
    ) -> Result<Order, Error> {
        let by = by.into();
        let mut faults = Faults::default();
        let note = note.and_then(|raw| faults.check("note", Note::parse(&raw)).flatten());
        faults.settle()?;
        let tx = self.parts().store.begin().await?;
        let before = reach(&tx, &by, id, OrderWanted::ALL).await?;
        expected.check(id, before.version)?;
        let mut after = before.clone();
        after.note = note.apply(before.note.as_ref());
        if after == before {
            // What was read may be a neighbour's, and must be there for whoever is told of it.
            tx.commit().await?;
            return Ok(before);
        }
        self.touch(&mut after);
        tx.update_order(&before, &after).await?;
        let event = by.on(Some(after.user_id)).did("order.updated", "order", id, between(&before, &after));
        self.commit(tx, changed(&after, []), vec![event]).await?;
        Ok(after)
    }

    /// What a caller could make of an order now.
    #[must_use]
    pub fn steps_of(&self, caller: &Caller, order: &Order) -> Vec<Status> {
        self.parts().workflow.allowed(order.status, |scope| caller.has_scope(scope))
    }

    /// When an order is cancelled by itself, if it stays as it is.
    #[must_use]
    pub fn expiry_of(&self, order: &Order) -> Option<Timestamp> {
        let expiry = TimeDelta::from_std(self.parts().options.order_expiry).ok()?;
        (order.status == Status::Pending).then(|| order.created_at.checked_add_signed(expiry)).flatten()
    }

    /// A new version of an order. It is later than the one before whatever the clock says, so that an order's history is in
    /// the order in which it happened.
    fn touch(&self, order: &mut Order) {
        order.version += 1;
        order.updated_at = self.parts().clock.now().max(order.updated_at + TimeDelta::microseconds(1));
    }
}

/// An order that the caller can reach.
async fn reach<L: Link>(db: &Db<L>, caller: &Caller, id: Uuid, wanted: OrderWanted) -> Result<Order, Error> {
    let order = db.order(id, wanted).await?.ok_or(Error::Missing)?;
    caller.reaches(order.user_id, ORDERS_MANAGE)?;
    Ok(order)
}

/// What is another now: the order, and the products whose stock it took or put back.
fn changed(order: &Order, products: impl IntoIterator<Item = Uuid>) -> Changed {
    let products = products.into_iter().map(|id| (Resource::Product, id));
    Changed { resources: products.chain([(Resource::Order, order.id)]).collect(), ..Changed::default() }
}

/// Takes the stock of each line.
async fn take(tx: &Tx, lines: &[Line], now: Timestamp) -> Result<Vec<(Line, Offer)>, Error> {
    let mut bought = Vec::with_capacity(lines.len());
    for line in lines {
        match tx.take_stock(line.product_id, line.quantity.pieces(), now).await? {
            Some(offer) => bought.push((*line, offer)),
            None => return Err(lacking(tx, lines, bought.len()).await?),
        }
    }
    Ok(bought)
}

/// Why stock was not taken. What the first `taken` lines took is not gone: it is put back when the transaction ends.
async fn lacking(tx: &Tx, lines: &[Line], taken: usize) -> Result<Error, Error> {
    let found = tx.available(lines.iter().map(|line| line.product_id)).await?;
    let (mut violations, mut shortages) = (Vec::new(), Vec::new());
    for (place, line) in lines.iter().enumerate() {
        let wanted = line.quantity.pieces();
        match found.iter().find(|product| product.product_id == line.product_id) {
            None => violations.push((line.position, unknown_product())),
            Some(product) if product.status == ProductStatus::Archived => {
                violations.push((line.position, archived_product()));
            }
            Some(product) => {
                let available = if place < taken { product.pieces + wanted } else { product.pieces };
                if available < wanted {
                    shortages.push((line.position, Shortage { product_id: line.product_id, wanted, available }));
                }
            }
        }
    }
    if violations.is_empty() && shortages.is_empty() {
        // Where others write as well, somebody has put pieces back since.
        return Ok(Error::Collided);
    }
    violations.sort_by_key(|(position, _)| *position);
    shortages.sort_by_key(|(position, _)| *position);
    Ok(if violations.is_empty() {
        Error::OutOfStock(shortages.into_iter().map(|(_, shortage)| shortage).collect())
    } else {
        Error::Invalid(violations.into_iter().map(|(position, it)| it.in_item(position)).collect())
    })
}

fn unknown_product() -> Violation {
    Violation::new("product_id", "unknown", "must be the id of a product that exists")
}

fn archived_product() -> Violation {
    Violation::new("product_id", "archived", "must be the id of a product that is sold; this one no longer is")
}

/// The order of what was bought, in the order in which it was mentioned.
fn compose(
    id: Uuid,
    user_id: Uuid,
    mut bought: Vec<(Line, Offer)>,
    ids: Vec<Uuid>,
    note: Option<Note>,
    now: Timestamp,
) -> Result<Order, Error> {
    bought.sort_unstable_by_key(|(line, _)| line.position);
    let positions: Vec<usize> = bought.iter().map(|(line, _)| line.position).collect();
    let items = bought.into_iter().zip(ids).map(|((line, offer), id)| OrderItem::of(id, offer, line.quantity, now));
    let placed = items.collect::<Result<_, _>>().and_then(|items| Order::place(id, user_id, items, note, now));
    placed.map_err(|refusal| match refusal {
        Refusal::Currency(places) => {
            let at = |place: usize| positions.get(place).copied().unwrap_or_default();
            Error::Invalid(places.into_iter().map(|place| mixed_currency().in_item(at(place))).collect())
        }
        refusal => refusal.into(),
    })
}

fn mixed_currency() -> Violation {
    Violation::new("product_id", "mixed_currency", "must cost the same currency as the rest of the order")
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Currency(_) => Self::Invalid(vec![mixed_currency()]),
            Refusal::TooDear => Self::Invalid(vec![Violation::new("items", "maximum", "must cost less altogether")]),
            Refusal::NotPending(status) => Self::Conflict(Conflict::OrderNotPending(status)),
            Refusal::LastItem => Self::Conflict(Conflict::OrderEmpty),
            Refusal::Full => Self::Conflict(Conflict::OrderFull),
            Refusal::InOrder => Self::Conflict(Conflict::ProductInOrder),
            Refusal::NoItem => Self::Missing,
        }
    }
}

impl NewOrder {
    fn check(self) -> Result<(Basket, Option<Note>), Error> {
        let mut faults = Faults::default();
        let wanted: Vec<(Uuid, i64)> = self.items.iter().map(|item| (item.product_id, item.quantity)).collect();
        let basket = Basket::new(&wanted).map_err(|flaws| {
            for flaw in flaws {
                faults.note(match flaw {
                    BasketFlaw::Quantity(position, flaw) => Violation::of("quantity", flaw).in_item(position),
                    BasketFlaw::Size(flaw) => Violation::of("items", flaw),
                });
            }
        });
        let note = self.note.as_deref().map_or(Ok(None), Note::parse);
        let note = faults.check("note", note);
        match (basket, note) {
            (Ok(basket), Some(note)) => Ok((basket, note)),
            _ => Err(faults.into_error()),
        }
    }
}
