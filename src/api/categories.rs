//! Categories of the catalogue.

use super::members::{change, expected, present};
use super::page::{self, nullable};
use super::{Context, Handlers, products};
use crate::domain::category::{Category, CategoryFilter, CategorySort};
use crate::domain::product::ProductFilter;
use crate::domain::search::Search;
use crate::service::{CategoryPatch, NewCategory};
use contract::{EntityTag, Problem};
use generated::api::CategoriesApi;
use generated::params::*;
use generated::responses::*;
use generated::{BASE_PATH, models};

impl CategoriesApi<Context<'_>> for Handlers {
    async fn create_category(
        &self,
        call: &Context<'_>,
        params: CreateCategoryParams,
    ) -> Result<CreateCategoryResponse, Problem> {
        let models::CategoryCreate { name, slug, description } = params.body;
        let request = NewCategory { name, slug, description: description.and_then(present) };
        let keep = call.keep(|made, asked| created(made).into_reply(asked));
        let made = self.shop.create_category(call.by()?, request, keep).await?;
        Ok(created(&made))
    }

    async fn list_categories(
        &self,
        call: &Context<'_>,
        params: ListCategoriesParams,
    ) -> Result<ListCategoriesResponse, Problem> {
        let ListCategoriesParams { limit, page, offset, cursor, slug, sort, order, fields: _ } = params;
        let request = page::request(limit, page, offset, cursor);
        let sort = match sort {
            Some(models::CategorySort::CategoryByName) => CategorySort::Name,
            Some(models::CategorySort::CategoryByCreatedAt) | None => CategorySort::CreatedAt,
        };
        let categories = self.shop.categories(&CategoryFilter { slug }, sort, page::order(order), &request).await;
        let list = categories.map_err(page::in_query)?;
        let (pagination, links, link) = page::describe(call, &request, &list);
        let data = list.items.iter().map(category).collect();
        Ok(ListCategoriesResponse::Status200 { body: models::CategoryPage { data, pagination, links }, link })
    }

    async fn get_category(&self, _: &Context<'_>, params: GetCategoryParams) -> Result<GetCategoryResponse, Problem> {
        let GetCategoryParams { category_id, fields: _ } = params;
        let found = self.shop.category(category_id).await?;
        Ok(GetCategoryResponse::Status200 { e_tag: tag(&found), body: category(&found) })
    }

    async fn list_category_products(
        &self,
        call: &Context<'_>,
        params: ListCategoryProductsParams,
    ) -> Result<ListCategoryProductsResponse, Problem> {
        let ListCategoryProductsParams { category_id, limit, page, offset, cursor, sort, order, fields, .. } = params;
        let request = page::request(limit, page, offset, cursor);
        let filter = ProductFilter {
            category_id: None,
            min_price: params.min_price,
            max_price: params.max_price,
            in_stock: params.in_stock,
            status: params.status.map(products::status),
            search: params.search.as_deref().map(Search::new),
        };
        let (sort, order, wanted) = (products::sort(sort), page::order(order), products::wanted(fields));
        let found = self.shop.category_products(category_id, filter, sort, order, &request, wanted).await;
        let list = found.map_err(page::in_query)?;
        let (pagination, links, link) = page::describe(call, &request, &list);
        let data = list.items.iter().map(products::product).collect();
        Ok(ListCategoryProductsResponse::Status200 { body: models::ProductPage { data, pagination, links }, link })
    }

    async fn replace_category(
        &self,
        call: &Context<'_>,
        params: ReplaceCategoryParams,
    ) -> Result<ReplaceCategoryResponse, Problem> {
        let models::CategoryReplace { name, slug, description } = params.body;
        let whole = NewCategory { name, slug, description: description.and_then(present) };
        let expected = expected(params.if_match.as_deref(), params.category_id);
        let changed = self.shop.replace_category(call.by()?, params.category_id, whole, &expected).await?;
        Ok(ReplaceCategoryResponse::Status200 { e_tag: tag(&changed), body: category(&changed) })
    }

    async fn update_category(
        &self,
        call: &Context<'_>,
        params: UpdateCategoryParams,
    ) -> Result<UpdateCategoryResponse, Problem> {
        let models::CategoryUpdate { name, slug, description } = params.body;
        let patch = CategoryPatch { name, slug, description: change(description) };
        let expected = expected(params.if_match.as_deref(), params.category_id);
        let changed = self.shop.update_category(call.by()?, params.category_id, patch, &expected).await?;
        Ok(UpdateCategoryResponse::Status200 { e_tag: tag(&changed), body: category(&changed) })
    }

    async fn delete_category(
        &self,
        call: &Context<'_>,
        params: DeleteCategoryParams,
    ) -> Result<DeleteCategoryResponse, Problem> {
        let expected = expected(params.if_match.as_deref(), params.category_id);
        self.shop.delete_category(call.by()?, params.category_id, &expected).await?;
        Ok(DeleteCategoryResponse::Status204 {})
    }
}

fn created(made: &Category) -> CreateCategoryResponse {
    let location = format!("{BASE_PATH}/categories/{}", made.id);
    CreateCategoryResponse::Status201 { location, e_tag: tag(made), body: category(made) }
}

fn category(category: &Category) -> models::Category {
    let Category { id, name, slug, description, version: _, created_at, updated_at } = category;
    models::Category {
        id: *id,
        name: name.as_str().to_owned(),
        slug: slug.as_str().to_owned(),
        description: nullable(description.as_ref().map(|text| text.as_str().to_owned())),
        created_at: *created_at,
        updated_at: *updated_at,
    }
}

fn tag(category: &Category) -> String {
    EntityTag { id: category.id, version: category.version }.to_string()
}
