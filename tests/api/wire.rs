//! HTTP itself, as clients speak it that are less than polite.

use crate::support::{Options, Shop};
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn what_is_no_http_is_answered_with_a_problem() {
    let shop = Shop::open().await;
    for bytes in [
        &b"nonsense\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
        b"GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\n",
        b"POST /api/v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
    ] {
        shop.raw(bytes).await.expect_problem(400, "malformed_request");
    }
}

#[tokio::test]
async fn one_host_is_needed() {
    let shop = Shop::open().await;
    for head in ["", "Host: a\r\nHost: b\r\n", "Host: a b\r\n", "Host: <script>\r\n"] {
        let request = format!("GET /healthz HTTP/1.1\r\n{head}Connection: close\r\n\r\n");
        shop.raw(request.as_bytes()).await.expect_problem(400, "malformed_request");
    }
    assert_eq!(shop.raw(b"GET /healthz HTTP/1.0\r\n\r\n").await.status, 200);
}

#[tokio::test]
async fn a_request_with_two_lengths_is_not_smuggled() {
    let shop = Shop::open().await;
    let inner = "GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\n\r\n";
    let request = format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\
         Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n{inner}"
    );
    let answer = shop.raw(request.as_bytes()).await;
    let answers = String::from_utf8_lossy(&answer.all).matches("HTTP/1.1 ").count();
    assert_eq!(answers, 1, "{}", String::from_utf8_lossy(&answer.all));
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn an_unknown_transfer_coding_is_501() {
    let shop = Shop::open().await;
    for coding in ["gzip, chunked", "identity, chunked"] {
        let request = format!(
            "POST /api/v1/users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {coding}\r\nConnection: close\r\n\r\n0\r\n\r\n"
        );
        let answer = shop.raw(request.as_bytes()).await;
        assert!(matches!(answer.status, 400 | 501), "{}", String::from_utf8_lossy(&answer.all));
    }
}

#[tokio::test]
async fn too_long_addresses_and_heads_are_told_apart() {
    let shop = Shop::open().await;
    let long = "x".repeat(9000);
    let request = format!("GET /api/v1/users?search={long} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    shop.raw(request.as_bytes()).await.expect_problem(414, "uri_too_long");
    let longer = "x".repeat(200_000);
    let request = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {longer}\r\nConnection: close\r\n\r\n");
    shop.raw(request.as_bytes()).await.expect_problem(431, "headers_too_large");
    let many = (0..2000).map(|number| format!("X-{number}: y")).collect::<Vec<_>>().join("\r\n");
    let request = format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{many}\r\nConnection: close\r\n\r\n");
    shop.raw(request.as_bytes()).await.expect_problem(431, "headers_too_large");
}

#[tokio::test]
async fn only_one_expectation_is_met() {
    let shop = Shop::open().await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nConnection: close\r\n\r\n";
    shop.raw(request).await.expect_problem(417, "expectation_failed");
    let body = json!({"username": "nobody", "password": "Wrong-Word-1"}).to_string();
    let request = format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Expect: 100-continue\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let answer = shop.raw(request.as_bytes()).await;
    assert!(answer.status == 100 || answer.status == 401, "{}", answer.status);
    assert!(String::from_utf8_lossy(&answer.all).contains("HTTP/1.1 401"));
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_refused_before_it_is_sent() {
    let shop = Shop::open().await;
    let request = b"POST /api/v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n";
    shop.raw(request).await.expect_problem(413, "body_too_large");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_408() {
    let shop =
        Shop::open_with(Options { request_timeout: Some(Duration::from_millis(200)), ..Options::default() }).await;
    let request =
        b"POST /api/v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{";
    shop.raw(request).await.expect_problem(408, "request_timeout");
}

#[tokio::test]
async fn a_broken_chunk_is_400() {
    let shop = Shop::open().await;
    let request =
        b"POST /api/v1/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\
        Connection: close\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n";
    shop.raw(request).await.expect_problem(400, "malformed_request");
}

#[tokio::test]
async fn a_connection_carries_many_requests_even_unread() {
    let shop = Shop::open().await;
    let one = "GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\n\r\n";
    let last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = shop.raw((one.repeat(20) + last).as_bytes()).await;
    let text = String::from_utf8_lossy(&answer.all).into_owned();
    assert_eq!((text.matches("HTTP/1.1 401").count(), text.matches("HTTP/1.1 200").count()), (20, 1));
}

#[tokio::test]
async fn a_caller_who_leaves_does_no_harm() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for _ in 0..20 {
        let mut socket = TcpStream::connect(shop.address()).await.expect("a connection");
        let body = json!({"username": "ada", "password": "Wrong-Word-1"}).to_string();
        let request = format!(
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(request.as_bytes()).await.expect("a request");
        drop(socket);
    }
    assert!(ada.is_signed_in().await);
}

#[tokio::test]
async fn http2_is_spoken_to_who_begins_with_it() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let me = ada.get("/users/me").by_http2().await.expect_status(200);
    assert_eq!(me.at("/id"), ada.id());
    ada.patch("/users/me", &json!({"full_name": "Ada"})).by_http2().await.expect_status(200);
    shop.visitor().get("/users/me").by_http2().await.expect_problem(401, "unauthenticated");
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let ada = ada.clone();
        running.spawn(async move { ada.get("/users/me").by_http2().await.status });
    }
    assert!(running.join_all().await.into_iter().all(|status| status == 200));
}

#[tokio::test]
async fn a_stopping_shop_answers_what_has_begun() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let mut socket = TcpStream::connect(shop.address()).await.expect("a connection");
    let body = json!({"full_name": "Ada"}).to_string();
    let head = format!(
        "PATCH /api/v1/users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        ada.token(),
        body.len()
    );
    socket.write_all(head.as_bytes()).await.expect("a head");
    // The server has begun when it asks for the body.
    let mut asked = [0; 25];
    socket.read_exact(&mut asked).await.expect("a question");
    assert!(asked.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&asked));
    let closing = tokio::spawn({
        let shop = shop.clone();
        async move { shop.close().await }
    });
    socket.write_all(body.as_bytes()).await.expect("a body");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    closing.await.expect("an end");
    assert!(TcpStream::connect(shop.address()).await.is_err(), "the door is closed");
}
