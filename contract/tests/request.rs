//! A request's way through the runtime, on a table that no document knows.

use contract::operation::{Cache, Operation, Owner};
use contract::problem::kinds;
use contract::security::{Credential, Identity, Need, Principal, Scheme, SchemeKind};
use contract::{Bytes, HeaderMap, HeaderValue, Method, Problem, Routed, Router, body, header, media};
use http_body_util::{Full, StreamBody};
use uuid::Uuid;

static TOKEN: Scheme = Scheme { name: "token", kind: SchemeKind::Bearer };
static KEY: Scheme = Scheme { name: "key", kind: SchemeKind::HeaderKey("x-key") };
static CLIENT: Scheme = Scheme { name: "client", kind: SchemeKind::Basic };

const fn operation(id: &'static str, method: &'static str, path: &'static str) -> Operation {
    Operation {
        index: 0,
        id,
        method,
        path,
        tag: "pets",
        public: true,
        security: &[],
        owner: None,
        limits: &[],
        cache: Some(Cache { control: "no-store", public: false, max_age: 0, vary: "", tags: &[] }),
        invalidates: &[],
        idempotent: false,
        consumes: &[],
        body_required: false,
        body_limit: 8,
        produces: &["application/json"],
        statuses: &[200],
        codes: &[],
        oauth_errors: false,
        deprecated: false,
        deprecated_at: None,
        sunset_at: None,
    }
}

static PETS: &[Operation] = &[
    operation("listPets", "GET", "/pets"),
    operation("createPet", "POST", "/pets"),
    operation("getBest", "GET", "/pets/best"),
    operation("getPet", "GET", "/pets/{pet_id}"),
    operation("deletePet", "DELETE", "/pets/{pet_id}"),
    operation("getToy", "GET", "/pets/{pet_id}/toys/{toy_id}"),
];

fn routed(method: &str, path: &str) -> String {
    let router = Router::new("/v1", PETS);
    match router.route(&method.parse::<Method>().expect("a method"), path) {
        Routed::Operation(operation, _) => operation.id.to_owned(),
        Routed::Options(reply) => format!("options {}", reply.headers[header::ALLOW].to_str().expect("text")),
        Routed::Refused(problem) => problem.kind().code.to_owned(),
    }
}

#[test]
fn a_request_finds_its_operation() {
    assert_eq!(routed("GET", "/v1/pets"), "listPets");
    assert_eq!(routed("HEAD", "/v1/pets"), "listPets");
    assert_eq!(routed("POST", "/v1/pets"), "createPet");
    assert_eq!(routed("GET", "/v1/pets/best"), "getBest");
    assert_eq!(routed("GET", "/v1/pets/bes"), "getPet");
    assert_eq!(routed("GET", "/v1/pets/best/toys/1"), "getToy");
}

#[test]
fn what_is_not_there_is_404_405_or_501() {
    for path in ["/v1", "/v1/", "/v1/pets/", "/v1/pets/a/b", "/v2/pets", "/v1pets", "", "*", "//"] {
        assert_eq!(routed("GET", path), "not_found", "{path}");
    }
    assert_eq!(routed("PUT", "/v1/pets"), "method_not_allowed");
    assert_eq!(routed("TRACE", "/v1/pets"), "method_not_allowed");
    assert_eq!(routed("BREW", "/v1/pets"), "not_implemented");
}

#[test]
fn options_and_405_list_the_methods_of_the_resource() {
    assert_eq!(routed("OPTIONS", "/v1/pets"), "options GET, HEAD, OPTIONS, POST");
    assert_eq!(routed("OPTIONS", "/v1/pets/x"), "options DELETE, GET, HEAD, OPTIONS");
}

#[test]
fn parameters_keep_their_names_and_values() {
    let router = Router::new("/v1", PETS);
    let Routed::Operation(_, path) = router.route(&Method::GET, "/v1/pets/a%20b/toys/7") else { panic!("no route") };
    assert_eq!((path.get("pet_id"), path.get("toy_id"), path.get("x")), (Some("a%20b"), Some("7"), None));
}

#[derive(Debug)]
struct Who(Uuid, &'static [&'static str]);

impl Principal for Who {
    fn subject(&self) -> Uuid {
        self.0
    }
    fn holds(&self, scope: &str) -> bool {
        self.1.contains(&scope)
    }
}

async fn verify(credential: Credential<'_>) -> Result<Option<Who>, Problem> {
    Ok(match credential {
        Credential::Bearer("reader") => Some(Who(Uuid::from_u128(1), &["read"])),
        Credential::Bearer("writer") => Some(Who(Uuid::from_u128(2), &["read", "write"])),
        Credential::Key("k") => Some(Who(Uuid::from_u128(3), &["read"])),
        Credential::Basic { user, password } if user == "a b" && password == "c:d" => {
            Some(Who(Uuid::from_u128(4), &[]))
        }
        _ => None,
    })
}

/// The caller's number, or the refusal's code.
async fn authorized(
    security: &'static [&'static [Need]],
    headers: &[(&'static str, &str)],
) -> Result<Option<u128>, String> {
    let operation = Operation { public: false, security, ..operation("x", "GET", "/x") };
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse().expect("name"), value.parse().expect("value"))).collect();
    let identity = Identity::establish(&operation, &headers, verify).await.expect("no problem");
    let caller = identity.authorize(&operation).map_err(|problem| problem.kind().code.to_owned())?;
    Ok(caller.map(|who| who.0.as_u128()))
}

const READ: &[&[Need]] = &[&[Need { scheme: &TOKEN, scopes: &["read"] }], &[Need { scheme: &KEY, scopes: &["read"] }]];
const WRITE: &[&[Need]] = &[&[Need { scheme: &TOKEN, scopes: &["write"] }]];
const BOTH: &[&[Need]] = &[&[Need { scheme: &TOKEN, scopes: &["read"] }, Need { scheme: &KEY, scopes: &[] }]];
const OPTIONAL: &[&[Need]] = &[&[Need { scheme: &TOKEN, scopes: &["write"] }], &[]];
const BY_CLIENT: &[&[Need]] = &[&[Need { scheme: &CLIENT, scopes: &[] }], &[]];

#[tokio::test]
async fn nothing_presented_and_nothing_valid_are_both_401_but_told_apart() {
    assert_eq!(authorized(READ, &[]).await, Err("unauthenticated".into()));
    assert_eq!(authorized(READ, &[("authorization", "Bearer x")]).await, Err("invalid_token".into()));
    assert_eq!(authorized(READ, &[("authorization", "bearer")]).await, Err("invalid_token".into()));
    assert_eq!(authorized(READ, &[("authorization", "Digest x")]).await, Err("unauthenticated".into()));
}

#[tokio::test]
async fn a_valid_caller_without_the_scope_is_403() {
    assert_eq!(authorized(WRITE, &[("authorization", "Bearer reader")]).await, Err("insufficient_scope".into()));
    assert_eq!(authorized(WRITE, &[("authorization", "BEARER writer")]).await, Ok(Some(2)));
}

#[tokio::test]
async fn one_valid_alternative_suffices_even_beside_an_invalid_one() {
    assert_eq!(authorized(READ, &[("x-key", "k")]).await, Ok(Some(3)));
    assert_eq!(authorized(READ, &[("x-key", "k"), ("authorization", "Bearer x")]).await, Ok(Some(3)));
}

#[tokio::test]
async fn all_needs_of_one_alternative_must_be_met() {
    assert_eq!(authorized(BOTH, &[("authorization", "Bearer reader")]).await, Err("unauthenticated".into()));
    assert_eq!(authorized(BOTH, &[("authorization", "Bearer reader"), ("x-key", "k")]).await, Ok(Some(1)));
    assert_eq!(
        authorized(BOTH, &[("authorization", "Bearer reader"), ("x-key", "no")]).await,
        Err("invalid_token".into())
    );
}

#[tokio::test]
async fn where_anyone_may_call_bad_credentials_are_still_refused() {
    assert_eq!(authorized(OPTIONAL, &[]).await, Ok(None));
    assert_eq!(authorized(OPTIONAL, &[("authorization", "Bearer x")]).await, Err("invalid_token".into()));
    assert_eq!(authorized(OPTIONAL, &[("authorization", "Bearer writer")]).await, Ok(Some(2)));
}

#[tokio::test]
async fn clients_are_form_encoded_and_empty_ones_are_none() {
    assert_eq!(authorized(BY_CLIENT, &[("authorization", "Basic YSUyMGI6YyUzQWQ=")]).await, Ok(Some(4)));
    assert_eq!(authorized(BY_CLIENT, &[("authorization", "Basic Og==")]).await, Ok(None));
    assert_eq!(authorized(BY_CLIENT, &[("authorization", "Basic YTpi")]).await, Err("invalid_client".into()));
}

#[tokio::test]
async fn a_refusal_challenges_by_every_scheme_that_has_one() {
    let operation = Operation { public: false, security: READ, ..operation("x", "GET", "/x") };
    let identity = Identity::<Who>::anonymous();
    let problem = identity.authorize(&operation).expect_err("a refusal");
    let reply = problem.into_reply(&contract::Occurrence {
        base: "",
        instance: "/x",
        request_id: "r",
        timestamp: chrono::DateTime::UNIX_EPOCH,
    });
    let challenges: Vec<_> = reply.headers.get_all(header::WWW_AUTHENTICATE).iter().collect();
    assert_eq!(challenges, ["Bearer realm=\"api\""]);
}

#[test]
fn owners_reach_their_own_and_lifted_scopes_reach_all() {
    let router = Router::new("/v1", PETS);
    let id = Uuid::from_u128(1);
    let path = format!("/v1/pets/{id}");
    let Routed::Operation(_, path) = router.route(&Method::GET, &path) else { panic!("no route") };
    let owner = Owner::Parameter { name: "pet_id", lifted_by: &["all"] };
    let escaped = format!("/v1/pets/{}", id.to_string().replace('-', "%2D"));
    let Routed::Operation(_, same) = router.route(&Method::GET, &escaped) else { panic!("no route") };
    assert!(owner.check_path(&same, Some(&Who(id, &[]))).is_ok());
    assert!(owner.check_path(&path, Some(&Who(id, &[]))).is_ok());
    assert!(owner.check_path(&path, Some(&Who(Uuid::from_u128(2), &["all"]))).is_ok());
    for stranger in [Some(&Who(Uuid::from_u128(2), &[])), None] {
        let problem = owner.check_path(&path, stranger).expect_err("a refusal");
        assert_eq!(problem.kind(), kinds::NOT_FOUND);
    }
}

fn taking(consumes: &'static [&'static str], required: bool) -> Operation {
    Operation { consumes, body_required: required, ..operation("x", "POST", "/x") }
}

async fn read(
    operation: &Operation,
    content_type: Option<&str>,
    bytes: &'static str,
    chunked: bool,
) -> Result<Bytes, &'static str> {
    let mut headers = HeaderMap::new();
    if let Some(value) = content_type {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(value).expect("value"));
    }
    let read = if chunked {
        let frames = bytes
            .as_bytes()
            .chunks(3)
            .map(|chunk| Ok::<_, std::io::Error>(http_body::Frame::data(Bytes::from_static(chunk))));
        let frames: Vec<_> = frames.collect();
        body::read(operation, &headers, StreamBody::new(Frames(frames.into_iter()))).await
    } else {
        body::read(operation, &headers, Full::new(Bytes::from_static(bytes.as_bytes()))).await
    };
    read.map_err(|problem| problem.kind().code)
}

struct Frames(std::vec::IntoIter<Result<http_body::Frame<Bytes>, std::io::Error>>);

impl futures_core::Stream for Frames {
    type Item = Result<http_body::Frame<Bytes>, std::io::Error>;
    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.next())
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_announced_or_not() {
    let operation = taking(&["application/json"], true);
    let json = Some("application/json");
    for chunked in [false, true] {
        assert_eq!(read(&operation, json, "12345678", chunked).await, Ok(Bytes::from_static(b"12345678")));
        assert_eq!(read(&operation, json, "123456789", chunked).await, Err("body_too_large"));
    }
}

#[tokio::test]
async fn a_foreign_media_type_is_415_and_a_missing_body_400() {
    let operation = taking(&["application/json"], true);
    for chunked in [false, true] {
        assert_eq!(read(&operation, Some("text/plain"), "1", chunked).await, Err("unsupported_media_type"));
        assert_eq!(read(&operation, None, "1", chunked).await, Err("unsupported_media_type"));
        assert_eq!(
            read(&operation, Some("Application/JSON; charset=utf-8"), "1", chunked).await,
            Ok(Bytes::from_static(b"1"))
        );
        assert_eq!(read(&operation, None, "", chunked).await, Err("malformed_request"));
    }
    assert_eq!(read(&taking(&["application/json"], false), None, "", false).await, Ok(Bytes::new()));
}

#[test]
fn only_an_accept_that_rules_json_out_is_406() {
    let operation = operation("x", "GET", "/x");
    let accepts = |value: &'static str| {
        let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(value))]);
        media::check_accept(&operation, &headers).is_ok()
    };
    assert!(accepts("") && accepts("text/html, */*;q=0.1") && accepts("application/problem+json"));
    assert!(!accepts("image/png") && !accepts("text/html, application/json;q=0"));
}
