//! The document as the tests read it: from its JSON, not from the generated table, which is itself under test.

use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The document that the server is built from.
pub static DOCUMENT: LazyLock<Document> = LazyLock::new(Document::read);

/// Statuses that the HTTP layer may answer to any request, so that operations do not list them.
pub const HTTP_LAYER: [u16; 8] = [400, 405, 408, 414, 417, 421, 431, 501];

/// An OpenAPI document and its operations.
pub struct Document {
    pub root: Value,
    pub operations: Vec<Op>,
}

/// An operation.
pub struct Op {
    pub id: String,
    pub method: String,
    /// Path template below the base path.
    pub path: String,
    node: &'static Value,
}

/// A parameter of an operation.
pub struct Parameter {
    pub name: String,
    /// `path`, `query` or `header`.
    pub place: String,
    pub required: bool,
    pub schema: &'static Value,
}

/// Scheme and scopes of one need; several in one alternative must all be met.
pub type Alternative = Vec<(String, Vec<String>)>;

impl Document {
    fn read() -> Self {
        let root: Value = serde_json::from_str(generated::DOCUMENT_JSON).expect("the document is JSON");
        let node: &'static Value = Box::leak(Box::new(root.clone()));
        let mut operations = Vec::new();
        for (path, item) in node["paths"].as_object().expect("paths") {
            for (method, node) in item.as_object().expect("a path item") {
                assert!(
                    matches!(method.as_str(), "get" | "put" | "post" | "delete" | "patch"),
                    "{method} of {path}: the tests do not know this part of a path item"
                );
                let id = node["operationId"].as_str().expect("an operationId").to_owned();
                operations.push(Op { id, method: method.to_uppercase(), path: path.clone(), node });
            }
        }
        Self { root, operations }
    }

    /// The operation of this name.
    pub fn op(&self, id: &str) -> &Op {
        self.operations.iter().find(|op| op.id == id).unwrap_or_else(|| panic!("the document has no operation {id}"))
    }

    /// What a path below the base path, without its query, leads to: the template, literal segments first.
    pub fn template(&self, path: &str) -> Option<&str> {
        let mut found: Vec<&str> =
            self.operations.iter().map(|op| op.path.as_str()).filter(|template| fits(template, path)).collect();
        found.sort_by_key(|template| template.matches('{').count());
        found.first().copied()
    }

    /// The operation that a request is for; HEAD belongs to GET.
    pub fn find(&self, method: &str, path: &str) -> Option<&Op> {
        let method = if method == "HEAD" { "GET" } else { method };
        let template = self.template(path)?;
        self.operations.iter().find(|op| op.path == template && op.method == method)
    }

    /// Every path template, with the methods it has in the document.
    pub fn resources(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut resources: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for op in &self.operations {
            resources.entry(&op.path).or_default().push(&op.method);
        }
        resources
    }

    /// The problems that may be answered: code and what is declared of it.
    pub fn problems(&self) -> BTreeMap<&str, &Value> {
        self.root["x-problems"].as_object().expect("x-problems").iter().map(|(code, of)| (code.as_str(), of)).collect()
    }

    /// The scopes of a role.
    pub fn role_scopes(&self, role: &str) -> Vec<&str> {
        let scopes = &self.root["components"]["securitySchemes"]["oauth2"]["x-role-scopes"][role];
        scopes.as_array().unwrap_or_else(|| panic!("no role {role}")).iter().filter_map(Value::as_str).collect()
    }

    /// Every scope there is.
    pub fn scopes(&self) -> Vec<&str> {
        let flows = &self.root["components"]["securitySchemes"]["oauth2"]["flows"];
        flows["password"]["scopes"].as_object().expect("scopes").keys().map(String::as_str).collect()
    }

    /// A rate limit policy's quota for an audience.
    pub fn quota(&self, policy: &str, audience: &str) -> u64 {
        self.root["x-rate-limit-policies"][policy][audience].as_u64().expect("a quota")
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(want, have)| want == have || (want.starts_with('{') && !have.is_empty()))
}

/// Follows `$ref`, if it is one.
pub fn resolve(node: &Value) -> &Value {
    let Some(reference) = node["$ref"].as_str() else { return node };
    let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads out of the document"));
    // The static copy lives as long as any node, so the lifetimes meet.
    resolve(DOCUMENT.root.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere")))
}

impl Op {
    /// The part of the document that it belongs to.
    pub fn tag(&self) -> &'static str {
        self.node["tags"][0].as_str().expect("a tag")
    }

    /// `GET /users/me (getCurrentUser)`, for messages.
    pub fn name(&self) -> String {
        format!("{} {} ({})", self.method, self.path, self.id)
    }

    pub fn node(&self) -> &'static Value {
        self.node
    }

    pub fn parameters(&self) -> Vec<Parameter> {
        let listed = self.node["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let parameter = |node: &'static Value| {
            let node = resolve(node);
            Parameter {
                name: node["name"].as_str().expect("a name").to_owned(),
                place: node["in"].as_str().expect("a place").to_owned(),
                required: node["required"] == true,
                schema: resolve(&node["schema"]),
            }
        };
        listed.iter().map(parameter).collect()
    }

    pub fn parameters_in(&self, place: &str) -> Vec<Parameter> {
        self.parameters().into_iter().filter(|parameter| parameter.place == place).collect()
    }

    /// Media type and schema of each body that the operation takes.
    pub fn bodies(&self) -> Vec<(&'static str, &'static Value)> {
        let content = resolve(&self.node["requestBody"])["content"].as_object();
        content.into_iter().flatten().map(|(media, node)| (media.as_str(), resolve(&node["schema"]))).collect()
    }

    /// The first example of a body, where the document has one.
    pub fn body_example(&self) -> Option<Value> {
        let content = resolve(&self.node["requestBody"])["content"].as_object()?;
        let example = content.values().next()?["examples"].as_object()?.values().next()?;
        Some(resolve(example)["value"].clone())
    }

    pub fn takes_body(&self) -> bool {
        !self.bodies().is_empty()
    }

    pub fn takes_form(&self) -> bool {
        self.bodies().iter().any(|(media, _)| *media == "application/x-www-form-urlencoded")
    }

    /// Largest body in bytes.
    pub fn body_limit(&self) -> usize {
        let own = self.node["x-body-limit"].as_u64();
        let limit = own.or_else(|| DOCUMENT.root["x-body-limit"].as_u64()).expect("x-body-limit");
        usize::try_from(limit).expect("a size")
    }

    pub fn statuses(&self) -> Vec<u16> {
        self.node["responses"].as_object().expect("responses").keys().map(|s| s.parse().expect("a status")).collect()
    }

    pub fn documents(&self, status: u16) -> bool {
        self.statuses().contains(&status)
    }

    pub fn response(&self, status: u16) -> Option<&'static Value> {
        self.node["responses"].get(status.to_string()).map(resolve)
    }

    /// The status of success.
    pub fn success(&self) -> u16 {
        self.statuses().into_iter().find(|status| (200..300).contains(status)).expect("a success")
    }

    /// Whether answers of success have a body.
    pub fn answers_with_body(&self) -> bool {
        self.response(self.success()).is_some_and(|response| response["content"].is_object())
    }

    /// Problem codes that a response may carry.
    pub fn codes(&self, status: u16) -> Vec<&'static str> {
        let codes = self.response(status).and_then(|response| response["x-codes"].as_array());
        codes.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    pub fn security(&self) -> Vec<Alternative> {
        let alternatives = self.node["security"].as_array().expect("each operation has its own security");
        let alternative = |node: &Value| {
            let needs = node.as_object().expect("an alternative").iter();
            let scopes = |node: &Value| node.as_array().into_iter().flatten().filter_map(text).collect();
            needs.map(|(scheme, node)| (scheme.clone(), scopes(node))).collect()
        };
        alternatives.iter().map(alternative).collect()
    }

    /// Credentials are not looked at.
    pub fn is_public(&self) -> bool {
        self.security().is_empty()
    }

    /// Nobody has to be signed in.
    pub fn admits_anonymous(&self) -> bool {
        self.is_public() || self.security().iter().any(Vec::is_empty)
    }

    /// Whether a scheme is among the alternatives.
    pub fn knows(&self, scheme: &str) -> bool {
        self.security().iter().flatten().any(|(name, _)| name == scheme)
    }

    /// The sets of scopes, each of which is enough.
    pub fn scope_sets(&self) -> Vec<Vec<String>> {
        self.security().into_iter().flatten().filter(|(name, _)| name == "oauth2").map(|(_, scopes)| scopes).collect()
    }

    /// The lowest role whose scopes are enough.
    pub fn least_role(&self) -> &'static str {
        let sets = self.scope_sets();
        let enough = |role: &str| {
            let held = DOCUMENT.role_scopes(role);
            sets.is_empty() || sets.iter().any(|set| set.iter().all(|scope| held.contains(&scope.as_str())))
        };
        ["user", "moderator", "admin"].into_iter().find(|role| enough(role)).expect("a role that may call it")
    }

    /// `x-owner`.
    pub fn owner(&self) -> Option<&'static Value> {
        self.node.get("x-owner")
    }

    pub fn limits(&self) -> Vec<&'static str> {
        match self.node["x-rate-limit"].as_array() {
            Some(policies) => policies.iter().filter_map(Value::as_str).collect(),
            None => vec!["default"],
        }
    }

    /// `x-idempotent`.
    pub fn is_idempotent(&self) -> bool {
        self.node["x-idempotent"] == true
    }

    pub fn has_oauth_errors(&self) -> bool {
        self.node["x-oauth-errors"] == true
    }

    /// The status of input that is well-formed and wrong.
    pub fn invalid_status(&self) -> u16 {
        if self.has_oauth_errors() { 400 } else { 422 }
    }
}

fn text(node: &Value) -> Option<String> {
    node.as_str().map(str::to_owned)
}
