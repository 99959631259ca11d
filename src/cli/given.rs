//! The settings as options and variables: what `--help` says of each, and docs/reference as well.

use clap::Args;

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
