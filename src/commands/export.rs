//! `shopkeeper export products`: of the shop on this machine, or of a running server, which shows its products to everybody.

use super::place::Place;
use super::server::{AT_ONCE, Remote};
use super::{Said, format, is_standard};
use crate::cli::{ExportProducts, FileFormat};
use crate::progress::Progress;
use crate::settings::{Server, Settings};
use crate::start::Fault;
use crate::store::backup::{DRAFT, beside};
use crate::transfer::{self, Format, Price, Row, Sheet};
use contract::Fields;
use contract::client::Error;
use generated::models::{Product, ProductSort, SortOrder};
use generated::params::{ListCategoriesParams, ListProductsParams};
use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use swagger::Nullable;
use uuid::Uuid;

/// Why they were not written: the rest of a sentence.
struct Stopped(String);

/// Writes all products into a file or to standard output.
///
/// # Errors
/// When there is no shop, when a server does not answer, and when the file cannot be written: then none is left behind, and an
/// older one stays.
pub async fn export_products(
    settings: &Settings,
    server: Option<&Server>,
    wanted: &ExportProducts,
) -> Result<Said, Fault> {
    let file = wanted.file.as_deref().filter(|file| !is_standard(file));
    let format = format(wanted.format.or(file.is_none().then_some(FileFormat::Csv)), file)?;
    let shop = Place::existing(settings, server).await?;
    let mut progress = Progress::on_standard_error();
    let to_terminal = file.is_none() && io::stdout().is_terminal();
    let mut watch = |rows| {
        // A bar would stand among the rows.
        if !to_terminal {
            progress.show("products", rows, None);
        }
    };
    let written = match file {
        None => write(&shop, BufWriter::new(io::stdout().lock()), format, &mut watch).await,
        Some(path) => write_into(path, &shop, format, &mut watch).await,
    };
    progress.end();
    shop.close().await;
    let shown = file.map_or_else(|| "standard output".to_owned(), |path| format!("`{}`", path.display()));
    let written = written.map_err(|error| Fault(format!("The products could not be written to {shown}: {error}.")))?;
    // Standard output is what was asked for, and nothing else.
    let told = file.map_or_else(String::new, |_| format!("{written} products written to {shown}.\n"));
    Ok(Said::well(told))
}

/// Writes beside the file and renames in the end: nobody ever finds half of it.
async fn write_into(path: &Path, shop: &Place, format: Format, watch: &mut dyn FnMut(u64)) -> Result<u64, Stopped> {
    let draft = beside(path, DRAFT);
    let mut output = BufWriter::new(File::create(&draft)?);
    let written = write(shop, &mut output, format, watch).await;
    let kept = written.and_then(|written| {
        output.flush()?;
        fs::rename(&draft, path)?;
        Ok(written)
    });
    if kept.is_err() {
        // It may be gone already, and the first reason is the one to tell.
        let _ = fs::remove_file(&draft);
    }
    kept
}

async fn write(shop: &Place, output: impl Write, format: Format, watch: &mut dyn FnMut(u64)) -> Result<u64, Stopped> {
    match shop {
        Place::Here(opened) => Ok(transfer::export(&opened.shop, output, format, watch).await?),
        Place::There(remote) => write_theirs(remote, output, format, watch).await,
    }
}

/// Page by page, as the walk fetches them. Nothing is written before the server has answered.
async fn write_theirs(
    remote: &Remote,
    output: impl Write,
    format: Format,
    watch: &mut dyn FnMut(u64),
) -> Result<u64, Stopped> {
    let stopped = |error: Error| Stopped(remote.reason(&error));
    let mut slugs = slugs(remote).await.map_err(stopped)?;
    let mut sheet = Sheet::new(output, format)?;
    let mut walk = remote.client.walk_products(products());
    let mut written = 0;
    while let Some(product) = walk.next().await {
        let product = product.map_err(stopped)?;
        if !slugs.contains_key(&product.category_id) {
            // It was made while we read.
            slugs = self::slugs(remote).await.map_err(stopped)?;
        }
        // Only a category that went meanwhile has none, and took its products along.
        let Some(slug) = slugs.get(&product.category_id) else { continue };
        sheet.write(&row(&product, slug))?;
        written += 1;
        watch(written);
    }
    sheet.finish()?;
    Ok(written)
}

async fn slugs(remote: &Remote) -> Result<HashMap<Uuid, String>, Error> {
    let params = ListCategoriesParams {
        limit: AT_ONCE,
        page: None,
        offset: None,
        cursor: None,
        slug: None,
        sort: None,
        order: None,
        fields: Fields::ALL,
    };
    let all = remote.client.walk_categories(params).all().await?;
    Ok(all.into_iter().map(|category| (category.id, category.slug)).collect())
}

/// All of them, the oldest first.
fn products() -> ListProductsParams {
    ListProductsParams {
        limit: AT_ONCE,
        page: None,
        offset: None,
        cursor: None,
        category_id: None,
        min_price: None,
        max_price: None,
        in_stock: None,
        status: None,
        search: None,
        sort: Some(ProductSort::ProductByCreatedAt),
        order: Some(SortOrder::Asc),
        fields: Fields::ALL,
    }
}

fn row<'a>(product: &'a Product, category: &'a str) -> Row<'a> {
    let Product { name, sku, description, price, stock, status, .. } = product;
    let description = match description {
        Nullable::Present(text) => Some(text.as_str()),
        Nullable::Null => None,
    };
    let price = Price { amount: price.amount, currency: &price.currency };
    Row { sku, name, category, price, stock: *stock, status, description }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<transfer::Error> for Stopped {
    fn from(error: transfer::Error) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
