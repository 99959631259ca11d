//! What a certificate says of itself: from when until when it holds, and for which hosts.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta};
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::clock::Timestamp;

/// A certificate that has no longer to go than this ends soon ...
const SOON: TimeDelta = TimeDelta::days(30);
/// ... unless it was made for a short time: then the last third of it is soon, which is when those are exchanged.
const SHARE: i32 = 3;

/// A certificate, as far as whoever shows it has to look after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: CertificateDer<'static>,
    from: Timestamp,
    until: Timestamp,
    names: Vec<String>,
}

/// How a certificate stands at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It begins to hold later.
    Early,
    /// It holds, and will for a while.
    Holds,
    /// It holds, but not for long.
    Ending,
    /// Nobody accepts it any more.
    Over,
}

impl Certificate {
    /// Reads a certificate; `None` if it is none, or so unusual that its dates cannot be read.
    #[must_use]
    pub fn read(der: &CertificateDer<'_>) -> Option<Self> {
        let inner = x509_cert::Certificate::from_der(der).ok()?.tbs_certificate;
        let moment = |time: x509_cert::time::Time| {
            DateTime::from_timestamp(i64::try_from(time.to_unix_duration().as_secs()).ok()?, 0)
        };
        let names = inner.get::<SubjectAltName>().ok().flatten().map(|(_, SubjectAltName(names))| names);
        Some(Self {
            from: moment(inner.validity.not_before)?,
            until: moment(inner.validity.not_after)?,
            names: names.unwrap_or_default().iter().filter_map(name).collect(),
            der: der.clone().into_owned(),
        })
    }

    /// The first moment at which it holds.
    #[must_use]
    pub const fn begins(&self) -> Timestamp {
        self.from
    }

    /// The last moment at which it holds.
    #[must_use]
    pub const fn ends(&self) -> Timestamp {
        self.until
    }

    /// The hosts that it is for.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How it stands at this moment.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        let soon = SOON.min((self.until - self.from) / SHARE);
        match self.until - now {
            _ if now < self.from => Standing::Early,
            left if left < TimeDelta::zero() => Standing::Over,
            left if left < soon => Standing::Ending,
            _ => Standing::Holds,
        }
    }

    /// Whether callers of this host, a name or an address, accept it (RFC 9525, section 6).
    #[must_use]
    pub fn is_for(&self, host: &str) -> bool {
        let Ok(host) = ServerName::try_from(host) else { return false };
        ParsedCertificate::try_from(&self.der).is_ok_and(|certificate| verify_server_name(&certificate, &host).is_ok())
    }
}

/// A host's name or address as people write it; nothing of other kinds of names, which no caller goes by.
fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let short = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
            short.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    /// A certificate for this time, in days of 2026-01.
    fn certificate(names: &[&str], from: u8, until: (i32, u8, u8)) -> Certificate {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.not_before = date_time_ymd(2026, 1, from);
        params.not_after = date_time_ymd(until.0, until.1, until.2);
        let key = KeyPair::generate().expect("a key");
        Certificate::read(params.self_signed(&key).expect("a certificate").der()).expect("one that can be read")
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn a_certificate_stands_as_its_dates_say() {
        let year = certificate(&["shop.example"], 10, (2027, 1, 10));
        for (moment, standing) in [
            ("2026-01-09T23:59:59Z", Standing::Early),
            ("2026-01-10T00:00:00Z", Standing::Holds),
            ("2026-12-11T00:00:00Z", Standing::Holds),
            ("2026-12-11T00:00:01Z", Standing::Ending),
            ("2027-01-10T00:00:00Z", Standing::Ending),
            ("2027-01-10T00:00:01Z", Standing::Over),
        ] {
            assert_eq!(year.standing(at(moment)), standing, "{moment}");
        }
    }

    #[test]
    fn what_was_made_for_a_week_does_not_end_soon_from_its_first_day() {
        let week = certificate(&["shop.example"], 1, (2026, 1, 7));
        assert_eq!(week.standing(at("2026-01-04T23:00:00Z")), Standing::Holds);
        assert_eq!(week.standing(at("2026-01-05T01:00:00Z")), Standing::Ending);
    }

    #[test]
    fn hosts_are_told_and_judged_as_browsers_do() {
        let names = ["shop.example", "*.shop.example", "127.0.0.1", "::1"];
        let certificate = certificate(&names, 1, (2027, 1, 1));
        assert_eq!(certificate.names(), names);
        for host in ["shop.example", "SHOP.example", "api.shop.example", "127.0.0.1", "::1"] {
            assert!(certificate.is_for(host), "{host}");
        }
        for host in ["example", "a.b.shop.example", "other.example", "127.0.0.2", "", "a b"] {
            assert!(!certificate.is_for(host), "{host}");
        }
    }

    #[test]
    fn what_is_no_certificate_is_not_read() {
        assert_eq!(Certificate::read(&CertificateDer::from(b"nonsense".to_vec())), None);
    }
}
