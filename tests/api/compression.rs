//! Answers made smaller for who can read them so.

use crate::support::shelf::Shelf;
use crate::support::{Answer, Caller, Shop};
use serde_json::{Value, json};

const CODINGS: [&str; 3] = ["gzip", "br", "zstd"];
const LIST: &str = "/products?limit=100&order=asc";

/// A shelf whose list is long enough for any threshold.
async fn stocked() -> Shelf {
    let shelf = Shelf::set().await;
    for _ in 0..30 {
        shelf.add(json!({"description": "<p>The same words again and again, for they press well.</p>"})).await;
    }
    shelf
}

async fn accepting(caller: &Caller, path: &str, codings: &str) -> Answer {
    caller.get(path).header("accept-encoding", codings).await
}

fn coding(answer: &Answer) -> &str {
    answer.header_or_none("content-encoding").unwrap_or("identity")
}

#[tokio::test]
async fn who_takes_a_coding_gets_the_same_answer_in_it() {
    let shelf = stocked().await;
    let plain = shelf.visitor.get(LIST).await.expect_status(200);
    assert_eq!(coding(&plain), "identity");
    for name in CODINGS {
        let coded = accepting(&shelf.visitor, LIST, name).await.expect_status(200);
        assert_eq!(coding(&coded), name);
        // The harness has undone the coding.
        assert_eq!(coded.json(), plain.json());
        assert!(coded.wire < plain.wire / 3, "{} of {} bytes in {name}", coded.wire, plain.wire);
        assert_eq!(coded.header("content-length"), coded.wire.to_string());
        let head = shelf.visitor.head(LIST).header("accept-encoding", name).await.expect_status(200);
        for header in ["content-encoding", "etag", "vary", "content-type", "content-length"] {
            assert_eq!(head.header_or_none(header), coded.header_or_none(header), "{header}");
        }
    }
}

#[tokio::test]
async fn the_callers_taste_decides() {
    let shelf = stocked().await;
    for (taste, wanted) in [
        ("", &["identity"][..]),
        ("identity", &["identity"]),
        ("deflate, compress", &["identity"]),
        ("gzip;q=0", &["identity"]),
        ("gzip;q=0, br;q=0.0, zstd;q=0.000", &["identity"]),
        ("identity, gzip;q=0.5", &["identity"]),
        ("*;q=0, identity", &["identity"]),
        ("*;q=0, identity;q=0.1", &["identity"]),
        ("GZIP", &["gzip"]),
        ("x-gzip", &["gzip", "identity"]),
        ("gzip, deflate", &["gzip"]),
        ("br;q=0.2, gzip;q=0.8", &["gzip"]),
        ("gzip;q=0.2, br;q=0.8, zstd;q=0.1", &["br"]),
        ("zstd ;q=1.0,gzip; q=0.9", &["zstd"]),
        ("gzip;q=0, *", &["br", "zstd"]),
        ("*", &CODINGS),
        ("gzip, deflate, br, zstd", &CODINGS),
        // What cannot be read is as good as nothing.
        ("gzip;q=cheap", &["identity", "gzip"]),
        (",,;;==", &["identity"]),
    ] {
        let answer = accepting(&shelf.visitor, LIST, taste).await.expect_status(200);
        assert!(wanted.contains(&coding(&answer)), "{taste}: {}", coding(&answer));
    }
    // Several lines are one list.
    let call = shelf.visitor.get(LIST).header("accept-encoding", "br;q=0.1").header_too("accept-encoding", "gzip");
    assert_eq!(coding(&call.await), "gzip");
}

#[tokio::test]
async fn caches_on_the_way_can_tell_codings_apart() {
    let shelf = stocked().await;
    let mut tags = Vec::new();
    for taste in ["identity", "gzip", "br", "zstd"] {
        let answer = accepting(&shelf.visitor, LIST, taste).await.expect_status(200);
        assert!(answer.header("vary").to_lowercase().contains("accept-encoding"), "{answer}");
        tags.push(answer.header("etag").to_owned());
    }
    let plain = tags[0].trim_matches('"').to_owned();
    assert_eq!(tags[1..], ["gzip", "br", "zstd"].map(|name| format!("\"{plain}-{name}\"")));
    // Whoever has it in any coding has it.
    for taste in ["identity", "gzip", "br", "zstd"] {
        for tag in &tags {
            let call = shelf.visitor.get(LIST).header("accept-encoding", taste).header("if-none-match", tag);
            let known = call.await.expect_status(304);
            assert_eq!(known.header_or_none("content-encoding"), None, "{known}");
            assert!(known.header("vary").to_lowercase().contains("accept-encoding"), "{known}");
        }
    }
    // Other suffixes are other tags.
    for suffix in ["-deflate", "-GZIP", "-", "-gzip-gzip", "gzip"] {
        let call = shelf.visitor.get(LIST).header("if-none-match", &format!("\"{plain}{suffix}\""));
        call.await.expect_status(200);
    }
}

#[tokio::test]
async fn a_change_may_name_the_state_in_any_coding() {
    let shelf = Shelf::set().await;
    let long = "<p>The same words again and again.</p>".repeat(200);
    for name in CODINGS {
        let product = shelf.add(json!({"description": long})).await;
        let coded = accepting(&shelf.visitor, &product.path, name).await.expect_status(200);
        assert_eq!(coding(&coded), name);
        let tag = coded.header("etag").to_owned();
        assert_ne!(tag, product.tag);
        let change = |name: &str| shelf.admin.patch(&product.path, &json!({"name": name}));
        change("First").header("if-match", &tag).await.expect_status(200);
        change("Second").header("if-match", &tag).await.expect_problem(412, "precondition_failed");
    }
}

#[tokio::test]
async fn small_answers_are_left_alone_and_still_vary() {
    let shelf = Shelf::set().await;
    let category = format!("/categories/{}", shelf.category);
    let answer = accepting(&shelf.visitor, &category, "gzip, br, zstd").await.expect_status(200);
    assert_eq!(coding(&answer), "identity");
    assert!(answer.header("vary").to_lowercase().contains("accept-encoding"), "{answer}");
    assert!(!answer.header("etag").ends_with("-gzip\""), "{answer}");
}

#[tokio::test]
async fn private_lists_are_pressed_too() {
    let shelf = Shelf::set().await;
    for number in 0..12 {
        shelf.shop.register_only(&format!("somebody_{number}")).await;
    }
    for name in CODINGS {
        let coded = accepting(&shelf.admin, "/users?limit=100", name).await.expect_status(200);
        assert_eq!(coding(&coded), name);
        assert_eq!(coded.data().len(), 13);
    }
}

#[tokio::test]
async fn answers_with_secrets_are_never_pressed() {
    // Their length would tell whether what the caller chose resembles the secret beside it.
    let shop = Shop::open_unlimited().await;
    let ada = shop.register("ada").await;
    let login = json!({"username": "ada", "password": ada.password()});
    let key =
        json!({"name": "k".repeat(100), "scopes": ["account:read", "account:write", "orders:read", "orders:write"]});
    let form = [("grant_type", "password"), ("username", "ada"), ("password", ada.password())];
    let introspected = [("token", ada.token())];
    for call in [
        shop.visitor().post("/auth/login", &login),
        shop.visitor().post("/auth/refresh", &json!({"refresh_token": ada.refresh_token})),
        shop.visitor().post_form("/oauth/token", &form),
        shop.admin().await.post_form("/oauth/introspect", &introspected),
        ada.post("/users/me/api-keys", &key),
    ] {
        let answer = call.header("accept-encoding", "gzip, br, zstd").await;
        assert!(matches!(answer.status, 200 | 201), "{answer}");
        assert_eq!(coding(&answer), "identity", "{answer}");
    }
}

#[tokio::test]
async fn a_kept_answer_is_right_in_every_coding_after_a_change() {
    let shelf = stocked().await;
    let first = shelf.visitor.get(LIST).await.string("/data/0/id");
    for number in 0..3 {
        let name = format!("Renamed {number}");
        shelf.admin.patch(&format!("/products/{first}"), &json!({"name": name})).await.expect_status(200);
        for taste in ["br", "identity", "zstd", "gzip", "gzip"] {
            let answer = accepting(&shelf.visitor, LIST, taste).await.expect_status(200);
            assert_eq!(answer.at("/data/0/name"), Value::from(name.as_str()), "{taste}");
            assert_eq!(coding(&answer), taste);
        }
    }
}
