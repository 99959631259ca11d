//! Files that are built into the binary. `scripts/assets` fetches and compresses them.

use super::negotiate::takes_gzip;
use contract::{Bytes, Problem, Reply, problem::kinds};
use flate2::read::GzDecoder;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, VARY};
use std::io::Read;
use std::sync::OnceLock;

/// A built-in file.
pub(super) struct Asset {
    media_type: &'static str,
    bytes: &'static [u8],
    compressed: bool,
    /// Inflated for the first caller who cannot do it, and then kept: doing it for each would be an invitation.
    plain: OnceLock<Bytes>,
    tag: OnceLock<String>,
}

impl Asset {
    const fn new(media_type: &'static str, bytes: &'static [u8], compressed: bool) -> Self {
        Self { media_type, bytes, compressed, plain: OnceLock::new(), tag: OnceLock::new() }
    }

    /// The file as this caller takes it.
    pub(super) fn reply(&self, headers: &HeaderMap) -> Result<Reply, Problem> {
        let squeezed = self.compressed && takes_gzip(headers);
        let mut reply = Reply::empty(StatusCode::OK);
        let tag = self.tag.get_or_init(|| super::fingerprint(self.bytes));
        // Two forms are two representations, and so have two tags (RFC 9110, section 8.8.3.3).
        let tag = if squeezed { format!("\"{tag}-gz\"") } else { format!("\"{tag}\"") };
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            reply.headers.insert(ETAG, tag);
        }
        reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        reply.headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
        if self.compressed {
            reply.headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        }
        if squeezed {
            reply.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        reply.body = if squeezed { Bytes::from_static(self.bytes) } else { self.plain()? };
        Ok(reply)
    }

    fn plain(&self) -> Result<Bytes, Problem> {
        if !self.compressed {
            return Ok(Bytes::from_static(self.bytes));
        }
        if let Some(plain) = self.plain.get() {
            return Ok(plain.clone());
        }
        let mut plain = Vec::new();
        GzDecoder::new(self.bytes)
            .read_to_end(&mut plain)
            .map_err(|error| Problem::new(kinds::INTERNAL_ERROR, format!("a built-in file is damaged: {error}")))?;
        Ok(self.plain.get_or_init(|| plain.into()).clone())
    }
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! shipped {
    ($path:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/", $path))
    };
}

pub(super) static PAGES_CSS: Asset = Asset::new(STYLE, shipped!("pages.css"), false);
pub(super) static DOCS_JS: Asset = Asset::new(SCRIPT, shipped!("docs.js"), false);
pub(super) static SWAGGER_JS: Asset = Asset::new(SCRIPT, shipped!("swagger-ui/swagger-ui-bundle.js.gz"), true);
pub(super) static SWAGGER_CSS: Asset = Asset::new(STYLE, shipped!("swagger-ui/swagger-ui.css.gz"), true);
pub(super) static SWAGGER_ICON: Asset = Asset::new("image/png", shipped!("swagger-ui/favicon-32x32.png"), false);
pub(super) static REDOC_INIT_JS: Asset = Asset::new(SCRIPT, shipped!("redoc.js"), false);
pub(super) static REDOC_JS: Asset = Asset::new(SCRIPT, shipped!("redoc/redoc.standalone.js.gz"), true);

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::ACCEPT_ENCODING;

    #[test]
    fn every_file_is_served_plain_and_compressed_under_its_own_tag() {
        let gzip = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("gzip"))]);
        for asset in [&PAGES_CSS, &DOCS_JS, &SWAGGER_JS, &SWAGGER_CSS, &SWAGGER_ICON, &REDOC_INIT_JS, &REDOC_JS] {
            let plain = asset.reply(&HeaderMap::new()).unwrap();
            let squeezed = asset.reply(&gzip).unwrap();
            assert!(!plain.headers.contains_key(CONTENT_ENCODING));
            if asset.compressed {
                assert_eq!(squeezed.headers[CONTENT_ENCODING], "gzip");
                assert_ne!(plain.headers[ETAG], squeezed.headers[ETAG]);
                assert!(squeezed.body.len() < plain.body.len() / 2);
            } else {
                assert_eq!(plain.body, squeezed.body);
            }
        }
    }

    #[test]
    fn shipped_files_name_no_other_host_to_load_things_from() {
        let text = |asset: &Asset| String::from_utf8(asset.plain().unwrap().to_vec()).unwrap();
        assert!(!text(&REDOC_JS).contains("cdn.redoc.ly"));
        for asset in [&PAGES_CSS, &DOCS_JS, &REDOC_INIT_JS, &SWAGGER_CSS] {
            let text = text(asset);
            let foreign = text.match_indices("http").find(|(at, _)| !text[*at..].contains("www.w3.org/"));
            assert!(foreign.is_none(), "{foreign:?}");
        }
    }
}
