//! Nothing holds a connection for ever: each limit closes what is late, and only that.

use crate::house::{House, Plan, patient};
use crate::raw::{PATIENCE, Raw, get};
use shopkeeper::http::listen::Limits;
use std::time::Duration;
use tokio::time::timeout;

const SHORT: Duration = Duration::from_millis(150);

fn house(limits: Limits) -> House {
    House::open(Plan { limits, ..Plan::default() })
}

/// A minimal HTTP/2 request for a path without a body: preface, empty SETTINGS, one HEADERS frame.
fn h2_request(path: &str) -> Vec<u8> {
    // Indexed: `:method: GET` and `:scheme: http`; literal without indexing: `:path` and `:authority`.
    let mut block = vec![0x82, 0x86, 0x04, u8::try_from(path.len()).unwrap()];
    block.extend_from_slice(path.as_bytes());
    block.extend_from_slice(b"\x01\x01a");
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
    bytes.extend_from_slice(&[0, 0, u8::try_from(block.len()).unwrap(), 0x01, 0x05, 0, 0, 0, 1]);
    bytes.extend_from_slice(&block);
    bytes
}

/// Whether the bytes of an HTTP/2 connection hold a frame of this type.
fn has_frame(mut bytes: &[u8], kind: u8) -> bool {
    while let [a, b, c, found, ..] = bytes {
        if *found == kind {
            return true;
        }
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        bytes = bytes.get(9 + length..).unwrap_or_default();
    }
    false
}

const GOAWAY: u8 = 0x07;

#[tokio::test]
async fn who_says_nothing_is_not_waited_for() {
    let house = house(Limits { head: SHORT, ..patient() });
    assert!(Raw::connect(house.address).await.closed().await.is_empty());
}

#[tokio::test]
async fn half_a_head_is_not_waited_for() {
    let house = house(Limits { head: SHORT, ..patient() });
    for start in ["G", "GET / HTTP/1.1\r\nHost: a\r\n", "PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut raw = Raw::connect(house.address).await;
        raw.send(start).await;
        let _ = raw.closed().await;
    }
}

#[tokio::test]
async fn a_head_that_trickles_in_does_not_gain_time() {
    let house = house(Limits { head: SHORT, ..patient() });
    let mut raw = Raw::connect(house.address).await;
    raw.send("GET / HTTP/1.1\r\nHost: a\r\n").await;
    let trickle = async {
        while tokio::io::AsyncWriteExt::write_all(&mut raw.stream, b"X: y\r\n").await.is_ok() {
            tokio::time::sleep(SHORT / 8).await;
        }
    };
    timeout(PATIENCE, trickle).await.expect("is closed in time");
}

#[tokio::test]
async fn the_second_head_of_a_connection_has_to_come_in_time_too() {
    let house = house(Limits { head: SHORT, ..patient() });
    let mut raw = Raw::connect(house.address).await;
    raw.send(get("/healthz")).await;
    assert_eq!(raw.hear().await.status, 200);
    raw.send("GET /hea").await;
    assert!(raw.closed().await.is_empty());
}

#[tokio::test]
async fn a_connection_that_is_not_used_any_more_is_closed() {
    let house = house(Limits { idle: SHORT, ..patient() });
    let mut raw = Raw::connect(house.address).await;
    for _ in 0..3 {
        raw.send(get("/healthz")).await;
        assert_eq!(raw.hear().await.status, 200);
    }
    assert!(raw.closed().await.is_empty());
}

#[tokio::test]
async fn an_http2_connection_that_is_not_used_any_more_is_told_goodbye() {
    let house = house(Limits { idle: SHORT, head: SHORT, ..patient() });
    let mut raw = Raw::connect(house.address).await;
    raw.send(h2_request("/healthz")).await;
    let said = raw.closed().await;
    assert!(has_frame(&said, GOAWAY), "{said:?}");
}

#[tokio::test]
async fn an_http2_peer_that_does_not_answer_pings_is_gone() {
    let house = house(Limits { ping: SHORT, ..patient() });
    let mut raw = Raw::connect(house.address).await;
    raw.send(h2_request("/healthz")).await;
    let _ = raw.closed().await;
}

#[tokio::test]
async fn a_running_request_is_not_idle() {
    let house = house(Limits { idle: SHORT, head: SHORT, ..patient() });
    for request in [get("/wait").into_bytes(), h2_request("/wait")] {
        let mut raw = Raw::connect(house.address).await;
        raw.send(request).await;
        house.somebody_waits().await;
        // Longer than either limit; if the connection were cut, no answer would come.
        tokio::time::sleep(SHORT * 3).await;
        house.probe.gate.add_permits(1);
        let said = raw.closed().await;
        assert!(said.windows(6).any(|window| window == b"waited"), "{said:?}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_a_request_timeout() {
    let house = house(Limits { body: SHORT, linger: SHORT, ..patient() });
    for framing in ["Content-Length: 10\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"] {
        let mut raw = Raw::connect(house.address).await;
        raw.send(format!("POST /echo HTTP/1.1\r\nHost: a\r\n{framing}")).await;
        let heard = raw.hear().await;
        assert_eq!((heard.status, heard.code().as_str()), (408, "request_timeout"));
        assert!(raw.closed().await.is_empty(), "what is left of the body must not be taken for a request");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up() {
    let house = house(Limits { request: SHORT, ..patient() });
    let mut raw = Raw::connect(house.address).await;
    raw.send(get("/wait")).await;
    let heard = raw.hear().await;
    assert_eq!((heard.status, heard.code().as_str()), (503, "overloaded"));
    assert!(!heard.header("retry-after").is_empty());
    raw.send("POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi").await;
    assert!(matches!(raw.hear().await.status, 408 | 503), "the probe never reads that body");
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_not_kept() {
    let house = house(Limits { idle: SHORT, request: SHORT, ..patient() });
    let mut raw = Raw::connect(house.address).await;
    raw.send(get("/big")).await;
    wait_until(|| house.metrics.connections() == 1).await;
    wait_until(|| house.metrics.connections() == 0).await;
    assert!(raw.closed().await.len() < crate::house::BIG);
}

#[tokio::test]
async fn an_answer_that_is_taken_slowly_is_finished() {
    // All of it takes longer than the limit, also without what the system's buffers hold; each pause is far shorter, so that
    // no machine hesitates for as long.
    let house = house(Limits { idle: SHORT * 16, ..patient() });
    let mut raw = Raw::connect(house.address).await;
    raw.send(get("/big")).await;
    let mut taken = 0;
    let mut piece = vec![0; 128 * 1024];
    while taken < crate::house::BIG {
        let read = timeout(PATIENCE, tokio::io::AsyncReadExt::read(&mut raw.stream, &mut piece)).await;
        let read = read.expect("goes on in time").expect("goes on");
        assert!(read > 0, "cut off after {taken} bytes");
        taken += read;
        if taken < crate::house::BIG / 2 {
            tokio::time::sleep(SHORT / 2).await;
        }
    }
}

#[tokio::test]
async fn a_caller_who_does_not_close_is_not_lingered_for_without_end() {
    let house = house(Limits { linger: SHORT, ..patient() });
    let mut raw = Raw::connect(house.address).await;
    raw.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nx").await;
    assert_eq!(raw.hear().await.status, 413);
    wait_until(|| house.metrics.connections() == 0).await;
}

/// Asks again and again; fails when it never becomes true.
pub async fn wait_until(condition: impl Fn() -> bool) {
    let asking = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, asking).await.expect("comes true in time");
}
