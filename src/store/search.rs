//! How searches use their indices: FTS5 in `SQLite`, `tsvector` and trigrams in `PostgreSQL`.
//!
//! The indices, and the triggers that keep those of `SQLite`, are made by the migration `search`.

use sea_orm::sea_query::{Expr, LikeExpr};
use sea_orm::{ColumnTrait, DbBackend};

use super::rows::user;
use crate::domain::search::Search;

/// Products of which a word of name, SKU or description begins with each word of the search.
pub(super) fn products_with(search: &Search, backend: DbBackend) -> Expr {
    if search.is_empty() {
        return Expr::cust("1 = 0");
    }
    if backend == DbBackend::Postgres {
        let words: Vec<String> = search.words().map(beginning).collect();
        return Expr::cust_with_values(
            "shop_words(search_text) @@ CAST(CAST($1 AS text) AS tsquery)",
            [words.join(" & ")],
        );
    }
    let words: Vec<String> = search.words().map(|word| format!("{}*", quoted(word))).collect();
    let found = "products.number IN (SELECT rowid FROM products_search WHERE products_search MATCH ?)";
    Expr::cust_with_values(found, [words.join(" ")])
}

/// Accounts with this text in the username, e-mail address or full name, whatever its case.
///
/// The index knows any three characters. Shorter texts are in so many accounts that looking through them is as good.
pub(super) fn accounts_with(text: &str, backend: DbBackend) -> Expr {
    let text = text.to_lowercase();
    if backend == DbBackend::Postgres || text.chars().count() < 3 {
        return user::Column::SearchKey.like(containing(&text));
    }
    let found = "users.number IN (SELECT rowid FROM users_search WHERE users_search MATCH ?)";
    Expr::cust_with_values(found, [quoted(&text)])
}

/// A column that is compared without any index of its own: for conditions beside one that finds fewer rows. Nothing but an
/// order of search, the condition is the same. `PostgreSQL` counts rows beforehand and needs no telling.
pub(super) fn unindexed(column: impl ColumnTrait, backend: DbBackend) -> Expr {
    let column = Expr::col(column.as_column_ref());
    if backend == DbBackend::Postgres { column } else { Expr::cust_with_expr("+?", column) }
}

/// Text as a string of FTS5's query language, where nothing in it has a meaning.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A word in the query language of `PostgreSQL`: its parts, one after the other, of which the last may go on. What is between
/// quotes has no meaning, and parts are letters and digits anyway.
fn beginning(word: &str) -> String {
    let parts: Vec<&str> = word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let quoted: Vec<String> = parts.iter().map(|part| format!("'{part}'")).collect();
    format!("{}:*", quoted.join(" <-> "))
}

/// A pattern for text that contains `text`, whose own wildcards stand for themselves.
fn containing(text: &str) -> LikeExpr {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}
