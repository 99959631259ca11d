//! The catalogue: categories, products, their stock and its ledger, and the search.

mod categories;
mod products;
mod search;
mod stock;

use shopkeeper::domain::category::{Category, CategoryDescription, CategoryName, Slug};
use shopkeeper::domain::description::Description;
use shopkeeper::domain::money::{Currency, Money};
use shopkeeper::domain::product::{Product, ProductName, ProductStatus, Sku};
use shopkeeper::domain::stock::Stock;
use shopkeeper::store::Tx;
use uuid::Uuid;

use crate::{Room, at};

/// A category whose number makes its id, age and slug.
fn category(number: u32) -> Category {
    Category {
        id: Uuid::from_u128(0xca7e_0000 + u128::from(number)),
        name: CategoryName::parse(&format!("Category {number}")).expect("a name"),
        slug: Slug::parse(&format!("category-{number}")).expect("a slug"),
        description: CategoryDescription::parse("Things.").expect("a description"),
        version: 1,
        created_at: at(number.into()),
        updated_at: at(number.into()),
    }
}

/// A product of category 1 whose number makes its id, age, SKU and price.
fn product(number: u32, name: &str) -> Product {
    Product {
        id: Uuid::from_u128(0x9700_0000 + u128::from(number)),
        category_id: category(1).id,
        name: ProductName::parse(name).expect("a name"),
        sku: Sku::parse(&format!("SKU-{number}")).expect("a SKU"),
        description: None,
        price: price(i64::from(number)),
        stock: Stock::new(10).expect("stock"),
        status: ProductStatus::Active,
        version: 1,
        created_at: at(number.into()),
        updated_at: at(number.into()),
    }
}

fn price(amount: i64) -> Money {
    Money::new(amount, Currency::parse("EUR").expect("a currency")).expect("a price")
}

fn html(raw: &str) -> Option<Description> {
    Description::sanitised(raw).expect("a description")
}

/// With categories 1 and 2.
async fn shelves() -> Room {
    let room = Room::new().await;
    put_up_shelves(&room).await;
    room
}

async fn put_up_shelves(room: &Room) {
    write(room, async |tx| {
        tx.insert_category(&category(1)).await.expect("a category");
        tx.insert_category(&category(2)).await.expect("a category");
    })
    .await;
}

async fn stocked(products: &[Product]) -> Room {
    let room = Room::new().await;
    fill(&room, products).await;
    room
}

/// Puts products on shelves.
async fn fill(room: &Room, products: &[Product]) {
    put_up_shelves(room).await;
    write(room, async |tx| {
        for product in products {
            assert!(tx.insert_product(product).await.expect("a product"));
        }
    })
    .await;
}

/// Does something in a transaction of its own.
async fn write<T>(room: &Room, work: impl AsyncFnOnce(&Tx) -> T) -> T {
    let tx = room.store.begin().await.expect("a transaction");
    let outcome = work(&tx).await;
    tx.commit().await.expect("a commit");
    outcome
}

/// Attempts something that is refused, after which a transaction may be of no more use.
async fn attempt<T>(room: &Room, work: impl AsyncFnOnce(&Tx) -> T) -> T {
    let tx = room.store.begin().await.expect("a transaction");
    work(&tx).await
}

/// The same file of SQLite as others see it.
fn raw(room: &Room) -> rusqlite::Connection {
    room.folder.open_file()
}
