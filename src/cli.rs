//! The command line: what may be written after `shopkeeper`, and its help.
//!
//! Every setting is an option here and a variable of the environment; the option wins. Values arrive as text and are
//! judged by [`crate::settings`], which words its refusals for both.

use chrono::{DateTime, Utc};
use clap::builder::RangedU64ValueParser;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A commerce backend in one binary, served from its OpenAPI document.
#[derive(Debug, Parser)]
#[command(name = "shopkeeper", version, max_term_width = 110)]
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
    Serve,
    /// Look at or change the version of the database's tables
    Migrate {
        #[command(subcommand)]
        step: MigrateStep,
    },
    /// Fill the shop with made-up users, categories, products and orders
    ///
    /// The same seed makes the same data, ids included; only when orders were placed depends on --until. What is there already
    /// is left, so that seeding again adds only what is missing. All seeded users have the password `SeededShop2025`, none of
    /// them more rights than anybody, and addresses at example.com. The server must not run meanwhile.
    Seed(Seed),
    /// Read rows of a file into the shop
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Write what the shop holds into a file
    Export {
        #[command(subcommand)]
        what: Export,
    },
}

/// Most rows of a kind that are made up.
const MOST: u64 = 10_000_000;

/// How much is made up.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Seed {
    /// Users
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = RangedU64ValueParser::<u64>::new().range(0..=MOST))]
    pub users: u64,
    /// Categories
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = RangedU64ValueParser::<u64>::new().range(0..=10_000))]
    pub categories: u64,
    /// Products, with their stock and its ledger
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = RangedU64ValueParser::<u64>::new().range(0..=MOST))]
    pub products: u64,
    /// Orders of these users, with what became of them [default: 300; none without users or products]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<u64>::new().range(0..=MOST))]
    pub orders: Option<u64>,
    /// The moment up to which orders were placed, as 2026-11-01T12:00:00Z [default: now]
    #[arg(long, value_name = "TIME")]
    pub until: Option<DateTime<Utc>>,
    /// Where all of it comes from; another number makes another shop
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

/// What is imported.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Import {
    /// Products, each named by its SKU: made where it is new, else changed
    ///
    /// Columns of CSV: sku, name, category (a slug), `price_amount` (in the smallest unit of) `price_currency`, stock, status
    /// (active, archived), description (HTML). JSON lines: the same, but `"price": {"amount": …, "currency": …}`. What a row
    /// leaves out stays as it is; an empty cell counts as left out, but of the description, which it removes.
    ///
    /// All rows or none are applied, unless --keep-going is given. With problems the exit code is 1. The server must not run
    /// meanwhile.
    Products(ImportProducts),
}

/// How products are imported.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
pub struct ImportProducts {
    /// A file of CSV or JSON lines; `-` is standard input
    pub file: PathBuf,
    /// What is in the file [default: what its name says: .csv, .jsonl]
    #[arg(long, value_enum)]
    pub format: Option<FileFormat>,
    /// Change nothing, and tell what would happen
    #[arg(long)]
    pub dry_run: bool,
    /// Apply the rows that stand even if others do not
    #[arg(long)]
    pub keep_going: bool,
    /// Make a category for each slug that is not there
    #[arg(long)]
    pub create_categories: bool,
    /// Tell what happened as JSON
    #[arg(long)]
    pub json: bool,
}

/// What is exported.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Export {
    /// All products, the oldest first, as `import products` reads them
    ///
    /// The server must not run meanwhile.
    Products(ExportProducts),
}

/// How products are exported.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ExportProducts {
    /// The file, which is replaced [default: standard output]
    pub file: Option<PathBuf>,
    /// What is written [default: what the file's name says; csv to standard output]
    #[arg(long, value_enum)]
    pub format: Option<FileFormat>,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// Comma-separated values, the first row being names
    Csv,
    /// One JSON object in each line
    Jsonl,
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

/// The variables of the environment that are settings.
#[must_use]
pub fn variables() -> Vec<String> {
    let command = Cli::command();
    command.get_arguments().filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
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
