//! The commands that print what the program knows without a shop: settings, document, clients, completions.

use crate::program::{folder, program, refused};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// What a command printed, whether it went well, and what it complained of.
fn ran(command: &mut Command) -> (String, bool, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (String::from_utf8(stdout).unwrap(), status.success(), String::from_utf8(stderr).unwrap())
}

/// What a command printed that has to go well, even where settings do not stand.
fn printed(folder: &TempDir, words: &[&str]) -> String {
    let (text, well, complaints) = ran(program(folder).args(words).env("SHOPKEEPER_LISTEN", "nowhere"));
    assert!(well && complaints.is_empty(), "{complaints}");
    assert!(!folder.path().join("data").exists(), "a shop was opened");
    text
}

#[test]
fn the_document_is_printed_as_it_is_served() {
    let folder = folder();
    assert_eq!(printed(&folder, &["openapi"]).trim_end(), generated::DOCUMENT_YAML.trim_end());
    let json: Value = serde_json::from_str(&printed(&folder, &["openapi", "--json"])).unwrap();
    assert_eq!(json, serde_json::from_str::<Value>(generated::DOCUMENT_JSON).unwrap());
}

#[test]
fn the_document_is_printed_for_those_who_call() {
    let folder = folder();
    let paths = |audience: &str| -> Value {
        let text = printed(&folder, &["openapi", "--audience", audience]);
        serde_json::from_str::<Value>(&text).unwrap()["paths"].clone()
    };
    let (customer, admin) = (paths("user"), paths("admin"));
    assert!(customer["/orders"]["post"].is_object() && customer["/products"]["post"].is_null());
    assert!(customer["/admin/overview"].is_null() && admin["/admin/overview"]["get"].is_object());
}

#[test]
fn clients_are_generated_by_the_commands_of_the_documentation() {
    let folder = folder();
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/clients.md")).unwrap();
    let documented = page.lines().filter(|line| line.starts_with("openapi-generator-cli "));
    let languages = ["python", "typescript", "java", "go", "rust"];
    let told = languages.map(|language| printed(&folder, &["client", language]));
    let told: Vec<&str> = told.iter().map(|text| text.lines().last().unwrap()).collect();
    assert_eq!(told, documented.collect::<Vec<_>>());
}

#[test]
fn completions_know_every_command_and_are_read_by_the_shell() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&folder, &["completions", shell]);
        for word in ["reset-password", "openapi", "data-dir"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
    let mut reader = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    let script = printed(&folder, &["completions", "bash"]);
    reader.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(reader.wait().unwrap().success());
}

#[test]
fn effective_settings_are_shown_as_variables_and_without_secrets() {
    let folder = folder();
    let mut command = program(&folder);
    command.args(["config", "show", "--order-expiry", "2h"]).env("SHOPKEEPER_ADMIN_PASSWORD", "hunter2hunter2");
    let (text, well, complaints) = ran(&mut command);
    assert!(well && complaints.is_empty(), "{complaints}");
    for line in ["SHOPKEEPER_ORDER_EXPIRY=7200s", "SHOPKEEPER_ADMIN_PASSWORD=[redacted]", "# SHOPKEEPER_PUBLIC_URL="] {
        assert!(text.lines().any(|shown| shown == line), "{line} is missing from\n{text}");
    }
    let (json, _, _) = ran(command.arg("--json"));
    let list: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(list.len(), text.lines().count());
    assert!(!format!("{text}{json}").contains("hunter2"));
    assert!(!folder.path().join("data").exists());
}

#[test]
fn every_fault_of_the_settings_is_named_at_once() {
    let folder = folder();
    let (text, well, complaints) = ran(program(&folder).args(["config", "check"]));
    assert!(well && complaints.is_empty() && text == "The settings stand.\n", "{text}{complaints}");
    let wrong = |words: &[&str]| {
        let mut command = program(&folder);
        command.args(words).env("SHOPKEEPER_LISTN", "x").env("SHOPKEEPER_CACHE", "maybe").args(["--log", "loud"]);
        command
    };
    let (text, _, complaints) = ran(&mut wrong(&["config", "check"]));
    assert_eq!((text.as_str(), complaints.lines().count()), ("", 3), "{complaints}");
    let named = ["SHOPKEEPER_LISTN", "SHOPKEEPER_CACHE", "SHOPKEEPER_LOG"];
    assert!(named.iter().all(|name| complaints.contains(name)), "{complaints}");
    let output = wrong(&["config", "check", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((report["valid"].as_bool(), report["faults"].as_array().map(Vec::len)), (Some(false), Some(3)));
    let output = wrong(&["serve"]).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).lines().count()), (Some(2), 3));
}

#[test]
fn what_production_refuses_is_judged_too() {
    let folder = folder();
    let sentence = refused(program(&folder).args(["config", "show", "--profile", "production"]), 2);
    assert!(sentence.contains("SHOPKEEPER_PUBLIC_URL"), "{sentence}");
    let (_, well, complaints) = ran(program(&folder).args(["config", "check", "--profile", "production"]));
    assert!(!well && complaints.contains("SHOPKEEPER_PUBLIC_URL"), "{complaints}");
}
