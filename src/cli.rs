//! The command line: what may be written after `shopkeeper`, and its help.
//!
//! Every setting is an option here and a variable of the environment; the option wins. Values arrive as text and are
//! judged by [`crate::settings`], which words its refusals for both.

mod accounts;
mod asked;
mod care;
mod given;
mod goods;
mod keys;
mod printing;

pub use accounts::{AccountRole, AccountStatus, CreateUser, ListUsers, Promote, ResetPassword, Revoke, Suspend};
pub use accounts::{Session, User};
pub use asked::{API_KEY, Asked};
pub use care::{Backup, Doctor, Restore};
pub use given::Given;
pub use goods::{Export, ExportProducts, FileFormat, Import, ImportProducts, Seed};
pub use keys::{Key, ListKeys, Rotate};
pub use printing::{Audience, Config, Form, Language, OpenApi, Print};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// A commerce backend in one binary, served from its OpenAPI document.
#[derive(Debug, Parser)]
#[command(name = "shopkeeper", version, max_term_width = 110)]
#[command(after_help = "Examples:
  shopkeeper                                        # serves from ./data on 127.0.0.1:8080
  shopkeeper --demo                                 # the same with some goods, customers and orders to look at
  shopkeeper --data-dir /var/lib/shopkeeper --listen 127.0.0.1:9000
  shopkeeper user --help                            # each command has examples of its own
Every command takes every setting; their help shows only where the shop is.")]
pub struct Cli {
    #[command(flatten)]
    pub given: Given,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Subcommand)]
pub enum Command {
    /// Serve the API until told to stop; the default
    #[default]
    #[command(after_help = "Examples:
  shopkeeper serve
  shopkeeper serve --listen 127.0.0.1:9000 --log warn,request=info
  shopkeeper serve --profile production --public-url https://shop.example")]
    Serve,
    /// Look at or change the version of the database's tables
    #[command(after_help = "Examples:
  shopkeeper migrate status
  shopkeeper migrate up")]
    Migrate {
        #[command(subcommand)]
        step: MigrateStep,
    },
    /// Fill the shop with made-up users, categories, products and orders
    ///
    /// The same seed makes the same data, ids included; only when orders were placed depends on --until. What is there already
    /// is left, so that seeding again adds only what is missing. All seeded users have the password `SeededShop2025`, none of
    /// them more rights than anybody, and addresses at example.com. The server must not run meanwhile.
    #[command(after_help = "Examples:
  shopkeeper seed
  shopkeeper seed --users 10000 --products 1000 --orders 50000 --seed 7
  shopkeeper seed --until 2026-11-01T12:00:00Z    # the same data, whenever it is made")]
    Seed(Seed),
    /// Read rows of a file into the shop
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Write what the shop holds into a file
    Export {
        #[command(flatten)]
        asked: Asked,
        #[command(subcommand)]
        what: Export,
    },
    /// Make and change accounts: of the shop on this machine, without signing in, or of a running server, by its API
    User {
        #[command(flatten)]
        asked: Asked,
        #[command(subcommand)]
        what: User,
    },
    /// End sessions
    Session {
        #[command(flatten)]
        asked: Asked,
        #[command(subcommand)]
        what: Session,
    },
    /// Look at the keys that sign access tokens, or have the next one take over
    Key {
        #[command(subcommand)]
        what: Key,
    },
    /// Write database and keys into one file, while the server runs or not
    ///
    /// The file holds the shop as of one moment; who writes meanwhile waits for nothing. It is checked before it gets its
    /// name. Whoever can read it can sign in as anybody: it is as secret as the data folder.
    #[command(after_help = "Examples:
  shopkeeper backup shop.backup
  shopkeeper backup /backups/shop.backup --json
  shopkeeper backup shop.backup --force             # replaces the one of yesterday")]
    Backup(Backup),
    /// Bring back database and keys from a backup
    ///
    /// The backup is checked first. Where there is a shop already nothing is done without --force, which puts that aside into
    /// a folder `replaced-…` beside. The server must not run meanwhile.
    #[command(after_help = "Examples:
  shopkeeper restore shop.backup --check
  shopkeeper restore shop.backup --data-dir restored
  shopkeeper restore shop.backup --force")]
    Restore(Restore),
    /// See whether everything is as the server needs it: settings, disk, clock, certificate, keys, database, other servers
    ///
    /// Each finding is one line: ok, warn or fail, with what mends it. The exit code is 1 if one fails. Nothing is changed, and
    /// the server may run meanwhile. Other servers (PostgreSQL, Valkey, the collector of traces) are waited for two seconds each.
    #[command(after_help = "Examples:
  shopkeeper doctor
  shopkeeper doctor --profile production --public-url https://shop.example
  shopkeeper doctor --json | jq 'select(.verdict != \"ok\")'")]
    Doctor(Doctor),
    /// Look at the settings that are in effect, or judge them
    Config {
        #[command(subcommand)]
        what: Config,
    },
    #[command(flatten)]
    Print(Print),
}

/// A step of `shopkeeper migrate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum MigrateStep {
    /// Apply every migration that is missing
    Up,
    /// Take back the last migration; what only it holds is lost
    Down,
    /// List the migrations and whether each is applied
    Status,
}

/// What the help of every command that takes it shows: where the shop is.
const PLACES: [&str; 5] = ["data_dir", "keys_dir", "database_url", "server", "api_key_file"];

impl Cli {
    /// Reads the command line; a wrong one, and a question for help, ends the process.
    #[must_use]
    pub fn read() -> Self {
        Self::from_arg_matches(&command().get_matches()).unwrap_or_else(|error| error.exit())
    }
}

/// The command line with help that can be overlooked: every command takes every setting, but shows the few that it is about.
#[must_use]
pub fn command() -> clap::Command {
    let mut whole = Cli::command();
    // Settings reach the commands by this.
    whole.build();
    whole.mut_subcommands(|command| if command.get_name() == "serve" { command } else { without_settings(command) })
}

fn without_settings(command: clap::Command) -> clap::Command {
    let is_setting = |argument: &clap::Arg| argument.get_env().is_some();
    command
        .mut_args(|argument| {
            let hidden = is_setting(&argument) && !PLACES.contains(&argument.get_id().as_str());
            if hidden { argument.hide(true) } else { argument }
        })
        .mut_subcommands(without_settings)
}

/// The variables of the environment that are settings.
#[must_use]
pub fn variables() -> Vec<String> {
    let command = Cli::command();
    command.get_arguments().filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned())).collect()
}

/// All variables of the environment that the program reads: the settings, and what only some commands look at.
#[must_use]
pub fn known_variables() -> Vec<String> {
    variables().into_iter().chain(asked::VARIABLES.map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    /// The command lines that the help of a command shows, as words.
    fn examples(command: &clap::Command) -> Vec<Vec<String>> {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let lines = help.lines().filter_map(|line| Some((line, line.find("shopkeeper")?)));
        let lines = lines.map(|(line, start)| line[start..].split(['#', '|', '>']).next().unwrap_or_default());
        lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
    }

    fn check_examples(command: &clap::Command) {
        let mut parts = command.get_subcommands().peekable();
        let shown = examples(command);
        assert!(!shown.is_empty() || parts.peek().is_some(), "{} has no example", command.get_name());
        for words in shown {
            let read = Cli::try_parse_from(&words).map(|_| ());
            let asks_for_help = |error: &clap::Error| error.kind() == clap::error::ErrorKind::DisplayHelp;
            assert!(read.as_ref().err().is_none_or(asks_for_help), "{words:?}: {read:?}");
        }
        // What is shown once for all parts need not be shown for each.
        if examples(command).is_empty() || command.get_name() == "shopkeeper" {
            parts.for_each(check_examples);
        }
    }

    #[test]
    fn every_command_shows_examples_that_can_be_pasted() {
        check_examples(&Cli::command());
    }

    #[test]
    fn every_command_takes_every_setting_and_shows_those_that_it_is_about() {
        let help = |words: &[&str]| command().try_get_matches_from(words).unwrap_err().to_string();
        let backup = help(&["shopkeeper", "backup", "--help"]);
        assert!(
            backup.contains("--data-dir") && backup.contains("Examples:") && !backup.contains("--cache"),
            "{backup}"
        );
        let rotate = help(&["shopkeeper", "key", "rotate", "--help"]);
        assert!(rotate.contains("--keys-dir") && rotate.contains("--lead") && !rotate.contains("--cache"), "{rotate}");
        for words in [["shopkeeper", "serve", "--help"].as_slice(), &["shopkeeper", "--help"]] {
            assert!(help(words).contains("--cache-size"));
        }
        let given = command().try_get_matches_from(["shopkeeper", "key", "list", "--cache", "off"]);
        assert_eq!(Cli::from_arg_matches(&given.unwrap()).unwrap().given.cache.as_deref(), Some("off"));
    }

    #[test]
    fn a_bare_start_serves() {
        let cli = Cli::try_parse_from(["shopkeeper"]).unwrap();
        assert_eq!(cli.command.unwrap_or_default(), Command::Serve);
    }

    #[test]
    fn settings_may_stand_before_and_after_the_command() {
        for words in
            [["shopkeeper", "--listen", "1.2.3.4:5", "serve"], ["shopkeeper", "serve", "--listen", "1.2.3.4:5"]]
        {
            assert_eq!(Cli::try_parse_from(words).unwrap().given.listen.as_deref(), Some("1.2.3.4:5"));
        }
    }

    #[test]
    fn every_option_is_also_a_variable_of_the_same_name() {
        let command = Cli::command();
        for argument in
            command.get_arguments().filter(|argument| !matches!(argument.get_id().as_str(), "help" | "version"))
        {
            let wanted = format!("SHOPKEEPER_{}", argument.get_id().as_str().to_uppercase());
            assert_eq!(argument.get_env().and_then(|name| name.to_str()), Some(wanted.as_str()));
        }
    }
}
