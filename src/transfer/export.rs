//! Writing the shop's products down.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;
use uuid::Uuid;

use super::{COLUMNS, Error, Format};
use crate::domain::description::Description;
use crate::domain::page::{PageRequest, Position, Side};
use crate::domain::product::Product;
use crate::service::{self, Shop};

/// A line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    sku: &'a str,
    name: &'a str,
    category: &'a str,
    price: Price<'a>,
    stock: i64,
    status: &'a str,
    description: Option<&'a str>,
}

#[derive(Serialize)]
struct Price<'a> {
    amount: i64,
    currency: &'a str,
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
            sheet.write(product, slug)?;
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

enum Sheet<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(W),
}

impl<W: Write> Sheet<W> {
    fn new(output: W, format: Format) -> io::Result<Self> {
        Ok(match format {
            Format::Jsonl => Self::Jsonl(output),
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(output);
                writer.write_record(COLUMNS.map(|(column, _)| column)).map_err(plain)?;
                Self::Csv(Box::new(writer))
            }
        })
    }

    fn write(&mut self, product: &Product, category: &str) -> io::Result<()> {
        let Product { sku, name, price, stock, status, description, .. } = product;
        let (sku, name, status) = (sku.as_str(), name.as_str(), status.as_str());
        let description = description.as_ref().map(Description::as_str);
        let (amount, currency, stock) = (price.amount(), price.currency(), stock.pieces());
        let currency = currency.as_str();
        match self {
            Self::Csv(writer) => {
                let (amount, stock) = (amount.to_string(), stock.to_string());
                let description = description.unwrap_or_default();
                let cells = [sku, name, category, &amount, currency, &stock, status, description];
                writer.write_record(cells).map_err(plain)
            }
            Self::Jsonl(output) => {
                let price = Price { amount, currency };
                serde_json::to_writer(&mut *output, &Line { sku, name, category, price, stock, status, description })?;
                output.write_all(b"\n")
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush(),
            Self::Jsonl(mut output) => output.flush(),
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
