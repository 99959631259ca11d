//! Media types: which body a request brings, which answer it takes.

use crate::problem::{Problem, kinds};
use crate::{HeaderMap, Operation, header};

pub const JSON: &str = "application/json";
pub const PROBLEM_JSON: &str = "application/problem+json";
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The media type without its parameters.
fn essence(value: &str) -> &str {
    value.split_once(';').map_or(value, |(essence, _)| essence).trim()
}

/// Whether this `Content-Type` is one that the operation takes, and the body is not encoded.
///
/// # Errors
/// 415 with `Accept` or `Accept-Encoding` (RFC 9110, section 15.5.16) otherwise.
pub fn check_content_type(operation: &Operation, headers: &HeaderMap) -> Result<(), Problem> {
    check_content_encoding(headers)?;
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let known = operation.consumes.iter().any(|known| known.eq_ignore_ascii_case(essence(sent)));
    if known && charset_is_utf8(sent) {
        return Ok(());
    }
    let takes = operation.consumes.join(", ");
    let detail =
        if known { "Send the body in UTF-8.".to_owned() } else { format!("Send the body with Content-Type: {takes}.") };
    Err(Problem::new(kinds::UNSUPPORTED_MEDIA_TYPE, detail).with_header(header::ACCEPT, &takes))
}

/// Compressed bodies are not taken: they are small, and inflating them for strangers is a risk.
fn check_content_encoding(headers: &HeaderMap) -> Result<(), Problem> {
    let plain = |value: &header::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).iter().all(plain) {
        return Ok(());
    }
    let problem = Problem::new(kinds::UNSUPPORTED_MEDIA_TYPE, "Send the body as it is, without Content-Encoding.");
    Err(problem.with_header(header::ACCEPT_ENCODING, "identity"))
}

fn charset_is_utf8(value: &str) -> bool {
    value.split(';').skip(1).filter_map(|parameter| parameter.split_once('=')).all(|(name, value)| {
        let value = value.trim().trim_matches('"');
        !name.trim().eq_ignore_ascii_case("charset")
            || value.eq_ignore_ascii_case("utf-8")
            || value.eq_ignore_ascii_case("utf8")
            || value.eq_ignore_ascii_case("us-ascii")
    })
}

/// Whether `Accept` leaves room for an answer in JSON.
///
/// Generated clients send all kinds of `Accept`; only one that rules out JSON and problems alike is refused.
///
/// # Errors
/// 406 when it does not.
pub fn check_accept(operation: &Operation, headers: &HeaderMap) -> Result<(), Problem> {
    if operation.produces.is_empty() {
        return Ok(());
    }
    let mut sent = headers.get_all(header::ACCEPT).iter().peekable();
    if sent.peek().is_none() {
        return Ok(());
    }
    let welcome = |range: &str| range_takes_json(range, operation.produces);
    // What nearly all send needs no reading.
    let usual = |value: &header::HeaderValue| matches!(value.as_bytes(), b"*/*" | b"application/json");
    let fits = |value: &str| value.trim().is_empty() || value.split(',').any(welcome);
    if sent.any(|value| usual(value) || value.to_str().is_ok_and(fits)) {
        return Ok(());
    }
    Err(Problem::new(kinds::NOT_ACCEPTABLE, format!("Answers here are {}.", operation.produces.join(", "))))
}

fn range_takes_json(range: &str, produces: &[&str]) -> bool {
    let refused = range
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='))
        .any(|(name, value)| name.trim().eq_ignore_ascii_case("q") && value.trim().parse::<f32>() == Ok(0.0));
    let range = essence(range);
    let known = ["*/*", "*", "application/*", JSON, PROBLEM_JSON];
    !refused && (known.iter().chain(produces).any(|known| range.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_takes_json_or_problems_is_served() {
        for accept in ["application/json", "*/*", "text/html, application/problem+json;q=0.1", "application/*;q=0.5"] {
            assert!(accept.split(',').any(|range| range_takes_json(range, &[JSON])), "{accept}");
        }
    }

    #[test]
    fn only_ranges_that_rule_json_out_are_refused() {
        for accept in ["image/png", "application/json;q=0", "text/*"] {
            assert!(!accept.split(',').any(|range| range_takes_json(range, &[JSON])), "{accept}");
        }
    }

    #[test]
    fn a_foreign_charset_is_noticed() {
        assert!(charset_is_utf8("application/json; charset=UTF-8"));
        assert!(!charset_is_utf8("application/json; charset=latin1"));
    }
}
