//! One closed enum per operation: the successes that the document lists. Failures are problems, which
//! [`crate::call`] holds against the document's list.
use crate::models;
use contract::{Asked, Problem, Reply};

/// The answers of `POST /users/me/api-keys`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateApiKeyResponse {
    /// 201 Created – the new key with its secret.
    Status201 { body: models::ApiKeyCreated, location: String },
}

impl CreateApiKeyResponse {
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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

/// The answers of `POST /products`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateProductResponse {
    /// 201 Created – the new product.
    Status201 { body: models::Product, location: String, e_tag: String },
}

impl CreateProductResponse {
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
    pub(crate) fn into_reply(self, asked: &Asked<'_>) -> Result<Reply, Problem> {
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
