//! How answers look: JSON with `ETag` and `Cache-Control`, 304 for callers who have it already, and bare failures.

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

const KEPT_A_MINUTE: HeaderValue = HeaderValue::from_static("public, max-age=60");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Why there is no answer.
pub enum Failure {
    NotFound,
    Unauthorized,
    Conflict,
    Invalid(String),
    Internal(String),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND.into_response(),
            Self::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
            Self::Conflict => StatusCode::CONFLICT.into_response(),
            Self::Invalid(why) => (StatusCode::UNPROCESSABLE_ENTITY, why).into_response(),
            Self::Internal(cause) => {
                eprintln!("{cause}");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            other => Self::Internal(other.to_string()),
        }
    }
}

/// Answers with a resource whose tag is known beforehand: who has it gets a 304 without a body being made.
///
/// # Errors
/// [`Failure::Internal`] when it cannot be written as JSON.
pub fn tagged<T: Serialize>(request: &HeaderMap, tag: &str, body: &T) -> Result<Response, Failure> {
    let tag = HeaderValue::from_str(tag).map_err(|fault| Failure::Internal(fault.to_string()))?;
    if request.get(IF_NONE_MATCH) == Some(&tag) {
        return Ok(not_modified(tag));
    }
    let body = serde_json::to_vec(body).map_err(|fault| Failure::Internal(fault.to_string()))?;
    Ok(ok(tag, body.into()))
}

/// Answers with something that has no version of its own: its tag is a digest of what it is written as.
///
/// # Errors
/// [`Failure::Internal`] when it cannot be written as JSON.
pub fn digested<T: Serialize>(request: &HeaderMap, body: &T) -> Result<Response, Failure> {
    let body = serde_json::to_vec(body).map_err(|fault| Failure::Internal(fault.to_string()))?;
    let tag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(&body));
    let tag = HeaderValue::from_str(&tag).map_err(|fault| Failure::Internal(fault.to_string()))?;
    Ok(if request.get(IF_NONE_MATCH) == Some(&tag) { not_modified(tag) } else { ok(tag, body.into()) })
}

fn ok(tag: HeaderValue, body: Bytes) -> Response {
    ([(CONTENT_TYPE, JSON), (ETAG, tag), (CACHE_CONTROL, KEPT_A_MINUTE)], body).into_response()
}

fn not_modified(tag: HeaderValue) -> Response {
    (StatusCode::NOT_MODIFIED, [(ETAG, tag), (CACHE_CONTROL, KEPT_A_MINUTE)]).into_response()
}
