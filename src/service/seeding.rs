//! Adding much at once that is made up beforehand, leaving alone what is there.

use std::collections::HashMap;

use secrecy::SecretString;
use uuid::Uuid;

use super::{Error, Shop};
use crate::domain::category::Category;
use crate::domain::product::Product;
use crate::domain::stock::StockAdjustment;
use crate::domain::user::User;
use crate::infra::passwords::Asker;
use crate::store::Tx;

/// A product with the ledger that leads to its stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stocked {
    /// The product.
    pub product: Product,
    /// Its lines; their sum is the stock.
    pub ledger: Vec<StockAdjustment>,
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
        let generations = self.generations().clone();
        Ok(tx.commit_then(move || generations.advance_all()).await?)
    }
}
