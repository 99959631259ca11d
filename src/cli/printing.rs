//! The commands that print what the program knows without a shop: settings, document, clients, completions.

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::Shell;

/// A step of `shopkeeper config`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Config {
    /// Print every setting as it is in effect, without the secrets
    #[command(after_help = "Examples:
  shopkeeper config show
  shopkeeper config show --listen 127.0.0.1:9000 --json")]
    Show(Form),
    /// Judge the settings and name every fault; the exit code is 1 if there is one
    ///
    /// Folders, keys and the database are not looked at.
    #[command(after_help = "Examples:
  shopkeeper config check
  shopkeeper config check --profile production --public-url https://shop.example")]
    Check(Form),
}

/// What needs neither a shop nor settings that stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Print {
    /// Print the OpenAPI document that this program serves
    #[command(after_help = "Examples:
  shopkeeper openapi > openapi.yaml
  shopkeeper openapi --json | head
  shopkeeper openapi --audience user > user.json    # only what customers can call; as JSON")]
    Openapi(OpenApi),
    /// Print the commands that generate a client
    ///
    /// These are the options with which the client of each language is tested.
    #[command(after_help = "Examples:
  shopkeeper client python
  shopkeeper client typescript | sh")]
    Client {
        /// The client's language
        #[arg(value_enum)]
        language: Language,
    },
    /// Print what lets a shell complete commands and options
    #[command(after_help = "Examples:
  shopkeeper completions bash > ~/.local/share/bash-completion/completions/shopkeeper
  shopkeeper completions zsh > _shopkeeper          # in a folder of $fpath")]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
}

/// Which part of the document is printed, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct OpenApi {
    /// Only the operations that these callers can use, and what those are made of. It is printed as JSON
    #[arg(long, value_enum)]
    pub audience: Option<Audience>,
    /// Print it as JSON
    #[arg(long)]
    pub json: bool,
}

/// Callers, as the document's limits tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Audience {
    /// Whoever has not signed in
    Anonymous,
    /// An ordinary account
    User,
    /// An account that reads others and handles orders
    Moderator,
    /// An account that may do everything
    Admin,
}

impl Audience {
    /// Its name in the document.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::User => "user",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
        }
    }
}

/// In which form something is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Form {
    /// Print it as JSON
    #[arg(long)]
    pub json: bool,
}

/// A language whose generated client is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Python,
    Typescript,
    Java,
    Go,
    Rust,
}

impl Language {
    /// Its name in `tests/clients/languages.json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Typescript => "typescript",
            Self::Java => "java",
            Self::Go => "go",
            Self::Rust => "rust",
        }
    }
}
