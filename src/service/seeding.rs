//! Adding much at once that is made up beforehand, leaving alone what is there.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::SecretString;
use uuid::Uuid;

use super::{Error, Shop};
use crate::domain::category::Category;
use crate::domain::order::{Order, StockEffect, Transition};
use crate::domain::product::Product;
use crate::domain::stock::{Delta, Reason, Stock, StockAdjustment};
use crate::domain::user::User;
use crate::infra::passwords::Asker;
use crate::store::Tx;

/// How long before the first order that holds it something is delivered.
const DELIVERED_BEFORE: TimeDelta = TimeDelta::hours(1);
/// Why it is.
const DELIVERY: &str = "delivery for orders";

/// A product with the ledger that leads to its stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stocked {
    /// The product.
    pub product: Product,
    /// Its lines; their sum is the stock.
    pub ledger: Vec<StockAdjustment>,
}

/// An order with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sold {
    /// The order.
    pub order: Order,
    /// Its history; the last line leads to its state.
    pub history: Vec<Transition>,
    /// For each item an id that the line of the ledger gets by which its product came into the house, if there is to be one.
    pub supplies: Vec<Uuid>,
}

impl Shop {
    /// The hash under which accounts with this password are added.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn hash_password(&self, password: SecretString) -> Result<String, Error> {
        Ok(self.parts().passwords.hash(Asker::House, password).await?)
    }

    /// Adds those accounts whose ids, addresses and names are new, in one transaction; tells how many.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn add_missing_users(&self, users: &[User], password_hash: &str) -> Result<usize, Error> {
        let tx = self.begin_many().await?;
        let added = tx.add_missing_users(users, password_hash).await?;
        self.commit_many(tx).await?;
        Ok(added)
    }

    /// Adds those categories whose ids and slugs are new, in one transaction; tells how many.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn add_missing_categories(&self, categories: &[Category]) -> Result<usize, Error> {
        let tx = self.begin_many().await?;
        let added = tx.add_missing_categories(categories).await?;
        self.commit_many(tx).await?;
        Ok(added)
    }

    /// Adds those products whose ids and SKUs are new, with their ledgers, in one transaction; tells how many.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`], also for a category that is not there.
    pub async fn add_missing_products(&self, products: &[Stocked]) -> Result<usize, Error> {
        let tx = self.begin_many().await?;
        let added = tx.add_missing_products(products.iter().map(|stocked| &stocked.product)).await?;
        let new = products.iter().filter(|stocked| added.contains(&stocked.product.id));
        tx.add_stock_adjustments(new.flat_map(|stocked| &stocked.ledger)).await?;
        self.commit_many(tx).await?;
        Ok(added.len())
    }

    /// Adds those orders whose ids are new and whose accounts and products are there, with their histories, in one
    /// transaction; tells how many. What they hold is delivered just before the first of them, so that no product has less in
    /// stock for it, and what is there is still what the ledger says less what orders hold.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn add_missing_orders(&self, orders: &[Sold]) -> Result<usize, Error> {
        let tx = self.begin_many().await?;
        let buyers = tx.known_users(orders.iter().map(|sold| sold.order.user_id).collect()).await?;
        let products = orders.iter().flat_map(|sold| &sold.order.items).map(|item| item.product_id).collect();
        let stocks = tx.stocks(products).await?;
        let possible = orders.iter().filter(|Sold { order, .. }| {
            buyers.contains(&order.user_id) && order.items.iter().all(|item| stocks.contains_key(&item.product_id))
        });
        let added = tx.add_missing_orders(possible.map(|sold| &sold.order)).await?;
        let new = || orders.iter().filter(|sold| added.contains(&sold.order.id));
        tx.add_order_transitions(new().flat_map(|sold| &sold.history)).await?;
        let deliveries = deliveries(new().filter(|sold| self.holds(sold)), &stocks);
        tx.add_stock_adjustments(&deliveries).await?;
        self.commit_many(tx).await?;
        Ok(added.len())
    }

    /// Whether an order still holds the stock that its placing took.
    fn holds(&self, sold: &Sold) -> bool {
        let steps = sold.history.iter().filter_map(|line| self.parts().workflow.step(line.from?, line.to));
        steps.fold(true, |held, step| match step.stock {
            StockEffect::None => held,
            StockEffect::Take => true,
            StockEffect::PutBack => false,
        })
    }

    /// The ids of all categories, by slug.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn category_ids(&self) -> Result<HashMap<String, Uuid>, Error> {
        Ok(self.parts().store.category_ids().await?)
    }

    /// Begins a transaction that writes more than a request does.
    pub(super) async fn begin_many(&self) -> Result<Tx, Error> {
        let tx = self.parts().store.begin().await?;
        tx.widen().await?;
        Ok(tx)
    }

    /// Commits what may have changed any product and category and added accounts: more than could be listed.
    pub(super) async fn commit_many(&self, tx: Tx) -> Result<(), Error> {
        let interior = Arc::clone(&self.0);
        tx.commit_then(move || Self::tell_everything(&interior)).await?;
        self.news_are_out().await;
        Ok(())
    }
}

/// A line of the ledger for each product of which these orders hold some, an hour before the first of them.
fn deliveries<'s>(orders: impl Iterator<Item = &'s Sold>, stocks: &HashMap<Uuid, i64>) -> Vec<StockAdjustment> {
    let mut lines: Vec<StockAdjustment> = Vec::new();
    let mut places: HashMap<Uuid, usize> = HashMap::new();
    for Sold { order, supplies, .. } in orders {
        let at = order.created_at - DELIVERED_BEFORE;
        for (item, id) in order.items.iter().zip(supplies) {
            let place = *places.entry(item.product_id).or_insert_with(|| {
                let in_stock = stocks.get(&item.product_id).copied().unwrap_or_default();
                lines.push(StockAdjustment {
                    id: *id,
                    product_id: item.product_id,
                    delta: Delta::restored(0),
                    reason: Reason::restored(DELIVERY.to_owned()),
                    stock_after: Stock::restored(in_stock),
                    actor_id: None,
                    created_at: at,
                });
                lines.len() - 1
            });
            let line = &mut lines[place];
            line.delta = Delta::restored(line.delta.pieces() + item.quantity.pieces());
            line.stock_after = Stock::restored(line.stock_after.pieces() + item.quantity.pieces());
            line.created_at = line.created_at.min(at);
        }
    }
    lines
}
