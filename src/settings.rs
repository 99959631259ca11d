//! What an operator decides: read once at start, judged as a whole, and handed on as values.
//!
//! A refusal is one sentence that names the variable and the option and says what to write instead.

mod effective;
mod read;
mod server;

pub use effective::Effective;
pub use read::duration;
pub use server::Server;

use crate::cli::Given;
use crate::http::cors::Cors;
use crate::store::Location;
use crate::telemetry::Format;
use ipnet::IpNet;
use read::Named;
use secrecy::{ExposeSecret, SecretString};
use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// What the names of all variables begin with.
const PREFIX: &str = "SHOPKEEPER_";

/// How careful the server is about its own settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Anything goes that runs.
    Development,
    /// Settings that would endanger accounts stop the start.
    Production,
}

impl fmt::Display for Profile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Development => "development",
            Self::Production => "production",
        })
    }
}

/// Scheme and authority under which callers reach the server, without a final slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The name or address in it, without port and brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or("", |(_, authority)| authority);
        match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => address,
            None => authority.split(':').next().unwrap_or_default(),
        }
    }
}

/// Files of a certificate and its key, both PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, followed by those that vouch for it.
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// The settings of a running server. Secrets do not show in `Debug`.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Settings {
    pub profile: Profile,
    pub listen: SocketAddr,
    /// What this server needs to speak TLS itself.
    pub tls: Option<TlsFiles>,
    /// Where plain HTTP is sent to https.
    pub redirect_listen: Option<SocketAddr>,
    /// Where the operator's pages are; without it they are at `listen` with all others.
    pub metrics_listen: Option<SocketAddr>,
    /// Absent: each request's own `Host` counts.
    pub public_url: Option<PublicUrl>,
    pub trusted_proxies: Vec<IpNet>,
    /// Whose pages may call from a browser.
    pub cors: Option<Cors>,
    pub data_dir: PathBuf,
    pub keys_dir: PathBuf,
    /// Absent: SQLite in the data folder.
    pub database_url: Option<SecretString>,
    /// Absent: the database itself answers all readers.
    pub database_replica_url: Option<SecretString>,
    /// Valkey or Redis. Absent: this instance shares nothing but its database.
    pub redis_url: Option<SecretString>,
    /// Whether other instances may serve the same database.
    pub shared: bool,
    /// Connections to a `PostgreSQL` at most.
    pub database_connections: usize,
    /// Absent: made up at the first start and shown once.
    pub admin_password: Option<SecretString>,
    /// Whether the OAuth token endpoint takes passwords.
    pub password_grant: bool,
    pub rate_limits: bool,
    /// Whether there is something to look at.
    pub demo: bool,
    /// Bytes of answers that are kept; `None` keeps nothing.
    pub cache: Option<u64>,
    /// How long an order may be pending before it is cancelled.
    pub order_expiry: Duration,
    pub max_connections: usize,
    /// Of one address that is neither this machine's nor a trusted proxy's.
    pub max_connections_per_address: usize,
    pub request_timeout: Duration,
    /// Between being told to stop and taking no more connections.
    pub drain_delay: Duration,
    pub shutdown_grace: Duration,
    /// How long a statement takes that is logged; `None` logs none.
    pub slow_query: Option<Duration>,
    /// Where traces are sent, without a final slash.
    pub otlp_endpoint: Option<String>,
    /// Directives that [`crate::telemetry::filter`] takes.
    pub log: String,
    pub log_format: Format,
}

/// Why the settings do not stand: one sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(String);

/// What is wrong with the settings, as far as it was found out.
#[derive(Debug, Default)]
struct Noted(Vec<Fault>);

impl Noted {
    /// The value, or `None` after noting why there is none.
    fn note<T>(&mut self, judged: Result<T, Fault>) -> Option<T> {
        judged.map_err(|fault| self.0.push(fault)).ok()
    }
}

impl Settings {
    /// Judges what was given on the command line and in the environment.
    ///
    /// # Errors
    /// Every setting that does not stand; where all do, those that the production profile refuses.
    pub fn read(given: Given) -> Result<Self, Vec<Fault>> {
        let mut noted = Noted::default();
        let settings = Self::judge(given, &mut noted).ok_or(noted.0)?;
        let contradictions = settings.contradictions();
        if !contradictions.is_empty() {
            return Err(contradictions);
        }
        let dangers = match settings.profile {
            Profile::Production => settings.dangers(),
            Profile::Development => Vec::new(),
        };
        if dangers.is_empty() { Ok(settings) } else { Err(dangers) }
    }

    /// `None` after noting all that does not stand.
    fn judge(given: Given, noted: &mut Noted) -> Option<Self> {
        let data_dir = PathBuf::from(Named::new("DATA_DIR", given.data_dir).or("data"));
        let keys_dir =
            Named::new("KEYS_DIR", given.keys_dir).given().map_or_else(|| data_dir.join("keys"), PathBuf::from);
        let profile = noted.note(Named::new("PROFILE", given.profile).profile());
        let listen = noted.note(Named::new("LISTEN", given.listen).address("127.0.0.1:8080"));
        let tls = noted.note(tls(given.tls_cert, given.tls_key));
        let redirect_listen = noted.note(Named::new("REDIRECT_LISTEN", given.redirect_listen).maybe_address());
        let metrics_listen = noted.note(Named::new("METRICS_LISTEN", given.metrics_listen).maybe_address());
        let cors = noted.note(Named::new("CORS_ORIGINS", given.cors_origins).origins());
        let slow_query = noted.note(Named::new("SLOW_QUERY", given.slow_query).time_or_off("250ms"));
        let otlp_endpoint = noted.note(Named::new("OTLP_ENDPOINT", given.otlp_endpoint).endpoint());
        let public_url = noted.note(Named::new("PUBLIC_URL", given.public_url).public_url());
        let trusted_proxies = noted.note(Named::new("TRUSTED_PROXIES", given.trusted_proxies).networks());
        let database_url = Named::new("DATABASE_URL", given.database_url);
        let database_url = noted.note(database_url.database(given.database_url_file));
        let replica_url = Named::new("DATABASE_REPLICA_URL", given.database_replica_url);
        let database_replica_url = noted.note(replica_url.secret(given.database_replica_url_file));
        let redis_url = noted.note(Named::new("REDIS_URL", given.redis_url).valkey(given.redis_url_file));
        let served = database_url.iter().flatten().any(|url| url.expose_secret().starts_with("postgres"));
        let served = served || redis_url.iter().flatten().next().is_some();
        let shared = noted.note(Named::new("SHARED", given.shared).switch(served));
        let database_connections = Named::new("DATABASE_CONNECTIONS", given.database_connections);
        let database_connections = noted.note(database_connections.count(Location::CONNECTIONS, 4..=1_000));
        let admin_password = Named::new("ADMIN_PASSWORD", given.admin_password).secret(given.admin_password_file);
        let admin_password = noted.note(admin_password);
        let password_grant = noted.note(Named::new("PASSWORD_GRANT", given.password_grant).switch(true));
        let rate_limits = noted.note(Named::new("RATE_LIMITS", given.rate_limits).switch(true));
        let demo = noted.note(Named::new("DEMO", given.demo).switch(false));
        let cache = noted.note(Named::new("CACHE", given.cache).switch(true));
        let cache_size = noted.note(Named::new("CACHE_SIZE", given.cache_size).bytes("32MiB"));
        let order_expiry = noted.note(Named::new("ORDER_EXPIRY", given.order_expiry).time("30m"));
        let max_connections = Named::new("MAX_CONNECTIONS", given.max_connections).count(4096, 1..=1_000_000);
        let max_connections = noted.note(max_connections);
        let of_one = Named::new("MAX_CONNECTIONS_PER_ADDRESS", given.max_connections_per_address);
        let max_connections_per_address = noted.note(of_one.count(256, 1..=1_000_000));
        let request_timeout = noted.note(Named::new("REQUEST_TIMEOUT", given.request_timeout).time("30s"));
        let drain_delay = noted.note(Named::new("DRAIN_DELAY", given.drain_delay).time_or_none());
        let shutdown_grace = noted.note(Named::new("SHUTDOWN_GRACE", given.shutdown_grace).time("20s"));
        let log = noted.note(Named::new("LOG", given.log).filter("info"));
        let log_format = noted.note(Named::new("LOG_FORMAT", given.log_format).log_format());
        let cache_size = cache_size?;
        Some(Self {
            profile: profile?,
            listen: listen?,
            tls: tls?,
            redirect_listen: redirect_listen?,
            metrics_listen: metrics_listen?,
            cors: cors?,
            slow_query: slow_query?,
            otlp_endpoint: otlp_endpoint?,
            public_url: public_url?,
            trusted_proxies: trusted_proxies?,
            data_dir,
            keys_dir,
            database_url: database_url?,
            database_replica_url: database_replica_url?,
            redis_url: redis_url?,
            shared: shared?,
            database_connections: database_connections?,
            admin_password: admin_password?,
            password_grant: password_grant?,
            rate_limits: rate_limits?,
            demo: demo?,
            cache: cache?.then_some(cache_size),
            order_expiry: order_expiry?,
            max_connections: max_connections?,
            max_connections_per_address: max_connections_per_address?,
            request_timeout: request_timeout?,
            drain_delay: drain_delay?,
            shutdown_grace: shutdown_grace?,
            log: log?,
            log_format: log_format?,
        })
    }

    /// Settings that make no sense together.
    fn contradictions(&self) -> Vec<Fault> {
        let mut found = Vec::new();
        if self.redirect_listen.is_some() && self.tls.is_none() {
            let mend = "SHOPKEEPER_REDIRECT_LISTEN sends callers to https, which this server does not speak: set \
                        SHOPKEEPER_TLS_CERT and SHOPKEEPER_TLS_KEY as well, or unset it.";
            found.push(Fault(mend.to_owned()));
        }
        if self.redis_url.is_some() && !self.shared {
            let mend = "SHOPKEEPER_REDIS_URL is set and SHOPKEEPER_SHARED is off: with Valkey the instances share their \
                        database; unset one of them.";
            found.push(Fault(mend.to_owned()));
        }
        found
    }

    /// What would endanger accounts if the world could reach this server, and how to mend it.
    fn dangers(&self) -> Vec<Fault> {
        let mut found = Vec::new();
        if !self.public_url.as_ref().is_some_and(PublicUrl::is_https) {
            found.push(
                "without an https address tokens and passwords would travel in the clear; \
                 set SHOPKEEPER_PUBLIC_URL to it, such as https://shop.example"
                    .to_owned(),
            );
        }
        if !self.rate_limits {
            let open = "without rate limits passwords can be tried without end; leave SHOPKEEPER_RATE_LIMITS on";
            found.push(open.to_owned());
        }
        if self.demo {
            let open = "a demo has accounts whose password everybody knows; leave SHOPKEEPER_DEMO off";
            found.push(open.to_owned());
        }
        if let Some(all) = self.trusted_proxies.iter().find(|network| network.prefix_len() == 0) {
            found.push(format!(
                "{all} in SHOPKEEPER_TRUSTED_PROXIES lets every caller choose its own address; name only the proxies"
            ));
        }
        if !self.listen.ip().is_loopback() && self.trusted_proxies.is_empty() && self.tls.is_none() {
            found.push(format!(
                "{} is open to other machines, but this server speaks plain HTTP; listen on 127.0.0.1, give it a \
                 certificate with SHOPKEEPER_TLS_CERT and SHOPKEEPER_TLS_KEY, or put a proxy that ends TLS in front and \
                 name its network in SHOPKEEPER_TRUSTED_PROXIES",
                self.listen
            ));
        }
        found
            .into_iter()
            .map(|what| Fault(format!("SHOPKEEPER_PROFILE=production refuses to start: {what}.")))
            .collect()
    }
}

/// The files of certificate and key: both or none.
fn tls(cert: Option<String>, key: Option<String>) -> Result<Option<TlsFiles>, Fault> {
    let missing = |given: &str, other: &str| {
        Err(Fault(format!(
            "SHOPKEEPER_{given} needs SHOPKEEPER_{other} beside it: name the files of both, or of neither."
        )))
    };
    match (Named::new("TLS_CERT", cert).given(), Named::new("TLS_KEY", key).given()) {
        (None, None) => Ok(None),
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert: cert.into(), key: key.into() })),
        (Some(_), None) => missing("TLS_CERT", "TLS_KEY"),
        (None, Some(_)) => missing("TLS_KEY", "TLS_CERT"),
    }
}

/// The variables that look like settings but are none, each with the one that was probably meant: a slip of the pen must not
/// pass for a default.
#[must_use]
pub fn unknown(environment: impl IntoIterator<Item = (OsString, OsString)>, known: &[String]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, _) in environment {
        let name = name.to_string_lossy();
        let Some(rest) = name.strip_prefix(PREFIX).filter(|_| !known.iter().any(|known| *known == name)) else {
            continue;
        };
        // Compared without the prefix, which would make all names alike.
        let choices = known.iter().filter_map(|known| known.strip_prefix(PREFIX));
        let mend = match read::nearest(rest, choices) {
            Some(meant) => format!("did you mean {PREFIX}{meant}?"),
            None => "unset it, or see `shopkeeper --help` for the settings.".to_owned(),
        };
        faults.push(Fault(format!("{name} is no setting of Shopkeeper: {mend}")));
    }
    faults
}

#[cfg(test)]
mod tests;
