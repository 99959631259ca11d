//! Keys with which programs act for the caller's account.

use super::page::{self, nullable};
use super::{Context, Handlers};
use crate::domain::access::RoleScopes;
use crate::domain::api_key::{ApiKey, ApiKeySort, secret};
use crate::service::{CreatedApiKey, NewApiKey};
use contract::Problem;
use generated::api::ApiKeysApi;
use generated::params::*;
use generated::responses::*;
use generated::{BASE_PATH, models};
use swagger::Nullable;

impl ApiKeysApi<Context<'_>> for Handlers {
    async fn list_api_keys(
        &self,
        call: &Context<'_>,
        params: ListApiKeysParams,
    ) -> Result<ListApiKeysResponse, Problem> {
        let ListApiKeysParams { limit, page, offset, cursor, sort, order, fields: _ } = params;
        let request = page::request(limit, page, offset, cursor);
        let sort = match sort {
            Some(models::ApiKeySort::ApiKeyByName) => ApiKeySort::Name,
            Some(models::ApiKeySort::ApiKeyByCreatedAt) | None => ApiKeySort::CreatedAt,
        };
        let keys = self.shop.api_keys(call.caller()?, sort, page::order(order), &request).await;
        let list = keys.map_err(page::in_query)?;
        let (pagination, links, link) = page::describe(call, &request, &list);
        let data = list.items.into_iter().map(|item| api_key(item, self.shop.scopes())).collect();
        Ok(ListApiKeysResponse::Status200 { body: models::ApiKeyPage { data, pagination, links }, link })
    }

    async fn create_api_key(
        &self,
        call: &Context<'_>,
        params: CreateApiKeyParams,
    ) -> Result<CreateApiKeyResponse, Problem> {
        let models::ApiKeyCreate { name, scopes, expires_at } = params.body;
        let expires_at = match expires_at {
            Some(Nullable::Present(at)) => Some(at),
            Some(Nullable::Null) | None => None,
        };
        let scopes = scopes.into_iter().map(|scope| scope.to_string()).collect();
        let request = NewApiKey { name, scopes, expires_at };
        let table = self.shop.scopes();
        let keep = call.keep(|made, asked| created(made, table).into_reply(asked));
        let made = self.shop.create_api_key(call.by()?, request, keep).await?;
        Ok(created(&made, table))
    }

    async fn delete_api_key(
        &self,
        call: &Context<'_>,
        params: DeleteApiKeyParams,
    ) -> Result<DeleteApiKeyResponse, Problem> {
        self.shop.delete_api_key(call.by()?, params.api_key_id).await?;
        Ok(DeleteApiKeyResponse::Status204 {})
    }
}

fn created(made: &CreatedApiKey, table: &RoleScopes) -> CreateApiKeyResponse {
    let CreatedApiKey { key, secret } = made.clone();
    let models::ApiKey { id, name, prefix, scopes, created_at, last_used_at, expires_at } = api_key(key, table);
    let location = format!("{BASE_PATH}/users/me/api-keys/{id}");
    let body = models::ApiKeyCreated { id, name, prefix, scopes, created_at, last_used_at, expires_at, secret };
    CreateApiKeyResponse::Status201 { body, location }
}

fn api_key(key: ApiKey, table: &RoleScopes) -> models::ApiKey {
    let ApiKey { id, user_id: _, name, prefix, scopes, created_at, last_used_at, expires_at } = key;
    models::ApiKey {
        id,
        name: name.as_str().to_owned(),
        prefix: format!("{}{prefix}", secret::MARK),
        scopes: table.names(scopes).map(str::to_owned).collect(),
        created_at,
        last_used_at: nullable(last_used_at),
        expires_at: nullable(expires_at),
    }
}
