//! Shopkeeper: a commerce backend in one binary, served from its OpenAPI document.

pub mod cli;
pub mod http;
pub mod infra;
pub mod screen;
pub mod settings;
pub mod start;
pub mod telemetry;
