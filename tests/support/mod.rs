//! The ground that all tests through HTTP stand on: a shop of one's own, callers, answers that check themselves.
//!
//! Each test opens a [`Shop`]: the whole server in this process, on a port and in a folder of its own, with a clock that only
//! the test moves. Nothing else is replaced. Whatever a caller hears passes [`promises::check`], so that every test is also a
//! test of the document, and is noted by [`seen::note`].
#![allow(dead_code, unused_imports, reason = "each test binary uses its part")]

pub mod answer;
pub mod call;
pub mod caller;
pub mod coding;
pub mod document;
pub mod doorman;
pub mod forge;
pub mod ground;
pub mod lines;
pub mod metrics;
pub mod promises;
pub mod raw;
pub mod schema;
pub mod seen;
pub mod shelf;
pub mod shop;

pub use answer::Answer;
pub use caller::{Caller, Credentials};
pub use lines::{Guest, Lines};
pub use shop::{Options, Shop};
