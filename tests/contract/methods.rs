//! Methods: those of the document, those of HTTP, and those of nobody.

use crate::stage::{Stage, operations};
use crate::support::Shop;
use crate::support::document::DOCUMENT;
use http::Method;

/// A path of a template, whoever owns what.
fn path_of(template: &str) -> String {
    template
        .split('/')
        .map(|segment| if segment.starts_with('{') { "01a1fcf7-2de0-7b2e-9d3f-4a5b6c7d8e9f" } else { segment })
        .collect::<Vec<_>>()
        .join("/")
}

/// What `Allow` must say: the methods of the document, HEAD where there is GET, and OPTIONS.
fn allowed(methods: &[&str]) -> Vec<String> {
    let mut allowed: Vec<String> = methods.iter().map(|method| (*method).to_owned()).collect();
    if methods.contains(&"GET") {
        allowed.push("HEAD".to_owned());
    }
    allowed.push("OPTIONS".to_owned());
    allowed.sort();
    allowed
}

fn listed(allow: &str) -> Vec<String> {
    let mut methods: Vec<_> = allow.split(',').map(|method| method.trim().to_owned()).collect();
    methods.sort();
    methods
}

#[tokio::test]
async fn a_method_that_a_resource_does_not_have_is_405_with_those_it_has() {
    let shop = Shop::open_unlimited().await;
    for (template, methods) in DOCUMENT.resources() {
        for method in ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "TRACE"] {
            let known = methods.contains(&method) || (method == "HEAD" && methods.contains(&"GET"));
            if known {
                continue;
            }
            let call = shop.visitor().call(method.parse().expect("a method"), &path_of(template));
            let answer = call.await.expect_status(405);
            if method != "HEAD" {
                assert_eq!(answer.code(), "method_not_allowed", "{answer}");
            }
            assert_eq!(listed(answer.header("allow")), allowed(&methods), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_method_that_nobody_knows_is_501_everywhere() {
    let shop = Shop::open_unlimited().await;
    for template in DOCUMENT.resources().into_keys() {
        for method in ["BREW", "get", "PROPFIND"] {
            let call = shop.visitor().call(Method::from_bytes(method.as_bytes()).expect("a token"), &path_of(template));
            call.await.expect_problem(501, "not_implemented");
        }
    }
}

#[tokio::test]
async fn options_lists_the_methods_of_every_resource_to_everybody() {
    let shop = Shop::open_unlimited().await;
    for (template, methods) in DOCUMENT.resources() {
        let answer = shop.visitor().options(&path_of(template)).await;
        assert!(matches!(answer.status, 200 | 204) && answer.body.is_empty(), "{answer}");
        assert_eq!(listed(answer.header("allow")), allowed(&methods), "{answer}");
    }
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| op.method == "GET") {
        let scene = stage.scene(op).await;
        for caller in [&scene.caller, &stage.stranger, &stage.visitor()] {
            let got = scene.by(caller).header("x-request-id", "same").await;
            let head = scene.by(caller).header("x-request-id", "same").method(Method::HEAD).await;
            assert_eq!(head.status, got.status, "{got}\n{head}");
            assert!(head.body.is_empty(), "{head}");
            for name in got.headers.keys().filter(|name| *name != "date") {
                // The time of a problem may differ by a digit that is left out.
                let same = got.headers.get(name) == head.headers.get(name);
                assert!(same || (name == "content-length" && got.status >= 400), "{name}\n{got}\n{head}");
            }
        }
    }
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_404_whatever_the_method() {
    let shop = Shop::open_unlimited().await;
    for path in
        ["", "/", "/nothing", "/users/", "/users//me", "/users/me/", "/USERS", "/auth", "/users/me/api-keys/a/b"]
    {
        for method in ["GET", "POST", "DELETE"] {
            let call = shop.visitor().call(method.parse().expect("a method"), path);
            call.await.expect_problem(404, "not_found");
        }
    }
}
