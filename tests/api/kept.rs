//! Answers that the shop keeps: found again by who may have them, and never after a change.

use crate::support::shelf::{Shelf, Thing, euro};
use crate::support::{Answer, Caller, Options};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How often an operation's answers were found kept and made while something was done.
async fn count(shelf: &Shelf, operation: &str, doing: impl Future<Output = ()>) -> (u64, u64) {
    let before = shelf.shop.numbers().await.kept_and_made(operation);
    doing.await;
    let after = shelf.shop.numbers().await.kept_and_made(operation);
    (after.0 - before.0, after.1 - before.1)
}

async fn read(caller: &Caller, path: &str) -> Answer {
    caller.get(path).await.expect_status(200)
}

#[tokio::test]
async fn what_is_asked_again_is_found() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let category = format!("/categories/{}", shelf.category);
    for (operation, path) in [
        ("getProduct", product.path.clone()),
        ("listProducts", "/products?limit=5".to_owned()),
        ("listCategoryProducts", format!("{category}/products")),
        ("getCategory", category.clone()),
        ("listCategories", "/categories".to_owned()),
    ] {
        let mut answers = Vec::new();
        let counted = count(&shelf, operation, async {
            for _ in 0..3 {
                answers.push(read(&shelf.visitor, &path).await);
            }
            answers.push(shelf.visitor.get(&path).by_http2().await);
            // Who asks makes no difference to what is public.
            answers.push(read(&shelf.admin, &path).await);
        });
        assert_eq!(counted.await, (4, 1), "{operation}");
        let ids: std::collections::BTreeSet<_> = answers.iter().map(|answer| answer.header("x-request-id")).collect();
        assert_eq!(ids.len(), 5, "each answer belongs to its own request");
        if operation.starts_with("get") {
            assert!(answers.iter().all(|answer| answer.body == answers[0].body));
        }
    }
    let numbers = shelf.shop.numbers().await;
    for name in ["hits_total", "misses_total", "entries", "bytes"] {
        assert!(numbers.tell(&format!("shopkeeper_cache_{name}")), "{name}");
    }
    assert!(numbers.value("shopkeeper_cache_entries", None) >= Some(1.0));
    assert!(numbers.value("shopkeeper_cache_bytes", None) >= Some(100.0));
}

#[tokio::test]
async fn the_same_question_in_other_words_is_the_same() {
    let shelf = Shelf::set().await;
    shelf.add(json!({"name": "Green tea"})).await;
    let query = ["search=green+tea", "status=active", "sort=price"];
    shelf.names(&format!("?{}", query.join("&"))).await;
    let counted = count(&shelf, "listProducts", async {
        for at in [[1, 0, 2], [2, 1, 0], [0, 2, 1], [2, 0, 1]] {
            let query = at.map(|at| query[at]).join("&");
            assert_eq!(shelf.names(&format!("?{query}")).await, ["Green tea"]);
        }
    });
    assert_eq!(counted.await, (4, 0));
    // However it is spelled, the answer is right.
    for query in ["status=active&sort=price&search=gr%65en%20te%61", "&&s%6frt=price&search=green%20tea&status=active"]
    {
        assert_eq!(shelf.names(&format!("?{query}")).await, ["Green tea"]);
    }
    // And another question is another.
    let counted = count(&shelf, "listProducts", async {
        for query in ["sort=price&search=green+tea", "sort=name&search=green+tea&status=active"] {
            shelf.names(&format!("?{query}")).await;
        }
    });
    assert_eq!(counted.await, (0, 2));
}

/// Every way to change what is seen of a product.
async fn change(shelf: &Shelf, product: &Thing, way: usize) {
    let admin = &shelf.admin;
    let number = shelf.number();
    let answer = match way {
        0 => admin.patch(&product.path, &json!({"name": format!("Renamed {number}")})).await,
        1 => admin.put(&product.path, &shelf.whole_product(json!({"stock": number}))).await,
        2 => shelf.adjust(product, 1).await,
        3 => shelf.offer(json!({})).await,
        _ => admin.delete(&shelf.add_any().await.path).await,
    };
    assert!(matches!(answer.status, 200 | 201 | 204), "{answer}");
}

#[tokio::test]
async fn a_reader_right_after_a_write_sees_it_on_any_connection() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let lists = ["/products?limit=100".to_owned(), format!("/categories/{}/products?limit=100", shelf.category)];
    for way in (0..5).cycle().take(25) {
        // Everything is kept before it changes.
        for path in lists.iter().chain([&product.path]) {
            read(&shelf.visitor, path).await;
        }
        shelf.shop.advance_seconds(1);
        change(&shelf, &product, way).await;
        let uncached = shelf.admin.get(&format!("{}/stock-adjustments?limit=1", product.path));
        let readers = [shelf.visitor.get(&product.path), shelf.visitor.get(&product.path).by_http2()];
        let mut seen = Vec::new();
        for call in readers {
            seen.push(call.await.expect_status(200));
        }
        assert_eq!((seen[0].json(), seen[0].header("etag")), (seen[1].json(), seen[1].header("etag")));
        if way == 2 {
            assert_eq!(uncached.await.at("/data/0/stock_after"), seen[0].at("/stock"));
        }
        for path in &lists {
            let list = shelf.visitor.get(path).by_http2().await.expect_status(200);
            let row = list.data().into_iter().find(|row| row["id"] == product.id).expect("the product");
            assert_eq!(row, seen[0].json(), "{way}");
            assert_eq!(list.at("/pagination/total"), list.data().len());
        }
    }
}

#[tokio::test]
async fn what_appears_and_what_goes_is_seen_in_lists_that_were_kept_empty_or_full() {
    let shelf = Shelf::set().await;
    let nowhere = shelf.add_category("Nowhere", "nowhere").await;
    let there = format!("{}/products", nowhere.path);
    let found = async |path: &str| read(&shelf.visitor, path).await.column("id");
    for path in [&*there, "/products?search=nessie", "/categories?slug=nessie"] {
        assert_eq!(found(path).await, Vec::<String>::new());
    }
    let product = shelf.add(json!({"name": "Nessie", "category_id": nowhere.id})).await;
    let category = shelf.add_category("Nessie", "nessie").await;
    assert_eq!(found(&there).await, [&*product.id]);
    assert_eq!(found("/products?search=nessie").await, [&*product.id]);
    assert_eq!(found("/categories?slug=nessie").await, [&*category.id]);
    // It moves from one category to another, and both lists know.
    let elsewhere = format!("{}/products", category.path);
    assert_eq!(found(&elsewhere).await, Vec::<String>::new());
    shelf.admin.patch(&product.path, &json!({"category_id": category.id})).await.expect_status(200);
    assert_eq!((found(&there).await, found(&elsewhere).await), (vec![], vec![product.id.clone()]));
    shelf.admin.delete(&product.path).await.expect_status(204);
    shelf.admin.delete(&category.path).await.expect_status(204);
    shelf.visitor.get(&product.path).await.expect_problem(404, "not_found");
    shelf.visitor.get(&elsewhere).await.expect_problem(404, "not_found");
    assert_eq!(found("/products?search=nessie").await, Vec::<String>::new());
    assert_eq!(found("/categories?slug=nessie").await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn nobody_sees_a_state_older_than_what_was_already_answered() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"price": euro(0)})).await;
    let written = Arc::new(AtomicU64::new(0));
    let mut running = tokio::task::JoinSet::new();
    for reader in 0..6 {
        let (shelf, product, written) = (shelf.clone(), product.clone(), Arc::clone(&written));
        running.spawn(async move {
            while written.load(Ordering::SeqCst) < 60 {
                let least = written.load(Ordering::SeqCst);
                let answer = match reader % 3 {
                    0 => shelf.visitor.get(&product.path).await.at("/price/amount"),
                    1 => shelf.visitor.get("/products").by_http2().await.at("/data/0/price/amount"),
                    _ => shelf.admin.get("/products?fields=price&sort=price").await.at("/data/0/price/amount"),
                };
                let seen = answer.as_u64().expect("an amount");
                assert!(seen >= least, "{seen} was seen after {least} had been answered");
            }
        });
    }
    for amount in 1..=60_i64 {
        shelf.admin.patch(&product.path, &json!({"price": euro(amount)})).await.expect_status(200);
        written.store(u64::try_from(amount).expect("a number"), Ordering::SeqCst);
    }
    running.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn many_who_ask_the_same_at_once_cost_one_look() {
    let shelf = Shelf::set().await;
    for _ in 0..20 {
        shelf.add_any().await;
    }
    // Connections first, so that the questions come together.
    let warm = (0..40).map(|_| tokio::spawn(shelf.visitor.get("/categories").into_future()));
    for task in warm.collect::<Vec<_>>() {
        task.await.expect("an answer");
    }
    let counted = count(&shelf, "listProducts", async {
        let calls = (0..40).map(|_| tokio::spawn(shelf.visitor.get("/products?limit=100").into_future()));
        for task in calls.collect::<Vec<_>>() {
            assert_eq!(task.await.expect("an answer").expect_status(200).data().len(), 20);
        }
    });
    assert_eq!(counted.await, (39, 1));
}

#[tokio::test]
async fn an_answer_tells_how_long_it_has_been_kept() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let age = |answer: &Answer| answer.header_or_none("age").map_or(0, |age| age.parse::<u64>().expect("seconds"));
    for path in [&*product.path, "/products"] {
        let fresh = read(&shelf.visitor, path).await;
        assert_eq!((age(&fresh), fresh.header("cache-control")), (0, "public, max-age=60"));
        assert_eq!(fresh.header("vary").to_lowercase(), "accept-encoding");
        shelf.shop.advance_seconds(40);
        let kept = read(&shelf.visitor, path).await;
        assert_eq!(age(&kept), 40, "{kept}");
        assert_eq!(kept.header("etag"), fresh.header("etag"));
        let known = shelf.visitor.get(path).header("if-none-match", fresh.header("etag")).await.expect_status(304);
        assert_eq!(age(&known), 40, "{known}");
        // Beyond its time it would be stale on arrival.
        for _ in 0..4 {
            shelf.shop.advance_seconds(25);
            let later = read(&shelf.visitor, path).await;
            assert!(age(&later) < 60, "{later}");
            assert_eq!(later.json()["data"], fresh.json()["data"]);
        }
        // Whatever changes is young again.
        shelf.admin.patch(&product.path, &json!({"stock": shelf.number()})).await.expect_status(200);
        assert_eq!(age(&read(&shelf.visitor, path).await), 0);
    }
}

#[tokio::test]
async fn a_known_answer_has_the_headers_of_the_whole_one() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let admins = shelf.admin.path();
    let of_body = ["content-type", "content-length", "x-request-id", "date", "ratelimit", "content-encoding"];
    for (caller, path) in [
        (&shelf.visitor, &*product.path),
        (&shelf.visitor, "/products?limit=1"),
        (&shelf.visitor, "/categories"),
        (&shelf.admin, "/users/me"),
        (&shelf.admin, &*admins),
        (&shelf.admin, "/users"),
    ] {
        for _ in 0..2 {
            let whole = read(caller, path).await;
            let known = caller.get(path).header("if-none-match", whole.header("etag")).await.expect_status(304);
            for (name, value) in whole.headers.iter().filter(|(name, _)| !of_body.contains(&name.as_str())) {
                assert_eq!(known.headers.get(name), Some(value), "{path}: {name}");
            }
            assert!(known.body.is_empty());
            let head = caller.head(path).await.expect_status(200);
            for (name, value) in
                whole.headers.iter().filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
            {
                assert_eq!(head.headers.get(name), Some(value), "HEAD {path}: {name}");
            }
        }
    }
}

#[tokio::test]
async fn nothing_private_is_given_to_another() {
    let shelf = Shelf::set().await;
    let shop = &shelf.shop;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let program = ada.program(&["account:read"]).await;
    let narrow = ada.program(&["orders:read"]).await;
    for _ in 0..3 {
        for (caller, name) in [(&ada, "ada"), (&bob, "bob"), (&program, "ada"), (&shelf.admin, "admin")] {
            let me = read(caller, "/users/me").await;
            assert_eq!(me.at("/username"), name);
            assert!(me.header("cache-control").starts_with("private"), "{me}");
            for credential in ["authorization", "x-api-key"] {
                assert!(me.header("vary").to_lowercase().contains(credential), "{me}");
            }
        }
        // An account that one may read is not one that all may read.
        for caller in [&ada, &shelf.admin] {
            read(caller, &ada.path()).await;
        }
        bob.get(&ada.path()).await.expect_problem(404, "not_found");
        narrow.get("/users/me").await.expect_problem(403, "insufficient_scope");
        narrow.get(&ada.path()).await.expect_problem(403, "insufficient_scope");
        shop.visitor().get("/users/me").await.expect_problem(401, "unauthenticated");
        read(&shelf.admin, "/users").await;
        ada.get("/users").await.expect_problem(403, "insufficient_scope");
    }
}

#[tokio::test]
async fn who_may_no_longer_ask_is_not_answered_from_memory() {
    let shelf = Shelf::set().await;
    let (shop, admin) = (&shelf.shop, &shelf.admin);
    let staff = shop.register_as("staff", "moderator").await;
    let ada = shop.register("ada").await;
    let other = ada.sign_in_again().await;
    for _ in 0..2 {
        read(&staff, &ada.path()).await;
        read(&ada, "/users/me").await;
        read(&other, "/users/me").await;
    }
    admin.patch(&staff.path(), &json!({"role": "user"})).await.expect_status(200);
    staff.get(&ada.path()).await.expect_problem(404, "not_found");
    other.post_nothing("/auth/logout").await.expect_status(204);
    other.get("/users/me").await.expect_problem(401, "invalid_token");
    read(&ada, "/users/me").await;
    admin.patch(&ada.path(), &json!({"full_name": "Ada"})).await.expect_status(200);
    assert_eq!(read(&ada, "/users/me").await.at("/full_name"), "Ada");
    admin.patch(&ada.path(), &json!({"status": "suspended"})).await.expect_status(200);
    ada.get("/users/me").await.expect_problem(403, "account_suspended");
    admin.delete(&ada.path()).await.expect_status(204);
    ada.get("/users/me").await.expect_problem(401, "invalid_token");
    admin.get(&ada.path()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn kept_answers_count_against_the_limits() {
    let shelf = Shelf::set_with(Options::default()).await;
    let product = shelf.add_any().await;
    let left = |answer: &Answer| {
        let told = answer.header("ratelimit").to_owned();
        assert!(told.starts_with("\"catalog\""), "{answer}");
        told.split(";r=").nth(1).and_then(|rest| rest.split(';').next()?.parse::<i64>().ok()).expect("what is left")
    };
    let first = left(&read(&shelf.visitor, &product.path).await);
    assert_eq!(left(&read(&shelf.visitor, &product.path).await), first - 1);
    let tag = product.tag.as_str();
    let known = shelf.visitor.get(&product.path).header("if-none-match", tag).await.expect_status(304);
    assert_eq!(left(&known), first - 2);
    // By address, whoever calls.
    assert_eq!(left(&read(&shelf.admin, &product.path).await), first - 3);
}

#[tokio::test]
async fn faults_are_not_kept() {
    let shelf = Shelf::set().await;
    let category = shelf.add_category("Tea", "tea").await;
    shelf.admin.delete(&category.path).await.expect_status(204);
    let counted = count(&shelf, "getCategory", async {
        for _ in 0..2 {
            let lost = shelf.visitor.get(&category.path).await.expect_problem(404, "not_found");
            assert_eq!(lost.header("cache-control"), "no-store");
            let wrong = shelf.visitor.get(&category.path).query("fields", "nothing").await.expect_status(422);
            assert_eq!(wrong.header("cache-control"), "no-store");
        }
    });
    assert_eq!(counted.await.0, 0);
}

#[tokio::test]
async fn what_is_refused_is_refused_whether_an_answer_is_kept_or_not() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let long = format!("\"{}\"", "0".repeat(8000));
    for (caller, path) in [(&shelf.visitor, &*product.path), (&shelf.visitor, "/products"), (&shelf.admin, "/users/me")] {
        let refusals = async || {
            let mut told = Vec::new();
            for call in [
                caller.get(path).header("if-none-match", &long),
                caller.get(path).header("accept", "image/png"),
                caller.get(path).query("fields", "id").query("fields", "name"),
                caller.get(path).query("zzz", "1"),
            ] {
                let answer = call.await;
                told.push((answer.status, answer.code(), answer.faults()));
            }
            told
        };
        let before = refusals().await;
        read(caller, path).await;
        read(caller, path).await;
        assert_eq!(refusals().await, before, "{path}");
        assert!(before.iter().all(|(status, _, _)| (400..500).contains(status)), "{before:?}");
    }
}

#[tokio::test]
async fn a_change_is_seen_however_the_address_is_spelled() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let shouted = format!("/products/{}", product.id.to_uppercase());
    let escaped = product.path.replace('-', "%2D");
    let spellings = [product.path.clone(), shouted, escaped, format!("{}?", product.path), format!("{}?&", product.path)];
    for number in 0..3 {
        for path in &spellings {
            // Whether all of them are the same is not promised; that none tells old things is.
            let first = shelf.visitor.get(path).await;
            assert!(matches!(first.status, 200 | 404), "{first}");
        }
        let name = format!("Renamed {number}");
        shelf.admin.patch(&product.path, &json!({"name": name})).await.expect_status(200);
        for path in &spellings {
            let next = shelf.visitor.get(path).await;
            assert!(next.status == 404 || next.at("/name") == *name, "{next}");
        }
    }
}

#[tokio::test]
async fn with_the_switch_off_nothing_is_kept_and_everything_else_is_the_same() {
    let options = |cache| Options { cache, rate_limits: false, ..Options::default() };
    let on = Shelf::set_with(options(true)).await;
    let product = on.add_any().await;
    let paths = [&*product.path, "/products?limit=1", "/categories"];
    let mut tags = Vec::new();
    for path in paths {
        tags.push(read(&on.visitor, path).await.header("etag").to_owned());
    }
    let off = on.reopen(options(false)).await;
    for (path, tag) in paths.into_iter().zip(&tags) {
        for _ in 0..2 {
            let answer = read(&off.visitor, path).await;
            assert_eq!((answer.header("etag"), answer.header("cache-control")), (&**tag, "public, max-age=60"));
            assert!(matches!(answer.header_or_none("age"), None | Some("0")), "{answer}");
            off.visitor.get(path).header("if-none-match", tag).await.expect_status(304);
        }
    }
    for operation in ["getProduct", "listProducts", "listCategories"] {
        assert_eq!(off.shop.numbers().await.kept_and_made(operation).0, 0);
    }
    assert!(off.shop.numbers().await.value("shopkeeper_cache_entries", None).is_none_or(|entries| entries == 0.0));
    off.admin.patch(&product.path, &json!({"name": "New"})).await.expect_status(200);
    assert_eq!(read(&off.visitor, &product.path).await.at("/name"), "New");
}

#[tokio::test]
async fn what_is_kept_stays_within_its_size() {
    let options = Options { cache_size: Some("64KiB"), rate_limits: false, ..Options::default() };
    let shelf = Shelf::set_with(options).await;
    for _ in 0..10 {
        shelf.add(json!({"description": "words ".repeat(100)})).await;
    }
    // Each is some ten thousand bytes: a hundred of them would be far too many.
    for offset in 0..100 {
        let page = read(&shelf.visitor, &format!("/products?limit=10&min_price={offset}")).await;
        assert_eq!(page.data().len(), 10);
    }
    let numbers = shelf.shop.numbers().await;
    let bytes = numbers.value("shopkeeper_cache_bytes", None).expect("bytes");
    assert!(bytes <= 65_536.0, "{bytes}");
    assert!(numbers.value("shopkeeper_cache_entries", None) <= Some(10.0));
    // An answer larger than the whole room is answered, if not kept.
    for _ in 0..60 {
        shelf.add(json!({"description": "words ".repeat(500)})).await;
    }
    for _ in 0..2 {
        assert_eq!(read(&shelf.visitor, "/products?limit=100").await.data().len(), 70);
    }
    assert!(shelf.shop.numbers().await.value("shopkeeper_cache_bytes", None) <= Some(65_536.0));
}

#[tokio::test]
async fn a_write_that_is_refused_changes_no_answer() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"stock": 1})).await;
    let before = read(&shelf.visitor, &product.path).await;
    shelf.adjust(&product, -2).await.expect_problem(409, "insufficient_stock");
    shelf.admin.patch(&product.path, &json!({"stock": -1})).await.expect_status(422);
    shelf.admin.patch(&product.path, &json!({"stock": 9})).header("if-match", "\"x\"").await.expect_status(412);
    let after = read(&shelf.visitor, &product.path).await;
    assert_eq!((after.json(), after.header("etag")), (before.json(), before.header("etag")));
    assert_eq!(after.at("/description"), Value::Null);
}
