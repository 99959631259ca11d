//! `shopkeeper seed`, `import` and `export`: what may be written after them.

use chrono::{DateTime, Utc};
use clap::builder::RangedU64ValueParser;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Most rows of a kind that are made up.
const MOST: u64 = 10_000_000;

/// How much is made up.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Seed {
    /// Users
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = RangedU64ValueParser::<u64>::new().range(0..=MOST))]
    pub users: u64,
    /// Categories
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = RangedU64ValueParser::<u64>::new().range(0..=10_000))]
    pub categories: u64,
    /// Products, with their stock and its ledger
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = RangedU64ValueParser::<u64>::new().range(0..=MOST))]
    pub products: u64,
    /// Orders of these users, with what became of them [default: 300; none without users or products]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<u64>::new().range(0..=MOST))]
    pub orders: Option<u64>,
    /// The moment up to which orders were placed, as 2026-11-01T12:00:00Z [default: now]
    #[arg(long, value_name = "TIME")]
    pub until: Option<DateTime<Utc>>,
    /// Where all of it comes from; another number makes another shop
    #[arg(long, value_name = "S", default_value_t = crate::seed::DEMO_SEED)]
    pub seed: u64,
}

/// What is imported.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Import {
    /// Products, each named by its SKU: made where it is new, else changed
    ///
    /// Columns of CSV: sku, name, category (a slug), `price_amount` (in the smallest unit of) `price_currency`, stock, status
    /// (active, archived), description (HTML). JSON lines: the same, but `"price": {"amount": …, "currency": …}`. What a row
    /// leaves out stays as it is; an empty cell counts as left out, but of the description, which it removes.
    ///
    /// All rows or none are applied, unless --keep-going is given. With problems the exit code is 1. The server must not run
    /// meanwhile.
    #[command(after_help = "Examples:
  shopkeeper import products shop.csv --dry-run
  shopkeeper import products shop.csv --create-categories --keep-going
  cat shop.jsonl | shopkeeper import products - --format jsonl --json")]
    Products(ImportProducts),
}

/// How products are imported.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub struct ImportProducts {
    /// A file of CSV or JSON lines; `-` is standard input
    pub file: PathBuf,
    /// What is in the file [default: what its name says: .csv, .jsonl]
    #[arg(long, value_enum)]
    pub format: Option<FileFormat>,
    /// Change nothing, and tell what would happen
    #[arg(long)]
    pub dry_run: bool,
    /// Apply the rows that stand even if others do not
    #[arg(long)]
    pub keep_going: bool,
    /// Make a category for each slug that is not there
    #[arg(long)]
    pub create_categories: bool,
    /// Tell what happened as JSON
    #[arg(long)]
    pub json: bool,
}

/// What is exported.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Export {
    /// All products, the oldest first, as `import products` reads them
    ///
    /// While the server runs, ask it: --server. That takes no API key.
    #[command(after_help = "Examples:
  shopkeeper export products shop.csv
  shopkeeper export products --format jsonl | head
  shopkeeper export products shop.csv --server https://shop.example")]
    Products(ExportProducts),
}

/// How products are exported.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ExportProducts {
    /// The file, which is replaced [default: standard output]
    pub file: Option<PathBuf>,
    /// What is written [default: what the file's name says; csv to standard output]
    #[arg(long, value_enum)]
    pub format: Option<FileFormat>,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// Comma-separated values, the first row being names
    Csv,
    /// One JSON object in each line
    Jsonl,
}
