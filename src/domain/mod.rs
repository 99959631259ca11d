//! The rules of the shop without any input or output: what a value may be, and what may happen to it.
//!
//! Nothing here knows HTTP, SQL, a clock or a key. A value that exists is valid: constructors refuse the rest with a
//! [`flaw::Flaw`], which says what is wrong in words that may be shown to the caller.

pub mod access;
pub mod api_key;
pub mod audit;
pub mod category;
pub mod description;
pub mod flaw;
pub mod money;
pub mod order;
pub mod overview;
pub mod page;
pub mod password;
pub mod product;
pub mod search;
pub mod session;
pub mod stock;
mod text;
pub mod time;
pub mod user;
