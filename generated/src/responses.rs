//! One closed enum per operation: the successes that the document lists. Failures are problems, which
//! [`crate::call`] holds against the document's list.
use crate::models;
use contract::{Problem, Reply, StatusCode};

/// The answers of `POST /users/me/api-keys`.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateApiKeyResponse {
    /// 201 Created – the new key with its secret.
    Status201 { body: models::ApiKeyCreated, location: String },
}

impl CreateApiKeyResponse {
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(201, "application/json", &body)?;

                reply.set("location", &location)?;
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

                reply.set("link", &link)?;
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::empty(StatusCode::from_u16(204).unwrap_or_default());
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

                reply.set("link", &link)?;
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::empty(StatusCode::from_u16(204).unwrap_or_default());
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::empty(StatusCode::from_u16(204).unwrap_or_default());
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::empty(StatusCode::from_u16(200).unwrap_or_default());
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::empty(StatusCode::from_u16(204).unwrap_or_default());
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status201 { body, location, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(201, "application/json", &body)?;

                reply.set("location", &location)?;
                reply.set("etag", &e_tag)?;
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::empty(StatusCode::from_u16(204).unwrap_or_default());
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

                reply.set("etag", &e_tag)?;
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, link } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

                reply.set("link", &link)?;
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

                reply.set("etag", &e_tag)?;
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status204 {} => {
                #[allow(unused_mut)]
                let mut reply = Reply::empty(StatusCode::from_u16(204).unwrap_or_default());
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

                reply.set("etag", &e_tag)?;
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

                reply.set("etag", &e_tag)?;
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
    pub(crate) fn into_reply(self) -> Result<Reply, Problem> {
        match self {
            Self::Status200 { body, e_tag } => {
                #[allow(unused_mut)]
                let mut reply = Reply::json(200, "application/json", &body)?;

                reply.set("etag", &e_tag)?;
                Ok(reply)
            }
        }
    }
}
