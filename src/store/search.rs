//! How searches use their indices: FTS5, and so all that is here is for `SQLite`. What `PostgreSQL` says instead has its place
//! here too.
//!
//! The indices and the triggers that keep them are made by the migration `search`.

use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, LikeExpr};

use super::rows::user;
use crate::domain::search::Search;

/// Products of which a word of name, SKU or description begins with each word of the search.
pub(super) fn products_with(search: &Search) -> Expr {
    if search.is_empty() {
        return Expr::cust("0");
    }
    let words: Vec<String> = search.words().map(|word| format!("{}*", quoted(word))).collect();
    let found = "products.number IN (SELECT rowid FROM products_search WHERE products_search MATCH ?)";
    Expr::cust_with_values(found, [words.join(" ")])
}

/// Accounts with this text in the username, e-mail address or full name, whatever its case.
///
/// The index knows any three characters. Shorter texts are in so many accounts that looking through them is as good.
pub(super) fn accounts_with(text: &str) -> Expr {
    let text = text.to_lowercase();
    if text.chars().count() < 3 {
        return user::Column::SearchKey.like(containing(&text));
    }
    let found = "users.number IN (SELECT rowid FROM users_search WHERE users_search MATCH ?)";
    Expr::cust_with_values(found, [quoted(&text)])
}

/// A column that is compared without any index of its own: for conditions beside one that finds fewer rows. Nothing but an
/// order of search, the condition is the same.
pub(super) fn unindexed(column: impl ColumnTrait) -> Expr {
    Expr::cust_with_expr("+?", Expr::col(column.as_column_ref()))
}

/// Text as a string of FTS5's query language, where nothing in it has a meaning.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
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
