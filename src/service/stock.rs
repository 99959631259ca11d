//! Stock: adding, taking, and the ledger that says why.

use uuid::Uuid;

use super::Shop;
use super::audit::{By, added};
use super::callers::Caller;
use super::error::{Conflict, Error, Faults, Violation};
use super::idempotency::Keep;
use super::lists::{List, ListRequest};
use crate::domain::page::Order;
use crate::domain::product::Wanted;
use crate::domain::stock::{Delta, Reason, Refusal, StockAdjustment};
use crate::infra::random;
use crate::store::Tx;

/// Stock to be added or taken.
#[derive(Debug, Clone)]
pub struct NewStockAdjustment {
    /// How many pieces; negative where they are taken.
    pub delta: i64,
    /// Why.
    pub reason: String,
}

impl Shop {
    /// Adds to a product's stock, or takes from it. Whether there is enough is decided in the statement that writes it.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `catalog:write`, [`Error::Missing`], [`Error::Invalid`], also for more than can be
    /// in stock, [`Error::Conflict`] for more than there is.
    pub async fn adjust_stock(
        &self,
        by: impl Into<By<'_>>,
        product_id: Uuid,
        request: NewStockAdjustment,
        keep: Keep<'_, StockAdjustment>,
    ) -> Result<StockAdjustment, Error> {
        let by = by.into();
        by.keeps_catalog()?;
        let mut faults = Faults::default();
        let delta = faults.check("delta", Delta::new(request.delta));
        let reason = faults.check("reason", Reason::parse(&request.reason));
        let (Some(delta), Some(reason)) = (delta, reason) else { return Err(faults.into_error()) };

        let tx = self.parts().store.begin().await?;
        // Asked for the time by one writer after the other, the ledger is in the order in which the stock changed.
        let clock = &self.parts().clock;
        let (id, now) = (random::new_id(clock), clock.now());
        let Some(stock_after) = tx.adjust_stock(product_id, delta, now).await? else {
            return Err(refused(&tx, product_id, delta).await?);
        };
        let actor_id = Some(by.id());
        let line = StockAdjustment { id, product_id, delta, reason, stock_after, actor_id, created_at: now };
        tx.insert_stock_adjustment(&line).await?;
        self.keep(&tx, &keep, &line).await?;
        let event = by.on(None).did("stock.adjusted", "stock_adjustment", line.id, added(&line));
        self.commit_product(tx, product_id, event).await?;
        Ok(line)
    }

    /// A part of a product's ledger.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `catalog:write`, [`Error::Missing`] when the product is not there,
    /// [`Error::Invalid`] for a cursor of another list.
    pub async fn stock_adjustments(
        &self,
        caller: &Caller,
        product_id: Uuid,
        order: Order,
        request: &ListRequest,
    ) -> Result<List<StockAdjustment>, Error> {
        caller.keeps_catalog()?;
        let name = format!("stock adjustments {product_id} {}", order.as_str());
        let page = self.open_cursor(&name, request)?;
        let found = self.parts().store.stock_adjustments_of(product_id, order, &page).await?;
        // A line in it says that the product is there.
        if found.items.is_empty() && !self.parts().store.has_product(product_id).await? {
            return Err(Error::Missing);
        }
        Ok(self.seal_cursors(&name, found))
    }

    /// A line of a product's ledger.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `catalog:write`, [`Error::Missing`].
    pub async fn stock_adjustment(
        &self,
        caller: &Caller,
        product_id: Uuid,
        id: Uuid,
    ) -> Result<StockAdjustment, Error> {
        caller.keeps_catalog()?;
        self.parts().store.stock_adjustment(product_id, id).await?.ok_or(Error::Missing)
    }
}

/// Why stock was not adjusted.
async fn refused(tx: &Tx, product_id: Uuid, delta: Delta) -> Result<Error, Error> {
    let product = tx.product(product_id, Wanted { description: false }).await?.ok_or(Error::Missing)?;
    Ok(match product.stock.apply(delta) {
        Err(Refusal::Insufficient { available }) => {
            Error::Conflict(Conflict::InsufficientStock { available: available.pieces() })
        }
        Err(refusal @ Refusal::TooMuch { .. }) => {
            Error::Invalid(vec![Violation::new("delta", "maximum", format!("must be less: {refusal}"))])
        }
        // Where others write as well, somebody has changed it since.
        Ok(_) => Error::Collided,
    })
}
