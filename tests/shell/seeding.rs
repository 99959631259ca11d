//! `shopkeeper seed`: made-up shops that are the same every time.

use crate::program::{Running, folder, program, refused};
use rusqlite::Connection;
use std::process::Output;
use tempfile::TempDir;

const SIZES: [&str; 6] = ["--users", "40", "--categories", "14", "--products", "300"];

/// Seeds a folder: what standard output and standard error were told.
fn seed(folder: &TempDir, more: &[&str]) -> (String, String) {
    let Output { status, stdout, stderr } = program(folder).arg("seed").args(SIZES).args(more).output().unwrap();
    let (told, progress) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{progress}");
    (told, progress)
}

fn database(folder: &TempDir) -> Connection {
    Connection::open(folder.path().join("data/shopkeeper.db")).unwrap()
}

/// Everything that was made up, as text, but for the salt of the passwords.
fn contents(folder: &TempDir) -> Vec<String> {
    let database = database(folder);
    let mut lines = Vec::new();
    for (table, columns) in [
        ("users", "hex(id), email, username, full_name, role, status, version, created_at, updated_at"),
        ("categories", "hex(id), name, slug, description, version, created_at, updated_at"),
        (
            "products",
            "hex(id), hex(category_id), name, sku, description, price_amount, price_currency, stock, status, version, \
             created_at, updated_at",
        ),
        ("stock_adjustments", "hex(id), hex(product_id), delta, reason, stock_after, actor_id, created_at"),
    ] {
        let mut query = database.prepare(&format!("SELECT {columns} FROM {table} ORDER BY id")).unwrap();
        let width = query.column_count();
        let rows = query.query_map([], |row| {
            let cells = (0..width).map(|place| Ok(format!("{:?}", row.get_ref(place)?)));
            Ok(format!("{table} {}", cells.collect::<rusqlite::Result<Vec<_>>>()?.join(" | ")))
        });
        lines.extend(rows.unwrap().map(Result::unwrap));
    }
    lines
}

fn count(folder: &TempDir, of: &str) -> i64 {
    database(folder).query_row(&format!("SELECT count(*) FROM {of}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn the_same_seed_makes_the_same_shop_and_another_seed_another() {
    let (one, same, other) = (folder(), folder(), folder());
    seed(&one, &["--seed", "7"]);
    seed(&same, &["--seed", "7"]);
    seed(&other, &["--seed", "8"]);
    assert_eq!(contents(&one), contents(&same));
    let (one, other) = (contents(&one), contents(&other));
    assert!(one.iter().all(|line| !other.contains(line)));
}

#[test]
fn seeding_again_changes_nothing_and_says_so() {
    let folder = folder();
    let (told, progress) = seed(&folder, &[]);
    assert!(told.contains("Added 40 users, 14 categories and 300 products"), "{told}");
    assert!(told.contains("SeededShop2025"), "{told}");
    assert!(progress.lines().any(|line| line == "products: 300 of 300"), "{progress}");
    let before = contents(&folder);
    let (told, _) = seed(&folder, &[]);
    assert!(told.starts_with("Everything was there already"), "{told}");
    assert_eq!(contents(&folder), before);
}

#[test]
fn what_is_there_is_left_and_what_is_missing_is_added() {
    let folder = folder();
    seed(&folder, &[]);
    let changes = "UPDATE categories SET slug = 'called-otherwise' WHERE slug = 'lamps';
         UPDATE products SET stock = 123456, version = 9 WHERE sku IN (SELECT min(sku) FROM products);
         DELETE FROM products WHERE sku IN (SELECT max(sku) FROM products);";
    database(&folder).execute_batch(&format!("PRAGMA foreign_keys = ON; {changes}")).unwrap();
    let (told, _) = seed(&folder, &[]);
    assert!(told.contains("Added 0 users, 0 categories and 1 products"), "{told}");
    assert_eq!(count(&folder, "products WHERE stock = 123456 AND version = 9"), 1);
    assert_eq!(count(&folder, "categories WHERE slug = 'called-otherwise'"), 1);
}

#[test]
fn a_bigger_shop_begins_with_the_smaller_one() {
    let (small, big) = (folder(), folder());
    seed(&small, &[]);
    let output =
        program(&big).args(["seed", "--users", "60", "--categories", "14", "--products", "500"]).output().unwrap();
    assert!(output.status.success());
    let (small, big) = (contents(&small), contents(&big));
    assert!(big.len() > small.len() && small.iter().all(|line| big.contains(line)));
}

#[test]
fn ledgers_add_up_and_searches_find_what_was_seeded() {
    let folder = folder();
    seed(&folder, &[]);
    let wrong = "products WHERE stock <> \
         (SELECT coalesce(sum(delta), 0) FROM stock_adjustments WHERE product_id = products.id)";
    assert_eq!(count(&folder, wrong), 0);
    assert!(count(&folder, "products WHERE stock = 0") > 0);
    assert_eq!(
        count(&folder, "products_search WHERE products_search MATCH 'spade'"),
        count(&folder, "products WHERE name LIKE '%spade%'")
    );
    assert!(count(&folder, "products WHERE name LIKE '%spade%'") > 0);
    assert_eq!(count(&folder, "users_search WHERE users_search MATCH '\"@example.com\"'"), 40);
    assert_eq!(count(&folder, "users WHERE role <> 'user' OR email NOT LIKE '%@example.com'"), 0);
}

#[test]
fn production_takes_no_accounts_with_a_known_password() {
    let folder = folder();
    let settings = ["--profile", "production", "--public-url", "https://shop.example"];
    let sentence = refused(program(&folder).arg("seed").args(settings), 1);
    assert!(sentence.contains("--users 0"), "{sentence}");
    let output = program(&folder).args(["seed", "--users", "0"]).args(settings).output().unwrap();
    assert!(output.status.success() && !String::from_utf8_lossy(&output.stdout).contains("SeededShop"));
}

#[test]
fn a_folder_with_a_server_is_left_alone() {
    let folder = folder();
    let running = Running::start(&mut program(&folder));
    let sentence = refused(program(&folder).args(["seed"]), 1);
    assert!(sentence.contains("stop it first"), "{sentence}");
    let sentence = refused(program(&folder).args(["export", "products"]), 1);
    assert!(sentence.contains("stop it first"), "{sentence}");
    drop(running);
}
