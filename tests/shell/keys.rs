//! Signing keys: the next one takes over while the server runs, and nobody is refused for it.

use crate::accounts::{report, sign_in, told};
use crate::program::{Home, Place, Running, folder, program, refused};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

const PASSWORD: &str = "SecurePass123!";
/// Between two looks at what another process does.
const PAUSE: Duration = Duration::from_millis(20);
/// Looks that are worth a minute, which is longer than anything here takes.
const LOOKS: usize = 3_000;

fn serving(folder: &impl Home) -> Command {
    let mut command = program(folder);
    command.env("SHOPKEEPER_ADMIN_PASSWORD", PASSWORD).env("SHOPKEEPER_RATE_LIMITS", "off");
    command
}

/// The key that signed a token.
fn kid(tokens: &Value) -> String {
    let token = tokens["access_token"].as_str().unwrap();
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["kid"].as_str().unwrap().to_owned()
}

fn me(server: &Running, tokens: &Value) -> u16 {
    server.called("GET", "/api/v1/users/me", tokens["access_token"].as_str(), &Value::Null).0
}

fn refreshed(server: &Running, tokens: &Value) -> (u16, Value) {
    server.called("POST", "/api/v1/auth/refresh", None, &json!({ "refresh_token": tokens["refresh_token"] }))
}

fn published(server: &Running) -> Vec<String> {
    let (_, keys) = server.called("GET", "/.well-known/jwks.json", None, &Value::Null);
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..LOOKS {
        if holds() {
            return;
        }
        thread::sleep(PAUSE);
    }
    panic!("{what} does not happen");
}

/// What callers were answered, by the key of their token.
#[derive(Default)]
struct Answers {
    by_key: Mutex<BTreeMap<String, u64>>,
    refused: Mutex<Vec<String>>,
}

impl Answers {
    fn note(&self, tokens: &Value, status: u16) {
        *self.by_key.lock().unwrap().entry(kid(tokens)).or_default() += 1;
        if status != 200 {
            self.refused.lock().unwrap().push(format!("{status} for a token of {}", kid(tokens)));
        }
    }

    fn of(&self, kid: &str) -> u64 {
        self.by_key.lock().unwrap().get(kid).copied().unwrap_or_default()
    }
}

/// Calls with the first token, the last but one and the last, and gets ever new ones.
fn call_on_and_on(server: &Running, first: &Value, answers: &Answers, enough: &AtomicBool) {
    let mut last = first.clone();
    while !enough.load(Ordering::Relaxed) {
        let (status, next) = refreshed(server, &last);
        assert_eq!(status, 200, "{next}");
        for tokens in [first, &last, &next] {
            answers.note(tokens, me(server, tokens));
        }
        last = next;
    }
}

#[test]
fn nobody_is_refused_while_the_next_key_takes_over() {
    let folder = Place::new();
    let server = Running::start(&mut serving(&folder));
    // Another instance with the same keys, which has to know the new one before it signs.
    let beside =
        Running::start(serving(&folder).env("SHOPKEEPER_DATA_DIR", "beside").env("SHOPKEEPER_KEYS_DIR", "data/keys"));
    let sessions: Vec<Value> = (0..3).map(|_| sign_in(&server, "admin", PASSWORD).1).collect();
    let old = kid(&sessions[0]);
    let (answers, enough) = (Answers::default(), AtomicBool::new(false));
    thread::scope(|scope| {
        for tokens in &sessions {
            let (server, answers, enough) = (&server, &answers, &enough);
            scope.spawn(move || call_on_and_on(server, tokens, answers, enough));
        }
        wait_until("a call before the rotation", || answers.of(&old) > 20);
        let rotated = report(&folder, &["key", "rotate", "--lead", "3s"]);
        let new = rotated["kid"].as_str().unwrap().to_owned();
        assert_eq!(rotated["standing"], "waits");
        wait_until("the publishing", || published(&server).contains(&new) && published(&beside).contains(&new));
        assert_eq!(answers.of(&new), 0, "it signs before everybody knows it");
        wait_until("the taking over", || answers.of(&new) > 50);
        enough.store(true, Ordering::Relaxed);
        assert_ne!(old, new);
    });
    assert_eq!(*answers.refused.lock().unwrap(), Vec::<String>::new());
    assert_eq!(published(&server).len(), 2);
    server.stop();
    beside.stop();
}

#[test]
fn keys_are_listed_with_what_they_are_good_for() {
    let folder = folder();
    let sentence = refused(program(&folder).args(["key", "list"]), 1);
    assert!(sentence.contains("There are no keys") && !folder.path().join("data").exists(), "{sentence}");
    Running::start(&mut program(&folder)).stop();
    let listed = |folder: &TempDir| -> Vec<Value> {
        told(folder, &["key", "list", "--json"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let first = listed(&folder);
    assert_eq!((first.len(), &first[0]["standing"]), (1, &json!("signs")));
    let text = told(&folder, &["key", "rotate", "--lead", "1h"]);
    assert!(text.contains("verify until their last token has expired"), "{text}");
    let standings: Vec<Value> = listed(&folder).into_iter().map(|key| key["standing"].clone()).collect();
    assert_eq!(standings, ["waits", "signs"]);
    assert_eq!(told(&folder, &["key", "list"]).lines().count(), 2);
    assert_eq!(program(&folder).args(["key", "rotate", "--lead", "1s"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn a_stolen_key_is_refused_at_once_and_who_refreshes_goes_on() {
    let folder = Place::new();
    let server = Running::start(&mut serving(&folder));
    let (_, tokens) = sign_in(&server, "admin", PASSWORD);
    assert_eq!(me(&server, &tokens), 200);
    let only = report(&folder, &["key", "rotate", "--stolen"]);
    assert_eq!(only["standing"], "signs");
    wait_until("the server's notice", || published(&server) == [only["kid"].as_str().unwrap()]);
    let (status, next) = refreshed(&server, &tokens);
    assert_eq!((status, kid(&next)), (200, only["kid"].as_str().unwrap().to_owned()));
    assert_eq!(me(&server, &next), 200);
    server.stop();
    // What the first server had verified it may remember for a moment; the next one does not.
    let server = Running::start(&mut serving(&folder));
    assert_eq!((me(&server, &tokens), me(&server, &next)), (401, 200));
    server.stop();
}
