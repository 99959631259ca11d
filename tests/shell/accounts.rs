//! `shopkeeper user` and `session`: accounts kept from the machine itself.

use crate::program::{Home, Place, Running, folder, program, refused};
use serde_json::{Value, json};
use std::fs;
use std::process::Output;

/// Runs a command that has to go well: what it printed.
pub fn told(folder: &impl Home, words: &[&str]) -> String {
    let Output { status, stdout, stderr } = program(folder).args(words).output().unwrap();
    assert!(status.success(), "{words:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

pub fn report(folder: &impl Home, words: &[&str]) -> Value {
    let text = told(folder, &[words, &["--json"]].concat());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A shop with the administrator `boss`.
fn shop() -> Place {
    let folder = Place::new();
    told(&folder, &["user", "create", "boss", "boss@example.com", "--role", "admin"]);
    folder
}

/// What the server answers to whoever signs in: the status and the body.
pub fn sign_in(server: &Running, name: &str, password: &str) -> (u16, Value) {
    server.called("POST", "/api/v1/auth/login", None, &json!({ "username": name, "password": password }))
}

fn refresh(server: &Running, tokens: &Value) -> u16 {
    server.called("POST", "/api/v1/auth/refresh", None, &json!({ "refresh_token": tokens["refresh_token"] })).0
}

#[test]
fn a_made_account_signs_in_with_the_password_that_was_shown() {
    let folder = shop();
    let made = report(&folder, &["user", "create", "ada", "Ada@Example.com", "--role", "moderator"]);
    assert_eq!((&made["email"], &made["role"]), (&json!("ada@example.com"), &json!("moderator")), "{made}");
    let text = told(&folder, &["user", "create", "bob", "bob@example.com"]);
    let shown = text.split_once("The password is ").and_then(|(_, rest)| rest.split_once(','));
    let server = Running::start(&mut program(&folder));
    assert_eq!(sign_in(&server, "ada", made["password"].as_str().unwrap()).0, 200);
    assert_eq!(sign_in(&server, "bob", shown.unwrap_or_else(|| panic!("{text}")).0).0, 200);
    server.stop();
    assert_eq!(folder.count("audit_events WHERE actor = 'system' AND action = 'user.created'"), 3);
}

#[test]
fn a_password_in_a_file_is_taken_and_not_shown() {
    let folder = shop();
    fs::write(folder.path().join("secret"), "SecurePass123\n").unwrap();
    let words = ["user", "create", "ada", "ada@example.com", "--password-file", "secret"];
    assert!(!told(&folder, &words).contains("SecurePass123"));
    let server = Running::start(&mut program(&folder));
    assert_eq!(sign_in(&server, "ada", "SecurePass123").0, 200);
    server.stop();
}

#[test]
fn an_account_that_breaks_rules_is_not_made_and_each_rule_is_told() {
    let folder = shop();
    fs::write(folder.path().join("secret"), "weak").unwrap();
    let wrong = ["user", "create", "x", "nowhere", "--password-file", "secret"];
    let sentence = refused(program(&folder).args(wrong), 1);
    for part in ["username must", "email must", "password must have at least", "password must contain a digit"] {
        assert!(sentence.contains(part), "{part} is missing from {sentence}");
    }
    let sentence = refused(program(&folder).args(["user", "create", "BOSS", "other@example.com"]), 1);
    assert!(sentence.contains("another account has this username"), "{sentence}");
    assert_eq!(folder.count("users"), 1);
}

#[test]
fn accounts_are_listed_by_age_and_by_what_is_asked_for() {
    let folder = shop();
    told(&folder, &["user", "create", "ada", "ada@example.com", "--role", "moderator"]);
    assert!(program(&folder).args(["seed", "--users", "230", "--products", "0"]).status().unwrap().success());
    let all = told(&folder, &["user", "list"]);
    assert_eq!(all.lines().count(), 232);
    let listed = |words: &[&str]| -> Vec<Value> {
        let text = told(&folder, &[&["user", "list", "--json"], words].concat());
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let names = |words: &[&str]| listed(words).iter().map(|user| user["username"].clone()).collect::<Vec<_>>();
    assert_eq!(names(&["--role", "moderator"]), ["ada"]);
    assert_eq!(names(&["--search", "boss@"]), ["boss"]);
    told(&folder, &["user", "suspend", "ada"]);
    assert_eq!(names(&["--status", "suspended", "--role", "moderator"]), ["ada"]);
    let made: Vec<_> = listed(&[]).iter().map(|user| user["created_at"].as_str().unwrap().to_owned()).collect();
    assert!(made.is_sorted(), "{made:?}");
}

#[test]
fn a_role_is_given_by_name_address_or_id_and_the_last_administrator_keeps_theirs() {
    let folder = shop();
    let ada = report(&folder, &["user", "create", "ada", "ada@example.com"]);
    for (name, role) in [("ADA", "moderator"), ("ada@example.com", "user"), (ada["id"].as_str().unwrap(), "admin")] {
        let now = report(&folder, &["user", "promote", name, role]);
        assert_eq!((&now["id"], &now["role"]), (&ada["id"], &json!(role)));
    }
    assert_eq!(folder.count("audit_events WHERE actor = 'system' AND action = 'user.updated'"), 3);
    assert_eq!(told(&folder, &["user", "promote", "boss", "user"]), "boss is active, with the role user.\n");
    for words in [["user", "promote", "ada", "user"].as_slice(), &["user", "suspend", "ada"]] {
        let sentence = refused(program(&folder).args(words), 1);
        assert!(sentence.contains("last administrator"), "{sentence}");
    }
}

#[test]
fn a_suspended_account_is_out_until_that_is_lifted() {
    let folder = shop();
    let password = report(&folder, &["user", "create", "ada", "ada@example.com"])["password"].clone();
    let password = password.as_str().unwrap();
    let server = Running::start(&mut program(&folder));
    let (_, tokens) = sign_in(&server, "ada", password);
    server.stop();
    assert_eq!(report(&folder, &["user", "suspend", "ada"])["status"], "suspended");
    let server = Running::start(&mut program(&folder));
    assert_eq!((sign_in(&server, "ada", password).0, refresh(&server, &tokens)), (403, 403));
    server.stop();
    assert_eq!(report(&folder, &["user", "suspend", "ada", "--lift"])["status"], "active");
    let server = Running::start(&mut program(&folder));
    assert_eq!((sign_in(&server, "ada", password).0, refresh(&server, &tokens)), (200, 401));
    server.stop();
}

#[test]
fn another_password_ends_the_sessions_and_the_old_one() {
    let folder = shop();
    let old = report(&folder, &["user", "reset-password", "boss"]);
    assert_eq!(old["sessions_ended"], 0);
    let server = Running::start(&mut program(&folder));
    let (_, tokens) = sign_in(&server, "boss", old["password"].as_str().unwrap());
    server.stop();
    let new = report(&folder, &["user", "reset-password", "boss"]);
    assert_eq!(new["sessions_ended"], 1, "{new}");
    let server = Running::start(&mut program(&folder));
    assert_eq!(refresh(&server, &tokens), 401);
    assert_eq!(sign_in(&server, "boss", old["password"].as_str().unwrap()).0, 401);
    assert_eq!(sign_in(&server, "boss", new["password"].as_str().unwrap()).0, 200);
    server.stop();
    let told = "audit_events WHERE actor = 'system' AND action = 'user.password_changed'";
    assert_eq!(folder.count(&format!("{told} AND CAST(changes AS text) LIKE '%masked%'")), 2);
}

#[test]
fn revoked_sessions_are_over_and_the_account_can_begin_new_ones() {
    let folder = shop();
    let password = report(&folder, &["user", "reset-password", "boss"])["password"].clone();
    let password = password.as_str().unwrap();
    let server = Running::start(&mut program(&folder));
    let sessions = [sign_in(&server, "boss", password).1, sign_in(&server, "boss", password).1];
    server.stop();
    assert_eq!(told(&folder, &["session", "revoke", "boss"]), "2 sessions of boss ended.\n");
    assert_eq!(report(&folder, &["session", "revoke", "boss"])["sessions_ended"], 0);
    assert_eq!(folder.count("audit_events WHERE actor = 'system' AND action = 'session.ended'"), 2);
    let server = Running::start(&mut program(&folder));
    assert_eq!(sessions.map(|tokens| refresh(&server, &tokens)), [401, 401]);
    assert_eq!(sign_in(&server, "boss", password).0, 200);
    server.stop();
}

#[test]
fn nobody_is_changed_where_there_is_no_account_no_shop_or_a_server() {
    let folder = folder();
    let sentence = refused(program(&folder).args(["user", "list"]), 1);
    assert!(sentence.contains("There is no shop"), "{sentence}");
    let server = Running::start(&mut program(&folder));
    for words in
        [["user", "list"].as_slice(), &["user", "create", "ada", "a@example.com"], &["session", "revoke", "admin"]]
    {
        let sentence = refused(program(&folder).args(words), 1);
        assert!(sentence.contains("stop it first"), "{sentence}");
        assert_eq!(
            sentence.contains("--server"),
            words[0] == "user",
            "only what an API does can be asked for: {sentence}"
        );
    }
    server.stop();
    for name in ["nobody", "nobody@example.com", "019a0000-0000-7000-8000-000000000000", ""] {
        let sentence = refused(program(&folder).args(["user", "suspend", name]), 1);
        assert!(sentence.contains("shopkeeper user list"), "{sentence}");
    }
}

#[test]
fn an_ordinary_account_called_admin_stops_the_first_start_with_the_mend() {
    let folder = Place::new();
    told(&folder, &["user", "create", "admin", "a@example.com"]);
    let sentence = refused(&mut program(&folder), 1);
    let (_, mend) = sentence.split_once('`').unwrap();
    let (mend, _) = mend.split_once('`').unwrap();
    told(&folder, &mend.split(' ').skip(1).collect::<Vec<_>>());
    Running::start(&mut program(&folder)).stop();
}
