//! `shopkeeper import` and `export`: products to files and back.

use crate::program::{Place, folder, program, refused};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::process::Output;

const HEADER: &str = "sku,name,category,price_amount,price_currency,stock,status,description";

/// Imports a file with this name and text: the report and whether the exit code was 0.
fn import(folder: &Place, name: &str, text: impl AsRef<[u8]>, more: &[&str]) -> (Value, bool) {
    fs::write(folder.path().join(name), text).unwrap();
    import_file(folder, name, more)
}

fn import_file(folder: &Place, name: &str, more: &[&str]) -> (Value, bool) {
    let command = ["import", "products", name, "--json"];
    let Output { status, stdout, stderr } = program(folder).args(command).args(more).output().unwrap();
    let report = serde_json::from_slice(&stdout);
    (report.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&stderr))), status.success())
}

fn export(folder: &Place, file: &str) -> String {
    let output = program(folder).args(["export", "products", file]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(folder.path().join(file)).unwrap()
}

fn seed(folder: &Place, products: &str) {
    let sizes = ["seed", "--users", "0", "--categories", "5", "--products", products];
    assert!(program(folder).args(sizes).status().unwrap().success());
}

/// Where and by which rule: `[row, place, code]`.
fn faults(report: &Value) -> Vec<(u64, &str, &str)> {
    let errors = report["errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| error["in"] == "row" && error["message"].is_string()), "{report}");
    errors
        .iter()
        .map(|error| {
            let place = error["name"].as_str().or(error["pointer"].as_str()).unwrap_or("-");
            (error["row"].as_u64().unwrap(), place, error["code"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn an_export_read_back_changes_nothing() {
    let folder = Place::new();
    seed(&folder, "250");
    let versions = || folder.texts("SELECT CAST(sum(version) AS text) FROM products");
    let before = versions();
    for file in ["all.csv", "all.jsonl"] {
        let exported = export(&folder, file);
        let (report, well) = import_file(&folder, file, &[]);
        assert!(well);
        assert_eq!((&report["rows"], &report["unchanged"]), (&json!(250), &json!(250)), "{report}");
        assert_eq!(export(&folder, file), exported);
    }
    assert_eq!(versions(), before, "none was touched");
}

#[test]
fn an_export_fills_another_shop_with_the_same_products() {
    let (one, other) = (Place::new(), Place::new());
    seed(&one, "250");
    let text = export(&one, "all.csv");
    let (report, well) = import(&other, "all.csv", &text, &["--create-categories"]);
    assert!(well, "{report}");
    assert_eq!((&report["created"], &report["categories_created"]), (&json!(250), &json!(5)));
    let sorted = |text: &str| {
        let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
        rows.sort();
        rows
    };
    assert_eq!(sorted(&export(&other, "again.csv")), sorted(&text));
    let unexplained = "products WHERE stock <> \
         (SELECT coalesce(sum(delta), 0) FROM stock_adjustments WHERE product_id = products.id)";
    assert_eq!(other.count(unexplained), 0);
    assert_eq!(other.count("stock_adjustments WHERE reason <> 'initial stock'"), 0);
}

#[test]
fn a_known_sku_is_changed_by_what_the_row_says_and_its_stock_by_the_ledger() {
    let folder = Place::new();
    let first = format!("{HEADER}\nAb-1,Spade,garden,1999,EUR,5,,<p>A spade</p>\n");
    assert!(import(&folder, "a.csv", first, &["--create-categories"]).1);
    let (report, well) = import(&folder, "b.csv", "sku,stock\nAB-1,3\n", &[]);
    assert!(well, "{report}");
    assert_eq!((&report["updated"], &report["created"]), (&json!(1), &json!(0)));
    let line = r#"{"sku":"Ab-1","price":{"amount":1500},"description":null}"#;
    assert_eq!(import(&folder, "c.jsonl", line, &[]).0["updated"], 1);
    assert_eq!(import(&folder, "c.jsonl", line, &[]).0["unchanged"], 1);
    assert_eq!(export(&folder, "d.csv"), format!("{HEADER}\nAb-1,Spade,garden,1500,EUR,3,active,\n"));
    assert_eq!(folder.texts("SELECT CAST(version AS text) FROM products"), ["3"]);
    assert_eq!(folder.count("stock_adjustments WHERE delta = -2 AND reason = 'correction' AND stock_after = 3"), 1);
    assert_eq!(folder.count("stock_adjustments"), 2);
}

#[test]
fn each_change_is_in_the_audit_trail_as_the_shops_own_act_and_is_told() {
    let folder = Place::new();
    let two = format!("{HEADER}\nAb-1,Spade,garden,1999,EUR,5,,\nAb-2,Rake,garden,999,EUR,5,,\n");
    assert!(import(&folder, "a.csv", two, &["--create-categories"]).1);
    assert!(import(&folder, "b.csv", "sku,stock\nAb-1,3\nAb-2,5\n", &[]).1);
    let done = |action: &str| folder.count(&format!("audit_events WHERE actor = 'system' AND action = '{action}'"));
    let actions = ["category.created", "product.created", "product.updated"];
    assert_eq!(actions.map(done), [1, 2, 1], "what changed nothing is no event");
    assert_eq!(folder.count("audit_events JOIN outbox ON event_id = id WHERE resource = 'product'"), 3);
    let changes = "SELECT CAST(changes AS text) FROM audit_events WHERE action = 'product.updated'";
    let changes = folder.texts(changes).concat();
    assert!(changes.contains("stock") && !changes.contains("name"), "{changes}");
    assert!(import(&folder, "c.csv", "sku,stock\nAb-1,9\n", &["--dry-run"]).1);
    assert_eq!(done("product.updated"), 1);
}

#[test]
fn every_problem_is_told_in_the_shape_of_the_apis_and_nothing_is_applied() {
    let folder = Place::new();
    let rows = format!(
        "{HEADER}\n\
         A-1,Spade,garden,100,EUR,1,active,\n\
         A-2,,Garden,x,eur,-1,sold,\n\
         a-1,Again,garden,100,EUR,1,active,\n\
         -,No SKU,garden,100,EUR,1,active,\n\
         A-3,Unknown,nowhere,100,EUR,1,active,\n\
         A-4,Short,garden\n"
    );
    let categories = r#"{"sku":"G","name":"x","category":"garden","price":{"amount":1,"currency":"EUR"}}"#;
    assert!(import(&folder, "g.jsonl", categories, &["--create-categories"]).1);
    let (report, well) = import(&folder, "a.csv", &rows, &[]);
    assert!(!well);
    let mut found = faults(&report);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            (3, "category", "pattern"),
            (3, "name", "required"),
            (3, "price_amount", "type"),
            (3, "price_currency", "pattern"),
            (3, "status", "enum"),
            (3, "stock", "minimum"),
            (4, "sku", "repeated"),
            (5, "sku", "pattern"),
            (6, "category", "unknown"),
            (7, "-", "cells"),
        ]
    );
    assert_eq!((&report["applied"], &report["problems"]), (&json!(false), &json!(10)));
    assert_eq!(folder.count("products"), 1);
    // Those that stand, when asked for.
    let (report, well) = import(&folder, "a.csv", &rows, &["--keep-going"]);
    assert!(!well, "problems are told by the exit code all the same");
    assert_eq!((&report["applied"], &report["created"]), (&json!(true), &json!(1)));
    assert_eq!(folder.count("products"), 2);
}

#[test]
fn lines_of_json_are_judged_by_pointers() {
    let folder = Place::new();
    let lines = concat!(
        r#"{"sku":"A","name":"x","category":"c","price":{"amount":-1,"currency":"EUR"},"colour":"red"}"#,
        "\n\nnonsense\n",
        r#"{"sku":"B","name":"x","category":"c","price":5}"#,
        "\n",
        r#"{"name":"x"}"#,
    );
    let (report, well) = import(&folder, "a.jsonl", lines, &["--create-categories"]);
    assert!(!well);
    let mut found = faults(&report);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            (1, "/colour", "unknown"),
            (1, "/price/amount", "minimum"),
            (3, "", "invalid_json"),
            (4, "/price", "type"),
            (5, "/sku", "required"),
        ]
    );
    assert_eq!(folder.count("categories"), 0, "not even the categories");
}

#[test]
fn a_dry_run_tells_everything_and_changes_nothing() {
    let folder = Place::new();
    let rows = format!("{HEADER}\nA-1,Spade,garden,100,EUR,1,active,\n");
    for _ in 0..2 {
        let (report, well) = import(&folder, "a.csv", &rows, &["--dry-run", "--create-categories"]);
        assert!(well);
        assert_eq!((&report["created"], &report["applied"]), (&json!(1), &json!(false)));
    }
    assert_eq!((folder.count("products"), folder.count("categories")), (0, 0));
}

#[test]
fn a_repeated_sku_is_found_however_far_apart_the_rows_are() {
    let folder = Place::new();
    let mut rows = format!("{HEADER}\n");
    for number in 0..1_200 {
        let _ = writeln!(rows, "S-{number},Thing {number},things,100,EUR,1,active,");
    }
    rows.push_str("s-0,Again,things,100,EUR,1,active,\n");
    let (report, _) = import(&folder, "a.csv", rows, &["--create-categories"]);
    assert_eq!(faults(&report), [(1202, "sku", "repeated")]);
    assert!(report["errors"][0]["message"].as_str().unwrap().contains("row 2"), "{report}");
}

#[test]
fn problems_beyond_a_thousand_are_counted() {
    let folder = Place::new();
    let rows = format!("sku\n{}", "!\n".repeat(1_500));
    let (report, _) = import(&folder, "a.csv", &rows, &[]);
    assert_eq!((report["errors"].as_array().unwrap().len(), &report["problems"]), (1_000, &json!(1_500)));
    let output = program(&folder).args(["import", "products", "a.csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaints = String::from_utf8(output.stderr).unwrap();
    assert!(complaints.contains("row 2 sku: ") && complaints.contains("and 500 more"), "{complaints}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("1500 rows, 1500 problems: nothing was changed"));
}

#[test]
fn descriptions_are_cleaned_as_the_api_does() {
    let folder = Place::new();
    let row = r#"{"sku":"A","name":" x  y ","category":"c","price":{"amount":1,"currency":"EUR"},"description":"<p onclick=z>a<script>b</script></p>"}"#;
    assert!(import(&folder, "a.jsonl", row, &["--create-categories"]).1);
    let exported: Value = serde_json::from_str(&export(&folder, "b.jsonl")).unwrap();
    assert_eq!((&exported["description"], &exported["name"]), (&json!("<p>a</p>"), &json!("x y")));
    assert_eq!(import(&folder, "a.jsonl", row, &[]).0["unchanged"], 1);
}

#[test]
fn what_cannot_be_read_or_written_is_one_sentence() {
    // A database on a server is made where there is none.
    let folder = folder();
    let sentence = refused(program(&folder).args(["export", "products"]), 1);
    assert!(sentence.contains("There is no shop"), "{sentence}");
    assert!(!folder.path().join("data/shopkeeper.db").exists());
    let sentence = refused(program(&folder).args(["import", "products", "none.csv"]), 1);
    assert!(sentence.contains("`none.csv` cannot be read"), "{sentence}");
    fs::write(folder.path().join("rows.txt"), "").unwrap();
    let sentence = refused(program(&folder).args(["import", "products", "rows.txt"]), 1);
    assert!(sentence.contains("--format"), "{sentence}");
}
