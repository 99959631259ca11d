//! The indices that searches use. They are kept in step by triggers, so that nothing that writes can forget them.
//!
//! `SQLite` only: FTS5. Those of `PostgreSQL` are made by the migration `native`.
//!
//! Both tables are contentless: they hold the index and no text, and so are told the old text when a row goes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            let connection = manager.get_connection();
            for statement in PRODUCTS.into_iter().chain(USERS) {
                connection.execute_unprepared(statement).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            for statement in DOWN {
                manager.get_connection().execute_unprepared(statement).await?;
            }
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Words of products, found by their beginnings. They were folded before: what this tokenizer folds is Latin only.
const PRODUCTS: [&str; 5] = [
    "CREATE VIRTUAL TABLE products_search USING fts5(search_text, content='', columnsize=0, prefix='2 3', \
     tokenize='unicode61 remove_diacritics 2')",
    "INSERT INTO products_search (rowid, search_text) SELECT number, search_text FROM products",
    "CREATE TRIGGER products_search_insert AFTER INSERT ON products BEGIN \
     INSERT INTO products_search (rowid, search_text) VALUES (new.number, new.search_text); \
     END",
    "CREATE TRIGGER products_search_delete AFTER DELETE ON products BEGIN \
     INSERT INTO products_search (products_search, rowid, search_text) \
     VALUES ('delete', old.number, old.search_text); \
     END",
    "CREATE TRIGGER products_search_update AFTER UPDATE OF search_text ON products \
     WHEN old.search_text IS NOT new.search_text BEGIN \
     INSERT INTO products_search (products_search, rowid, search_text) \
     VALUES ('delete', old.number, old.search_text); \
     INSERT INTO products_search (rowid, search_text) VALUES (new.number, new.search_text); \
     END",
];

/// Any three characters of what a search of accounts looks through. What goes is overwritten at once (`secure-delete`): an
/// account that is erased must not be readable in its index either. Accounts get a number of their own, because the hidden
/// one of `SQLite` may change with VACUUM.
const USERS: [&str; 9] = [
    "ALTER TABLE users ADD COLUMN number integer",
    "UPDATE users SET number = rowid",
    "CREATE UNIQUE INDEX users_number_unique ON users (number)",
    "CREATE VIRTUAL TABLE users_search USING fts5(search_key, content='', columnsize=0, \
     tokenize='trigram case_sensitive 1')",
    "INSERT INTO users_search (users_search, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO users_search (rowid, search_key) SELECT number, search_key FROM users",
    "CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN \
     UPDATE users SET number = (SELECT coalesce(max(number), 0) + 1 FROM users) WHERE id = new.id; \
     INSERT INTO users_search (rowid, search_key) SELECT number, search_key FROM users WHERE id = new.id; \
     END",
    "CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN \
     INSERT INTO users_search (users_search, rowid, search_key) VALUES ('delete', old.number, old.search_key); \
     END",
    "CREATE TRIGGER users_search_update AFTER UPDATE OF search_key ON users \
     WHEN old.search_key IS NOT new.search_key BEGIN \
     INSERT INTO users_search (users_search, rowid, search_key) VALUES ('delete', old.number, old.search_key); \
     INSERT INTO users_search (rowid, search_key) VALUES (new.number, new.search_key); \
     END",
];

const DOWN: [&str; 10] = [
    "DROP TRIGGER users_search_update",
    "DROP TRIGGER users_search_delete",
    "DROP TRIGGER users_search_insert",
    "DROP TABLE users_search",
    "DROP INDEX users_number_unique",
    "ALTER TABLE users DROP COLUMN number",
    "DROP TRIGGER products_search_update",
    "DROP TRIGGER products_search_delete",
    "DROP TRIGGER products_search_insert",
    "DROP TABLE products_search",
];
