//! Writing the shop's products down.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;
use uuid::Uuid;

use super::{COLUMNS, Error, Format};
use crate::domain::description::Description;
use crate::domain::money::Currency;
use crate::domain::page::{PageRequest, Position, Side};
use crate::domain::product::Product;
use crate::service::{self, Shop};

/// A product as a file has it; serialized, it is a line of JSON.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Row<'a> {
    pub sku: &'a str,
    pub name: &'a str,
    /// A slug.
    pub category: &'a str,
    pub price: Price<'a>,
    /// Pieces.
    pub stock: i64,
    pub status: &'a str,
    /// HTML.
    pub description: Option<&'a str>,
}

/// What a product costs.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Price<'a> {
    /// In the currency's smallest unit.
    pub amount: i64,
    pub currency: &'a str,
}

/// Writes every product, the oldest first; tells how many. `watch` is told now and then how many are written.
///
/// # Errors
/// When it cannot be written, or the shop cannot be read.
pub async fn export(shop: &Shop, output: impl Write, format: Format, watch: &mut dyn FnMut(u64)) -> Result<u64, Error> {
    let slugs: HashMap<Uuid, String> = shop.category_ids().await?.into_iter().map(|(slug, id)| (id, slug)).collect();
    let mut sheet = Sheet::new(output, format)?;
    let mut written = 0;
    let mut position = Position::Start;
    loop {
        let part = shop.all_products(&PageRequest::new(PageRequest::MAX_LIMIT, position)).await?;
        for product in &part.items {
            let slug = slugs
                .get(&product.category_id)
                .ok_or_else(|| service::Error::Internal(format!("product {} is in no category", product.id).into()))?;
            sheet.write(&row(product, &product.price.currency(), slug))?;
        }
        written += part.items.len() as u64;
        watch(written);
        match part.next {
            Some(last) => position = Position::Cursor(Side::After, last),
            None => break,
        }
    }
    sheet.finish()?;
    Ok(written)
}

fn row<'a>(product: &'a Product, currency: &'a Currency, category: &'a str) -> Row<'a> {
    let Product { sku, name, price, stock, status, description, .. } = product;
    Row {
        sku: sku.as_str(),
        name: name.as_str(),
        category,
        price: Price { amount: price.amount(), currency: currency.as_str() },
        stock: stock.pieces(),
        status: status.as_str(),
        description: description.as_ref().map(Description::as_str),
    }
}

/// A file of products while it is written.
pub struct Sheet<W: Write>(Written<W>);

enum Written<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(W),
}

impl<W: Write> Sheet<W> {
    /// Begins with the names of the columns, where the format has any.
    ///
    /// # Errors
    /// When it cannot be written, as with all that follows.
    pub fn new(output: W, format: Format) -> io::Result<Self> {
        Ok(Self(match format {
            Format::Jsonl => Written::Jsonl(output),
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(output);
                writer.write_record(COLUMNS.map(|(column, _)| column)).map_err(plain)?;
                Written::Csv(Box::new(writer))
            }
        }))
    }

    /// Adds a product.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        match &mut self.0 {
            Written::Csv(writer) => {
                let Row { sku, name, category, price, stock, status, description } = row;
                let (amount, stock) = (price.amount.to_string(), stock.to_string());
                let description = description.unwrap_or_default();
                let cells = [sku, name, category, &*amount, price.currency, &stock, status, description];
                writer.write_record(cells).map_err(plain)
            }
            Written::Jsonl(output) => {
                serde_json::to_writer(&mut *output, row)?;
                output.write_all(b"\n")
            }
        }
    }

    /// Writes out what is still held back.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Written::Csv(mut writer) => writer.flush(),
            Written::Jsonl(mut output) => output.flush(),
        }
    }
}

/// Of the reasons why a row cannot be written, its length is none: all have as many cells.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
