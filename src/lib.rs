//! Shopkeeper, room by room. Arrows run one way:
//! `main → http → api → service → {store, infra} → domain`.

pub mod domain;
pub mod infra;
