//! What HTTP itself forbids, judged before anybody asks what the request is about.
//!
//! hyper parses and frames messages; whether `Host`, the transfer coding and the expectation make sense it leaves to
//! the application (RFC 9110, sections 7.2 and 10.1.1; RFC 9112, sections 3.2 and 6.1).

use super::head::Head;
use contract::problem::{Problem, kinds};
use contract::reply::Reply;
use http::header::{ALLOW, CONNECTION, HeaderValue};
use http::request::Parts;
use http::{Method, StatusCode, Version};

/// The answer of the gate, or nothing when the request may pass.
pub(super) fn judge(parts: &Parts, head: &Head<'_>, longest_target: usize) -> Option<Result<Reply, Problem>> {
    if let Err(problem) = pass(parts, head, longest_target) {
        return Some(Err(problem));
    }
    (parts.uri.path() == "*").then(|| about_the_server(&parts.method))
}

fn pass(parts: &Parts, head: &Head<'_>, longest_target: usize) -> Result<(), Problem> {
    let target = parts.uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target > longest_target {
        let detail = format!("Path and query may have at most {longest_target} bytes together.");
        return Err(Problem::new(kinds::URI_TOO_LONG, detail).with_header(CONNECTION, "close"));
    }
    if parts.method == Method::CONNECT {
        return Err(Problem::new(kinds::NOT_IMPLEMENTED, "This server is no proxy: CONNECT leads nowhere."));
    }
    // HTTP/2 names the host in its target; HTTP/1.0 need not name one.
    if parts.version == Version::HTTP_11 || (parts.version == Version::HTTP_2 && parts.uri.authority().is_none()) {
        host(head)?;
    }
    coding(head)?;
    expectation(head)
}

fn host(head: &Head<'_>) -> Result<(), Problem> {
    let detail = match (head.hosts, head.host) {
        (1, Some(host)) if is_host(host) => return Ok(()),
        (1, Some(_)) => "The Host header names no host.",
        (0, _) => "Send a Host header.",
        _ => "Send one Host header, not several.",
    };
    Err(Problem::new(kinds::MALFORMED_REQUEST, detail))
}

/// A host may be empty where the scheme allows it, and may hold what URIs allow in a registered name.
fn is_host(host: &HeaderValue) -> bool {
    host.as_bytes().iter().all(|byte| IN_HOSTS[usize::from(*byte)])
}

/// By byte: a look into a table for each costs a fraction of comparing.
const IN_HOSTS: [bool; 256] = {
    let mut allowed = [false; 256];
    let mut it = 0_u8;
    while it < 128 {
        allowed[it as usize] = it.is_ascii_alphanumeric()
            || matches!(it, b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',')
            || matches!(it, b';' | b'=' | b':' | b'[' | b']' | b'%');
        it += 1;
    }
    allowed
};

fn coding(head: &Head<'_>) -> Result<(), Problem> {
    match (head.codings, head.coding) {
        (0, _) => Ok(()),
        (1, Some(only)) if only.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked") => Ok(()),
        _ => Err(Problem::new(kinds::NOT_IMPLEMENTED, "The only transfer coding known here is `chunked`.")),
    }
}

fn expectation(head: &Head<'_>) -> Result<(), Problem> {
    match head.expect {
        Some(expected) if !expected.as_bytes().eq_ignore_ascii_case(b"100-continue") => {
            Err(Problem::new(kinds::EXPECTATION_FAILED, "The only expectation met here is `100-continue`."))
        }
        _ => Ok(()),
    }
}

/// `*` means the server as a whole, of which only OPTIONS may ask (RFC 9110, section 9.3.7).
fn about_the_server(method: &Method) -> Result<Reply, Problem> {
    if *method != Method::OPTIONS {
        return Err(Problem::new(kinds::MALFORMED_REQUEST, "Only OPTIONS may ask for `*`."));
    }
    let mut reply = Reply::empty(StatusCode::NO_CONTENT);
    reply.headers.insert(ALLOW, HeaderValue::from_static("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"));
    Ok(reply)
}
