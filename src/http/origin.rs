//! Who calls, and under which address they reach us, when proxies may stand between.
//!
//! `X-Forwarded-*` is believed from configured networks only: from anyone else it is a claim that costs nothing.

use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use ipnet::IpNet;
use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What is known of the way to this server.
#[derive(Debug, Clone)]
pub struct Origin {
    public: Option<Arc<str>>,
    local: Arc<str>,
    trusted: Arc<[IpNet]>,
    /// Whether this server ends TLS itself.
    tls: bool,
}

/// Scheme and authority of a request's own view of this server; cheap until it is written.
#[derive(Debug, Clone)]
pub enum Base {
    /// As configured, or of this machine when the request names no host.
    Known(Arc<str>),
    /// As the request says; of this machine when it says nonsense, which is only looked at when it is written.
    Heard { https: bool, authority: HeaderValue, local: Arc<str> },
}

impl Base {
    /// Such as `https://shop.example`, without a final slash.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        match self {
            Self::Known(base) => Cow::Borrowed(base),
            Self::Heard { authority, local, .. } if !is_authority(authority.as_bytes()) => Cow::Borrowed(local),
            Self::Heard { https, authority, .. } => {
                let scheme = if *https { "https://" } else { "http://" };
                Cow::Owned([scheme, authority.to_str().unwrap_or_default()].concat())
            }
        }
    }
}

impl Base {
    /// Writes down what tells the views of different requests apart: nothing, when all have the same.
    pub(super) fn write_to(&self, key: &mut String) {
        if let Self::Heard { .. } = self {
            key.push_str(&self.as_str());
        }
    }
}

impl Origin {
    /// `public` is the configured base, `local` the address that is really listened on.
    #[must_use]
    pub fn new(public: Option<&str>, local: SocketAddr, trusted: &[IpNet]) -> Self {
        let local = here("http", local).into();
        Self { public: public.map(Arc::from), local, trusted: trusted.into(), tls: false }
    }

    /// The same, reached by TLS that this server ends itself at `local`.
    #[must_use]
    pub fn by_tls(self, local: SocketAddr) -> Self {
        Self { local: here("https", local).into(), tls: true, ..self }
    }

    /// The configured base, or the one of this machine: for what has no request, such as a token's issuer.
    #[must_use]
    pub fn fixed(&self) -> &str {
        self.public.as_ref().unwrap_or(&self.local)
    }

    /// This machine's own address, whatever is configured.
    #[must_use]
    pub fn nearby(&self) -> &str {
        &self.local
    }

    /// Whether callers reach this server by TLS, by configuration.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.tls || self.public.as_ref().is_some_and(|public| public.starts_with("https://"))
    }

    /// The caller's address: the last one that no trusted proxy has.
    #[must_use]
    pub fn client_ip(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        let hops = headers.get_all(FORWARDED_FOR).iter().rev();
        for hop in hops.flat_map(|value| value.to_str().unwrap_or("?").rsplit(',')) {
            // What a trusted proxy did not understand, nobody vouches for: the proxy stays the caller.
            let Some(ip) = address(hop.trim()) else { break };
            client = ip;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    /// How the request reached this server; `host` is its `Host` header.
    #[must_use]
    pub fn base(&self, peer: IpAddr, parts: &Parts, host: Option<&HeaderValue>) -> Base {
        if let Some(public) = &self.public {
            return Base::Known(Arc::clone(public));
        }
        let (mut https, mut authority) = (self.tls, host.cloned());
        if !self.trusted.is_empty() && self.trusts(peer.to_canonical()) {
            let forwarded = |name| parts.headers.get(name).filter(|value| is_plain(value));
            let said = forwarded(FORWARDED_PROTO);
            https = said.map_or(https, |scheme| scheme.as_bytes().eq_ignore_ascii_case(b"https"));
            authority = forwarded(FORWARDED_HOST).cloned().or(authority);
        }
        let in_target = || HeaderValue::from_str(parts.uri.authority()?.as_str()).ok();
        match authority.or_else(in_target) {
            Some(authority) => Base::Heard { https, authority, local: Arc::clone(&self.local) },
            None => Base::Known(Arc::clone(&self.local)),
        }
    }

    /// Whether it is believed what this peer says of others.
    pub(super) fn trusts(&self, ip: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&ip))
    }
}

/// The address of this machine to type into a browser: a wildcard is nothing to connect to.
fn here(scheme: &str, local: SocketAddr) -> String {
    match local.ip() {
        ip if !ip.is_unspecified() => format!("{scheme}://{local}"),
        IpAddr::V4(_) => format!("{scheme}://127.0.0.1:{}", local.port()),
        IpAddr::V6(_) => format!("{scheme}://[::1]:{}", local.port()),
    }
}

/// Several proxies in a row append to a list, which names no single scheme or host.
fn is_plain(value: &HeaderValue) -> bool {
    !value.as_bytes().contains(&b',')
}

/// Whether bytes may stand as host and port in an address that we write: letters, digits and little else.
fn is_authority(bytes: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    (1..=255).contains(&bytes.len()) && bytes.iter().all(allowed)
}

/// An address with or without a port, as proxies write it.
fn address(hop: &str) -> Option<IpAddr> {
    let ip = hop.parse::<IpAddr>().ok();
    let ip = ip.or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    let ip = ip.or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok());
    ip.map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;
    use http::header::HOST;

    fn origin(public: Option<&str>, trusted: &[&str]) -> Origin {
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        Origin::new(public, "127.0.0.1:8080".parse().unwrap(), &trusted)
    }

    fn parts(headers: &[(&'static str, &'static str)]) -> Parts {
        let mut request = Request::builder().uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn base(origin: &Origin, peer: &str, parts: &Parts) -> String {
        origin.base(ip(peer), parts, parts.headers.get(HOST)).as_str().into_owned()
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_strangers_claim_about_its_address_is_ignored() {
        let headers = parts(&[("x-forwarded-for", "1.2.3.4")]).headers;
        assert_eq!(origin(None, &[]).client_ip(ip("9.9.9.9"), &headers), ip("9.9.9.9"));
        assert_eq!(origin(None, &["10.0.0.0/8"]).client_ip(ip("9.9.9.9"), &headers), ip("9.9.9.9"));
    }

    #[test]
    fn behind_trusted_proxies_the_last_untrusted_hop_is_the_caller() {
        let origin = origin(None, &["10.0.0.0/8", "::1/128"]);
        let caller = |headers| origin.client_ip(ip("10.0.0.1"), &parts(headers).headers);
        assert_eq!(caller(&[("x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.9.9.9")]), ip("1.2.3.4"));
        assert_eq!(caller(&[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "1.2.3.4:4711")]), ip("1.2.3.4"));
        assert_eq!(caller(&[("x-forwarded-for", "[2001:db8::7]:80")]), ip("2001:db8::7"));
        assert_eq!(caller(&[("x-forwarded-for", "10.1.1.1")]), ip("10.1.1.1"));
        assert_eq!(caller(&[("x-forwarded-for", "1.2.3.4, nonsense")]), ip("10.0.0.1"));
        assert_eq!(caller(&[]), ip("10.0.0.1"));
        let mapped = origin.client_ip(ip("::ffff:10.0.0.1"), &parts(&[("x-forwarded-for", "::ffff:1.2.3.4")]).headers);
        assert_eq!(mapped, ip("1.2.3.4"));
    }

    #[test]
    fn the_configured_address_wins_over_what_requests_say() {
        let origin = origin(Some("https://shop.example"), &["10.0.0.0/8"]);
        let heard = parts(&[("host", "evil.example"), ("x-forwarded-host", "evil.example")]);
        assert_eq!(base(&origin, "10.0.0.1", &heard), "https://shop.example");
        assert_eq!(origin.fixed(), "https://shop.example");
    }

    #[test]
    fn without_a_configured_address_the_host_counts_and_proxies_may_correct_it() {
        let origin = origin(None, &["10.0.0.0/8"]);
        let heard = parts(&[("host", "shop:81"), ("x-forwarded-host", "outside"), ("x-forwarded-proto", "https")]);
        assert_eq!(base(&origin, "9.9.9.9", &heard), "http://shop:81");
        assert_eq!(base(&origin, "10.0.0.1", &heard), "https://outside");
        let odd = parts(&[("host", "a\"b")]);
        assert_eq!(base(&origin, "9.9.9.9", &odd), "http://127.0.0.1:8080");
    }

    #[test]
    fn where_this_server_ends_tls_addresses_say_so() {
        let local = "127.0.0.1:8443".parse().unwrap();
        let secure = origin(None, &["10.0.0.0/8"]).by_tls(local);
        assert!(secure.is_secure() && !origin(None, &[]).is_secure());
        assert_eq!(secure.fixed(), "https://127.0.0.1:8443");
        assert_eq!(base(&secure, "9.9.9.9", &parts(&[("host", "shop:81")])), "https://shop:81");
        let proxied = parts(&[("host", "shop"), ("x-forwarded-proto", "http")]);
        assert_eq!(base(&secure, "10.0.0.1", &proxied), "http://shop");
        assert_eq!(base(&secure, "10.0.0.1", &parts(&[("host", "shop")])), "https://shop");
    }

    #[test]
    fn a_wildcard_is_shown_as_an_address_that_can_be_typed() {
        let shown = |local: &str| Origin::new(None, local.parse().unwrap(), &[]).fixed().to_owned();
        assert_eq!(shown("0.0.0.0:80"), "http://127.0.0.1:80");
        assert_eq!(shown("[::]:80"), "http://[::1]:80");
        assert_eq!(shown("[2001:db8::1]:80"), "http://[2001:db8::1]:80");
    }
}
