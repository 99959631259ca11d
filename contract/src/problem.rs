//! Problem details (RFC 9457): the one shape of every failure.

use crate::violations::{Violation, Violations};
use crate::{Bytes, HeaderName, HeaderValue, Reply, StatusCode};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A kind of problem: its stable code, its status and its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    pub code: &'static str,
    pub status: u16,
    pub title: &'static str,
}

/// The kinds that this runtime itself answers. A document that is served by it must declare them.
pub mod kinds {
    use super::Kind;

    macro_rules! kinds {
        ($($name:ident $status:literal $code:literal $title:literal;)*) => {
            $(pub const $name: Kind = Kind { code: $code, status: $status, title: $title };)*
            /// All of them, for the check that the document declares each.
            pub const ALL: &[Kind] = &[$($name),*];
        };
    }

    kinds! {
        MALFORMED_REQUEST 400 "malformed_request" "Malformed request";
        INVALID_JSON 400 "invalid_json" "Invalid JSON";
        INVALID_REQUEST 400 "invalid_request" "Invalid request";
        UNAUTHENTICATED 401 "unauthenticated" "Authentication required";
        INVALID_TOKEN 401 "invalid_token" "Invalid token";
        INVALID_CLIENT 401 "invalid_client" "Invalid client";
        INSUFFICIENT_SCOPE 403 "insufficient_scope" "Insufficient scope";
        NOT_FOUND 404 "not_found" "Not found";
        METHOD_NOT_ALLOWED 405 "method_not_allowed" "Method not allowed";
        NOT_ACCEPTABLE 406 "not_acceptable" "Not acceptable";
        REQUEST_TIMEOUT 408 "request_timeout" "Request timeout";
        BODY_TOO_LARGE 413 "body_too_large" "Body too large";
        URI_TOO_LONG 414 "uri_too_long" "URI too long";
        UNSUPPORTED_MEDIA_TYPE 415 "unsupported_media_type" "Unsupported media type";
        EXPECTATION_FAILED 417 "expectation_failed" "Expectation failed";
        VALIDATION_FAILED 422 "validation_failed" "Validation failed";
        RATE_LIMITED 429 "rate_limited" "Too many requests";
        HEADERS_TOO_LARGE 431 "headers_too_large" "Headers too large";
        INTERNAL_ERROR 500 "internal_error" "Internal error";
        NOT_IMPLEMENTED 501 "not_implemented" "Not implemented";
        OVERLOADED 503 "overloaded" "Overloaded";
    }
}

/// A failure on its way to the caller.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    kind: Kind,
    detail: Cow<'static, str>,
    errors: Vec<Violation>,
    errors_total: usize,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Cause>,
}

/// What broke, for the log only: no answer ever tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Which error it was, by the name of its type or variant.
    pub kind: String,
    /// What it says, and what its causes say, the outermost first.
    pub chain: String,
}

impl Cause {
    fn of(error: &dyn std::error::Error) -> Self {
        // How `Debug` is derived, a value begins with the name of its type or variant.
        let shown = format!("{error:?}");
        let kind = shown.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
        let mut chain = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // Many errors say what their cause says, and it once more is no news.
            if !chain.ends_with(&text) {
                chain.push_str(": ");
                chain.push_str(&text);
            }
            cause = error.source();
        }
        Self { kind: kind.to_owned(), chain }
    }
}

/// What only the request at hand knows of a problem.
#[derive(Debug, Clone, Copy)]
pub struct Occurrence<'a> {
    /// Scheme and authority under which `/problems/` is served, without a final slash.
    pub base: &'a str,
    /// The request's path.
    pub instance: &'a str,
    pub request_id: &'a str,
    pub timestamp: DateTime<Utc>,
}

impl Problem {
    /// A problem of this kind; `detail` is for people and says how to mend it.
    #[must_use]
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Parts {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            errors_total: 0,
            members: Map::new(),
            headers: Vec::new(),
            cause: None,
        }))
    }

    /// Notes which error it was, for the log.
    #[must_use]
    pub fn caused_by(mut self, error: &dyn std::error::Error) -> Self {
        self.0.cause = Some(Cause::of(error));
        self
    }

    /// Which error it was, if somebody noted that.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.0.cause.as_ref()
    }

    /// Input that is well-formed but wrong: all faults of it.
    #[must_use]
    pub fn invalid(violations: Violations) -> Self {
        let total = violations.told();
        let shown = violations.into_shown();
        let mut problem = Self::new(kinds::VALIDATION_FAILED, fault_count(total, shown.len()));
        problem.0.errors_total = total;
        problem.0.errors = shown;
        problem
    }

    /// Like [`Problem::invalid`], for faults that a rule outside the decoder found.
    #[must_use]
    pub fn invalid_because(errors: Vec<Violation>) -> Self {
        let mut problem = Self::new(kinds::VALIDATION_FAILED, fault_count(errors.len(), errors.len()));
        problem.0.errors_total = errors.len();
        problem.0.errors = errors;
        problem
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// Adds a header to the answer; a value that no header can carry is left out.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.push((name, value));
        }
        self
    }

    /// Adds headers to the answer.
    #[must_use]
    pub fn with_headers(mut self, headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>) -> Self {
        self.0.headers.extend(headers);
        self
    }

    /// Adds an extension member (RFC 9457, section 3.2).
    #[must_use]
    pub fn with_member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds RFC 6749's members (section 5.2): its `error` codes are our codes where both have one.
    #[must_use]
    pub fn as_oauth(mut self) -> Self {
        const OF_THE_RFC: [&str; 7] = [
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope",
            "invalid_token",
            "insufficient_scope",
        ];
        if [kinds::VALIDATION_FAILED, kinds::INVALID_JSON, kinds::MALFORMED_REQUEST].contains(&self.0.kind) {
            self.0.kind = kinds::INVALID_REQUEST;
        }
        let error = match self.0.kind.code {
            code if OF_THE_RFC.contains(&code) => code,
            // Nobody said who they are: no client authentication was included (RFC 6749, section 5.2).
            "unauthenticated" => "invalid_client",
            _ if self.0.kind.status == 503 => "temporarily_unavailable",
            _ if self.0.kind.status >= 500 => "server_error",
            _ => "invalid_request",
        };
        let description = self.0.detail.to_string();
        self.with_member("error", error).with_member("error_description", description)
    }

    /// The answer.
    #[must_use]
    pub fn into_reply(self, at: &Occurrence<'_>) -> Reply {
        #[derive(Serialize)]
        struct Document<'a> {
            r#type: String,
            title: &'a str,
            status: u16,
            detail: &'a str,
            instance: &'a str,
            code: &'a str,
            request_id: &'a str,
            timestamp: String,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            errors: &'a [Violation],
            #[serde(skip_serializing_if = "Option::is_none")]
            errors_total: Option<usize>,
            #[serde(flatten)]
            members: &'a Map<String, Value>,
        }
        let parts = *self.0;
        let document = Document {
            r#type: format!("{}/problems/{}", at.base, parts.kind.code),
            title: parts.kind.title,
            status: parts.kind.status,
            detail: &parts.detail,
            instance: at.instance,
            code: parts.kind.code,
            request_id: at.request_id,
            timestamp: at.timestamp.to_rfc3339_opts(SecondsFormat::Millis, true),
            errors: &parts.errors,
            errors_total: (parts.errors_total > parts.errors.len()).then_some(parts.errors_total),
            members: &parts.members,
        };
        // Strings and numbers only: serialisation cannot fail.
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut reply = Reply::empty(StatusCode::from_u16(parts.kind.status).unwrap_or_default());
        reply.put(HeaderValue::from_static(crate::media::PROBLEM_JSON), Bytes::from(body));
        for (name, value) in parts.headers {
            reply.headers.append(name, value);
        }
        reply
    }
}

fn fault_count(total: usize, shown: usize) -> String {
    match total {
        1 => "One thing in the request must change; see `errors`.".to_owned(),
        n if n > shown => format!("{n} things in the request must change; `errors` shows the first {shown}."),
        n => format!("{n} things in the request must change; see `errors`."),
    }
}
