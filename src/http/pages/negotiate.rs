//! What a caller can take: HTML or JSON, compressed or not.

use http::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderName};

/// Whether the caller asks for HTML more than for JSON, as browsers do.
pub(super) fn wants_html(headers: &HeaderMap) -> bool {
    weight(headers, &ACCEPT, &["text/html"]) > json(headers)
}

/// Whether the caller asks for JSON more than for HTML; one who takes anything does not.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    json(headers) > weight(headers, &ACCEPT, &["text/html"])
}

/// Whether gzip is welcome.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    weight(headers, &ACCEPT_ENCODING, &["gzip", "x-gzip"]) > 0.0
}

fn json(headers: &HeaderMap) -> f32 {
    weight(headers, &ACCEPT, &["application/json", "application/problem+json"])
}

/// The highest weight that a header gives to one of these names; nothing for those it does not mention.
fn weight(headers: &HeaderMap, header: &HeaderName, names: &[&str]) -> f32 {
    let ranges =
        headers.get_all(header).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let weights = ranges.filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next()?;
        names.iter().any(|known| known.eq_ignore_ascii_case(name)).then(|| quality(parts))
    });
    weights.fold(0.0, f32::max)
}

fn quality<'p>(mut parameters: impl Iterator<Item = &'p str>) -> f32 {
    let sent = parameters.find_map(|parameter| parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")));
    sent.map_or(1.0, |value| value.parse().unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn accept(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(value))])
    }

    #[test]
    fn browsers_get_html_and_programs_json() {
        let browser = accept("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        assert!(wants_html(&browser) && !wants_json(&browser));
        for program in ["application/json", "text/html;q=0.5, application/json;q=0.9", "application/problem+json"] {
            assert!(wants_json(&accept(program)) && !wants_html(&accept(program)), "{program}");
        }
        for anything in ["*/*", "image/png", ""] {
            assert!(!wants_json(&accept(anything)) && !wants_html(&accept(anything)), "{anything}");
        }
    }

    #[test]
    fn compression_is_only_used_when_it_is_welcome() {
        let encoding = |value| HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]);
        assert!(takes_gzip(&encoding("gzip, deflate, br")));
        assert!(takes_gzip(&encoding("br;q=1.0, GZIP;q=0.8")));
        assert!(!takes_gzip(&encoding("gzip;q=0")));
        assert!(!takes_gzip(&encoding("identity")));
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
