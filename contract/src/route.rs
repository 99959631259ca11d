//! From method and path to an operation.

use crate::operation::Operation;
use crate::problem::{Problem, kinds};
use crate::{HeaderValue, Reply};
use crate::{Method, StatusCode, header};
use std::collections::BTreeMap;

/// The methods that an operation may have; HEAD is answered by GET.
const METHODS: [Method; 5] = [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::PATCH];

/// One path of the document.
#[derive(Debug)]
struct Resource {
    operations: [Option<&'static Operation>; METHODS.len()],
    allow: HeaderValue,
}

/// The paths of a document below its base path.
#[derive(Debug)]
pub struct Router {
    base: &'static str,
    paths: matchit::Router<Resource>,
}

/// The still percent-encoded values of a path's parameters.
#[derive(Debug, Default)]
pub struct PathParams<'p>(Vec<(&'static str, &'p str)>);

impl<'p> PathParams<'p> {
    /// The raw value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'p str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

/// What a method and a path mean.
#[derive(Debug)]
pub enum Routed<'p> {
    /// An operation is to be called; for HEAD the one of GET.
    Operation(&'static Operation, PathParams<'p>),
    /// `OPTIONS`: the answer is known.
    Options(Reply),
    /// No operation takes this.
    Refused(Problem),
}

impl Router {
    /// A router for the generated table.
    ///
    /// # Panics
    /// When two operations claim one method and path, which the lint of the document rules out.
    #[must_use]
    pub fn new(base: &'static str, operations: &'static [Operation]) -> Self {
        let mut resources: BTreeMap<&'static str, [Option<&'static Operation>; METHODS.len()]> = BTreeMap::new();
        for operation in operations {
            let position = METHODS.iter().position(|method| method.as_str() == operation.method);
            let position = position.unwrap_or_else(|| panic!("{} has no known method", operation.id));
            resources.entry(operation.path).or_default()[position] = Some(operation);
        }
        let mut paths = matchit::Router::new();
        for (path, operations) in resources {
            let resource = Resource { operations, allow: allow(&operations) };
            if let Err(error) = paths.insert(path, resource) {
                panic!("{path} cannot be routed: {error}");
            }
        }
        Self { base, paths }
    }

    /// Finds the operation of a request.
    #[must_use]
    pub fn route<'p>(&self, method: &Method, path: &'p str) -> Routed<'p> {
        if !is_known(method) {
            let detail = format!("No resource here knows the method {method:.20}.");
            return Routed::Refused(Problem::new(kinds::NOT_IMPLEMENTED, detail));
        }
        let found = path.strip_prefix(self.base).and_then(|rest| self.paths.at(rest).ok());
        let Some(found) = found else {
            let detail = "There is nothing at this address. The document at /openapi.yaml lists what there is.";
            return Routed::Refused(Problem::new(kinds::NOT_FOUND, detail));
        };
        let resource = found.value;
        let wanted = if *method == Method::HEAD { &Method::GET } else { method };
        let position = METHODS.iter().position(|known| known == wanted);
        if let Some(operation) = position.and_then(|position| resource.operations[position]) {
            return Routed::Operation(operation, bind(operation.path, &found.params));
        }
        if *method == Method::OPTIONS {
            let mut reply = Reply::empty(StatusCode::NO_CONTENT);
            reply.headers.insert(header::ALLOW, resource.allow.clone());
            return Routed::Options(reply);
        }
        let allow = resource.allow.to_str().unwrap_or_default();
        let problem = Problem::new(kinds::METHOD_NOT_ALLOWED, format!("This resource takes {allow}."));
        Routed::Refused(problem.with_header(header::ALLOW, allow))
    }
}

fn is_known(method: &Method) -> bool {
    METHODS.contains(method) || matches!(*method, Method::HEAD | Method::OPTIONS | Method::TRACE | Method::CONNECT)
}

fn allow(operations: &[Option<&'static Operation>; METHODS.len()]) -> HeaderValue {
    let mut names: Vec<&str> = operations.iter().flatten().map(|operation| operation.method).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    names.sort_unstable();
    HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static("OPTIONS"))
}

/// Gives the matched values the lifetime of the path, with the template's own names.
fn bind<'p>(template: &'static str, matched: &matchit::Params<'_, 'p>) -> PathParams<'p> {
    let names = template.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    PathParams(names.zip(matched.iter()).map(|(name, (_, value))| (name, value)).collect())
}
