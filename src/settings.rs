//! What an operator decides: read once at start, judged as a whole, and handed on as values.
//!
//! A refusal is one sentence that names the variable and the option and says what to write instead.

mod effective;
mod read;

pub use effective::Effective;

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

impl Settings {
    /// Judges what was given on the command line and in the environment.
    ///
    /// # Errors
    /// The first setting that does not stand, or settings that the production profile refuses.
    pub fn read(given: Given) -> Result<Self, Fault> {
        let data_dir = PathBuf::from(Named::new("DATA_DIR", given.data_dir).or("data"));
        let keys_dir =
            Named::new("KEYS_DIR", given.keys_dir).given().map_or_else(|| data_dir.join("keys"), PathBuf::from);
        let database_url = Named::new("DATABASE_URL", given.database_url).secret(given.database_url_file)?;
        let redis_url = Named::new("REDIS_URL", given.redis_url).secret(given.redis_url_file)?;
        let served = database_url.as_ref().is_some_and(|url| url.expose_secret().starts_with("postgres"));
        let settings = Self {
            profile: Named::new("PROFILE", given.profile).profile()?,
            listen: Named::new("LISTEN", given.listen).address("127.0.0.1:8080")?,
            tls: tls(given.tls_cert, given.tls_key)?,
            redirect_listen: Named::new("REDIRECT_LISTEN", given.redirect_listen).maybe_address()?,
            metrics_listen: Named::new("METRICS_LISTEN", given.metrics_listen).maybe_address()?,
            cors: Named::new("CORS_ORIGINS", given.cors_origins).origins()?,
            slow_query: Named::new("SLOW_QUERY", given.slow_query).time_or_off("250ms")?,
            otlp_endpoint: Named::new("OTLP_ENDPOINT", given.otlp_endpoint).endpoint()?,
            public_url: Named::new("PUBLIC_URL", given.public_url).public_url()?,
            trusted_proxies: Named::new("TRUSTED_PROXIES", given.trusted_proxies).networks()?,
            shared: Named::new("SHARED", given.shared).switch(served || redis_url.is_some())?,
            database_url,
            database_replica_url: Named::new("DATABASE_REPLICA_URL", given.database_replica_url)
                .secret(given.database_replica_url_file)?,
            redis_url,
            database_connections: Named::new("DATABASE_CONNECTIONS", given.database_connections)
                .count(Location::CONNECTIONS, 4..=1_000)?,
            admin_password: Named::new("ADMIN_PASSWORD", given.admin_password).secret(given.admin_password_file)?,
            password_grant: Named::new("PASSWORD_GRANT", given.password_grant).switch(true)?,
            rate_limits: Named::new("RATE_LIMITS", given.rate_limits).switch(true)?,
            cache: cache(given.cache, given.cache_size)?,
            order_expiry: Named::new("ORDER_EXPIRY", given.order_expiry).time("30m")?,
            max_connections: Named::new("MAX_CONNECTIONS", given.max_connections).count(4096, 1..=1_000_000)?,
            max_connections_per_address: Named::new("MAX_CONNECTIONS_PER_ADDRESS", given.max_connections_per_address)
                .count(256, 1..=1_000_000)?,
            request_timeout: Named::new("REQUEST_TIMEOUT", given.request_timeout).time("30s")?,
            drain_delay: Named::new("DRAIN_DELAY", given.drain_delay).time_or_none()?,
            shutdown_grace: Named::new("SHUTDOWN_GRACE", given.shutdown_grace).time("20s")?,
            log: Named::new("LOG", given.log).filter("info")?,
            log_format: Named::new("LOG_FORMAT", given.log_format).log_format()?,
            data_dir,
            keys_dir,
        };
        if settings.redirect_listen.is_some() && settings.tls.is_none() {
            return Err(Fault(
                "SHOPKEEPER_REDIRECT_LISTEN sends callers to https, which this server does not speak: set \
                 SHOPKEEPER_TLS_CERT and SHOPKEEPER_TLS_KEY as well, or unset it."
                    .to_owned(),
            ));
        }
        match (settings.profile, settings.danger()) {
            (Profile::Production, Some(danger)) => Err(Fault(danger)),
            _ => Ok(settings),
        }
    }

    /// What would endanger accounts if the world could reach this server, and how to mend it.
    fn danger(&self) -> Option<String> {
        let refused = |what: &str| Some(format!("SHOPKEEPER_PROFILE=production refuses to start: {what}."));
        if !self.public_url.as_ref().is_some_and(PublicUrl::is_https) {
            return refused(
                "without an https address tokens and passwords would travel in the clear; \
                 set SHOPKEEPER_PUBLIC_URL to it, such as https://shop.example",
            );
        }
        if !self.rate_limits {
            return refused("without rate limits passwords can be tried without end; leave SHOPKEEPER_RATE_LIMITS on");
        }
        if let Some(all) = self.trusted_proxies.iter().find(|network| network.prefix_len() == 0) {
            return refused(&format!(
                "{all} in SHOPKEEPER_TRUSTED_PROXIES lets every caller choose its own address; name only the proxies"
            ));
        }
        if !self.listen.ip().is_loopback() && self.trusted_proxies.is_empty() && self.tls.is_none() {
            return refused(&format!(
                "{} is open to other machines, but this server speaks plain HTTP; listen on 127.0.0.1, give it a \
                 certificate with SHOPKEEPER_TLS_CERT and SHOPKEEPER_TLS_KEY, or put a proxy that ends TLS in front and \
                 name its network in SHOPKEEPER_TRUSTED_PROXIES",
                self.listen
            ));
        }
        None
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

/// How many bytes of answers are kept, if any.
fn cache(switch: Option<String>, size: Option<String>) -> Result<Option<u64>, Fault> {
    let size = Named::new("CACHE_SIZE", size).bytes("32MiB")?;
    Ok(Named::new("CACHE", switch).switch(true)?.then_some(size))
}

/// Refuses variables that look like settings but are none, so that a slip of the pen does not pass for a default.
///
/// # Errors
/// The first such variable, with the one that was probably meant.
pub fn refuse_unknown(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    known: &[String],
) -> Result<(), Fault> {
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
        return Err(Fault(format!("{name} is no setting of Shopkeeper: {mend}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(given: Given) -> String {
        Settings::read(given).unwrap_err().to_string()
    }

    #[expect(clippy::unnecessary_wraps, reason = "the form in which settings are given")]
    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    /// Settings that production takes.
    fn production() -> Given {
        Given { profile: some("production"), public_url: some("https://shop.example"), ..Given::default() }
    }

    #[test]
    fn without_any_setting_the_defaults_of_the_design_hold() {
        let settings = Settings::read(Given::default()).unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.data_dir, PathBuf::from("data"));
        assert_eq!(settings.keys_dir, PathBuf::from("data/keys"));
        assert_eq!(settings.profile, Profile::Development);
        assert!(settings.rate_limits && settings.password_grant && settings.admin_password.is_none());
        assert_eq!(settings.request_timeout, Duration::from_secs(30));
    }

    #[test]
    fn an_empty_value_counts_as_absent() {
        let given = Given { listen: some(""), public_url: some(" "), admin_password: some(""), ..Given::default() };
        let settings = Settings::read(given).unwrap();
        assert_eq!(settings.listen.port(), 8080);
        assert!(settings.public_url.is_none() && settings.admin_password.is_none());
    }

    #[test]
    fn each_refusal_is_one_sentence_that_says_how_to_mend_it() {
        let cases = [
            (Given { listen: some("8080"), ..Given::default() }, "SHOPKEEPER_LISTEN", "127.0.0.1:8080"),
            (Given { profile: some("prod"), ..Given::default() }, "SHOPKEEPER_PROFILE", "did you mean production?"),
            (Given { public_url: some("shop.example"), ..Given::default() }, "--public-url", "https://shop.example"),
            (Given { public_url: some("https://a/b"), ..Given::default() }, "--public-url", "without a path"),
            (Given { trusted_proxies: some("10.0.0.0/33"), ..Given::default() }, "10.0.0.0/33", "10.0.0.0/8"),
            (Given { rate_limits: some("maybe"), ..Given::default() }, "SHOPKEEPER_RATE_LIMITS", "`on` or `off`"),
            (Given { max_connections: some("0"), ..Given::default() }, "SHOPKEEPER_MAX_CONNECTIONS", "from 1 to"),
            (Given { cache_size: some("32 parsecs"), ..Given::default() }, "SHOPKEEPER_CACHE_SIZE", "32MiB"),
            (
                Given { redis_url: some("127.0.0.1:6379"), ..Given::default() },
                "SHOPKEEPER_REDIS_URL",
                "redis://127.0.0.1:6379",
            ),
            (Given { drain_delay: some("soon"), ..Given::default() }, "--drain-delay", "30s"),
            (Given { request_timeout: some("soon"), ..Given::default() }, "--request-timeout", "30s"),
            (Given { tls_cert: some("a.pem"), ..Given::default() }, "SHOPKEEPER_TLS_CERT", "SHOPKEEPER_TLS_KEY"),
            (Given { redirect_listen: some("[::]:80"), ..Given::default() }, "REDIRECT_LISTEN", "SHOPKEEPER_TLS_CERT"),
            (Given { metrics_listen: some("9090"), ..Given::default() }, "--metrics-listen", "127.0.0.1:8080"),
            (Given { cors_origins: some("https://a/b"), ..Given::default() }, "https://a/b", "https://app.example"),
            (Given { slow_query: some("slow"), ..Given::default() }, "SHOPKEEPER_SLOW_QUERY", "`off`"),
            (
                Given { otlp_endpoint: some("collector:4318"), ..Given::default() },
                "--otlp-endpoint",
                "http://127.0.0.1",
            ),
            (Given { log: some("request=loud"), ..Given::default() }, "SHOPKEEPER_LOG", "info"),
            (Given { log_format: some("jsn"), ..Given::default() }, "SHOPKEEPER_LOG_FORMAT", "did you mean json?"),
            (Given { database_url: some("redis://a"), ..Given::default() }, "SHOPKEEPER_DATABASE_URL", "sqlite:"),
            (Given { admin_password_file: some("/nowhere"), ..Given::default() }, "/nowhere", "readable"),
        ];
        for (given, names, mend) in cases {
            let sentence = refusal(given);
            assert!(sentence.contains(names) && sentence.contains(mend), "{sentence}");
            assert!(!sentence.contains('\n') && sentence.ends_with(['.', '?']), "{sentence}");
        }
    }

    #[test]
    fn a_secret_is_told_neither_by_debug_nor_by_a_refusal() {
        let given = Given { admin_password: some("hunter2hunter2"), ..Given::default() };
        assert!(!format!("{:?}", Settings::read(given).unwrap()).contains("hunter2"));
        let given = Given { database_url: some("mysql://root:hunter2@db"), ..Given::default() };
        assert!(!refusal(given).contains("hunter2"));
    }

    #[test]
    fn a_secret_comes_from_a_value_or_a_file_but_not_from_both() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "SecurePass123\n").unwrap();
        let file = Some(file.display().to_string());
        let settings = Settings::read(Given { admin_password_file: file.clone(), ..Given::default() }).unwrap();
        assert_eq!(settings.admin_password.unwrap().expose_secret(), "SecurePass123");
        let both = Given { admin_password: some("x"), admin_password_file: file, ..Given::default() };
        assert!(refusal(both).contains("give one of them"));
    }

    #[test]
    fn a_database_is_taken_for_shared_as_soon_as_something_is_there_to_share_by() {
        let shared = |given: Given| Settings::read(given).unwrap().shared;
        let redis_url = some("rediss://valkey:6379");
        assert!(!shared(Given::default()));
        assert!(shared(Given { redis_url: redis_url.clone(), ..Given::default() }));
        assert!(shared(Given { shared: some("on"), ..Given::default() }));
        assert!(!shared(Given { redis_url, shared: some("off"), ..Given::default() }));
    }

    #[test]
    fn production_refuses_what_would_endanger_accounts() {
        assert!(Settings::read(production()).is_ok());
        let behind_a_proxy = Given { listen: some("0.0.0.0:80"), trusted_proxies: some("10.0.0.0/8"), ..production() };
        assert!(Settings::read(behind_a_proxy).is_ok());
        let tls = Given { tls_cert: some("a.pem"), tls_key: some("b.pem"), ..Given::default() };
        let by_itself =
            Given { listen: some("0.0.0.0:443"), tls_cert: tls.tls_cert, tls_key: tls.tls_key, ..production() };
        assert!(Settings::read(by_itself).is_ok());
        let cases = [
            (Given { public_url: None, ..production() }, "SHOPKEEPER_PUBLIC_URL"),
            (Given { public_url: some("http://shop.example"), ..production() }, "SHOPKEEPER_PUBLIC_URL"),
            (Given { rate_limits: some("off"), ..production() }, "SHOPKEEPER_RATE_LIMITS"),
            (Given { trusted_proxies: some("0.0.0.0/0"), ..production() }, "SHOPKEEPER_TRUSTED_PROXIES"),
            (Given { listen: some("[::]:80"), ..production() }, "SHOPKEEPER_TRUSTED_PROXIES"),
        ];
        for (given, mend) in cases {
            let sentence = refusal(given);
            assert!(sentence.contains(mend) && !sentence.contains('\n'), "{sentence}");
        }
    }

    #[test]
    fn an_unknown_variable_is_refused_with_the_one_that_was_meant() {
        let known = crate::cli::variables();
        let set = |name: &str| [(OsString::from(name), OsString::new())];
        assert!(refuse_unknown(set("SHOPKEEPER_LISTEN"), &known).is_ok());
        assert!(refuse_unknown(set("PATH"), &known).is_ok());
        let slip = refuse_unknown(set("SHOPKEEPER_LISTN"), &known).unwrap_err().to_string();
        assert_eq!(slip, "SHOPKEEPER_LISTN is no setting of Shopkeeper: did you mean SHOPKEEPER_LISTEN?");
        let strange = refuse_unknown(set("SHOPKEEPER_COLOUR_OF_MONEY"), &known).unwrap_err().to_string();
        assert!(strange.contains("shopkeeper --help"), "{strange}");
    }
}
