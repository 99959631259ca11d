//! One parameter struct per operation.
use crate::models;

/// What `GET /admin/config` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetEffectiveConfigParams {}

/// What `GET /admin/overview` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetOverviewParams {
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `GET /admin/audit-events` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListAuditEventsParams {
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// Only events of this account.
    pub actor_id: Option<uuid::Uuid>,
    /// Only events of this kind, such as `order.placed`.
    pub action: Option<String>,
    /// Only events on this kind of thing, such as `order`.
    pub resource: Option<String>,
    /// Only events on the thing of this id.
    pub resource_id: Option<uuid::Uuid>,
    /// Only events of this request.
    pub request_id: Option<String>,
    /// Only events recorded after this time.
    pub created_after: Option<chrono::DateTime<chrono::Utc>>,
    /// Only events recorded before this time.
    pub created_before: Option<chrono::DateTime<chrono::Utc>>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::AuditEventSort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `POST /users/me/api-keys` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateApiKeyParams {
    pub body: models::ApiKeyCreate,
    /// A name that the caller makes up for this one act, so that it can be sent again when the answer got lost: the same key with the same request gives the first answer again, for 24 hours and under any token of the account (callers without one are known by their address and what they send). 1 to 255 characters, bare or as a quoted string (RFC 8941), which is the same key.
    pub idempotency_key: Option<contract::IdempotencyKey>,
}

/// What `GET /users/me/api-keys` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListApiKeysParams {
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::ApiKeySort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `DELETE /users/me/api-keys/{api_key_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteApiKeyParams {
    /// Id of the API key. What is no UUID names nothing and answers 404.
    pub api_key_id: uuid::Uuid,
}

/// What `GET /auth/sessions` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListSessionsParams {
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::SessionSort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `POST /auth/login` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct LoginParams {
    pub body: models::LoginRequest,
}

/// What `POST /auth/logout` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct LogoutParams {}

/// What `POST /auth/refresh` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct RefreshSessionParams {
    pub body: models::RefreshRequest,
}

/// What `DELETE /auth/sessions/{session_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct RevokeSessionParams {
    /// Id of the session. What is no UUID names nothing and answers 404.
    pub session_id: uuid::Uuid,
}

/// What `POST /categories` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateCategoryParams {
    pub body: models::CategoryCreate,
    /// A name that the caller makes up for this one act, so that it can be sent again when the answer got lost: the same key with the same request gives the first answer again, for 24 hours and under any token of the account (callers without one are known by their address and what they send). 1 to 255 characters, bare or as a quoted string (RFC 8941), which is the same key.
    pub idempotency_key: Option<contract::IdempotencyKey>,
}

/// What `GET /categories` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListCategoriesParams {
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// Only the category of this slug.
    pub slug: Option<String>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::CategorySort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `DELETE /categories/{category_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteCategoryParams {
    /// Id of the category. What is no UUID names nothing and answers 404.
    pub category_id: uuid::Uuid,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `GET /categories/{category_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetCategoryParams {
    /// Id of the category. What is no UUID names nothing and answers 404.
    pub category_id: uuid::Uuid,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `GET /categories/{category_id}/products` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListCategoryProductsParams {
    /// Id of the category. What is no UUID names nothing and answers 404.
    pub category_id: uuid::Uuid,
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// Only products that cost at least this much, in minor units of whatever currency.
    pub min_price: Option<i64>,
    /// Only products that cost at most this much, in minor units of whatever currency.
    pub max_price: Option<i64>,
    /// `true`: only products of which there are some; `false`: only those of which there are none.
    pub in_stock: Option<bool>,
    /// Only products of this status.
    pub status: Option<models::ProductStatus>,
    /// Only products of which name, SKU or description have, for every word of this, a word that begins with it, whatever its case and its accents.
    pub search: Option<String>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::ProductSort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `PUT /categories/{category_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplaceCategoryParams {
    /// Id of the category. What is no UUID names nothing and answers 404.
    pub category_id: uuid::Uuid,
    pub body: models::CategoryReplace,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `PATCH /categories/{category_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateCategoryParams {
    /// Id of the category. What is no UUID names nothing and answers 404.
    pub category_id: uuid::Uuid,
    pub body: models::CategoryUpdate,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `GET /me/limits` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetMyLimitsParams {}

/// What `POST /oauth/introspect` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct IntrospectTokenParams {
    /// An access token or a refresh token.
    pub token: contract::Secret,
    /// `access_token` or `refresh_token`; any other hint is ignored.
    pub token_type_hint: Option<String>,
}

/// What `POST /oauth/token` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct IssueTokenParams {
    /// `password`, `refresh_token` or `client_credentials`.
    pub grant_type: String,
    /// Username or e-mail address, for `password`.
    pub username: Option<String>,
    /// For `password`.
    pub password: Option<contract::Secret>,
    /// For `refresh_token`.
    pub refresh_token: Option<contract::Secret>,
    /// Scopes asked for, parted by spaces; absent asks for all that are allowed.
    pub scope: Option<String>,
    /// Id of an API key, for clients that cannot use HTTP Basic.
    pub client_id: Option<String>,
    /// Secret of the API key, for clients that cannot use HTTP Basic.
    pub client_secret: Option<contract::Secret>,
}

/// What `POST /oauth/revoke` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct RevokeTokenParams {
    /// An access token or a refresh token.
    pub token: contract::Secret,
    /// `access_token` or `refresh_token`; any other hint is ignored.
    pub token_type_hint: Option<String>,
    /// Id of an API key, for clients that cannot use HTTP Basic.
    pub client_id: Option<String>,
    /// Secret of the API key, for clients that cannot use HTTP Basic.
    pub client_secret: Option<contract::Secret>,
}

/// What `POST /orders` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateOrderParams {
    pub body: models::OrderCreate,
    /// A name that the caller makes up for this one act, so that it can be sent again when the answer got lost: the same key with the same request gives the first answer again, for 24 hours and under any token of the account (callers without one are known by their address and what they send). 1 to 255 characters, bare or as a quoted string (RFC 8941), which is the same key.
    pub idempotency_key: Option<contract::IdempotencyKey>,
}

/// What `GET /orders` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListOrdersParams {
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// Only orders of this status.
    pub status: Option<models::OrderStatus>,
    /// Only orders of this account.
    pub user_id: Option<uuid::Uuid>,
    /// Only orders placed after this time.
    pub created_after: Option<chrono::DateTime<chrono::Utc>>,
    /// Only orders placed before this time.
    pub created_before: Option<chrono::DateTime<chrono::Utc>>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::OrderSort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `POST /orders/{order_id}/items` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateOrderItemParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    pub body: models::OrderItemCreate,
    /// A name that the caller makes up for this one act, so that it can be sent again when the answer got lost: the same key with the same request gives the first answer again, for 24 hours and under any token of the account (callers without one are known by their address and what they send). 1 to 255 characters, bare or as a quoted string (RFC 8941), which is the same key.
    pub idempotency_key: Option<contract::IdempotencyKey>,
}

/// What `POST /orders/{order_id}/transitions` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateOrderTransitionParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    pub body: models::OrderTransitionCreate,
    /// A name that the caller makes up for this one act, so that it can be sent again when the answer got lost: the same key with the same request gives the first answer again, for 24 hours and under any token of the account (callers without one are known by their address and what they send). 1 to 255 characters, bare or as a quoted string (RFC 8941), which is the same key.
    pub idempotency_key: Option<contract::IdempotencyKey>,
}

/// What `POST /users/{user_id}/orders` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateUserOrderParams {
    /// Id of the account. What is no UUID names nothing and answers 404.
    pub user_id: uuid::Uuid,
    pub body: models::OrderCreate,
    /// A name that the caller makes up for this one act, so that it can be sent again when the answer got lost: the same key with the same request gives the first answer again, for 24 hours and under any token of the account (callers without one are known by their address and what they send). 1 to 255 characters, bare or as a quoted string (RFC 8941), which is the same key.
    pub idempotency_key: Option<contract::IdempotencyKey>,
}

/// What `DELETE /orders/{order_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteOrderParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `GET /orders/{order_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetOrderParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `GET /orders/{order_id}/items` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListOrderItemsParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::OrderItemSort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `GET /orders/{order_id}/transitions` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListOrderTransitionsParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::OrderTransitionSort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `GET /users/{user_id}/orders` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListUserOrdersParams {
    /// Id of the account. What is no UUID names nothing and answers 404.
    pub user_id: uuid::Uuid,
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// Only orders of this status.
    pub status: Option<models::OrderStatus>,
    /// Only orders placed after this time.
    pub created_after: Option<chrono::DateTime<chrono::Utc>>,
    /// Only orders placed before this time.
    pub created_before: Option<chrono::DateTime<chrono::Utc>>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::OrderSort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `PATCH /orders/{order_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateOrderParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    pub body: models::OrderUpdate,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `DELETE /orders/{order_id}/items/{item_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteOrderItemParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    /// Id of the item. What is no UUID names nothing and answers 404.
    pub item_id: uuid::Uuid,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `GET /orders/{order_id}/items/{item_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetOrderItemParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    /// Id of the item. What is no UUID names nothing and answers 404.
    pub item_id: uuid::Uuid,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `GET /orders/{order_id}/transitions/{transition_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetOrderTransitionParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    /// Id of the step. What is no UUID names nothing and answers 404.
    pub transition_id: uuid::Uuid,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `GET /users/{user_id}/orders/{order_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetUserOrderParams {
    /// Id of the account. What is no UUID names nothing and answers 404.
    pub user_id: uuid::Uuid,
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `PUT /orders/{order_id}/items/{item_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplaceOrderItemParams {
    /// Id of the order. What is no UUID names nothing and answers 404.
    pub order_id: uuid::Uuid,
    /// Id of the item. What is no UUID names nothing and answers 404.
    pub item_id: uuid::Uuid,
    pub body: models::OrderItemReplace,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `POST /products` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateProductParams {
    pub body: models::ProductCreate,
    /// A name that the caller makes up for this one act, so that it can be sent again when the answer got lost: the same key with the same request gives the first answer again, for 24 hours and under any token of the account (callers without one are known by their address and what they send). 1 to 255 characters, bare or as a quoted string (RFC 8941), which is the same key.
    pub idempotency_key: Option<contract::IdempotencyKey>,
}

/// What `GET /products` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListProductsParams {
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// Only products of this category; an unknown one has none.
    pub category_id: Option<uuid::Uuid>,
    /// Only products that cost at least this much, in minor units of whatever currency.
    pub min_price: Option<i64>,
    /// Only products that cost at most this much, in minor units of whatever currency.
    pub max_price: Option<i64>,
    /// `true`: only products of which there are some; `false`: only those of which there are none.
    pub in_stock: Option<bool>,
    /// Only products of this status.
    pub status: Option<models::ProductStatus>,
    /// Only products of which name, SKU or description have, for every word of this, a word that begins with it, whatever its case and its accents.
    pub search: Option<String>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::ProductSort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `POST /products/{product_id}/stock-adjustments` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateStockAdjustmentParams {
    /// Id of the product. What is no UUID names nothing and answers 404.
    pub product_id: uuid::Uuid,
    pub body: models::StockAdjustmentCreate,
    /// A name that the caller makes up for this one act, so that it can be sent again when the answer got lost: the same key with the same request gives the first answer again, for 24 hours and under any token of the account (callers without one are known by their address and what they send). 1 to 255 characters, bare or as a quoted string (RFC 8941), which is the same key.
    pub idempotency_key: Option<contract::IdempotencyKey>,
}

/// What `DELETE /products/{product_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteProductParams {
    /// Id of the product. What is no UUID names nothing and answers 404.
    pub product_id: uuid::Uuid,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `GET /products/{product_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetProductParams {
    /// Id of the product. What is no UUID names nothing and answers 404.
    pub product_id: uuid::Uuid,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `GET /products/{product_id}/stock-adjustments` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListStockAdjustmentsParams {
    /// Id of the product. What is no UUID names nothing and answers 404.
    pub product_id: uuid::Uuid,
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::StockAdjustmentSort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `PUT /products/{product_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplaceProductParams {
    /// Id of the product. What is no UUID names nothing and answers 404.
    pub product_id: uuid::Uuid,
    pub body: models::ProductReplace,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `PATCH /products/{product_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateProductParams {
    /// Id of the product. What is no UUID names nothing and answers 404.
    pub product_id: uuid::Uuid,
    pub body: models::ProductUpdate,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `GET /products/{product_id}/stock-adjustments/{adjustment_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetStockAdjustmentParams {
    /// Id of the product. What is no UUID names nothing and answers 404.
    pub product_id: uuid::Uuid,
    /// Id of the stock adjustment. What is no UUID names nothing and answers 404.
    pub adjustment_id: uuid::Uuid,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `PUT /users/me/password` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangePasswordParams {
    pub body: models::PasswordChange,
}

/// What `POST /users` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateUserParams {
    pub body: models::UserCreate,
    /// A name that the caller makes up for this one act, so that it can be sent again when the answer got lost: the same key with the same request gives the first answer again, for 24 hours and under any token of the account (callers without one are known by their address and what they send). 1 to 255 characters, bare or as a quoted string (RFC 8941), which is the same key.
    pub idempotency_key: Option<contract::IdempotencyKey>,
}

/// What `DELETE /users/me` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteCurrentUserParams {
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `GET /users/me` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetCurrentUserParams {
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `GET /users` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ListUsersParams {
    /// How many entries a page holds at most.
    pub limit: i32,
    /// Number of the page, counted from 1, which is also what is given when neither `page`, `offset` nor `cursor` is sent.
    pub page: Option<i32>,
    /// How many entries to skip. Not together with `page` or `cursor`.
    pub offset: Option<i32>,
    /// Where to go on: the `next_cursor` or `prev_cursor` of a page with the same filters, `sort` and `order`; any other use is a 422. Empty begins at the first entry. Stable while entries come and go; the total is not counted. Not together with `page` or `offset`.
    pub cursor: Option<String>,
    /// By what to sort; `created_at` when absent. Entries that are equal in it are sorted by id.
    pub sort: Option<models::UserSort>,
    /// Direction of the sort; `desc` when absent.
    pub order: Option<models::SortOrder>,
    /// Only accounts of this role.
    pub role: Option<models::Role>,
    /// Only accounts of this status.
    pub status: Option<models::AccountStatus>,
    /// Only accounts with this text in username, e-mail or full name, in any case.
    pub search: Option<String>,
    /// Only accounts made after this time.
    pub created_after: Option<chrono::DateTime<chrono::Utc>>,
    /// Only accounts made before this time.
    pub created_before: Option<chrono::DateTime<chrono::Utc>>,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `PATCH /users/me` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateCurrentUserParams {
    pub body: models::UserUpdate,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `DELETE /users/{user_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct DeleteUserParams {
    /// Id of the account. What is no UUID names nothing and answers 404.
    pub user_id: uuid::Uuid,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `GET /users/{user_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct GetUserParams {
    /// Id of the account. What is no UUID names nothing and answers 404.
    pub user_id: uuid::Uuid,
    /// Names of the members that are wanted, as in `id,created_at`, and of which the answer then consists, in its own media type; of a page, those of each entry. An unknown, empty or repeated name is a 422 that lists what there is. All when absent.
    pub fields: contract::Fields,
}

/// What `PUT /users/{user_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplaceUserParams {
    /// Id of the account. What is no UUID names nothing and answers 404.
    pub user_id: uuid::Uuid,
    pub body: models::UserReplace,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}

/// What `PATCH /users/{user_id}` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateUserParams {
    /// Id of the account. What is no UUID names nothing and answers 404.
    pub user_id: uuid::Uuid,
    pub body: models::UserUpdate,
    /// Entity tags of which one must be the present one of the resource, or `*`; otherwise 412 (RFC 9110, section 13.1.1).
    pub if_match: Option<String>,
}
