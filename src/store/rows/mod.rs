//! The tables as `SeaORM` sees them, and the way from a row to what it stands for.
//!
//! A row that cannot be turned into its domain value was not written by this program: that is reported as broken, never
//! passed on.

pub mod api_key;
pub mod audit_event;
pub mod category;
pub mod idempotency_record;
pub mod order;
pub mod order_item;
pub mod order_transition;
pub mod outbox;
pub mod product;
pub mod refresh_token;
pub mod session;
pub mod stock_adjustment;
pub mod user;

use super::Error;
use crate::domain::time::{self, Timestamp};

pub(super) fn moment(micros: i64) -> Result<Timestamp, Error> {
    time::from_micros(micros).ok_or_else(|| Error::corrupt("moment"))
}

pub(super) fn moment_if_any(micros: Option<i64>) -> Result<Option<Timestamp>, Error> {
    micros.map(moment).transpose()
}

pub(super) fn digest(bytes: &[u8]) -> Result<[u8; 32], Error> {
    bytes.try_into().map_err(|_| Error::corrupt("digest"))
}
