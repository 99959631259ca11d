//! What is served beside the document's operations: the index, health, numbers, the document, and pages about it.
//!
//! Each page is a row of one table: the index, the `Allow` header and the names in the metrics follow from it. A page
//! is a function of the request's head; only the readiness check has to wait for something.

mod assets;
mod docs;
mod document;
mod html;
mod landing;
mod negotiate;
mod problems;
mod well_known;

pub use document::{Document, DocumentError};
pub use well_known::Authorization;

use super::body::Inbound;
use super::exchange::Answer;
use super::metrics::Metrics;
use super::trace::Visit;
use contract::conditional::revalidate;
use contract::problem::{Kind, kinds};
use contract::{Problem, Reply};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER, VARY,
};
use http::request::Parts;
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Value, json as value};
use std::hash::{DefaultHasher, Hasher};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The policy of pages that load nothing but their style.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
                           frame-ancestors 'none'";
/// How long the readiness check may take.
const PATIENCE: Duration = Duration::from_secs(2);
const UNAVAILABLE: Kind = Kind { code: "unavailable", status: 503, title: "Unavailable" };

/// Says whether the server can do its work now; the reason goes to the log only.
pub type Ready = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// What the pages show.
pub struct Pages {
    pub document: Document,
    pub metrics: Arc<Metrics>,
    /// Asked by `/readyz`.
    pub ready: Ready,
    /// The public keys (RFC 7517) as they are at this moment.
    pub jwks: Box<dyn Fn() -> Value + Send + Sync>,
    pub authorization: Authorization,
    /// Whether the numbers are told at a door of their own, and so nowhere else.
    pub metrics_elsewhere: bool,
    /// Whom the docs offer to sign in as, where there is nothing to lose.
    pub demo: Option<SignIn>,
}

/// An account that everybody may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    pub username: String,
    pub password: &'static str,
}

/// The pages for whoever runs the server, at a door of their own.
pub struct Backroom(pub Arc<Pages>);

/// What is behind it.
const BACKROOM: [&str; 3] = [METRICS, "/healthz", "/readyz"];
const METRICS: &str = "/metrics";

impl Answer for Backroom {
    async fn answer(&self, parts: &Parts, _: Inbound, visit: &Visit) -> Result<Reply, Problem> {
        if !BACKROOM.contains(&parts.uri.path()) {
            known_method(&parts.method)?;
            let detail = "There are /metrics, /healthz and /readyz here, and nothing else.";
            return Err(Problem::new(kinds::NOT_FOUND, detail));
        }
        self.0.show(parts, visit, PAGES.iter().find(|page| page.path == parts.uri.path())).await
    }
}

/// The head of a request for a page.
struct Ask<'r> {
    headers: &'r HeaderMap,
    base: &'r str,
    /// Where the API begins, such as `/api/v1`.
    base_path: &'r str,
    /// What follows a page's path that ends with a slash.
    rest: &'r str,
}

impl Ask<'_> {
    fn wants_json(&self) -> bool {
        negotiate::wants_json(self.headers)
    }
}

/// A page.
struct Page {
    /// Complete, or a beginning when it ends with a slash.
    path: &'static str,
    /// Under which it is counted and logged.
    name: &'static str,
    /// What the index says; nothing for parts of other pages.
    about: &'static str,
    make: Make,
}

enum Make {
    Now(fn(&Pages, &Ask<'_>) -> Result<Reply, Problem>),
    /// Has to wait.
    Readiness,
}

const fn page(
    path: &'static str,
    name: &'static str,
    about: &'static str,
    make: fn(&Pages, &Ask<'_>) -> Result<Reply, Problem>,
) -> Page {
    Page { path, name, about, make: Make::Now(make) }
}

static PAGES: &[Page] = &[
    page("/", "page_index", "This list", |pages, ask| Ok(landing::reply(pages, ask))),
    page("/docs", "page_docs", "The API to try: sign in with Authorize", |pages, _| {
        Ok(docs::swagger(&pages.document.title, pages.demo.as_ref()))
    }),
    page("/redoc", "page_redoc", "The API to read", |pages, _| Ok(docs::redoc(&pages.document.title))),
    page("/openapi.yaml", "page_openapi_yaml", "The OpenAPI document", |pages, ask| {
        Ok(pages.document.reply(document::Form::Yaml, ask.base, ask.headers))
    }),
    page("/openapi.json", "page_openapi_json", "The same in JSON", |pages, ask| {
        Ok(pages.document.reply(document::Form::Json, ask.base, ask.headers))
    }),
    page("/problems", "page_problems", "What can go wrong, and what to do about it", |pages, ask| {
        Ok(problems::index(&pages.document, ask))
    }),
    page("/problems/", "page_problem", "", |pages, ask| problems::one(&pages.document, ask)),
    page("/healthz", "page_healthz", "Whether the process runs", |_, _| Ok(volatile(json(&value!({"status": "ok"}))))),
    Page { path: "/readyz", name: "page_readyz", about: "Whether it can do its work", make: Make::Readiness },
    page("/metrics", "page_metrics", "Numbers for Prometheus", |pages, _| Ok(pages.numbers())),
    page("/.well-known/jwks.json", "page_jwks", "The public keys of access tokens", |pages, _| {
        Ok(brief(json(&(pages.jwks)())))
    }),
    page(
        "/.well-known/oauth-authorization-server",
        "page_oauth_metadata",
        "What OAuth clients look up",
        |pages, ask| Ok(brief(json(&pages.authorization.metadata(ask.base)))),
    ),
    page("/pages.css", "page_asset", "", |_, ask| assets::PAGES_CSS.reply(ask.headers)),
    page("/docs/init.js", "page_asset", "", |_, ask| assets::DOCS_JS.reply(ask.headers)),
    page("/docs/swagger-ui-bundle.js", "page_asset", "", |_, ask| assets::SWAGGER_JS.reply(ask.headers)),
    page("/docs/swagger-ui.css", "page_asset", "", |_, ask| assets::SWAGGER_CSS.reply(ask.headers)),
    page("/docs/favicon-32x32.png", "page_asset", "", |_, ask| assets::SWAGGER_ICON.reply(ask.headers)),
    page("/redoc/init.js", "page_asset", "", |_, ask| assets::REDOC_INIT_JS.reply(ask.headers)),
    page("/redoc/redoc.standalone.js", "page_asset", "", |_, ask| assets::REDOC_JS.reply(ask.headers)),
    page("/docs/", "page_docs", "", |_, ask| without_slash(ask, "/docs")),
    page("/redoc/", "page_redoc", "", |_, ask| without_slash(ask, "/redoc")),
];

/// The names under which pages are counted.
pub fn names() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|page| page.name)
}

impl Pages {
    /// Answers a request that is for no operation.
    ///
    /// # Errors
    /// 404 for what is no page, 405 and 501 for methods, 503 when not ready.
    pub async fn answer(&self, parts: &Parts, visit: &Visit) -> Result<Reply, Problem> {
        let path = parts.uri.path();
        let exact = self.public().find(|page| page.path == path);
        let below =
            || PAGES.iter().find(|page| page.path.len() > 1 && page.path.ends_with('/') && path.starts_with(page.path));
        self.show(parts, visit, exact.or_else(below)).await
    }

    /// The pages that everybody may see.
    fn public(&self) -> impl Iterator<Item = &'static Page> {
        let hidden = self.metrics_elsewhere.then_some(METRICS);
        PAGES.iter().filter(move |page| Some(page.path) != hidden)
    }

    async fn show(&self, parts: &Parts, visit: &Visit, page: Option<&'static Page>) -> Result<Reply, Problem> {
        let path = parts.uri.path();
        let Some(page) = page else {
            known_method(&parts.method)?;
            let detail = "There is nothing at this address. The document at /openapi.yaml lists what there is.";
            return Err(Problem::new(kinds::NOT_FOUND, detail));
        };
        visit.note_operation(page.name);
        match parts.method {
            Method::GET | Method::HEAD => {}
            Method::OPTIONS => {
                let mut reply = Reply::empty(StatusCode::NO_CONTENT);
                reply.headers.insert(ALLOW, HeaderValue::from_static(ALLOWED));
                return Ok(reply);
            }
            ref other => {
                known_method(other)?;
                let problem = Problem::new(kinds::METHOD_NOT_ALLOWED, "This page can only be read.");
                return Err(problem.with_header(ALLOW, ALLOWED));
            }
        }
        let ask = Ask {
            headers: &parts.headers,
            base: &visit.base(),
            base_path: self.authorization.base_path,
            rest: path.strip_prefix(page.path).unwrap_or(""),
        };
        let mut reply = match page.make {
            Make::Now(make) => make(self, &ask)?,
            Make::Readiness => self.readiness(visit).await?,
        };
        if !reply.headers.contains_key(CACHE_CONTROL) {
            reply.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            reply.headers.insert(VARY, HeaderValue::from_static("accept, host"));
            if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", fingerprint(&reply.body))) {
                reply.headers.insert(ETAG, tag);
            }
        }
        revalidate(&mut reply, &parts.headers);
        Ok(reply)
    }

    fn numbers(&self) -> Reply {
        let mut reply = Reply::empty(StatusCode::OK);
        reply.put(HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"), self.metrics.render().into());
        volatile(reply)
    }

    async fn readiness(&self, visit: &Visit) -> Result<Reply, Problem> {
        let reason = match timeout(PATIENCE, (self.ready)()).await {
            Ok(Ok(())) => return Ok(volatile(json(&value!({"status": "ready"})))),
            Ok(Err(reason)) => reason,
            Err(_) => "the check took too long".to_owned(),
        };
        tracing::warn!(event = "not_ready", request_id = visit.request_id.as_str(), reason);
        Err(Problem::new(UNAVAILABLE, "The server cannot do its work right now. Try again later.")
            .with_header(RETRY_AFTER, "5"))
    }
}

const ALLOWED: &str = "GET, HEAD, OPTIONS";

/// # Errors
/// 501 for a method that nobody knows.
fn known_method(method: &Method) -> Result<(), Problem> {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::TRACE,
    ];
    if known.contains(method) {
        return Ok(());
    }
    Err(Problem::new(kinds::NOT_IMPLEMENTED, format!("No resource here knows the method {method:.20}.")))
}

fn without_slash(ask: &Ask<'_>, to: &'static str) -> Result<Reply, Problem> {
    if !ask.rest.is_empty() {
        return Err(Problem::new(kinds::NOT_FOUND, "There is no such file."));
    }
    let mut reply = Reply::empty(StatusCode::PERMANENT_REDIRECT);
    reply.headers.insert(LOCATION, HeaderValue::from_static(to));
    Ok(reply)
}

fn json(value: &impl Serialize) -> Reply {
    let mut reply = Reply::empty(StatusCode::OK);
    // Strings and numbers only: serialisation cannot fail.
    let body = serde_json::to_vec(value).unwrap_or_default();
    reply.put(HeaderValue::from_static(contract::media::JSON), body.into());
    // Should a browser be made to show it, there is nothing to run.
    reply
        .headers
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    reply
}

/// True for this moment only.
fn volatile(mut reply: Reply) -> Reply {
    reply.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// May be kept for a few minutes: keys change rarely, and old ones stay valid for longer.
fn brief(mut reply: Reply) -> Reply {
    reply.headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    reply
}

/// A tag for these bytes. It only has to differ when they do, so no cryptography is asked for.
fn fingerprint(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("{:016x}{:x}", hasher.finish(), bytes.len())
}
