//! What can be said of a product, and whether it stands.

use uuid::Uuid;

use crate::domain::description::Description;
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Product, ProductName, ProductStatus, Sku};
use crate::domain::stock::Stock;
use crate::domain::time::Timestamp;
use crate::service::Change;
use crate::service::error::{Error, Faults};

/// A product to be made; also what replaces all of one that there is.
#[derive(Debug, Clone)]
pub struct NewProduct {
    /// The category that it is in.
    pub category_id: Uuid,
    /// What to call it.
    pub name: String,
    /// What the storehouse calls it; no other product may have it.
    pub sku: String,
    /// HTML, which is sanitised; what shows no text is the same as nothing.
    pub description: Option<String>,
    /// What one costs.
    pub price: Price,
    /// How many are there.
    pub stock: i64,
    /// Whether it is sold.
    pub status: ProductStatus,
}

/// What something costs, unchecked.
#[derive(Debug, Clone)]
pub struct Price {
    /// In the currency's smallest unit.
    pub amount: i64,
    /// A code of ISO 4217.
    pub currency: String,
}

/// Some of what can be set of a product; `None` keeps.
#[derive(Debug, Clone, Default)]
pub struct ProductPatch {
    /// The category that it is in.
    pub category_id: Option<Uuid>,
    /// What to call it.
    pub name: Option<String>,
    /// What the storehouse calls it.
    pub sku: Option<String>,
    /// HTML, which is sanitised; what shows no text is the same as nothing.
    pub description: Change<String>,
    /// What one costs.
    pub price: PricePatch,
    /// How many are there.
    pub stock: Option<i64>,
    /// Whether it is sold.
    pub status: Option<ProductStatus>,
}

/// Some of what something costs; `None` keeps.
#[derive(Debug, Clone, Default)]
pub struct PricePatch {
    /// In the currency's smallest unit.
    pub amount: Option<i64>,
    /// A code of ISO 4217.
    pub currency: Option<String>,
}

/// A product whose parts are all valid.
pub(super) struct CheckedProduct {
    category_id: Uuid,
    name: ProductName,
    sku: Sku,
    description: Option<Description>,
    price: Money,
    stock: Stock,
    status: ProductStatus,
}

/// A patch whose parts are all valid.
pub(in crate::service) struct CheckedPatch {
    category_id: Option<Uuid>,
    name: Option<ProductName>,
    sku: Option<Sku>,
    description: Change<Description>,
    amount: Option<i64>,
    currency: Option<Currency>,
    stock: Option<Stock>,
    status: Option<ProductStatus>,
}

impl NewProduct {
    pub(super) fn check(self) -> Result<CheckedProduct, Error> {
        let mut faults = Faults::default();
        let name = faults.check("name", ProductName::parse(&self.name));
        let sku = faults.check("sku", Sku::parse(&self.sku));
        let description = self.description.as_deref().map_or(Ok(None), Description::sanitised);
        let description = faults.check("description", description);
        let amount = faults.check("price/amount", Money::check_amount(self.price.amount));
        let currency = faults.check("price/currency", Currency::parse(&self.price.currency));
        let stock = faults.check("stock", Stock::new(self.stock));
        match (name, sku, description, amount, currency, stock) {
            (Some(name), Some(sku), Some(description), Some(amount), Some(currency), Some(stock)) => {
                let price = Money::restored(amount, currency);
                let (category_id, status) = (self.category_id, self.status);
                Ok(CheckedProduct { category_id, name, sku, description, price, stock, status })
            }
            _ => Err(faults.into_error()),
        }
    }
}

impl CheckedProduct {
    /// A new product.
    pub(super) fn into_product(self, id: Uuid, now: Timestamp) -> Product {
        let Self { category_id, name, sku, description, price, stock, status } = self;
        Product {
            id,
            category_id,
            name,
            sku,
            description,
            price,
            stock,
            status,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

impl From<NewProduct> for ProductPatch {
    fn from(whole: NewProduct) -> Self {
        let NewProduct { category_id, name, sku, description, price: Price { amount, currency }, stock, status } =
            whole;
        Self {
            category_id: Some(category_id),
            name: Some(name),
            sku: Some(sku),
            description: description.map_or(Change::Clear, Change::Set),
            price: PricePatch { amount: Some(amount), currency: Some(currency) },
            stock: Some(stock),
            status: Some(status),
        }
    }
}

impl ProductPatch {
    pub(in crate::service) fn check(self) -> Result<CheckedPatch, Error> {
        let mut faults = Faults::default();
        let checked = CheckedPatch {
            category_id: self.category_id,
            name: self.name.and_then(|raw| faults.check("name", ProductName::parse(&raw))),
            sku: self.sku.and_then(|raw| faults.check("sku", Sku::parse(&raw))),
            description: self
                .description
                .and_then(|raw| faults.check("description", Description::sanitised(&raw)).flatten()),
            amount: self.price.amount.and_then(|raw| faults.check("price/amount", Money::check_amount(raw))),
            currency: self.price.currency.and_then(|raw| faults.check("price/currency", Currency::parse(&raw))),
            stock: self.stock.and_then(|raw| faults.check("stock", Stock::new(raw))),
            status: self.status,
        };
        faults.settle()?;
        Ok(checked)
    }
}

impl CheckedPatch {
    /// The product as the patch wants it, still in its old version.
    pub(in crate::service) fn apply(self, before: &Product) -> Product {
        let amount = self.amount.unwrap_or_else(|| before.price.amount());
        let currency = self.currency.unwrap_or_else(|| before.price.currency());
        Product {
            category_id: self.category_id.unwrap_or(before.category_id),
            name: self.name.unwrap_or_else(|| before.name.clone()),
            sku: self.sku.unwrap_or_else(|| before.sku.clone()),
            description: self.description.apply(before.description.as_ref()),
            price: Money::restored(amount, currency),
            stock: self.stock.unwrap_or(before.stock),
            status: self.status.unwrap_or(before.status),
            ..before.clone()
        }
    }

    /// The same, and into another category.
    pub(in crate::service) fn moved_to(self, category_id: Option<Uuid>) -> Self {
        Self { category_id: category_id.or(self.category_id), ..self }
    }

    /// A new product as the patch describes it, if it says enough: without stock and sold where it does not say otherwise.
    pub(in crate::service) fn into_product(self, id: Uuid, now: Timestamp) -> Option<Product> {
        let whole = CheckedProduct {
            category_id: self.category_id?,
            name: self.name?,
            sku: self.sku?,
            description: self.description.apply(None),
            price: Money::restored(self.amount?, self.currency?),
            stock: self.stock.unwrap_or_default(),
            status: self.status.unwrap_or(ProductStatus::Active),
        };
        Some(whole.into_product(id, now))
    }
}
