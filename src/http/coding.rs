//! Content codings: which one a caller wants, and what an answer looks like in it (RFC 9110, sections 8.4 and 12.5.3).

use crate::infra::compression::{Coding, Effort};
use bytes::Bytes;
use contract::Reply;
use http::StatusCode;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderMap, HeaderValue};

/// Below this many bytes an answer fits into the packet that is sent anyway.
const WORTHWHILE: usize = 1024;

/// The coding that the caller likes best; none for callers who do not ask or like the bytes as they are better.
pub(super) fn wanted(headers: &HeaderMap) -> Option<Coding> {
    let sent = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let ranges: Vec<(&str, f32)> = sent.flat_map(|value| value.split(',').map(weighed)).collect();
    let named =
        |name: &str| ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(name)).map(|(_, quality)| *quality);
    let anything = named("*");
    let plain = named("identity").unwrap_or(0.0);
    let mut best = None;
    let mut most = 0.0;
    // In our order of preference, so that of equals the first stays.
    for coding in Coding::ALL {
        let quality = named(coding.name()).or(anything).unwrap_or(0.0);
        if quality > most && quality >= plain {
            (best, most) = (Some(coding), quality);
        }
    }
    best
}

/// `gzip;q=0.5` as name and quality.
fn weighed(range: &str) -> (&str, f32) {
    let (name, parameters) = range.split_once(';').unwrap_or((range, ""));
    let quality = parameters
        .split(';')
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    (name.trim(), quality.map_or(1.0, |(_, value)| value.trim().parse().unwrap_or(0.0)))
}

/// The answer in this coding, or as it was when that would not make it shorter. Two forms are two representations: the coded
/// one has a tag of its own.
pub(super) fn encode(mut reply: Reply, coding: Coding, effort: Effort) -> Reply {
    if reply.status != StatusCode::OK || reply.body.len() < WORTHWHILE {
        return reply;
    }
    match coding.encode(&reply.body, effort) {
        Ok(encoded) if encoded.len() < reply.body.len() => reply.body = Bytes::from(encoded),
        _ => return reply,
    }
    reply.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    if let Some(tag) = reply.headers.get(ETAG).and_then(|tag| suffixed(tag, coding)) {
        reply.headers.insert(ETAG, tag);
    }
    reply
}

/// `"v3-0a1b2c3d"` as `"v3-0a1b2c3d-gzip"`, which conditions look past.
fn suffixed(tag: &HeaderValue, coding: Coding) -> Option<HeaderValue> {
    let opaque = tag.to_str().ok()?.strip_suffix('"')?;
    HeaderValue::from_str(&format!("{opaque}-{}\"", coding.name())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> Option<Coding> {
        wanted(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_str(value).expect("a header"))]))
    }

    #[test]
    fn the_caller_chooses_and_leaves_the_rest_to_us() {
        assert_eq!(of("gzip, deflate, br, zstd"), Some(Coding::Zstd));
        assert_eq!(of("gzip, deflate, br"), Some(Coding::Brotli));
        assert_eq!(of("br;q=0.5, GZIP;q=0.8"), Some(Coding::Gzip));
        assert_eq!(of("*"), Some(Coding::Zstd));
        assert_eq!(of("zstd;q=0, *;q=0.5"), Some(Coding::Brotli));
    }

    #[test]
    fn who_does_not_ask_gets_the_bytes_as_they_are() {
        for refusal in ["identity", "identity, gzip;q=0.5", "gzip;q=0", "", "deflate", "br;q=nonsense"] {
            assert_eq!(of(refusal), None, "{refusal}");
        }
        assert_eq!(wanted(&HeaderMap::new()), None);
    }

    #[test]
    fn small_answers_stay_as_they_are() {
        let mut reply = Reply::empty(StatusCode::OK);
        reply.body = Bytes::from(vec![b'a'; WORTHWHILE - 1]);
        assert!(!encode(reply.clone(), Coding::Gzip, Effort::Once).headers.contains_key(CONTENT_ENCODING));
        reply.body = Bytes::from(vec![b'a'; WORTHWHILE]);
        reply.headers.insert(ETAG, HeaderValue::from_static("\"v1-0a1b2c3d\""));
        let encoded = encode(reply, Coding::Gzip, Effort::Once);
        assert_eq!(encoded.headers[CONTENT_ENCODING], "gzip");
        assert_eq!(encoded.headers[ETAG], "\"v1-0a1b2c3d-gzip\"");
    }
}
