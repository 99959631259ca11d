//! Importing products: rows that are judged by the same rules as requests, and applied together.

use std::collections::HashMap;

use uuid::Uuid;

use super::audit::{Author, Event, added, between};
use super::error::{Error, Faults, Violation};
use super::products::CheckedPatch;
use super::{Change, PricePatch, ProductPatch, Shop};
use crate::domain::category::{Category, CategoryName, Slug};
use crate::domain::page::{Order, Page, PageRequest};
use crate::domain::product::{Product, ProductFilter, ProductSort, ProductStatus, Sku, Wanted};
use crate::domain::stock::{Reason, Stock, StockAdjustment};
use crate::domain::time::Timestamp;
use crate::infra::random;
use crate::store::Tx;

/// A row as it was read: what it says of a product, which its SKU names. `None` keeps what there is; of a product that is
/// not there, everything must be said but description, stock and status.
#[derive(Debug, Clone, Default)]
pub struct ProductRow {
    /// Where it stands, for whoever mends it.
    pub number: u64,
    /// What the storehouse calls it.
    pub sku: Option<String>,
    /// What to call it.
    pub name: Option<String>,
    /// The slug of the category that it is in.
    pub category: Option<String>,
    /// HTML, which is sanitised.
    pub description: Change<String>,
    /// What one costs.
    pub price: PricePatch,
    /// How many are there.
    pub stock: Option<i64>,
    /// Whether it is sold: `active` or `archived`.
    pub status: Option<String>,
    /// Members that are there and could not be read: the row is judged, but not applied.
    pub unreadable: Vec<&'static str>,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Products that were made.
    pub created: u64,
    /// Products that are others than before.
    pub updated: u64,
    /// Products that the rows describe as they are.
    pub unchanged: u64,
    /// Categories that were made for them.
    pub categories: u64,
}

/// A row that breaks a rule.
pub type RowViolation = (u64, Violation);

/// An import that is under way: one transaction. Dropped without [`commit`](Import::commit), it never happened.
#[derive(Debug)]
pub struct Import {
    shop: Shop,
    tx: Tx,
    /// By slug. A shop has many products and few categories.
    categories: HashMap<String, Uuid>,
    make_categories: bool,
    imported: Imported,
    /// What was done and is not written down yet.
    events: Vec<Event>,
}

impl Shop {
    /// Begins an import of products, for whoever runs the shop. `make_categories`: for slugs that are not there, a category
    /// is made.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn begin_import(&self, make_categories: bool) -> Result<Import, Error> {
        let tx = self.begin_many().await?;
        let categories = tx.category_ids().await?;
        Ok(Import {
            shop: self.clone(),
            tx,
            categories,
            make_categories,
            imported: Imported::default(),
            events: Vec::new(),
        })
    }

    /// A part of all products by age, whole, for whoever runs the shop.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn all_products(&self, part: &PageRequest) -> Result<Page<Product>, Error> {
        let (every, by_age) = (ProductFilter::default(), ProductSort::CreatedAt);
        Ok(self.parts().store.products(&every, by_age, Order::Ascending, part, Wanted::ALL).await?)
    }
}

/// A row that was looked at.
struct Judged {
    row: ProductRow,
    /// What two SKUs are compared by; `None` where there is none that could be.
    key: Option<String>,
    /// `None` where it does not stand.
    patch: Option<CheckedPatch>,
    violations: Vec<Violation>,
}

impl Import {
    /// Judges rows and applies those that stand; tells what is wrong with the others.
    ///
    /// # Errors
    /// [`Error::Internal`]: then the import is over.
    pub async fn take(&mut self, rows: Vec<ProductRow>) -> Result<Vec<RowViolation>, Error> {
        let mut judged: Vec<Judged> = rows.into_iter().map(Judged::of).collect();
        self.refuse_repeated(&mut judged).await?;
        let keys: Vec<String> = judged.iter().filter_map(|row| row.key.clone()).collect();
        let mut there = self.tx.products_by_sku(&keys).await?;
        let now = self.shop.parts().clock.now();

        let (mut violations, mut made, mut ledger) = (Vec::new(), Vec::new(), Vec::new());
        for mut row in judged {
            // The same SKU again was refused, so nobody else asks for this one.
            let before = row.key.as_ref().and_then(|key| there.remove(key));
            row.complete(before.as_ref(), &self.categories, self.make_categories);
            let Judged { row, patch, violations: found, .. } = row;
            let stands = found.is_empty() && row.unreadable.is_empty();
            violations.extend(found.into_iter().map(|violation| (row.number, violation)));
            let Some(patch) = patch.filter(|_| stands) else { continue };
            let category_id = match &row.category {
                Some(slug) => Some(self.category(slug, now).await?),
                None => None,
            };
            let patch = patch.moved_to(category_id);
            ledger.extend(match before {
                Some(before) => self.update(&before, patch, now).await?,
                None => self.create(patch, now, &mut made)?,
            });
        }
        // New ones first: lines of the ledger point at them.
        self.tx.add_missing_products(&made).await?;
        self.tx.add_stock_adjustments(&ledger).await?;
        self.shop.write_down(&self.tx, std::mem::take(&mut self.events)).await?;
        Ok(violations)
    }

    /// What became of the rows so far.
    #[must_use]
    pub fn imported(&self) -> Imported {
        self.imported
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// [`Error::Internal`]: then it never happened.
    pub async fn commit(self) -> Result<Imported, Error> {
        self.tx.forget_skus().await?;
        self.shop.commit_many(self.tx).await?;
        Ok(self.imported)
    }

    /// A file that names a product twice cannot mean both.
    async fn refuse_repeated(&self, judged: &mut [Judged]) -> Result<(), Error> {
        let numbered = |row: &Judged| Some((row.key.clone()?, i64::try_from(row.row.number).unwrap_or(i64::MAX)));
        let noted: Vec<_> = judged.iter().filter_map(numbered).collect();
        let first = self.tx.note_skus(&noted).await?;
        for row in judged {
            let Some((key, number)) = numbered(row) else { continue };
            if let Some(first) = first.get(&key).filter(|first| **first != number) {
                let message = format!("must not repeat: it is the SKU of row {first} already");
                row.violations.push(Violation::new("sku", "repeated", message));
                row.key = None;
            }
        }
        Ok(())
    }

    /// The category with this slug, which is made if it is not there.
    async fn category(&mut self, slug: &str, now: Timestamp) -> Result<Uuid, Error> {
        if let Some(id) = self.categories.get(slug) {
            return Ok(*id);
        }
        let id = random::new_id(&self.shop.parts().clock);
        let category = Category {
            id,
            name: CategoryName::restored(spoken(slug)),
            slug: Slug::restored(slug.to_owned()),
            description: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        self.tx.insert_category(&category).await?;
        self.events.push(Author::SYSTEM.did("category.created", "category", id, added(&category)));
        self.categories.insert(slug.to_owned(), id);
        self.imported.categories += 1;
        Ok(id)
    }

    async fn update(
        &mut self,
        before: &Product,
        patch: CheckedPatch,
        now: Timestamp,
    ) -> Result<Option<StockAdjustment>, Error> {
        let mut after = patch.apply(before);
        if after == *before {
            self.imported.unchanged += 1;
            return Ok(None);
        }
        after.version = before.version + 1;
        after.updated_at = now;
        self.tx.update_product(before, &after).await?;
        self.events.push(Author::SYSTEM.did("product.updated", "product", after.id, between(before, &after)));
        self.imported.updated += 1;
        Ok(self.line(before.stock, &after, Reason::correction()))
    }

    fn create(
        &mut self,
        patch: CheckedPatch,
        now: Timestamp,
        made: &mut Vec<Product>,
    ) -> Result<Option<StockAdjustment>, Error> {
        let id = random::new_id(&self.shop.parts().clock);
        // What it takes was asked for when the row was completed.
        let product =
            patch.into_product(id, now).ok_or_else(|| Error::Internal("a row passed that says too little".into()))?;
        let line = self.line(Stock::default(), &product, Reason::initial());
        self.events.push(Author::SYSTEM.did("product.created", "product", id, added(&product)));
        made.push(product);
        self.imported.created += 1;
        Ok(line)
    }

    /// The line of the ledger that explains the stock, if it is another than before.
    fn line(&self, before: Stock, product: &Product, reason: Reason) -> Option<StockAdjustment> {
        Some(StockAdjustment {
            id: random::new_id(&self.shop.parts().clock),
            product_id: product.id,
            delta: product.stock.since(before)?,
            reason,
            stock_after: product.stock,
            actor_id: None,
            created_at: product.updated_at,
        })
    }
}

impl Judged {
    /// By the rules that need no other row.
    fn of(mut row: ProductRow) -> Self {
        let mut faults = Faults::default();
        if row.sku.is_none() && !row.unreadable.contains(&"sku") {
            faults.note(Violation::new("sku", "required", "is required"));
        }
        if let Some(slug) = &row.category {
            faults.check("category", Slug::parse(slug));
        }
        let status = row.status.take().and_then(|word| {
            let status = ProductStatus::parse(&word);
            if status.is_none() {
                let words = ProductStatus::ALL.map(ProductStatus::as_str).join(", ");
                faults.note(Violation::new("status", "enum", format!("must be one of: {words}")));
            }
            status
        });
        let key = row.sku.as_deref().and_then(|raw| Sku::parse(raw).ok()).map(|sku| sku.key());
        let patch = ProductPatch {
            category_id: None,
            name: row.name.clone(),
            sku: row.sku.clone(),
            description: std::mem::take(&mut row.description),
            price: row.price.clone(),
            stock: row.stock,
            status,
        };
        let mut violations = faults.into_violations();
        let patch = match patch.check() {
            Ok(patch) => Some(patch),
            Err(Error::Invalid(more)) => {
                violations.extend(more);
                None
            }
            // Checking finds nothing else.
            Err(_) => None,
        };
        Self { row, key, patch, violations }
    }

    /// By the rules that need to know what is there.
    fn complete(&mut self, before: Option<&Product>, categories: &HashMap<String, Uuid>, make_categories: bool) {
        let Self { row, key, violations, .. } = self;
        let unknown = |slug: &String| !make_categories && !categories.contains_key(slug) && Slug::parse(slug).is_ok();
        if row.category.as_ref().is_some_and(unknown) {
            violations.push(Violation::new("category", "unknown", "must be the slug of a category that exists"));
        }
        // Of a row without a SKU that could be looked for, nobody knows whether it is new.
        if before.is_none() && key.is_some() {
            let said = [
                ("name", row.name.is_some()),
                ("category", row.category.is_some()),
                ("price/amount", row.price.amount.is_some()),
                ("price/currency", row.price.currency.is_some()),
            ];
            let missing = said.into_iter().filter(|(member, said)| !said && !row.unreadable.contains(member));
            let message = "is required of a product that is not there yet";
            violations.extend(missing.map(|(member, _)| Violation::new(member, "required", message)));
        }
    }
}

/// A slug in words: `garden-tools` is "Garden tools".
fn spoken(slug: &str) -> String {
    let words = slug.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_spoken_in_words() {
        assert_eq!(spoken("garden-tools-2"), "Garden tools 2");
    }
}
