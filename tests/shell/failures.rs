//! What breaks in the house leaves one line with everything that helps to mend it, and nothing of it leaves the house.

use crate::program::{Running, folder, program};
use rusqlite::Connection;

#[test]
fn a_failure_is_told_once_with_its_type_its_causes_and_its_request() {
    let folder = folder();
    let running = Running::start(&mut program(&folder));
    let database = Connection::open(folder.path().join("data/shopkeeper.db")).unwrap();
    // Behind the shop's back: nothing that a caller could do.
    database.execute_batch("PRAGMA foreign_keys = off; DROP TABLE categories").unwrap();
    let answer = running.get("/api/v1/categories");
    assert!(answer.starts_with("HTTP/1.1 500") && answer.contains("\"internal_error\""), "{answer}");
    assert!(!answer.contains("categories.") && !answer.contains("table"), "{answer}");
    running.signal("-TERM");
    let (_, log) = running.ended();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let errors: Vec<_> = lines.iter().filter(|line| line["level"] == "ERROR").collect();
    let [error] = errors.as_slice() else { panic!("not one error:\n{log}") };
    assert_eq!((&error["event"], &error["operation"]), (&"request_failed".into(), &"listCategories".into()));
    let chain = error["error"].as_str().unwrap();
    assert!(chain.contains("no such table: categories"), "{chain}");
    assert_eq!(chain.matches("no such table").count(), 1, "{chain}");
    assert_eq!(error["error_type"], "Broken", "{error}");
    let request = lines.iter().find(|line| line["event"] == "request").unwrap();
    assert_eq!(request["request_id"], error["request_id"]);
}
