//! How the shop is doing.

use chrono::TimeDelta;

use super::Shop;
use super::callers::Caller;
use super::error::{Denial, Error};
use crate::domain::access::{ADMIN_READ, Role};
use crate::domain::order::Status;
use crate::domain::overview::{DAYS, Overview};
use crate::domain::time::Timestamp;

impl Shop {
    /// The numbers of this moment.
    ///
    /// # Errors
    /// [`Error::Denied`] without the scope `admin:read`.
    pub async fn overview(&self, caller: &Caller) -> Result<Overview, Error> {
        if !caller.has_scope(ADMIN_READ) {
            return Err(Error::Denied(Denial::Scope));
        }
        let store = &self.parts().store;
        let now = self.parts().clock.now();
        let since = first_day(now);
        let (users, orders) = (store.users_by_role().await?, store.orders_by_status().await?);
        Ok(Overview {
            users_by_role: all_of(&Role::ALL, &users),
            orders_by_status: all_of(&Status::ALL, &orders),
            revenue_by_day: store.revenue_by_day(since).await?,
            top_products: store.best_sellers(since).await?,
            low_stock: store.running_out().await?,
            created_at: now,
        })
    }
}

/// The beginning, in UTC, of the first of the days that are told of; today is the last.
fn first_day(now: Timestamp) -> Timestamp {
    let today = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    today.checked_sub_signed(TimeDelta::days(DAYS - 1)).unwrap_or(today)
}

/// What was counted, and nothing of what was not found.
fn all_of<K: Copy + PartialEq>(all: &[K], counted: &[(K, i64)]) -> Vec<(K, i64)> {
    let count = |key: K| counted.iter().find(|(found, _)| *found == key).map_or(0, |(_, count)| *count);
    all.iter().map(|key| (*key, count(*key))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_days_begin_at_a_midnight_and_end_today() {
        let now = chrono::DateTime::parse_from_rfc3339("2027-03-01T12:34:56Z").expect("a moment").to_utc();
        assert_eq!(first_day(now).to_rfc3339(), "2027-01-31T00:00:00+00:00");
    }
}
