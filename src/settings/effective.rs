//! The settings as they are in effect, for whoever may look: by the names of their variables, without the secrets.

use super::{PREFIX, Settings};
use secrecy::SecretString;
use std::time::Duration;

/// What stands for a secret that is set.
const REDACTED: &str = "[redacted]";

/// A setting as it is in effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// The name of its variable.
    pub name: String,
    /// Its value as it may be written; `None` when there is none.
    pub value: Option<String>,
    /// Whether the value is never shown.
    pub secret: bool,
}

impl Settings {
    /// Every setting, in the order of the help.
    #[must_use]
    pub fn effective(&self) -> Vec<Effective> {
        let Self {
            profile,
            listen,
            tls,
            redirect_listen,
            metrics_listen,
            public_url,
            trusted_proxies,
            cors,
            data_dir,
            keys_dir,
            database_url,
            database_replica_url,
            redis_url,
            shared,
            database_connections,
            admin_password,
            password_grant,
            rate_limits,
            demo,
            cache,
            order_expiry,
            max_connections,
            max_connections_per_address,
            request_timeout,
            drain_delay,
            shutdown_grace,
            slow_query,
            otlp_endpoint,
            log,
            log_format,
        } = self;
        let proxies: Vec<String> = trusted_proxies.iter().map(ToString::to_string).collect();
        vec![
            shown("PROFILE", profile.to_string()),
            shown("LISTEN", listen.to_string()),
            shown("TLS_CERT", tls.as_ref().map(|tls| tls.cert.display().to_string())),
            shown("TLS_KEY", tls.as_ref().map(|tls| tls.key.display().to_string())),
            shown("REDIRECT_LISTEN", redirect_listen.map(|address| address.to_string())),
            shown("METRICS_LISTEN", metrics_listen.map(|address| address.to_string())),
            shown("PUBLIC_URL", public_url.as_ref().map(|url| url.as_str().to_owned())),
            shown("TRUSTED_PROXIES", (!proxies.is_empty()).then(|| proxies.join(","))),
            shown("CORS_ORIGINS", cors.as_ref().map(ToString::to_string)),
            shown("DATA_DIR", data_dir.display().to_string()),
            shown("KEYS_DIR", keys_dir.display().to_string()),
            hidden("DATABASE_URL", database_url.as_ref()),
            hidden("DATABASE_REPLICA_URL", database_replica_url.as_ref()),
            hidden("REDIS_URL", redis_url.as_ref()),
            shown("SHARED", switch(*shared)),
            shown("DATABASE_CONNECTIONS", database_connections.to_string()),
            hidden("ADMIN_PASSWORD", admin_password.as_ref()),
            shown("PASSWORD_GRANT", switch(*password_grant)),
            shown("RATE_LIMITS", switch(*rate_limits)),
            shown("DEMO", switch(*demo)),
            shown("CACHE", switch(cache.is_some())),
            shown("CACHE_SIZE", cache.map(|bytes| bytes.to_string())),
            shown("ORDER_EXPIRY", time(*order_expiry)),
            shown("MAX_CONNECTIONS", max_connections.to_string()),
            shown("MAX_CONNECTIONS_PER_ADDRESS", max_connections_per_address.to_string()),
            shown("REQUEST_TIMEOUT", time(*request_timeout)),
            shown("DRAIN_DELAY", time(*drain_delay)),
            shown("SHUTDOWN_GRACE", time(*shutdown_grace)),
            shown("SLOW_QUERY", slow_query.map_or_else(|| "off".to_owned(), time)),
            shown("OTLP_ENDPOINT", otlp_endpoint.clone()),
            shown("LOG", log.clone()),
            shown("LOG_FORMAT", log_format.as_str().to_owned()),
        ]
    }
}

fn shown(name: &str, value: impl Into<Option<String>>) -> Effective {
    Effective { name: format!("{PREFIX}{name}"), value: value.into(), secret: false }
}

fn hidden(name: &str, value: Option<&SecretString>) -> Effective {
    Effective { name: format!("{PREFIX}{name}"), value: value.map(|_| REDACTED.to_owned()), secret: true }
}

fn switch(on: bool) -> String {
    if on { "on" } else { "off" }.to_owned()
}

fn time(time: Duration) -> String {
    if time.subsec_millis() == 0 { format!("{}s", time.as_secs()) } else { format!("{}ms", time.as_millis()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Given, variables};

    #[expect(clippy::unnecessary_wraps, reason = "the form in which settings are given")]
    fn given(word: &str) -> Option<String> {
        Some(word.to_owned())
    }

    #[test]
    fn every_variable_is_told_of_and_secrets_are_not() {
        let database_url = given("sqlite:/secret/place.db");
        let redis_url = given("redis://:hunter2@valkey");
        let database_replica_url = given("postgres://u:hunter2@replica/shop");
        let secrets = Given { database_url, redis_url, database_replica_url, ..Given::default() };
        let given = Given { admin_password: given("hunter2hunter2"), ..secrets };
        let told = Settings::read(given).expect("settings that stand").effective();
        // A file is another way to give the same setting.
        let names: Vec<String> = variables().into_iter().filter(|name| !name.ends_with("_FILE")).collect();
        let mut missing: Vec<_> = names.iter().filter(|name| told.iter().all(|it| it.name != **name)).collect();
        missing.extend(told.iter().map(|it| &it.name).filter(|name| !names.contains(name)));
        assert_eq!(missing, Vec::<&String>::new());
        let text = format!("{told:?}");
        assert!(!text.contains("hunter2") && !text.contains("place.db"), "{text}");
        assert!(told.iter().filter(|it| it.secret).all(|it| it.value.as_deref() == Some(REDACTED)));
    }

    #[test]
    fn what_is_told_can_be_written_again() {
        let settings = Settings::read(Given::default()).expect("settings that stand");
        let told = settings.effective();
        let value = |name: &str| told.iter().find(|it| it.name.ends_with(name)).and_then(|it| it.value.clone());
        let again = Given {
            listen: value("_LISTEN"),
            order_expiry: value("ORDER_EXPIRY"),
            cache_size: value("CACHE_SIZE"),
            request_timeout: value("REQUEST_TIMEOUT"),
            rate_limits: value("RATE_LIMITS"),
            ..Given::default()
        };
        assert_eq!(Settings::read(again).expect("settings that stand").effective(), told);
    }
}
