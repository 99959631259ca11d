//! The OpenAPI document as it is served: with the address in use instead of the one it was written with.

use super::negotiate::takes_gzip;
use contract::{Bytes, Reply};
use flate2::{Compression, write::GzEncoder};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, VARY};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Most addresses for which the rewritten text is kept: callers choose `Host`, and must not fill memory with it.
const KEPT: usize = 8;

/// The document, ready to be served under any address.
pub struct Document {
    pub title: String,
    pub version: String,
    /// What it is about: the first paragraph of its description.
    pub summary: String,
    /// `x-problems`, by code.
    pub problems: BTreeMap<String, ProblemKind>,
    yaml: Text,
    json: Text,
    kept: Mutex<HashMap<(Form, String), Arc<Rendered>>>,
}

/// What the document says about one code of a problem.
#[derive(Debug, Clone, Deserialize)]
pub struct ProblemKind {
    pub status: u16,
    pub title: String,
    /// Why it happens.
    pub cause: String,
    /// What to do about it.
    pub mend: String,
}

/// In which notation the document is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    Yaml,
    Json,
}

/// Why a document cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error("the document is no JSON of the expected shape: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("the document names no server")]
    NoServer,
    #[error("servers[0].url is not to be found in the {0:?} text of the document")]
    NotFound(Form),
}

/// A text around the address of its first server.
struct Text {
    before: &'static str,
    after: &'static str,
    /// What follows scheme and authority in the address, such as `/api/v1`.
    path: String,
}

struct Rendered {
    plain: Bytes,
    /// Made when the text is kept: for a passing address it would cost more than it saves.
    squeezed: Option<Bytes>,
    tag: String,
}

#[derive(Deserialize)]
struct Root {
    info: Info,
    servers: Vec<Server>,
    #[serde(rename = "x-problems", default)]
    problems: BTreeMap<String, ProblemKind>,
}

#[derive(Deserialize)]
struct Info {
    title: String,
    version: String,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
struct Server {
    url: String,
}

impl Document {
    /// Reads a document that is given in both notations.
    ///
    /// # Errors
    /// When it has no server address, or not in both.
    pub fn new(yaml: &'static str, json: &'static str) -> Result<Self, DocumentError> {
        let root: Root = serde_json::from_str(json)?;
        let url = root.servers.into_iter().next().ok_or(DocumentError::NoServer)?.url;
        let path = path_of(&url).to_owned();
        let text = |form, around: Option<(&'static str, &'static str)>| {
            let (before, after) = around.ok_or(DocumentError::NotFound(form))?;
            Ok::<_, DocumentError>(Text { before, after, path: path.clone() })
        };
        Ok(Self {
            title: root.info.title,
            version: root.info.version,
            summary: root.info.description.split("\n\n").next().unwrap_or_default().replace('\n', " "),
            problems: root.problems,
            yaml: text(Form::Yaml, around_in_yaml(yaml, &url))?,
            json: text(Form::Json, around_in_json(json, &url))?,
            kept: Mutex::default(),
        })
    }

    /// The document for callers who reach this server under `base`.
    pub(super) fn reply(&self, form: Form, base: &str, headers: &HeaderMap) -> Reply {
        let rendered = self.rendered(form, base);
        let squeezed = rendered.squeezed.as_ref().filter(|_| takes_gzip(headers));
        let mut reply = Reply::empty(StatusCode::OK);
        reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
        reply.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        reply.headers.insert(VARY, HeaderValue::from_static("accept-encoding, host"));
        let form = if squeezed.is_some() { "-gz" } else { "" };
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}{form}\"", rendered.tag)) {
            reply.headers.insert(ETAG, tag);
        }
        if squeezed.is_some() {
            reply.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        reply.body = squeezed.unwrap_or(&rendered.plain).clone();
        reply
    }

    fn rendered(&self, form: Form, base: &str) -> Arc<Rendered> {
        let key = (form, base.to_owned());
        let full = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(rendered) = kept.get(&key) {
                return Arc::clone(rendered);
            }
            kept.len() >= KEPT
        };
        let text = match form {
            Form::Yaml => &self.yaml,
            Form::Json => &self.json,
        };
        let plain = [text.before, base, &text.path, text.after].concat();
        let squeezed = if full { None } else { squeeze(plain.as_bytes()) };
        let rendered = Arc::new(Rendered { tag: super::fingerprint(plain.as_bytes()), plain: plain.into(), squeezed });
        if !full {
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&rendered));
        }
        rendered
    }
}

impl Form {
    fn media_type(self) -> &'static str {
        match self {
            Self::Yaml => "application/yaml",
            Self::Json => "application/json",
        }
    }
}

fn squeeze(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).and_then(|()| encoder.finish()).ok().map(Bytes::from)
}

/// What follows scheme and authority.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("", |slash| rest[slash..].trim_end_matches('/'))
}

/// The text before and after the first server's address: the first `url:` below `servers:` at the margin.
fn around_in_yaml<'t>(yaml: &'t str, url: &str) -> Option<(&'t str, &'t str)> {
    let servers = if yaml.starts_with("servers:") { 0 } else { yaml.find("\nservers:")? };
    let start = servers + yaml[servers..].find(url)?;
    yaml[servers..start]
        .trim_end_matches(['"', '\''])
        .trim_end()
        .ends_with("url:")
        .then(|| (&yaml[..start], &yaml[start + url.len()..]))
}

/// The same in JSON: the address as a value of `"url"`, wherever the servers stand among the members.
fn around_in_json<'t>(json: &'t str, url: &str) -> Option<(&'t str, &'t str)> {
    json.match_indices(url).find_map(|(start, _)| {
        let before = json[..start].strip_suffix('"')?.trim_end().strip_suffix(':')?.trim_end();
        let within = before.strip_suffix("\"url\"")?.trim_end().strip_suffix('{')?.trim_end().strip_suffix('[')?;
        let named = within.trim_end().strip_suffix(':')?.trim_end().ends_with("\"servers\"");
        named.then(|| (&json[..start], &json[start + url.len()..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::ACCEPT_ENCODING;

    const YAML: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1', description: 'see http://a/api/v1'}\nservers:\n- url: \
                        http://a/api/v1\n  description: http://a/api/v1\npaths: {}\n";
    const JSON: &str = r#"{"info": {"title": "T", "version": "1", "description": "\"url\": http://a/api/v1"},
        "servers" : [ { "url" : "http://a/api/v1" } ], "x-problems": {"not_found":
        {"status": 404, "title": "Not found", "cause": "c", "mend": "m"}}, "more": "http://a/api/v1"}"#;

    fn text(document: &Document, form: Form, base: &str) -> String {
        String::from_utf8(document.reply(form, base, &HeaderMap::new()).body.to_vec()).unwrap()
    }

    #[test]
    fn only_the_servers_address_is_rewritten() {
        let document = Document::new(YAML, JSON).unwrap();
        let yaml = text(&document, Form::Yaml, "https://shop.example");
        assert!(yaml.contains("- url: https://shop.example/api/v1\n"), "{yaml}");
        assert_eq!(yaml.matches("http://a/api/v1").count(), 2);
        let json: serde_json::Value =
            serde_json::from_str(&text(&document, Form::Json, "https://shop.example")).unwrap();
        assert_eq!(json["servers"][0]["url"], "https://shop.example/api/v1");
        assert_eq!(json["more"], "http://a/api/v1");
    }

    #[test]
    fn the_document_that_is_served_has_an_address_and_explains_its_problems() {
        let document = Document::new(generated::DOCUMENT_YAML, generated::DOCUMENT_JSON).unwrap();
        assert!(text(&document, Form::Yaml, "https://shop.example").contains("https://shop.example/api/v1"));
        let json: serde_json::Value =
            serde_json::from_str(&text(&document, Form::Json, "https://shop.example")).unwrap();
        assert_eq!(json["servers"][0]["url"], "https://shop.example/api/v1");
        for kind in contract::problem::kinds::ALL {
            assert!(document.problems.contains_key(kind.code), "{} is not declared", kind.code);
        }
    }

    #[test]
    fn each_form_has_a_tag_of_its_own() {
        let document = Document::new(YAML, JSON).unwrap();
        let gzip = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("gzip"))]);
        let tags: std::collections::HashSet<_> =
            [("http://a", HeaderMap::new()), ("http://b", HeaderMap::new()), ("http://a", gzip)]
                .into_iter()
                .map(|(base, headers)| document.reply(Form::Json, base, &headers).headers[ETAG].clone())
                .collect();
        assert_eq!(tags.len(), 3);
    }

    #[test]
    fn callers_cannot_fill_memory_with_addresses() {
        let document = Document::new(YAML, JSON).unwrap();
        for number in 0..100 {
            assert!(
                text(&document, Form::Yaml, &format!("http://h{number}")).contains(&format!("http://h{number}/api/v1"))
            );
        }
        assert!(document.kept.lock().unwrap().len() <= KEPT);
    }

    #[test]
    fn a_document_without_a_server_is_refused() {
        assert!(Document::new("", r#"{"info": {"title": "", "version": ""}, "servers": []}"#).is_err());
        assert!(Document::new("servers: []", JSON).is_err());
    }
}
