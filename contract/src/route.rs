//! From method and path to an operation.

use crate::operation::Operation;
use crate::problem::{Problem, kinds};
use crate::{HeaderValue, Reply};
use crate::{Method, StatusCode, header};
use std::collections::BTreeMap;

/// The methods that an operation may have; HEAD is answered by GET.
const METHODS: [Method; 5] = [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::PATCH];

/// Parameters that a path may have: more would be no address that people can read.
const MOST_PARAMETERS: usize = 4;

/// One path of the document.
#[derive(Debug)]
struct Resource {
    names: Vec<&'static str>,
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
#[derive(Debug, Clone, Copy, Default)]
pub struct PathParams<'p>([(&'static str, &'p str); MOST_PARAMETERS]);

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
    /// When two operations claim one method and path, or a path has too many parameters, which the lint of the document
    /// rules out.
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
            let resource = Resource { names: parameters(path), operations, allow: allow(&operations) };
            assert!(resource.names.len() <= MOST_PARAMETERS, "{path} has more than {MOST_PARAMETERS} parameters");
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
            return Routed::Operation(operation, bind(&resource.names, &found.params));
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

/// The names between braces of a path's template.
fn parameters(template: &'static str) -> Vec<&'static str> {
    template.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')).collect()
}

/// Gives the matched values the lifetime of the path, with the template's own names.
fn bind<'p>(names: &[&'static str], matched: &matchit::Params<'_, 'p>) -> PathParams<'p> {
    let mut bound = PathParams::default();
    for (place, (name, (_, value))) in bound.0.iter_mut().zip(names.iter().zip(matched.iter())) {
        *place = (name, value);
    }
    bound
}
