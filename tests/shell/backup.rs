//! Backups: taken while customers order, and a shop again afterwards.

use crate::accounts::{report, sign_in, told};
use crate::program::{Running, folder, program, refused};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use tempfile::TempDir;

const PASSWORD: &str = "SecurePass123!";
/// Backups that are taken until somebody was served during one.
const TRIES: usize = 50;

pub fn serving(folder: &TempDir) -> Command {
    let mut command = program(folder);
    command.env("SHOPKEEPER_ADMIN_PASSWORD", PASSWORD).env("SHOPKEEPER_RATE_LIMITS", "off");
    command
}

/// Somebody who buys.
struct Customer<'s> {
    server: &'s Running,
    token: String,
}

impl<'s> Customer<'s> {
    fn of(server: &'s Running) -> Self {
        let (_, tokens) = sign_in(server, "admin", PASSWORD);
        Self { server, token: tokens["access_token"].as_str().unwrap().to_owned() }
    }

    fn made(&self, path: &str, body: &Value) -> Value {
        let (status, made) = self.server.called("POST", path, Some(&self.token), body);
        assert_eq!(status, 201, "{path}: {made}");
        made
    }

    /// Something of which there is plenty.
    fn product(&self) -> Value {
        let category = self.made("/api/v1/categories", &json!({ "name": "Plenty", "slug": "plenty" }));
        let price = json!({ "amount": 500, "currency": "EUR" });
        let product =
            json!({ "category_id": category["id"], "name": "Nail", "sku": "NAIL", "price": price, "stock": 1_000_000 });
        self.made("/api/v1/products", &product)["id"].clone()
    }

    fn order(&self, product: &Value) -> String {
        let items = json!({ "items": [{ "product_id": product, "quantity": 1 }] });
        self.made("/api/v1/orders", &items)["id"].as_str().unwrap().to_owned()
    }
}

fn is_there(server: &Running, token: &str, order: &str) -> bool {
    server.called("GET", &format!("/api/v1/orders/{order}"), Some(token), &Value::Null).0 == 200
}

/// Takes backups until orders were acknowledged during one; those that were before it began.
fn taken_while_writing(folder: &TempDir, acknowledged: &Mutex<Vec<String>>) -> Vec<String> {
    for _ in 0..TRIES {
        let before = acknowledged.lock().unwrap().clone();
        let report = report(folder, &["backup", "shop.backup", "--force"]);
        assert!(report["bytes"].as_u64() > Some(100_000), "{report}");
        let after = acknowledged.lock().unwrap().len();
        if !before.is_empty() && after > before.len() {
            return before;
        }
    }
    panic!("nobody was served during {TRIES} backups");
}

#[test]
fn what_was_acknowledged_before_a_backup_began_is_in_it_while_writing_goes_on() {
    let folder = folder();
    told(&folder, &["seed", "--users", "50", "--products", "400", "--orders", "1000"]);
    let server = Running::start(&mut serving(&folder));
    let customer = Customer::of(&server);
    let key = customer.made("/api/v1/users/me/api-keys", &json!({ "name": "Program", "scopes": ["orders:read"] }));
    let product = customer.product();
    let (acknowledged, enough) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let before = thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !enough.load(Ordering::Relaxed) {
                    let order = customer.order(&product);
                    acknowledged.lock().unwrap().push(order);
                }
            });
        }
        let before = taken_while_writing(&folder, &acknowledged);
        enough.store(true, Ordering::Relaxed);
        before
    });
    let token = customer.token.clone();
    server.stop();

    told(&folder, &["restore", "shop.backup", "--data-dir", "restored"]);
    let restored = Running::start(serving(&folder).env("SHOPKEEPER_DATA_DIR", "restored"));
    assert!(before.iter().all(|order| is_there(&restored, &token, order)), "an order is lost");
    // Without its secret the key would be none of ours.
    let basic = json!({ "grant_type": "client_credentials", "client_id": key["id"], "client_secret": key["secret"] });
    let words: Vec<String> =
        basic.as_object().unwrap().iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
    let answer = restored.post_form("/api/v1/oauth/token", &words.join("&"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    restored.stop();
}

#[test]
fn a_backup_is_one_file_for_its_owner_and_never_half_there() {
    let folder = folder();
    Running::start(&mut program(&folder)).stop();
    assert!(told(&folder, &["backup", "shop.backup"]).contains("checked"));
    let file = folder.path().join("shop.backup");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["data", "shop.backup"]);
    let sentence = refused(program(&folder).args(["backup", "shop.backup"]), 1);
    assert!(sentence.contains("--force"), "{sentence}");
    assert!(told(&folder, &["restore", "shop.backup", "--check"]).contains("is whole"));
    let kept = Connection::open(&file).unwrap();
    let files: i64 = kept.query_row("SELECT count(*) FROM backup_files", [], |row| row.get(0)).unwrap();
    assert_eq!(files, 2, "a signing key and the secret");
}

#[test]
fn what_cannot_be_a_shop_again_is_no_backup() {
    let folder = folder();
    let sentence = refused(program(&folder).args(["backup", "shop.backup"]), 1);
    assert!(sentence.contains("There is no shop"), "{sentence}");
    Running::start(&mut program(&folder)).stop();
    let sentence = refused(program(&folder).args(["backup", "nowhere/shop.backup"]), 1);
    assert!(sentence.contains("nowhere/shop.backup"), "{sentence}");
    fs::rename(folder.path().join("data/keys"), folder.path().join("keys")).unwrap();
    let sentence = refused(program(&folder).args(["backup", "shop.backup"]), 1);
    assert!(sentence.contains("there are no keys"), "{sentence}");
    fs::remove_dir(folder.path().join("data/keys")).unwrap_or_default();
    fs::rename(folder.path().join("keys"), folder.path().join("data/keys")).unwrap();
    damage(&folder.path().join("data/shopkeeper.db"));
    refused(program(&folder).args(["backup", "shop.backup"]), 1);
    assert!(!folder.path().join("shop.backup").exists() && !folder.path().join("shop.backup.part").exists());
}

#[test]
fn a_shop_over_postgres_is_left_to_its_own_tools() {
    let folder = folder();
    fs::write(folder.path().join("shop.backup"), "").unwrap();
    for words in [["backup", "shop.backup"], ["restore", "shop.backup"]] {
        let sentence =
            refused(program(&folder).args(words).args(["--database-url", "postgres://u:hunter2@127.0.0.1:1/shop"]), 1);
        assert!(
            sentence.contains("pg_dump") && sentence.contains("data/keys") && !sentence.contains("hunter2"),
            "{sentence}"
        );
    }
}

/// Overwrites every page but the first.
pub fn damage(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    bytes[4096..].fill(0xA5);
    fs::write(file, bytes).unwrap();
}
