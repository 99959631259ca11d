//! What decoding promises, on a small object that no document knows.

use super::*;
use crate::violations::{Violation, Violations};
use serde::de::MapAccess;

#[derive(Debug, PartialEq)]
struct Pet {
    name: String,
    age: Option<i32>,
    tags: Option<Vec<String>>,
    note: Option<swagger::Nullable<String>>,
}

impl Object for Pet {
    const MEMBERS: &'static [&'static str] = &["name", "age", "tags", "note"];

    fn read<'de, A: MapAccess<'de>>(members: &mut Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let (mut name, mut age, mut tags, mut note) = (Slot::Absent, Slot::Absent, Slot::Absent, Slot::Absent);
        while let Some(index) = members.next_known()? {
            match index {
                0 => name = members.value(0, &Text::new().min(1).max(5))?,
                1 => age = members.value(1, &Int::<i32>::new().min(0).max(30))?,
                2 => tags = members.value(2, &List::of(Text::new().max(3)).max(3).unique())?,
                _ => note = members.value(3, &Nullable(Text::new()))?,
            }
        }
        let name = members.required("name", name);
        let age = members.optional(age);
        let tags = members.optional(tags);
        let note = members.optional(note);
        let (Some(name), Some(age), Some(tags), Some(note)) = (name, age, tags, note) else { return Ok(None) };
        Ok(members.clean().then_some(Self { name, age, tags, note }))
    }
}

fn decode(text: &str) -> Result<Pet, Vec<Violation>> {
    let mut found = Violations::default();
    let pet = decode_json(&model::<Pet>(), text.as_bytes(), &mut found).expect("JSON");
    pet.ok_or_else(|| found.into_shown())
}

fn faults(text: &str) -> Vec<(String, String)> {
    let found = decode(text).expect_err("violations");
    found.into_iter().map(|v| (v.pointer.unwrap_or_default(), v.code.into_owned())).collect()
}

fn fault(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

#[test]
fn a_valid_object_is_decoded() {
    let pet = decode(r#"{"name":"Rex","age":3.0,"tags":["a","b"],"note":null}"#);
    let note = Some(swagger::Nullable::Null);
    let tags = Some(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(pet, Ok(Pet { name: "Rex".into(), age: Some(3), tags, note }));
}

#[test]
fn absent_and_null_are_told_apart() {
    assert_eq!(decode(r#"{"name":"R"}"#).map(|pet| pet.note), Ok(None));
    assert_eq!(decode(r#"{"name":"R","note":null}"#).map(|pet| pet.note), Ok(Some(swagger::Nullable::Null)));
}

#[test]
fn every_fault_is_named_in_one_answer() {
    let found = faults(r#"{"name":"","age":31,"tags":["x","long","x",1],"zzz":{},"age":1}"#);
    let wanted = [
        fault("/name", "min_length"),
        fault("/age", "maximum"),
        fault("/tags/1", "max_length"),
        fault("/tags/2", "unique_items"),
        fault("/tags", "max_items"),
        fault("/zzz", "unknown"),
        fault("/age", "duplicate"),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_missing_member_is_named() {
    assert_eq!(faults("{}"), [fault("/name", "required")]);
}

#[test]
fn a_value_of_another_type_is_refused_whatever_it_is() {
    for value in ["null", "true", "1", "-1", "1.5", "[]", "{}", "[{\"a\":[1]}]"] {
        assert_eq!(faults(&format!(r#"{{"name":{value}}}"#)), [fault("/name", "type")], "{value}");
    }
    for value in ["null", "true", "1", "-1", "1.5", "[]", "\"x\"", "[[1]]"] {
        assert_eq!(faults(value), [fault("", "type")], "{value}");
    }
    for value in ["null", "true", "1", "-1", "1.5", "{}", "\"x\""] {
        assert_eq!(faults(&format!(r#"{{"name":"a","tags":{value}}}"#)), [fault("/tags", "type")], "{value}");
    }
}

#[test]
fn numbers_out_of_every_range_are_refused() {
    for (value, code) in
        [("1e300", "maximum"), ("-1e300", "minimum"), ("99999999999999999999", "maximum"), ("0.5", "type")]
    {
        assert_eq!(faults(&format!(r#"{{"name":"a","age":{value}}}"#)), [fault("/age", code)], "{value}");
    }
}

#[test]
fn lengths_count_characters_not_bytes() {
    assert!(decode(r#"{"name":"ééééé"}"#).is_ok());
    assert_eq!(faults(r#"{"name":"éééééé"}"#), [fault("/name", "max_length")]);
}

#[test]
fn the_character_nul_is_refused() {
    assert_eq!(faults(r#"{"name":"a\u0000"}"#), [fault("/name", "pattern")]);
}

#[test]
fn what_is_not_json_is_a_problem_of_its_own() {
    let deep = "[".repeat(10_000);
    for text in ["", "{", "{}x", "{'a':1}", "{\"name\":\"\\ud800\"}", "nul", deep.as_str()] {
        let problem = decode_json(&model::<Pet>(), text.as_bytes(), &mut Violations::default()).expect_err("a problem");
        assert_eq!(problem.kind(), kinds::INVALID_JSON, "{text:.20}");
    }
}

#[test]
fn lists_in_parameters_are_repeated_or_separated_by_commas() {
    let rule = List::of(Int::<i32>::new()).max(3);
    let mut found = Violations::default();
    assert_eq!(rule.texts(&["1", "2,3"], &mut found), Some(vec![1, 2, 3]));
    assert_eq!(rule.texts(&["1,2", "3,4"], &mut found), None);
}

#[test]
fn every_kind_of_character_that_is_needed_and_missing_is_named() {
    let rule = Text::new().needs(Character::UpperCaseLetter).needs(Character::LowerCaseLetter).needs(Character::Digit);
    for (text, missing) in [("Aa1", 0), ("Ñé5", 0), ("aa1", 1), ("AA1", 1), ("Aaa", 1), ("aaa", 2), ("-", 3), ("", 3)]
    {
        let mut found = Violations::default();
        assert_eq!(rule.text(text, &mut found).is_some(), missing == 0, "{text}");
        assert_eq!(found.total(), missing, "{text}");
        assert!(found.into_shown().iter().all(|violation| violation.code == "too_simple"), "{text}");
    }
}

#[test]
fn e_mail_addresses_are_judged_by_their_form() {
    let rule = Text::new().format(Format::Email);
    for good in ["a@b.co", "ada.lovelace+x@mail.example.com", "o'neil@example.org"] {
        assert!(rule.text(good, &mut Violations::default()).is_some(), "{good}");
    }
    for bad in ["a", "a@", "@b.co", "a@b", "a b@c.de", "a@b..co", ".a@b.co", "a.@b.co", "a@-b.co", "a@b.co\n"] {
        assert!(rule.text(bad, &mut Violations::default()).is_none(), "{bad}");
    }
}

#[test]
fn times_are_taken_as_clients_write_them() {
    for good in
        ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.5+01:00", "2026-01-31T12:00:00+0000", "2026-01-31T12:00:00 00:00"]
    {
        assert!(Time.text(good, &mut Violations::default()).is_some(), "{good}");
    }
    for bad in
        ["2026-01-31", "yesterday", "2026-13-01T00:00:00Z", "", "+12026-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"]
    {
        assert!(Time.text(bad, &mut Violations::default()).is_none(), "{bad}");
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_input_makes_the_decoder_panic(text in ".*") {
            let _ = decode_json(&model::<Pet>(), text.as_bytes(), &mut Violations::default());
        }

        #[test]
        fn no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode_json(&model::<Pet>(), &bytes, &mut Violations::default());
        }

        #[test]
        fn a_value_is_decoded_exactly_when_no_violation_is_found(
            name in "[a-zé]{0,8}", age in -5i64..40, tags in proptest::collection::vec("[a-c]{0,4}", 0..5),
        ) {
            let text = serde_json::json!({"name": name, "age": age, "tags": tags}).to_string();
            let mut found = Violations::default();
            let pet = decode_json(&model::<Pet>(), text.as_bytes(), &mut found).expect("JSON");
            let distinct: std::collections::HashSet<_> = tags.iter().collect();
            let valid = (1..=5).contains(&name.chars().count()) && (0..=30).contains(&age)
                && tags.len() <= 3 && tags.iter().all(|tag| tag.len() <= 3) && distinct.len() == tags.len();
            prop_assert_eq!(pet.is_some(), valid);
            prop_assert_eq!(found.total() == 0, valid);
        }
    }
}
