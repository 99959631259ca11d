//! Categories.

use shopkeeper::domain::category::{Category, CategoryFilter, CategoryName, CategorySort};
use shopkeeper::domain::page::{Order, PageRequest};
use shopkeeper::store::{Error, Unique};
use uuid::Uuid;

use super::{attempt, category, product, shelves, stocked, write};
use crate::Room;

async fn names(room: &Room, filter: CategoryFilter, sort: CategorySort, order: Order) -> Vec<String> {
    let page = room.store.categories(&filter, sort, order, &PageRequest::default()).await.expect("a page");
    page.items.iter().map(|category| category.name.as_str().to_owned()).collect()
}

#[tokio::test]
async fn a_category_is_read_back_as_it_was_written() {
    let room = shelves().await;
    assert_eq!(room.store.category(category(1).id).await.expect("an answer"), Some(category(1)));
    assert_eq!(room.store.category(Uuid::nil()).await.expect("an answer"), None);
    assert!(room.store.has_category(category(2).id).await.expect("an answer"));
    assert!(!room.store.has_category(Uuid::nil()).await.expect("an answer"));
}

#[tokio::test]
async fn a_slug_belongs_to_one_category() {
    let room = shelves().await;
    let twin = Category { slug: category(1).slug, ..category(3) };
    let refused = attempt(&room, async |tx| tx.insert_category(&twin).await).await;
    assert!(matches!(refused, Err(Error::Taken(Unique::Slug))));
    let thief = Category { slug: category(1).slug, version: 2, ..category(2) };
    let refused = attempt(&room, async |tx| tx.update_category(&thief, 1).await).await;
    assert!(matches!(refused, Err(Error::Taken(Unique::Slug))));
}

#[tokio::test]
async fn a_change_for_another_version_is_stale_and_changes_nothing() {
    let room = shelves().await;
    let changed = Category { description: None, version: 3, ..category(1) };
    let stale = write(&room, async |tx| tx.update_category(&changed, 2).await).await;
    assert!(matches!(stale, Err(Error::Stale { current: 1, .. })));
    assert_eq!(room.store.category(changed.id).await.expect("an answer"), Some(category(1)));
    let missing = Category { id: Uuid::nil(), ..changed.clone() };
    assert!(matches!(write(&room, async |tx| tx.update_category(&missing, 1).await).await, Err(Error::Missing)));
    write(&room, async |tx| tx.update_category(&changed, 1).await).await.expect("a change");
    assert_eq!(room.store.category(changed.id).await.expect("an answer"), Some(changed));
}

#[tokio::test]
async fn a_category_goes_only_in_the_version_that_is_meant_and_without_products() {
    let room = stocked(&[product(1, "Spade")]).await;
    let (full, empty) = (category(1).id, category(2).id);
    let delete =
        async |id, versions: Option<&[i64]>| write(&room, async |tx| tx.delete_category(id, versions).await).await;
    assert!(!delete(full, None).await.expect("an answer"), "it holds a product");
    assert!(!delete(full, Some(&[1])).await.expect("an answer"), "it holds a product");
    assert!(room.store.has_category(full).await.expect("an answer"));
    assert!(matches!(delete(empty, Some(&[2, 3])).await, Err(Error::Stale { current: 1, .. })));
    assert!(matches!(delete(empty, Some(&[])).await, Err(Error::Stale { current: 1, .. })));
    assert!(delete(empty, Some(&[2, 1])).await.expect("an answer"));
    assert!(matches!(delete(empty, None).await, Err(Error::Missing)));
}

#[tokio::test]
async fn categories_are_sorted_by_age_or_by_name_without_case_and_found_by_slug() {
    let room = Room::new().await;
    for (number, name) in (1..).zip(["pear", "Apple", "Öl", "banana"]) {
        let name = CategoryName::parse(name).expect("a name");
        write(&room, async |tx| tx.insert_category(&Category { name, ..category(number) }).await).await.expect("added");
    }
    let all = CategoryFilter::default();
    let by_name = ["Apple", "banana", "pear", "Öl"];
    assert_eq!(names(&room, all.clone(), CategorySort::Name, Order::Ascending).await, by_name);
    assert_eq!(names(&room, all, CategorySort::CreatedAt, Order::Descending).await, ["banana", "Öl", "Apple", "pear"]);
    let one = CategoryFilter { slug: Some("category-2".to_owned()) };
    assert_eq!(names(&room, one, CategorySort::Name, Order::Ascending).await, ["Apple"]);
}
