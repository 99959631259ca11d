//! The outermost room: sockets, HTTP's own rules, and what surrounds every request.
//!
//! [`listen`] accepts, `connection` watches over a connection, [`exchange`] surrounds a request with ids, gate, numbers
//! and its log line, and [`pages`] answers what the document does not describe.

mod again;
pub mod answers;
mod body;
mod coding;
mod connection;
mod crowd;
pub mod exchange;
mod gate;
mod head;
mod life;
pub mod listen;
pub mod metrics;
pub mod origin;
pub mod pages;
pub mod quota;
mod repeats;
pub mod request;
mod retired;
pub mod shutdown;
mod tick;
pub mod trace;
mod wire;

pub use body::Inbound;
pub use exchange::{Answer, Shell};
