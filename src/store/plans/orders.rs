//! The lists of orders and of the audit trail, what the sweeper looks for, and the numbers of the overview.

use chrono::DateTime;
use sea_orm::{ConnectionTrait, DbBackend, Statement, StatementBuilder, Value};
use uuid::Uuid;

use super::{explain, store};
use crate::domain::audit::AuditFilter;
use crate::domain::order::{OrderFilter, OrderSort, Status};
use crate::domain::page::{Keyset, Order, PageRequest, Position, Side, SortValue};
use crate::store::{Link, Store, audit, orders, overview, paging};

fn after(value: SortValue) -> PageRequest {
    PageRequest::new(20, Position::Cursor(Side::After, Keyset { value, id: Uuid::nil() }))
}

fn sorts() -> [(OrderSort, SortValue, &'static str); 2] {
    [
        (OrderSort::CreatedAt, SortValue::Time(DateTime::UNIX_EPOCH), "created_at"),
        (OrderSort::Total, SortValue::Number(7), "total"),
    ]
}

async fn plan(store: &Store, filter: &OrderFilter, sort: OrderSort, request: &PageRequest) -> String {
    explain(store, paging::part(orders::filtered(filter), &orders::sorting(sort, Order::Descending), request)).await
}

async fn explain_statement(store: &Store, statement: Statement) -> String {
    let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement };
    let rows = store.link.connection().query_all_raw(explain).await.expect("a plan");
    rows.iter().map(|row| row.try_get::<String>("", "detail").expect("a detail")).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn every_sort_of_orders_walks_an_index_and_sorts_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    for (sort, value, index) in sorts() {
        let all = OrderFilter::default();
        let first = plan(&store, &all, sort, &PageRequest::default()).await;
        assert_eq!(first, format!("SCAN orders USING INDEX orders_{index}"));
        let next = plan(&store, &all, sort, &after(value.clone())).await;
        assert!(next.starts_with(&format!("SEARCH orders USING INDEX orders_{index} (")), "{next}");
        let own = OrderFilter { user_id: Some(Uuid::nil()), ..all };
        for request in [PageRequest::default(), after(value)] {
            let found = plan(&store, &own, sort, &request).await;
            let wanted = format!("SEARCH orders USING INDEX orders_user_{index} (user_id=?");
            assert!(found.starts_with(&wanted) && !found.contains("TEMP B-TREE"), "{found}");
        }
    }
}

#[tokio::test]
async fn every_filter_of_orders_seeks_in_an_index_that_is_sorted_by_age() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let (none, moment) = (OrderFilter::default(), Some(DateTime::UNIX_EPOCH));
    for (filter, index) in [
        (OrderFilter { status: Some(Status::Paid), ..none.clone() }, "orders_status_created_at (status=?)"),
        (OrderFilter { created_after: moment, ..none.clone() }, "orders_created_at (created_at>?)"),
        (OrderFilter { created_before: moment, ..none.clone() }, "orders_created_at (created_at<?)"),
    ] {
        let found = plan(&store, &filter, OrderSort::CreatedAt, &PageRequest::default()).await;
        assert_eq!(found, format!("SEARCH orders USING INDEX {index}"));
    }
    let sorting = orders::sorting(OrderSort::CreatedAt, Order::Ascending);
    for request in [PageRequest::default(), after(SortValue::Time(DateTime::UNIX_EPOCH))] {
        let overdue = paging::part(orders::overdue(DateTime::UNIX_EPOCH), &sorting, &request);
        let found = explain(&store, overdue).await;
        assert!(found.starts_with("SEARCH orders USING INDEX orders_status_created_at (status=? AND"), "{found}");
        assert!(!found.contains("TEMP B-TREE"), "{found}");
    }
}

#[tokio::test]
async fn what_belongs_to_an_order_is_read_by_its_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    for request in [PageRequest::default(), after(SortValue::Time(DateTime::UNIX_EPOCH))] {
        let items = paging::part(orders::items_of(Uuid::nil()), &orders::item_sorting(Order::Ascending), &request);
        let found = explain(&store, items).await;
        assert!(found.starts_with("SEARCH order_items USING PRIMARY KEY (order_id=?"), "{found}");
        assert!(!found.contains("TEMP B-TREE"), "{found}");
        let sorting = orders::transition_sorting(Order::Descending);
        let found = explain(&store, paging::part(orders::transitions_of(Uuid::nil()), &sorting, &request)).await;
        assert!(found.starts_with("SEARCH order_transitions USING PRIMARY KEY (order_id=?"), "{found}");
        assert!(!found.contains("TEMP B-TREE"), "{found}");
    }
}

#[tokio::test]
async fn a_whole_order_is_read_by_two_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let statement = sea_orm::QueryTrait::build(&orders::whole([Uuid::nil()]), DbBackend::Sqlite);
    let found = explain_statement(&store, statement).await;
    assert!(found.starts_with("SEARCH orders USING PRIMARY KEY (id=?)"), "{found}");
    assert!(found.contains("SEARCH order_items USING PRIMARY KEY (order_id=?)"), "{found}");
    assert!(!found.contains("TEMP B-TREE"), "{found}");
}

#[tokio::test]
async fn every_filter_of_the_audit_trail_has_an_index_that_is_sorted_by_age() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let (none, id, word) = (AuditFilter::default(), Some(Uuid::nil()), Some("x".to_owned()));
    for (filter, index) in [
        (none.clone(), "SCAN audit_events"),
        (
            AuditFilter { actor_id: id, ..none.clone() },
            "SEARCH audit_events USING INDEX audit_events_actor_created_at (",
        ),
        (
            AuditFilter { action: word.clone(), ..none.clone() },
            "SEARCH audit_events USING INDEX audit_events_action_created_at (",
        ),
        (
            AuditFilter { resource: word.clone(), ..none.clone() },
            "SEARCH audit_events USING INDEX audit_events_resource_created_at (",
        ),
        (
            AuditFilter { resource_id: id, ..none.clone() },
            "SEARCH audit_events USING INDEX audit_events_resource_id_created_at (",
        ),
        (
            AuditFilter { request_id: word, ..none.clone() },
            "SEARCH audit_events USING INDEX audit_events_request_created_at (",
        ),
        (
            AuditFilter { created_after: Some(DateTime::UNIX_EPOCH), ..none },
            "SEARCH audit_events USING PRIMARY KEY (created_at>?",
        ),
    ] {
        for request in [PageRequest::default(), after(SortValue::Time(DateTime::UNIX_EPOCH))] {
            let list = paging::part(audit::filtered(&filter), &audit::sorting(Order::Descending), &request);
            let found = explain(&store, list).await;
            let by_age = found.starts_with("SEARCH audit_events USING PRIMARY KEY (");
            assert!(found.starts_with(index) || index.starts_with("SCAN") && by_age, "{found}");
            assert!(!found.contains("TEMP B-TREE"), "{found}");
        }
    }
    let untold = explain_statement(&store, StatementBuilder::build(&audit::untold(0, 100), &DbBackend::Sqlite)).await;
    assert_eq!(
        untold,
        "SEARCH outbox USING INTEGER PRIMARY KEY (rowid>?); SEARCH audit_events USING PRIMARY KEY (created_at=? AND id=?)"
    );
}

#[tokio::test]
async fn the_numbers_of_the_overview_come_from_indices() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let number = || Value::from(0_i64);
    let plan = async |sql: &str, values: Vec<Value>| {
        explain_statement(&store, Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await
    };
    let users = plan(overview::USERS, vec![]).await;
    assert_eq!(users, "SCAN users USING INDEX users_role_created_at");
    let orders = plan(overview::ORDERS, vec![]).await;
    assert_eq!(orders, "SCAN orders USING COVERING INDEX orders_status_created_at");
    let revenue = plan(&overview::revenue(DbBackend::Sqlite), vec![number()]).await;
    let wanted = "SEARCH orders USING COVERING INDEX orders_status_created_at (status=? AND created_at>?)";
    assert!(revenue.starts_with(wanted), "{revenue}");
    let sales = plan(overview::SALES, vec![number(), number()]).await;
    assert!(sales.contains(wanted) && sales.contains("SEARCH order_items USING PRIMARY KEY (order_id=?)"), "{sales}");
    let fewest = plan(overview::FEWEST, vec![number()]).await;
    assert_eq!(fewest, "SEARCH products USING INDEX products_running_out (status=? AND stock<?)");
}
