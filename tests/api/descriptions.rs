//! Descriptions of products: a little HTML, and nothing that could harm who shows it.

use crate::support::shelf::Shelf;
use regex::Regex;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// The only markup there may be.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| Regex::new("</?(p|br|strong|em|u)>").expect("a regular expression"));

/// What becomes of a description: read back by a visitor, after it was seen to be harmless.
async fn kept(shelf: &Shelf, given: &str) -> String {
    let made = shelf.add(json!({"description": given})).await;
    let read = shelf.visitor.get(&made.path).await.expect_status(200).at("/description");
    assert_eq!(read, made.body["description"]);
    let text = read.as_str().unwrap_or_default().to_owned();
    let rest = MARKUP.replace_all(&text, "");
    assert!(!rest.contains('<'), "{given:?} became {text:?}");
    text
}

#[tokio::test]
async fn what_is_allowed_stays() {
    let shelf = Shelf::set().await;
    for given in
        ["Plain words.", "<p>One <strong>two</strong> <em>three</em> <u>four</u><br>five</p>", "a &amp; b", "5 &lt; 6"]
    {
        assert_eq!(kept(&shelf, given).await, given);
    }
    assert_eq!(kept(&shelf, "a & b").await, "a &amp; b");
    assert_eq!(kept(&shelf, "<p>open").await, "<p>open</p>");
    assert_eq!(kept(&shelf, "<P>loud</P><BR/>").await, "<p>loud</p><br>");
}

#[tokio::test]
async fn attributes_and_other_elements_go_and_their_words_stay() {
    let shelf = Shelf::set().await;
    for (given, wanted) in [
        ("<p onclick=\"alert(1)\" style=\"x\" class=y id=z>Hi</p>", "<p>Hi</p>"),
        ("<a href=\"javascript:alert(1)\">link</a>", "link"),
        ("<h1>Title</h1><b>bold</b><i>it</i>", "Titleboldit"),
        ("<p><span data-x=1>in</span>side</p>", "<p>inside</p>"),
        ("<!-- secret --><p>x</p>", "<p>x</p>"),
        ("<custom-element>x</custom-element>", "x"),
    ] {
        assert_eq!(kept(&shelf, given).await, wanted, "{given}");
    }
}

#[tokio::test]
async fn nothing_that_runs_gets_through() {
    let shelf = Shelf::set().await;
    for given in [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example></SCRIPT>",
        "<scr<script>ipt>alert(1)</script>",
        "<<script>script>alert(1)<</script>/script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)><p>x</svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mi><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<p/onmouseover=alert(1)>x",
        "<p\u{c}onmouseover=alert(1)>x",
        "<style>p{background:url(javascript:alert(1))}</style>",
        "<base href=//evil.example><form action=//evil.example><input autofocus onfocus=alert(1)>",
        "<template><script>alert(1)</script></template>",
        "<plaintext><script>alert(1)</script>",
        "<textarea></textarea><script>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
        "<br onload=alert(1)/><em\n\tonclick\n=\nalert(1)>x</em>",
    ] {
        let text = kept(&shelf, given).await;
        // What was escaped is words and runs nowhere; what is markup has no room for handlers.
        for tag in MARKUP.find_iter(&text) {
            assert!(!tag.as_str().contains(char::is_whitespace), "{given:?} became {text:?}");
        }
    }
}

#[tokio::test]
async fn what_was_read_can_be_written_back_and_is_no_change() {
    let shelf = Shelf::set().await;
    for given in
        ["a & b < c > d \" ' ` = é", "<p>x<br/>y</p><script>z</script>", "&lt;script&gt;", "&#60;p&#62;", "<p><p>a"]
    {
        let made = shelf.add(json!({"description": given})).await;
        let body = json!({"description": made.body["description"]});
        let again = shelf.admin.patch(&made.path, &body).await.expect_status(200);
        assert_eq!((again.at("/description"), again.header("etag")), (made.body["description"].clone(), &*made.tag));
    }
    // Words that only look like markup stay words.
    assert_eq!(kept(&shelf, "&lt;script&gt;").await, "&lt;script&gt;");
}

#[tokio::test]
async fn every_way_to_write_one_is_cleaned() {
    let shelf = Shelf::set().await;
    let product = shelf.add_any().await;
    let dirty = json!({"description": "<p onclick=x>Hi</p><script>y</script>"});
    let patched = shelf.admin.patch(&product.path, &dirty).await.expect_status(200);
    assert_eq!(patched.at("/description"), "<p>Hi</p>");
    shelf.admin.patch(&product.path, &json!({"description": null})).await.expect_status(200);
    let replaced = shelf.admin.put(&product.path, &shelf.whole_product(dirty)).await.expect_status(200);
    assert_eq!(replaced.at("/description"), "<p>Hi</p>");
}

#[tokio::test]
async fn a_description_is_at_most_ten_thousand_characters_whatever_they_are() {
    let shelf = Shelf::set().await;
    for letter in ["x", "茶", "👩"] {
        let whole = letter.repeat(10_000);
        assert_eq!(kept(&shelf, &whole).await, whole);
        let refused = shelf.offer(json!({"description": format!("{whole}x")})).await;
        refused.expect_problem(422, "validation_failed").expect_faults(&[("/description", "max_length")]);
    }
    // Cleaning makes these longer: what is answered keeps to the document, or the text is refused.
    for letter in ["&", "<p>", "\u{a0}", "<"] {
        let answer = shelf.offer(json!({"description": letter.repeat(10_000 / letter.len())})).await;
        match answer.status {
            201 => {
                let length = answer.at("/description").as_str().map_or(0, |text| text.chars().count());
                assert!(length <= 10_000, "{letter}: {length}");
            }
            _ => {
                let refused = answer.expect_problem(422, "validation_failed");
                assert!(refused.faults().iter().all(|(place, _)| place == "/description"), "{letter}: {refused}");
            }
        }
    }
}

#[tokio::test]
async fn deep_nesting_is_survived() {
    let shelf = Shelf::set().await;
    for element in ["<p>", "<em>", "<div>", "<table>", "<font>"] {
        let answer = shelf.offer(json!({"description": element.repeat(10_000 / element.len())})).await;
        assert!(matches!(answer.status, 201 | 422), "{element}: {}", answer.status);
    }
}

#[tokio::test]
async fn nothing_said_is_null_or_empty() {
    let shelf = Shelf::set().await;
    for given in ["", " \n ", "<script>x</script>", "<!-- x -->"] {
        let made = shelf.add(json!({"description": given})).await;
        let read = &made.body["description"];
        assert!(read == &Value::Null || read.as_str().is_some_and(|text| text.trim().is_empty()), "{given:?}: {read}");
    }
}
