//! Pages of other origins that may call: told to browsers as the Fetch standard has it (CORS protocol).
//!
//! Off unless origins are configured. Nothing here refuses a request: browsers do, by what the answer says. Credentials
//! travel in headers that scripts set themselves, never in cookies, so `Access-Control-Allow-Credentials` is not needed.

use http::Method;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderMap, HeaderName,
    HeaderValue, ORIGIN, VARY,
};
use http::request::Parts;
use std::fmt;

/// Request headers that the API knows beyond those that browsers always allow.
const TAKEN: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, idempotency-key, if-match, if-none-match, traceparent, tracestate, x-api-key, x-request-id",
);
/// Answer headers beyond those that scripts may always read.
const TOLD: HeaderValue = HeaderValue::from_static(
    "age, content-length, deprecation, etag, idempotent-replayed, link, location, ratelimit, ratelimit-policy, \
     retry-after, sunset, traceresponse, vary, www-authenticate, x-request-id",
);
/// How long a browser need not ask again; two hours are the most that any grants.
const REMEMBERED: HeaderValue = HeaderValue::from_static("7200");

/// The origins whose pages may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cors {
    /// All of them.
    Anyone,
    /// These, as browsers write them: scheme, host, and the port if it is not the scheme's own.
    These(Vec<String>),
}

impl fmt::Display for Cors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anyone => out.write_str("*"),
            Self::These(origins) => out.write_str(&origins.join(",")),
        }
    }
}

/// What an answer has to say.
#[derive(Debug)]
pub(super) struct Leave {
    /// The origin that may read it; nobody else's, if none.
    origin: Option<HeaderValue>,
    /// Whether the answer depends on who asks.
    varies: bool,
    preflight: bool,
}

impl Cors {
    /// What to tell the browser that sent this.
    pub(super) fn judge(&self, parts: &Parts) -> Leave {
        let sent = parts.headers.get(ORIGIN);
        let origin = match self {
            Self::Anyone => sent.map(|_| HeaderValue::from_static("*")),
            Self::These(known) => {
                sent.filter(|sent| known.iter().any(|origin| origin.as_bytes() == sent.as_bytes())).cloned()
            }
        };
        let preflight = parts.method == Method::OPTIONS && parts.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        Leave { origin, varies: matches!(self, Self::These(_)), preflight }
    }
}

impl Leave {
    /// Tells it.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        if self.varies {
            // One kept by a cache without this would be read to another origin.
            headers.append(VARY, HeaderValue::from_static("origin"));
        }
        let Some(origin) = self.origin else { return };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if !self.preflight {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, TOLD);
            return;
        }
        if let Some(methods) = headers.get(ALLOW).cloned() {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        }
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, TAKEN);
        headers.insert(ACCESS_CONTROL_MAX_AGE, REMEMBERED);
    }
}

/// Names in a list as a header has it.
#[must_use]
pub fn allowed_headers() -> Vec<HeaderName> {
    names(&TAKEN)
}

/// Names of answer headers that scripts of other origins may read.
#[must_use]
pub fn exposed_headers() -> Vec<HeaderName> {
    names(&TOLD)
}

fn names(list: &HeaderValue) -> Vec<HeaderName> {
    let text = list.to_str().unwrap_or_default();
    text.split(", ").filter_map(|name| name.parse().ok()).collect()
}
