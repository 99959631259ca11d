//! The indices that searches use. They are kept in step by triggers, so that nothing that writes can forget them.
//!
//! `SQLite` only: FTS5. What an index of `PostgreSQL` would be comes with it, as a migration of its own.
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
            for statement in products().iter().map(String::as_str).chain(USERS) {
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

/// What a description may hold besides text, and what stands there for a reader: paragraphs and line breaks end a word,
/// emphasis does not. The signs behind the entities are in no word.
const MARKUP: [(&str, &str); 13] = [
    ("<p>", " "),
    ("</p>", " "),
    ("<br>", " "),
    ("<strong>", ""),
    ("</strong>", ""),
    ("<em>", ""),
    ("</em>", ""),
    ("<u>", ""),
    ("</u>", ""),
    ("&amp;", " "),
    ("&lt;", " "),
    ("&gt;", " "),
    ("&nbsp;", " "),
];

/// Words of products, found by their beginnings, whatever their case and accents.
fn products() -> [String; 5] {
    let text = |row: &str| {
        let description = MARKUP.iter().fold(format!("coalesce({row}.description, '')"), |text, (mark, instead)| {
            format!("replace({text}, '{mark}', '{instead}')")
        });
        format!("{row}.name, {row}.sku, {description}")
    };
    let (old, new) = (text("old"), text("new"));
    let add = format!("INSERT INTO products_search (rowid, name, sku, description) VALUES (new.number, {new});");
    let remove = format!(
        "INSERT INTO products_search (products_search, rowid, name, sku, description) \
         VALUES ('delete', old.number, {old});"
    );
    [
        "CREATE VIRTUAL TABLE products_search USING fts5(name, sku, description, content='', columnsize=0, \
         prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
            .to_owned(),
        format!("CREATE TRIGGER products_search_insert AFTER INSERT ON products BEGIN {add} END"),
        format!("CREATE TRIGGER products_search_delete AFTER DELETE ON products BEGIN {remove} END"),
        format!(
            "CREATE TRIGGER products_search_update AFTER UPDATE OF name, sku, description ON products \
             WHEN old.name IS NOT new.name OR old.sku IS NOT new.sku OR old.description IS NOT new.description \
             BEGIN {remove} {add} END"
        ),
        format!(
            "INSERT INTO products_search (rowid, name, sku, description) SELECT new.number, {new} FROM products AS new"
        ),
    ]
}

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
