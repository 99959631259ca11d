//! One closed enum per operation: the successes that the document lists. Failures are problems, which
//! [`crate::call`] holds against the document's list.
use crate::models;
use contract::{Asked, Problem, Reply};

/// The answers of `GET /admin/config`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetEffectiveConfigResponse {
    /// 200 OK – the settings.
    Status200 { body: models::EffectiveConfig },
}

impl GetEffectiveConfigResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /admin/overview`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetOverviewResponse {
    /// 200 OK – the overview.
    Status200 { body: models::Overview },
}

impl GetOverviewResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /admin/audit-events`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListAuditEventsResponse {
    /// 200 OK – a page of events.
    Status200 { body: models::AuditEventPage, link: String },
}

impl ListAuditEventsResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /users/me/api-keys`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateApiKeyResponse {
    /// 201 Created – the new key with its secret.
    Status201 { body: models::ApiKeyCreated, location: String },
}

impl CreateApiKeyResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(201);
                reply.set("location", &location)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /users/me/api-keys`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListApiKeysResponse {
    /// 200 OK – a page of API keys.
    Status200 { body: models::ApiKeyPage, link: String },
}

impl ListApiKeysResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `DELETE /users/me/api-keys/{api_key_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum DeleteApiKeyResponse {
    /// 204 No Content – done.
    Status204 {},
}

impl DeleteApiKeyResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(204);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /auth/sessions`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListSessionsResponse {
    /// 200 OK – a page of sessions.
    Status200 { body: models::SessionPage, link: String },
}

impl ListSessionsResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /auth/login`.
#[derive(Debug, Clone, PartialEq)]
pub enum LoginResponse {
    /// 200 OK – the token pair.
    Status200 { body: models::TokenPair },
}

impl LoginResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /auth/logout`.
#[derive(Debug, Clone, PartialEq)]
pub enum LogoutResponse {
    /// 204 No Content – done.
    Status204 {},
}

impl LogoutResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(204);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /auth/refresh`.
#[derive(Debug, Clone, PartialEq)]
pub enum RefreshSessionResponse {
    /// 200 OK – the new token pair.
    Status200 { body: models::TokenPair },
}

impl RefreshSessionResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `DELETE /auth/sessions/{session_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum RevokeSessionResponse {
    /// 204 No Content – done.
    Status204 {},
}

impl RevokeSessionResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(204);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /categories`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateCategoryResponse {
    /// 201 Created – the new category.
    Status201 { body: models::Category, location: String, e_tag: String },
}

impl CreateCategoryResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(201);
                reply.set("location", &location)?;
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /categories`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListCategoriesResponse {
    /// 200 OK – a page of categories.
    Status200 { body: models::CategoryPage, link: String },
}

impl ListCategoriesResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `DELETE /categories/{category_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum DeleteCategoryResponse {
    /// 204 No Content – done.
    Status204 {},
}

impl DeleteCategoryResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(204);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /categories/{category_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetCategoryResponse {
    /// 200 OK – the category.
    Status200 { body: models::Category, e_tag: String },
}

impl GetCategoryResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /categories/{category_id}/products`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListCategoryProductsResponse {
    /// 200 OK – a page of products.
    Status200 { body: models::ProductPage, link: String },
}

impl ListCategoryProductsResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `PUT /categories/{category_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplaceCategoryResponse {
    /// 200 OK – the changed category.
    Status200 { body: models::Category, e_tag: String },
}

impl ReplaceCategoryResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `PATCH /categories/{category_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum UpdateCategoryResponse {
    /// 200 OK – the changed category.
    Status200 { body: models::Category, e_tag: String },
}

impl UpdateCategoryResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /me/limits`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetMyLimitsResponse {
    /// 200 OK – the limits.
    Status200 { body: models::CallerLimits },
}

impl GetMyLimitsResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /oauth/introspect`.
#[derive(Debug, Clone, PartialEq)]
pub enum IntrospectTokenResponse {
    /// 200 OK – what is known of the token.
    Status200 { body: models::Introspection },
}

impl IntrospectTokenResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /oauth/token`.
#[derive(Debug, Clone, PartialEq)]
pub enum IssueTokenResponse {
    /// 200 OK – the token.
    Status200 { body: models::OAuthToken },
}

impl IssueTokenResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /oauth/revoke`.
#[derive(Debug, Clone, PartialEq)]
pub enum RevokeTokenResponse {
    /// 200 OK – the token does not work, or no longer works. The body is empty.
    Status200 {},
}

impl RevokeTokenResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /orders`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateOrderResponse {
    /// 201 Created – the order, with its stock taken.
    Status201 { body: models::Order, location: String, e_tag: String },
}

impl CreateOrderResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(201);
                reply.set("location", &location)?;
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /orders`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListOrdersResponse {
    /// 200 OK – a page of orders.
    Status200 { body: models::OrderPage, link: String },
}

impl ListOrdersResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /orders/{order_id}/items`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateOrderItemResponse {
    /// 201 Created – the new item.
    Status201 { body: models::OrderItem, location: String, e_tag: String },
}

impl CreateOrderItemResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(201);
                reply.set("location", &location)?;
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /orders/{order_id}/transitions`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateOrderTransitionResponse {
    /// 201 Created – the step that was taken.
    Status201 { body: models::OrderTransition, location: String, e_tag: String },
}

impl CreateOrderTransitionResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(201);
                reply.set("location", &location)?;
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /users/{user_id}/orders`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateUserOrderResponse {
    /// 201 Created – the order, with its stock taken.
    Status201 { body: models::Order, location: String, e_tag: String },
}

impl CreateUserOrderResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(201);
                reply.set("location", &location)?;
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `DELETE /orders/{order_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum DeleteOrderResponse {
    /// 204 No Content – done.
    Status204 {},
}

impl DeleteOrderResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(204);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /orders/{order_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetOrderResponse {
    /// 200 OK – the order.
    Status200 { body: models::Order, e_tag: String },
}

impl GetOrderResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /orders/{order_id}/items`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListOrderItemsResponse {
    /// 200 OK – a page of items.
    Status200 { body: models::OrderItemPage, link: String },
}

impl ListOrderItemsResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /orders/{order_id}/transitions`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListOrderTransitionsResponse {
    /// 200 OK – a page of steps.
    Status200 { body: models::OrderTransitionPage, link: String },
}

impl ListOrderTransitionsResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /users/{user_id}/orders`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListUserOrdersResponse {
    /// 200 OK – a page of orders.
    Status200 { body: models::OrderPage, link: String },
}

impl ListUserOrdersResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `PATCH /orders/{order_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum UpdateOrderResponse {
    /// 200 OK – the changed order.
    Status200 { body: models::Order, e_tag: String },
}

impl UpdateOrderResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `DELETE /orders/{order_id}/items/{item_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum DeleteOrderItemResponse {
    /// 204 No Content – done.
    Status204 {},
}

impl DeleteOrderItemResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(204);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /orders/{order_id}/items/{item_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetOrderItemResponse {
    /// 200 OK – the item.
    Status200 { body: models::OrderItem, e_tag: String },
}

impl GetOrderItemResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /orders/{order_id}/transitions/{transition_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetOrderTransitionResponse {
    /// 200 OK – the step.
    Status200 { body: models::OrderTransition, e_tag: String },
}

impl GetOrderTransitionResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /users/{user_id}/orders/{order_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetUserOrderResponse {
    /// 200 OK – the order.
    Status200 { body: models::Order, e_tag: String },
}

impl GetUserOrderResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `PUT /orders/{order_id}/items/{item_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplaceOrderItemResponse {
    /// 200 OK – the changed item.
    Status200 { body: models::OrderItem, e_tag: String },
}

impl ReplaceOrderItemResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /products`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateProductResponse {
    /// 201 Created – the new product.
    Status201 { body: models::Product, location: String, e_tag: String },
}

impl CreateProductResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(201);
                reply.set("location", &location)?;
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /products`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListProductsResponse {
    /// 200 OK – a page of products.
    Status200 { body: models::ProductPage, link: String },
}

impl ListProductsResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /products/{product_id}/stock-adjustments`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateStockAdjustmentResponse {
    /// 201 Created – the adjustment, with the stock after it.
    Status201 { body: models::StockAdjustment, location: String, e_tag: String },
}

impl CreateStockAdjustmentResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(201);
                reply.set("location", &location)?;
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `DELETE /products/{product_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum DeleteProductResponse {
    /// 204 No Content – done.
    Status204 {},
}

impl DeleteProductResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(204);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /products/{product_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetProductResponse {
    /// 200 OK – the product.
    Status200 { body: models::Product, e_tag: String },
}

impl GetProductResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /products/{product_id}/stock-adjustments`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListStockAdjustmentsResponse {
    /// 200 OK – a page of adjustments.
    Status200 { body: models::StockAdjustmentPage, link: String },
}

impl ListStockAdjustmentsResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `PUT /products/{product_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplaceProductResponse {
    /// 200 OK – the changed product.
    Status200 { body: models::Product, e_tag: String },
}

impl ReplaceProductResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `PATCH /products/{product_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum UpdateProductResponse {
    /// 200 OK – the changed product.
    Status200 { body: models::Product, e_tag: String },
}

impl UpdateProductResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /products/{product_id}/stock-adjustments/{adjustment_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetStockAdjustmentResponse {
    /// 200 OK – the adjustment.
    Status200 { body: models::StockAdjustment, e_tag: String },
}

impl GetStockAdjustmentResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `PUT /users/me/password`.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangePasswordResponse {
    /// 204 No Content – done.
    Status204 {},
}

impl ChangePasswordResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(204);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `POST /users`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateUserResponse {
    /// 201 Created – the new account.
    Status201 { body: models::User, location: String, e_tag: String },
}

impl CreateUserResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(201);
                reply.set("location", &location)?;
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `DELETE /users/me`.
#[derive(Debug, Clone, PartialEq)]
pub enum DeleteCurrentUserResponse {
    /// 204 No Content – done.
    Status204 {},
}

impl DeleteCurrentUserResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(204);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /users/me`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetCurrentUserResponse {
    /// 200 OK – the account.
    Status200 { body: models::User, e_tag: String },
}

impl GetCurrentUserResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /users`.
#[derive(Debug, Clone, PartialEq)]
pub enum ListUsersResponse {
    /// 200 OK – a page of accounts.
    Status200 { body: models::UserPage, link: String },
}

impl ListUsersResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("link", &link)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `PATCH /users/me`.
#[derive(Debug, Clone, PartialEq)]
pub enum UpdateCurrentUserResponse {
    /// 200 OK – the changed account.
    Status200 { body: models::User, e_tag: String },
}

impl UpdateCurrentUserResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `DELETE /users/{user_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum DeleteUserResponse {
    /// 204 No Content – done.
    Status204 {},
}

impl DeleteUserResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(204);

                let _ = asked;
                Ok(reply)
            }
        }
    }
}

/// The answers of `GET /users/{user_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum GetUserResponse {
    /// 200 OK – the account.
    Status200 { body: models::User, e_tag: String },
}

impl GetUserResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `PUT /users/{user_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplaceUserResponse {
    /// 200 OK – the changed account.
    Status200 { body: models::User, e_tag: String },
}

impl ReplaceUserResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}

/// The answers of `PATCH /users/{user_id}`.
#[derive(Debug, Clone, PartialEq)]
pub enum UpdateUserResponse {
    /// 200 OK – the changed account.
    Status200 { body: models::User, e_tag: String },
}

impl UpdateUserResponse {
    pub fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::of(200);
                reply.set("etag", &e_tag)?;

                reply.write(asked, "application/json", &body)?;

                Ok(reply)
            }
        }
    }
}
