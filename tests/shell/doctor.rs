//! The doctor: one line for each check, the mend in it, and an exit code that scripts can go by.

use crate::backup::damage;
use crate::program::{Running, folder, program};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use tempfile::TempDir;

/// Verdicts and what was said, by the check; and the exit code.
pub fn findings(command: &mut Command) -> (BTreeMap<String, (String, String)>, Option<i32>) {
    let output = command.args(["doctor", "--json"]).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let word = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let found = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).map(|line| {
        let said = format!("{}: {}", word(&line, "found"), word(&line, "mend"));
        (word(&line, "check"), (word(&line, "verdict"), said))
    });
    (found.collect(), output.status.code())
}

/// The one check that is not well, as the doctor says it.
pub fn complaint(command: &mut Command, check: &str, verdict: &str) -> String {
    let (found, code) = findings(command);
    assert_eq!(code, Some(i32::from(verdict == "fail")), "{found:?}");
    let (judged, said) = &found[check];
    assert_eq!(judged, verdict, "{check}: {said}");
    said.clone()
}

/// The folder of a shop that was started once.
pub fn shop() -> TempDir {
    let folder = folder();
    Running::start(&mut program(&folder)).stop();
    folder
}

fn chmod(folder: &TempDir, path: &str, mode: u32) {
    fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_healthy_shop_is_well_before_during_and_after_its_first_run() {
    let folder = folder();
    let well = || {
        let (found, code) = findings(&mut program(&folder));
        assert_eq!(code, Some(0), "{found:?}");
        // What the machine itself grants is not ours to say.
        let ill: Vec<_> = found
            .iter()
            .filter(|(name, (verdict, _))| *name != "environment" && *name != "disk" && verdict != "ok")
            .collect();
        assert!(ill.is_empty() && found.len() == 14, "{found:?}");
        found
    };
    well();
    assert!(!folder.path().join("data").exists(), "it changes nothing");
    let server = Running::start(&mut program(&folder));
    well();
    let address = server.address.to_string();
    let (found, _) = findings(program(&folder).args(["--listen", &address]));
    assert!(found["listen"].1.contains("the server runs"), "{found:?}");
    server.stop();
    let found = well();
    assert!(found["migrations"].1.contains("all "), "{found:?}");
    let text = program(&folder).arg("doctor").output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert_eq!(text.lines().count(), found.len(), "{text}");
}

#[test]
fn what_stops_a_start_fails_and_says_what_mends_it() {
    let folder = shop();
    chmod(&folder, "data/keys/secret.key", 0o644);
    assert!(complaint(&mut program(&folder), "keys", "fail").contains("chmod go-rwx"));
    chmod(&folder, "data/keys/secret.key", 0o600);
    let database = Connection::open(folder.path().join("data/shopkeeper.db")).unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_future', 0)";
    database.execute(newer, []).unwrap();
    assert!(complaint(&mut program(&folder), "migrations", "fail").contains("newer Shopkeeper"));
    database.execute("DELETE FROM seaql_migrations WHERE version LIKE 'm2099%'", []).unwrap();
    drop(database);
    fs::rename(folder.path().join("data/keys"), folder.path().join("keys")).unwrap();
    assert!(complaint(&mut program(&folder), "keys", "fail").contains("restore a backup"));
    fs::rename(folder.path().join("keys"), folder.path().join("data/keys")).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert!(complaint(program(&folder).args(["--listen", &address]), "listen", "fail").contains("another port"));
    assert!(
        complaint(program(&folder).args(["--data-dir", "file/data"]), "data folder", "fail")
            .contains("SHOPKEEPER_DATA_DIR")
    );
    assert!(
        complaint(program(&folder).args(["--profile", "production"]), "settings", "fail")
            .contains("SHOPKEEPER_PUBLIC_URL")
    );
    damage(&folder.path().join("data/shopkeeper.db"));
    assert!(complaint(&mut program(&folder), "database", "fail").contains("shopkeeper restore"));
}

#[test]
fn what_will_go_wrong_one_day_is_a_warning() {
    let folder = shop();
    chmod(&folder, "data", 0o755);
    assert!(complaint(&mut program(&folder), "data folder", "warn").contains("chmod 700"));
    chmod(&folder, "data", 0o700);
    let few = ["--max-connections", "100"];
    assert!(complaint(program(&folder).args(few), "contradictions", "warn").contains("SHOPKEEPER_MAX_CONNECTIONS"));
    let open = ["--public-url", "https://shop.example"];
    assert!(complaint(program(&folder).args(open), "contradictions", "warn").contains("SHOPKEEPER_PROFILE=production"));
}

#[test]
fn a_database_server_that_does_not_answer_fails() {
    let folder = shop();
    let nobody = ["--database-url", "postgres://u:hunter2@127.0.0.1:1/shop"];
    let said = complaint(program(&folder).args(nobody), "database", "fail");
    assert!(said.contains("127.0.0.1:1/shop") && said.contains("SHOPKEEPER_DATABASE_URL"), "{said}");
    assert!(!said.contains("hunter2"));
}

#[test]
fn a_clock_that_was_set_back_is_noticed() {
    let folder = shop();
    let later = std::time::UNIX_EPOCH + std::time::Duration::from_secs(4_000_000_000);
    let database = fs::File::options().write(true).open(folder.path().join("data/shopkeeper.db")).unwrap();
    database.set_modified(later).unwrap();
    assert!(complaint(&mut program(&folder), "clock", "fail").contains("NTP"));
}
