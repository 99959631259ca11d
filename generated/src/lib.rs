//! Shopkeeper 1.0.0, generated from `openapi.yaml` by `scripts/generate`. Do not edit.
//!
//! - [`models`]: the schemas, with their rules
//! - [`params`], [`responses`], [`api`]: one parameter struct, one response enum, one trait method per operation
//! - [`operations`], [`policies`]: what the document says about each operation, and the policies declared once
//! - [`workflow`]: the states of things and the steps between them
//! - [`call`]: a request decoded, and answered by an implementation of the traits
//! - `client`: a typed client (feature `client`)
#![allow(clippy::pedantic, clippy::match_single_binding, reason = "generated: regularity counts more here than style")]

pub mod api;
pub mod call;
#[cfg(feature = "client")]
pub mod client;
pub mod models;
pub mod operations;
pub mod params;
pub mod policies;
pub mod responses;
pub mod workflow;

pub use operations::OPERATIONS;

/// The path under which all operations live.
pub const BASE_PATH: &str = "/api/v1";
/// The document's version.
pub const VERSION: &str = "1.0.0";
/// The document as it was written.
pub const DOCUMENT_YAML: &str = include_str!("../../openapi.yaml");
/// The document as JSON, with its workflows drawn where people read of them.
pub const DOCUMENT_JSON: &str = include_str!("openapi.json");
