//! How accounts and sessions behave, told through HTTP. One file per tag of the document, and some for what concerns all.
#![allow(clippy::disallowed_methods, reason = "tests look at the rooms from outside and need no injected time")]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod api_keys;
mod auth;
mod changes;
mod client;
mod conditions;
mod cursors;
mod limits;
mod lists;
mod oauth;
mod pages;
mod process;
mod security;
mod tokens;
mod users;
mod wire;
