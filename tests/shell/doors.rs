//! The doors beside the main one: plain HTTP that is sent to https, and the operator's own pages.

use crate::program::{Running, folder, program};
use crate::raw::{Heard, Raw, get};
use std::net::SocketAddr;

fn address(told: &serde_json::Value) -> SocketAddr {
    told["address"].as_str().and_then(|address| address.parse().ok()).unwrap_or_else(|| panic!("no address: {told}"))
}

/// A program that redirects, the address where it does, and the port of its TLS.
fn redirecting(public: Option<&str>) -> (Running, SocketAddr, tempfile::TempDir) {
    let folder = folder();
    let names = ["localhost".to_owned()];
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names).expect("a certificate");
    std::fs::write(folder.path().join("cert.pem"), cert.pem()).expect("written");
    std::fs::write(folder.path().join("key.pem"), signing_key.serialize_pem()).expect("written");
    let mut command = program(&folder);
    command.env("SHOPKEEPER_TLS_CERT", "cert.pem").env("SHOPKEEPER_TLS_KEY", "key.pem");
    command.env("SHOPKEEPER_REDIRECT_LISTEN", "127.0.0.1:0").env("SHOPKEEPER_PUBLIC_URL", public.unwrap_or(""));
    let mut running = Running::start(&mut command);
    let address = address(&running.told("redirecting"));
    (running, address, folder)
}

async fn post(address: SocketAddr, path: &str) -> Heard {
    Raw::ask(address, format!("POST {path} HTTP/1.1\r\nHost: shop.test:80\r\nContent-Length: 0\r\n\r\n")).await
}

#[tokio::test]
async fn plain_http_is_sent_to_https_with_its_path_and_query() {
    let (running, door, _folder) = redirecting(None);
    let heard = post(door, "/api/v1/orders?a=1&b=%20x").await;
    assert_eq!(heard.status, 308);
    assert_eq!(
        heard.header("location"),
        format!("https://shop.test:{}/api/v1/orders?a=1&b=%20x", running.address.port())
    );
    assert_eq!(
        heard.header("strict-transport-security"),
        "",
        "nobody believes it in the clear (RFC 6797, section 7.2)"
    );

    let (_running, door, _folder) = redirecting(Some("https://shop.example"));
    assert_eq!(post(door, "/x").await.header("location"), "https://shop.example/x");
    assert_eq!(Raw::ask(door, "rubbish\r\n\r\n").await.code(), "malformed_request");
}

#[tokio::test]
async fn the_operators_pages_can_have_a_door_of_their_own() {
    let folder = folder();
    let mut running = Running::start(program(&folder).env("SHOPKEEPER_METRICS_LISTEN", "127.0.0.1:0"));
    let door = address(&running.told("telling_metrics"));
    for path in ["/metrics", "/healthz", "/readyz"] {
        assert_eq!(Raw::ask(door, get(path)).await.status, 200, "{path}");
    }
    for path in ["/", "/docs", "/api/v1/products", "/openapi.yaml"] {
        assert_eq!(Raw::ask(door, get(path)).await.code(), "not_found", "{path}");
    }
    assert!(running.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(running.get("/metrics").starts_with("HTTP/1.1 404"));
    assert!(!running.get("/").contains("/metrics"), "the index leads to nothing that is not there");
    running.signal("-TERM");
    assert_eq!(running.ended().0, Some(0));
}
