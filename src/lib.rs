//! Shopkeeper, room by room. Arrows run one way:
//! `main → http → api → service → {store, infra} → domain`; `seed` and `transfer` stand beside `api`, and are called by `main`.

pub mod api;
mod chores;
pub mod cli;
pub mod commands;
pub mod domain;
pub mod http;
pub mod infra;
mod numbers;
pub mod program;
pub mod progress;
pub mod screen;
pub mod seed;
pub mod service;
pub mod settings;
pub mod start;
pub mod store;
pub mod telemetry;
pub mod transfer;
