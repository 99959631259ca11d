//! Links in pages: absolute, under the address by which the caller reached us, and nobody else's.

use crate::support::shelf::Shelf;
use crate::support::{Answer, Options};
use serde_json::Value;

/// Where a link of a page leads, as a target for a call.
#[track_caller]
pub fn below(answer: &Answer, relation: &str) -> Option<String> {
    let link = answer.at(&format!("/links/{relation}")).as_str()?.to_owned();
    let (_, path) = link.split_once("://").unwrap_or_else(|| panic!("{link} is not absolute: {answer}"));
    let path = path.find('/').map_or("", |at| &path[at..]);
    let target = path.strip_prefix(generated::BASE_PATH);
    Some(target.unwrap_or_else(|| panic!("{link} is no address of the API: {answer}")).to_owned())
}

/// Every address in a page and its `Link` header.
fn addresses(answer: &Answer) -> Vec<String> {
    let links = answer.at("/links");
    let written = links.as_object().expect("links").values().filter_map(Value::as_str).map(str::to_owned);
    let header = answer.headers_joined("link");
    let sent = header.split('<').skip(1).filter_map(|part| Some(part.split_once('>')?.0.to_owned()));
    let all: Vec<_> = written.chain(sent).collect();
    assert!(all.len() >= 4, "{answer}");
    all
}

#[track_caller]
fn expect_base(answer: &Answer, base: &str) {
    for address in addresses(answer) {
        assert!(address.starts_with(&format!("{base}/api/v1/")), "{address} is not below {base}: {answer}");
    }
}

async fn shelf_with(options: Options) -> Shelf {
    let shelf = Shelf::set_with(Options { rate_limits: false, ..options }).await;
    for _ in 0..3 {
        shelf.add_any().await;
    }
    shelf
}

#[tokio::test]
async fn links_are_absolute_under_the_address_that_was_asked() {
    let shelf = shelf_with(Options::default()).await;
    for path in ["/products?limit=1", "/categories", "/products?limit=2&page=2", "/products?cursor=&limit=1"] {
        let answer = shelf.visitor.get(path).await.expect_status(200);
        expect_base(&answer, shelf.shop.base());
        let own = answer.string("/links/self");
        assert!(own.ends_with(path) || below(&answer, "self").is_some(), "{own}");
        expect_base(&shelf.visitor.get(path).header("host", "shop.example:8443").await, "http://shop.example:8443");
        expect_base(&shelf.visitor.get(path).by_http2().await, shelf.shop.base());
    }
    for path in ["/users?limit=1", "/auth/sessions", "/users/me/api-keys"] {
        expect_base(&shelf.admin.get(path).await.expect_status(200), shelf.shop.base());
    }
}

#[tokio::test]
async fn one_callers_address_is_not_told_to_another() {
    let shelf = shelf_with(Options::default()).await;
    // The list is public and kept: whoever comes first must not choose where all others are led.
    for path in ["/products?limit=1", "/categories"] {
        for host in ["evil.example", "other.example:81", "evil.example"] {
            expect_base(&shelf.visitor.get(path).header("host", host).await, &format!("http://{host}"));
            expect_base(&shelf.visitor.get(path).await, shelf.shop.base());
        }
    }
}

#[tokio::test]
async fn the_configured_address_stands_in_every_link() {
    let shelf = shelf_with(Options { public_url: Some("https://shop.example"), ..Options::default() }).await;
    for host in ["127.0.0.1", "evil.example"] {
        let call = shelf.visitor.get("/products?limit=1").header("host", host);
        let answer = call.header("x-forwarded-host", "worse.example").header("x-forwarded-proto", "http").await;
        expect_base(&answer, "https://shop.example");
    }
}

#[tokio::test]
async fn proxies_tell_the_address_if_they_are_trusted() {
    let forwarded = async |shelf: &Shelf| {
        let call = shelf.visitor.get("/products?limit=1").header("x-forwarded-host", "shop.example");
        call.header("x-forwarded-proto", "https").await.expect_status(200)
    };
    let trusting = shelf_with(Options { trusted_proxies: Some("127.0.0.0/8"), ..Options::default() }).await;
    expect_base(&forwarded(&trusting).await, "https://shop.example");
    expect_base(&trusting.visitor.get("/products?limit=1").await, trusting.shop.base());
    let wary = shelf_with(Options { trusted_proxies: Some("10.0.0.0/8"), ..Options::default() }).await;
    expect_base(&forwarded(&wary).await, wary.shop.base());
    let plain = shelf_with(Options::default()).await;
    expect_base(&forwarded(&plain).await, plain.shop.base());
}

#[tokio::test]
async fn every_link_can_be_followed_and_means_what_it_says() {
    let shelf = shelf_with(Options::default()).await;
    let all = shelf.visitor.get("/products").await.expect_status(200).column("id");
    let middle = shelf.visitor.get("/products?limit=1&page=2&sort=created_at").await.expect_status(200);
    for (relation, wanted) in [("self", 1), ("next", 2), ("prev", 0), ("first", 0), ("last", 2)] {
        let address = middle.string(&format!("/links/{relation}"));
        let target = below(&middle, relation).expect("a link");
        assert_eq!(address, format!("{}/api/v1{target}", shelf.shop.base()));
        let there = shelf.visitor.get(&target).await.expect_status(200);
        assert_eq!(there.column("id"), all[wanted..=wanted], "{relation}");
    }
}

#[tokio::test]
async fn what_is_asked_cannot_break_out_of_a_link() {
    let shelf = shelf_with(Options::default()).await;
    for text in ["\">; rel=\"x\"", "<>,;\"'", "a,<http://evil.example>;rel=next", "é \\ # ? & =", "%3E%22"] {
        let answer = shelf.visitor.get("/products?limit=1").query("search", text).await.expect_status(200);
        for address in addresses(&answer) {
            assert!(address.starts_with(shelf.shop.base()), "{address}");
            assert!(!address.contains(['<', '>', '"', ' ', '\\']), "{address}");
        }
        let own = below(&answer, "self").expect("itself");
        assert_eq!(shelf.visitor.get(&own).await.expect_status(200).json(), answer.json(), "{text}");
    }
}
