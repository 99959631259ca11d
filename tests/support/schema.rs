//! A checker for the part of OpenAPI 3.0's schemas that the document uses. A keyword that it does not know is an error,
//! so that it cannot pass what it did not look at.

use super::document::resolve;
use regex::Regex;
use serde_json::Value;

/// Keywords that say nothing about a value.
const NOTES: [&str; 6] = ["description", "title", "default", "example", "deprecated", "readOnly"];

/// Everything that is wrong with a value, each with its place. Members that the schema does not name are faults even where
/// `additionalProperties` lets them pass, if `closed`: what we answer must be written down.
pub fn faults(schema: &Value, value: &Value, closed: bool) -> Vec<String> {
    let mut check = Check { closed, place: Vec::new(), faults: Vec::new() };
    check.judge(schema, value);
    check.faults
}

struct Check {
    closed: bool,
    place: Vec<String>,
    faults: Vec<String>,
}

impl Check {
    fn fault(&mut self, what: impl std::fmt::Display) {
        let place = if self.place.is_empty() { "/".to_owned() } else { format!("/{}", self.place.join("/")) };
        self.faults.push(format!("{place} {what}"));
    }

    fn judge(&mut self, schema: &Value, value: &Value) {
        let schema = resolve(schema);
        if value.is_null() {
            if schema["nullable"] != true {
                self.fault("is null");
            }
            return;
        }
        for (keyword, rule) in schema.as_object().expect("a schema") {
            self.keyword(keyword, rule, schema, value);
        }
    }

    fn keyword(&mut self, keyword: &str, rule: &Value, schema: &Value, value: &Value) {
        let text = value.as_str().unwrap_or_default();
        let number = value.as_i64().map(i128::from).unwrap_or_default();
        let length = i128::try_from(text.chars().count()).expect("a length");
        let items = value.as_array().map_or(0, Vec::len) as i128;
        let bound = || i128::from(rule.as_i64().expect("a bound"));
        let holds = match keyword {
            "type" => is_of_type(value, rule.as_str().expect("a type")),
            "enum" => rule.as_array().expect("values").contains(value),
            "format" => return self.format(rule.as_str().expect("a format"), value),
            "pattern" => Regex::new(rule.as_str().expect("a pattern")).expect("a regular expression").is_match(text),
            "minLength" => !value.is_string() || length >= bound(),
            "maxLength" => !value.is_string() || length <= bound(),
            "minimum" => !value.is_i64() || number >= bound(),
            "maximum" => !value.is_i64() || number <= bound(),
            "minItems" => !value.is_array() || items >= bound(),
            "maxItems" => !value.is_array() || items <= bound(),
            "items" => return self.items(rule, value),
            "properties" => return self.properties(schema, value),
            "required" => return self.required(rule, value),
            // Judged with `properties`.
            "additionalProperties" | "nullable" => true,
            note if note.starts_with("x-") || NOTES.contains(&note) => true,
            unknown => {
                panic!("the tests' schema checker does not know `{unknown}`: teach it in tests/support/schema.rs")
            }
        };
        if !holds {
            self.fault(format_args!("breaks {keyword}: {rule} with {value}"));
        }
    }

    fn items(&mut self, rule: &Value, value: &Value) {
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            self.place.push(index.to_string());
            self.judge(rule, item);
            self.place.pop();
        }
    }

    fn properties(&mut self, schema: &Value, value: &Value) {
        for (name, member) in value.as_object().into_iter().flatten() {
            self.place.push(name.clone());
            match schema["properties"].get(name) {
                Some(rule) => self.judge(rule, member),
                None if self.closed || schema["additionalProperties"] == false => self.fault("is not in the schema"),
                None => {}
            }
            self.place.pop();
        }
    }

    fn required(&mut self, rule: &Value, value: &Value) {
        for name in rule.as_array().into_iter().flatten().filter_map(Value::as_str) {
            if value.is_object() && value.get(name).is_none() {
                self.fault(format_args!("lacks {name}"));
            }
        }
    }

    fn format(&mut self, format: &str, value: &Value) {
        let text = value.as_str().unwrap_or_default();
        let holds = match format {
            // Ids of ours are of version 7 and in lower case.
            "uuid" => uuid::Uuid::try_parse(text).is_ok_and(|id| id.get_version_num() == 7 && id.to_string() == text),
            "date-time" => text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok(),
            "email" => text.contains('@'),
            "int32" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            "int64" => value.is_i64(),
            "password" => true,
            unknown => panic!("the tests' schema checker does not know the format `{unknown}`"),
        };
        if !holds {
            self.fault(format_args!("is no {format}: {value}"));
        }
    }
}

fn is_of_type(value: &Value, wanted: &str) -> bool {
    match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        unknown => panic!("the tests' schema checker does not know the type `{unknown}`"),
    }
}
