//! Which server a command asks instead of opening the shop itself.

use clap::Args;

/// The variable with the key itself: no option, since others on a machine see the words of a command.
pub const API_KEY: &str = "SHOPKEEPER_API_KEY";

/// The variables that only the commands read which may ask a server.
pub(super) const VARIABLES: [&str; 3] = ["SHOPKEEPER_SERVER", API_KEY, "SHOPKEEPER_API_KEY_FILE"];

/// Which server is asked, and as whom; an empty value counts as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Server")]
pub struct Asked {
    /// Running server to ask instead of opening the shop, such as `https://shop.example`; one that is not on this machine has
    /// to prove who it is by TLS [default: none]
    #[arg(long, env = "SHOPKEEPER_SERVER", global = true, value_name = "URL")]
    pub server: Option<String>,

    /// File that holds an API key of that server's; `-` is standard input. The variable `SHOPKEEPER_API_KEY` holds the key
    /// itself [default: none]
    #[arg(long, env = "SHOPKEEPER_API_KEY_FILE", global = true, value_name = "FILE")]
    pub api_key_file: Option<String>,
}
