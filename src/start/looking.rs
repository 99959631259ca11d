//! Looking at the servers that keep a shop, without opening it.

use super::Fault;
use super::opening::{location, replica, unreachable};
use crate::settings::Settings;
use crate::store::inspect::History;
use crate::store::look::{self, Lag, Server};
use crate::store::{self, Address, Location};

/// The `PostgreSQL` that keeps the shop.
///
/// # Errors
/// When its address is none, or the shop is kept in a file.
pub fn database(settings: &Settings) -> Result<Address, Fault> {
    match location(settings)? {
        Location::Postgres(address, ..) => Ok(address),
        Location::Sqlite(_) => Err(Fault("The database is a file.".to_owned())),
    }
}

/// What a server says of itself.
///
/// # Errors
/// When it does not answer, or lets nobody in.
pub async fn server(address: &Address) -> Result<Server, Fault> {
    look::at(address).await.map_err(|error| away(address, "DATABASE_URL", &error))
}

/// Which migrations its database has been through.
///
/// # Errors
/// As [`server`].
pub async fn history(address: &Address) -> Result<History, Fault> {
    look::history(address).await.map_err(|error| away(address, "DATABASE_URL", &error))
}

/// The copy that readers of the catalogue are sent to, if there is one.
///
/// # Errors
/// When its address is none.
pub fn copy(settings: &Settings) -> Result<Option<Address>, Fault> {
    replica(settings)
}

/// What a copy says of itself, and how far it is behind if it is one.
///
/// # Errors
/// When it does not answer, or its original does not.
pub async fn copy_of(original: &Address, copy: &Address) -> Result<(Server, Lag), Fault> {
    let server = look::at(copy).await.map_err(|error| away(copy, "DATABASE_REPLICA_URL", &error))?;
    if !server.is_copy {
        return Ok((server, Lag::None));
    }
    let lag = look::lag(original, copy).await.map_err(|error| away(original, "DATABASE_URL", &error))?;
    Ok((server, lag))
}

fn away(address: &Address, setting: &str, error: &store::Error) -> Fault {
    Fault(format!("{address} {}.", unreachable(setting, error)))
}
