//! The runtime under the generated code: everything about an HTTP contract that does not depend on one document.
//!
//! The generated crate describes each operation as a row ([`Operation`]) and each type as rules ([`decode`]);
//! this crate routes, negotiates, decodes with every violation collected, judges credentials and writes problems.
//! It knows no resource and opens no socket.
#![doc = "\n"]

pub mod body;
#[cfg(feature = "client")]
pub mod client;
pub mod conditional;
pub mod decode;
pub mod fields;
pub mod ground;
pub mod idempotency;
pub mod media;
pub mod operation;
pub mod parameters;
pub mod problem;
pub mod reply;
pub mod route;
pub mod secret;
pub mod security;
pub mod select;
pub mod violations;
pub mod workflow;

pub use conditional::{EntityTag, IfMatch};
pub use decode::{Rule, decode_json};
pub use fields::Fields;
pub use ground::Ground;
pub use idempotency::IdempotencyKey;
pub use operation::{Cache, Limit, Operation, Owner, Tag};
pub use parameters::{Input, Pairs};
pub use problem::{Kind, Occurrence, Problem};
pub use reply::{Asked, Reply};
pub use route::{PathParams, Routed, Router};
pub use secret::Secret;
pub use security::{Alternative, Credential, Identity, Need, Principal, Scheme, SchemeKind};
pub use select::Shape;
pub use violations::{Location, Violation, Violations};
pub use workflow::Workflow;

pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
pub use regex::Regex;
pub use std::sync::LazyLock;
