//! The outermost room: sockets, HTTP's own rules, and what surrounds every request.
//!
//! [`listen`] accepts, `connection` watches over a connection, [`exchange`] surrounds a request with ids, gate, numbers
//! and its log line, [`request`] is the way of an operation, and [`pages`] answers what the document does not describe.
//! [`shortcuts`] spare all this to requests that come in the same bytes again.

mod again;
pub mod answers;
mod body;
mod borders;
mod coding;
pub mod collector;
mod connection;
pub mod cors;
mod crowd;
mod desk;
pub mod exchange;
pub mod exposition;
mod gate;
mod head;
mod life;
pub mod listen;
mod message;
pub mod metrics;
pub mod origin;
pub mod pages;
pub mod quota;
pub mod redirect;
mod repeats;
pub mod request;
mod retired;
pub mod shortcuts;
pub mod shutdown;
mod spans;
mod tick;
pub mod tls;
pub mod trace;
mod wire;

pub use body::Inbound;
pub use exchange::{Answer, Shell};
