//! The lists of the catalogue.

use uuid::Uuid;

use super::{explain, store};
use crate::domain::category::{CategoryFilter, CategorySort};
use crate::domain::page::{Keyset, Order, PageRequest, Position, Side, SortValue};
use crate::domain::product::{ProductFilter, ProductSort, ProductStatus};
use crate::domain::search::Search;
use crate::store::{Store, categories, paging, products, stock_adjustments};

fn after(value: SortValue) -> PageRequest {
    PageRequest::new(20, Position::Cursor(Side::After, Keyset { value, id: Uuid::nil() }))
}

fn values() -> [(ProductSort, SortValue); 3] {
    [
        (ProductSort::CreatedAt, SortValue::Time(chrono::DateTime::UNIX_EPOCH)),
        (ProductSort::Name, SortValue::Text("m".to_owned())),
        (ProductSort::Price, SortValue::Number(7)),
    ]
}

async fn plan(store: &Store, filter: &ProductFilter, sort: ProductSort, request: &PageRequest) -> String {
    explain(
        store,
        paging::part(
            products::filtered(filter, sea_orm::DbBackend::Sqlite),
            &products::sorting(sort, Order::Descending),
            request,
        ),
    )
    .await
}

#[tokio::test]
async fn every_sort_of_products_walks_an_index_and_sorts_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    for ((sort, value), index) in values().into_iter().zip(["created_at", "name_key", "price"]) {
        let first = plan(&store, &ProductFilter::default(), sort, &PageRequest::default()).await;
        assert_eq!(first, format!("SCAN products USING INDEX products_{index}"));
        let next = plan(&store, &ProductFilter::default(), sort, &after(value)).await;
        assert!(next.starts_with(&format!("SEARCH products USING INDEX products_{index} (")), "{next}");
        assert!(!next.contains("TEMP B-TREE"), "{next}");
    }
}

#[tokio::test]
async fn every_sort_of_a_categorys_products_walks_an_index_whatever_else_is_asked_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let shelf = ProductFilter { category_id: Some(Uuid::nil()), ..ProductFilter::default() };
    let narrowed = ProductFilter { status: Some(ProductStatus::Active), in_stock: Some(true), ..shelf.clone() };
    for ((sort, value), index) in values().into_iter().zip(["created_at", "name_key", "price"]) {
        for filter in [&shelf, &narrowed] {
            for request in [PageRequest::default(), after(value.clone())] {
                let found = plan(&store, filter, sort, &request).await;
                let wanted = format!("SEARCH products USING INDEX products_category_{index} (category_id=?");
                assert!(found.starts_with(&wanted) && !found.contains("TEMP B-TREE"), "{found}");
            }
        }
    }
    let cheap = ProductFilter { max_price: Some(7), min_price: Some(1), ..shelf };
    let found = plan(&store, &cheap, ProductSort::Price, &PageRequest::default()).await;
    let wanted =
        "SEARCH products USING INDEX products_category_price (category_id=? AND price_amount>? AND price_amount<?)";
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn every_filter_of_products_has_an_index() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let none = ProductFilter::default();
    for (filter, index) in [
        (
            ProductFilter { status: Some(ProductStatus::Archived), ..none.clone() },
            "products_status_created_at (status=?)",
        ),
        (
            ProductFilter { category_id: Some(Uuid::nil()), ..none.clone() },
            "products_category_created_at (category_id=?)",
        ),
        (ProductFilter { in_stock: Some(true), ..none.clone() }, "products_in_stock_created_at"),
        (ProductFilter { in_stock: Some(false), ..none.clone() }, "products_sold_out_created_at"),
    ] {
        let found = plan(&store, &filter, ProductSort::CreatedAt, &PageRequest::default()).await;
        assert!(found.ends_with(&format!(" products USING INDEX {index}")), "{found}");
    }
    for (filter, condition) in [
        (ProductFilter { min_price: Some(1), ..none.clone() }, "price_amount>?"),
        (ProductFilter { max_price: Some(9), ..none.clone() }, "price_amount<?"),
    ] {
        let found = plan(&store, &filter, ProductSort::Price, &PageRequest::default()).await;
        assert_eq!(found, format!("SEARCH products USING INDEX products_price ({condition})"));
    }
}

#[tokio::test]
async fn a_search_of_products_asks_its_index_first_whatever_else_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let search = Some(Search::new("spade"));
    let alone = ProductFilter { search, ..ProductFilter::default() };
    let all = ProductFilter {
        category_id: Some(Uuid::nil()),
        min_price: Some(1),
        max_price: Some(9),
        in_stock: Some(true),
        status: Some(ProductStatus::Active),
        ..alone.clone()
    };
    for filter in [&alone, &all] {
        for (sort, value) in values() {
            let list = || products::filtered(filter, sea_orm::DbBackend::Sqlite);
            let counting = explain(&store, paging::counting(list())).await;
            let first = plan(&store, filter, sort, &PageRequest::default()).await;
            let next = plan(&store, filter, sort, &after(value)).await;
            for found in [counting, first, next] {
                assert!(found.starts_with("SEARCH products USING INTEGER PRIMARY KEY (rowid=?)"), "{found}");
                assert!(found.contains("products_search VIRTUAL TABLE"), "{found}");
            }
        }
    }
    let nothing = ProductFilter { search: Some(Search::new("&")), ..alone };
    assert_eq!(
        store
            .products(
                &nothing,
                ProductSort::Name,
                Order::Ascending,
                &PageRequest::default(),
                crate::domain::product::Wanted::ALL
            )
            .await
            .expect("a page")
            .total,
        Some(0)
    );
}

#[tokio::test]
async fn categories_and_the_ledger_are_walked_by_index() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store(&folder).await;
    let list = |filter: &CategoryFilter, sort| {
        let sorting = categories::sorting(sort, Order::Descending);
        paging::part(categories::filtered(filter), &sorting, &PageRequest::default())
    };
    let all = CategoryFilter::default();
    let by_age = explain(&store, list(&all, CategorySort::CreatedAt)).await;
    assert_eq!(by_age, "SCAN categories USING INDEX categories_created_at");
    let by_name = explain(&store, list(&all, CategorySort::Name)).await;
    assert_eq!(by_name, "SCAN categories USING INDEX categories_name_key");
    let one = CategoryFilter { slug: Some("a".to_owned()) };
    let by_slug = explain(&store, list(&one, CategorySort::Name)).await;
    assert_eq!(by_slug, "SEARCH categories USING INDEX categories_slug_unique (slug=?)");

    let sorting = stock_adjustments::sorting(Order::Descending);
    let request = after(SortValue::Time(chrono::DateTime::UNIX_EPOCH));
    let ledger = explain(&store, paging::part(stock_adjustments::of(Uuid::nil()), &sorting, &request)).await;
    let wanted = "SEARCH stock_adjustments USING INDEX stock_adjustments_product_created_at (product_id=? AND ";
    assert!(ledger.starts_with(wanted) && !ledger.contains("TEMP B-TREE"), "{ledger}");
}
