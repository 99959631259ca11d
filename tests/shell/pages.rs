//! The pages beside the document's operations.

use crate::house::{House, Plan};
use crate::raw::{Heard, Raw, get};
use serde_json::Value;
use std::sync::atomic::Ordering;

async fn ask(house: &House, method: &str, path: &str, header: &str) -> Heard {
    let mut raw = Raw::connect(house.address).await;
    raw.send(format!("{method} {path} HTTP/1.1\r\nHost: shop.test\r\n{header}\r\n")).await;
    if method == "HEAD" { raw.hear_head().await } else { raw.hear().await }
}

/// Paths of all pages that the index lists.
async fn listed(house: &House) -> Vec<String> {
    let index = ask(house, "GET", "/", "").await.json();
    let path = |link: &Value| link["href"].as_str().unwrap().strip_prefix("http://shop.test").unwrap().to_owned();
    index["links"].as_array().unwrap().iter().map(path).collect()
}

/// Addresses in `src` and `href` attributes.
fn references(html: &str) -> Vec<String> {
    let parts = html.split(" src=\"").skip(1).chain(html.split(" href=\"").skip(1));
    parts.filter_map(|part| part.split('"').next()).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_index_lists_pages_that_are_there_and_takes_reads_only() {
    let house = House::open(Plan::default());
    let paths = listed(&house).await;
    for wanted in ["/docs", "/redoc", "/openapi.yaml", "/openapi.json", "/healthz", "/readyz", "/metrics", "/problems"]
    {
        assert!(paths.iter().any(|path| path == wanted), "{wanted} is missing from {paths:?}");
    }
    for path in paths {
        assert_eq!(ask(&house, "GET", &path, "").await.status, 200, "{path}");
        assert_eq!(ask(&house, "HEAD", &path, "").await.status, 200, "{path}");
        let options = ask(&house, "OPTIONS", &path, "").await;
        assert_eq!((options.status, options.header("allow")), (204, "GET, HEAD, OPTIONS"), "{path}");
        let written = ask(&house, "POST", &path, "Content-Length: 0\r\n").await;
        assert_eq!((written.status, written.header("allow")), (405, "GET, HEAD, OPTIONS"), "{path}");
        assert_eq!(written.code(), "method_not_allowed");
    }
}

#[tokio::test]
async fn the_index_is_json_for_programs_and_html_for_browsers() {
    let house = House::open(Plan::default());
    assert_eq!(ask(&house, "GET", "/", "Accept: */*\r\n").await.header("content-type"), "application/json");
    let page = ask(&house, "GET", "/", "Accept: text/html,*/*;q=0.8\r\n").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(String::from_utf8(page.body).unwrap().contains("href=\"/docs\""));
}

#[tokio::test]
async fn pages_load_only_what_this_server_has() {
    let house = House::open(Plan::default());
    for path in ["/", "/docs", "/redoc", "/problems", "/problems/not_found"] {
        let page = ask(&house, "GET", path, "Accept: text/html\r\n").await;
        let policy = page.header("content-security-policy").to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("http"), "{path}: {policy}");
        let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap_or("");
        assert!(!scripts.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        let html = String::from_utf8(page.body).unwrap();
        assert!(!html.contains("<script>") && !html.contains("onclick"), "{path}");
        for reference in references(&html).iter().filter(|reference| *reference != "data:,") {
            assert!(reference.starts_with('/') && !reference.starts_with("//"), "{path} refers to {reference}");
            assert_eq!(ask(&house, "GET", reference, "").await.status, 200, "{path} refers to {reference}");
        }
    }
}

#[tokio::test]
async fn assets_are_compressed_for_who_takes_it_and_not_sent_twice() {
    let house = House::open(Plan::default());
    for path in ["/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/redoc/redoc.standalone.js"] {
        let plain = ask(&house, "GET", path, "").await;
        let squeezed = ask(&house, "GET", path, "Accept-Encoding: gzip, br\r\n").await;
        assert_eq!((plain.header("content-encoding"), squeezed.header("content-encoding")), ("", "gzip"));
        assert!(plain.body.len() > 2 * squeezed.body.len(), "{path}");
        assert_eq!(plain.header("vary"), "accept-encoding");
        assert!(plain.header("cache-control").contains("max-age="));
        let known = format!("If-None-Match: {}\r\n", plain.header("etag"));
        let again = ask(&house, "GET", path, &known).await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, plain.header("etag")));
    }
}

#[tokio::test]
async fn the_document_names_the_address_by_which_it_was_fetched() {
    let house = House::open(Plan::default());
    let json = ask(&house, "GET", "/openapi.json", "").await;
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(json.json()["servers"][0]["url"], "http://shop.test/api/v1");
    let yaml = ask(&house, "GET", "/openapi.yaml", "").await;
    assert_eq!(yaml.header("content-type"), "application/yaml");
    assert!(String::from_utf8(yaml.body).unwrap().contains("http://shop.test/api/v1"));
    let squeezed = ask(&house, "GET", "/openapi.json", "Accept-Encoding: gzip\r\n").await;
    assert_eq!(squeezed.header("content-encoding"), "gzip");

    let house = House::open(Plan { public: Some("https://shop.example"), ..Plan::default() });
    let json = ask(&house, "GET", "/openapi.json", "").await.json();
    assert_eq!(json["servers"][0]["url"], "https://shop.example/api/v1");
}

#[tokio::test]
async fn every_problem_has_a_page_where_its_type_leads() {
    let house = House::open(Plan::default());
    let problem = ask(&house, "GET", "/nowhere", "").await.json();
    let path = problem["type"].as_str().unwrap().strip_prefix("http://shop.test").unwrap().to_owned();
    let page = ask(&house, "GET", &path, "").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(String::from_utf8(page.body).unwrap().contains("not_found"));

    let all = ask(&house, "GET", "/problems", "Accept: application/json\r\n").await.json();
    for kind in all["problems"].as_array().unwrap() {
        let path = format!("/problems/{}", kind["code"].as_str().unwrap());
        let told = ask(&house, "GET", &path, "Accept: application/json\r\n").await.json();
        assert_eq!(&told, kind);
        assert_eq!(told["example"]["code"], kind["code"]);
        assert!(!told["mend"].as_str().unwrap().is_empty());
    }
    assert_eq!(ask(&house, "GET", "/problems/unheard_of", "").await.code(), "not_found");
    assert_eq!(ask(&house, "GET", "/problems/%3Cscript%3E", "").await.status, 404);
}

#[tokio::test]
async fn readiness_follows_the_check_and_health_does_not() {
    let house = House::open(Plan::default());
    assert_eq!(ask(&house, "GET", "/readyz", "").await.status, 200);
    house.probe.ready.store(false, Ordering::Relaxed);
    let heard = ask(&house, "GET", "/readyz", "").await;
    assert_eq!((heard.status, heard.code().as_str()), (503, "unavailable"));
    assert!(!heard.header("retry-after").is_empty());
    assert!(!String::from_utf8_lossy(&heard.body).contains("the probe says no"), "reasons are for the log");
    let health = ask(&house, "GET", "/healthz", "").await;
    assert_eq!((health.status, health.header("cache-control")), (200, "no-store"));
}

#[tokio::test]
async fn other_programs_find_keys_and_endpoints() {
    let house = House::open(Plan { public: Some("https://shop.example"), ..Plan::default() });
    let keys = ask(&house, "GET", "/.well-known/jwks.json", "").await;
    assert_eq!(keys.json()["keys"][0]["kid"], "probe");
    let metadata = ask(&house, "GET", "/.well-known/oauth-authorization-server", "").await.json();
    assert_eq!(metadata["issuer"], "https://shop.example");
    assert_eq!(metadata["token_endpoint"], "https://shop.example/api/v1/oauth/token");
    assert_eq!(metadata["jwks_uri"], "https://shop.example/.well-known/jwks.json");
    assert!(metadata["grant_types_supported"].as_array().unwrap().contains(&"password".into()));
}

#[tokio::test]
async fn a_final_slash_leads_to_the_page() {
    let house = House::open(Plan::default());
    let heard = ask(&house, "GET", "/docs/", "").await;
    assert_eq!((heard.status, heard.header("location")), (308, "/docs"));
    assert_eq!(ask(&house, "GET", "/docs/nothing.js", "").await.status, 404);
    assert_eq!(Raw::ask(house.address, get("/docs/../docs")).await.status, 404);
}

#[test]
fn shipped_files_are_those_that_were_fetched() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let sums = std::fs::read_to_string(root.join("assets/SHA256SUMS")).unwrap();
    for line in sums.lines() {
        let (sum, file) = line.split_once("  ").unwrap();
        let digest = shopkeeper::infra::digest::sha256(&std::fs::read(root.join(file)).unwrap());
        let digest: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest.concat(), sum, "{file}: run scripts/assets");
    }
    assert!(sums.lines().count() > 6);
}

#[tokio::test]
async fn calls_of_what_is_deprecated_are_counted_by_client() {
    let house = House::open(Plan::default());
    for path in ["/old/person", "/old/program", "/old/program", "/old/anybody", "/who"] {
        assert_eq!(ask(&house, "GET", path, "").await.status, 200, "{path}");
    }
    let numbers = String::from_utf8(ask(&house, "GET", "/metrics", "").await.body).unwrap();
    let key = crate::house::KEY;
    for (client, count) in [("first-party", 1), (&*key.to_string(), 2), ("anonymous", 1)] {
        let line = format!("shopkeeper_deprecated_requests_total{{operation=\"probe\",client=\"{client}\"}} {count}");
        assert!(numbers.lines().any(|other| other == line), "{line} is missing from\n{numbers}");
    }
}
