//! Shopkeeper, room by room. Arrows run one way:
//! `main → http → api → service → {store, infra} → domain`.

pub mod api;
mod chores;
pub mod cli;
pub mod domain;
pub mod http;
pub mod infra;
pub mod screen;
pub mod service;
pub mod settings;
pub mod start;
pub mod store;
pub mod telemetry;
