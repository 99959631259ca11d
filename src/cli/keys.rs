//! `shopkeeper key`: what may be written after it.

use crate::settings;
use clap::{Args, Subcommand};
use std::time::Duration;

/// Least time for which a new key waits. A server looks for new keys every second.
const LEAST_LEAD: Duration = Duration::from_secs(3);
/// Most time for which a new key waits.
const MOST_LEAD: Duration = Duration::from_hours(24);

/// A step of `shopkeeper key`.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Key {
    /// Make a new signing key, which takes over after --lead; no token is refused for it
    ///
    /// Running servers notice the key by themselves and publish it. Keys that it follows verify until the last token they
    /// signed has expired, and are removed then.
    #[command(after_help = "Examples:
  shopkeeper key rotate
  shopkeeper key rotate --lead 1h --json
  shopkeeper key rotate --stolen                   # ends all access tokens that there are")]
    Rotate(Rotate),
    /// List the signing keys, the newest first
    ///
    /// Each line has the key's name in tokens (`kid`), the moment from which it signs, and what it is good for now; with
    /// --json it is an object.
    #[command(after_help = "Examples:
  shopkeeper key list
  shopkeeper key list --json | jq -r 'select(.standing == \"signs\").kid'")]
    List(ListKeys),
}

/// How the next key takes over.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Rotate {
    /// How long everybody gets to know the key before it signs, such as `10m`; whoever keeps `/.well-known/jwks.json` does so
    /// for five minutes
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = lead)]
    pub lead: Duration,
    /// A key is in wrong hands: sign with the new one at once and remove all others. Whoever is signed in has to refresh
    #[arg(long, conflicts_with = "lead")]
    pub stolen: bool,
    /// Tell what happened as JSON
    #[arg(long)]
    pub json: bool,
}

/// How keys are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct ListKeys {
    /// A JSON object on each line
    #[arg(long)]
    pub json: bool,
}

fn lead(text: &str) -> Result<Duration, String> {
    settings::duration(text)
        .filter(|lead| (LEAST_LEAD..=MOST_LEAD).contains(lead))
        .ok_or_else(|| "write a time from 3s to 24h, such as 10m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infra::tokens::LOOK_EVERY;

    #[test]
    fn a_key_is_known_to_every_server_before_it_signs() {
        assert!(LEAST_LEAD > 2 * LOOK_EVERY);
        assert!(lead("2s").is_err() && lead("25h").is_err() && lead("soon").is_err());
        assert_eq!(lead("3s"), Ok(LEAST_LEAD));
    }
}
