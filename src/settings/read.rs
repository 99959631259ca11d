//! From the text of one setting to its value, or to the sentence that says how to write it.

use super::{Fault, Profile, PublicUrl};
use crate::http::cors::Cors;
use crate::telemetry::{self, Format};
use http::Uri;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;
use tracing::level_filters::LevelFilter;

/// One setting's text with its name.
pub(super) struct Named {
    name: &'static str,
    value: Option<String>,
}

impl Named {
    pub(super) fn new(name: &'static str, value: Option<String>) -> Self {
        let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        Self { name, value }
    }

    pub(super) fn given(self) -> Option<String> {
        self.value
    }

    pub(super) fn or(self, default: &str) -> String {
        self.value.unwrap_or_else(|| default.to_owned())
    }

    /// `SHOPKEEPER_LISTEN (--listen)`
    fn title(&self) -> String {
        format!("SHOPKEEPER_{} (--{})", self.name, self.name.to_lowercase().replace('_', "-"))
    }

    fn fault(&self, value: &str, problem: &str) -> Fault {
        Fault(format!("{} is `{value}`, {problem}", self.title()))
    }

    /// A fault of a value that has only a few forms.
    fn none_of(&self, value: &str, choices: &[&str]) -> Fault {
        let listed = choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(" or ");
        match nearest(value, choices.iter().copied()) {
            Some(meant) => self.fault(value, &format!("which is none of {listed}: did you mean {meant}?")),
            None => self.fault(value, &format!("which it cannot be: write {listed}.")),
        }
    }

    pub(super) fn profile(self) -> Result<Profile, Fault> {
        match self.value.as_deref() {
            None | Some("development") => Ok(Profile::Development),
            Some("production") => Ok(Profile::Production),
            Some(other) => Err(self.none_of(other, &["development", "production"])),
        }
    }

    pub(super) fn switch(self, default: bool) -> Result<bool, Fault> {
        match self.value.as_deref() {
            None => Ok(default),
            Some("on" | "true" | "1" | "yes") => Ok(true),
            Some("off" | "false" | "0" | "no") => Ok(false),
            Some(other) => Err(self.fault(other, "which is no switch: write `on` or `off`.")),
        }
    }

    pub(super) fn log_format(self) -> Result<Format, Fault> {
        match self.value.as_deref() {
            None | Some("auto") => Ok(Format::of_standard_error()),
            Some("json") => Ok(Format::Json),
            Some("text") => Ok(Format::text()),
            Some(other) => Err(self.none_of(other, &["auto", "json", "text"])),
        }
    }

    pub(super) fn address(self, default: &str) -> Result<SocketAddr, Fault> {
        let text = self.value.as_deref().unwrap_or(default);
        let numeric =
            text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
        numeric
            .parse()
            .map_err(|_| self.fault(text, "which is no address with a port: write it as 127.0.0.1:8080 or [::1]:8080."))
    }

    pub(super) fn maybe_address(self) -> Result<Option<SocketAddr>, Fault> {
        if self.value.is_none() {
            return Ok(None);
        }
        self.address("").map(Some)
    }

    /// Origins as browsers write them, or `*`.
    pub(super) fn origins(self) -> Result<Option<Cors>, Fault> {
        let Some(text) = self.value.as_deref() else { return Ok(None) };
        if text == "*" {
            return Ok(Some(Cors::Anyone));
        }
        let entries = text.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty());
        let origins = entries.map(|entry| {
            let url = Self { name: self.name, value: Some(entry.to_owned()) }.public_url().ok().flatten();
            // A port that the scheme implies is never sent, so it would never match.
            url.map(|url| origin(url.as_str())).ok_or_else(|| {
                let mend = "which is no origin: write scheme, host and port as https://app.example, or `*` for all.";
                Fault(format!("{} has `{entry}`, {mend}", self.title()))
            })
        });
        origins.collect::<Result<_, _>>().map(|origins| Some(Cors::These(origins)))
    }

    /// A web address to which paths are appended.
    pub(super) fn endpoint(self) -> Result<Option<String>, Fault> {
        let Some(text) = self.value.as_deref() else { return Ok(None) };
        let uri: Option<Uri> = text.parse().ok();
        let known = |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.query().is_none();
        match uri.filter(known) {
            Some(_) => Ok(Some(text.trim_end_matches('/').to_owned())),
            None => Err(self.fault(text, "which is no web address: write it as http://127.0.0.1:4318.")),
        }
    }

    pub(super) fn public_url(self) -> Result<Option<PublicUrl>, Fault> {
        let Some(text) = self.value.as_deref() else { return Ok(None) };
        let uri: Option<Uri> = text.parse().ok();
        let scheme = uri.as_ref().and_then(Uri::scheme_str).filter(|scheme| matches!(*scheme, "http" | "https"));
        let (Some(uri), Some(scheme)) = (&uri, scheme) else {
            return Err(self.fault(text, "which is no web address: write it as https://shop.example."));
        };
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') || uri.query().is_some() || !matches!(uri.path(), "" | "/") {
            let mend = "which has more than scheme, host and port: write it as https://shop.example, without a path.";
            return Err(self.fault(text, mend));
        }
        Ok(Some(PublicUrl(format!("{scheme}://{}", authority.to_ascii_lowercase()))))
    }

    pub(super) fn networks(self) -> Result<Vec<IpNet>, Fault> {
        let Some(text) = self.value.as_deref() else { return Ok(Vec::new()) };
        let entries = text.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty());
        entries
            .map(|entry| {
                let network = entry.parse().ok().or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from));
                network.ok_or_else(|| {
                    let mend = "which is no network: write networks as 10.0.0.0/8,2001:db8::/32 or single addresses.";
                    Fault(format!("{} has `{entry}`, {mend}", self.title()))
                })
            })
            .collect()
    }

    pub(super) fn count(self, default: usize, range: RangeInclusive<usize>) -> Result<usize, Fault> {
        let Some(text) = self.value.as_deref() else { return Ok(default) };
        text.parse().ok().filter(|count| range.contains(count)).ok_or_else(|| {
            let mend =
                format!("which is no such count: write a whole number from {} to {}.", range.start(), range.end());
            self.fault(text, &mend)
        })
    }

    /// Bytes, written with a unit: `512KiB`, `32MiB`, `1GiB`, or without one.
    pub(super) fn bytes(self, default: &str) -> Result<u64, Fault> {
        let text = self.value.as_deref().unwrap_or(default);
        let (digits, unit) =
            text.split_at(text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len()));
        let shift = match unit.trim() {
            "" | "B" => Some(0),
            "KiB" => Some(10),
            "MiB" => Some(20),
            "GiB" => Some(30),
            _ => None,
        };
        let bytes = shift.and_then(|shift| digits.parse::<u64>().ok()?.checked_mul(1 << shift));
        bytes.ok_or_else(|| self.fault(text, "which is no amount of memory: write it as 32MiB, 512KiB or 1GiB."))
    }

    pub(super) fn time(self, default: &str) -> Result<Duration, Fault> {
        let text = self.value.as_deref().unwrap_or(default);
        duration(text)
            .filter(|time| (Duration::from_millis(1)..=Duration::from_hours(24)).contains(time))
            .ok_or_else(|| self.fault(text, "which is no time of at most a day: write it as 30s, 500ms or 2m."))
    }

    pub(super) fn time_or_off(self, default: &str) -> Result<Option<Duration>, Fault> {
        if self.value.as_deref() == Some("off") {
            return Ok(None);
        }
        let text = self.value.as_deref().unwrap_or(default).to_owned();
        let mend = "which is no time of at most a day: write it as 250ms or 1s, or `off`.";
        let wrong = self.fault(&text, mend);
        self.time(default).map(Some).map_err(|_| wrong)
    }

    /// As [`time`](Self::time), or no time at all, which is the default.
    pub(super) fn time_or_none(self) -> Result<Duration, Fault> {
        match self.value.as_deref().map(duration) {
            None | Some(Some(Duration::ZERO)) => Ok(Duration::ZERO),
            Some(_) => self.time("1s"),
        }
    }

    pub(super) fn filter(self, default: &str) -> Result<String, Fault> {
        let text = self.value.as_deref().unwrap_or(default);
        // A word alone would be taken for the name of a module, and silence all others.
        let known = |word: &str| word.contains(['=', '[', ':']) || word.parse::<LevelFilter>().is_ok();
        match telemetry::filter(text) {
            Ok(_) if !text.split(',').map(str::trim).all(known) => {
                Err(self.fault(text, "which is no level: write info, or by module as in warn,shopkeeper=debug."))
            }
            Ok(_) => Ok(text.to_owned()),
            Err(_) => Err(self.fault(text, "which is no level: write info, or by module as in warn,shopkeeper=debug.")),
        }
    }

    /// A secret given as it is, or as the name of a file that holds it.
    pub(super) fn secret(self, file: Option<String>) -> Result<Option<SecretString>, Fault> {
        let file = file.filter(|file| !file.trim().is_empty());
        let secret = match (&self.value, file) {
            (Some(_), Some(_)) => {
                let name = self.name;
                return Err(Fault(format!(
                    "SHOPKEEPER_{name} and SHOPKEEPER_{name}_FILE are both set: give one of them."
                )));
            }
            (Some(value), None) => Some(SecretString::from(value.as_str())),
            (None, Some(file)) => Some(self.secret_in(&file)?),
            (None, None) => None,
        };
        Ok(secret)
    }

    /// The address of a database.
    pub(super) fn database(self, file: Option<String>) -> Result<Option<SecretString>, Fault> {
        let mend = "names no database that this version knows: write it as sqlite:///var/lib/shop.db or \
                    postgres://user:password@host:5432/database.";
        self.secret_url(file, &["sqlite:", "postgres://", "postgresql://"], mend)
    }

    /// The address of a Valkey or Redis.
    pub(super) fn valkey(self, file: Option<String>) -> Result<Option<SecretString>, Fault> {
        let mend = "names no Valkey or Redis: write it as redis://127.0.0.1:6379 or rediss://valkey:6379.";
        self.secret_url(file, &["redis://", "rediss://"], mend)
    }

    /// As [`secret`](Self::secret), of an address that begins with one of these `schemes`. It may hold a password, so it is not
    /// repeated: `mend` ends the sentence that begins with the setting's name.
    fn secret_url(self, file: Option<String>, schemes: &[&str], mend: &str) -> Result<Option<SecretString>, Fault> {
        let title = self.title();
        let secret = self.secret(file)?;
        let is_known = |url: &SecretString| schemes.iter().any(|scheme| url.expose_secret().starts_with(scheme));
        if secret.as_ref().is_none_or(is_known) { Ok(secret) } else { Err(Fault(format!("{title} {mend}"))) }
    }

    fn secret_in(&self, file: &str) -> Result<SecretString, Fault> {
        let name = self.name;
        let text = std::fs::read_to_string(file).map_err(|error| {
            Fault(format!(
                "SHOPKEEPER_{name}_FILE is `{file}`, which cannot be read ({error}): name a file that is readable for \
                 this user."
            ))
        })?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(Fault(format!(
                "SHOPKEEPER_{name}_FILE is `{file}`, which is empty: write the secret into it."
            )));
        }
        Ok(SecretString::from(text))
    }
}

/// `30s`, `500ms`, `2m`, `1h`, or seconds without a unit.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    match unit.trim() {
        "ms" => Some(Duration::from_millis(number)),
        "s" | "" => Some(Duration::from_secs(number)),
        "m" | "min" => Some(Duration::from_secs(number.checked_mul(60)?)),
        "h" => Some(Duration::from_secs(number.checked_mul(3600)?)),
        _ => None,
    }
}

/// The origin of an address, as browsers write it in `Origin`.
fn origin(url: &str) -> String {
    let implied = if url.starts_with("https://") { ":443" } else { ":80" };
    url.strip_suffix(implied).unwrap_or(url).to_owned()
}

/// The choice that a slip of the pen was probably meant to be.
pub(super) fn nearest<'c>(text: &str, choices: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    const ALIKE: f64 = 0.85;
    let likeness = choices.map(|choice| (strsim::jaro_winkler(text, choice), choice));
    likeness
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .map(|(_, choice)| choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_unit_or_are_seconds() {
        assert_eq!(duration("30s"), Some(Duration::from_secs(30)));
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Some(Duration::from_mins(2)));
        assert_eq!(duration("1h"), Some(Duration::from_hours(1)));
        assert_eq!(duration("15"), Some(Duration::from_secs(15)));
        for wrong in ["", "s", "-1s", "1.5s", "10 parsecs", "99999999999999999999s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_public_url_is_kept_as_scheme_and_authority() {
        let read = |text: &str| Named::new("PUBLIC_URL", Some(text.to_owned())).public_url();
        assert_eq!(read("https://Shop.Example/").unwrap().unwrap().as_str(), "https://shop.example");
        assert_eq!(read("http://[::1]:8080").unwrap().unwrap().as_str(), "http://[::1]:8080");
        for (text, host) in
            [("https://shop.example:8443", "shop.example"), ("http://[::1]:8080", "::1"), ("http://a", "a")]
        {
            assert_eq!(read(text).unwrap().unwrap().host(), host);
        }
        for wrong in ["ftp://a", "https://u:p@a", "https://a?b", "//a", "https://a b"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn origins_are_kept_as_browsers_send_them() {
        let read = |text: &str| Named::new("CORS_ORIGINS", Some(text.to_owned())).origins();
        let these = ["https://app.example", "http://localhost:5173"].map(str::to_owned).to_vec();
        assert_eq!(read("https://App.example:443, http://localhost:5173/").unwrap(), Some(Cors::These(these)));
        assert_eq!(read("*").unwrap(), Some(Cors::Anyone));
        for wrong in ["app.example", "https://a, *", "https://a/b", "null"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn networks_are_ranges_or_single_addresses() {
        let read = |text: &str| Named::new("TRUSTED_PROXIES", Some(text.to_owned())).networks();
        assert_eq!(read("10.0.0.0/8, ::1").unwrap().len(), 2);
        assert!(read("10.0.0").is_err());
    }
}
