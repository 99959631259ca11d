//! Placing an order: checks the request, answers a repeat as before, and words the answer. What is written is in `placing`.

use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::SqlitePool;
use uuid::Uuid;

use crate::answer::Failure;
use crate::caller::Callers;
use crate::placing::{self, Repeat};
use crate::products::Money;

const KEPT_HOURS: i64 = 24;

pub struct Desk {
    pub readers: SqlitePool,
    pub writer: SqlitePool,
    pub callers: Callers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    pub items: Vec<WishedItem>,
    pub note: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub struct WishedItem {
    pub product_id: Uuid,
    pub quantity: i64,
}

#[derive(Serialize)]
pub struct Order {
    pub id: Uuid,
    pub user_id: Uuid,
    pub status: &'static str,
    pub items: Vec<Item>,
    pub total: Money,
    pub note: Option<String>,
    pub allowed_transitions: [&'static str; 1],
    pub expires_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Serialize)]
pub struct Item {
    pub id: Uuid,
    pub product_id: Uuid,
    pub sku: String,
    pub name: String,
    pub quantity: i64,
    pub unit_price: Money,
    pub total: Money,
    pub created_at: DateTime<Utc>,
}

pub async fn create(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Result<Response, Failure> {
    let caller = desk.callers.caller(&headers)?;
    let wish: Wish = serde_json::from_slice(&body).map_err(|fault| Failure::Invalid(fault.to_string()))?;
    let items = merged(&wish.items)?;
    let repeat = headers.get("idempotency-key").map(|key| repeat(caller, key.as_bytes(), &body));
    if let Some(repeat) = &repeat
        && let Some(before) = answered(&desk.readers, repeat).await?
    {
        return Ok(created(before, true));
    }
    let order = placing::place(&desk.writer, caller, items, wish.note, repeat.as_ref()).await?;
    Ok(created(order, false))
}

/// What is mentioned twice is added up; in the order of the products' ids, so that all take stock in the same order.
fn merged(wished: &[WishedItem]) -> Result<Vec<WishedItem>, Failure> {
    let mut items: Vec<WishedItem> = Vec::with_capacity(wished.len());
    for wish in wished {
        match items.iter_mut().find(|item| item.product_id == wish.product_id) {
            Some(item) => item.quantity = item.quantity.saturating_add(wish.quantity),
            None => items.push(*wish),
        }
    }
    if items.is_empty() || items.len() > 100 || items.iter().any(|item| !(1..=10_000).contains(&item.quantity)) {
        return Err(Failure::Invalid("1 to 100 items of 1 to 10000 pieces".to_owned()));
    }
    items.sort_unstable_by_key(|item| item.product_id);
    Ok(items)
}

fn repeat(caller: Uuid, key: &[u8], body: &[u8]) -> Repeat {
    let place = sha256(&[caller.as_bytes(), b"createOrder", key]);
    Repeat { place, fingerprint: sha256(&[body]) }
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = Context::new(&SHA256);
    for part in parts {
        digest.update(part);
    }
    digest.finish().as_ref().to_vec()
}

/// The answer that the same request got before: the order's id, a line feed, the body.
async fn answered(readers: &SqlitePool, repeat: &Repeat) -> Result<Option<Vec<u8>>, Failure> {
    let found: Option<(Vec<u8>, Vec<u8>, i64)> =
        sqlx::query_as("SELECT fingerprint, answer, created_at FROM idempotency_records WHERE place = ?")
            .bind(&repeat.place[..])
            .fetch_optional(readers)
            .await?;
    let Some((fingerprint, answer, created_at)) = found else { return Ok(None) };
    if created_at < (Utc::now() - TimeDelta::hours(KEPT_HOURS)).timestamp_micros() {
        return Ok(None);
    }
    if fingerprint == repeat.fingerprint {
        Ok(Some(answer))
    } else {
        Err(Failure::Invalid("the key was used".to_owned()))
    }
}

fn created(answer: Vec<u8>, again: bool) -> Response {
    let id = String::from_utf8_lossy(&answer[..answer.len().min(36)]).into_owned();
    let tag = format!("\"v1-{}\"", id.get(28..).unwrap_or_default());
    let headers =
        [(CONTENT_TYPE, "application/json".to_owned()), (LOCATION, format!("/api/v1/orders/{id}")), (ETAG, tag)];
    let mut response = (StatusCode::CREATED, headers, Bytes::from(answer).slice(37..)).into_response();
    if again {
        response.headers_mut().insert("idempotent-replayed", "true".parse().expect("a header's value"));
    }
    response
}
