//! Made-up data: a shop to try things on, and one to measure.
//!
//! What is made up depends on the seed and on numbers alone, never on what is there; the same seed makes the same rows, ids
//! included. Only when orders were placed depends on the moment up to which they are wanted. Rows that are there already are
//! left as they are, so that seeding again adds what is missing and otherwise nothing.
//!
//! The room stands beside the API: it calls use cases, and knows the domain.

mod chance;
mod orders;
mod people;
mod shelves;
mod words;

use chrono::DateTime;

use self::orders::Till;
use self::shelves::Shelves;
use crate::domain::time::Timestamp;
use crate::service::{Error, Shop, Sold, Stocked};

/// The password of every account that is made up. Everybody may know it.
pub const PASSWORD: &str = "SeededShop2025";

/// Rows of one transaction: so many that the pages which they all touch are written once for thousands of them.
const BATCH: u64 = 10_000;

// What a row's chance depends on besides its number. Never to be changed: other rows would be made up.
const ACCOUNTS: u64 = 1;
const CATEGORIES: u64 = 2;
const PRODUCTS: u64 = 3;
const ORDERS: u64 = 4;

/// How much is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// What everything is derived from.
    pub seed: u64,
    /// Accounts.
    pub users: u64,
    /// Categories; there must be some where products are wanted.
    pub categories: u64,
    /// Products.
    pub products: u64,
    /// Orders; there must be users and products where some are wanted.
    pub orders: u64,
    /// The moment up to which they were placed.
    pub until: Timestamp,
}

/// How much was not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// Accounts.
    pub users: u64,
    /// Categories.
    pub categories: u64,
    /// Products.
    pub products: u64,
    /// Orders.
    pub orders: u64,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Of what.
    pub what: &'static str,
    /// So many are done.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

/// Adds what the plan wants and is not there. `watch` is told after every step.
///
/// # Errors
/// [`Error::Internal`], [`Error::Busy`]: what was added before stays, and seeding again goes on from there.
pub async fn sow(shop: &Shop, plan: &Plan, watch: &mut dyn FnMut(Step)) -> Result<Added, Error> {
    let Plan { seed, users, categories, products, orders, until } = *plan;
    let mut added = Added::default();

    let hash = shop.hash_password(PASSWORD.into()).await?;
    for batch in batches(users) {
        let rows: Vec<_> = batch.clone().map(|number| people::user(seed, number)).collect();
        added.users += shop.add_missing_users(&rows, &hash).await? as u64;
        watch(Step { what: "users", done: batch.end, of: users });
    }
    for batch in batches(categories) {
        let rows: Vec<_> = batch.clone().map(|number| shelves::category(seed, number)).collect();
        added.categories += shop.add_missing_categories(&rows).await? as u64;
        watch(Step { what: "categories", done: batch.end, of: categories });
    }
    if products > 0 {
        let shelves = Shelves::new(seed, categories, &shop.category_ids().await?)
            .ok_or_else(|| Error::Internal("a category that was just seeded is not there".into()))?;
        for batch in batches(products) {
            let rows: Vec<Stocked> = batch.clone().map(|number| shelves.product(number)).collect();
            added.products += shop.add_missing_products(&rows).await? as u64;
            watch(Step { what: "products", done: batch.end, of: products });
        }
        if users > 0 {
            let till = Till { seed, users, products, shelves: &shelves, until };
            added.orders = sell(shop, &till, orders, watch).await?;
        }
    }
    Ok(added)
}

async fn sell(shop: &Shop, till: &Till<'_>, orders: u64, watch: &mut dyn FnMut(Step)) -> Result<u64, Error> {
    let mut added = 0;
    for batch in batches(orders) {
        let rows: Option<Vec<Sold>> = batch.clone().map(|number| till.order(number)).collect();
        let rows = rows.ok_or_else(|| Error::Internal("an order was made up that cannot be".into()))?;
        added += shop.add_missing_orders(&rows).await? as u64;
        watch(Step { what: "orders", done: batch.end, of: orders });
    }
    Ok(added)
}

/// The seed of shops that are only looked at, which is also the one that `shopkeeper seed` takes unless told otherwise.
pub const DEMO_SEED: u64 = 1;

/// A small shop to look at, with orders up to this moment.
#[must_use]
pub const fn demo(until: Timestamp) -> Plan {
    Plan { seed: DEMO_SEED, users: 20, categories: 8, products: 60, orders: 100, until }
}

/// The name under which the first of the seed's accounts signs in.
#[must_use]
pub fn first_username(seed: u64) -> String {
    people::user(seed, 0).username.as_str().to_owned()
}

fn batches(count: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
    let step = usize::try_from(BATCH).unwrap_or(usize::MAX);
    (0..count).step_by(step).map(move |start| start..count.min(start + BATCH))
}

/// The day on which made-up shops open: 2025-01-01.
fn opening() -> Timestamp {
    DateTime::from_timestamp(1_735_689_600, 0).unwrap_or_default()
}

/// The seed as text for SKUs and names, so that shops of two seeds fit into one.
fn tag(seed: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    let mut rest = seed;
    loop {
        digits.push(char::from(DIGITS[usize::try_from(rest % 36).unwrap_or_default()]));
        rest /= 36;
        if rest == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::password::Password;

    #[test]
    fn the_password_is_one_that_the_shop_takes() {
        assert!(Password::parse(PASSWORD.into()).is_ok());
    }

    #[test]
    fn batches_cover_everything_once() {
        let covered: Vec<u64> = batches(2 * BATCH + 1).flatten().collect();
        assert_eq!(covered, (0..=2 * BATCH).collect::<Vec<_>>());
        assert_eq!(batches(0).count(), 0);
    }

    #[test]
    fn tags_tell_seeds_apart() {
        assert_eq!([tag(0), tag(35), tag(36), tag(u64::MAX)], ["0", "z", "10", "3w5e11264sgsf"]);
    }
}
