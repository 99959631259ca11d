//! How the shop is doing, in numbers.

use chrono::NaiveDate;
use uuid::Uuid;

use super::access::Role;
use super::money::Money;
use super::order::Status;
use super::time::Timestamp;

/// Days that sales are told of.
pub const DAYS: i64 = 30;
/// Most products that are told to sell best.
pub const BEST: u64 = 10;
/// An active product of which fewer are left is running out.
pub const FEW: i64 = 10;
/// Most products that are told to run out.
pub const RUNNING_OUT: u64 = 20;

/// The numbers of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Live accounts of each role.
    pub users_by_role: Vec<(Role, i64)>,
    /// Orders of each state.
    pub orders_by_status: Vec<(Status, i64)>,
    /// The days that brought money, latest first, each currency for itself.
    pub revenue_by_day: Vec<DayRevenue>,
    /// What sold best, best first.
    pub top_products: Vec<ProductCount>,
    /// What is running out, fewest first.
    pub low_stock: Vec<ProductCount>,
    /// The moment.
    pub created_at: Timestamp,
}

/// What a day brought in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayRevenue {
    /// In UTC.
    pub day: NaiveDate,
    /// Orders placed on it that were paid since and neither cancelled nor refunded.
    pub orders: i64,
    /// Their totals together.
    pub revenue: Money,
}

/// A product and how many of it there are, or were sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductCount {
    /// Which.
    pub product_id: Uuid,
    /// What the storehouse calls it.
    pub sku: String,
    /// What it is called.
    pub name: String,
    /// How many.
    pub pieces: i64,
}
