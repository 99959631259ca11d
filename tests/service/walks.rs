//! The long walk: a hundred thousand rows that no sort can tell apart, while others come and go around them.
//!
//! Ignored every day, since making them takes minutes: `cargo test --test service walks -- --ignored`. A short walk
//! through HTTP is in tests/api/walks.rs.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use shopkeeper::domain::page::Order;
use shopkeeper::domain::product::{ProductFilter, ProductSort, ProductStatus, Wanted};
use shopkeeper::service::{Caller, Expected, Keep, List, ListRequest, NewCategory, NewProduct, Price, Shop};
use uuid::Uuid;

use crate::Room;

const ROWS: usize = 100_000;
/// So many writers at once share commits.
const WRITERS: usize = 64;

/// Makes products that are equal in every sort.
#[derive(Clone)]
struct Maker {
    shop: Shop,
    admin: Arc<Caller>,
    category_id: Uuid,
    made: Arc<AtomicUsize>,
}

impl Maker {
    async fn in_room(room: &Room) -> Self {
        let admin = room.admin().await;
        let request = NewCategory { name: "Twins".to_owned(), slug: "twins".to_owned(), description: None };
        let category_id = room.shop.create_category(&admin, request, Keep::nothing()).await.expect("a category").id;
        Self { shop: room.shop.clone(), admin, category_id, made: Arc::default() }
    }

    async fn make(&self) -> Uuid {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let request = NewProduct {
            category_id: self.category_id,
            name: "Twin".to_owned(),
            sku: format!("TWIN-{number}"),
            description: None,
            price: Price { amount: 100, currency: "EUR".to_owned() },
            stock: 0,
            status: ProductStatus::Active,
        };
        self.shop.create_product(&self.admin, request, Keep::nothing()).await.expect("a product").id
    }

    async fn remove(&self, id: Uuid) {
        self.shop.delete_product(&self.admin, id, &Expected::Any).await.expect("gone");
    }

    async fn make_many(&self, count: usize) -> Vec<Uuid> {
        let mut running = tokio::task::JoinSet::new();
        for share in 0..WRITERS {
            let maker = self.clone();
            running.spawn(async move {
                let mut ids = Vec::new();
                for _ in (share..count).step_by(WRITERS) {
                    ids.push(maker.make().await);
                }
                ids
            });
        }
        running.join_all().await.concat()
    }

    /// Until it is told to stop or nothing is left to remove, one comes and one goes. Tells how many went.
    fn stir(&self, goes: Vec<Uuid>, stop: &Arc<AtomicBool>) -> tokio::task::JoinHandle<usize> {
        let (maker, stop) = (self.clone(), Arc::clone(stop));
        tokio::spawn(async move {
            let mut gone = 0;
            for id in goes {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                maker.make().await;
                maker.remove(id).await;
                gone += 1;
            }
            gone
        })
    }

    async fn part(&self, sort: ProductSort, order: Order, cursor: String) -> (Vec<Uuid>, [Option<String>; 2]) {
        let request = ListRequest::choose(Some(100), None, None, Some(cursor));
        let wanted = Wanted { description: false };
        let part: List<_> =
            self.shop.products(&ProductFilter::default(), sort, order, &request, wanted).await.expect("a part");
        (part.items.iter().map(|product| product.id).collect(), [part.next_cursor, part.prev_cursor])
    }

    /// All ids in a direction (0 forth, 1 back), and the way back from the last part.
    async fn walk(
        &self,
        sort: ProductSort,
        order: Order,
        from: String,
        direction: usize,
    ) -> (Vec<Uuid>, Option<String>) {
        let (mut seen, mut cursor, mut back) = (Vec::new(), Some(from), None);
        while let Some(at) = cursor {
            let (mut ids, mut cursors) = self.part(sort, order, at).await;
            if direction == 1 {
                ids.reverse();
            }
            seen.extend(ids);
            cursor = cursors[direction].take();
            back = cursors[1 - direction].take();
        }
        (seen, back)
    }
}

#[track_caller]
fn expect_each_once(seen: &[Uuid], stays: &HashSet<Uuid>, what: &str) {
    let distinct: HashSet<_> = seen.iter().copied().collect();
    assert_eq!(distinct.len(), seen.len(), "{what}: some were seen twice");
    let missed = stays.difference(&distinct).count();
    assert_eq!(missed, 0, "{what}: {missed} were never seen");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn a_walk_through_a_hundred_thousand_equal_rows_sees_each_that_stays_once() {
    let room = Room::new().await;
    let maker = Maker::in_room(&room).await;
    let all = maker.make_many(ROWS).await;
    let (mut goes, mut stays) = (Vec::new(), HashSet::new());
    for (number, id) in all.into_iter().enumerate() {
        if number % 5 == 0 {
            goes.push(id);
        } else {
            stays.insert(id);
        }
    }
    for (sort, order) in [
        (ProductSort::Price, Order::Ascending),
        (ProductSort::Name, Order::Descending),
        (ProductSort::CreatedAt, Order::Ascending),
    ] {
        let what = format!("{sort:?} {order:?}");
        let stop = Arc::new(AtomicBool::new(false));
        let stirrer = maker.stir(goes.split_off(goes.len().saturating_sub(ROWS / 20)), &stop);
        let (forth, back) = maker.walk(sort, order, String::new(), 0).await;
        expect_each_once(&forth, &stays, &what);
        let (mut returned, _) = maker.walk(sort, order, back.expect("a way back"), 1).await;
        stop.store(true, Ordering::Relaxed);
        assert!(stirrer.await.expect("a stirrer") > 0, "nothing happened around the walk");
        // The way back begins before the last part.
        let seen: HashSet<_> = returned.iter().copied().collect();
        returned.extend(forth[forth.len() - 100..].iter().filter(|id| !seen.contains(id)));
        expect_each_once(&returned, &stays, &format!("back through {what}"));
    }
}
