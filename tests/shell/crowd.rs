//! An address has a share of the connections, is told when it is used up, and takes nothing from others.

use crate::house::{House, Plan, patient};
use crate::raw::{PATIENCE, Raw, get};
use shopkeeper::http::listen::Limits;
use tokio::time::timeout;

fn house(shared: &[&str]) -> House {
    let shared = shared.iter().map(|network| network.parse().unwrap()).collect();
    let limits = Limits { connections_per_address: 2, shared, ..patient() };
    House::open(Plan { limits, ..Plan::default() })
}

/// A connection that is served, and stays.
async fn keep(house: &House) -> Raw {
    let mut raw = Raw::connect(house.address).await;
    raw.send(get("/who")).await;
    assert_eq!(raw.hear().await.status, 200);
    raw
}

#[tokio::test]
async fn who_holds_its_share_is_told_and_served_again_when_it_lets_go() {
    let house = house(&[]);
    let (first, _second) = (keep(&house).await, keep(&house).await);
    for words in [get("/who"), String::new()] {
        let mut third = Raw::connect(house.address).await;
        third.send(words).await;
        let refused = third.hear().await;
        assert_eq!((refused.status, refused.code().as_str()), (503, "overloaded"));
        assert_eq!((refused.header("retry-after"), refused.header("connection")), ("1", "close"));
        assert!(refused.header("date").ends_with(" GMT"), "{refused:?}");
        assert!(third.closed().await.is_empty());
    }
    drop(first);
    let let_go = async {
        while house.metrics.connections() > 1 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, let_go).await.expect("lets go in time");
    drop(keep(&house).await);
    let lines = house.log().await;
    assert!(lines.iter().filter(|line| line["status"] == 503).all(|line| line["code"] == "overloaded"));
    assert_eq!(lines.iter().filter(|line| line["status"] == 503).count(), 2);
}

#[tokio::test]
async fn addresses_that_stand_for_many_are_not_counted() {
    let house = house(&["127.0.0.0/8"]);
    let mut held = Vec::new();
    for _ in 0..10 {
        held.push(keep(&house).await);
    }
    assert_eq!(house.metrics.connections(), 10);
}

#[tokio::test]
async fn the_share_of_one_address_leaves_room_for_another() {
    let house = house(&[]);
    let _held = (keep(&house).await, keep(&house).await);
    // All of 127.0.0.0/8 is this machine.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let stream = timeout(PATIENCE, socket.connect(house.address)).await.expect("connects in time").expect("connects");
    let mut other = Raw::over(stream);
    other.send(get("/who")).await;
    assert_eq!(other.hear().await.status, 200);
}
