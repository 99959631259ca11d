//! What becomes of an order: the steps of the workflow, who takes them, and what they do to stock.

use uuid::Uuid;

use super::{changed, reach, take};
use crate::domain::order::{Line, Note, Order, OrderWanted, Status, Step, StockEffect, Transition};
use crate::domain::page;
use crate::domain::time::Timestamp;
use crate::infra::random;
use crate::service::audit::{Author, By, between};
use crate::service::callers::Caller;
use crate::service::error::{Error, Faults};
use crate::service::idempotency::Keep;
use crate::service::lists::{List, ListRequest};
use crate::service::{Expected, Shop};
use crate::store::Tx;

/// A step that somebody wants an order to take.
#[derive(Debug, Clone)]
pub struct NewTransition {
    /// Where it leads.
    pub to: Status,
    /// What is to be said about it; blank is the same as nothing.
    pub note: Option<String>,
}

impl Shop {
    /// A part of an order's history.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Invalid`] for a cursor of another list.
    pub async fn order_transitions(
        &self,
        caller: &Caller,
        order_id: Uuid,
        order: page::Order,
        request: &ListRequest,
    ) -> Result<List<Transition>, Error> {
        let name = format!("order transitions {order_id} {}", order.as_str());
        let page = self.open_cursor(&name, request)?;
        let store = &self.parts().store;
        reach(store, caller, order_id, OrderWanted { items: false }).await?;
        let found = store.order_transitions(order_id, order, &page).await?;
        Ok(self.seal_cursors(&name, found))
    }

    /// A line of an order's history.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn order_transition(&self, caller: &Caller, order_id: Uuid, id: Uuid) -> Result<Transition, Error> {
        let store = &self.parts().store;
        reach(store, caller, order_id, OrderWanted { items: false }).await?;
        store.order_transition(order_id, id).await?.ok_or(Error::Missing)
    }

    /// Lets an order take a step of the workflow.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Invalid`], [`Error::NoStep`] for any that this caller cannot let it take now,
    /// [`Error::OutOfStock`] when the step takes stock that is not there.
    pub async fn take_step(
        &self,
        by: impl Into<By<'_>>,
        order_id: Uuid,
        request: NewTransition,
        keep: Keep<'_, Transition>,
    ) -> Result<Transition, Error> {
        let by = by.into();
        let mut faults = Faults::default();
        let note = faults.check("note", request.note.as_deref().map_or(Ok(None), Note::parse));
        let Some(note) = note else { return Err(faults.into_error()) };
        let tx = self.parts().store.begin().await?;
        let order = reach(&tx, &by, order_id, OrderWanted::ALL).await?;
        let step = self.step_for(&by, &order, request.to)?;
        let taken = self.advance(&tx, by.on(Some(order.user_id)), order, step, note).await?;
        self.keep(&tx, &keep, &taken.line).await?;
        self.commit_step(tx, by.on(Some(taken.after.user_id)), &taken).await?;
        Ok(taken.line)
    }

    /// Cancels an order, as long as it is pending.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Stale`], [`Error::NoStep`] for an order that is not pending, or that this caller cannot
    /// cancel.
    pub async fn cancel_order(&self, by: impl Into<By<'_>>, id: Uuid, expected: &Expected) -> Result<(), Error> {
        let by = by.into();
        let tx = self.parts().store.begin().await?;
        let order = reach(&tx, &by, id, OrderWanted::ALL).await?;
        expected.check(id, order.version)?;
        if order.status != Status::Pending {
            return Err(Error::NoStep { allowed: self.steps_of(&by, &order) });
        }
        let step = self.step_for(&by, &order, Status::Cancelled)?;
        let author = by.on(Some(order.user_id));
        let taken = self.advance(&tx, author, order, step, None).await?;
        self.commit_step(tx, author, &taken).await
    }

    fn step_for(&self, caller: &Caller, order: &Order, to: Status) -> Result<&Step, Error> {
        let step = self.parts().workflow.step(order.status, to);
        let step = step.filter(|step| step.admits(|scope| caller.has_scope(scope)));
        step.ok_or_else(|| Error::NoStep { allowed: self.steps_of(caller, order) })
    }

    /// Takes a step: status, stock and history.
    pub(super) async fn advance(
        &self,
        tx: &Tx,
        author: Author<'_>,
        before: Order,
        step: &Step,
        note: Option<Note>,
    ) -> Result<Taken, Error> {
        let mut after = before.clone();
        after.status = step.to;
        self.touch(&mut after);
        let now = after.updated_at;
        tx.update_order(&before, &after).await?;
        let products = match step.stock {
            StockEffect::None => Vec::new(),
            StockEffect::Take => {
                let lines = lines(&before);
                take(tx, &lines, now).await?;
                lines
            }
            StockEffect::PutBack => put_back(tx, lines(&before), now).await?,
        };
        let line = Transition {
            id: random::new_id(&self.parts().clock),
            order_id: before.id,
            from: Some(before.status),
            to: step.to,
            actor: author.actor(),
            actor_id: author.id(),
            note,
            created_at: now,
        };
        tx.insert_order_transition(&line).await?;
        Ok(Taken { before, after, line, products: products.into_iter().map(|line| line.product_id).collect() })
    }

    pub(super) async fn commit_step(&self, tx: Tx, author: Author<'_>, taken: &Taken) -> Result<(), Error> {
        let Taken { before, after, line: _, products } = taken;
        let event = author.did(action(after.status), "order", after.id, between(before, after));
        self.commit(tx, changed(after, products.iter().copied()), vec![event]).await
    }
}

/// A step that was taken.
pub(super) struct Taken {
    before: Order,
    after: Order,
    line: Transition,
    products: Vec<Uuid>,
}

/// What an order holds, in the order of the products' ids: whoever changes stock in this order waits for nobody who waits for
/// it.
fn lines(order: &Order) -> Vec<Line> {
    let line = |(position, item): (usize, &crate::domain::order::OrderItem)| Line {
        product_id: item.product_id,
        quantity: item.quantity,
        position,
    };
    let mut lines: Vec<Line> = order.items.iter().enumerate().map(line).collect();
    lines.sort_unstable_by_key(|line| line.product_id);
    lines
}

async fn put_back(tx: &Tx, lines: Vec<Line>, now: Timestamp) -> Result<Vec<Line>, Error> {
    for line in &lines {
        tx.put_back_stock(line.product_id, line.quantity.pieces(), now).await?;
    }
    Ok(lines)
}

/// What the audit trail calls the step to a state.
fn action(to: Status) -> &'static str {
    match to {
        Status::Pending => "order.reopened",
        Status::Paid => "order.paid",
        Status::Shipped => "order.shipped",
        Status::Delivered => "order.delivered",
        Status::Cancelled => "order.cancelled",
        Status::Refunded => "order.refunded",
    }
}
