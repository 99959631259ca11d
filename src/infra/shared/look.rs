//! A look at the server by which instances share, for whoever wants to know whether it does what they need.

use std::time::Duration;

use redis::{AsyncConnectionConfig, InfoDict, RedisError, Script};
use tokio::sync::mpsc;

use super::{BadAddress, client};
use crate::infra::clock::Clock;

/// What instances do with it, as far as that leaves nothing behind: `KEYS` is a limit, `ARGV` a channel that nobody hears.
const SCRIPT: &str = r"
redis.call('TIME')
redis.call('GET', KEYS[1])
return redis.call('PUBLISH', ARGV[1], '')
";

/// A server that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Valkey or Redis.
    pub name: &'static str,
    pub version: String,
    /// Whether it repeats what another one is told, and takes no writes itself.
    pub is_copy: bool,
    /// How long a question and its answer take.
    pub latency: Duration,
}

/// Why a server is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Useless {
    /// No server has such an address.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// Nobody answers there, or lets this account in.
    #[error("Valkey does not answer ({0})")]
    Silent(RedisError),
    /// It refuses what instances need.
    #[error("Valkey refuses what instances do ({0})")]
    Refused(RedisError),
}

/// Looks at the server at `url`. What is there is left as it is.
///
/// # Errors
/// When it cannot be used. Waiting is bounded by whoever asks.
pub async fn at(url: &str) -> Result<Server, Useless> {
    let client = client(url)?;
    // Kept to the end, so that what is heard can be handed over.
    let (push, _pushes) = mpsc::unbounded_channel();
    let config = AsyncConnectionConfig::new().set_push_sender(push);
    let connected = client.get_multiplexed_async_connection_with_config(&config).await;
    let mut connection = connected.map_err(Useless::Silent)?;
    let clock = Clock::system();
    let () = redis::cmd("PING").query_async(&mut connection).await.map_err(Useless::Silent)?;
    let latency = clock.elapsed();
    // Instances do not need it, so an account may well be refused it.
    let info: Option<InfoDict> = redis::cmd("INFO").query_async(&mut connection).await.ok();
    let word = |name: &str| info.as_ref()?.get::<String>(name);
    let is_copy = word("role").is_some_and(|role| role == "slave");
    let (name, version) = match word("valkey_version") {
        Some(version) => ("Valkey", version),
        None => ("Redis", word("redis_version").unwrap_or_else(|| "of an unknown version".to_owned())),
    };
    let (limit, channel) = ("{shopkeeper:doctor}:limit", "{shopkeeper:doctor}:news");
    connection.subscribe(&[channel]).await.map_err(Useless::Refused)?;
    connection.unsubscribe(&[channel]).await.map_err(Useless::Refused)?;
    let script = Script::new(SCRIPT);
    let () = script.key(limit).arg(channel).invoke_async(&mut connection).await.map_err(Useless::Refused)?;
    Ok(Server { name, version, is_copy, latency })
}
