//! Bringing a shop back: checked before anything is touched, and nothing is ever lost by it.

use crate::accounts::{report, sign_in, told};
use crate::backup::damage;
use crate::program::{Running, folder, program, refused};
use rusqlite::Connection;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// A shop with the account `first`, its backup, and the account `second` that was made afterwards.
fn shop() -> TempDir {
    let folder = folder();
    told(&folder, &["user", "create", "first", "first@example.com", "--role", "admin"]);
    told(&folder, &["backup", "shop.backup"]);
    told(&folder, &["user", "create", "second", "second@example.com"]);
    folder
}

fn names(folder: &TempDir, data: &str) -> Vec<String> {
    let list = told(folder, &["user", "list", "--data-dir", data]);
    list.lines().map(|line| line.split_whitespace().nth(3).unwrap().to_owned()).collect()
}

fn copy_of(folder: &TempDir, name: &str) -> PathBuf {
    let copy = folder.path().join(name);
    fs::copy(folder.path().join("shop.backup"), &copy).unwrap();
    copy
}

#[test]
fn a_shop_that_is_there_is_put_aside_and_only_when_asked() {
    let folder = shop();
    let sentence = refused(program(&folder).args(["restore", "shop.backup"]), 1);
    assert!(sentence.contains("--force"), "{sentence}");
    assert_eq!(names(&folder, "data"), ["first", "second"]);
    let report = report(&folder, &["restore", "shop.backup", "--force"]);
    assert_eq!(names(&folder, "data"), ["first"]);
    // What was put aside is a shop itself.
    let aside = report["put_aside"].as_str().unwrap();
    assert_eq!(names(&folder, aside), ["first", "second"]);
    let left = Connection::open(folder.path().join("data/shopkeeper.db")).unwrap();
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'backup%'";
    assert_eq!(left.query_row(tables, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    assert!(
        !fs::read(folder.path().join("data/shopkeeper.db")).unwrap().windows(12).any(|bytes| bytes == b"backup_files")
    );
}

#[test]
fn a_running_server_keeps_its_shop() {
    let folder = shop();
    let server = Running::start(&mut program(&folder));
    for words in [["restore", "shop.backup"].as_slice(), &["restore", "shop.backup", "--force"]] {
        let sentence = refused(program(&folder).args(words), 1);
        assert!(sentence.contains("stop it first"), "{sentence}");
    }
    assert!(told(&folder, &["restore", "shop.backup", "--check"]).contains("is whole"));
    assert_eq!(sign_in(&server, "nobody", "whatever").0, 401);
    server.stop();
    assert_eq!(names(&folder, "data"), ["first", "second"]);
}

#[test]
fn a_database_that_somebody_serves_from_another_folder_is_not_taken_from_him() {
    let folder = shop();
    let place = ["--database-url", "sqlite:shop.db"];
    let server = Running::start(program(&folder).args(place).args(["--data-dir", "other"]));
    let words = ["restore", "shop.backup", "--force", "--data-dir", "third"];
    let sentence = refused(program(&folder).args(words).args(place), 1);
    assert!(sentence.contains("shop.db` open: stop it first"), "{sentence}");
    server.stop();
    told(&folder, &[words.as_slice(), &place].concat());
    assert!(folder.path().join("shop.db").exists() && folder.path().join("third/keys").exists());
}

#[test]
fn what_is_no_whole_backup_is_refused_and_nothing_is_touched() {
    let folder = shop();
    let damaged = copy_of(&folder, "damaged");
    damage(&damaged);
    let cut = copy_of(&folder, "cut");
    let bytes = fs::read(&cut).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    fs::write(
        folder.path().join("text"),
        "This is no database, but long enough to look like one to a hasty reader. ".repeat(100),
    )
    .unwrap();
    fs::copy(folder.path().join("data/shopkeeper.db"), folder.path().join("plain")).unwrap();
    let newer = Connection::open(copy_of(&folder, "newer")).unwrap();
    newer
        .execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_future', 0)", [])
        .unwrap();
    drop(newer);
    let empty = Connection::open(folder.path().join("empty")).unwrap();
    empty.execute_batch("CREATE TABLE lamps (id INTEGER)").unwrap();
    drop(empty);
    let cases = [
        ("damaged", ""),
        ("cut", ""),
        ("text", "database"),
        ("plain", "no backup"),
        ("newer", "newer"),
        ("empty", "no backup"),
        ("absent", "no file"),
    ];
    for (file, reason) in cases {
        for more in ["--check", "--force"] {
            let sentence = refused(program(&folder).args(["restore", file, more]), 1);
            assert!(sentence.contains(reason) && sentence.contains(file), "{file}: {sentence}");
        }
    }
    assert_eq!(names(&folder, "data"), ["first", "second"]);
    let left: Vec<_> =
        fs::read_dir(folder.path().join("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().contains("replaced") && !name.to_string_lossy().contains("part")),
        "{left:?}"
    );
}

#[test]
fn a_lost_folder_comes_back_whole() {
    let folder = shop();
    fs::remove_dir_all(folder.path().join("data")).unwrap();
    let text = told(&folder, &["restore", "shop.backup"]);
    assert!(text.contains("start it with") && !text.contains("before"), "{text}");
    let server = Running::start(&mut program(&folder));
    assert_eq!(server.screen.lines().count(), 2, "it is no new shop: {}", server.screen);
    server.stop();
    assert_eq!(names(&folder, "data"), ["first"]);
}
