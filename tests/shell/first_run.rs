//! The first minutes: what a person sees, pastes and tries, and what stands in the way.

use crate::accounts::sign_in;
use crate::program::{Place, Running, folder, program, refused};
use rusqlite::Connection;
use serde_json::Value;
use std::process::Command;

fn count(server: &Running, path: &str, token: Option<&str>) -> usize {
    let (status, body) = server.called("GET", path, token, &Value::Null);
    assert_eq!(status, 200, "{body}");
    body["data"].as_array().unwrap().len()
}

#[test]
fn the_call_on_the_first_screen_works_as_it_is() {
    let folder = folder();
    let server = Running::start(&mut program(&folder));
    assert!(server.screen.lines().count() <= 20, "{}", server.screen);
    let start = server.screen.find("TOKEN=").unwrap();
    let call = server.screen[start..].split("\n\n").next().unwrap();
    let pasted = Command::new("bash").args(["-euo", "pipefail", "-c", call]).output().unwrap();
    let account: Value = serde_json::from_slice(&pasted.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&pasted.stderr)));
    assert_eq!((&account["username"], &account["role"]), (&"admin".into(), &"admin".into()));
    for needed in ["/docs", "username admin, password ", "--demo", folder.path().file_name().unwrap().to_str().unwrap()]
    {
        assert!(server.screen.contains(needed), "{needed} is missing from\n{}", server.screen);
    }
    server.stop();
}

#[test]
fn starting_again_is_quiet() {
    let folder = Place::new();
    Running::start(&mut program(&folder)).stop();
    for _ in 0..2 {
        let server = Running::start(&mut program(&folder));
        assert_eq!(server.screen.lines().count(), 2, "{}", server.screen);
        assert!(server.screen.contains("/docs") && !server.screen.contains("password"), "{}", server.screen);
        server.signal("-TERM");
        let (code, log) = server.ended();
        let serious = log.lines().filter(|line| !line.contains("\"level\":\"INFO\"")).collect::<Vec<_>>();
        assert_eq!((code, serious), (Some(0), Vec::<&str>::new()));
        assert!(log.lines().count() <= 3, "{log}");
    }
}

#[test]
fn a_demo_has_something_to_look_at_and_the_docs_know_whom_to_sign_in_as() {
    let folder = Place::new();
    let server = Running::start(program(&folder).arg("--demo"));
    let page = server.get("/docs");
    let known =
        |name: &str| page.split(&format!("data-{name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (name, password) = (known("username"), known("password"));
    assert!(server.screen.contains(&format!("sign in as {name}, password {password}")), "{}", server.screen);
    let (status, tokens) = sign_in(&server, &name, &password);
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(tokens["scope"].as_str().map(|scope| scope.contains("admin")), Some(false));
    assert_eq!(count(&server, "/api/v1/products?limit=100", None), 60);
    server.stop();
    let server = Running::start(program(&folder).arg("--demo"));
    assert_eq!(server.screen.lines().count(), 2, "{}", server.screen);
    assert_eq!(count(&server, "/api/v1/products?limit=100", None), 60);
    server.stop();
    let server = Running::start(&mut program(&folder));
    assert!(!server.get("/docs").contains("data-password"));
    server.stop();
}

#[test]
fn production_has_no_demo() {
    let folder = folder();
    let production = ["--demo", "--profile", "production", "--public-url", "https://shop.example"];
    let sentence = refused(program(&folder).args(production), 2);
    assert!(sentence.contains("SHOPKEEPER_DEMO"), "{sentence}");
    assert!(!folder.path().join("data").exists());
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let folder = folder();
    Running::start(&mut program(&folder)).stop();
    let database = Connection::open(folder.path().join("data/shopkeeper.db")).unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_future', 0)";
    database.execute(newer, []).unwrap();
    drop(database);
    for words in [["serve"].as_slice(), &["migrate", "up"], &["user", "list"]] {
        let sentence = refused(program(&folder).args(words), 1);
        assert!(sentence.contains("newer Shopkeeper") && sentence.contains("restore a backup"), "{sentence}");
    }
}

#[test]
fn what_is_in_the_way_is_told_in_one_sentence() {
    let folder = folder();
    let cases = [
        (["--data-dir", "/proc/shop"], 1, "SHOPKEEPER_DATA_DIR"),
        (["--keys-dir", "/proc/keys"], 1, "SHOPKEEPER_KEYS_DIR"),
        (["--database-url", "sqlite:/nowhere/shop.db"], 1, "SHOPKEEPER_DATABASE_URL"),
        (["--database-url", "mysql://localhost/shop"], 2, "SHOPKEEPER_DATABASE_URL"),
        (
            ["--database-url", "postgres://keeper:hunter2@127.0.0.1:1/shop"],
            1,
            "127.0.0.1:1/shop, or its replica, cannot be",
        ),
        (["--database-url", "postgres://127.0.0.1:1"], 1, "postgres://user:password@host:5432/database"),
        (["--public-url", "shop.example"], 2, "https://shop.example"),
        (["--listen", "192.0.2.1:80"], 1, "SHOPKEEPER_LISTEN"),
    ];
    for (words, code, mend) in cases {
        let sentence = refused(program(&folder).args(words), code);
        assert!(sentence.contains(mend), "{sentence}");
    }
}
