//! One order, one transaction: the statements that Shopkeeper runs for it, in the same order and with the same durability.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde_json::json;
use sqlx::{Sqlite, SqlitePool, Transaction};
use uuid::Uuid;

use crate::answer::Failure;
use crate::orders::{Item, Order, WishedItem};
use crate::products::Money;

const EXPIRY: TimeDelta = TimeDelta::minutes(30);

/// Where the answer of a request is kept, and what tells the request from others.
pub struct Repeat {
    pub place: Vec<u8>,
    pub fingerprint: Vec<u8>,
}

/// Places an order; the answer is its id, a line feed, and the order as JSON.
///
/// # Errors
/// [`Failure::Conflict`] without stock, and for a key whose first request is just being answered.
pub async fn place(
    writer: &SqlitePool,
    user_id: Uuid,
    wished: Vec<WishedItem>,
    note: Option<String>,
    repeat: Option<&Repeat>,
) -> Result<Vec<u8>, Failure> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let now = Utc::now().trunc_subsecs(6);
    let items = take(&mut tx, &wished, now).await?;
    let total = sum(&items)?;
    let order = Order {
        id: Uuid::now_v7(),
        user_id,
        status: "pending",
        items,
        total,
        note,
        allowed_transitions: ["cancelled"],
        expires_at: now + EXPIRY,
        created_at: now,
        updated_at: now,
    };
    insert(&mut tx, &order).await?;
    let mut answer = format!("{}\n", order.id).into_bytes();
    serde_json::to_writer(&mut answer, &order).map_err(|fault| Failure::Internal(fault.to_string()))?;
    if let Some(repeat) = repeat {
        keep(&mut tx, &order, repeat, &answer).await?;
    }
    tell(&mut tx, &order).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Takes each product's stock if there is enough, and reads its price in the same statement.
async fn take(
    tx: &mut Transaction<'_, Sqlite>,
    wished: &[WishedItem],
    now: DateTime<Utc>,
) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::with_capacity(wished.len());
    for WishedItem { product_id, quantity } in wished {
        let row: Option<(String, String, i64, String)> = sqlx::query_as(
            "UPDATE products SET stock = stock - ?1, version = version + 1, updated_at = ?2 \
             WHERE id = ?3 AND stock >= ?1 AND status = 'active' RETURNING sku, name, price_amount, price_currency",
        )
        .bind(quantity)
        .bind(now.timestamp_micros())
        .bind(product_id)
        .fetch_optional(&mut **tx)
        .await?;
        let (sku, name, amount, currency) = row.ok_or(Failure::Conflict)?;
        let total = amount.checked_mul(*quantity).ok_or(Failure::Conflict)?;
        items.push(Item {
            id: Uuid::now_v7(),
            product_id: *product_id,
            sku,
            name,
            quantity: *quantity,
            unit_price: Money { amount, currency: currency.clone() },
            total: Money { amount: total, currency },
            created_at: now,
        });
    }
    Ok(items)
}

fn sum(items: &[Item]) -> Result<Money, Failure> {
    let currency = items.first().map(|item| item.total.currency.clone()).unwrap_or_default();
    let amounts = items.iter().map(|item| (item.total.currency == currency).then_some(item.total.amount));
    let amount = amounts.into_iter().try_fold(0_i64, |sum, amount| sum.checked_add(amount?));
    let amount = amount.ok_or_else(|| Failure::Invalid("one currency, and not too dear".to_owned()))?;
    Ok(Money { amount, currency })
}

/// The order, its items in one statement, and the first line of its history.
async fn insert(tx: &mut Transaction<'_, Sqlite>, order: &Order) -> Result<(), Failure> {
    let now = order.created_at.timestamp_micros();
    let inserted = sqlx::query(
        "INSERT INTO orders (id, user_id, status, total_amount, currency, note, version, created_at, updated_at) \
         SELECT ?, id, ?, ?, ?, ?, 1, ?, ? FROM users WHERE id = ? AND deleted_at IS NULL",
    )
    .bind(order.id)
    .bind(order.status)
    .bind(order.total.amount)
    .bind(&order.total.currency)
    .bind(&order.note)
    .bind(now)
    .bind(now)
    .bind(order.user_id)
    .execute(&mut **tx)
    .await?;
    if inserted.rows_affected() == 0 {
        return Err(Failure::NotFound);
    }
    let mut rows = sqlx::QueryBuilder::new(
        "INSERT INTO order_items (id, order_id, product_id, sku, name, quantity, unit_amount, version, created_at) ",
    );
    rows.push_values(&order.items, |mut row, item| {
        row.push_bind(item.id)
            .push_bind(order.id)
            .push_bind(item.product_id)
            .push_bind(&item.sku)
            .push_bind(&item.name);
        row.push_bind(item.quantity).push_bind(item.unit_price.amount).push_bind(1_i64).push_bind(now);
    });
    rows.build().execute(&mut **tx).await?;
    sqlx::query(
        "INSERT INTO order_transitions (id, order_id, from_status, to_status, actor, actor_id, note, created_at) \
         VALUES (?, ?, NULL, ?, 'user', ?, NULL, ?)",
    )
    .bind(Uuid::now_v7())
    .bind(order.id)
    .bind(order.status)
    .bind(order.user_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn keep(tx: &mut Transaction<'_, Sqlite>, order: &Order, repeat: &Repeat, answer: &[u8]) -> Result<(), Failure> {
    let kept = sqlx::query(
        "INSERT INTO idempotency_records (place, operation, user_id, fingerprint, answer, created_at) \
         VALUES (?, 'createOrder', ?, ?, ?, ?)",
    )
    .bind(&repeat.place[..])
    .bind(order.user_id)
    .bind(&repeat.fingerprint[..])
    .bind(answer)
    .bind(order.created_at.timestamp_micros())
    .execute(&mut **tx)
    .await;
    match kept {
        Err(sqlx::Error::Database(fault)) if fault.is_unique_violation() => Err(Failure::Conflict),
        kept => Ok(kept.map(drop)?),
    }
}

/// The line of the audit trail, and the event to be told.
async fn tell(tx: &mut Transaction<'_, Sqlite>, order: &Order) -> Result<(), Failure> {
    let (id, now) = (Uuid::now_v7(), order.created_at.timestamp_micros());
    let bought: Vec<_> =
        order.items.iter().map(|item| json!({"product_id": item.product_id, "quantity": item.quantity})).collect();
    let changes = json!([
        ["user_id", null, format!("\"{}\"", order.user_id)],
        ["status", null, format!("\"{}\"", order.status)],
        ["items", null, json!(bought).to_string()],
        ["total", null, json!(order.total).to_string()],
    ]);
    sqlx::query(
        "INSERT INTO audit_events \
         (id, action, actor, actor_id, resource, resource_id, request_id, changes, created_at) \
         VALUES (?, 'order.placed', 'user', ?, 'order', ?, ?, ?, ?)",
    )
    .bind(id)
    .bind(order.user_id)
    .bind(order.id)
    .bind(Uuid::now_v7().to_string())
    .bind(changes.to_string())
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query("INSERT INTO outbox (event_id, event_created_at) VALUES (?, ?)")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
