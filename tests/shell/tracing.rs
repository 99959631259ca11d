//! What a request leaves behind: its id, its line, its numbers; and whose address is believed.

use crate::house::{ACCOUNT, House, Plan};
use crate::raw::{PATIENCE, Raw, get};
use http::Method;
use tokio::time::timeout;

fn with(path: &str, headers: &[&str]) -> String {
    let lines: String = headers.iter().flat_map(|header| [header, "\r\n"]).collect();
    format!("GET {path} HTTP/1.1\r\nHost: shop.test\r\n{lines}\r\n")
}

#[tokio::test]
async fn every_answer_carries_the_callers_sane_id_or_a_new_one() {
    let house = House::open(Plan::default());
    let id = |heard: crate::raw::Heard| heard.header("x-request-id").to_owned();
    assert_eq!(id(Raw::ask(house.address, with("/who", &["X-Request-Id: Mine_1.2-3"])).await), "Mine_1.2-3");
    assert_eq!(id(Raw::ask(house.address, with("/nowhere", &["X-Request-Id: Mine_1.2-3"])).await), "Mine_1.2-3");
    let new = id(Raw::ask(house.address, with("/who", &["X-Request-Id: not {sane}"])).await);
    let new: uuid::Uuid = new.parse().expect("a uuid");
    assert_eq!(new.get_version_num(), 7);
}

#[tokio::test]
async fn a_request_leaves_one_line_without_its_secrets() {
    let house = House::open(Plan::default());
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = with(
        "/who?token=s3cret",
        &[
            "Authorization: Bearer s3cret",
            "X-API-Key: s3cret",
            "Cookie: s3cret",
            "X-Request-Id: r-1",
            &format!("traceparent: 00-{trace}-00f067aa0ba902b7-01"),
        ],
    );
    assert_eq!(Raw::ask(house.address, request).await.status, 200);
    let body = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\ns3cret";
    assert_eq!(Raw::ask(house.address, body).await.status, 200);
    let lines = house.log().await;
    assert_eq!(lines.len(), 2);
    let line = &lines[0];
    for (name, value) in [
        ("event", "request"),
        ("method", "GET"),
        ("path", "/who"),
        ("operation", "probe"),
        ("ip", "127.0.0.1"),
        ("request_id", "r-1"),
        ("trace_id", trace),
        ("account_id", &ACCOUNT.to_string()),
    ] {
        assert_eq!(line[name], value, "{name}");
    }
    assert_eq!(line["status"], 200);
    assert!(line["duration_us"].is_u64());
    let at = line["timestamp"].as_str().unwrap();
    assert!(at.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(at).is_ok(), "{at}");
    assert!(!format!("{lines:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_path_cannot_forge_a_line() {
    let house = House::open(Plan::default());
    for path in ["/%0a{\"event\":\"request\"}", "/\"quoted\\", "/ünï", "/%1b[31m"] {
        let _ = Raw::ask(house.address, get(path)).await;
    }
    let lines = house.log().await;
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[1]["path"], "/\"quoted\\");
}

#[tokio::test]
async fn a_caller_who_leaves_is_logged_as_gone() {
    let house = House::open(Plan::default());
    let client = house.by_http2();
    let asked = tokio::spawn(async move { client.request(Method::GET, "/wait").answer().await });
    house.somebody_waits().await;
    // With it goes the client, and its connection.
    asked.abort();
    let gone = async {
        while house.metrics.connections() > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, gone).await.expect("leaves in time");
    assert_eq!(house.log().await[0]["status"], 499);
}

#[tokio::test]
async fn requests_are_counted_by_operation_and_class() {
    let house = House::open(Plan::default());
    for path in ["/who", "/who", "/healthz", "/nowhere"] {
        let _ = Raw::ask(house.address, get(path)).await;
    }
    let _ = Raw::ask(house.address, "rubbish\r\n\r\n").await;
    let heard = Raw::ask(house.address, get("/metrics")).await;
    assert!(heard.header("content-type").starts_with("text/plain; version=0.0.4"));
    let text = String::from_utf8(heard.body).unwrap();
    for line in [
        "shopkeeper_http_requests_total{operation=\"probe\",status=\"2xx\"} 2",
        "shopkeeper_http_requests_total{operation=\"page_healthz\",status=\"2xx\"} 1",
        "shopkeeper_http_requests_total{operation=\"none\",status=\"4xx\"} 2",
        "shopkeeper_http_request_duration_seconds_count{operation=\"probe\",status=\"2xx\"} 2",
        "shopkeeper_http_requests_in_flight 1",
    ] {
        assert!(text.lines().any(|other| other == line), "{line} is missing from\n{text}");
    }
}

#[tokio::test]
async fn forwarded_headers_are_believed_from_trusted_proxies_only() {
    let headers = ["X-Forwarded-For: 6.6.6.6, 203.0.113.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: outside"];
    let who = async |trusted: &'static [&'static str], public| {
        let house = House::open(Plan { public, trusted, ..Plan::default() });
        let heard = Raw::ask(house.address, with("/who", &headers)).await.json();
        (heard["ip"].as_str().unwrap().to_owned(), heard["base"].as_str().unwrap().to_owned())
    };
    assert_eq!(who(&[], None).await, ("127.0.0.1".to_owned(), "http://shop.test".to_owned()));
    assert_eq!(who(&["127.0.0.0/8"], None).await, ("203.0.113.7".to_owned(), "https://outside".to_owned()));
    let configured = who(&["127.0.0.0/8"], Some("https://shop.example")).await;
    assert_eq!(configured, ("203.0.113.7".to_owned(), "https://shop.example".to_owned()));
}

#[tokio::test]
async fn browsers_are_told_to_stay_with_tls_where_there_is_tls() {
    for (public, wanted) in [(None, ""), (Some("http://a"), ""), (Some("https://a"), "max-age=31536000")] {
        let house = House::open(Plan { public, ..Plan::default() });
        let heard = Raw::ask(house.address, get("/who")).await;
        assert_eq!(heard.header("strict-transport-security"), wanted);
    }
}
