//! What `PostgreSQL` has of its own: moments are `timestamptz`, the changes in the audit trail `jsonb`; what is sorted by is
//! sorted by its bytes, as in `SQLite` and whatever language the server speaks; searches have indices.
//!
//! `SQLite` stays as it is.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut steps = Vec::new();
        for (table, columns) in MOMENTS {
            let moments = columns.iter().map(|column| {
                format!(
                    "ALTER {column} TYPE timestamptz USING timestamptz 'epoch' + {column} * interval '1 microsecond'"
                )
            });
            steps.push(alter(table, moments));
        }
        for (table, columns) in SORTED {
            steps.push(alter(table, columns.iter().map(|column| format!("ALTER {column} TYPE text COLLATE \"C\""))));
        }
        steps.extend(UP.map(str::to_owned));
        run(manager, steps).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut steps: Vec<String> = DOWN.map(str::to_owned).into();
        for (table, columns) in SORTED {
            steps.push(alter(table, columns.iter().map(|column| format!("ALTER {column} TYPE text"))));
        }
        for (table, columns) in MOMENTS {
            let numbers = columns.iter().map(|column| {
                format!("ALTER {column} TYPE bigint USING CAST(extract(epoch FROM {column}) * 1000000 AS bigint)")
            });
            steps.push(alter(table, numbers));
        }
        run(manager, steps).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn run(manager: &SchemaManager<'_>, steps: Vec<String>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        for step in steps {
            manager.get_connection().execute_unprepared(&step).await?;
        }
    }
    Ok(())
}

/// One statement for all columns: each would write the table anew.
fn alter(table: &str, changes: impl Iterator<Item = String>) -> String {
    format!("ALTER TABLE {table} {}", changes.collect::<Vec<_>>().join(", "))
}

const MOMENTS: [(&str, &[&str]); 13] = [
    ("users", &["created_at", "updated_at", "deleted_at"]),
    ("api_keys", &["created_at", "last_used_at", "expires_at"]),
    ("sessions", &["created_at", "last_used_at", "expires_at", "ended_at"]),
    ("refresh_tokens", &["issued_at", "expires_at", "replaced_at"]),
    ("categories", &["created_at", "updated_at"]),
    ("products", &["created_at", "updated_at"]),
    ("stock_adjustments", &["created_at"]),
    ("orders", &["created_at", "updated_at"]),
    ("order_items", &["created_at"]),
    ("order_transitions", &["created_at"]),
    ("audit_events", &["created_at"]),
    ("outbox", &["event_created_at"]),
    ("idempotency_records", &["created_at"]),
];

const SORTED: [(&str, &[&str]); 4] = [
    ("users", &["email", "username_key", "search_key"]),
    ("api_keys", &["name"]),
    ("categories", &["name_key", "slug"]),
    ("products", &["name_key", "sku_key"]),
];

/// The words of products with their places, found by their beginnings. They are taken apart at blanks and nowhere else: what
/// the database's own parser would make of them depends on the language that it speaks. A word of more letters than any
/// language has is looked for by its beginning.
const UP: [&str; 5] = [
    "ALTER TABLE audit_events ALTER changes TYPE jsonb USING CAST(changes AS jsonb)",
    "CREATE FUNCTION shop_words(body text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ \
     SELECT CAST(coalesce(string_agg(quote_literal(left(word, 200)) || ':' || least(place, 16383), ' '), '') AS tsvector) \
     FROM unnest(string_to_array(body, ' ')) WITH ORDINALITY AS words (word, place) WHERE word <> '' $$",
    "CREATE INDEX products_search ON products USING gin (shop_words(search_text))",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX users_search ON users USING gin (search_key gin_trgm_ops) WHERE deleted_at IS NULL",
];

const DOWN: [&str; 4] = [
    "DROP INDEX users_search",
    "DROP INDEX products_search",
    "DROP FUNCTION shop_words(text)",
    "ALTER TABLE audit_events ALTER changes TYPE text USING CAST(changes AS text)",
];
