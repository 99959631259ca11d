//! The search of the catalogue, and that its index follows every change.

use shopkeeper::domain::page::{Order, PageRequest};
use shopkeeper::domain::product::{Product, ProductFilter, ProductName, ProductSort, Sku, Wanted};
use shopkeeper::domain::search::Search;

use super::{fill, html, product, raw, write};
use crate::{Room, at, user};

async fn found(room: &Room, text: &str) -> Vec<String> {
    let filter = ProductFilter { search: Some(Search::new(text)), ..ProductFilter::default() };
    let request = PageRequest::default();
    let page = room.store.products(&filter, ProductSort::CreatedAt, Order::Ascending, &request, Wanted::ALL).await;
    let page = page.expect("a page");
    assert_eq!(page.total, Some(page.items.len() as u64), "{text}");
    page.items.iter().map(|product| product.name.as_str().to_owned()).collect()
}

const NONE: [&str; 0] = [];

async fn garden() -> Room {
    planted(Room::new().await).await
}

async fn planted(room: Room) -> Room {
    let products = [
        Product { sku: Sku::parse("GS-100.b").expect("a SKU"), ..product(1, "Königs-Spaten ÉLITE") },
        Product { description: html("<p>Rakes<br>leaves &amp; <strong>grass</strong></p>"), ..product(2, "Rake") },
        Product { description: html("un<em>believ</em>able"), ..product(3, "Hose 25m") },
    ];
    fill(&room, &products).await;
    room
}

#[tokio::test]
async fn every_word_has_to_begin_a_word_whatever_case_and_accents() {
    let room = garden().await;
    for text in ["königs", "KONIGS", "ko\u{308}nigs", "spat", "elite konig", "Élite spaten", "é", "königs-sp"] {
        assert_eq!(found(&room, text).await, ["Königs-Spaten ÉLITE"], "{text}");
    }
    for text in ["paten", "könig rake", "spaten könige", "lite"] {
        assert_eq!(found(&room, text).await, NONE, "{text}");
    }
}

#[tokio::test]
async fn name_sku_and_description_are_looked_through_together() {
    let room = garden().await;
    for text in ["gs-100", "GS-100.B", "100", "gs-10", "gs elite"] {
        assert_eq!(found(&room, text).await, ["Königs-Spaten ÉLITE"], "{text}");
    }
    for text in ["rake leaves", "GRASS rake", "leaves & grass", "sku-2 gra"] {
        assert_eq!(found(&room, text).await, ["Rake"], "{text}");
    }
    assert_eq!(found(&room, "gs-200").await, NONE);
    assert_eq!(found(&room, "100-gs").await, NONE, "in a row, not just together");
    assert_eq!(found(&room, "sku").await, ["Rake", "Hose 25m"]);
}

#[tokio::test]
async fn markup_is_no_text() {
    let room = garden().await;
    for text in ["strong", "br", "p", "em", "amp"] {
        assert_eq!(found(&room, text).await, NONE, "{text}");
    }
    assert_eq!(found(&room, "unbelievable").await, ["Hose 25m"], "emphasis does not end a word");
    assert_eq!(found(&room, "rakesleaves").await, NONE, "a line break does");
}

#[tokio::test]
async fn signs_mean_nothing_to_a_search() {
    let room = garden().await;
    for text in
        ["\"", "*", "- &", "(", "rake OR hose", "NOT rake", "name:rake", "rake NEAR hose", "\"rake", "^hose*\" OR \""]
    {
        let names = found(&room, text).await;
        assert!(names.len() < 2, "{text}: {names:?}");
    }
    assert_eq!(found(&room, "\"rake\" *").await, ["Rake"]);
    assert_eq!(found(&room, "rake'; DROP TABLE products; --").await, NONE);
    assert_eq!(found(&room, "rake").await, ["Rake"]);
}

#[tokio::test]
async fn the_index_follows_every_change() {
    let room = garden().await;
    let before =
        Product { description: html("<p>Rakes<br>leaves &amp; <strong>grass</strong></p>"), ..product(2, "Rake") };
    let renamed = Product { name: ProductName::parse("Broom").expect("a name"), version: 2, ..before.clone() };
    write(&room, async |tx| tx.update_product(&before, &renamed).await).await.expect("a change");
    assert_eq!(found(&room, "broom grass").await, ["Broom"]);
    assert_eq!(found(&room, "rake grass").await, ["Broom"], "the description still says so");
    let cleared = Product { description: None, version: 3, ..renamed.clone() };
    write(&room, async |tx| tx.update_product(&renamed, &cleared).await).await.expect("a change");
    assert_eq!(found(&room, "rake").await, NONE);
    assert_eq!(found(&room, "broom").await, ["Broom"]);
    let one = shopkeeper::domain::stock::Delta::new(1).expect("a delta");
    write(&room, async |tx| tx.adjust_stock(cleared.id, one, at(60)).await).await.expect("adjusted");
    assert_eq!(found(&room, "broom").await, ["Broom"]);
    write(&room, async |tx| tx.delete_product(cleared.id, None).await).await.expect("deleted");
    assert_eq!(found(&room, "broom").await, NONE);

    let tx = room.store.begin().await.expect("a transaction");
    tx.insert_product(&product(9, "Undone")).await.expect("a product");
    drop(tx);
    assert_eq!(found(&room, "undone").await, NONE, "what did not happen is not found");
}

#[tokio::test]
async fn the_indices_survive_a_vacuum() {
    let room = planted(Room::of_file().await).await;
    for number in 1..=5 {
        room.add(&user(number, &format!("user_{number}"))).await;
    }
    let tx = room.store.begin().await.expect("a transaction");
    tx.anonymise_user(user(2, "user_2").id, at(60)).await.expect("a live account");
    tx.delete_product(product(1, "Any").id, None).await.expect("deleted");
    tx.commit().await.expect("a commit");
    let raw = raw(&room);
    raw.execute_batch("DELETE FROM users WHERE deleted_at IS NOT NULL; VACUUM").expect("vacuumed");
    for index in ["users_search", "products_search"] {
        raw.execute(&format!("INSERT INTO {index} ({index}) VALUES ('integrity-check')"), []).expect(index);
    }
    assert_eq!(found(&room, "hose").await, ["Hose 25m"]);
    assert_eq!(found(&room, "rake").await, ["Rake"]);
    let filter = shopkeeper::domain::user::UserFilter { search: Some("ser_4".to_owned()), ..Default::default() };
    let sort = shopkeeper::domain::user::UserSort::Username;
    let users = room.store.users(&filter, sort, Order::Ascending, &PageRequest::default()).await.expect("a page");
    assert_eq!(users.items, [user(4, "user_4")]);
}

#[tokio::test]
async fn nothing_of_an_erased_account_stays_in_its_index() {
    let room = Room::of_file().await;
    room.add(&user(1, "zyxwvuts")).await;
    let count = |what: &str| -> i64 {
        let raw = raw(&room);
        raw.execute_batch("CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5vocab(users_search, row)")
            .expect("words");
        let sql = "SELECT count(*) FROM words WHERE term = ?1";
        raw.query_row(sql, [what], |row| row.get(0)).expect("a count")
    };
    assert_eq!(count("zyx"), 1);
    write(&room, async |tx| tx.anonymise_user(user(1, "zyxwvuts").id, at(60)).await).await.expect("a live account");
    assert_eq!(count("zyx"), 0);
    let raw = raw(&room);
    raw.pragma_update(None, "wal_checkpoint", "TRUNCATE").ok();
    let mut statement = raw.prepare("SELECT hex(block) FROM users_search_data").expect("a statement");
    let blocks = statement.query_map([], |row| row.get::<_, String>(0)).expect("rows");
    for block in blocks {
        // Terms are shortened by what they share with the one before: the last two letters stay.
        assert!(!block.expect("a block").contains("7A7978"), "zyx is still in the index");
    }
}

#[tokio::test]
#[ignore = "measures, among 100,000 products"]
async fn a_search_costs_what_its_words_find_and_not_what_there_is() {
    let (room, clock) = (super::shelves().await, shopkeeper::infra::clock::Clock::system());
    for batch in 0..100 {
        let tx = room.store.begin().await.expect("a transaction");
        for number in batch * 1000..(batch + 1) * 1000 {
            let name = format!("Tool {} of kind {}", number, number % 997);
            let described = Product { description: html("<p>Some words that all have.</p>"), ..product(number, &name) };
            assert!(tx.insert_product(&described).await.expect("a product"));
        }
        tx.commit().await.expect("a commit");
    }
    for (text, total) in [("tool 54321", 1), ("kind 99", 1889), ("all words", 100_000), ("nowhere", 0)] {
        for sort in [ProductSort::CreatedAt, ProductSort::Price] {
            let filter = ProductFilter { search: Some(Search::new(text)), ..ProductFilter::default() };
            let request = PageRequest::default();
            let began = clock.now();
            let page =
                room.store.products(&filter, sort, Order::Descending, &request, Wanted::ALL).await.expect("a page");
            println!("{text:>12} {sort:?}: {} ms", (clock.now() - began).num_microseconds().unwrap_or(0) / 1000);
            assert_eq!(page.total, Some(total), "{text}");
        }
    }
}
