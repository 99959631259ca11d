//! Pages of other origins: told nothing unless they are configured, and then what the Fetch standard asks for.

use crate::house::{House, Plan};
use crate::raw::{Heard, Raw};
use shopkeeper::http::cors::{self, Cors};

fn house(cors: Option<Cors>) -> House {
    House::open(Plan { cors, ..Plan::default() })
}

fn these() -> Cors {
    Cors::These(vec!["https://app.example".to_owned(), "http://localhost:5173".to_owned()])
}

async fn ask(house: &House, method: &str, path: &str, headers: &str) -> Heard {
    let mut raw = Raw::connect(house.address).await;
    raw.send(format!("{method} {path} HTTP/1.1\r\nHost: shop.test\r\n{headers}\r\n")).await;
    raw.hear().await
}

const APP: &str = "Origin: https://app.example\r\n";
const PREFLIGHT: &str = "Origin: https://app.example\r\nAccess-Control-Request-Method: GET\r\n\
                         Access-Control-Request-Headers: authorization\r\n";

#[tokio::test]
async fn without_origins_nothing_is_told() {
    let house = house(None);
    for (method, headers) in [("GET", APP), ("OPTIONS", PREFLIGHT)] {
        let heard = ask(&house, method, "/healthz", headers).await;
        assert!(heard.headers.keys().all(|name| !name.starts_with("access-control")), "{heard:?}");
    }
}

#[tokio::test]
async fn pages_of_these_origins_may_read_answers_and_no_others() {
    let house = house(Some(these()));
    let heard = ask(&house, "GET", "/healthz", APP).await;
    assert_eq!((heard.status, heard.header("access-control-allow-origin")), (200, "https://app.example"));
    assert!(heard.header("access-control-expose-headers").contains("x-request-id"));
    assert!(heard.header("vary").contains("origin"));
    for stranger in ["Origin: https://app.example.evil\r\n", "Origin: http://app.example\r\n", "Origin: null\r\n", ""] {
        let heard = ask(&house, "GET", "/healthz", stranger).await;
        assert_eq!((heard.status, heard.header("access-control-allow-origin")), (200, ""), "{stranger}");
        assert!(heard.header("vary").contains("origin"), "a cache would hand it to others: {stranger}");
    }
    let problem = ask(&house, "GET", "/nowhere", APP).await;
    assert_eq!(problem.code(), "not_found");
    assert_eq!(problem.header("access-control-allow-origin"), "https://app.example", "problems may be read, too");
}

#[tokio::test]
async fn browsers_that_ask_first_are_told_what_they_may_send() {
    let house = house(Some(these()));
    let heard = ask(&house, "OPTIONS", "/healthz", PREFLIGHT).await;
    assert_eq!((heard.status, heard.header("access-control-allow-origin")), (204, "https://app.example"));
    assert_eq!(heard.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
    assert!(heard.header("access-control-allow-headers").contains("authorization"));
    assert_eq!(heard.header("access-control-max-age"), "7200");
    assert_eq!(heard.header("access-control-allow-credentials"), "");
    let stranger = PREFLIGHT.replace("app.example", "evil.example");
    let heard = ask(&house, "OPTIONS", "/healthz", &stranger).await;
    assert_eq!(heard.header("access-control-allow-methods"), "");
}

#[tokio::test]
async fn all_origins_may_be_let_in() {
    let house = house(Some(Cors::Anyone));
    let heard = ask(&house, "GET", "/healthz", "Origin: https://anywhere.example\r\n").await;
    assert_eq!((heard.header("access-control-allow-origin"), heard.header("vary")), ("*", ""));
}

#[test]
fn every_header_of_the_document_can_be_sent_and_read() {
    let document: serde_json::Value = serde_json::from_str(generated::DOCUMENT_JSON).expect("the document");
    let (mut sent, mut read) = (Vec::new(), Vec::new());
    collect(&document, &mut sent, &mut read);
    assert!(sent.len() > 3 && read.len() > 5, "{sent:?} {read:?}");
    let (allowed, exposed) = (cors::allowed_headers(), cors::exposed_headers());
    sent.retain(|name| !allowed.iter().any(|known| known.as_str() == name));
    // What the standard lets scripts read anyway.
    read.retain(|name| name != "cache-control" && !exposed.iter().any(|known| known.as_str() == name));
    assert_eq!((sent, read), (Vec::<String>::new(), Vec::<String>::new()));
}

/// Names of the headers that the document has, in small letters.
fn collect(node: &serde_json::Value, sent: &mut Vec<String>, read: &mut Vec<String>) {
    if let Some(members) = node.as_object() {
        if let (Some("header"), Some(name)) = (node["in"].as_str(), node["name"].as_str()) {
            sent.push(name.to_ascii_lowercase());
        }
        if let Some(headers) = node["headers"].as_object() {
            read.extend(headers.keys().map(|name| name.to_ascii_lowercase()));
        }
        for member in members.values() {
            collect(member, sent, read);
        }
    } else if let Some(items) = node.as_array() {
        for item in items {
            collect(item, sent, read);
        }
    }
}
