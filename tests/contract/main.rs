//! The document as a list of promises: every operation of it, asked badly, normally and adversarially.
//!
//! Nothing here names operations one by one unless they are special: they are enumerated from the document, so that a new one
//! cannot slip by. What a valid request looks like is told in [`stage`].

#[path = "../support/mod.rs"]
mod support;

mod authentication;
mod away;
mod bodies;
mod caching;
mod conflicts;
mod document;
mod faults;
mod limits;
mod matrix;
mod methods;
mod negotiation;
mod ordering;
mod ownership;
mod parameters;
mod repeats;
mod scopes;
mod selections;
mod stage;
mod statuses;
mod workflow;
