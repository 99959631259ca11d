//! Products to files and back: CSV for spreadsheets, JSON lines for programs. Both ways row by row, whatever the length.
//!
//! A row says of a product what the API says, with the category by its slug; an export read back in changes nothing.
//! Members that a row leaves out stay as they are.
//!
//! | CSV | JSON lines | |
//! |---|---|---|
//! | `sku` | `sku` | names the product, whatever its case |
//! | `name` | `name` | |
//! | `category` | `category` | a slug |
//! | `price_amount` | `price.amount` | in the currency's smallest unit |
//! | `price_currency` | `price.currency` | |
//! | `stock` | `stock` | differences go into the ledger |
//! | `status` | `status` | `active` or `archived` |
//! | `description` | `description` | HTML; an empty cell and `null` are no description |
//!
//! An empty cell of another column counts as left out. The room stands beside the API: it calls use cases, and knows no
//! store.

mod cells;
mod export;
mod import;
mod lines;
mod problems;

use std::io;
use std::path::Path;

pub use self::export::{Price, Row, Sheet, export};
pub use self::import::{Mode, Outcome, import};
pub use self::problems::{Place, Problem, Problems, SHOWN};

use crate::service;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, the first row being names.
    Csv,
    /// One JSON object in each line.
    Jsonl,
}

impl Format {
    /// What the name of a file says.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// The columns of CSV, and the members of products that they stand for.
const COLUMNS: [(&str, &str); 8] = [
    ("sku", "sku"),
    ("name", "name"),
    ("category", "category"),
    ("price_amount", "price/amount"),
    ("price_currency", "price/currency"),
    ("stock", "stock"),
    ("status", "status"),
    ("description", "description"),
];

/// Longest row, in bytes: whoever does not close a quote should not fill the memory. The longest that stands has some
/// 60,000.
const LONGEST_ROW: usize = 1 << 20;

/// Why a transfer came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read or written.
    #[error("{0}")]
    File(#[from] io::Error),
    /// The shop could not.
    #[error("{0}")]
    Shop(#[from] service::Error),
}
