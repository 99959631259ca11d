//! What is in an order: it can be changed while the order is pending, and its stock follows in the same transaction.

use uuid::Uuid;

use super::{NewOrderItem, archived_product, changed, lacking, reach, unknown_product};
use crate::domain::order::{Line, Order, OrderItem, OrderWanted, Quantity};
use crate::domain::page;
use crate::infra::random;
use crate::service::audit::{By, between};
use crate::service::callers::Caller;
use crate::service::error::{Error, Faults, Violation};
use crate::service::idempotency::Keep;
use crate::service::lists::{List, ListRequest};
use crate::service::{Expected, Shop};
use crate::store::Tx;

impl Shop {
    /// A part of the list of an order's items.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Invalid`] for a cursor of another list.
    pub async fn order_items(
        &self,
        caller: &Caller,
        order_id: Uuid,
        order: page::Order,
        request: &ListRequest,
    ) -> Result<List<OrderItem>, Error> {
        let name = format!("order items {order_id} {}", order.as_str());
        let page = self.open_cursor(&name, request)?;
        let store = &self.parts().store;
        let currency = reach(store, caller, order_id, OrderWanted { items: false }).await?.total.currency();
        let found = store.order_items(order_id, currency, order, &page).await?;
        Ok(self.seal_cursors(&name, found))
    }

    /// An item of an order.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn order_item(&self, caller: &Caller, order_id: Uuid, item_id: Uuid) -> Result<OrderItem, Error> {
        let order = reach(&self.parts().store, caller, order_id, OrderWanted::ALL).await?;
        order.item(item_id).cloned().ok_or(Error::Missing)
    }

    /// Adds an item to a pending order, at the price of this moment, and takes its stock.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Invalid`], also for a product that is unknown, not sold, or of another currency,
    /// [`Error::Conflict`] when the order is not pending, is full, or has an item of the product, [`Error::OutOfStock`].
    pub async fn add_order_item(
        &self,
        by: impl Into<By<'_>>,
        order_id: Uuid,
        request: NewOrderItem,
        keep: Keep<'_, OrderItem>,
    ) -> Result<OrderItem, Error> {
        let by = by.into();
        let NewOrderItem { product_id, quantity } = request;
        let mut faults = Faults::default();
        let quantity = faults.check("quantity", Quantity::new(quantity));
        let Some(quantity) = quantity else { return Err(faults.into_error()) };
        let id = random::new_id(&self.parts().clock);

        let tx = self.parts().store.begin().await?;
        let before = reach(&tx, &by, order_id, OrderWanted::ALL).await?;
        before.check_room_for(product_id)?;
        let mut after = before.clone();
        self.touch(&mut after);
        let now = after.updated_at;
        let Some(offer) = tx.take_stock(product_id, quantity.pieces(), now).await? else {
            return Err(why_not(&tx, product_id, quantity.pieces()).await?);
        };
        let item = OrderItem::of(id, offer, quantity, now)?;
        after.add(item.clone())?;
        tx.insert_order_items(order_id, std::slice::from_ref(&item)).await?;
        tx.update_order(&before, &after).await?;
        self.keep(&tx, &keep, &item).await?;
        self.commit_items(tx, by, "order.item_added", &before, &after, product_id).await?;
        Ok(item)
    }

    /// Sets how many of an item's product are bought, at the price that the item has; the stock follows. What changes nothing
    /// leaves the versions alone.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Stale`], [`Error::Invalid`], also for more of a product that is not sold any more,
    /// [`Error::Conflict`] when the order is not pending, [`Error::OutOfStock`].
    pub async fn set_order_item(
        &self,
        by: impl Into<By<'_>>,
        order_id: Uuid,
        item_id: Uuid,
        quantity: i64,
        expected: &Expected,
    ) -> Result<OrderItem, Error> {
        let by = by.into();
        let mut faults = Faults::default();
        let quantity = faults.check("quantity", Quantity::new(quantity));
        let Some(quantity) = quantity else { return Err(faults.into_error()) };

        let tx = self.parts().store.begin().await?;
        let before = reach(&tx, &by, order_id, OrderWanted::ALL).await?;
        let item = before.item(item_id).ok_or(Error::Missing)?;
        expected.check(item_id, item.version)?;
        let mut after = before.clone();
        let more = after.set_quantity(item_id, quantity)?;
        if more == 0 {
            // What was read may be a neighbour's, and must be there for whoever is told of it.
            tx.commit().await?;
            return Ok(item.clone());
        }
        self.touch(&mut after);
        let now = after.updated_at;
        if more < 0 {
            tx.put_back_stock(item.product_id, -more, now).await?;
        } else if tx.take_stock(item.product_id, more, now).await?.is_none() {
            return Err(match why_not(&tx, item.product_id, more).await? {
                // The body says nothing but how many.
                Error::Invalid(_) => Error::Invalid(vec![no_more()]),
                Error::OutOfStock(short) => {
                    let held = item.quantity.pieces();
                    Error::OutOfStock(short.into_iter().map(|shortage| shortage.beside(held)).collect())
                }
                error => error,
            });
        }
        let changed = after.item(item_id).cloned().ok_or(Error::Missing)?;
        tx.update_order_item(order_id, &changed, item.version).await?;
        tx.update_order(&before, &after).await?;
        self.commit_items(tx, by, "order.item_changed", &before, &after, changed.product_id).await?;
        Ok(changed)
    }

    /// Takes an item out of a pending order and puts its stock back.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Stale`], [`Error::Conflict`] when the order is not pending, or has no other item.
    pub async fn remove_order_item(
        &self,
        by: impl Into<By<'_>>,
        order_id: Uuid,
        item_id: Uuid,
        expected: &Expected,
    ) -> Result<(), Error> {
        let by = by.into();
        let tx = self.parts().store.begin().await?;
        let before = reach(&tx, &by, order_id, OrderWanted::ALL).await?;
        expected.check(item_id, before.item(item_id).ok_or(Error::Missing)?.version)?;
        let mut after = before.clone();
        let removed = after.remove(item_id)?;
        self.touch(&mut after);
        tx.put_back_stock(removed.product_id, removed.quantity.pieces(), after.updated_at).await?;
        tx.delete_order_item(order_id, &removed).await?;
        tx.update_order(&before, &after).await?;
        self.commit_items(tx, by, "order.item_removed", &before, &after, removed.product_id).await
    }

    async fn commit_items(
        &self,
        tx: Tx,
        by: By<'_>,
        action: &'static str,
        before: &Order,
        after: &Order,
        product_id: Uuid,
    ) -> Result<(), Error> {
        let event = by.on(Some(after.user_id)).did(action, "order", after.id, between(before, after));
        self.commit(tx, changed(after, [product_id]), vec![event]).await
    }
}

fn no_more() -> Violation {
    Violation::new("quantity", "archived", "must not grow: the product is not sold any more")
}

/// Why the stock of one product was not taken.
async fn why_not(tx: &Tx, product_id: Uuid, pieces: i64) -> Result<Error, Error> {
    let line = Line { product_id, quantity: Quantity::restored(pieces), position: 0 };
    Ok(match lacking(tx, &[line], 0).await? {
        // It stands in the body itself, not in an item of it.
        Error::Invalid(violations) if violations.iter().any(|it| it.code == "archived") => {
            Error::Invalid(vec![archived_product()])
        }
        Error::Invalid(_) => Error::Invalid(vec![unknown_product()]),
        error => error,
    })
}
