//! Made-up categories and products.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use uuid::Uuid;

use super::chance::Chance;
use super::words::{CLOSINGS, DELIVERIES, DETAILS, LOSSES, MANNERS, OPENINGS, THEMES, Theme};
use super::{CATEGORIES, PRODUCTS, opening, tag};
use crate::domain::category::{Category, CategoryDescription, CategoryName, Slug};
use crate::domain::description::Description;
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Product, ProductName, ProductStatus, Sku};
use crate::domain::stock::{Delta, Reason, Stock, StockAdjustment};
use crate::domain::time::Timestamp;
use crate::service::Stocked;

/// The category with this number, from 0.
pub fn category(seed: u64, number: u64) -> Category {
    let created_at = opening() + TimeDelta::seconds(number.cast_signed());
    let id = Chance::of(seed, CATEGORIES, number).id(created_at);
    let (theme, round) = theme(number);
    let (name, slug) = match round {
        0 => (theme.name.to_owned(), theme.slug.to_owned()),
        round => (format!("{} {}", theme.name, round + 1), format!("{}-{}", theme.slug, round + 1)),
    };
    Category {
        id,
        name: CategoryName::restored(name),
        slug: Slug::restored(slug),
        description: Some(CategoryDescription::restored(theme.about.to_owned())),
        version: 1,
        created_at,
        updated_at: created_at,
    }
}

/// Themes come again when there are more categories than themes.
fn theme(number: u64) -> (&'static Theme, u64) {
    let themes = THEMES.len() as u64;
    (&THEMES[usize::try_from(number % themes).unwrap_or_default()], number / themes)
}

/// Makes up products for categories that are there.
pub struct Shelves {
    seed: u64,
    tag: String,
    currency: Currency,
    /// By number; the ids are those of the shop, which may have had a category of this name before.
    categories: Vec<Uuid>,
}

impl Shelves {
    /// For the first `count` categories, of which some may have been there before under other ids, and others may be called
    /// otherwise by now; `None` when one of them is not in the shop.
    pub fn new(seed: u64, count: u64, ids: &HashMap<String, Uuid>) -> Option<Self> {
        let there: HashSet<Uuid> = ids.values().copied().collect();
        let categories = (0..count).map(|number| {
            let Category { id, slug, .. } = category(seed, number);
            ids.get(slug.as_str()).copied().or_else(|| there.contains(&id).then_some(id))
        });
        let currency = Currency::parse("EUR").ok()?;
        Some(Self { seed, tag: tag(seed), currency, categories: categories.collect::<Option<_>>()? })
    }

    /// The product with this number, from 0, and how its stock came about.
    pub fn product(&self, number: u64) -> Stocked {
        let mut chance = Chance::of(self.seed, PRODUCTS, number);
        let created_at = opening() + TimeDelta::hours(1) + TimeDelta::seconds(number.cast_signed());
        let id = chance.id(created_at);
        let shelf = chance.index(self.categories.len());
        let (theme, _) = theme(shelf as u64);
        let (good, material) = (*chance.pick(theme.goods), *chance.pick(theme.materials));
        let name = format!("{} {material} {good}", chance.pick(MANNERS));
        let description =
            (!chance.in_percent(5)).then(|| Description::restored(described(&mut chance, good, material)));
        let price = Money::restored(price(&mut chance, theme), self.currency);
        let status = if chance.in_percent(3) { ProductStatus::Archived } else { ProductStatus::Active };
        let ledger = ledger(&mut chance, id, created_at);
        Stocked {
            product: Product {
                id,
                category_id: self.categories[shelf],
                name: ProductName::restored(name),
                sku: Sku::restored(format!("{}-{}-{number:06}", theme.prefix, self.tag)),
                description,
                price,
                stock: ledger.last().map_or_else(Stock::default, |line| line.stock_after),
                status,
                // The first line came with the product, each further one made a new version.
                version: i64::try_from(ledger.len().max(1)).unwrap_or(1),
                created_at,
                updated_at: ledger.last().map_or(created_at, |line| line.created_at),
            },
            ledger,
        }
    }
}

fn described(chance: &mut Chance, good: &str, material: &str) -> String {
    let opening = chance.pick(OPENINGS).replace("{}", good);
    let detail = chance.pick(DETAILS).replace("{}", material);
    let mut html = format!("<p>{opening} {detail}</p>");
    if chance.in_percent(60) {
        html.push_str("<p>");
        html.push_str(CLOSINGS[chance.index(CLOSINGS.len())]);
        html.push_str("</p>");
    }
    html
}

/// In cents. Cheap things are many and dear ones few, and prices end as prices do.
fn price(chance: &mut Chance, theme: &Theme) -> i64 {
    let (least, most) = theme.prices;
    let span = most - least;
    // The least of three draws leans to the cheap side.
    let euros = least + (0..3).map(|_| chance.below(span + 1)).min().unwrap_or_default();
    let cents = *chance.pick(&[99, 99, 90, 50, 0]);
    (euros * 100 + cents).cast_signed()
}

/// What came in and went out, in the order in which it did.
fn ledger(chance: &mut Chance, product_id: Uuid, created_at: Timestamp) -> Vec<StockAdjustment> {
    let mut lines: Vec<StockAdjustment> = Vec::new();
    let mut stock: i64 = 0;
    let mut write = |chance: &mut Chance, delta: i64, reason: Reason| {
        stock += delta;
        let at = lines.last().map_or(created_at, |last| last.created_at + TimeDelta::days(9));
        let id = chance.id(at);
        let (delta, stock_after) = (Delta::restored(delta), Stock::restored(stock));
        lines.push(StockAdjustment { id, product_id, delta, reason, stock_after, actor_id: None, created_at: at });
        stock
    };
    if chance.in_percent(4) {
        // Announced and not there yet.
        return Vec::new();
    }
    let first = chance.between(5, 250).cast_signed();
    let mut left = write(chance, first, Reason::initial());
    if chance.in_percent(30) {
        let more = chance.between(5, 100).cast_signed();
        let why = *chance.pick(DELIVERIES);
        left = write(chance, more, Reason::restored(why.to_owned()));
    }
    if chance.in_percent(30) {
        // One in five of those sells out.
        let gone = if chance.in_percent(20) { left } else { chance.between(1, left.unsigned_abs()).cast_signed() };
        let why = *chance.pick(LOSSES);
        write(chance, -gone, Reason::restored(why.to_owned()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelves(seed: u64) -> Shelves {
        let ids = (0..30).map(|number| category(seed, number)).map(|one| (one.slug.as_str().to_owned(), one.id));
        Shelves::new(seed, 30, &ids.collect()).unwrap()
    }

    #[test]
    fn categories_obey_the_rules_of_the_shop_and_have_slugs_of_their_own() {
        let mut slugs = HashSet::new();
        for number in 0..300 {
            let one = category(3, number);
            assert_eq!(CategoryName::parse(one.name.as_str()), Ok(one.name));
            assert_eq!(Slug::parse(one.slug.as_str()).as_ref(), Ok(&one.slug));
            assert_eq!(CategoryDescription::parse(one.description.as_ref().unwrap().as_str()), Ok(one.description));
            assert!(slugs.insert(one.slug.as_str().to_owned()));
        }
    }

    #[test]
    fn products_obey_the_rules_of_the_shop_whatever_the_seed() {
        for seed in [0, 1, u64::MAX] {
            let shelves = shelves(seed);
            for number in (0..1_000).chain([9_999_999]) {
                let Product { name, sku, description, price, .. } = shelves.product(number).product;
                assert_eq!(ProductName::parse(name.as_str()), Ok(name));
                assert_eq!(Sku::parse(sku.as_str()).as_ref(), Ok(&sku));
                assert!(Money::new(price.amount(), price.currency()).is_ok_and(|price| price.amount() > 0));
                if let Some(html) = description {
                    assert_eq!(Description::sanitised(html.as_str()), Ok(Some(html)), "clean already");
                }
            }
        }
    }

    #[test]
    fn every_ledger_leads_to_the_stock_and_some_shelves_are_empty() {
        let shelves = shelves(1);
        let (mut sold_out, mut archived) = (0, 0);
        for Stocked { product, ledger } in (0..2_000).map(|number| shelves.product(number)) {
            let mut stock = Stock::default();
            let mut last = product.created_at;
            for line in &ledger {
                assert!(Reason::parse(line.reason.as_str()).is_ok() && Delta::new(line.delta.pieces()).is_ok());
                stock = stock.apply(line.delta).unwrap();
                assert_eq!((line.stock_after, line.product_id), (stock, product.id));
                assert!(line.created_at >= last);
                last = line.created_at;
            }
            assert_eq!((product.stock, product.updated_at), (stock, last));
            sold_out += i32::from(stock == Stock::default());
            archived += i32::from(product.status == ProductStatus::Archived);
        }
        assert!(sold_out > 100 && archived > 20, "{sold_out} {archived}");
    }

    #[test]
    fn more_products_begin_with_the_same_ones() {
        assert_eq!(shelves(7).product(12), shelves(7).product(12));
        assert_ne!(shelves(7).product(12).product.id, shelves(8).product(12).product.id);
    }
}
