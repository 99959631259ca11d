//! The commands over a database on a server, where they do something else than over a file.
//!
//! There is nothing to see of it on files, so these tests are ignored where nobody asks for them; `scripts/test` does. What
//! the commands do alike, the other tests ask on both.

use crate::accounts::{report, sign_in, told};
use crate::program::{Home, Place, Running, program, refused};
use serde_json::Value;

/// A shop on a server.
fn shop() -> Place {
    let folder = Place::new();
    assert!(!folder.is_file(), "SHOPKEEPER_TEST_DATABASE_URL names no server");
    folder
}

#[test]
#[ignore = "needs a PostgreSQL: scripts/test runs it"]
fn commands_work_beside_a_server_that_runs_and_it_sees_what_they_did() {
    let folder = shop();
    let server = Running::start(&mut program(&folder));
    let made = report(&folder, &["user", "create", "ada", "ada@example.com"]);
    let password = made["password"].as_str().unwrap();
    assert_eq!(sign_in(&server, "ada", password).0, 200);
    told(&folder, &["user", "suspend", "ada"]);
    assert_eq!(sign_in(&server, "ada", password).0, 403);
    server.stop();
}

#[test]
#[ignore = "needs a PostgreSQL: scripts/test runs it"]
fn two_programs_serve_one_database() {
    let folder = shop();
    let one = Running::start(&mut program(&folder));
    let other =
        Running::start(program(&folder).env("SHOPKEEPER_DATA_DIR", "beside").env("SHOPKEEPER_KEYS_DIR", "data/keys"));
    let made = report(&folder, &["user", "create", "ada", "ada@example.com"]);
    let (_, tokens) = sign_in(&one, "ada", made["password"].as_str().unwrap());
    let token = tokens["access_token"].as_str();
    assert_eq!(other.called("GET", "/api/v1/users/me", token, &Value::Null).0, 200);
    one.stop();
    other.stop();
}

#[test]
#[ignore = "needs a PostgreSQL: scripts/test runs it"]
fn the_schema_goes_up_and_down_by_hand() {
    let folder = shop();
    assert!(told(&folder, &["migrate", "status"]).contains("missing"));
    assert!(told(&folder, &["migrate", "up"]).contains("applied"));
    let steps = told(&folder, &["migrate", "status"]);
    assert!(!steps.contains("missing"), "{steps}");
    for _ in steps.lines() {
        told(&folder, &["migrate", "down"]);
    }
    assert!(!told(&folder, &["migrate", "status"]).contains("applied"));
    let left = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'seaql_migrations'";
    assert_eq!(folder.texts(&left.replacen("tablename", "CAST(tablename AS text)", 1)), Vec::<String>::new());
    assert!(told(&folder, &["migrate", "up"]).contains("applied"));
}

#[test]
#[ignore = "needs a PostgreSQL: scripts/test runs it"]
fn backups_are_left_to_the_server_which_is_told_with_the_mend() {
    let folder = shop();
    Running::start(&mut program(&folder)).stop();
    let sentence = refused(program(&folder).args(["backup", "shop.backup"]), 1);
    assert!(sentence.contains("pg_dump") && sentence.contains("keys"), "{sentence}");
    std::fs::write(folder.folder().join("shop.backup"), "").unwrap();
    let sentence = refused(program(&folder).args(["restore", "shop.backup"]), 1);
    assert!(sentence.contains("pg_restore"), "{sentence}");
    assert!(!folder.folder().join("data/shopkeeper.db").exists());
}

#[test]
#[ignore = "needs a PostgreSQL: scripts/test runs it"]
fn the_doctor_looks_at_the_server_and_tells_no_password() {
    let folder = shop();
    Running::start(&mut program(&folder)).stop();
    let output = program(&folder).args(["doctor", "--json"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let database = lines.iter().find(|line| line["check"] == "database").unwrap_or_else(|| panic!("{text}"));
    let url = folder.database_url().unwrap();
    let (account, place) = url.split_once("://").unwrap().1.split_once('@').unwrap();
    // A server for tests need not wait for the disk; the doctor says so then.
    let mend = database["mend"].as_str().unwrap_or("nothing");
    assert!(database["verdict"] == "ok" || mend.contains("fsync"), "{text}");
    assert!(database["found"].as_str().unwrap().contains(place), "{text}");
    assert!(!text.contains(account.split_once(':').unwrap().1), "{text}");
}
