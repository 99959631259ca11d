//! Answers of which callers want a part, or that they have already.

use contract::decode::{Names, Rule};
use contract::{Asked, Fields, HeaderValue, Reply, Shape, StatusCode, Violations, header};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;

const KNOWN: &[&str] = &["id", "name", "price", "created_at"];

fn fields(text: &str) -> Fields {
    Names::of(KNOWN).text(text, &mut Violations::default()).expect("names that there are")
}

/// A value of any depth.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

type Members = Vec<(String, Value)>;

/// Members in any order, of known and of unknown names.
fn members() -> impl Strategy<Value = Members> {
    let name = prop_oneof![prop::sample::select(KNOWN).prop_map(str::to_owned), any::<String>()];
    prop::collection::btree_map(name, value(), 0..8).prop_map(|members| members.into_iter().collect()).prop_shuffle()
}

fn choice() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(KNOWN.to_vec(), 1..=KNOWN.len()).prop_shuffle()
}

/// The text of an object with these members, as serde writes it.
fn text<'m>(members: impl IntoIterator<Item = &'m (String, Value)>) -> String {
    let member = |(name, value): &(String, Value)| format!("{}:{value}", Value::from(name.as_str()));
    format!("{{{}}}", members.into_iter().map(member).collect::<Vec<_>>().join(","))
}

fn filtered(members: &Members, chosen: &[&str]) -> String {
    text(members.iter().filter(|(name, _)| chosen.contains(&name.as_str())))
}

fn selected(shape: Shape, whole: &str, chosen: &[&str]) -> String {
    let bytes = shape.select(whole.as_bytes(), &fields(&chosen.join(","))).expect("an answer of this shape");
    String::from_utf8(bytes).expect("UTF-8")
}

proptest! {
    #[test]
    fn a_selection_is_the_object_without_the_other_members(members in members(), chosen in choice()) {
        prop_assert_eq!(selected(Shape::One, &text(&members), &chosen), filtered(&members, &chosen));
    }

    #[test]
    fn of_a_page_only_the_entries_are_cut(entries in prop::collection::vec(members(), 0..5), chosen in choice()) {
        let page = |entries: Vec<String>| {
            format!(r#"{{"name":"kept","data":[{}],"pagination":{{"id":[1,2]}},"links":null}}"#, entries.join(","))
        };
        let whole = page(entries.iter().map(text).collect());
        let wanted = page(entries.iter().map(|entry| filtered(entry, &chosen)).collect());
        prop_assert_eq!(selected(Shape::Page, &whole, &chosen), wanted);
    }
}

#[test]
fn what_has_another_shape_is_an_error() {
    for whole in ["", "[]", "null", "{\"id\":1", "{\"id\":1}x"] {
        assert!(Shape::One.select(whole.as_bytes(), &fields("id")).is_err(), "{whole}");
    }
    assert!(Shape::Page.select(br#"{"data":{}}"#, &fields("id")).is_err());
    assert!(Shape::Page.select(br#"{"data":[1]}"#, &fields("id")).is_err());
}

#[derive(Serialize)]
struct Thing {
    id: u32,
    name: &'static str,
}

/// Fails the test when it is written.
struct Unwritten;

impl Serialize for Unwritten {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("the body of an answer that the caller has was written")
    }
}

fn tagged(tag: &str) -> Reply {
    let mut reply = Reply::of(200);
    reply.set("etag", tag).expect("a tag");
    reply
}

fn written(asked: &Asked<'_>) -> Reply {
    let mut reply = tagged("\"v1-00000007\"");
    reply.write(asked, "application/json", &Thing { id: 7, name: "lamp" }).expect("an answer");
    reply
}

const SELECTION: &str = "application/vnd.example.selection+json";

#[test]
fn who_does_not_choose_gets_the_whole_answer() {
    let reply = written(&Asked::new(None).selecting(Fields::default(), Shape::One, SELECTION));
    assert_eq!(&reply.body[..], br#"{"id":7,"name":"lamp"}"#);
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(reply.headers[header::ETAG], "\"v1-00000007\"");
}

#[test]
fn a_selection_has_its_own_media_type_and_a_tag_for_each_choice() {
    let ask = |names: &str| written(&Asked::new(None).selecting(fields(names), Shape::One, SELECTION));
    let reply = ask("name");
    assert_eq!(&reply.body[..], br#"{"name":"lamp"}"#);
    assert_eq!(reply.headers[header::CONTENT_TYPE], SELECTION);
    let tags: std::collections::BTreeSet<String> = ["name", "id", "id,name", "id,price"]
        .map(|names| ask(names).headers[header::ETAG].to_str().expect("text").to_owned())
        .into();
    assert_eq!(tags.len(), 4, "{tags:?}");
    assert!(tags.iter().all(|tag| tag.starts_with("\"v1-00000007-f") && tag.ends_with('"')), "{tags:?}");
    assert_eq!(ask("id,name").headers[header::ETAG], ask("name,id").headers[header::ETAG]);
}

#[test]
fn what_the_caller_has_is_not_even_written() {
    let all = |known: &'static str| (HeaderValue::from_static(known), Fields::default());
    let tag = written(&Asked::new(None).selecting(fields("id"), Shape::One, SELECTION)).headers[header::ETAG].clone();
    for (known, fields) in [all("\"v1-00000007\""), all("*"), all("\"x\", W/\"v1-00000007-gzip\""), (tag, fields("id"))]
    {
        let mut reply = tagged("\"v1-00000007\"");
        let asked = Asked::new(Some(&known)).selecting(fields, Shape::One, SELECTION);
        reply.write(&asked, "application/json", &Unwritten).expect("no body");
        assert_eq!(reply.status, StatusCode::NOT_MODIFIED);
        assert!(reply.body.is_empty() && !reply.headers.contains_key(header::CONTENT_TYPE));
        assert!(reply.headers.contains_key(header::ETAG));
    }
}

#[test]
fn a_copy_of_the_whole_is_none_of_a_part() {
    let whole = HeaderValue::from_static("\"v1-00000007\"");
    let reply = written(&Asked::new(Some(&whole)).selecting(fields("id"), Shape::One, SELECTION));
    assert_eq!(reply.status, StatusCode::OK);
}

#[test]
fn only_success_can_be_known() {
    let any = HeaderValue::from_static("*");
    let mut reply = Reply::of(201);
    reply.set("etag", "\"v1-00000007\"").expect("a tag");
    reply.write(&Asked::new(Some(&any)), "application/json", &Thing { id: 7, name: "lamp" }).expect("an answer");
    assert_eq!(reply.status, StatusCode::CREATED);
}
