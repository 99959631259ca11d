//! The catalogue: who may change it, what is refused, and that stock and ledger never disagree.

use std::sync::Arc;

use shopkeeper::domain::category::Category;
use shopkeeper::domain::description::Description;
use shopkeeper::domain::page::Order;
use shopkeeper::domain::product::{Product, ProductFilter, ProductSort, ProductStatus, Wanted};
use shopkeeper::domain::stock::{Stock, StockAdjustment};
use shopkeeper::service::{
    Caller, Change, Conflict, Denial, Error, Expected, Keep, ListRequest, NewCategory, NewProduct, NewStockAdjustment,
    Price, PricePatch, ProductPatch, Start, Unique,
};
use uuid::Uuid;

use crate::{Room, violations};

fn shelf(slug: &str) -> NewCategory {
    NewCategory { name: format!(" The  {slug} "), slug: slug.to_owned(), description: None }
}

fn spade(category: &Category) -> NewProduct {
    NewProduct {
        category_id: category.id,
        name: "Spade".to_owned(),
        sku: "SP-1".to_owned(),
        description: Some("<p onclick=\"x\">Digs.</p>".to_owned()),
        price: Price { amount: 1999, currency: "EUR".to_owned() },
        stock: 10,
        status: ProductStatus::Active,
    }
}

fn sale(pieces: i64) -> NewStockAdjustment {
    NewStockAdjustment { delta: -pieces, reason: "sold".to_owned() }
}

/// A shop with one category and one product, of which there are ten.
struct Garden {
    room: Room,
    admin: Arc<Caller>,
    shelf: Category,
    spade: Product,
}

impl Garden {
    async fn new() -> Self {
        let room = Room::new().await;
        let admin = room.admin().await;
        let shelf = room.shop.create_category(&admin, shelf("garden"), Keep::nothing()).await.expect("a category");
        let spade = room.shop.create_product(&admin, spade(&shelf), Keep::nothing()).await.expect("a product");
        Self { room, admin, shelf, spade }
    }

    async fn patch(&self, patch: ProductPatch, expected: &Expected) -> Result<Product, Error> {
        self.room.shop.update_product(&self.admin, self.spade.id, patch, expected).await
    }

    async fn adjust(&self, request: NewStockAdjustment) -> Result<StockAdjustment, Error> {
        self.room.shop.adjust_stock(&self.admin, self.spade.id, request, Keep::nothing()).await
    }

    async fn product(&self) -> Product {
        self.room.shop.product(self.spade.id, Wanted::ALL).await.expect("a product")
    }

    /// The whole ledger, oldest line first.
    async fn ledger(&self) -> Vec<StockAdjustment> {
        let mut lines = Vec::new();
        let mut cursor = String::new();
        loop {
            let request = ListRequest { limit: 100, start: Start::Cursor(cursor) };
            let part = self.room.shop.stock_adjustments(&self.admin, self.spade.id, Order::Ascending, &request).await;
            let part = part.expect("a part");
            lines.extend(part.items);
            match part.next_cursor {
                Some(next) => cursor = next,
                None => return lines,
            }
        }
    }

    /// Holds the ledger against the stock: its lines sum up to it, and none of them came from or led to less than none.
    async fn audit(&self) {
        let ledger = self.ledger().await;
        for line in &ledger {
            let before = line.stock_after.pieces() - line.delta.pieces();
            assert!(before >= 0 && line.stock_after.pieces() >= 0, "{line:?}");
        }
        let sum: i64 = ledger.iter().map(|line| line.delta.pieces()).sum();
        assert_eq!(self.product().await.stock.pieces(), sum);
    }
}

#[tokio::test]
async fn the_catalogue_is_changed_by_who_holds_its_scope_and_nobody_else() {
    let garden = Garden::new().await;
    let ada = garden.room.person("ada").await;
    let (shop, any) = (&garden.room.shop, Expected::Any);
    let denied = |outcome: Result<(), Error>| matches!(outcome, Err(Error::Denied(Denial::Scope)));
    let (shelf_id, id) = (garden.shelf.id, garden.spade.id);
    assert!(denied(shop.create_category(&ada, shelf("other"), Keep::nothing()).await.map(drop)));
    assert!(denied(shop.replace_category(&ada, shelf_id, shelf("other"), &any).await.map(drop)));
    assert!(denied(shop.delete_category(&ada, shelf_id, &any).await));
    assert!(denied(shop.create_product(&ada, spade(&garden.shelf), Keep::nothing()).await.map(drop)));
    assert!(denied(shop.update_product(&ada, id, ProductPatch::default(), &any).await.map(drop)));
    assert!(denied(shop.delete_product(&ada, id, &any).await));
    assert!(denied(shop.adjust_stock(&ada, id, sale(1), Keep::nothing()).await.map(drop)));
    let request = ListRequest { limit: 1, start: Start::Page(1) };
    assert!(denied(shop.stock_adjustments(&ada, id, Order::Ascending, &request).await.map(drop)));
    assert!(denied(shop.stock_adjustment(&ada, id, Uuid::nil()).await.map(drop)));
}

#[tokio::test]
async fn everything_wrong_with_a_product_is_named_at_once() {
    let garden = Garden::new().await;
    let bad = NewProduct {
        category_id: Uuid::nil(),
        name: " ".to_owned(),
        sku: "-".to_owned(),
        description: Some("x".repeat(10_001)),
        price: Price { amount: -1, currency: "eur".to_owned() },
        stock: -1,
        status: ProductStatus::Active,
    };
    let expected = [
        ("name", "min_length"),
        ("sku", "pattern"),
        ("description", "max_length"),
        ("price/amount", "minimum"),
        ("price/currency", "pattern"),
        ("stock", "minimum"),
    ];
    let (shop, any) = (&garden.room.shop, Expected::Any);
    assert_eq!(violations(shop.create_product(&garden.admin, bad.clone(), Keep::nothing()).await), expected);
    assert_eq!(violations(shop.replace_product(&garden.admin, garden.spade.id, bad, &any).await), expected);
    let lost = NewProduct { category_id: Uuid::nil(), ..spade(&garden.shelf) };
    assert_eq!(
        violations(shop.create_product(&garden.admin, lost.clone(), Keep::nothing()).await),
        [("category_id", "unknown")]
    );
    let moved = shop.replace_product(&garden.admin, garden.spade.id, lost, &any).await;
    assert_eq!(violations(moved), [("category_id", "unknown")]);
    assert_eq!(garden.product().await, garden.spade);
}

#[tokio::test]
async fn names_that_are_taken_are_refused() {
    let garden = Garden::new().await;
    let shop = &garden.room.shop;
    let twin = shop.create_category(&garden.admin, shelf("garden"), Keep::nothing()).await;
    assert!(matches!(twin, Err(Error::Taken(Unique::Slug))));
    let twin = NewProduct { sku: "sp-1".to_owned(), ..spade(&garden.shelf) };
    assert!(matches!(shop.create_product(&garden.admin, twin, Keep::nothing()).await, Err(Error::Taken(Unique::Sku))));
}

#[tokio::test]
async fn a_patch_keeps_sets_and_clears_and_a_price_can_be_changed_in_part() {
    let garden = Garden::new().await;
    assert_eq!(garden.spade.description.as_ref().map(Description::as_str), Some("<p>Digs.</p>"));
    let any = Expected::Any;
    garden.room.pass(5);
    let price = PricePatch { amount: Some(5), currency: None };
    let cheap = garden.patch(ProductPatch { price, ..ProductPatch::default() }, &any).await.expect("a change");
    assert_eq!((cheap.price.amount(), cheap.price.currency().as_str()), (5, "EUR"));
    assert_eq!((cheap.version, cheap.updated_at - cheap.created_at), (2, chrono::TimeDelta::seconds(5)));
    let mute = ProductPatch { description: Change::Clear, ..ProductPatch::default() };
    let mute = garden.patch(mute, &any).await.expect("a change");
    assert_eq!((mute.description.as_ref(), mute.version), (None, 3));
    assert_eq!(garden.patch(ProductPatch::default(), &any).await.expect("no change"), mute, "not even the version");
    let same = NewProduct {
        description: None,
        price: Price { amount: 5, currency: "EUR".to_owned() },
        ..spade(&garden.shelf)
    };
    let same = garden.room.shop.replace_product(&garden.admin, garden.spade.id, same, &any).await;
    assert_eq!(same.expect("no change"), mute);
}

#[tokio::test]
async fn a_category_with_products_stays_until_they_are_gone() {
    let garden = Garden::new().await;
    let (shop, any) = (&garden.room.shop, Expected::Any);
    let refused = shop.delete_category(&garden.admin, garden.shelf.id, &any).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::CategoryInUse))));
    shop.delete_product(&garden.admin, garden.spade.id, &any).await.expect("deleted");
    shop.delete_category(&garden.admin, garden.shelf.id, &Expected::Versions(vec![1])).await.expect("deleted");
    assert!(matches!(shop.category(garden.shelf.id).await, Err(Error::Missing)));
    let gone = shop.delete_category(&garden.admin, garden.shelf.id, &any).await;
    assert!(matches!(gone, Err(Error::Missing)));
}

#[tokio::test]
async fn lists_below_what_is_not_there_are_missing_and_below_what_is_empty_are_empty() {
    let garden = Garden::new().await;
    let (shop, request) = (&garden.room.shop, ListRequest { limit: 1, start: Start::Page(1) });
    let products = async |id| {
        let (filter, sort) = (ProductFilter::default(), ProductSort::Name);
        shop.category_products(id, filter, sort, Order::Ascending, &request, Wanted::ALL).await
    };
    assert_eq!(products(garden.shelf.id).await.expect("a list").total, Some(1));
    let empty = shop.create_category(&garden.admin, shelf("empty"), Keep::nothing()).await.expect("a category");
    assert_eq!(products(empty.id).await.expect("a list").total, Some(0));
    assert!(matches!(products(Uuid::nil()).await, Err(Error::Missing)));
    let nobodys = shop.stock_adjustments(&garden.admin, Uuid::nil(), Order::Ascending, &request).await;
    assert!(matches!(nobodys, Err(Error::Missing)));
    let unstocked = NewProduct { sku: "NEW".to_owned(), stock: 0, ..spade(&garden.shelf) };
    let unstocked = shop.create_product(&garden.admin, unstocked, Keep::nothing()).await.expect("a product");
    let none = shop.stock_adjustments(&garden.admin, unstocked.id, Order::Ascending, &request).await;
    assert_eq!(none.expect("a list").total, Some(0), "nothing was ever there");
}

#[tokio::test]
async fn stock_tells_its_story_from_the_first_piece_on() {
    let garden = Garden::new().await;
    garden.room.pass(1);
    garden.adjust(sale(3)).await.expect("sold");
    garden.room.pass(1);
    let counted = ProductPatch { stock: Some(5), ..ProductPatch::default() };
    garden.patch(counted, &Expected::Any).await.expect("corrected");
    let story: Vec<_> = garden.ledger().await;
    let told: Vec<_> = story
        .iter()
        .map(|line| (line.delta.pieces(), line.reason.as_str(), line.stock_after.pieces(), line.actor_id))
        .collect();
    let by = Some(garden.admin.id());
    assert_eq!(told, [(10, "initial stock", 10, by), (-3, "sold", 7, by), (-2, "correction", 5, by)]);
    let second = garden.room.shop.stock_adjustment(&garden.admin, garden.spade.id, story[1].id).await;
    assert_eq!(second.expect("a line"), story[1]);
    assert_eq!(garden.product().await.version, 3, "each is a version of the product");
}

#[tokio::test]
async fn more_than_there_is_cannot_be_taken_nor_more_added_than_can_be() {
    let garden = Garden::new().await;
    let refused = garden.adjust(sale(11)).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::InsufficientStock { available: 10 }))));
    let flood = NewStockAdjustment { delta: Stock::MAX, reason: "flood".to_owned() };
    assert_eq!(violations(garden.adjust(flood).await), [("delta", "maximum")]);
    let nothing = NewStockAdjustment { delta: 0, reason: " ".to_owned() };
    assert_eq!(violations(garden.adjust(nothing).await), [("delta", "not_zero"), ("reason", "min_length")]);
    let lost = garden.room.shop.adjust_stock(&garden.admin, Uuid::nil(), sale(1), Keep::nothing()).await;
    assert!(matches!(lost, Err(Error::Missing)));
    assert_eq!(garden.product().await, garden.spade, "nothing happened");
    garden.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_of_the_same_version_one_wins() {
    let garden = Garden::new().await;
    for version in 1..=5 {
        let expected = Expected::Versions(vec![version]);
        let named = |name: &str| ProductPatch { name: Some(format!("{name} {version}")), ..ProductPatch::default() };
        let (left, right) =
            tokio::join!(garden.patch(named("Left"), &expected), garden.patch(named("Right"), &expected));
        assert!(left.is_ok() != right.is_ok());
        let (won, lost) = if left.is_ok() { (left, right) } else { (right, left) };
        assert!(matches!(lost, Err(Error::Stale { current, .. }) if current == version + 1));
        assert_eq!(garden.product().await, won.expect("the winner"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_buyers_of_ten_pieces_get_ten() {
    let garden = Arc::new(Garden::new().await);
    let buyers: Vec<_> = (0..40)
        .map(|_| {
            let garden = Arc::clone(&garden);
            tokio::spawn(async move { garden.adjust(sale(1)).await })
        })
        .collect();
    let mut sold = 0;
    for buyer in buyers {
        match buyer.await.expect("a buyer") {
            Ok(_) => sold += 1,
            Err(Error::Conflict(Conflict::InsufficientStock { available: 0 })) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((sold, garden.product().await.stock), (10, Stock::default()));
    garden.audit().await;
}

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33).cast_signed() % sides
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_the_ledger_sums_up_to_the_stock() {
    for seed in 1..=4 {
        let garden = Garden::new().await;
        let mut dice = Dice(seed);
        for _ in 0..20 {
            let (first, second) = (dice.roll(25) - 12, dice.roll(25) - 12);
            let adjustment = |delta| NewStockAdjustment { delta, reason: format!("seed {seed}") };
            let counted = (dice.roll(3) == 0).then(|| dice.roll(30));
            let expected = if dice.roll(2) == 0 { Expected::Any } else { Expected::Versions(vec![1 + dice.roll(40)]) };
            let patch = ProductPatch { stock: counted, ..ProductPatch::default() };
            // At once, as two clerks and a stocktaking would.
            let (one, other, corrected) = tokio::join!(
                garden.adjust(adjustment(first)),
                garden.adjust(adjustment(second)),
                garden.patch(patch, &expected)
            );
            for outcome in [one.map(drop), other.map(drop), corrected.map(drop)] {
                let expected = matches!(
                    outcome,
                    Ok(()) | Err(Error::Conflict(_) | Error::Stale { .. } | Error::Invalid(_) | Error::Collided)
                );
                assert!(expected, "seed {seed}: {outcome:?}");
            }
        }
        garden.audit().await;
    }
}
