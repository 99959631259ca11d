//! The command line: what may be written after `shopkeeper`, and its help.
//!
//! Every setting is an option here and a variable of the environment; the option wins. Values arrive as text and are
//! judged by [`crate::settings`], which words its refusals for both.

mod accounts;
mod asked;
mod care;
mod goods;
mod keys;
mod printing;

pub use accounts::{AccountRole, AccountStatus, CreateUser, ListUsers, Promote, ResetPassword, Revoke, Suspend};
pub use accounts::{Session, User};
pub use asked::{API_KEY, Asked};
pub use care::{Backup, Doctor, Restore};
pub use goods::{Export, ExportProducts, FileFormat, Import, ImportProducts, Seed};
pub use keys::{Key, ListKeys, Rotate};
pub use printing::{Audience, Config, Form, Language, OpenApi, Print};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

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
    /// See whether everything is as the server needs it: settings, disk, clock, keys, database
    ///
    /// Each finding is one line: ok, warn or fail, with what mends it. The exit code is 1 if one fails. Nothing is changed, and
    /// the server may run meanwhile.
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

/// The settings as they were given, not yet judged; an empty value counts as absent.
// Doc comments are the help; the full stop is left out as clap's own lines do.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Settings")]
pub struct Given {
    /// `development`, or `production`, which refuses unsafe settings [default: development]
    #[arg(long, env = "SHOPKEEPER_PROFILE", global = true, value_name = "PROFILE")]
    pub profile: Option<String>,

    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "SHOPKEEPER_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,

    /// File with the certificate and its chain, in PEM: with it and its key the server speaks TLS itself. SIGHUP reads both
    /// files again [default: none]
    #[arg(long, env = "SHOPKEEPER_TLS_CERT", global = true, value_name = "FILE")]
    pub tls_cert: Option<String>,

    /// File with the certificate's key, in PEM [default: none]
    #[arg(long, env = "SHOPKEEPER_TLS_KEY", global = true, value_name = "FILE")]
    pub tls_key: Option<String>,

    /// Address and port where plain HTTP is sent to https, such as `0.0.0.0:80`; needs a certificate [default: none]
    #[arg(long, env = "SHOPKEEPER_REDIRECT_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    pub redirect_listen: Option<String>,

    /// Address and port of /metrics, /healthz and /readyz alone; then /metrics is nowhere else [default: none]
    #[arg(long, env = "SHOPKEEPER_METRICS_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<String>,

    /// Scheme and host under which callers reach this server, such as `https://shop.example`
    /// [default: what each request names]
    #[arg(long, env = "SHOPKEEPER_PUBLIC_URL", global = true, value_name = "URL")]
    pub public_url: Option<String>,

    /// Networks of the proxies whose `X-Forwarded-*` headers are believed, such as `10.0.0.0/8,::1` [default: none]
    #[arg(long, env = "SHOPKEEPER_TRUSTED_PROXIES", global = true, value_name = "NETWORKS")]
    pub trusted_proxies: Option<String>,

    /// Origins whose pages may call from a browser, such as `https://app.example,http://localhost:5173`, or `*` for all
    /// [default: none]
    #[arg(long, env = "SHOPKEEPER_CORS_ORIGINS", global = true, value_name = "ORIGINS")]
    pub cors_origins: Option<String>,

    /// Folder of the database and the keys; made when absent [default: ./data]
    #[arg(long, env = "SHOPKEEPER_DATA_DIR", global = true, value_name = "FOLDER")]
    pub data_dir: Option<String>,

    /// Folder of the signing keys [default: `keys` in the data folder]
    #[arg(long, env = "SHOPKEEPER_KEYS_DIR", global = true, value_name = "FOLDER")]
    pub keys_dir: Option<String>,

    /// Database, such as `sqlite:///var/lib/shop.db` or `postgres://user:password@host/shop` [default: SQLite in the data
    /// folder]
    #[arg(long, env = "SHOPKEEPER_DATABASE_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// File that holds the database URL
    #[arg(long, env = "SHOPKEEPER_DATABASE_URL_FILE", global = true, value_name = "FILE")]
    pub database_url_file: Option<String>,

    /// Valkey or Redis, by which several instances over one database count limits together and tell each other what changed, such
    /// as `redis://127.0.0.1:6379` or `rediss://user:password@valkey:6379` [default: none]
    #[arg(long, env = "SHOPKEEPER_REDIS_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub redis_url: Option<String>,

    /// File that holds the URL of Valkey or Redis
    #[arg(long, env = "SHOPKEEPER_REDIS_URL_FILE", global = true, value_name = "FILE")]
    pub redis_url_file: Option<String>,

    /// Whether other instances serve the same database: `on` or `off`. Without Valkey nothing kept is then believed
    /// [default: on with PostgreSQL or Valkey]
    #[arg(long, env = "SHOPKEEPER_SHARED", global = true, value_name = "SWITCH")]
    pub shared: Option<String>,

    /// Streaming replica of a PostgreSQL, which answers readers of the catalogue as long as it holds every change of it that
    /// this instance knows of [default: none]
    #[arg(long, env = "SHOPKEEPER_DATABASE_REPLICA_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub database_replica_url: Option<String>,

    /// File that holds the replica's URL
    #[arg(long, env = "SHOPKEEPER_DATABASE_REPLICA_URL_FILE", global = true, value_name = "FILE")]
    pub database_replica_url_file: Option<String>,

    /// Connections to a PostgreSQL at most [default: 16]
    #[arg(long, env = "SHOPKEEPER_DATABASE_CONNECTIONS", global = true, value_name = "COUNT")]
    pub database_connections: Option<String>,

    /// Password of the account `admin`, which the first start makes [default: made up and shown once]
    #[arg(long, env = "SHOPKEEPER_ADMIN_PASSWORD", global = true, value_name = "PASSWORD", hide_env_values = true)]
    pub admin_password: Option<String>,

    /// File that holds the password of `admin`
    #[arg(long, env = "SHOPKEEPER_ADMIN_PASSWORD_FILE", global = true, value_name = "FILE")]
    pub admin_password_file: Option<String>,

    /// Whether /oauth/token takes passwords, as "Authorize" in /docs does: `on` or `off` [default: on]
    #[arg(long, env = "SHOPKEEPER_PASSWORD_GRANT", global = true, value_name = "SWITCH")]
    pub password_grant: Option<String>,

    /// Whether the document's rate limits apply: `on`, or `off` for benches [default: on]
    #[arg(long, env = "SHOPKEEPER_RATE_LIMITS", global = true, value_name = "SWITCH")]
    pub rate_limits: Option<String>,

    /// Whether the shop has made-up goods, customers and orders to look at, and the docs know one of the customers; for trying
    /// things out only: `on` or `off` [default: off]
    #[arg(long, env = "SHOPKEEPER_DEMO", global = true, value_name = "SWITCH", num_args = 0..=1, require_equals = true, default_missing_value = "on")]
    pub demo: Option<String>,

    /// Whether answers that the document allows to be kept are kept in memory: `on` or `off` [default: on]
    #[arg(long, env = "SHOPKEEPER_CACHE", global = true, value_name = "SWITCH")]
    pub cache: Option<String>,

    /// Most memory that kept answers take [default: 32MiB]
    #[arg(long, env = "SHOPKEEPER_CACHE_SIZE", global = true, value_name = "SIZE")]
    pub cache_size: Option<String>,

    /// How long an order may wait to be paid before it is cancelled, such as `30m` [default: 30m]
    #[arg(long, env = "SHOPKEEPER_ORDER_EXPIRY", global = true, value_name = "TIME")]
    pub order_expiry: Option<String>,

    /// Most connections at a time; further ones wait [default: 4096]
    #[arg(long, env = "SHOPKEEPER_MAX_CONNECTIONS", global = true, value_name = "COUNT")]
    pub max_connections: Option<String>,

    /// Most connections at a time of one address; further ones are turned away. Does not count for this machine and for trusted
    /// proxies [default: 256]
    #[arg(long, env = "SHOPKEEPER_MAX_CONNECTIONS_PER_ADDRESS", global = true, value_name = "COUNT")]
    pub max_connections_per_address: Option<String>,

    /// Longest time that a request may take, such as `30s` or `500ms` [default: 30s]
    #[arg(long, env = "SHOPKEEPER_REQUEST_TIMEOUT", global = true, value_name = "TIME")]
    pub request_timeout: Option<String>,

    /// How long the server goes on serving when it is told to stop, while /readyz already says no: the time that a load balancer
    /// takes to see it [default: 0s]
    #[arg(long, env = "SHOPKEEPER_DRAIN_DELAY", global = true, value_name = "TIME")]
    pub drain_delay: Option<String>,

    /// How long running requests may take to finish when the server stops [default: 20s]
    #[arg(long, env = "SHOPKEEPER_SHUTDOWN_GRACE", global = true, value_name = "TIME")]
    pub shutdown_grace: Option<String>,

    /// Statements that take this long are logged, without their values: a time such as `250ms`, or `off` [default: 250ms]
    #[arg(long, env = "SHOPKEEPER_SLOW_QUERY", global = true, value_name = "TIME")]
    pub slow_query: Option<String>,

    /// Address of an OpenTelemetry collector that takes traces by OTLP over HTTP, such as `http://127.0.0.1:4318`; the variable
    /// `OTEL_EXPORTER_OTLP_ENDPOINT` does as well [default: none]
    #[arg(long, env = "SHOPKEEPER_OTLP_ENDPOINT", global = true, value_name = "URL")]
    pub otlp_endpoint: Option<String>,

    /// What is logged: `error`, `warn`, `info`, `debug`, `trace`, `off`, or by module as in
    /// `warn,shopkeeper=debug,request=info`. SIGUSR1 tells more while the server runs, SIGUSR2 as much as is said here
    /// [default: info]
    #[arg(long, env = "SHOPKEEPER_LOG", global = true, value_name = "FILTER")]
    pub log: Option<String>,

    /// `text`, `json`, or `auto`: text on a terminal, JSON lines elsewhere [default: auto]
    #[arg(long, env = "SHOPKEEPER_LOG_FORMAT", global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,
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
