//! Who is calling, and whether the document lets them.
//!
//! The alternatives of an operation stay as the document wrote them: any one of them suffices, all needs within
//! one must be met, and one without needs is anonymous access.

use crate::operation::{Operation, Owner};
use crate::problem::{Problem, kinds};
use crate::route::PathParams;
use crate::{HeaderMap, header};
use base64::Engine as _;
use std::future::Future;
use uuid::Uuid;

/// How a security scheme is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemeKind {
    /// `Authorization: Bearer` (RFC 6750).
    Bearer,
    /// `Authorization: Basic` (RFC 7617).
    Basic,
    /// A key in the header of this name, in lower case.
    HeaderKey(&'static str),
}

/// A security scheme of the document.
#[derive(Debug)]
pub struct Scheme {
    pub name: &'static str,
    pub kind: SchemeKind,
}

/// A scheme with the scopes that the caller must hold.
#[derive(Debug)]
pub struct Need {
    pub scheme: &'static Scheme,
    pub scopes: &'static [&'static str],
}

/// Needs that must all be met.
pub type Alternative = &'static [Need];

/// What a request presented.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential<'r> {
    Bearer(&'r str),
    Basic { user: String, password: String },
    Key(&'r str),
}

/// A verified caller.
pub trait Principal {
    /// The account's id, which ownership is compared with.
    fn subject(&self) -> Uuid;
    /// Whether the caller may act under this scope now.
    fn holds(&self, scope: &str) -> bool;
}

impl<P: Principal> Principal for std::sync::Arc<P> {
    fn subject(&self) -> Uuid {
        (**self).subject()
    }
    fn holds(&self, scope: &str) -> bool {
        (**self).holds(scope)
    }
}

/// The verified credentials of a request, one per way of presenting them.
#[derive(Debug)]
pub struct Identity<P> {
    verified: Vec<(SchemeKind, P)>,
    /// How something was presented that is not valid.
    refused: Option<SchemeKind>,
}

impl<P: Principal> Identity<P> {
    /// Nobody.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { verified: Vec::new(), refused: None }
    }

    /// Verifies whatever the operation's schemes find in the request. Public operations look at nothing.
    ///
    /// # Errors
    /// What `verify` answers when it cannot tell; a credential that is not valid is `Ok(None)` there.
    pub async fn establish<'r, F, Fut>(
        operation: &Operation,
        headers: &'r HeaderMap,
        mut verify: F,
    ) -> Result<Self, Problem>
    where
        F: FnMut(Credential<'r>) -> Fut,
        Fut: Future<Output = Result<Option<P>, Problem>>,
    {
        let mut identity = Self::anonymous();
        if operation.public {
            return Ok(identity);
        }
        for kind in kinds_of(operation) {
            let Some(credential) = presented(kind, headers) else { continue };
            match verify(credential).await? {
                Some(principal) => identity.verified.push((kind, principal)),
                None => drop(identity.refused.get_or_insert(kind)),
            }
        }
        Ok(identity)
    }

    /// Whether one credential was presented at most: the caller is the same then, whatever is asked of it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.verified.len() + usize::from(self.refused.is_some()) <= 1
    }

    /// The caller, before any permission is judged: whose limits count.
    #[must_use]
    pub fn caller(&self) -> Option<&P> {
        self.verified.first().map(|(_, principal)| principal)
    }

    /// Judges the alternatives.
    ///
    /// # Errors
    /// 401 with a challenge when no valid credential was presented, 403 `insufficient_scope` when one was
    /// but does not reach (RFC 6750, section 3.1).
    pub fn authorize(self, operation: &Operation) -> Result<Option<P>, Problem> {
        if operation.public {
            return Ok(None);
        }
        let mut missing: Option<Vec<&'static str>> = None;
        for alternative in operation.security {
            match self.judge(alternative) {
                Judgement::Met(position) => return Ok(self.verified.into_iter().nth(position).map(|(_, p)| p)),
                Judgement::Lacking(scopes) => drop(missing.get_or_insert(scopes)),
                Judgement::Anonymous if self.refused.is_none() && self.verified.is_empty() => return Ok(None),
                Judgement::Anonymous | Judgement::NotPresented => {}
            }
        }
        Err(refusal(operation, missing, self.refused))
    }

    fn judge(&self, alternative: Alternative) -> Judgement {
        if alternative.is_empty() {
            return Judgement::Anonymous;
        }
        let mut first = None;
        for need in alternative {
            let found = self.verified.iter().position(|(kind, _)| *kind == need.scheme.kind);
            let Some(position) = found else { return Judgement::NotPresented };
            let principal = &self.verified[position].1;
            let lacking: Vec<_> = need.scopes.iter().copied().filter(|scope| !principal.holds(scope)).collect();
            if !lacking.is_empty() {
                return Judgement::Lacking(lacking);
            }
            first.get_or_insert(position);
        }
        first.map_or(Judgement::NotPresented, Judgement::Met)
    }
}

enum Judgement {
    Met(usize),
    Lacking(Vec<&'static str>),
    Anonymous,
    NotPresented,
}

/// The ways of presenting a credential that the operation takes, each once.
fn kinds_of(operation: &Operation) -> impl Iterator<Item = SchemeKind> {
    let all = || operation.security.iter().flat_map(|alternative| alternative.iter()).map(|need| need.scheme.kind);
    all()
        .enumerate()
        .filter(move |(position, kind)| !all().take(*position).any(|earlier| earlier == *kind))
        .map(|(_, kind)| kind)
}

fn presented(kind: SchemeKind, headers: &HeaderMap) -> Option<Credential<'_>> {
    match kind {
        SchemeKind::HeaderKey(name) => headers.get(name).and_then(|value| value.to_str().ok()).map(Credential::Key),
        SchemeKind::Bearer => authorization(headers, "bearer").map(Credential::Bearer),
        SchemeKind::Basic => basic(authorization(headers, "basic")?),
    }
}

fn authorization<'r>(headers: &'r HeaderMap, scheme: &str) -> Option<&'r str> {
    // Asked as text, not as visible ASCII: tokens are long, and what they may hold is judged by whoever reads them.
    let value = std::str::from_utf8(headers.get(header::AUTHORIZATION)?.as_bytes()).ok()?;
    let (sent, rest) = value.split_once(' ').unwrap_or((value, ""));
    sent.eq_ignore_ascii_case(scheme).then_some(rest.trim())
}

/// RFC 7617, and RFC 6749, section 2.3.1: both parts are form-encoded. Empty ones (`Basic Og==`) are no client.
fn basic(encoded: &str) -> Option<Credential<'static>> {
    let raw = base64::engine::general_purpose::STANDARD.decode(encoded).ok()?;
    let text = String::from_utf8(raw).ok()?;
    let (user, password) = text.split_once(':')?;
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().ok().map(String::from);
    (!user.is_empty()).then_some(Credential::Basic { user: decode(user)?, password: decode(password)? })
}

fn refusal(operation: &Operation, missing: Option<Vec<&'static str>>, refused: Option<SchemeKind>) -> Problem {
    let (mut problem, parameters) = match missing {
        Some(scopes) => {
            let scopes = scopes.join(" ");
            let detail = format!("This needs the scope {scopes}, which your credentials do not carry.");
            let parameters = format!(", error=\"insufficient_scope\", scope=\"{scopes}\"");
            (Problem::new(kinds::INSUFFICIENT_SCOPE, detail).with_member("required_scope", scopes), parameters)
        }
        // Clients of OAuth have a code of their own (RFC 6749, section 5.2).
        None if refused == Some(SchemeKind::Basic) => {
            let detail = "Client id or secret are wrong. Use the id of an API key and its secret.";
            (Problem::new(kinds::INVALID_CLIENT, detail), String::new())
        }
        None if refused.is_some() => {
            let detail = "The credentials are not valid, or not any more. Sign in again.";
            (Problem::new(kinds::INVALID_TOKEN, detail), ", error=\"invalid_token\"".to_owned())
        }
        None => {
            let detail = "Sign in and send the access token as Authorization: Bearer.";
            (Problem::new(kinds::UNAUTHENTICATED, detail), String::new())
        }
    };
    for kind in kinds_of(operation) {
        problem = match kind {
            SchemeKind::Bearer => {
                problem.with_header(header::WWW_AUTHENTICATE, &format!("Bearer realm=\"api\"{parameters}"))
            }
            SchemeKind::Basic => {
                problem.with_header(header::WWW_AUTHENTICATE, "Basic realm=\"api\", charset=\"UTF-8\"")
            }
            SchemeKind::HeaderKey(_) => problem,
        };
    }
    problem
}

impl Owner {
    /// Whether the caller is held to their own resources.
    #[must_use]
    pub fn binds<P: Principal>(&self, caller: Option<&P>) -> bool {
        !caller.is_some_and(|caller| self.lifted_by().iter().any(|scope| caller.holds(scope)))
    }

    /// Refuses a path that belongs to somebody else.
    ///
    /// # Errors
    /// 404: whose it is, or whether it is, is nobody else's business.
    pub fn check_path<P: Principal>(&self, path: &PathParams<'_>, caller: Option<&P>) -> Result<(), Problem> {
        let Self::Parameter { name, .. } = self else { return Ok(()) };
        if !self.binds(caller) {
            return Ok(());
        }
        // Escaped or not, it is the same path (RFC 3986, section 6.2.2.2).
        let text = path.get(name).and_then(|raw| percent_encoding::percent_decode_str(raw).decode_utf8().ok());
        let owner = text.and_then(|text| Uuid::try_parse(&text).ok());
        if owner.is_some() && owner == caller.map(Principal::subject) {
            return Ok(());
        }
        Err(Problem::new(kinds::NOT_FOUND, "There is nothing at this address, or it is not yours."))
    }
}
