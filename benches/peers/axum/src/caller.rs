//! Who calls: the account of a bearer token that Shopkeeper signed.
//!
//! A token is verified once and its account remembered until it expires. That its session may have been ended meanwhile is
//! not looked at, which Shopkeeper does.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use chrono::Utc;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use uuid::Uuid;

use crate::answer::Failure;

#[derive(Deserialize, Clone, Copy)]
struct Claims {
    sub: Uuid,
    exp: i64,
}

/// The key that tokens are verified with, and those that were.
pub struct Callers {
    key: DecodingKey,
    validation: Validation,
    known: RwLock<HashMap<String, Claims>>,
}

impl Callers {
    /// # Errors
    /// When the key is not the `x` of an Ed25519 key in JWK form (RFC 8037).
    pub fn new(key: &str) -> Result<Self, jsonwebtoken::errors::Error> {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_aud = false;
        Ok(Self { key: DecodingKey::from_ed_components(key)?, validation, known: RwLock::default() })
    }

    /// # Errors
    /// [`Failure::Unauthorized`].
    pub fn caller(&self, headers: &HeaderMap) -> Result<Uuid, Failure> {
        let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Failure::Unauthorized)?;
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(token).copied();
        if let Some(Claims { sub, exp }) = known {
            return if Utc::now().timestamp() < exp { Ok(sub) } else { Err(Failure::Unauthorized) };
        }
        let claims = decode::<Claims>(token, &self.key, &self.validation).map_err(|_| Failure::Unauthorized)?.claims;
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(token.to_owned(), claims);
        Ok(claims.sub)
    }
}
