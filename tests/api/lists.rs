//! Lists: filters, sorts, pages by number and by offset, and their links.

use crate::links::below;
use crate::support::{Caller, Shop};
use serde_json::{Value, json};

/// A shop with an administrator and these accounts, a second apart.
async fn shop_with(names: &[&str]) -> (Shop, Caller) {
    let shop = Shop::open_unlimited().await;
    let admin = shop.admin().await;
    for name in names {
        shop.advance_seconds(1);
        shop.register_only(name).await;
    }
    (shop, admin)
}

async fn names(caller: &Caller, query: &str) -> Vec<String> {
    caller.get(&format!("/users{query}")).await.expect_status(200).column("username")
}

#[tokio::test]
async fn the_newest_come_first_unless_sorted_otherwise() {
    let (_shop, admin) = shop_with(&["charlie", "Alice", "bob"]).await;
    assert_eq!(names(&admin, "").await, ["bob", "Alice", "charlie", "admin"]);
    assert_eq!(names(&admin, "?order=asc").await, ["admin", "charlie", "Alice", "bob"]);
    assert_eq!(names(&admin, "?sort=created_at&order=desc").await, ["bob", "Alice", "charlie", "admin"]);
    assert_eq!(names(&admin, "?sort=username&order=asc").await, ["admin", "Alice", "bob", "charlie"]);
    assert_eq!(names(&admin, "?sort=username").await, ["charlie", "bob", "Alice", "admin"]);
    let by_email = names(&admin, "?sort=email&order=asc").await;
    assert_eq!(by_email.iter().filter(|name| *name != "admin").collect::<Vec<_>>(), ["Alice", "bob", "charlie"]);
}

#[tokio::test]
async fn filters_add_up() {
    let (shop, admin) = shop_with(&["ada", "bob", "cleo"]).await;
    let bob = admin.get("/users?search=bob").await.string("/data/0/id");
    admin
        .patch(&format!("/users/{bob}"), &json!({"role": "moderator", "status": "suspended"}))
        .await
        .expect_status(200);
    assert_eq!(names(&admin, "?role=user&order=asc").await, ["ada", "cleo"]);
    assert_eq!(names(&admin, "?role=moderator").await, ["bob"]);
    assert_eq!(names(&admin, "?role=admin").await, ["admin"]);
    assert_eq!(names(&admin, "?status=suspended").await, ["bob"]);
    assert_eq!(names(&admin, "?status=active&order=asc").await, ["admin", "ada", "cleo"]);
    assert_eq!(names(&admin, "?role=moderator&status=active").await, Vec::<String>::new());
    let between = format!("?created_after={}&created_before={}&order=asc", shop.moment(-2), shop.moment(0));
    assert_eq!(names(&admin, &between).await, ["bob"]);
    assert_eq!(names(&admin, &format!("?created_after={}", shop.moment(-1))).await, ["cleo"]);
    assert_eq!(names(&admin, &format!("?created_before={}&role=user", shop.moment(-1))).await, ["ada"]);
    assert_eq!(names(&admin, &format!("?created_after={}", shop.moment(0))).await, Vec::<String>::new());
}

#[tokio::test]
async fn times_in_filters_may_have_an_offset() {
    let (_shop, admin) = shop_with(&["ada"]).await;
    // The shop opened at noon in Greenwich.
    assert_eq!(names(&admin, "?created_after=2027-03-01T13:00:00%2B01:00").await, ["ada"]);
    assert_eq!(names(&admin, "?created_after=2027-03-01T13:00:01%2B01:00").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_search_finds_text_in_names_and_addresses_in_any_case() {
    let (_shop, admin) = shop_with(&["ada_l", "bob", "xadax"]).await;
    let bob = admin.get("/users?search=bob").await.string("/data/0/id");
    admin.patch(&format!("/users/{bob}"), &json!({"full_name": "Ada's Friend"})).await.expect_status(200);
    let found = async |text: &str| {
        let answer = admin.get("/users?sort=username&order=asc").query("search", text).await;
        answer.expect_status(200).column("username")
    };
    assert_eq!(found("ADA").await, ["ada_l", "bob", "xadax"]);
    assert_eq!(found("friend").await, ["bob"]);
    assert_eq!(found("@EXAMPLE.com").await, ["ada_l", "bob", "xadax"]);
    // What means something to LIKE means itself.
    assert_eq!(found("a_").await, ["ada_l"]);
    assert_eq!(found("%").await, Vec::<String>::new());
    assert_eq!(found("_").await, ["ada_l"]);
    assert_eq!(found("\\").await, Vec::<String>::new());
    assert_eq!(found("' OR 1=1 --").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_search_ignores_case_beyond_ascii() {
    let (_shop, admin) = shop_with(&["ada"]).await;
    let ada = admin.get("/users?search=ada").await.string("/data/0/id");
    admin.patch(&format!("/users/{ada}"), &json!({"full_name": "Émilie Ärger"})).await.expect_status(200);
    for text in ["émilie", "ÉMILIE", "ärger", "Ä"] {
        let found = admin.get("/users").query("search", text).await.expect_status(200);
        assert_eq!(found.column("username"), ["ada"], "{text}");
    }
}

#[tokio::test]
async fn pages_have_numbers_and_lead_to_each_other() {
    let (_shop, admin) = shop_with(&["a_1", "a_2", "a_3", "a_4", "a_5"]).await;
    let start = "/users?search=a_&limit=2&sort=username&order=asc";
    let first = admin.get(start).await.expect_status(200);
    assert_eq!(first.column("username"), ["a_1", "a_2"]);
    let about = first.at("/pagination");
    assert_eq!((&about["limit"], &about["page"], &about["total"]), (&json!(2), &json!(1), &json!(5)));
    assert_eq!((&about["has_next"], &about["has_prev"]), (&json!(true), &json!(false)));
    assert_eq!(below(&first, "prev"), None);
    let second = admin.get(&below(&first, "next").expect("a next page")).await.expect_status(200);
    assert_eq!(second.column("username"), ["a_3", "a_4"]);
    assert_eq!(second.at("/pagination/page"), 2);
    assert_eq!((second.at("/pagination/has_next"), second.at("/pagination/has_prev")), (json!(true), json!(true)));
    let last = admin.get(&below(&second, "last").expect("a last page")).await.expect_status(200);
    assert_eq!(last.column("username"), ["a_5"]);
    assert_eq!((below(&last, "next"), last.at("/pagination/has_next")), (None, json!(false)));
    let back = admin.get(&below(&last, "prev").expect("a page before")).await.expect_status(200);
    assert_eq!(back.column("username"), second.column("username"));
    let again = admin.get(&below(&back, "first").expect("a first page")).await.expect_status(200);
    assert_eq!(again.column("username"), first.column("username"));
    let itself = admin.get(&below(&back, "self").expect("itself")).await.expect_status(200);
    assert_eq!(itself.json(), back.json());
}

#[tokio::test]
async fn offsets_skip_and_lead_to_each_other() {
    let (_shop, admin) = shop_with(&["a_1", "a_2", "a_3", "a_4", "a_5"]).await;
    let answer = admin.get("/users?search=a_&limit=2&offset=1&sort=username&order=asc").await.expect_status(200);
    assert_eq!(answer.column("username"), ["a_2", "a_3"]);
    let about = answer.at("/pagination");
    assert_eq!((&about["offset"], &about["total"], &about["page"]), (&json!(1), &json!(5), &Value::Null));
    let next = admin.get(&below(&answer, "next").expect("a next")).await.expect_status(200);
    assert_eq!(next.column("username"), ["a_4", "a_5"]);
    assert_eq!(below(&next, "next"), None);
    let prev = admin.get(&below(&answer, "prev").expect("a previous")).await.expect_status(200);
    assert_eq!(prev.column("username").first().map(String::as_str), Some("a_1"));
    assert_eq!(below(&prev, "prev"), None);
    let first = admin.get(&below(&answer, "first").expect("a first")).await.expect_status(200);
    assert_eq!(first.at("/pagination/offset"), 0);
    let last = admin.get(&below(&answer, "last").expect("a last")).await.expect_status(200);
    assert_eq!(last.column("username").last().map(String::as_str), Some("a_5"));
}

#[tokio::test]
async fn beyond_the_end_there_is_an_empty_page() {
    let (_shop, admin) = shop_with(&["ada"]).await;
    for query in ["?page=1000000", "?page=3&limit=1", "?offset=2", "?offset=100000000"] {
        let answer = admin.get(&format!("/users{query}")).await.expect_status(200);
        assert_eq!(answer.data(), Vec::<Value>::new());
        assert_eq!(answer.at("/pagination/total"), 2);
        assert_eq!(answer.at("/pagination/has_next"), false);
        assert_eq!(answer.at("/pagination/has_prev"), true, "{answer}");
        let back = admin.get(&below(&answer, "prev").expect("a way back")).await.expect_status(200);
        assert!(back.at("/pagination/total") == 2, "{back}");
    }
}

#[tokio::test]
async fn an_empty_list_is_a_page_too() {
    let (_shop, admin) = shop_with(&[]).await;
    let answer = admin.get("/users?search=nobody").await.expect_status(200);
    assert_eq!(answer.data(), Vec::<Value>::new());
    assert_eq!(answer.at("/pagination/total"), 0);
    assert_eq!((answer.at("/pagination/has_next"), answer.at("/pagination/has_prev")), (json!(false), json!(false)));
    assert_eq!((below(&answer, "next"), below(&answer, "prev")), (None, None));
    for relation in ["first", "last"] {
        if let Some(target) = below(&answer, relation) {
            admin.get(&target).await.expect_status(200);
        }
    }
}

#[tokio::test]
async fn a_page_holds_twenty_unless_asked_and_never_more_than_a_hundred() {
    let shop = Shop::open_unlimited().await;
    let admin = shop.admin().await;
    for number in 0..24 {
        shop.register_only(&format!("many_{number:02}")).await;
    }
    let answer = admin.get("/users").await.expect_status(200);
    assert_eq!((answer.data().len(), answer.at("/pagination/limit")), (20, json!(20)));
    assert_eq!(admin.get("/users?limit=100").await.expect_status(200).data().len(), 25);
    admin.get("/users?limit=101").await.expect_problem(422, "validation_failed").expect_faults(&[("limit", "maximum")]);
}

#[tokio::test]
async fn ways_to_choose_a_page_are_not_mixed() {
    let (shop, admin) = shop_with(&["ada", "bob"]).await;
    let cursor = admin.get("/users?limit=1").await.string("/pagination/next_cursor");
    let product = {
        let category = admin.post("/categories", &json!({"name": "C", "slug": "c"})).await.string("/id");
        let price = json!({"amount": 1, "currency": "EUR"});
        let body = json!({"category_id": category, "name": "P", "sku": "p", "price": price});
        admin.post("/products", &body).await.expect_status(201).at("/id")
    };
    let ledger = format!("/products/{}/stock-adjustments", product.as_str().expect("an id"));
    let paths = ["/users", "/auth/sessions", "/users/me/api-keys", "/products", "/categories", &ledger];
    for path in paths {
        for chosen in
            [vec!["page", "offset"], vec!["page", "cursor"], vec!["offset", "cursor"], vec!["cursor", "page", "offset"]]
        {
            let value = |name: &&str| format!("{name}={}", if *name == "cursor" { &cursor } else { "1" });
            let query = chosen.iter().map(value).collect::<Vec<_>>().join("&");
            let refused = admin.get(&format!("{path}?{query}")).await.expect_problem(422, "validation_failed");
            let faults: Vec<_> = chosen.iter().map(|name| (*name, "exclusive")).collect();
            let refused = refused.expect_faults(&faults);
            assert!(refused.at("/errors").as_array().is_some_and(|all| all.iter().all(|one| one["in"] == "query")));
            // Every other fault of the request is told with it.
            let refused = admin.get(&format!("{path}?{query}&limit=0&order=up&zzz=1")).await;
            let others = [("limit", "minimum"), ("order", "enum"), ("zzz", "unknown")];
            refused.expect_faults(&faults.iter().copied().chain(others).collect::<Vec<_>>());
        }
        // The empty cursor is one as well.
        admin.get(&format!("{path}?page=1&cursor=")).await.expect_problem(422, "validation_failed");
    }
    drop(shop);
}

#[tokio::test]
async fn parts_that_cannot_be_are_refused_on_every_list() {
    let (_shop, admin) = shop_with(&[]).await;
    for path in ["/users", "/auth/sessions", "/users/me/api-keys", "/products", "/categories"] {
        for (query, code) in [
            ("limit=0", "minimum"),
            ("limit=-1", "minimum"),
            ("limit=101", "maximum"),
            ("limit=ten", "type"),
            ("limit=1.5", "type"),
            ("limit=", "type"),
            ("page=0", "minimum"),
            ("page=-1", "minimum"),
            ("page=x", "type"),
            ("offset=-1", "minimum"),
            ("offset=99999999999999999999", "type"),
            ("cursor=nonsense", "cursor"),
        ] {
            let name = query.split('=').next().unwrap_or_default();
            let refused = admin.get(&format!("{path}?{query}")).await.expect_problem(422, "validation_failed");
            let faults = refused.faults();
            assert!(faults.len() == 1 && faults[0].0 == name, "not {name} {code}: {refused}");
        }
        let twice = admin.get(&format!("{path}?limit=1&limit=2")).await;
        assert!(matches!(twice.status, 400 | 422), "{twice}");
        let long = admin.get(path).query("cursor", &"A".repeat(1025)).await.expect_problem(422, "validation_failed");
        long.expect_faults(&[("cursor", "max_length")]);
    }
}

#[tokio::test]
async fn links_keep_filters_sort_and_limit() {
    let (_shop, admin) = shop_with(&["xx_1", "xx_2", "xx_3"]).await;
    let answer =
        admin.get("/users?limit=1&sort=email&order=asc&role=user&status=active").query("search", "x_ &+é%").await;
    // Nothing is found, but the links still mean what was asked.
    for relation in ["self", "first"] {
        let link = below(&answer, relation).expect("a link");
        assert!(link.contains("role=user") && link.contains("sort=email") && link.contains("limit=1"), "{link}");
        let again = admin.get(&link).await.expect_status(200);
        assert_eq!(again.at("/pagination/total"), 0);
    }
    let answer = admin.get("/users?limit=1&sort=username&order=asc&search=xx_").await.expect_status(200);
    let next = admin.get(&below(&answer, "next").expect("a next")).await.expect_status(200);
    assert_eq!(next.column("username"), ["xx_2"]);
}

#[tokio::test]
async fn sessions_and_keys_are_lists_like_any_other() {
    let shop = Shop::open_unlimited().await;
    let ada = shop.register("ada").await;
    for number in 0..4 {
        shop.advance_seconds(1);
        ada.sign_in_again().await;
        let body = json!({"name": format!("key {}", (number * 3) % 4), "scopes": ["account:read"]});
        ada.post("/users/me/api-keys", &body).await.expect_status(201);
    }
    for path in ["/auth/sessions", "/users/me/api-keys"] {
        let whole = ada.get(&format!("{path}?limit=100")).await.expect_status(200);
        let mut seen = Vec::new();
        let mut target = Some(format!("{path}?limit=2&cursor="));
        while let Some(at) = target {
            let part = ada.get(&at).await.expect_status(200);
            seen.extend(part.column("id"));
            target = below(&part, "next");
        }
        assert_eq!(seen, whole.column("id"), "{path}");
        let asc = ada.get(&format!("{path}?order=asc&limit=100")).await.expect_status(200).column("id");
        assert_eq!(asc.into_iter().rev().collect::<Vec<_>>(), seen, "{path}");
    }
    let by_name = ada.get("/users/me/api-keys?sort=name&order=asc").await.expect_status(200);
    assert_eq!(by_name.column("name"), ["key 0", "key 1", "key 2", "key 3"]);
    let renewed = ada.refreshed().await;
    shop.advance_seconds(1);
    let renewed = renewed.refreshed().await;
    let by_use = renewed.get("/auth/sessions?sort=last_used_at").await.expect_status(200);
    assert_eq!(by_use.at("/data/0/current"), true);
}
