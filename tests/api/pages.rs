//! What is served beside the API.

use crate::support::{Answer, Options, Shop};
use serde_json::{Value, json};

async fn page(shop: &Shop, path: &str) -> Answer {
    shop.visitor().get(&format!("!{path}")).await.expect_status(200)
}

#[tokio::test]
async fn health_and_readiness_are_told() {
    let shop = Shop::open().await;
    for path in ["/healthz", "/readyz"] {
        let answer = page(&shop, path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{answer}");
        assert!(answer.header_or_none("content-type").is_some());
    }
}

#[tokio::test]
async fn a_shop_without_its_database_is_alive_but_not_ready() {
    let shop = Shop::open().await;
    shop.ground().execute("ALTER TABLE users RENAME TO lost").await;
    page(&shop, "/healthz").await;
    let answer = shop.visitor().get("!/readyz").await;
    // A check that asks the tables sees it; one that asks the connection only cannot.
    if answer.status != 200 {
        answer.expect_problem(503, "unavailable").header("retry-after");
    }
}

#[tokio::test]
async fn numbers_are_told_to_prometheus_by_operation() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    ada.get("/users/me").await.expect_status(200);
    ada.get("/nothing").await.expect_status(404);
    let answer = page(&shop, "/metrics").await;
    assert!(answer.header("content-type").starts_with("text/plain"), "{}", answer.header("content-type"));
    let text = answer.text();
    assert!(text.contains("getCurrentUser") && text.contains("createUser"), "{text}");
    assert!(!text.contains(ada.id()) && !text.contains("/nothing"), "no labels without bound: {text}");
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let value = line.rsplit(' ').next().expect("a value");
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
}

#[tokio::test]
async fn the_document_that_is_served_is_the_one_that_is_enforced() {
    let shop = Shop::open().await;
    let answer = page(&shop, "/openapi.json").await;
    assert!(answer.header("content-type").starts_with("application/json"));
    let mut served = answer.json();
    let mut own: Value = serde_json::from_str(generated::DOCUMENT_JSON).expect("JSON");
    assert_eq!(served["servers"][0]["url"], format!("{}{}", shop.base(), generated::BASE_PATH));
    served["servers"].take();
    own["servers"].take();
    assert_eq!(served, own);
    let yaml = page(&shop, "/openapi.yaml").await;
    assert!(yaml.header("content-type").contains("yaml"));
    assert!(yaml.text().contains(&format!("{}{}", shop.base(), generated::BASE_PATH)));
    assert_eq!(yaml.text().lines().count(), generated::DOCUMENT_YAML.lines().count());
    for answer in [answer, yaml] {
        let known = shop.visitor().get(&answer.asked[4..]).header("if-none-match", answer.header("etag")).await;
        known.expect_status(304);
    }
}

#[tokio::test]
async fn the_configured_address_stands_in_the_document_and_in_problems() {
    let options = Options { public_url: Some("https://shop.example"), ..Options::default() };
    let shop = Shop::open_with(options).await;
    let served = page(&shop, "/openapi.json").await.json();
    assert_eq!(served["servers"][0]["url"], "https://shop.example/api/v1");
    let problem = shop.visitor().get("/users/me").await.expect_status(401);
    assert_eq!(problem.at("/type"), "https://shop.example/problems/unauthenticated");
    let metadata = page(&shop, "/.well-known/oauth-authorization-server").await.json();
    assert_eq!(metadata["issuer"], "https://shop.example");
}

/// Addresses that a page makes a browser load.
fn loaded(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for attribute in ["src=\"", "href=\"", "url(", "@import \"", "action=\""] {
        let parts = html.split(attribute).skip(1);
        found.extend(parts.map(|rest| rest.split(['"', ')', '\'']).next().unwrap_or_default().to_owned()));
    }
    found
}

#[tokio::test]
async fn docs_and_redoc_load_everything_from_here() {
    let shop = Shop::open().await;
    for path in ["/docs", "/redoc"] {
        let answer = page(&shop, path).await;
        assert!(answer.header("content-type").starts_with("text/html"));
        let policy = answer.header("content-security-policy").to_owned();
        assert!(policy.contains("'self'") && !policy.contains("http") && !policy.contains('*'), "{policy}");
        let loaded = loaded(&answer.text());
        assert!(loaded.iter().any(|address| address.contains(".js")), "{loaded:?}");
        for address in loaded {
            if address.starts_with("data:") || address.starts_with('#') {
                continue;
            }
            assert!(address.starts_with('/') && !address.starts_with("//"), "{path} refers to {address}");
            let part = page(&shop, &address).await;
            assert!(!part.body.is_empty());
            if address.ends_with("init.js") {
                let text = part.text();
                assert!(
                    text.contains("/openapi.") && !text.contains("http://") && !text.contains("https://"),
                    "{text}"
                );
            }
        }
    }
}

#[tokio::test]
async fn authorize_in_the_docs_asks_the_token_endpoint_that_is_there() {
    let shop = Shop::open().await;
    let served = page(&shop, "/openapi.json").await.json();
    let url = served["components"]["securitySchemes"]["oauth2"]["flows"]["password"]["tokenUrl"].clone();
    assert_eq!(url, "/api/v1/oauth/token");
    let ada = shop.register("ada").await;
    // What Swagger UI sends when nothing is entered for the client.
    let form =
        [("grant_type", "password"), ("username", "ada"), ("password", ada.password()), ("scope", "account:read")];
    let call = shop.visitor().post_form("/oauth/token", &form).header("authorization", "Basic Og==");
    let pair =
        call.header("x-requested-with", "XMLHttpRequest").header("accept", "application/json, text/plain, */*").await;
    assert!(ada.following(&pair.expect_status(200)).is_signed_in().await);
}

#[tokio::test]
async fn every_problem_has_a_page() {
    let shop = Shop::open().await;
    for (code, declared) in crate::support::document::DOCUMENT.problems() {
        let call = shop.visitor().get(&format!("!/problems/{code}")).header("accept", "text/html,*/*;q=0.8");
        let answer = call.await.expect_status(200);
        assert!(answer.header("content-type").starts_with("text/html"));
        let text = answer.text();
        assert!(text.contains(code) && text.contains(declared["title"].as_str().expect("a title")), "{text}");
        assert!(loaded(&text).iter().all(|address| !address.contains("//")), "{text}");
    }
    shop.visitor().get("!/problems/no_such_problem").await.expect_problem(404, "not_found");
    page(&shop, "/problems").await;
}

#[tokio::test]
async fn a_problem_leads_to_its_page() {
    let shop = Shop::open().await;
    let problem = shop.visitor().get("/users/me").await.expect_status(401);
    let path = problem.string("/type").strip_prefix(shop.base()).expect("an address here").to_owned();
    page(&shop, &path).await;
}

#[tokio::test]
async fn the_authorization_server_describes_itself() {
    let shop = Shop::open().await;
    let metadata = page(&shop, "/.well-known/oauth-authorization-server").await.json();
    assert_eq!(metadata["issuer"], "urn:shopkeeper");
    for (member, path) in [
        ("token_endpoint", "/api/v1/oauth/token"),
        ("revocation_endpoint", "/api/v1/oauth/revoke"),
        ("introspection_endpoint", "/api/v1/oauth/introspect"),
        ("jwks_uri", "/.well-known/jwks.json"),
    ] {
        assert_eq!(metadata[member], format!("{}{path}", shop.base()), "{member}");
    }
    assert_eq!(metadata["grant_types_supported"].as_array().map(Vec::len), Some(3));
    let mut scopes: Vec<_> =
        metadata["scopes_supported"].as_array().expect("scopes").iter().filter_map(Value::as_str).collect();
    let mut wanted = crate::support::document::DOCUMENT.scopes();
    scopes.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(scopes, wanted);
}

#[tokio::test]
async fn the_index_leads_to_what_is_there() {
    let shop = Shop::open().await;
    let index = shop.visitor().get("!/").header("accept", "application/json").await.expect_status(200);
    let links = index.at("/links").as_array().cloned().unwrap_or_default();
    assert!(links.len() >= 8, "{index}");
    for link in links {
        let address =
            link["href"].as_str().expect("an address").strip_prefix(shop.base()).expect("an address here").to_owned();
        page(&shop, &address).await;
    }
    let html = shop.visitor().get("!/").header("accept", "text/html").await.expect_status(200);
    assert!(html.text().contains("/docs"));
}

#[tokio::test]
async fn pages_can_be_read_and_nothing_else() {
    let shop = Shop::open().await;
    for path in [
        "/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/openapi.yaml",
        "/docs",
        "/redoc",
        "/problems/not_found",
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
    ] {
        let visitor = shop.visitor();
        let target = format!("!{path}");
        let got = visitor.get(&target).await.expect_status(200);
        let head = visitor.head(&target).await.expect_status(200);
        assert!(head.body.is_empty());
        assert_eq!(head.header("content-type"), got.header("content-type"));
        let refused = visitor.post(&target, &json!({})).await.expect_problem(405, "method_not_allowed");
        assert!(refused.header("allow").contains("GET"), "{refused}");
        visitor
            .call(http::Method::from_bytes(b"BREW").expect("a token"), &target)
            .await
            .expect_problem(501, "not_implemented");
        let options = visitor.options(&target).await;
        assert!(matches!(options.status, 200 | 204) && options.header("allow").contains("HEAD"), "{options}");
    }
    shop.visitor().get("!/nothing").await.expect_problem(404, "not_found");
    for path in ["/docs/../../etc/passwd", "/docs/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/docs/no-such-file"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        shop.raw(request.as_bytes()).await.expect_problem(404, "not_found");
    }
}
