//! How the shop behaves, told through HTTP. One file per tag of the document, and some for what concerns all.
#![allow(clippy::disallowed_methods, reason = "tests look at the rooms from outside and need no injected time")]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod again;
mod api_keys;
mod audiences;
mod auth;
mod categories;
mod changes;
mod client;
mod compression;
mod conditions;
mod credentials;
mod cursors;
mod descriptions;
mod encrypted;
mod instances;
mod kept;
mod limits;
mod lines;
mod links;
mod lists;
mod model;
mod numbers;
mod oauth;
mod orders;
mod pages;
mod patience;
mod process;
mod products;
mod search;
mod security;
mod selection;
mod statements;
mod stock;
mod tokens;
mod users;
mod walks;
mod wire;
mod writers;
