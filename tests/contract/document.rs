//! The document and what is made of it.

use crate::faults;
use crate::selections::{self, SELECTION};
use crate::stage::operations;
use crate::support::document::{DOCUMENT, Op, resolve};
use crate::support::schema;
use contract::{Owner, Tag};
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;

/// Calls `look` with every node of the document.
fn walk(node: &Value, look: &mut impl FnMut(&Value)) {
    look(node);
    match node {
        Value::Object(members) => members.values().for_each(|node| walk(node, look)),
        Value::Array(items) => items.iter().for_each(|node| walk(node, look)),
        _ => {}
    }
}

#[test]
fn every_pattern_compiles() {
    let mut seen = 0;
    walk(&DOCUMENT.root, &mut |node| {
        if let (Some(pattern), Some("string")) = (node["pattern"].as_str(), node["type"].as_str()) {
            Regex::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
            seen += 1;
        }
    });
    assert!(seen > 0);
}

#[test]
fn the_embedded_json_has_every_operation_of_the_yaml() {
    let ids = |text: &str| text.matches("operationId").count();
    assert_eq!(ids(generated::DOCUMENT_YAML), ids(generated::DOCUMENT_JSON));
    for op in operations() {
        assert!(generated::DOCUMENT_YAML.contains(&format!("      operationId: {}\n", op.id)), "{}", op.name());
    }
}

#[test]
fn every_problem_that_the_runtime_answers_is_declared_as_it_is_answered() {
    let problems = DOCUMENT.problems();
    for kind in contract::problem::kinds::ALL {
        let declared = problems.get(kind.code).unwrap_or_else(|| panic!("{} is not declared", kind.code));
        assert_eq!(declared["status"], kind.status, "{}", kind.code);
        assert_eq!(declared["title"], kind.title, "{}", kind.code);
    }
    for page in generated::policies::PROBLEMS {
        let declared = problems.get(page.kind.code).unwrap_or_else(|| panic!("{} is not declared", page.kind.code));
        assert_eq!(declared["status"], page.kind.status);
        assert_eq!(declared["title"], page.kind.title);
        assert_eq!(declared["cause"], page.cause);
        assert_eq!(declared["mend"], page.mend);
    }
    assert_eq!(generated::policies::PROBLEMS.len(), problems.len());
}

#[test]
fn every_problem_response_names_codes_of_its_status() {
    let problems = DOCUMENT.problems();
    for op in operations() {
        for status in op.statuses().into_iter().filter(|status| *status >= 400) {
            let codes = op.codes(status);
            assert!(!codes.is_empty(), "{} {status} names no codes", op.name());
            for code in codes {
                assert_eq!(problems[code]["status"], status, "{} {status} {code}", op.name());
            }
        }
    }
}

fn row(op: &Op) -> &'static contract::Operation {
    let found: Vec<_> = generated::OPERATIONS.iter().filter(|row| row.id == op.id).collect();
    assert_eq!(found.len(), 1, "{} stands {} times in the table", op.name(), found.len());
    found[0]
}

#[test]
fn the_operation_table_says_what_the_document_says() {
    assert_eq!(generated::OPERATIONS.len(), DOCUMENT.operations.len());
    for op in operations() {
        let row = row(op);
        let name = op.name();
        assert_eq!((row.method, row.path), (&*op.method, &*op.path), "{name}");
        assert_eq!(row.public, op.is_public(), "{name}");
        assert_eq!(row.body_limit, op.body_limit(), "{name}");
        assert_eq!(row.oauth_errors, op.has_oauth_errors(), "{name}");
        assert_eq!(row.body_required, resolve(&op.node()["requestBody"])["required"] == true, "{name}");
        let taken: Vec<&str> = op.bodies().into_iter().map(|(media, _)| media).collect();
        assert_eq!(row.consumes.iter().collect::<BTreeSet<_>>(), taken.iter().collect(), "{name}");
        assert_eq!(
            row.statuses.iter().copied().collect::<BTreeSet<_>>(),
            op.statuses().into_iter().collect(),
            "{name}"
        );
        let codes: BTreeSet<_> = op.statuses().into_iter().flat_map(|status| op.codes(status)).collect();
        assert_eq!(row.codes.iter().copied().collect::<BTreeSet<_>>(), codes, "{name}");
        let limits: Vec<&str> = row.limits.iter().map(|limit| limit.policy).collect();
        assert_eq!(limits, op.limits(), "{name}");
    }
}

#[test]
fn the_table_keeps_every_security_alternative_apart() {
    for op in operations() {
        let row = row(op);
        // Scopes of the oauth2 alternatives bind tokens and keys as well, which OpenAPI 3.0 cannot say.
        let sets = op.scope_sets();
        let mut wanted = BTreeSet::new();
        for alternative in op.security() {
            let Some((scheme, scopes)) = alternative.first() else {
                wanted.insert((String::new(), Vec::new()));
                continue;
            };
            assert_eq!(alternative.len(), 1, "{}: teach this test about AND", op.name());
            let inherits = matches!(scheme.as_str(), "bearerAuth" | "apiKey") && !sets.is_empty();
            let sets = if inherits { sets.clone() } else { vec![scopes.clone()] };
            wanted.extend(sets.into_iter().map(|set| (scheme.clone(), set)));
        }
        let made = row.security.iter().map(|alternative| match alternative.first() {
            Some(need) => (need.scheme.name.to_owned(), need.scopes.iter().map(|scope| (*scope).to_owned()).collect()),
            None => (String::new(), Vec::new()),
        });
        let made: BTreeSet<(String, Vec<String>)> = made.collect();
        assert_eq!(made, wanted, "{}", op.name());
    }
}

#[test]
fn the_table_knows_what_kept_answers_are_made_of_and_what_drops_them() {
    let texts = |node: &Value| -> Vec<String> {
        node.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    for op in operations() {
        let row = row(op);
        assert_eq!(row.invalidates, texts(&op.node()["x-invalidates"]), "{}", op.name());
        let (cache, rule) = (row.cache.expect("a rule"), &op.node()["x-cache"]);
        assert_eq!(cache.public, rule["scope"] == "public", "{}", op.name());
        assert_eq!(u64::from(cache.max_age), rule["max_age"].as_u64().unwrap_or(0), "{}", op.name());
        let tag = |tag: &Tag| match tag.parameter {
            Some(parameter) => format!("{}:{{{parameter}}}", tag.resource),
            None => tag.resource.to_owned(),
        };
        assert_eq!(cache.tags.iter().map(tag).collect::<Vec<_>>(), texts(&rule["tags"]), "{}", op.name());
    }
}

#[test]
fn the_table_knows_whose_everything_is() {
    for op in operations() {
        let scopes = |owner: &Value| -> Vec<String> {
            owner["lifted_by"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        match (row(op).owner, op.owner()) {
            (None, None) => {}
            (Some(Owner::Parameter { name, lifted_by }), Some(owner)) => {
                assert_eq!(
                    (owner["parameter"].as_str(), scopes(owner)),
                    (Some(name), lifted_by.iter().map(|s| (*s).to_owned()).collect())
                );
            }
            (Some(Owner::Resource { name, lifted_by }), Some(owner)) => {
                assert_eq!(
                    (owner["resource"].as_str(), scopes(owner)),
                    (Some(name), lifted_by.iter().map(|s| (*s).to_owned()).collect())
                );
            }
            (made, wanted) => panic!("{}: {made:?} is not {wanted:?}", op.name()),
        }
    }
}

#[test]
fn every_example_is_valid_under_its_schema() {
    let mut seen = 0;
    for op in operations() {
        let bodies = resolve(&op.node()["requestBody"])["content"].as_object().into_iter().flatten();
        let responses =
            op.statuses().into_iter().filter_map(|status| op.response(status)?["content"].as_object()).flatten();
        for (media, content) in bodies.chain(responses) {
            let named = content["examples"].as_object().into_iter().flatten();
            let named = named.map(|(name, example)| (name.clone(), &resolve(example)["value"]));
            let single = content.get("example").map(|example| ("example".to_owned(), example));
            for (name, example) in named.chain(single) {
                // What a selection may hold is told by the schema of the full answer.
                let faults = if media == SELECTION {
                    let whole = op.response(200).expect("an answer")["content"]["application/json"]["schema"].clone();
                    schema::faults(&selections::part_of(&whole), example, true)
                } else {
                    schema::faults(&content["schema"], example, true)
                };
                assert!(faults.is_empty(), "{} {media} {name}: {faults:#?}", op.name());
                seen += 1;
            }
        }
    }
    assert!(seen > operations().count());
}

#[test]
fn every_role_and_quota_is_generated_as_declared() {
    for (role, scopes) in generated::policies::ROLE_SCOPES {
        assert_eq!(DOCUMENT.role_scopes(role), *scopes);
    }
    for policy in generated::policies::LIMIT_POLICIES {
        for (audience, quota) in policy.audiences {
            assert_eq!(DOCUMENT.quota(policy.name, audience), u64::from(*quota));
        }
    }
}

#[test]
fn the_checker_of_these_tests_finds_what_is_wrong() {
    for op in operations().filter(|op| op.takes_body() && !op.takes_form()) {
        let (_, schema) = op.bodies()[0];
        let good = op.body_example().expect("an example");
        assert_eq!(schema::faults(schema, &good, false), Vec::<String>::new(), "{}", op.name());
        for fault in faults::of_object(schema, &good) {
            // What no keyword of JSON Schema says.
            let beyond =
                fault.code == "too_simple" || fault.value.as_ref().is_some_and(|value| text(value).contains('\0'));
            let found = schema::faults(schema, &fault.put_into(&good), false);
            let is_mere_form = fault.code == "format" && text(fault.value.as_ref().expect("a value")).contains('@');
            assert!(!found.is_empty() || beyond || is_mere_form, "{}: {fault:?} is not found", op.name());
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
