//! The door for those who forgot the `s`: it sends everybody to the same address under `https`, and does nothing else.

use super::body::Inbound;
use super::exchange::Answer;
use super::trace::Visit;
use contract::{Problem, Reply, problem::kinds};
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue, LOCATION};
use http::request::Parts;

/// Under which it is counted and logged.
pub const NAME: &str = "redirect_to_https";

/// Where HTTP is sent to.
pub struct Redirect {
    /// Scheme and authority, where they are configured.
    public: Option<String>,
    /// The port of the other door: what a request's own host gets, where nothing is configured.
    port: u16,
}

impl Redirect {
    /// To `public` if there is one, else to the host that each request names, at this port.
    #[must_use]
    pub fn new(public: Option<&str>, port: u16) -> Self {
        Self { public: public.map(str::to_owned), port }
    }

    fn target(&self, base: &str) -> String {
        if let Some(public) = &self.public {
            return public.clone();
        }
        let authority = base.split_once("://").map_or(base, |(_, authority)| authority);
        // An IPv6 address is full of colons, and ends with a bracket.
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        };
        if self.port == 443 { format!("https://{host}") } else { format!("https://{host}:{}", self.port) }
    }
}

impl Answer for Redirect {
    async fn answer(&self, parts: &Parts, _: Inbound, visit: &Visit) -> Result<Reply, Problem> {
        visit.note_operation(NAME);
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let location = format!("{}{path}", self.target(&visit.base()));
        let location = HeaderValue::try_from(location)
            .map_err(|_| Problem::new(kinds::MALFORMED_REQUEST, "The address cannot be written with https."))?;
        // Method and body are to be kept (RFC 9110, section 15.4.9).
        let mut reply = Reply::empty(StatusCode::PERMANENT_REDIRECT);
        reply.headers.insert(LOCATION, location);
        // Who moves the doors must not find old answers in the way.
        reply.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_stays_and_the_port_becomes_that_of_tls() {
        let standard = Redirect::new(None, 443);
        let other = Redirect::new(None, 8443);
        for (heard, at_443, at_8443) in [
            ("http://shop.example", "https://shop.example", "https://shop.example:8443"),
            ("http://shop.example:8080", "https://shop.example", "https://shop.example:8443"),
            ("http://[::1]:8080", "https://[::1]", "https://[::1]:8443"),
            ("http://[::1]", "https://[::1]", "https://[::1]:8443"),
        ] {
            assert_eq!((&*standard.target(heard), &*other.target(heard)), (at_443, at_8443));
        }
        assert_eq!(Redirect::new(Some("https://a.example"), 8443).target("http://b"), "https://a.example");
    }
}
