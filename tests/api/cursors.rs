//! Walking a list by cursor while it changes.

use crate::support::{Answer, Caller, Shop};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn shop_with_many(count: usize) -> (Shop, Caller) {
    let shop = Shop::open_unlimited().await;
    let admin = shop.admin().await;
    for number in 0..count {
        // Some at the same moment, so that the sort alone does not tell them apart.
        if number % 3 == 0 {
            shop.advance_seconds(1);
        }
        shop.register_only(&format!("walker_{number:02}")).await;
    }
    (shop, admin)
}

async fn part(caller: &Caller, query: &str, cursor: &str) -> Answer {
    let answer = caller.get(&format!("/users{query}")).query("cursor", cursor).await.expect_status(200);
    assert_eq!(answer.at("/pagination/total"), Value::Null, "a cursor counts nothing: {answer}");
    assert_eq!(answer.at("/links/last"), Value::Null, "{answer}");
    assert_eq!(answer.at("/pagination/has_next"), json!(answer.at("/pagination/next_cursor").is_string()), "{answer}");
    assert_eq!(answer.at("/pagination/has_prev"), json!(answer.at("/pagination/prev_cursor").is_string()), "{answer}");
    answer
}

/// All that comes from here in a direction, part by part.
async fn walk(caller: &Caller, query: &str, from: &str, direction: &str) -> Vec<Vec<String>> {
    let mut parts = Vec::new();
    let mut cursor = Value::from(from);
    while let Some(at) = cursor.as_str().map(str::to_owned) {
        let answer = part(caller, query, &at).await;
        parts.push(answer.column("username"));
        cursor = answer.at(&format!("/pagination/{direction}_cursor"));
    }
    parts
}

#[tokio::test]
async fn walking_forth_and_back_visits_everything_once_in_the_same_order() {
    let (_shop, admin) = shop_with_many(11).await;
    for query in [
        "?limit=3",
        "?limit=3&order=asc",
        "?limit=4&sort=username",
        "?limit=5&sort=email&order=asc",
        "?limit=1",
        "?limit=12",
    ] {
        let (_, rest) = query.split_once('&').unwrap_or_default();
        let whole = admin.get(&format!("/users?limit=100&{rest}")).await.expect_status(200).column("username");
        assert_eq!(whole.len(), 12);
        let forth = walk(&admin, query, "", "next").await;
        assert_eq!(forth.concat(), whole, "{query}");
        // Back from the last part.
        let mut last = part(&admin, query, "").await;
        while let Some(cursor) = last.at("/pagination/next_cursor").as_str().map(str::to_owned) {
            last = part(&admin, query, &cursor).await;
        }
        let Some(cursor) = last.at("/pagination/prev_cursor").as_str().map(str::to_owned) else { continue };
        let mut back = walk(&admin, query, &cursor, "prev").await;
        back.reverse();
        let mut seen = back.concat();
        seen.extend(last.column("username"));
        assert_eq!(seen, whole, "{query}");
    }
}

#[tokio::test]
async fn what_stays_is_seen_once_while_others_come_and_go() {
    let (shop, admin) = shop_with_many(12).await;
    let whole = admin.get("/users?limit=100").await.expect_status(200);
    let stays: BTreeSet<String> =
        whole.column("username").into_iter().enumerate().filter(|(at, _)| at % 4 != 1).map(|(_, name)| name).collect();
    let mut goes: Vec<String> = whole
        .data()
        .iter()
        .filter(|user| !stays.contains(user["username"].as_str().expect("a name")))
        .map(|user| user["id"].as_str().expect("an id").to_owned())
        .collect();
    let mut seen: Vec<String> = Vec::new();
    let mut cursor = Value::from("");
    let mut count = 0;
    while let Some(at) = cursor.as_str().map(str::to_owned) {
        let answer = part(&admin, "?limit=2", &at).await;
        seen.extend(answer.column("username"));
        cursor = answer.at("/pagination/next_cursor");
        // Between two parts somebody comes, who is newer than all, and somebody goes.
        shop.advance_seconds(1);
        shop.register_only(&format!("newcomer_{count}")).await;
        count += 1;
        if let Some(id) = goes.pop() {
            admin.delete(&format!("/users/{id}")).await.expect_status(204);
        }
    }
    for name in &stays {
        assert_eq!(seen.iter().filter(|other| *other == name).count(), 1, "{name} in {seen:?}");
    }
    let distinct: BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "{seen:?}");
}

#[tokio::test]
async fn a_cursor_survives_the_row_that_it_was_made_of() {
    let (_shop, admin) = shop_with_many(5).await;
    let answer = part(&admin, "?limit=2", "").await;
    let cursor = answer.string("/pagination/next_cursor");
    let after = part(&admin, "?limit=2", &cursor).await.column("username");
    let last = answer.data()[1]["id"].as_str().expect("an id").to_owned();
    admin.delete(&format!("/users/{last}")).await.expect_status(204);
    assert_eq!(part(&admin, "?limit=2", &cursor).await.column("username"), after);
}

#[tokio::test]
async fn a_cursor_leads_on_from_pages_and_offsets_too() {
    let (_shop, admin) = shop_with_many(6).await;
    for query in ["?limit=2&page=2", "?limit=2&offset=2"] {
        let answer = admin.get(&format!("/users{query}")).await.expect_status(200);
        let next = part(&admin, "?limit=2", &answer.string("/pagination/next_cursor")).await;
        let offset = admin.get("/users?limit=2&offset=4").await.expect_status(200);
        assert_eq!(next.column("username"), offset.column("username"));
        let prev = part(&admin, "?limit=2", &answer.string("/pagination/prev_cursor")).await;
        let first = admin.get("/users?limit=2").await.expect_status(200);
        assert_eq!(prev.column("username"), first.column("username"));
    }
}

#[tokio::test]
async fn a_cursor_may_change_the_size_of_the_parts() {
    let (_shop, admin) = shop_with_many(6).await;
    let cursor = part(&admin, "?limit=2", "").await.string("/pagination/next_cursor");
    let rest = part(&admin, "?limit=100", &cursor).await.column("username");
    let whole = admin.get("/users").await.expect_status(200).column("username");
    assert_eq!(rest, whole[2..]);
}

#[tokio::test]
async fn a_cursor_that_was_not_made_for_this_list_is_refused() {
    let (_shop, admin) = shop_with_many(4).await;
    let cursor = part(&admin, "?limit=2&sort=username", "").await.string("/pagination/next_cursor");
    let refuse = async |query: &str, cursor: &str| {
        let refused = admin.get(query).query("cursor", cursor).await.expect_problem(422, "validation_failed");
        assert!(refused.faults().iter().all(|(name, _)| name == "cursor"), "{refused}");
    };
    // Another sort, order or filter, or another list altogether.
    for query in [
        "/users?sort=email",
        "/users",
        "/users?sort=username&order=asc",
        "/users?sort=username&role=user",
        "/users?sort=username&search=walker",
        "/auth/sessions",
        "/users/me/api-keys",
    ] {
        refuse(query, &cursor).await;
    }
    // Made up, cut, lengthened, or changed in any letter.
    let mut letters: Vec<String> = (0..cursor.len())
        .step_by(5)
        .map(|at| {
            let mut letters: Vec<char> = cursor.chars().collect();
            letters[at] = if letters[at] == 'x' { 'y' } else { 'x' };
            letters.into_iter().collect()
        })
        .collect();
    letters.extend(["nonsense", "e30", "AAAA", "é", "%00", "=="].map(str::to_owned));
    letters.extend([cursor[1..].to_owned(), cursor[..cursor.len() - 2].to_owned(), format!("{cursor}AA")]);
    for forged in letters {
        refuse("/users?sort=username", &forged).await;
    }
    part(&admin, "?sort=username&order=desc", &cursor).await;
}

#[tokio::test]
async fn anothers_cursor_is_no_use() {
    let shop = Shop::open_unlimited().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    for caller in [&ada, &bob] {
        caller.sign_in_again().await;
    }
    let cursor = ada.get("/auth/sessions?limit=1").await.string("/pagination/next_cursor");
    bob.get(&format!("/auth/sessions?limit=1&cursor={cursor}")).await.expect_problem(422, "validation_failed");
    let elsewhere = Shop::open_unlimited().await.register("ada").await;
    elsewhere.get(&format!("/auth/sessions?cursor={cursor}")).await.expect_problem(422, "validation_failed");
}

#[tokio::test]
async fn a_cursor_tells_nothing_of_what_is_in_it() {
    let (_shop, admin) = shop_with_many(4).await;
    let cursor = part(&admin, "?limit=2&sort=email&search=walker", "").await.string("/pagination/next_cursor");
    assert!(!cursor.contains("walker") && !cursor.contains('@'), "{cursor}");
    // It goes into an address as it is.
    assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)), "{cursor}");
}
