//! Shopkeeper, room by room. See the README for the map.

pub mod domain;
pub mod infra;
pub mod service;
pub mod store;
