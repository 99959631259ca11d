//! HTTP's own rules, and the form of the answers to who breaks them.

use crate::house::{House, Plan, patient};
use crate::raw::{Raw, get};
use http::{HeaderValue, Method, header};
use shopkeeper::http::listen::Limits;
use tokio::io::AsyncWriteExt;

/// Sends bytes on a connection of their own; the answer has to be this status and code.
async fn refused(house: &House, bytes: impl AsRef<[u8]>, status: u16, code: &str) {
    let heard = Raw::ask(house.address, bytes.as_ref()).await;
    assert_eq!((heard.status, heard.code().as_str()), (status, code), "{:?}", String::from_utf8_lossy(&heard.body));
}

#[tokio::test]
async fn host_has_to_be_there_once_and_to_be_a_host() {
    let house = House::open(Plan::default());
    refused(&house, "GET /who HTTP/1.1\r\n\r\n", 400, "malformed_request").await;
    refused(&house, "GET /who HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "malformed_request").await;
    refused(&house, "GET /who HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "malformed_request").await;
    assert_eq!(Raw::ask(house.address, "GET /who HTTP/1.0\r\n\r\n").await.status, 200);
    assert_eq!(Raw::ask(house.address, "GET http://b/who HTTP/1.1\r\nHost: a\r\n\r\n").await.status, 200);
}

#[tokio::test]
async fn transfer_codings_other_than_chunked_are_not_implemented() {
    let house = House::open(Plan::default());
    let with = |coding: &str| {
        format!("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {coding}\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
    };
    refused(&house, with("gzip, chunked"), 501, "not_implemented").await;
    refused(&house, with("chunked\r\nTransfer-Encoding: chunked"), 501, "not_implemented").await;
    refused(&house, with("gzip"), 400, "malformed_request").await;
    let heard = Raw::ask(house.address, with("chunked")).await;
    assert_eq!((heard.status, heard.body.as_slice()), (200, &b"hi"[..]));
}

#[tokio::test]
async fn the_only_expectation_is_100_continue() {
    let house = House::open(Plan::default());
    let with = |value: &str| format!("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: {value}\r\nContent-Length: 2\r\n\r\n");
    refused(&house, with("a-miracle"), 417, "expectation_failed").await;
    let mut raw = Raw::connect(house.address).await;
    raw.send(with("100-Continue")).await;
    assert_eq!(raw.hear().await.status, 100);
    raw.send("hi").await;
    assert_eq!(raw.hear().await.body, b"hi");
}

#[tokio::test]
async fn methods_are_known_and_allowed_or_refused_by_name() {
    let house = House::open(Plan::default());
    refused(&house, "BREW /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 501, "not_implemented").await;
    refused(&house, "BREW /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 501, "not_implemented").await;
    refused(&house, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501, "not_implemented").await;
    let heard = Raw::ask(house.address, "TRACE /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!((heard.status, heard.header("allow")), (405, "GET, HEAD, OPTIONS"));
    assert_eq!(heard.code(), "method_not_allowed");
    let heard = Raw::ask(house.address, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(heard.status == 204 && heard.header("allow").contains("PATCH"), "{heard:?}");
    refused(&house, "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed_request").await;
}

#[tokio::test]
async fn long_targets_and_heads_are_refused_as_such() {
    let house = House::open(Plan::default());
    refused(&house, get(&format!("/{}", "x".repeat(9000))), 414, "uri_too_long").await;
    // Beyond what the buffer holds hyper itself refuses; no service ever sees the request.
    refused(&house, get(&format!("/{}", "x".repeat(100_000))), 431, "headers_too_large").await;
    let large = format!("GET / HTTP/1.1\r\nHost: a\r\nX-Large: {}\r\n\r\n", "x".repeat(100_000));
    refused(&house, large, 431, "headers_too_large").await;
    let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X-Many: x\r\n".repeat(200));
    refused(&house, many, 431, "headers_too_large").await;
}

#[tokio::test]
async fn what_is_no_request_gets_a_problem_too() {
    let house = House::open(Plan::default());
    let hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is how TLS begins\r\n\r\n";
    refused(&house, hello, 400, "malformed_request").await;
    refused(&house, "GET / HTTP/9.1\r\n\r\n", 400, "malformed_request").await;
    refused(&house, "GET /\u{1}/a HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed_request").await;
    refused(&house, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -2\r\n\r\n", 400, "malformed_request").await;
    refused(&house, "GET / HTTP/1.1\r\nHost: a\r\nBad Name: b\r\n\r\n", 400, "malformed_request").await;
    let lines = house.log().await;
    assert_eq!(lines.len(), 5);
    assert!(lines.iter().all(|line| line["status"] == 400 && line["ip"] == "127.0.0.1"), "{lines:?}");
}

#[tokio::test]
async fn a_refusal_of_hypers_own_is_a_complete_message() {
    let house = House::open(Plan::default());
    let mut raw = Raw::connect(house.address).await;
    raw.send("nonsense\r\n\r\n").await;
    let heard = raw.hear().await;
    assert_eq!(heard.header("connection"), "close");
    assert!(heard.headers.contains_key("date") && heard.headers.contains_key("x-request-id"), "{heard:?}");
    assert!(raw.closed().await.is_empty());
}

#[tokio::test]
async fn requests_in_one_piece_are_answered_in_order() {
    let house = House::open(Plan::default());
    let mut raw = Raw::connect(house.address).await;
    let echo = |body: &str| format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n{body}");
    raw.send([echo("1"), echo("2"), get("/nowhere"), echo("3"), "rubbish\r\n\r\n".to_owned()].concat()).await;
    assert_eq!(raw.hear().await.body, b"1");
    assert_eq!(raw.hear().await.body, b"2");
    assert_eq!(raw.hear().await.code(), "not_found");
    assert_eq!(raw.hear().await.body, b"3");
    assert_eq!(raw.hear().await.code(), "malformed_request");
}

#[tokio::test]
async fn who_closes_its_side_after_the_request_still_gets_the_answer() {
    let house = House::open(Plan::default());
    let mut raw = Raw::connect(house.address).await;
    raw.send(get("/wait")).await;
    raw.stream.shutdown().await.unwrap();
    house.somebody_waits().await;
    house.probe.gate.add_permits(1);
    assert_eq!(raw.hear().await.body, b"waited");
}

#[tokio::test]
async fn an_early_refusal_reaches_a_caller_who_is_still_sending() {
    let house = House::open(Plan::default());
    for _ in 0..20 {
        let mut raw = Raw::connect(house.address).await;
        let size = 900_000;
        raw.send(format!("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n")).await;
        raw.send(vec![b'x'; size]).await;
        assert_eq!(raw.hear().await.code(), "body_too_large");
    }
}

#[tokio::test]
async fn head_is_get_without_the_body_in_both_versions() {
    let house = House::open(Plan::default());
    let read = Raw::ask(house.address, get("/openapi.json")).await;
    let mut raw = Raw::connect(house.address).await;
    raw.send("HEAD /openapi.json HTTP/1.1\r\nHost: shop.test\r\n\r\n").await;
    let head = raw.hear_head().await;
    for name in ["content-length", "content-type", "etag", "cache-control", "vary"] {
        assert_eq!(read.header(name), head.header(name), "{name}");
    }
    raw.send(get("/healthz")).await;
    assert_eq!(raw.hear().await.status, 200);

    let client = house.by_http2();
    let mut call = client.request(Method::HEAD, "/openapi.json");
    call.headers([(header::HOST, HeaderValue::from_static("shop.test"))].into_iter().collect());
    let head = call.answer().await.unwrap();
    assert_eq!(head.version(), http::Version::HTTP_2);
    assert_eq!(head.headers()["content-length"].to_str().unwrap(), read.header("content-length"));
    assert!(head.body().is_empty());
}

#[tokio::test]
async fn no_more_connections_are_served_than_there_is_room_for() {
    let house = House::open(Plan { limits: Limits { connections: 1, ..patient() }, ..Plan::default() });
    let mut first = Raw::connect(house.address).await;
    first.send(get("/healthz")).await;
    assert_eq!(first.hear().await.status, 200);
    let mut second = Raw::connect(house.address).await;
    second.send(get("/wait")).await;
    first.send(get("/healthz")).await;
    assert_eq!(first.hear().await.status, 200);
    assert_eq!(house.probe.came.available_permits(), 0, "the second is not served yet");
    drop(first);
    house.somebody_waits().await;
    house.probe.gate.add_permits(1);
    assert_eq!(second.hear().await.status, 200);
}

#[tokio::test]
async fn a_panic_costs_one_answer_and_nothing_else() {
    let house = House::open(Plan::default());
    let mut raw = Raw::connect(house.address).await;
    raw.send(get("/panic")).await;
    let heard = raw.hear().await;
    assert_eq!((heard.status, heard.code().as_str()), (500, "internal_error"));
    assert!(!String::from_utf8_lossy(&heard.body).contains("probe"), "{heard:?}");
    raw.send(get("/healthz")).await;
    assert_eq!(raw.hear().await.status, 200);
}
