//! Products: writing, reading, listing.

use shopkeeper::domain::page::{Order, PageRequest, Position, Side};
use shopkeeper::domain::product::{Product, ProductFilter, ProductName, ProductSort, ProductStatus, Sku, Wanted};
use shopkeeper::domain::stock::Stock;
use shopkeeper::store::{Error, Unique};
use uuid::Uuid;

use super::{attempt, category, html, price, product, shelves, stocked, write};
use crate::{Room, at};

async fn all(room: &Room, filter: ProductFilter, sort: ProductSort, order: Order) -> Vec<String> {
    let request = PageRequest::default();
    let page = room.store.products(&filter, sort, order, &request, Wanted::ALL).await.expect("a page");
    assert_eq!(page.total, Some(page.items.len() as u64));
    page.items.iter().map(|product| product.name.as_str().to_owned()).collect()
}

async fn matching(room: &Room, filter: ProductFilter) -> Vec<String> {
    all(room, filter, ProductSort::CreatedAt, Order::Ascending).await
}

#[tokio::test]
async fn a_product_is_read_back_as_it_was_written_and_without_what_is_not_wanted() {
    let spade = Product { description: html("<p>A <em>spade</em>.</p>"), ..product(1, "Spade") };
    let room = stocked(std::slice::from_ref(&spade)).await;
    assert_eq!(room.store.product(spade.id, Wanted::ALL).await.expect("an answer"), Some(spade.clone()));
    let brief = Wanted { description: false };
    let without = Product { description: None, ..spade.clone() };
    assert_eq!(room.store.product(spade.id, brief).await.expect("an answer"), Some(without.clone()));
    let (filter, request) = (ProductFilter::default(), PageRequest::default());
    let list = room.store.products(&filter, ProductSort::Name, Order::Ascending, &request, brief).await;
    assert_eq!(list.expect("a page").items, [without]);
    assert_eq!(room.store.product(Uuid::nil(), Wanted::ALL).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_sku_belongs_to_one_product_whatever_its_case() {
    let room = stocked(&[product(1, "Spade"), product(2, "Rake")]).await;
    let twin = Product { sku: Sku::parse("sku-1").expect("a SKU"), ..product(3, "Twin") };
    let refused = attempt(&room, async |tx| tx.insert_product(&twin).await).await;
    assert!(matches!(refused, Err(Error::Taken(Unique::Sku))));
    let (rake, thief) = (product(2, "Rake"), Product { sku: twin.sku, version: 2, ..product(2, "Rake") });
    let refused = attempt(&room, async |tx| tx.update_product(&rake, &thief).await).await;
    assert!(matches!(refused, Err(Error::Taken(Unique::Sku))));
}

#[tokio::test]
async fn nothing_is_added_to_a_category_that_is_not_there() {
    let room = shelves().await;
    let lost = Product { category_id: Uuid::nil(), ..product(1, "Lost") };
    assert!(!write(&room, async |tx| tx.insert_product(&lost).await).await.expect("an answer"));
    assert!(!room.store.has_product(lost.id).await.expect("an answer"));
}

#[tokio::test]
async fn every_member_can_be_changed_and_only_in_the_version_that_is_meant() {
    let before = Product { description: html("old"), ..product(1, "Spade") };
    let room = stocked(std::slice::from_ref(&before)).await;
    let after = Product {
        category_id: category(2).id,
        name: ProductName::parse("Shovel").expect("a name"),
        sku: Sku::parse("SHOVEL").expect("a SKU"),
        description: None,
        price: price(77),
        stock: Stock::new(3).expect("stock"),
        status: ProductStatus::Archived,
        version: 2,
        updated_at: at(60),
        ..before.clone()
    };
    write(&room, async |tx| tx.update_product(&before, &after).await).await.expect("a change");
    assert_eq!(room.store.product(before.id, Wanted::ALL).await.expect("an answer"), Some(after.clone()));
    let stale = write(&room, async |tx| tx.update_product(&before, &after).await).await;
    assert!(matches!(stale, Err(Error::Stale { current: 2, .. })));
    let (gone, changed) = (Product { id: Uuid::nil(), ..before }, Product { id: Uuid::nil(), ..after });
    assert!(matches!(write(&room, async |tx| tx.update_product(&gone, &changed).await).await, Err(Error::Missing)));
}

#[tokio::test]
async fn a_product_goes_only_in_the_version_that_is_meant() {
    let room = stocked(&[product(1, "Spade")]).await;
    let id = product(1, "Spade").id;
    let delete = async |versions: Option<&[i64]>| write(&room, async |tx| tx.delete_product(id, versions).await).await;
    assert!(matches!(delete(Some(&[2])).await, Err(Error::Stale { current: 1, .. })));
    delete(Some(&[1])).await.expect("deleted");
    assert!(matches!(delete(None).await, Err(Error::Missing)));
}

#[tokio::test]
async fn filters_narrow_the_list_together() {
    let sold_out = Stock::default();
    let room = stocked(&[
        product(1, "one"),
        Product { stock: sold_out, ..product(2, "two") },
        Product { category_id: category(2).id, ..product(3, "three") },
        Product { status: ProductStatus::Archived, ..product(4, "four") },
        Product { status: ProductStatus::Archived, stock: sold_out, ..product(5, "five") },
    ])
    .await;
    let none = ProductFilter::default();
    let archived = ProductFilter { status: Some(ProductStatus::Archived), ..none.clone() };
    let here = ProductFilter { category_id: Some(category(1).id), ..none.clone() };
    assert_eq!(matching(&room, archived.clone()).await, ["four", "five"]);
    assert_eq!(matching(&room, here.clone()).await, ["one", "two", "four", "five"]);
    assert_eq!(matching(&room, ProductFilter { in_stock: Some(true), ..none.clone() }).await, ["one", "three", "four"]);
    assert_eq!(matching(&room, ProductFilter { in_stock: Some(false), ..none.clone() }).await, ["two", "five"]);
    let priced = ProductFilter { min_price: Some(2), max_price: Some(4), ..none.clone() };
    assert_eq!(matching(&room, priced.clone()).await, ["two", "three", "four"], "the bounds themselves are inside");
    let narrow = ProductFilter { category_id: here.category_id, in_stock: Some(true), ..priced };
    assert_eq!(matching(&room, narrow.clone()).await, ["four"]);
    assert_eq!(matching(&room, ProductFilter { status: Some(ProductStatus::Active), ..narrow }).await.len(), 0);
    assert_eq!(matching(&room, ProductFilter { category_id: Some(Uuid::nil()), ..none }).await.len(), 0);
}

#[tokio::test]
async fn products_are_sorted_by_age_price_or_name_without_case() {
    let room = stocked(&[
        Product { price: price(30), ..product(1, "pear") },
        Product { price: price(10), ..product(2, "Apple") },
        Product { price: price(20), ..product(3, "banana") },
    ])
    .await;
    for (sort, ascending) in [
        (ProductSort::CreatedAt, ["pear", "Apple", "banana"]),
        (ProductSort::Price, ["Apple", "banana", "pear"]),
        (ProductSort::Name, ["Apple", "banana", "pear"]),
    ] {
        assert_eq!(all(&room, ProductFilter::default(), sort, Order::Ascending).await, ascending);
        let backwards: Vec<_> = ascending.into_iter().rev().collect();
        assert_eq!(all(&room, ProductFilter::default(), sort, Order::Descending).await, backwards);
    }
}

#[tokio::test]
async fn walking_by_cursor_shows_products_that_sort_alike_once_there_and_back() {
    let alike = |number| Product { price: price(5), created_at: at(0), ..product(number, "Twin") };
    let room = stocked(&(1..=7).map(alike).collect::<Vec<_>>()).await;
    let filter = ProductFilter { search: Some(shopkeeper::domain::search::Search::new("twin")), ..Default::default() };
    for filter in [ProductFilter::default(), filter] {
        for sort in [ProductSort::CreatedAt, ProductSort::Name, ProductSort::Price] {
            let part = async |position| {
                let request = PageRequest::new(3, position);
                room.store.products(&filter, sort, Order::Descending, &request, Wanted::ALL).await.expect("a page")
            };
            let first = part(Position::Start).await;
            let second = part(Position::Cursor(Side::After, first.next.clone().expect("more"))).await;
            let third = part(Position::Cursor(Side::After, second.next.clone().expect("more"))).await;
            assert!(!third.has_next);
            let seen: Vec<_> = [&first, &second, &third].into_iter().flat_map(|page| &page.items).cloned().collect();
            assert_eq!(seen, (1..=7).rev().map(alike).collect::<Vec<_>>());
            let back = part(Position::Cursor(Side::Before, third.prev.expect("a way back"))).await;
            assert_eq!(back.items, second.items);
        }
    }
}

#[tokio::test]
async fn a_list_is_counted_also_where_its_end_is_not_in_sight() {
    let room = stocked(&(1..=5).map(|number| product(number, "Twin")).collect::<Vec<_>>()).await;
    for (position, items) in [
        (Position::Page(1), 2),
        (Position::Page(3), 1),
        (Position::Page(4), 0),
        (Position::Offset(3), 2),
        (Position::Offset(5), 0),
        (Position::Offset(u64::MAX), 0),
    ] {
        let request = PageRequest::new(2, position.clone());
        let filter = ProductFilter::default();
        let page = room.store.products(&filter, ProductSort::Name, Order::Ascending, &request, Wanted::ALL).await;
        let page = page.expect("a page");
        assert_eq!((page.items.len(), page.total), (items, Some(5)), "{position:?}");
    }
}
