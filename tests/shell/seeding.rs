//! `shopkeeper seed`: made-up shops that are the same every time.

use crate::program::{Place, Running, folder, program, refused};
use std::process::Output;

const SIZES: [&str; 8] =
    ["--users", "40", "--categories", "14", "--products", "300", "--until", "2026-11-01T12:00:00Z"];

/// Seeds a folder: what standard output and standard error were told.
fn seed(folder: &Place, more: &[&str]) -> (String, String) {
    let orders: &[&str] = if more.contains(&"--orders") { &[] } else { &["--orders", "500"] };
    let output = program(folder).arg("seed").args(SIZES).args(orders).args(more).output();
    let Output { status, stdout, stderr } = output.unwrap();
    let (told, progress) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{progress}");
    (told, progress)
}

/// Everything that was made up, as text, but for the salt of the passwords.
fn contents(folder: &Place) -> Vec<String> {
    let mut lines = Vec::new();
    for (table, columns) in [
        ("users", "id, email, username, full_name, role, status, version, created_at, updated_at"),
        ("categories", "id, name, slug, description, version, created_at, updated_at"),
        (
            "products",
            "id, category_id, name, sku, description, price_amount, price_currency, stock, status, version, created_at, \
             updated_at",
        ),
        ("stock_adjustments", "id, product_id, delta, reason, stock_after, actor_id, created_at"),
        ("orders", "id, user_id, status, total_amount, currency, note, version, created_at, updated_at"),
        ("order_items", "id, order_id, product_id, sku, name, quantity, unit_amount, version, created_at"),
        ("order_transitions", "id, order_id, from_status, to_status, actor, actor_id, note, created_at"),
    ] {
        let cell = |column: &str| match column {
            // A file keeps ids as bytes.
            id if folder.is_file() && id.ends_with("id") => format!("coalesce(hex({id}), '-')"),
            other => format!("coalesce(CAST({other} AS text), '-')"),
        };
        let cells: Vec<_> = columns.split(", ").map(cell).collect();
        let rows = folder.texts(&format!("SELECT {} FROM {table} ORDER BY id", cells.join(" || ' | ' || ")));
        lines.extend(rows.into_iter().map(|row| format!("{table} {row}")));
    }
    lines
}

#[test]
fn the_same_seed_makes_the_same_shop_and_another_seed_another() {
    let (one, same, other) = (Place::new(), Place::new(), Place::new());
    seed(&one, &["--seed", "7"]);
    seed(&same, &["--seed", "7"]);
    seed(&other, &["--seed", "8"]);
    assert_eq!(contents(&one), contents(&same));
    let (one, other) = (contents(&one), contents(&other));
    assert!(one.iter().all(|line| !other.contains(line)));
}

#[test]
fn seeding_again_changes_nothing_and_says_so() {
    let folder = Place::new();
    let (told, progress) = seed(&folder, &[]);
    assert!(told.contains("Added 40 users, 14 categories, 300 products and 500 orders"), "{told}");
    assert!(told.contains("SeededShop2025"), "{told}");
    assert!(progress.lines().any(|line| line == "products: 300 of 300"), "{progress}");
    assert!(progress.lines().any(|line| line == "orders: 500 of 500"), "{progress}");
    let before = contents(&folder);
    let (told, _) = seed(&folder, &[]);
    assert!(told.starts_with("Everything was there already"), "{told}");
    assert_eq!(contents(&folder), before);
}

#[test]
fn what_is_there_is_left_and_what_is_missing_is_added() {
    let folder = Place::new();
    seed(&folder, &[]);
    let changes = "UPDATE categories SET slug = 'called-otherwise' WHERE slug = 'lamps';
         UPDATE products SET stock = 123456, version = 9 WHERE sku IN (SELECT min(sku) FROM products);
         UPDATE orders SET note = 'said later' WHERE id IN (SELECT id FROM orders ORDER BY id LIMIT 1);
         DELETE FROM orders WHERE id IN (SELECT id FROM orders ORDER BY id DESC LIMIT 1);
         DELETE FROM products WHERE id IN
             (SELECT id FROM products WHERE id NOT IN (SELECT product_id FROM order_items) ORDER BY id DESC LIMIT 1);";
    folder.execute(changes);
    let (told, _) = seed(&folder, &[]);
    assert!(told.contains("Added 0 users, 0 categories, 1 products and 1 orders"), "{told}");
    assert_eq!(folder.count("orders WHERE note = 'said later'"), 1);
    assert_eq!(folder.count("products WHERE stock = 123456 AND version = 9"), 1);
    assert_eq!(folder.count("categories WHERE slug = 'called-otherwise'"), 1);
}

#[test]
fn a_bigger_shop_begins_with_the_smaller_one() {
    let (small, big) = (Place::new(), Place::new());
    seed(&small, &["--orders", "0"]);
    let output = program(&big)
        .args(["seed", "--users", "60", "--categories", "14", "--products", "500", "--orders", "0"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let (small, big) = (contents(&small), contents(&big));
    assert!(big.len() > small.len() && small.iter().all(|line| big.contains(line)));
}

#[test]
fn ledgers_add_up_and_searches_find_what_was_seeded() {
    let folder = Place::new();
    seed(&folder, &["--orders", "0"]);
    let wrong = "products WHERE stock <> \
         (SELECT coalesce(sum(delta), 0) FROM stock_adjustments WHERE product_id = products.id)";
    assert_eq!(folder.count(wrong), 0);
    assert!(folder.count("products WHERE stock = 0") > 0);
    let spades = folder.count("products WHERE lower(name) LIKE '%spade%'");
    assert!(spades > 0);
    // The index of a server is none that can be asked by itself.
    if folder.is_file() {
        assert_eq!(folder.count("products_search WHERE products_search MATCH 'spade'"), spades);
        assert_eq!(folder.count("users_search WHERE users_search MATCH '\"@example.com\"'"), 40);
    }
    assert_eq!(folder.count("users WHERE role <> 'user' OR email NOT LIKE '%@example.com'"), 0);
}

/// Products of which the stock is not what the ledger says less what orders hold that were not cancelled.
const UNEXPLAINED: &str = "products WHERE stock <> \
     (SELECT coalesce(sum(delta), 0) FROM stock_adjustments WHERE product_id = products.id) - \
     (SELECT coalesce(sum(quantity), 0) FROM order_items JOIN orders ON orders.id = order_items.order_id \
      WHERE product_id = products.id AND orders.status <> 'cancelled')";

#[test]
fn what_seeded_orders_hold_came_into_the_house_and_their_totals_and_histories_are_right() {
    let folder = Place::new();
    seed(&folder, &[]);
    assert_eq!(folder.count(UNEXPLAINED), 0);
    assert!(folder.count("stock_adjustments WHERE reason = 'delivery for orders'") > 100);
    let total = "(SELECT sum(quantity * unit_amount) FROM order_items WHERE order_id = orders.id)";
    assert_eq!(folder.count(&format!("orders WHERE total_amount IS DISTINCT FROM {total}")), 0);
    let (placed, last) = ("from_status IS NULL AND to_status = 'pending'", "to_status = orders.status");
    for line in [placed, last] {
        let lines = format!("SELECT count(*) FROM order_transitions WHERE order_id = orders.id AND {line}");
        assert_eq!(folder.count(&format!("orders WHERE ({lines}) <> 1")), 0, "{line}");
    }
    let steps = "('pending', 'paid'), ('paid', 'shipped'), ('shipped', 'delivered'), ('pending', 'cancelled'), \
         ('paid', 'cancelled'), ('paid', 'refunded'), ('delivered', 'refunded')";
    let strange = format!("from_status IS NOT NULL AND (from_status, to_status) NOT IN (VALUES {steps})");
    assert_eq!(folder.count(&format!("order_transitions WHERE {strange}")), 0);
    assert_eq!(folder.count("(SELECT DISTINCT status FROM orders) AS found"), 6);
    let until = if folder.is_file() { "1793534400000000" } else { "'2026-11-01T12:00:00Z'" };
    assert_eq!(folder.count(&format!("orders WHERE updated_at > {until} OR created_at > updated_at")), 0);
}

#[test]
fn more_orders_are_added_to_those_that_are_there() {
    let folder = Place::new();
    seed(&folder, &["--orders", "120"]);
    let before = contents(&folder);
    let (told, _) = seed(&folder, &["--orders", "500"]);
    assert!(told.contains("Added 0 users, 0 categories, 0 products and 380 orders"), "{told}");
    let after = contents(&folder);
    assert!(before.iter().all(|line| after.contains(line)));
    assert_eq!(folder.count(UNEXPLAINED), 0);
}

#[test]
fn orders_of_nobody_and_of_the_future_are_not_made_up() {
    let folder = Place::new();
    let sentence = refused(program(&folder).args(["seed", "--users", "0", "--orders", "1"]), 1);
    assert!(sentence.contains("ask for users and products"), "{sentence}");
    let sentence = refused(program(&folder).args(["seed", "--until", "2999-01-01T00:00:00Z"]), 1);
    assert!(sentence.contains("--until"), "{sentence}");
}

#[test]
fn production_takes_no_accounts_with_a_known_password() {
    let folder = Place::new();
    let settings = ["--profile", "production", "--public-url", "https://shop.example"];
    let sentence = refused(program(&folder).arg("seed").args(settings), 1);
    assert!(sentence.contains("--users 0"), "{sentence}");
    let output = program(&folder).args(["seed", "--users", "0"]).args(settings).output().unwrap();
    assert!(output.status.success() && !String::from_utf8_lossy(&output.stdout).contains("SeededShop"));
}

#[test]
fn a_folder_with_a_server_is_left_alone() {
    // A database on a server takes several programs, and nobody is refused.
    let folder = folder();
    let running = Running::start(&mut program(&folder));
    let sentence = refused(program(&folder).args(["seed"]), 1);
    assert!(sentence.contains("stop it first"), "{sentence}");
    let sentence = refused(program(&folder).args(["export", "products"]), 1);
    assert!(sentence.contains("stop it first"), "{sentence}");
    drop(running);
}
