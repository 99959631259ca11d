//! The document for one kind of caller: the operations that they can use, and only what those are made of.

use crate::cli::Audience;
use generated::OPERATIONS;
use generated::policies::ROLE_SCOPES;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashSet};

/// What references to parts of the document begin with.
const COMPONENTS: &str = "#/components/";

/// Leaves in the document what this audience can use.
pub fn tailor(document: &mut Value, audience: Audience) {
    let open = operations_of(audience);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            item.retain(|_, part| part.get("operationId").and_then(Value::as_str).is_none_or(|id| open.contains(id)));
        }
        paths.retain(|_, item| item.as_object().is_some_and(|item| item.values().any(is_operation)));
    }
    drop_dead_links(document, &open);
    keep_used_tags(document);
    keep_used_components(document);
}

/// The ids of the operations that let this audience in. Whose things they reach is another matter.
fn operations_of(audience: Audience) -> HashSet<&'static str> {
    let role = ROLE_SCOPES.iter().find(|(role, _)| *role == audience.name());
    let open = OPERATIONS.iter().filter(|operation| {
        operation.public
            || operation.security.iter().any(|needs| match role {
                // Who has not signed in has no credentials to meet a need with.
                None => needs.is_empty(),
                Some((_, held)) => needs.iter().flat_map(|need| need.scopes).all(|scope| held.contains(scope)),
            })
    });
    open.map(|operation| operation.id).collect()
}

fn is_operation(part: &Value) -> bool {
    part.get("operationId").is_some()
}

/// Links from answers to operations that are not there any more, be they written out or named.
fn drop_dead_links(document: &mut Value, open: &HashSet<&str>) {
    let leads_on = |link: &Value| link.get("operationId").and_then(Value::as_str).is_none_or(|id| open.contains(id));
    let named = document.pointer("/components/links").and_then(Value::as_object);
    let dead: HashSet<String> = named
        .into_iter()
        .flatten()
        .filter(|(_, link)| !leads_on(link))
        .map(|(name, _)| format!("{COMPONENTS}links/{}", escaped(name)))
        .collect();
    let lives = |link: &Value| {
        leads_on(link) && link.get("$ref").and_then(Value::as_str).is_none_or(|reference| !dead.contains(reference))
    };
    keep_links(document, &lives);
}

fn keep_links(node: &mut Value, lives: &dyn Fn(&Value) -> bool) {
    match node {
        Value::Object(members) => {
            if let Some(links) = members.get_mut("links").and_then(Value::as_object_mut) {
                links.retain(|_, link| lives(link));
            }
            members.values_mut().for_each(|member| keep_links(member, lives));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| keep_links(item, lives)),
        _ => {}
    }
}

fn keep_used_tags(document: &mut Value) {
    let paths = document.get("paths").and_then(Value::as_object);
    let operations = paths.into_iter().flat_map(Map::values).filter_map(Value::as_object).flat_map(Map::values);
    let lists = operations.filter_map(|operation| operation.get("tags")?.as_array()).flatten();
    let used: HashSet<String> = lists.filter_map(Value::as_str).map(str::to_owned).collect();
    if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
        tags.retain(|tag| tag.get("name").and_then(Value::as_str).is_some_and(|name| used.contains(name)));
    }
}

/// Components that the paths lead to, be it by way of others.
fn keep_used_components(document: &mut Value) {
    let mut found = BTreeSet::new();
    let mut waiting = Vec::new();
    if let Some(paths) = document.get("paths") {
        note_references(paths, &mut waiting);
    }
    while let Some(reference) = waiting.pop() {
        // What is found the first time may lead further.
        if let (true, Some(component)) = (found.insert(reference.clone()), document.pointer(&reference[1..])) {
            note_references(component, &mut waiting);
        }
    }
    let Some(kinds) = document.get_mut("components").and_then(Value::as_object_mut) else { return };
    for (kind, components) in kinds.iter_mut().filter_map(|(kind, node)| Some((kind, node.as_object_mut()?))) {
        components.retain(|name, _| found.contains(&format!("{COMPONENTS}{kind}/{}", escaped(name))));
    }
    kinds.retain(|_, components| components.as_object().is_none_or(|components| !components.is_empty()));
}

/// The references below a part of the document: `$ref`, those of discriminators, and security schemes by their names.
fn note_references(node: &Value, noted: &mut Vec<String>) {
    match node {
        Value::String(text) if text.starts_with(COMPONENTS) => noted.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| note_references(item, noted)),
        Value::Object(members) => {
            let alternatives = members.get("security").and_then(Value::as_array).into_iter().flatten();
            for scheme in alternatives.filter_map(Value::as_object).flat_map(Map::keys) {
                noted.push(format!("{COMPONENTS}securitySchemes/{}", escaped(scheme)));
            }
            members.values().for_each(|member| note_references(member, noted));
        }
        _ => {}
    }
}

/// As names stand in pointers (RFC 6901, section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(audience: Audience) -> Value {
        let mut document = serde_json::from_str(generated::DOCUMENT_JSON).expect("the document is JSON");
        tailor(&mut document, audience);
        document
    }

    fn operations(document: &Value) -> BTreeSet<String> {
        let items = document["paths"].as_object().expect("paths").values().filter_map(Value::as_object);
        items.flat_map(Map::values).filter_map(|part| part["operationId"].as_str().map(str::to_owned)).collect()
    }

    #[test]
    fn each_audience_sees_what_it_can_call() {
        let [anonymous, user, moderator, admin] =
            [Audience::Anonymous, Audience::User, Audience::Moderator, Audience::Admin]
                .map(|audience| operations(&document(audience)));
        assert!(
            anonymous.contains("login") && anonymous.contains("listProducts") && !anonymous.contains("createOrder")
        );
        assert!(user.contains("createOrder") && !user.contains("getOverview") && !user.contains("createProduct"));
        assert!(admin.contains("getOverview"));
        assert!(anonymous.is_subset(&user) && user.is_subset(&moderator) && moderator.is_subset(&admin));
        assert_eq!(admin.len(), OPERATIONS.len());
    }

    #[test]
    fn nothing_leads_nowhere_and_nothing_is_left_over() {
        for audience in [Audience::Anonymous, Audience::User, Audience::Admin] {
            let document = document(audience);
            let mut references = Vec::new();
            note_references(&document, &mut references);
            for reference in &references {
                assert!(document.pointer(&reference[1..]).is_some(), "{audience:?}: {reference} leads nowhere");
            }
            let there = operations(&document);
            let text = document.to_string();
            let named = text.split("\"operationId\":\"").skip(1).filter_map(|rest| rest.split('"').next());
            assert!(named.clone().count() > 10);
            for name in named {
                assert!(there.contains(name), "{audience:?}: {name} is not there");
            }
        }
    }
}
