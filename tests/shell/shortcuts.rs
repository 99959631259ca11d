//! What comes in the same bytes again is answered as before, and never where these bytes mean something else.

use crate::house::{House, Plan, patient};
use crate::raw::{Heard, Raw, get};
use crate::timing::wait_until;
use shopkeeper::http::listen::Limits;
use std::sync::atomic::Ordering;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(150);

fn house() -> House {
    let house = House::open(Plan::default());
    house.probe.words.say("hello");
    house
}

/// How often the house answered by the bytes alone.
fn again(house: &House) -> u64 {
    house.probe.words.again.load(Ordering::Relaxed)
}

/// Asks until the bytes are known. The answers, the last of which was given by them.
async fn make_known(house: &House, raw: &mut Raw, request: &str) -> Vec<Heard> {
    let before = again(house);
    let mut answers = Vec::new();
    for _ in 0..4 {
        raw.send(request).await;
        answers.push(raw.hear().await);
    }
    assert_eq!(again(house), before + 1, "the bytes are known: {answers:?}");
    answers
}

/// A connection to a house that knows the bytes of `GET /again`.
async fn known() -> (House, Raw) {
    let house = house();
    let mut raw = Raw::connect(house.address).await;
    make_known(&house, &mut raw, &get("/again")).await;
    (house, raw)
}

#[tokio::test]
async fn answers_to_the_same_bytes_differ_in_what_is_their_own_alone() {
    let house = house();
    let mut raw = Raw::connect(house.address).await;
    let answers = make_known(&house, &mut raw, &get("/again")).await;
    let (first, last) = (&answers[0], &answers[3]);
    assert_eq!((first.status, &*first.body), (last.status, &*last.body));
    assert_eq!(first.headers.keys().collect::<Vec<_>>(), last.headers.keys().collect::<Vec<_>>());
    assert_ne!(first.header("x-request-id"), last.header("x-request-id"));
    assert_eq!((first.header("age"), last.header("age")), ("0", "7"));
    for (name, value) in &first.headers {
        assert!(["x-request-id", "age", "date"].contains(&&**name) || value == last.header(name), "{name}: {value}");
    }
    let log = house.log().await;
    let told = |answer: &Heard| {
        let mut line = log.iter().find(|line| line["request_id"] == answer.header("x-request-id")).unwrap().clone();
        for own in ["timestamp", "duration_us", "request_id"] {
            line[own].take();
        }
        line
    };
    assert_eq!(told(first), told(last), "the log tells the same of both");
}

#[tokio::test]
async fn what_is_said_now_counts_and_not_what_was_said_when_the_bytes_were_met() {
    let (house, mut raw) = known().await;
    house.probe.words.say("something longer");
    raw.send(get("/again")).await;
    assert_eq!(raw.hear().await.body, b"something longer 127.0.0.1");
    house.probe.words.stale.store(true, Ordering::Relaxed);
    let before = again(&house);
    raw.send(get("/again")).await;
    let heard = raw.hear().await;
    assert_eq!((&*heard.body, heard.header("age")), (&b"something longer 127.0.0.1"[..], "0"));
    assert_eq!(again(&house), before);
}

#[tokio::test]
async fn a_panic_on_the_short_way_leads_to_the_long_one() {
    let (house, mut raw) = known().await;
    house.probe.words.panics.store(true, Ordering::Relaxed);
    raw.send(get("/again")).await;
    let heard = raw.hear().await;
    assert_eq!((heard.status, heard.header("age")), (200, "0"));
}

#[tokio::test]
async fn known_bytes_inside_another_request_are_part_of_it() {
    let known_bytes = get("/again");
    let length = known_bytes.len();
    for (begin, wanted) in [
        // The rest of a head.
        ("GET /who HTTP/1.1\r\nX: ".to_owned(), "http://shop.test".to_owned()),
        (format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n"), known_bytes.clone()),
        (
            format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\nmore", length + 4),
            format!("more{known_bytes}"),
        ),
    ] {
        let (house, mut raw) = known().await;
        let before = again(&house);
        raw.send(&begin).await;
        raw.is_read().await;
        raw.send(&known_bytes).await;
        let heard = raw.hear().await;
        let text = String::from_utf8_lossy(&heard.body).into_owned();
        assert!(heard.status == 200 && text.contains(&wanted), "{begin}: {text}");
        assert_eq!(again(&house), before, "{begin}");
    }
}

#[tokio::test]
async fn known_bytes_in_a_chunked_body_are_part_of_it_and_after_it_a_request() {
    let (house, mut raw) = known().await;
    let before = again(&house);
    let request = get("/again");
    raw.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    raw.send(format!("{:x}\r\n", request.len())).await;
    raw.is_read().await;
    raw.send(&request).await;
    raw.is_read().await;
    raw.send("\r\n0\r\n\r\n").await;
    assert_eq!(raw.hear().await.body, request.as_bytes());
    for _ in 0..3 {
        raw.send(&request).await;
        assert_eq!(raw.hear().await.status, 200);
    }
    assert_eq!(again(&house), before, "what was read last is not accounted for byte by byte");
}

#[tokio::test]
async fn requests_in_one_piece_are_answered_one_by_one() {
    let (house, mut raw) = known().await;
    raw.send([get("/again"), get("/who"), get("/again")].concat()).await;
    for wanted in ["hello", "base", "hello"] {
        let heard = raw.hear().await;
        assert!(String::from_utf8_lossy(&heard.body).contains(wanted), "{heard:?}");
    }
    raw.send([get("/again"), "GET /wh".to_owned()].concat()).await;
    assert_eq!(raw.hear().await.body, b"hello 127.0.0.1");
    // Known bytes, were they not the rest of something else.
    raw.send(["o HTTP/1.1\r\nHost: b\r\n\r\n", &get("/again")].concat()).await;
    assert_eq!(raw.hear().await.json()["base"], "http://b");
    assert_eq!(raw.hear().await.body, b"hello 127.0.0.1");
    drop(house);
}

#[tokio::test]
async fn after_an_ordinary_request_with_a_body_the_way_is_short_again() {
    let (house, mut raw) = known().await;
    for body in ["{}".to_owned(), "x".repeat(100_000)] {
        let head = format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.len());
        raw.send(head + &body).await;
        assert_eq!(raw.hear().await.body, body.as_bytes());
        let before = again(&house);
        raw.send(get("/again")).await;
        assert_eq!(raw.hear().await.body, b"hello 127.0.0.1");
        assert_eq!(again(&house), before + 1);
    }
}

#[tokio::test]
async fn what_is_about_the_connection_or_one_request_alone_is_not_remembered() {
    let house = house();
    for line in [
        "Connection: close",
        "X-Request-Id: mine",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ] {
        let request = format!("GET /again HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n");
        for _ in 0..5 {
            assert_eq!(Raw::ask(house.address, &request).await.status, 200, "{line}");
        }
        let mut raw = Raw::connect(house.address).await;
        for _ in 0..5 {
            raw.send(if line.starts_with("Connection") { get("/who") } else { request.clone() }).await;
            assert_eq!(raw.hear().await.status, 200, "{line}");
        }
    }
    let mut raw = Raw::connect(house.address).await;
    for _ in 0..5 {
        raw.send("HEAD /again HTTP/1.1\r\nHost: a\r\n\r\n").await;
        assert_eq!(raw.hear_head().await.status, 200);
    }
    assert_eq!(again(&house), 0);
}

#[tokio::test]
async fn whose_word_is_trusted_makes_the_same_bytes_another_question() {
    let house = House::open(Plan { trusted: &["127.0.0.2/32"], ..Plan::default() });
    house.probe.words.say("hello");
    let request = "GET /again HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n";
    for _ in 0..2 {
        for (peer, client) in
            [([127, 0, 0, 3], "127.0.0.3"), ([127, 0, 0, 2], "192.0.2.7"), ([127, 0, 0, 1], "127.0.0.1")]
        {
            let mut raw = Raw::connect_from(peer.into(), house.address).await;
            for _ in 0..5 {
                raw.send(request).await;
                assert_eq!(raw.hear().await.body, format!("hello {client}").as_bytes());
            }
        }
    }
    assert!(again(&house) > 10, "{}", again(&house));
}

#[tokio::test]
async fn an_answer_that_is_taken_slowly_is_whole_and_what_follows_comes_after_it() {
    let (house, mut raw) = known().await;
    house.probe.words.say(&"x".repeat(crate::house::BIG));
    let before = again(&house);
    for _ in 0..2 {
        raw.send(get("/again")).await;
        raw.is_read().await;
        raw.send(get("/who")).await;
        let heard = raw.hear().await;
        assert_eq!(heard.body.len(), crate::house::BIG + " 127.0.0.1".len());
        assert!(raw.hear().await.header("content-type").contains("json"));
    }
    assert_eq!(again(&house), before + 2);
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_given_up_and_a_connection_in_use_is_not() {
    let house = House::open(Plan { limits: Limits { idle: SHORT * 30, ..patient() }, ..Plan::default() });
    house.probe.words.say("hello");
    let mut raw = Raw::connect(house.address).await;
    make_known(&house, &mut raw, &get("/again")).await;
    // Longer than the limit, and never silent for nearly as long as that.
    for _ in 0..15 {
        tokio::time::sleep(SHORT * 3).await;
        raw.send(get("/again")).await;
        assert_eq!(raw.hear().await.status, 200);
    }
    house.probe.words.say(&"x".repeat(crate::house::BIG));
    raw.send(get("/again")).await;
    wait_until(|| house.metrics.connections() == 0).await;
}

#[tokio::test]
async fn connections_with_short_ways_end_when_the_house_is_closed() {
    let (house, mut raw) = known().await;
    house.drain();
    assert!(raw.closed().await.is_empty());
    assert_eq!(house.ended().await.0, 0, "nobody was cut off");
}

#[tokio::test]
async fn known_bytes_behind_a_body_that_nobody_wanted_are_no_request_of_their_own() {
    let request = get("/again");
    let head = |length: usize| format!("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
    for (first, then) in [
        // All of the body comes with the head, half of it, nothing.
        (head(4) + "body", request.clone()),
        (head(4 + request.len()) + "body", request.clone()),
        (head(request.len()), request.clone()),
    ] {
        let (house, mut raw) = known().await;
        raw.send(&first).await;
        assert_eq!(raw.hear().await.status, 413, "{first}");
        // The server may have closed, which is as good.
        let _ = raw.try_send(&then).await;
        let rest = String::from_utf8_lossy(&raw.until_quiet().await).into_owned();
        let whole = first.ends_with("\r\n\r\nbody") && first.contains("Content-Length: 4\r");
        assert_eq!(rest.contains("hello"), whole, "{first}: {rest}");
        drop(house);
    }
}

#[tokio::test]
async fn an_answer_is_finished_while_the_house_closes() {
    let (house, mut raw) = known().await;
    house.probe.words.say(&"x".repeat(crate::house::BIG));
    raw.send(get("/again")).await;
    raw.is_read().await;
    house.drain();
    assert_eq!(raw.hear().await.body.len(), crate::house::BIG + " 127.0.0.1".len());
    assert_eq!(house.ended().await.0, 0, "nobody was cut off");
}
