//! Products: making, reading, changing, deleting.

mod changes;

use uuid::Uuid;

pub(super) use self::changes::CheckedPatch;
pub use self::changes::{NewProduct, Price, PricePatch, ProductPatch};
use super::Shop;
use super::audit::{By, Event, added, between, gone};
use super::callers::{Caller, Changed, Resource};
use super::error::{Error, Violation};
use super::idempotency::Keep;
use super::lists::{List, ListRequest};
use super::users::Expected;
use crate::domain::page::Order;
use crate::domain::product::{Product, ProductFilter, ProductSort, ProductStatus, Wanted};
use crate::domain::stock::{Reason, Stock, StockAdjustment};
use crate::infra::random;
use crate::store::Tx;

impl Shop {
    /// Makes a product. What there is of it begins its ledger.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `catalog:write`, [`Error::Invalid`], also for a category that is not there,
    /// [`Error::Taken`].
    pub async fn create_product(
        &self,
        by: impl Into<By<'_>>,
        request: NewProduct,
        keep: Keep<'_, Product>,
    ) -> Result<Product, Error> {
        let by = by.into();
        by.keeps_catalog()?;
        let checked = request.check()?;
        let tx = self.parts().store.begin().await?;
        let clock = &self.parts().clock;
        let product = checked.into_product(random::new_id(clock), clock.now());
        if !tx.insert_product(&product).await? {
            return Err(unknown_category());
        }
        self.note_stock(&tx, &by, Stock::default(), &product, Reason::initial()).await?;
        self.keep(&tx, &keep, &product).await?;
        let event = by.on(None).did("product.created", "product", product.id, added(&product));
        self.commit_product(tx, product.id, event).await?;
        Ok(product)
    }

    /// A part of the list of products.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor of another list.
    pub async fn products(
        &self,
        filter: &ProductFilter,
        sort: ProductSort,
        order: Order,
        request: &ListRequest,
        wanted: Wanted,
    ) -> Result<List<Product>, Error> {
        let name = format!("products {filter:?} {sort:?} {}", order.as_str());
        let page = self.open_cursor(&name, request)?;
        let found = self.parts().store.for_catalogue().products(filter, sort, order, &page, wanted).await?;
        Ok(self.seal_cursors(&name, found))
    }

    /// A part of the list of a category's products; what else the filter says narrows it.
    ///
    /// # Errors
    /// [`Error::Missing`] when the category is not there, [`Error::Invalid`] for a cursor of another list.
    pub async fn category_products(
        &self,
        category_id: Uuid,
        filter: ProductFilter,
        sort: ProductSort,
        order: Order,
        request: &ListRequest,
        wanted: Wanted,
    ) -> Result<List<Product>, Error> {
        let filter = ProductFilter { category_id: Some(category_id), ..filter };
        let list = self.products(&filter, sort, order, request, wanted).await?;
        // A product in it says that the category is there.
        if list.items.is_empty() && !self.parts().store.has_category(category_id).await? {
            return Err(Error::Missing);
        }
        Ok(list)
    }

    /// A product.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn product(&self, id: Uuid, wanted: Wanted) -> Result<Product, Error> {
        self.parts().store.for_catalogue().product(id, wanted).await?.ok_or(Error::Missing)
    }

    /// Sets everything that can be changed of a product.
    ///
    /// # Errors
    /// As [`update_product`](Self::update_product).
    pub async fn replace_product(
        &self,
        by: impl Into<By<'_>>,
        id: Uuid,
        whole: NewProduct,
        expected: &Expected,
    ) -> Result<Product, Error> {
        self.update_product(by, id, whole.into(), expected).await
    }

    /// Changes some of a product. Stock that is set is corrected in the ledger as well. What changes nothing leaves the
    /// version alone.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `catalog:write`, [`Error::Missing`], [`Error::Stale`], [`Error::Invalid`], also for
    /// a category that is not there, [`Error::Taken`].
    pub async fn update_product(
        &self,
        by: impl Into<By<'_>>,
        id: Uuid,
        patch: ProductPatch,
        expected: &Expected,
    ) -> Result<Product, Error> {
        let by = by.into();
        by.keeps_catalog()?;
        let patch = patch.check()?;
        let tx = self.parts().store.begin().await?;
        let before = tx.product(id, Wanted::ALL).await?.ok_or(Error::Missing)?;
        expected.check(id, before.version)?;
        let mut after = patch.apply(&before);
        if after == before {
            // What was read may be a neighbour's, and must be there for whoever is told of it.
            tx.commit().await?;
            return Ok(before);
        }
        if after.category_id != before.category_id && !tx.has_category(after.category_id).await? {
            return Err(unknown_category());
        }
        after.version = before.version + 1;
        after.updated_at = self.parts().clock.now();
        tx.update_product(&before, &after).await?;
        self.note_stock(&tx, &by, before.stock, &after, Reason::correction()).await?;
        let event = by.on(None).did("product.updated", "product", id, between(&before, &after));
        self.commit_product(tx, id, event).await?;
        Ok(after)
    }

    /// Deletes a product with its ledger. One that orders name is archived instead, so that they keep it.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `catalog:write`, [`Error::Missing`], [`Error::Stale`].
    pub async fn delete_product(&self, by: impl Into<By<'_>>, id: Uuid, expected: &Expected) -> Result<(), Error> {
        let by = by.into();
        by.keeps_catalog()?;
        let tx = self.parts().store.begin().await?;
        let before = tx.product(id, Wanted::ALL).await?.ok_or(Error::Missing)?;
        expected.check(id, before.version)?;
        if !tx.is_ordered(id).await? {
            tx.delete_product(id, expected.versions()).await?;
            let event = by.on(None).did("product.deleted", "product", id, gone(&before));
            return self.commit_product(tx, id, event).await;
        }
        if before.status == ProductStatus::Archived {
            return Ok(());
        }
        let (version, updated_at) = (before.version + 1, self.parts().clock.now());
        let after = Product { status: ProductStatus::Archived, version, updated_at, ..before.clone() };
        tx.update_product(&before, &after).await?;
        let event = by.on(None).did("product.archived", "product", id, between(&before, &after));
        self.commit_product(tx, id, event).await
    }

    pub(super) async fn commit_product(&self, tx: Tx, id: Uuid, event: Event) -> Result<(), Error> {
        self.commit(tx, Changed::one(Resource::Product, id), vec![event]).await
    }

    /// Adds a line to the ledger, if the stock is another than before.
    async fn note_stock(
        &self,
        tx: &Tx,
        caller: &Caller,
        before: Stock,
        product: &Product,
        reason: Reason,
    ) -> Result<(), Error> {
        let Some(delta) = product.stock.since(before) else { return Ok(()) };
        let line = StockAdjustment {
            id: random::new_id(&self.parts().clock),
            product_id: product.id,
            delta,
            reason,
            stock_after: product.stock,
            actor_id: Some(caller.id()),
            created_at: product.updated_at,
        };
        Ok(tx.insert_stock_adjustment(&line).await?)
    }
}

fn unknown_category() -> Error {
    Error::Invalid(vec![Violation::new("category_id", "unknown", "must be the id of a category that exists")])
}
