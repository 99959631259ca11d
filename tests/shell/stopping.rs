//! Stopping finishes what runs, refuses what is new, and ends when the grace is over.

use crate::house::{House, Plan};
use crate::raw::{PATIENCE, Raw, get};
use http::Method;
use shopkeeper::http::shutdown::Phase;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test]
async fn running_requests_are_finished_and_idle_connections_closed() {
    let house = House::open(Plan::default());
    let mut idle = Raw::connect(house.address).await;
    idle.send(get("/healthz")).await;
    assert_eq!(idle.hear().await.status, 200);
    let mut busy = Raw::connect(house.address).await;
    busy.send(get("/wait")).await;
    house.somebody_waits().await;

    house.drain();
    assert!(idle.closed().await.is_empty());
    house.probe.gate.add_permits(1);
    let heard = busy.hear().await;
    assert_eq!((heard.status, heard.header("connection")), (200, "close"));
    assert!(busy.closed().await.is_empty());
    assert_eq!(house.ended().await.0, 0);
}

#[tokio::test]
async fn whoever_is_only_leaving_goes_on_serving() {
    let house = House::open(Plan::default());
    let mut old = Raw::connect(house.address).await;
    old.send(get("/healthz")).await;
    assert_eq!(old.hear().await.status, 200);

    house.stop.advance(Phase::Leaving);
    let mut new = Raw::connect(house.address).await;
    for connection in [&mut old, &mut new] {
        connection.send(get("/healthz")).await;
        let heard = connection.hear().await;
        assert_eq!((heard.status, heard.header("connection")), (200, ""));
    }
    house.drain();
    assert!(old.closed().await.is_empty() && new.closed().await.is_empty());
    assert_eq!(house.ended().await.0, 0);
}

#[tokio::test]
async fn http2_requests_are_finished_too() {
    let house = House::open(Plan::default());
    let client = house.by_http2();
    let asked = tokio::spawn(async move { client.request(Method::GET, "/wait").answer().await });
    house.somebody_waits().await;
    house.drain();
    house.probe.gate.add_permits(1);
    let heard = timeout(PATIENCE, asked).await.unwrap().unwrap().unwrap();
    assert_eq!(heard.body(), "waited");
    assert_eq!(house.ended().await.0, 0);
}

#[tokio::test]
async fn nobody_new_is_let_in() {
    let house = House::open(Plan::default());
    let mut busy = Raw::connect(house.address).await;
    busy.send(get("/wait")).await;
    house.somebody_waits().await;
    house.drain();
    let refused = async { while TcpStream::connect(house.address).await.is_ok() {} };
    timeout(PATIENCE, refused).await.expect("the door closes in time");
    house.probe.gate.add_permits(1);
    assert_eq!(busy.hear().await.status, 200);
}

#[tokio::test]
async fn what_outlasts_the_grace_is_cut_off_and_counted() {
    let house = House::open(Plan { grace: Duration::from_millis(50), ..Plan::default() });
    let mut busy = Raw::connect(house.address).await;
    busy.send(get("/wait")).await;
    house.somebody_waits().await;
    house.drain();
    assert!(busy.closed().await.is_empty());
    let (cut, log) = house.ended().await;
    assert_eq!(cut, 1);
    assert_eq!(log[0]["status"], 499);
}

#[tokio::test]
async fn a_second_signal_does_not_wait_for_the_grace() {
    let house = House::open(Plan::default());
    let mut busy = Raw::connect(house.address).await;
    busy.send(get("/wait")).await;
    house.somebody_waits().await;
    house.drain();
    house.stop.advance(Phase::Cut);
    assert_eq!(house.ended().await.0, 1);
    assert!(busy.closed().await.is_empty());
}
