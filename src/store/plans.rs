//! Holds the lists to their indices: `SQLite` is asked how it would answer the very statements that are sent.

mod catalog;
mod orders;

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryTrait, Select, Statement};
use uuid::Uuid;

use super::{Link, Location, Store, paging, schema, users};
use crate::domain::access::{Role, RoleScopes};
use crate::domain::page::{Keyset, Order, PageRequest, Position, Side, SortValue};
use crate::domain::user::{Status, UserFilter, UserSort};

async fn store(folder: &tempfile::TempDir) -> Store {
    let scopes = RoleScopes::new(&[("user", &[]), ("moderator", &[]), ("admin", &[])]).expect("a table");
    let location = Location::Sqlite(folder.path().join("shop.db"));
    let store = Store::open(&location, Arc::new(scopes)).await.expect("a database");
    schema::up(&store).await.expect("migrations");
    store
}

async fn plan(store: &Store, filter: &UserFilter, sort: UserSort, request: &PageRequest) -> String {
    explain(
        store,
        paging::part(users::filtered(filter, DbBackend::Sqlite), &users::sorting(sort, Order::Descending), request),
    )
    .await
}

async fn explain<E: EntityTrait>(store: &Store, list: Select<E>) -> String {
    let Statement { sql, values, .. } = list.build(DbBackend::Sqlite);
    let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {sql}"), values, db_backend: DbBackend::Sqlite };
    let rows = store.link.connection().query_all_raw(explain).await.expect("a plan");
    rows.iter().map(|row| row.try_get::<String>("", "detail").expect("a detail")).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn every_sort_walks_an_index_and_sorts_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let text = SortValue::Text("m".to_owned());
    let time = SortValue::Time(chrono::DateTime::UNIX_EPOCH);
    for (sort, value, index) in [
        (UserSort::CreatedAt, time, "users_created_at"),
        (UserSort::Username, text.clone(), "users_username_key_unique"),
        (UserSort::Email, text, "users_email_unique"),
    ] {
        let first = plan(&store, &UserFilter::default(), sort, &PageRequest::default()).await;
        assert_eq!(first, format!("SCAN users USING INDEX {index}"));

        let cursor = Position::Cursor(Side::After, Keyset { value, id: Uuid::nil() });
        let next = plan(&store, &UserFilter::default(), sort, &PageRequest::new(20, cursor)).await;
        assert!(next.starts_with(&format!("SEARCH users USING INDEX {index} (")), "{next}");
        assert!(!next.contains("TEMP B-TREE"), "{next}");
    }
}

#[tokio::test]
async fn every_filter_seeks_in_an_index_that_is_sorted_by_age() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let none = UserFilter::default();
    for (filter, index) in [
        (UserFilter { role: Some(Role::Admin), ..none.clone() }, "users_role_created_at (role=?)"),
        (UserFilter { status: Some(Status::Suspended), ..none.clone() }, "users_status_created_at (status=?)"),
        (
            UserFilter { created_after: Some(chrono::DateTime::UNIX_EPOCH), ..none.clone() },
            "users_created_at (created_at>?)",
        ),
        (
            UserFilter { created_before: Some(chrono::DateTime::UNIX_EPOCH), ..none.clone() },
            "users_created_at (created_at<?)",
        ),
    ] {
        let found = plan(&store, &filter, UserSort::CreatedAt, &PageRequest::default()).await;
        assert_eq!(found, format!("SEARCH users USING INDEX {index}"));
    }
}

#[tokio::test]
async fn a_search_of_accounts_asks_its_index_and_only_short_texts_are_looked_for_row_by_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let searched = |text: &str| UserFilter { search: Some(text.to_owned()), ..UserFilter::default() };
    for sort in [UserSort::CreatedAt, UserSort::Username, UserSort::Email] {
        let found = plan(&store, &searched("ada"), sort, &PageRequest::default()).await;
        assert!(found.contains("SEARCH users USING INDEX users_number_unique (number=?)"), "{found}");
        assert!(found.contains("users_search VIRTUAL TABLE"), "{found}");
    }
    let short = plan(&store, &searched("ad"), UserSort::CreatedAt, &PageRequest::default()).await;
    assert_eq!(short, "SCAN users USING INDEX users_created_at", "it stops as soon as the page is full");
}
