//! What every answer has to keep, whatever a test is about.

use super::answer::Answer;
use super::document::{DOCUMENT, HTTP_LAYER, Op, resolve};
use super::schema;
use super::seen;
use super::shop::Inner;
use http::Method;
use serde_json::Value;

const PROBLEM_JSON: &str = "application/problem+json";
const SELECTION_JSON: &str = "application/vnd.shopkeeper.selection+json";

/// Notes an answer and checks it against the document. Of a shop in this process more is known: whether it has limits, and
/// what it must not tell.
///
/// # Panics
/// With operation, status, body and everything that is broken.
pub fn check(shop: Option<&Inner>, method: &Method, target: &str, answer: &Answer) {
    seen::note(method, target, answer.status, &answer.headers, &answer.body);
    let path = target.split('?').next().unwrap_or_default();
    let below = path.strip_prefix(generated::BASE_PATH);
    let op = below.and_then(|path| DOCUMENT.find(method.as_str(), path));
    let mut broken = Vec::new();
    match op {
        _ if *method == Method::OPTIONS => {}
        Some(op) => operation(shop, op, method, target, answer, &mut broken),
        None if below.is_some() => nobodys(answer, &mut broken),
        None => {}
    }
    if answer.status >= 400 && *method != Method::HEAD {
        problem(op, path, answer, &mut broken);
    }
    everywhere(answer, &mut broken);
    if let Some(shop) = shop {
        secrets(shop, answer, &mut broken);
    }
    let of = op.map_or_else(|| "no operation".to_owned(), super::document::Op::name);
    assert!(broken.is_empty(), "{of} broke its promises: {broken:#?}\n{answer}");
    if let Some(shop) = shop
        && op.is_some_and(|op| op.id == "createApiKey")
        && answer.status == 201
    {
        shop.keep_secret(&answer.string("/secret"));
    }
}

fn everywhere(answer: &Answer, broken: &mut Vec<String>) {
    if answer.header_or_none("x-request-id").is_none_or(str::is_empty) {
        broken.push("no X-Request-Id".to_owned());
    }
}

fn secrets(shop: &Inner, answer: &Answer, broken: &mut Vec<String>) {
    // The repeat of an answer that told a secret tells it to the same caller.
    let told = if answer.header_or_none("idempotent-replayed").is_none() { answer.text() } else { String::new() };
    let heard = format!("{:?}\n{told}", answer.headers);
    if let Some(secret) = shop.leaked(&heard) {
        broken.push(format!("it tells the secret {secret}"));
    }
    if heard.contains("$argon2") {
        broken.push("it tells a password's hash".to_owned());
    }
}

/// Answers of the HTTP layer to what is no operation.
fn nobodys(answer: &Answer, broken: &mut Vec<String>) {
    if answer.status != 404 && !HTTP_LAYER.contains(&answer.status) {
        broken.push(format!("{} where there is no operation", answer.status));
    }
}

fn operation(shop: Option<&Inner>, op: &Op, method: &Method, target: &str, answer: &Answer, broken: &mut Vec<String>) {
    if !op.documents(answer.status) {
        if !HTTP_LAYER.contains(&answer.status) {
            broken.push(format!("status {} is not documented", answer.status));
        }
        return;
    }
    let response = op.response(answer.status).expect("a documented response");
    headers(response, answer, broken);
    body(response, target, *method == Method::HEAD, answer, broken);
    coding(answer, broken);
    links(answer, broken);
    if shop.is_some_and(|shop| shop.limited) && answer.status < 500 && answer.status != 401 {
        for name in ["ratelimit", "ratelimit-policy"] {
            if response["headers"].as_object().is_some_and(|of| of.keys().any(|key| key.eq_ignore_ascii_case(name)))
                && answer.header_or_none(name).is_none()
            {
                broken.push(format!("no {name}, though limits are on"));
            }
        }
    }
}

fn headers(response: &Value, answer: &Answer, broken: &mut Vec<String>) {
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let header = resolve(header);
        let Some(sent) = answer.header_or_none(name) else {
            if header["required"] == true {
                broken.push(format!("no {name}, which the document demands"));
            }
            continue;
        };
        let value = match header["schema"]["type"].as_str() {
            Some("integer") => sent.parse::<i64>().map_or_else(|_| Value::from(sent), Value::from),
            Some("boolean") => sent.parse::<bool>().map_or_else(|_| Value::from(sent), Value::from),
            _ => Value::from(sent),
        };
        let faults = schema::faults(&header["schema"], &value, true);
        broken.extend(faults.into_iter().map(|fault| format!("header {name}: {fault}")));
    }
}

fn body(response: &Value, target: &str, headless: bool, answer: &Answer, broken: &mut Vec<String>) {
    let Some(content) = response["content"].as_object() else {
        if !answer.body.is_empty() {
            broken.push("a body, where the document has none".to_owned());
        }
        if answer.header_or_none("content-type").is_some() {
            broken.push("a Content-Type without a body".to_owned());
        }
        return;
    };
    let media = answer.header_or_none("content-type").unwrap_or_default();
    let Some(node) = content.get(media) else {
        broken.push(format!("Content-Type `{media}` is not documented"));
        return;
    };
    if headless {
        if !answer.body.is_empty() {
            broken.push("a body in an answer to HEAD".to_owned());
        }
        return;
    }
    match serde_json::from_slice::<Value>(&answer.body) {
        Ok(value) if media == SELECTION_JSON => {
            let whole = &content["application/json"]["schema"];
            broken.extend(schema::faults(&selected(whole, &chosen(target)), &value, true));
        }
        // Problems may be extended (RFC 9457, section 3.2); what else we answer has to be written down.
        Ok(value) => broken.extend(schema::faults(&node["schema"], &value, media != PROBLEM_JSON)),
        Err(error) => broken.push(format!("the body is no JSON: {error}")),
    }
}

/// The names in `fields` of a request.
fn chosen(target: &str) -> Vec<String> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let fields = pairs.find(|(name, _)| name == "fields").map(|(_, value)| value.into_owned()).unwrap_or_default();
    fields.split(',').map(str::to_owned).collect()
}

/// The schema of an answer, or of the items of a page, when these members are chosen: all of them and no others.
fn selected(whole: &Value, names: &[String]) -> Value {
    let mut schema = resolve(whole).clone();
    if schema["properties"]["pagination"].is_object() {
        let items = selected(&resolve(&schema["properties"]["data"])["items"], names);
        schema["properties"]["data"] = serde_json::json!({"type": "array", "items": items});
        return schema;
    }
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.retain(|name, _| names.contains(name));
    }
    schema["required"] = names.into();
    schema
}

/// Caches on the way must be able to tell one coding of an answer from another (RFC 9110, sections 8.8.3 and 12.5.5).
fn coding(answer: &Answer, broken: &mut Vec<String>) {
    let Some(coding) = answer.header_or_none("content-encoding") else { return };
    if !answer.headers_joined("vary").to_lowercase().contains("accept-encoding") {
        broken.push(format!("it is {coding} and does not vary by Accept-Encoding"));
    }
    if answer.header_or_none("etag").is_some_and(|tag| !tag.ends_with(&format!("-{coding}\""))) {
        broken.push(format!("it is {coding} under the tag of another coding"));
    }
}

/// A page's links are absolute, and its `Link` header says the same.
fn links(answer: &Answer, broken: &mut Vec<String>) {
    let page = answer.at("/links");
    let Some(links) = page.as_object().filter(|_| answer.status == 200) else { return };
    let mut written: Vec<(String, String)> =
        links.iter().filter_map(|(relation, to)| Some((relation.clone(), to.as_str()?.to_owned()))).collect();
    for (relation, to) in &written {
        if !to.starts_with("http://") && !to.starts_with("https://") {
            broken.push(format!("the link {relation} is not absolute: {to}"));
        }
    }
    let header = answer.headers_joined("link");
    let mut sent: Vec<(String, String)> = header.split('<').skip(1).filter_map(link).collect();
    written.sort();
    sent.sort();
    // A header need not repeat where the answer itself is.
    if written.iter().filter(|link| link.0 != "self").ne(sent.iter().filter(|link| link.0 != "self")) {
        broken.push(format!("the Link header says {sent:?}, the page {written:?}"));
    }
}

/// Relation and target of an entry of a `Link` header, after its `<`.
fn link(entry: &str) -> Option<(String, String)> {
    let (target, parameters) = entry.split_once('>')?;
    let relation = parameters.split_once("rel=\"")?.1.split_once('"')?.0;
    Some((relation.to_owned(), target.to_owned()))
}

fn problem(op: Option<&Op>, path: &str, answer: &Answer, broken: &mut Vec<String>) {
    if answer.header_or_none("content-type") != Some(PROBLEM_JSON) {
        broken.push(format!("a failure must be {PROBLEM_JSON}"));
        return;
    }
    let body = answer.json();
    let schema = serde_json::json!({"$ref": "#/components/schemas/Problem"});
    broken.extend(schema::faults(&schema, &body, false));
    let code = answer.code();
    match DOCUMENT.problems().get(code.as_str()) {
        None => broken.push(format!("the document declares no problem `{code}`")),
        Some(declared) => {
            for member in ["status", "title"] {
                if body[member] != declared[member] {
                    broken.push(format!("{member} of {code} is {}, declared is {}", body[member], declared[member]));
                }
            }
        }
    }
    let mut want = |what: &str, holds: bool| {
        if !holds {
            broken.push(format!("the problem's {what} is wrong"));
        }
    };
    want("status", body["status"] == answer.status);
    want("type", body["type"].as_str().is_some_and(|text| text.ends_with(&format!("/problems/{code}"))));
    want("instance", body["instance"] == path);
    want("request_id", body["request_id"].as_str() == answer.header_or_none("x-request-id"));
    if let Some(op) = op {
        let documented = op.codes(answer.status);
        want("code (not among its x-codes)", !op.documents(answer.status) || documented.contains(&code.as_str()));
        // What the HTTP layer answers may leave them out: it need not know the operation.
        for member in ["error", "error_description"] {
            let optional = op.has_oauth_errors() && !op.documents(answer.status);
            want(member, optional || op.has_oauth_errors() == body[member].is_string());
        }
    }
}
