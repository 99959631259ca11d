//! Where a `PostgreSQL` is, and how to speak with it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use rustls::ClientConfig;
use sea_orm::DbErr;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::fault;

/// How long opening a connection may take.
const CONNECTING: Duration = Duration::from_millis(1500);
/// How long the database works on one statement, waits for one lock, and bears a transaction in which nothing happens, in
/// milliseconds. A request is over before the first; the last frees what a stopped instance holds.
const LIMITS: &str = "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC \
     -c client_min_messages=warning";

/// The address of a database: `postgres://user:password@host:port/name`. Does not show its password.
#[derive(Clone)]
pub struct Address {
    config: Box<Config>,
    trust: Trust,
}

/// Whom to trust, for databases that have to prove who they are.
pub type Trust = fn() -> Result<ClientConfig, rustls::Error>;

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.config == other.config
    }
}

impl Eq for Address {}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Address({self})")
    }
}

/// Host, port and name.
impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, host) in self.config.get_hosts().iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            match host {
                Host::Tcp(name) => write!(out, "{comma}{name}")?,
                Host::Unix(path) => write!(out, "{comma}{}", path.display())?,
            }
            let ports = self.config.get_ports();
            write!(out, ":{}", ports.get(place).or_else(|| ports.first()).unwrap_or(&5432))?;
        }
        write!(out, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl Address {
    /// Reads an address. Over a network it is encrypted and the server has to prove who it is, unless `sslmode=disable` says
    /// otherwise; on this machine it is not, unless `sslmode=require` does.
    #[must_use]
    pub fn parse(url: &str, trust: Trust) -> Option<Self> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return None;
        }
        let mut config = Config::from_str(url).ok()?;
        if config.get_hosts().is_empty() || config.get_dbname().is_none_or(str::is_empty) {
            return None;
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            config.ssl_mode(if is_near(&config) { SslMode::Disable } else { SslMode::Require });
        }
        let options = config.get_options().map_or_else(|| LIMITS.to_owned(), |given| format!("{LIMITS} {given}"));
        let name = config.get_application_name().unwrap_or("shopkeeper").to_owned();
        config
            .options(options)
            .application_name(name)
            .connect_timeout(CONNECTING)
            // A machine that vanished without a word is noticed even if nothing is being asked.
            .keepalives_idle(Duration::from_secs(10))
            .tcp_user_timeout(Duration::from_secs(10));
        Some(Self { config: Box::new(config), trust })
    }

    /// Whether nothing of what is said leaves this machine.
    pub(super) fn is_near(&self) -> bool {
        is_near(&self.config)
    }

    pub(super) const fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn connector(&self) -> Result<MakeRustlsConnect, DbErr> {
        let config = (self.trust)().map_err(|error| fault::failed(&error.to_string()))?;
        Ok(MakeRustlsConnect::new(config))
    }
}

fn is_near(config: &Config) -> bool {
    config.get_hosts().iter().all(is_here)
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Option<Address> {
        Address::parse(url, || Err(rustls::Error::General("nobody is trusted".to_owned())))
    }

    #[test]
    fn an_address_names_host_and_database_and_hides_its_password() {
        let address = parse("postgres://keeper:hunter2@db.example:5433/shop").expect("an address");
        assert_eq!(address.to_string(), "db.example:5433/shop");
        assert!(!format!("{address:?}").contains("hunter2"));
        for bad in ["postgres://", "postgres://host", "mysql://host/shop", "postgres://host/shop?sslmode=maybe"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted() {
        let mode = |url: &str| parse(url).expect("an address").config().get_ssl_mode();
        assert_eq!(mode("postgres://keeper@db.example/shop"), SslMode::Require);
        assert_eq!(mode("postgres://keeper@db.example/shop?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://keeper@127.0.0.1/shop"), SslMode::Disable);
        assert_eq!(mode("postgres://keeper@[::1]/shop"), SslMode::Disable);
        assert_eq!(mode("postgres://keeper@localhost/shop?sslmode=require"), SslMode::Require);
    }
}
