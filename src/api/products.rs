//! Products of the catalogue. Their stock adjustments, which the document files under the same tag, are in `stock`.

use super::members::{change, expected, present};
use super::page::{self, nullable};
use super::{Context, Handlers, stock};
use crate::domain::product::{Product, ProductFilter, ProductSort, ProductStatus, Wanted};
use crate::domain::search::Search;
use crate::service::{NewProduct, Price, PricePatch, ProductPatch};
use contract::{EntityTag, Fields, Problem};
use generated::api::ProductsApi;
use generated::params::*;
use generated::responses::*;
use generated::{BASE_PATH, models};

impl ProductsApi<Context<'_>> for Handlers {
    async fn create_product(
        &self,
        call: &Context<'_>,
        params: CreateProductParams,
    ) -> Result<CreateProductResponse, Problem> {
        let models::ProductCreate { category_id, name, sku, description, price, stock, status: wanted } = params.body;
        let request = NewProduct {
            category_id,
            name,
            sku,
            description: description.and_then(present),
            price: price_of(price),
            stock: stock.unwrap_or_default(),
            status: wanted.map_or(ProductStatus::Active, status),
        };
        let keep = call.keep(|made, asked| created(made).into_reply(asked));
        let made = self.shop.create_product(call.by()?, request, keep).await?;
        Ok(created(&made))
    }

    async fn list_products(
        &self,
        call: &Context<'_>,
        params: ListProductsParams,
    ) -> Result<ListProductsResponse, Problem> {
        let ListProductsParams { limit, page, offset, cursor, sort: by, order, fields, .. } = params;
        let request = page::request(limit, page, offset, cursor);
        let filter = ProductFilter {
            category_id: params.category_id,
            min_price: params.min_price,
            max_price: params.max_price,
            in_stock: params.in_stock,
            status: params.status.map(status),
            search: params.search.as_deref().map(Search::new),
        };
        let found = self.shop.products(&filter, sort(by), page::order(order), &request, wanted(fields)).await;
        let list = found.map_err(page::in_query)?;
        let (pagination, links, link) = page::describe(call, &request, &list);
        let data = list.items.iter().map(product).collect();
        Ok(ListProductsResponse::Status200 { body: models::ProductPage { data, pagination, links }, link })
    }

    async fn get_product(&self, _: &Context<'_>, params: GetProductParams) -> Result<GetProductResponse, Problem> {
        let found = self.shop.product(params.product_id, wanted(params.fields)).await?;
        Ok(GetProductResponse::Status200 { e_tag: tag(&found), body: product(&found) })
    }

    async fn replace_product(
        &self,
        call: &Context<'_>,
        params: ReplaceProductParams,
    ) -> Result<ReplaceProductResponse, Problem> {
        let models::ProductReplace { category_id, name, sku, description, price, stock, status: wanted } = params.body;
        let (description, price, status) = (description.and_then(present), price_of(price), status(wanted));
        let whole = NewProduct { category_id, name, sku, description, price, stock, status };
        let expected = expected(params.if_match.as_deref(), params.product_id);
        let changed = self.shop.replace_product(call.by()?, params.product_id, whole, &expected).await?;
        Ok(ReplaceProductResponse::Status200 { e_tag: tag(&changed), body: product(&changed) })
    }

    async fn update_product(
        &self,
        call: &Context<'_>,
        params: UpdateProductParams,
    ) -> Result<UpdateProductResponse, Problem> {
        let models::ProductUpdate { category_id, name, sku, description, price, stock, status: wanted } = params.body;
        let price = price.map_or_else(PricePatch::default, |models::MoneyUpdate { amount, currency }| PricePatch {
            amount,
            currency,
        });
        let (description, status) = (change(description), wanted.map(status));
        let patch = ProductPatch { category_id, name, sku, description, price, stock, status };
        let expected = expected(params.if_match.as_deref(), params.product_id);
        let changed = self.shop.update_product(call.by()?, params.product_id, patch, &expected).await?;
        Ok(UpdateProductResponse::Status200 { e_tag: tag(&changed), body: product(&changed) })
    }

    async fn delete_product(
        &self,
        call: &Context<'_>,
        params: DeleteProductParams,
    ) -> Result<DeleteProductResponse, Problem> {
        let expected = expected(params.if_match.as_deref(), params.product_id);
        self.shop.delete_product(call.by()?, params.product_id, &expected).await?;
        Ok(DeleteProductResponse::Status204 {})
    }

    async fn create_stock_adjustment(
        &self,
        call: &Context<'_>,
        params: CreateStockAdjustmentParams,
    ) -> Result<CreateStockAdjustmentResponse, Problem> {
        stock::create(self, call, params).await
    }

    async fn list_stock_adjustments(
        &self,
        call: &Context<'_>,
        params: ListStockAdjustmentsParams,
    ) -> Result<ListStockAdjustmentsResponse, Problem> {
        stock::list(self, call, params).await
    }

    async fn get_stock_adjustment(
        &self,
        call: &Context<'_>,
        params: GetStockAdjustmentParams,
    ) -> Result<GetStockAdjustmentResponse, Problem> {
        stock::get(self, call, params).await
    }
}

fn created(made: &Product) -> CreateProductResponse {
    let location = format!("{BASE_PATH}/products/{}", made.id);
    CreateProductResponse::Status201 { location, e_tag: tag(made), body: product(made) }
}

pub fn product(product: &Product) -> models::Product {
    let Product { id, category_id, name, sku, description, price, stock, status, version: _, created_at, updated_at } =
        product;
    models::Product {
        id: *id,
        category_id: *category_id,
        name: name.as_str().to_owned(),
        sku: sku.as_str().to_owned(),
        description: nullable(description.as_ref().map(|html| html.as_str().to_owned())),
        price: page::money(*price),
        stock: stock.pieces(),
        status: status.as_str().to_owned(),
        created_at: *created_at,
        updated_at: *updated_at,
    }
}

fn tag(product: &Product) -> String {
    EntityTag { id: product.id, version: product.version }.to_string()
}

fn price_of(price: models::MoneyInput) -> Price {
    let models::MoneyInput { amount, currency } = price;
    Price { amount, currency }
}

pub fn sort(sort: Option<models::ProductSort>) -> ProductSort {
    match sort {
        Some(models::ProductSort::ProductByName) => ProductSort::Name,
        Some(models::ProductSort::ProductByPrice) => ProductSort::Price,
        Some(models::ProductSort::ProductByCreatedAt) | None => ProductSort::CreatedAt,
    }
}

pub fn status(status: models::ProductStatus) -> ProductStatus {
    match status {
        models::ProductStatus::ProductActive => ProductStatus::Active,
        models::ProductStatus::ProductArchived => ProductStatus::Archived,
    }
}

/// What has to be read for the members that the caller chose.
pub fn wanted(fields: Fields) -> Wanted {
    Wanted { description: fields.takes("description") }
}
