//! From a schema and a good value to everything that may be wrong with it.

use crate::support::document::resolve;
use regex::Regex;
use serde_json::{Value, json};

/// One thing wrong, and what the answer must say of it.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The member that is wrong; none when it is the whole.
    pub member: Option<String>,
    /// The value instead of a good one; none takes the member away.
    pub value: Option<Value>,
    /// Below the member, for what is wrong inside it.
    pub below: String,
    pub code: &'static str,
}

impl Fault {
    /// The JSON pointer that the answer must name.
    pub fn pointer(&self) -> String {
        match &self.member {
            Some(member) => format!("/{}{}", member.replace('~', "~0").replace('/', "~1"), self.below),
            None => String::new(),
        }
    }

    /// A good value with this fault put in.
    pub fn put_into(&self, good: &Value) -> Value {
        let Some(member) = &self.member else { return self.value.clone().expect("a value") };
        let mut bad = good.clone();
        let members = bad.as_object_mut().expect("an object");
        match &self.value {
            Some(value) => members.insert(member.clone(), value.clone()),
            None => members.remove(member),
        };
        bad
    }
}

/// Everything that may be wrong with an object of this schema, one at a time. What is wrong inside its members is put into
/// those of the good one.
pub fn of_object(schema: &Value, good: &Value) -> Vec<Fault> {
    let mut faults: Vec<Fault> = [json!([]), json!("text"), json!(1), json!(true), json!(null), json!([{}])]
        .into_iter()
        .map(|value| Fault { member: None, value: Some(value), below: String::new(), code: "type" })
        .collect();
    let mut add = |member: &str, value: Option<Value>, below: &str, code| {
        faults.push(Fault { member: Some(member.to_owned()), value, below: below.to_owned(), code });
    };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        add(name, None, "", "required");
    }
    for (name, rule) in schema["properties"].as_object().expect("properties") {
        let rule = resolve(rule);
        let good = &good[name];
        for (value, code) in of_leaf(rule) {
            add(name, Some(value), "", code);
        }
        for (value, below, code) in of_parts(rule, good) {
            add(name, Some(value), &below, code);
        }
    }
    if schema["additionalProperties"] == false {
        add("no_such_member", Some(json!({"deep": [1]})), "", "unknown");
        add("a/b~c", Some(json!(null)), "", "unknown");
        add("", Some(json!("")), "", "unknown");
    }
    faults
}

/// Everything that may be wrong inside a value of this schema: bad value, place below, code.
fn of_parts(schema: &Value, good: &Value) -> Vec<(Value, String, &'static str)> {
    match schema["type"].as_str() {
        Some("object") => of_object(schema, good)
            .into_iter()
            .filter(|fault| fault.member.is_some())
            .map(|fault| (fault.put_into(good), fault.pointer(), fault.code))
            .collect(),
        Some("array") => of_items(schema, good),
        _ => Vec::new(),
    }
}

fn of_items(schema: &Value, good: &Value) -> Vec<(Value, String, &'static str)> {
    let items = resolve(&schema["items"]);
    let good = [&good[0], &items["enum"][0]].into_iter().find(|value| !value.is_null()).cloned();
    let good = good.unwrap_or_else(|| json!("text"));
    let mut bad = Vec::new();
    if let Some(most) = schema["maxItems"].as_u64() {
        let too_many = vec![good.clone(); usize::try_from(most).expect("a size") + 1];
        bad.push((json!(too_many), String::new(), "max_items"));
    }
    let inside = of_leaf(items).into_iter().map(|(value, code)| (value, String::new(), code));
    for (value, below, code) in inside.chain(of_parts(items, &good)) {
        bad.push((json!([good, value]), format!("/1{below}"), code));
    }
    bad
}

/// Everything that may be wrong with a value of this schema as a whole: bad value, code.
fn of_leaf(schema: &Value) -> Vec<(Value, &'static str)> {
    let mut bad: Vec<(Value, &str)> = Vec::new();
    let kind = schema["type"].as_str().expect("a type");
    let others = [json!(null), json!(true), json!(1), json!(-0.5), json!("text"), json!([]), json!({})];
    for value in others {
        let fits = match kind {
            "string" => value.is_string(),
            "integer" => value.is_i64(),
            "array" => value.is_array(),
            "boolean" => value.is_boolean(),
            "object" => value.is_object(),
            unknown => panic!("say in tests/contract/faults.rs what no {unknown} is"),
        };
        let fits = fits || (value.is_null() && schema["nullable"] == true);
        if !fits {
            bad.push((value, "type"));
        }
    }
    let size = |keyword: &str| schema[keyword].as_u64().map(|size| usize::try_from(size).expect("a size"));
    if let Some(least) = size("minLength").filter(|least| *least > 0) {
        bad.push((json!("a".repeat(least - 1)), "min_length"));
    }
    if let Some(most) = size("maxLength") {
        bad.push((json!("a".repeat(most + 1)), "max_length"));
        // Length is counted in characters: one fewer than too many is no fault of length, whatever its bytes.
        bad.push((json!("é".repeat(most + 1)), "max_length"));
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        let pattern = Regex::new(pattern).expect("a pattern");
        let lengths = size("minLength").unwrap_or(0)..=size("maxLength").unwrap_or(usize::MAX);
        let texts =
            ["no pattern (we hope) takes this!", "line\n", "!?!", "ab\n", "   ", "\u{1}\u{7f}\u{85}\u{9f}\u{2003}"];
        let odd = |text: &&str| lengths.contains(&text.chars().count()) && !pattern.is_match(text);
        let before = bad.len();
        bad.extend(texts.into_iter().filter(odd).map(|text| (json!(text), "pattern")));
        assert!(bad.len() > before, "say in tests/contract/faults.rs what {pattern} does not take");
    }
    if kind == "string" && schema["enum"].is_null() && !["date-time", "uuid"].iter().any(|own| schema["format"] == *own)
    {
        let least = size("minLength").unwrap_or(0).max(1);
        let room = size("maxLength").unwrap_or(usize::MAX) - 1;
        let text: String = "Aa1".repeat(least).chars().take(room).chain(['\0']).collect();
        bad.push((json!(text), "pattern"));
    }
    for character in schema["x-needs"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let without = match character {
            "upper_case_letter" => "lower-case-1",
            "lower_case_letter" => "UPPER-CASE-1",
            "digit" => "Only-Letters",
            unknown => panic!("say in tests/contract/faults.rs what lacks a {unknown}"),
        };
        bad.push((json!(without), "too_simple"));
    }
    if schema["enum"].is_array() {
        bad.push((json!("no_such_value"), "enum"));
        bad.push((json!(""), "enum"));
        let first = schema["enum"][0].as_str().unwrap_or_default();
        bad.push((json!(first.to_uppercase()), "enum"));
    }
    match schema["format"].as_str() {
        Some("email") => {
            bad.extend(
                ["nobody", "a@b", "a b@c.de", "@c.de", "a@c..de", "a@@c.de"].map(|text| (json!(text), "format")),
            );
        }
        Some("uuid") => {
            let wrong =
                ["nonsense", "", "01a1fcf7-2de0-7b2e-9d3f-4a5b6c7d8e9", "01a1fcf72de07b2e9d3f4a5b6c7d8e9f", "\0"];
            bad.extend(wrong.map(|text| (json!(text), "format")));
        }
        Some("date-time") => {
            let wrong =
                ["yesterday", "2027-03-01", "2027-13-01T00:00:00Z", "2027-02-29T00:00:00Z", "2027-03-01T25:00:00Z", ""];
            bad.extend(wrong.map(|text| (json!(text), "format")));
        }
        _ => {}
    }
    if let Some(least) = schema["minimum"].as_i64() {
        bad.push((json!(least - 1), "minimum"));
    }
    if let Some(most) = schema["maximum"].as_i64() {
        bad.push((json!(most + 1), "maximum"));
    }
    if schema["minItems"].as_u64().is_some_and(|least| least > 0) {
        bad.push((json!([]), "min_items"));
    }
    bad
}
