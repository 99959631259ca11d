//! Stock and its ledger.

use shopkeeper::domain::page::{Order, PageRequest};
use shopkeeper::domain::product::Wanted;
use shopkeeper::domain::stock::{Delta, Reason, Stock, StockAdjustment};
use uuid::Uuid;

use super::{product, stocked, write};
use crate::{Room, at};

fn delta(pieces: i64) -> Delta {
    Delta::new(pieces).expect("a delta")
}

fn line(number: u32, product_id: Uuid) -> StockAdjustment {
    StockAdjustment {
        id: Uuid::from_u128(0x1ed6_0000 + u128::from(number)),
        product_id,
        delta: delta(-1),
        reason: Reason::parse("sold").expect("a reason"),
        stock_after: Stock::new(9).expect("stock"),
        actor_id: number.is_multiple_of(2).then_some(Uuid::from_u128(7)),
        created_at: at(number.into()),
    }
}

async fn one() -> (Room, Uuid) {
    (stocked(&[product(1, "Spade"), product(2, "Rake")]).await, product(1, "Spade").id)
}

#[tokio::test]
async fn stock_is_adjusted_within_its_bounds_and_each_time_is_a_version() {
    let (room, id) = one().await;
    let adjust = async |id, pieces| write(&room, async |tx| tx.adjust_stock(id, delta(pieces), at(99)).await).await;
    assert_eq!(adjust(id, -3).await.expect("an answer").map(Stock::pieces), Some(7));
    assert_eq!(adjust(id, -8).await.expect("an answer"), None, "more than there is");
    assert_eq!(adjust(id, Delta::MAX).await.expect("an answer"), None, "more than can be");
    assert_eq!(adjust(id, -7).await.expect("an answer"), Some(Stock::default()), "the last ones");
    assert_eq!(adjust(Uuid::nil(), 1).await.expect("an answer"), None);
    let spade = room.store.product(id, Wanted::ALL).await.expect("an answer").expect("a product");
    assert_eq!((spade.stock.pieces(), spade.version, spade.updated_at), (0, 3, at(99)));
    let rake = room.store.product(product(2, "Rake").id, Wanted::ALL).await.expect("an answer");
    assert_eq!(rake, Some(product(2, "Rake")), "others stay as they are");
}

#[tokio::test]
async fn the_database_itself_refuses_stock_below_none() {
    let (room, _) = one().await;
    let refused = room.folder.refusal("UPDATE products SET stock = stock - 11").await;
    assert!(refused.to_lowercase().contains("check constraint"), "{refused}");
}

#[tokio::test]
async fn a_ledger_is_listed_by_age_and_its_lines_are_its_products() {
    let (room, id) = one().await;
    let other = product(2, "Rake").id;
    write(&room, async |tx| {
        for line in [line(1, id), line(2, id), line(3, other)] {
            tx.insert_stock_adjustment(&line).await.expect("a line");
        }
    })
    .await;
    let newest = room.store.stock_adjustments_of(id, Order::Descending, &PageRequest::default()).await;
    assert_eq!(newest.expect("a page").items, [line(2, id), line(1, id)]);
    assert_eq!(room.store.stock_adjustment(id, line(1, id).id).await.expect("an answer"), Some(line(1, id)));
    assert_eq!(room.store.stock_adjustment(other, line(1, id).id).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_ledger_goes_with_its_product_and_has_none_without() {
    let (room, id) = one().await;
    write(&room, async |tx| tx.insert_stock_adjustment(&line(1, id)).await).await.expect("a line");
    write(&room, async |tx| tx.delete_product(id, None).await).await.expect("deleted");
    let left = room.store.stock_adjustments_of(id, Order::Ascending, &PageRequest::default()).await;
    assert_eq!(left.expect("a page").items, []);
    let tx = room.store.begin().await.expect("a transaction");
    assert!(tx.insert_stock_adjustment(&line(2, id)).await.is_err());
}
