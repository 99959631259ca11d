//! Statements that take long are told of, by their text and without their values.

use crate::program::{folder, program};
use serde_json::Value;

/// The lines about slow statements that filling a shop leaves.
fn slow(setting: &str) -> Vec<Value> {
    let folder = folder();
    let mut command = program(&folder);
    command.env("SHOPKEEPER_SLOW_QUERY", setting).env("SHOPKEEPER_LOG_FORMAT", "json");
    // Rows are added by hundreds, which takes any machine more than a millisecond.
    let output = command.args(["seed", "--users", "20", "--products", "2000", "--orders", "50"]).output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{log}");
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["event"] == "slow_query").collect()
}

#[test]
fn a_slow_statement_is_told_without_its_values() {
    let told = slow("1ms");
    assert!(!told.is_empty());
    for line in &told {
        assert!(line["duration_us"].as_u64().unwrap() >= 1000 && line["level"] == "WARN", "{line}");
    }
    let insertions: Vec<_> =
        told.iter().filter_map(|line| line["sql"].as_str()).filter(|sql| sql.contains('?')).collect();
    assert!(insertions.iter().any(|sql| sql.starts_with("INSERT INTO")), "{told:?}");
    // Of every seeded user and product something is known that no statement may repeat.
    assert!(!format!("{told:?}").contains("@example.com") && !format!("{told:?}").contains("SeededShop2025"));
}

#[test]
fn nothing_is_told_when_it_is_off_or_nothing_is_slow() {
    for setting in ["off", "1h"] {
        assert_eq!(slow(setting), Vec::<Value>::new());
    }
}
