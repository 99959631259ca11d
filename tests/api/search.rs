//! Finding products: every word asked for begins a word of the name, the sku or the description.

use crate::support::shelf::Shelf;
use serde_json::json;

async fn stocked() -> Shelf {
    let shelf = Shelf::set().await;
    for (name, sku, description) in [
        ("Crème brûlée", "DES-1", json!("<p>Burnt <strong>sugar</strong> &amp; vanilla</p>")),
        ("Earl Grey tea", "TEA-0100", json!("Bergamot.")),
        ("Teapot", "POT.tea_2", json!(null)),
        ("Čaj «Русский» 茶葉", "CAJ-9", json!("ÉARL of Grey<br>Ξενία")),
    ] {
        shelf.shop.advance_seconds(1);
        shelf.add(json!({"name": name, "sku": sku, "description": description})).await;
    }
    shelf
}

async fn found(shelf: &Shelf, text: &str) -> Vec<String> {
    let page = shelf.visitor.get("/products?order=asc").query("search", text).await.expect_status(200);
    let names = page.column("name");
    assert_eq!(page.at("/pagination/total"), names.len(), "{page}");
    names
}

const CREME: &str = "Crème brûlée";
const EARL: &str = "Earl Grey tea";
const POT: &str = "Teapot";
const CAJ: &str = "Čaj «Русский» 茶葉";

#[tokio::test]
async fn words_are_found_by_how_they_begin_wherever_they_stand() {
    let shelf = stocked().await;
    for (text, wanted) in [
        ("tea", vec![EARL, POT]),
        ("te", vec![EARL, POT]),
        ("teapot", vec![POT]),
        ("grey", vec![EARL, CAJ]),
        ("bergamot", vec![EARL]),
        ("sugar", vec![CREME]),
        ("vanil", vec![CREME]),
        ("des", vec![CREME]),
        ("0100", vec![EARL]),
        // The middle of a word is no beginning.
        ("eapot", vec![]),
        ("pot", vec![POT]),
        ("rey", vec![]),
        ("100", vec![]),
        ("sugarcane", vec![]),
    ] {
        assert_eq!(found(&shelf, text).await, wanted, "{text}");
    }
}

#[tokio::test]
async fn every_word_counts_in_any_order_and_any_place() {
    let shelf = stocked().await;
    for (text, wanted) in [
        ("earl grey", vec![EARL, CAJ]),
        ("grey earl", vec![EARL, CAJ]),
        ("  grey   ear ", vec![EARL, CAJ]),
        ("earl tea bergamot 0100", vec![EARL]),
        ("tea sugar", vec![]),
        ("des-1", vec![CREME]),
        ("TEA-0100", vec![EARL]),
        ("pot.tea", vec![POT]),
        ("brûlée, sugar!", vec![CREME]),
    ] {
        assert_eq!(found(&shelf, text).await, wanted, "{text}");
    }
}

#[tokio::test]
async fn case_and_accents_make_no_difference() {
    let shelf = stocked().await;
    for (text, wanted) in [
        ("creme", vec![CREME]),
        ("CRÈME BRULEE", vec![CREME]),
        ("cre\u{300}me bru\u{302}le\u{301}e", vec![CREME]),
        ("BRÛL", vec![CREME]),
        ("éarl", vec![EARL, CAJ]),
        ("caj", vec![CAJ]),
        ("русск", vec![CAJ]),
        ("РУССКИЙ", vec![CAJ]),
        ("ξενία", vec![CAJ]),
        ("ΞΕΝ", vec![CAJ]),
        ("ξενια", vec![CAJ]),
        ("茶", vec![CAJ]),
    ] {
        assert_eq!(found(&shelf, text).await, wanted, "{text}");
    }
}

#[tokio::test]
async fn markup_is_not_text() {
    let shelf = stocked().await;
    for (text, name) in [("strong", CREME), ("p", CREME), ("amp", CREME), ("br", CAJ), ("lt", CREME)] {
        let names = found(&shelf, text).await;
        assert!(!names.contains(&name.to_owned()), "{text}: {names:?}");
    }
    // Nor does it hide a word, or glue two together.
    shelf.add(json!({"name": "Glue", "description": "<p>one</p><p>two</p>half<em>way</em>"})).await;
    for text in ["one", "two", "one two"] {
        assert_eq!(found(&shelf, text).await, ["Glue"], "{text}");
    }
}

#[tokio::test]
async fn what_means_something_to_an_index_means_itself() {
    let shelf = stocked().await;
    for text in [
        "\"",
        "\"\"",
        "'",
        "*",
        "tea*",
        "te*pot",
        "(",
        ")",
        "(tea",
        "^tea",
        "-tea",
        "+tea",
        "tea AND grey",
        "NOT",
        "OR tea",
        "NEAR(tea pot)",
        "name:tea",
        "sku : tea",
        "{name sku}: tea",
        "tea\"",
        "\\",
        "%",
        "_",
        "tea;--",
        "' OR 1=1 --",
        "?1",
        "\u{202e}",
        "\u{feff}tea",
        "é\u{301}\u{301}",
        "👩‍💻",
        "!!!",
        ".",
        "tea NOT grey",
        "AND",
        "x y z a b c d e f g h i j",
    ] {
        let page = shelf.visitor.get("/products").query("search", text).await.expect_status(200);
        let total = page.at("/pagination/total").as_u64().expect("a total");
        assert!(total <= 4, "{text}: {page}");
    }
    // Operators are words like any other: nothing has `and`, `or`, `not` or `near` in it.
    for text in ["tea AND grey", "tea OR nothing", "tea NOT sugar", "NEAR(tea pot)", "name:tea"] {
        assert_eq!(found(&shelf, text).await, Vec::<String>::new(), "{text}");
    }
    shelf.add(json!({"name": "Salt and pepper"})).await;
    assert_eq!(found(&shelf, "salt AND pepper").await, ["Salt and pepper"]);
}

#[tokio::test]
async fn a_search_has_one_to_a_hundred_characters() {
    let shelf = stocked().await;
    assert_eq!(found(&shelf, &"茶".repeat(100)).await, Vec::<String>::new());
    for (text, code) in [(String::new(), "min_length"), ("茶".repeat(101), "max_length")] {
        let refused = shelf.visitor.get("/products").query("search", &text).await;
        refused.expect_problem(422, "validation_failed").expect_faults(&[("search", code)]);
    }
}

#[tokio::test]
async fn what_changes_is_found_by_its_new_words_only_and_at_once() {
    let shelf = stocked().await;
    let page = shelf.visitor.get("/products?search=teapot").await;
    let path = format!("/products/{}", page.string("/data/0/id"));
    shelf.admin.patch(&path, &json!({"name": "Kettle"})).await.expect_status(200);
    assert_eq!(found(&shelf, "teapot").await, Vec::<String>::new());
    assert_eq!(found(&shelf, "kettle").await, ["Kettle"]);
    shelf.admin.patch(&path, &json!({"sku": "KET-1", "description": "Whistles."})).await.expect_status(200);
    assert_eq!((found(&shelf, "pot").await.len(), found(&shelf, "whistle ket").await.len()), (0, 1));
    let whole = shelf.whole_product(json!({"name": "Samovar", "sku": "SAM", "description": null}));
    shelf.admin.put(&path, &whole).await.expect_status(200);
    assert_eq!((found(&shelf, "whistles").await.len(), found(&shelf, "samovar").await.len()), (0, 1));
    // Stock is none of its business.
    shelf.admin.post(&format!("{path}/stock-adjustments"), &json!({"delta": 3, "reason": "sample"})).await;
    assert_eq!((found(&shelf, "samo").await.len(), found(&shelf, "sample").await.len()), (1, 0));
    shelf.admin.delete(&path).await.expect_status(204);
    assert_eq!(found(&shelf, "samovar").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_search_joins_other_filters_sorts_and_every_way_of_paging() {
    let shelf = Shelf::set().await;
    let other = shelf.add_category("Other", "other").await;
    for number in 0..9_i64 {
        let category = if number % 3 == 0 { &other.id } else { &shelf.category };
        let price = json!({"amount": (number * 5) % 9, "currency": "EUR"});
        shelf.add(json!({"name": format!("Green tea {number}"), "category_id": category, "price": price})).await;
        shelf.add(json!({"name": format!("Green mug {number}"), "category_id": category})).await;
    }
    let list = format!("/products?search=tea+green&category_id={}&sort=price&order=asc&max_price=7", shelf.category);
    let whole = shelf.visitor.get(&list).await.expect_status(200);
    let prices: Vec<_> = whole.data().iter().map(|item| item["price"]["amount"].as_i64().expect("a price")).collect();
    assert_eq!(prices, [1, 2, 4, 5, 7]);
    let in_parts = async |start: &str| {
        let mut target = Some(format!("{list}&limit=2&{start}"));
        let mut seen = Vec::new();
        while let Some(at) = target {
            let part = shelf.visitor.get(&at).await.expect_status(200);
            seen.extend(part.column("id"));
            target = crate::links::below(&part, "next");
        }
        seen
    };
    for start in ["page=1", "offset=0", "cursor="] {
        assert_eq!(in_parts(start).await, whole.column("id"), "{start}");
    }
    // The list of one category is the same with the category in its path.
    let nested = list.replace("/products?", &format!("/categories/{}/products?", shelf.category));
    let nested = nested.replace(&format!("&category_id={}", shelf.category), "");
    assert_eq!(shelf.visitor.get(&nested).await.expect_status(200).at("/data"), whole.at("/data"));
}

#[tokio::test]
async fn filters_narrow_the_list_together() {
    let shelf = Shelf::set().await;
    let other = shelf.add_category("Other", "other").await;
    for (name, price, stock, status, category) in [
        ("a", 100, 0, "active", &shelf.category),
        ("b", 200, 5, "active", &shelf.category),
        ("c", 300, 0, "archived", &other.id),
        ("d", 400, 9, "archived", &other.id),
    ] {
        shelf.shop.advance_seconds(1);
        let members = json!({"name": name, "price": {"amount": price, "currency": "EUR"}, "stock": stock,
            "status": status, "category_id": category});
        shelf.add(members).await;
    }
    let of_other = format!("category_id={}", other.id);
    for (query, wanted) in [
        ("", vec!["a", "b", "c", "d"]),
        ("min_price=200", vec!["b", "c", "d"]),
        ("max_price=200", vec!["a", "b"]),
        ("min_price=200&max_price=300", vec!["b", "c"]),
        ("min_price=301&max_price=300", vec![]),
        ("in_stock=true", vec!["b", "d"]),
        ("in_stock=false", vec!["a", "c"]),
        ("in_stock=1", vec!["b", "d"]),
        ("status=archived", vec!["c", "d"]),
        ("status=active&in_stock=true", vec!["b"]),
        (&of_other, vec!["c", "d"]),
        (&format!("{of_other}&in_stock=true&status=archived&min_price=400&search=d"), vec!["d"]),
        ("category_id=01890a5d-ac96-774b-bcce-b302099a8057", vec![]),
    ] {
        assert_eq!(shelf.names(&format!("?order=asc&{query}")).await, wanted, "{query}");
        // The same for one category.
        if !query.contains("category_id") {
            let path = format!("/categories/{}/products?order=asc&{query}", other.id);
            let names = shelf.visitor.get(&path).await.expect_status(200).column("name");
            let wanted: Vec<_> = wanted.into_iter().filter(|name| ["c", "d"].contains(name)).collect();
            assert_eq!(names, wanted, "{path}");
        }
    }
    assert_eq!(shelf.names("?sort=price").await, ["d", "c", "b", "a"]);
    assert_eq!(shelf.names("?sort=name&order=asc").await, ["a", "b", "c", "d"]);
    assert_eq!(shelf.names("").await, ["d", "c", "b", "a"]);
}

#[tokio::test]
async fn filters_that_are_not_declared_or_not_valid_are_refused_together() {
    let shelf = Shelf::set().await;
    let query =
        "category_id=x&min_price=-1&max_price=cheap&in_stock=maybe&status=sold&sort=colour&order=up&limit=0&colour=red";
    let refused = shelf.visitor.get(&format!("/products?{query}")).await.expect_problem(422, "validation_failed");
    let places: Vec<_> = refused.faults().into_iter().map(|(place, _)| place).collect();
    for name in query.split('&').filter_map(|pair| pair.split('=').next()) {
        assert!(places.iter().any(|named| named == name), "{name} is missing: {refused}");
    }
    let nested = format!("/categories/{}/products?category_id={}", shelf.category, shelf.category);
    let refused = shelf.visitor.get(&nested).await.expect_problem(422, "validation_failed");
    refused.expect_faults(&[("category_id", "unknown")]);
}

#[tokio::test]
async fn the_users_search_means_what_it_meant() {
    let shelf = Shelf::set().await;
    let admin = &shelf.admin;
    for (name, full_name) in [("ab", "Zoë \"Q\" O'Neil"), ("xaby", "A* (b) AND"), ("other", "-"), ("caba", "né e")] {
        let account = shelf.shop.register_only(&format!("{name}_1")).await;
        admin.patch(&format!("/users/{}", account.id), &json!({"full_name": full_name})).await.expect_status(200);
    }
    let found = async |text: &str| {
        let answer = admin.get("/users?sort=username&order=asc&role=user").query("search", text).await;
        answer.expect_status(200).column("username")
    };
    for (text, wanted) in [
        // Anywhere inside, one letter or many.
        ("a", vec!["ab_1", "caba_1", "other_1", "xaby_1"]),
        ("ab", vec!["ab_1", "caba_1", "xaby_1"]),
        ("by", vec!["xaby_1"]),
        ("aby_1", vec!["xaby_1"]),
        ("ABA", vec!["caba_1"]),
        ("ZOË", vec!["ab_1"]),
        ("\"q\"", vec!["ab_1"]),
        ("o'neil", vec!["ab_1"]),
        ("* (b) and", vec!["xaby_1"]),
        ("*", vec!["xaby_1"]),
        ("and", vec!["xaby_1"]),
        // Accents stay apart here.
        ("zoe", vec![]),
        ("né", vec!["caba_1"]),
        ("né e", vec!["caba_1"]),
        ("nee", vec![]),
        ("zo\u{eb} q", vec![]),
    ] {
        assert_eq!(found(text).await, wanted, "{text}");
    }
    // At once under the new name, and under the old no more.
    let ada = shelf.shop.register("ada_lovelace").await;
    assert_eq!(found("lovelace").await, ["ada_lovelace"]);
    ada.patch("/users/me", &json!({"username": "countess", "email": "c@example.com"})).await.expect_status(200);
    assert_eq!((found("lovelace").await.len(), found("ountes").await.len()), (0, 1));
    ada.delete("/users/me").await.expect_status(204);
    assert_eq!(found("ountes").await, Vec::<String>::new());
}
