//! One request's way to its operation and back: route, caller, limit, permission, kept answer, body, decode, call, answer.
//!
//! Everything that the document says about an operation is enforced here, in this order, for all operations alike.
//! What an operation does is none of this room's business: that is asked of [`crate::api`].

use super::answers::{Answers, Kept, Place};
use super::body::Inbound;
use super::coding;
use super::exchange::Answer;
use super::message::write_line;
use super::pages::Pages;
use super::quota::{Limits, Quota};
use super::repeats;
use super::retired;
use super::shortcuts::Again;
use super::trace::Visit;
use crate::api::limits::Member;
use crate::api::{Context, Handlers};
use crate::infra::compression::Effort;
use crate::service::{Caller, Error, Rejection, Shop};
use crate::telemetry::TRACES;
use bytes::Bytes;
use contract::problem::kinds;
use contract::security::{Credential, Identity, Principal};
use contract::{Ground, Input, Operation, PathParams, Problem, Reply, Routed, Router, body, conditional, media};
use generated::call::Call;
use generated::{BASE_PATH, OPERATIONS};
use http::StatusCode;
use http::header::{CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use http::request::Parts;
use std::net::IpAddr;
use std::sync::{Arc, Weak};
use tracing::field::Empty;
use tracing::{Instrument, Span};
use uuid::Uuid;

/// Answers every request: operations of the document, and the pages beside them.
pub struct Front {
    router: Router,
    pages: Arc<Pages>,
    limits: Limits,
    answers: Option<Arc<Answers>>,
    handlers: Handlers,
}

/// A request on its way: what was found out so far.
struct Trip<'r> {
    operation: &'static Operation,
    path: PathParams<'r>,
    parts: &'r Parts,
    visit: &'r Visit,
    caller: Option<Arc<Caller>>,
    /// Whether it says who calls in one way at most, and is counted once at most.
    plain: bool,
}

impl Answer for Front {
    async fn answer(&self, parts: &Parts, body: Inbound, visit: &Visit) -> Result<Reply, Problem> {
        let path = parts.uri.path();
        if !path.starts_with(BASE_PATH) {
            return Box::pin(self.pages.answer(parts, visit)).await;
        }
        match self.router.route(&parts.method, path) {
            Routed::Operation(operation, path) => self.operate(operation, path, parts, body, visit).await,
            Routed::Options(reply) => Ok(reply),
            Routed::Refused(problem) => Err(problem),
        }
    }

    /// Where limits are shared, counting takes a way to another server: nothing is short then.
    fn gives_again(&self) -> bool {
        self.answers.is_some() && !self.limits.are_shared()
    }

    fn word(&self, problem: Problem, visit: &Visit) -> Problem {
        let operation = OPERATIONS.iter().find(|operation| operation.id == visit.operation());
        match operation {
            Some(operation) => worded(operation, problem),
            None => problem,
        }
    }
}

impl Front {
    /// Puts the ways of all operations together. Without `answers` nothing is kept.
    #[must_use]
    pub fn new(pages: Arc<Pages>, limits: Limits, answers: Option<Arc<Answers>>, handlers: Handlers) -> Self {
        let router = Router::new(BASE_PATH, OPERATIONS);
        Self { router, pages, limits, answers, handlers }
    }

    async fn operate(
        &self,
        operation: &'static Operation,
        path: PathParams<'_>,
        parts: &Parts,
        body: Inbound,
        visit: &Visit,
    ) -> Result<Reply, Problem> {
        visit.note_operation(operation.id);
        if operation.deprecated {
            visit.note_deprecated();
        }
        let mut quota = Quota::default();
        let trip = Trip { operation, path, parts, visit, caller: None, plain: false };
        match self.run(trip, body, &mut quota).await {
            Ok(mut reply) => {
                quota.tell(&self.limits, &mut reply.headers);
                Ok(reply)
            }
            Err(problem) => {
                let told = quota.headers(&self.limits).chain(retired::headers(operation));
                let control = (CACHE_CONTROL, HeaderValue::from_static("no-store"));
                Err(close(operation, problem, visit).with_headers(told.chain([control])))
            }
        }
    }

    async fn run(&self, mut trip: Trip<'_>, body: Inbound, quota: &mut Quota) -> Result<Reply, Problem> {
        let Trip { operation, visit, .. } = trip;
        let headers = &trip.parts.headers;
        let identity =
            Identity::establish(operation, headers, |credential| verify(&self.handlers.shop, credential)).await;
        let caller = identity.as_ref().ok().and_then(Identity::caller);
        if let Some(caller) = caller {
            visit.note_caller(caller.id(), caller.api_key_id());
        }
        if self.limits.are_shared() {
            // On the heap, it does not lengthen the way of those who count alone.
            Box::pin(quota.admit_together(&self.limits, operation, caller, visit.ip)).await?;
        } else {
            quota.admit(&self.limits, operation, caller, visit.ip)?;
        }
        let identity = identity?;
        trip.plain = identity.is_plain() && operation.limits_of_callers().count() <= 1;
        trip.caller = identity.authorize(operation)?;
        if let Some(owner) = operation.owner {
            owner.check_path(&trip.path, trip.caller.as_ref())?;
        }
        media::check_accept(operation, headers)?;
        if operation.is_safe() { self.read(&trip, quota).await } else { Box::pin(self.write(&trip, body, quota)).await }
    }

    /// Answers a read: from what is kept if the document allows, and not at all if the caller has the answer already.
    async fn read(&self, trip: &Trip<'_>, quota: &Quota) -> Result<Reply, Problem> {
        let headers = &trip.parts.headers;
        let place = self.answers.as_ref().and_then(|answers| Some((answers, trip.place()?)));
        let kept = place.as_ref().and_then(|(answers, place)| look_up(answers, place));
        let mut reply = match (kept, place) {
            (Some((kept, reply)), Some((answers, _))) => {
                if trip.plain {
                    trip.visit.tell_how(|| Arc::new(self.repeat(trip, answers, &kept, reply.status)));
                }
                reply
            }
            // On the heap, what handlers need does not lengthen the way of kept answers.
            (None, Some((answers, place))) => {
                let make = async || {
                    let mut reply = self.make(trip, None).await?;
                    // Kept as well, as places for what later requests are told.
                    quota.tell(&self.limits, &mut reply.headers);
                    Ok(reply)
                };
                Box::pin(answers.make(&place, make)).await?
            }
            (_, None) => {
                let reply = Box::pin(self.make(trip, headers.get(IF_NONE_MATCH))).await?;
                match coding::wanted(headers).filter(|_| trip.operation.may_be_coded()) {
                    Some(coding) => coding::encode(reply, coding, Effort::EachTime),
                    None => reply,
                }
            }
        };
        conditional::revalidate(&mut reply, headers);
        Ok(reply)
    }

    /// How this kept answer can be given to the same request again.
    fn repeat(&self, trip: &Trip<'_>, answers: &Arc<Answers>, kept: &Arc<Kept>, status: StatusCode) -> Repeat {
        Repeat {
            operation: trip.operation,
            caller: trip.caller.clone(),
            kept: Arc::downgrade(kept),
            status,
            answers: Arc::clone(answers),
            limits: self.limits.clone(),
            shop: self.handlers.shop.clone(),
        }
    }

    /// Answers a change.
    async fn write(&self, trip: &Trip<'_>, body: Inbound, quota: &mut Quota) -> Result<Reply, Problem> {
        let body = body::read(trip.operation, &trip.parts.headers, body).await?;
        let call = trip.decode(body, self.handlers.ground())?;
        self.admit_names(trip, &call, quota).await?;
        let work = repeats::answer(&self.handlers, call, trip.context());
        let mut outcome = work.instrument(use_case(trip.operation)).await;
        match &mut outcome {
            Ok(reply) => promise(reply, trip.operation),
            Err(_) => self.handlers.shop.store().settle().await.map_err(Error::from)?,
        }
        outcome
    }

    /// Counts the call against the limits on names. An account has several, and whoever tries its password may write each
    /// in several ways: what counts is whose name it is. That takes a look into the store, which the other limits bound.
    async fn admit_names(&self, trip: &Trip<'_>, call: &Call, quota: &mut Quota) -> Result<(), Problem> {
        if self.limits.is_off() {
            return Ok(());
        }
        for limit in trip.operation.limits.iter().filter(|limit| limit.partitioned) {
            if let Some(name) = call.partition(limit.policy) {
                let account = self.handlers.shop.account_named(name).await?;
                let member = Member { name, account };
                quota.admit_partition(&self.limits, limit, member, trip.caller.as_ref(), trip.visit.ip).await?;
            }
        }
        Ok(())
    }

    async fn make(&self, trip: &Trip<'_>, known: Option<&HeaderValue>) -> Result<Reply, Problem> {
        let call = trip.decode(Bytes::new(), self.handlers.ground())?;
        let context = trip.context();
        let work = call.answer(&self.handlers, &context, known);
        let mut reply = work.instrument(use_case(trip.operation)).await?;
        tag(&mut reply, trip.operation);
        promise(&mut reply, trip.operation);
        Ok(reply)
    }
}

/// The part of a trace that is the operation's own; a handler calls one use case.
fn use_case(operation: &'static Operation) -> Span {
    tracing::info_span!(target: TRACES, "use case", otel.name = operation.id)
}

fn look_up(answers: &Answers, place: &Place<'_>) -> Option<(Arc<Kept>, Reply)> {
    let span = tracing::info_span!(target: TRACES, "cache", hit = Empty).entered();
    let kept = answers.get(place);
    span.record("hit", kept.is_some());
    kept
}

/// A kept answer to one request, and all that has to be asked before it may be given to the like of it.
struct Repeat {
    operation: &'static Operation,
    caller: Option<Arc<Caller>>,
    /// Nothing lives longer by being remembered here.
    kept: Weak<Kept>,
    status: StatusCode,
    answers: Arc<Answers>,
    limits: Limits,
    shop: Shop,
}

impl Again for Repeat {
    fn again(&self, ip: IpAddr, lines: &mut Vec<u8>) -> Option<Bytes> {
        let (kept, caller) = (self.kept.upgrade()?, self.caller.as_deref());
        if caller.is_some_and(|caller| !self.shop.still_calls(caller)) {
            return None;
        }
        let age = self.answers.age(&kept)?;
        let mut quota = Quota::default();
        if !quota.admits(&self.limits, self.operation, caller, ip) {
            return None;
        }
        self.answers.count_hit(self.operation);
        quota.write_line(lines);
        if self.operation.cache.is_some_and(|cache| cache.public) {
            write_line(lines, "age", itoa::Buffer::new().format(age.as_secs()).as_bytes());
        }
        Some(if self.status == StatusCode::OK { kept.body().clone() } else { Bytes::new() })
    }

    fn is_alive(&self) -> bool {
        let holds = self.kept.upgrade().is_some_and(|kept| self.answers.age(&kept).is_some());
        holds && self.caller.as_ref().is_none_or(|caller| self.shop.could_call(caller))
    }
}

impl Trip<'_> {
    fn decode(&self, body: Bytes, ground: Ground) -> Result<Call, Problem> {
        let Self { operation, path, parts, .. } = self;
        let query = parts.uri.query().unwrap_or("");
        Call::decode(&Input { operation, path, query, headers: &parts.headers, body, ground })
    }

    fn context(&self) -> Context<'_> {
        Context {
            operation: self.operation,
            caller: self.caller.clone(),
            ip: self.visit.ip,
            base: self.visit.base(),
            uri: &self.parts.uri,
            headers: &self.parts.headers,
            request_id: self.visit.request_id.as_str(),
            account: self.visit.account(),
            repeat: None,
        }
    }

    fn place(&self) -> Option<Place<'_>> {
        let target = (self.parts.uri.path(), self.parts.uri.query().unwrap_or(""));
        let caller = self.caller.as_deref();
        Answers::place(self.operation, &self.path, target, caller, self.visit, &self.parts.headers)
    }
}

impl Principal for Caller {
    fn subject(&self) -> Uuid {
        self.id()
    }
    fn holds(&self, scope: &str) -> bool {
        self.has_scope(scope)
    }
}

/// Asks who presents a credential; nobody, if it is not valid.
async fn verify(shop: &Shop, credential: Credential<'_>) -> Result<Option<Arc<Caller>>, Problem> {
    let is_client = matches!(credential, Credential::Basic { .. });
    let caller = match credential {
        Credential::Bearer(token) => shop.caller_by_token(token).await,
        Credential::Key(key) => shop.caller_by_api_key(key).await,
        Credential::Basic { user, password } => shop.client(&user, &password).await,
    };
    match caller {
        Ok(caller) => Ok(Some(caller)),
        Err(Rejection::Invalid | Rejection::Expired) => Ok(None),
        // To OAuth a client that may not act is none (RFC 6749, section 5.2).
        Err(Rejection::Suspended) if is_client => Ok(None),
        Err(Rejection::Suspended) => Err(Error::Suspended.into()),
        Err(Rejection::Failed(error)) => Err(error.into()),
    }
}

/// Gives a read without a version of its own a tag made of its bytes.
fn tag(reply: &mut Reply, operation: &Operation) {
    if reply.status == StatusCode::OK && operation.documents(304) && !reply.headers.contains_key(ETAG) {
        let digest = crate::infra::digest::sha256(&reply.body);
        let (half, _) = digest.split_at(16);
        let number = half.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{number:032x}\"")) {
            reply.headers.insert(ETAG, tag);
        }
    }
}

/// Adds what the document promises of every answer of the operation.
fn promise(reply: &mut Reply, operation: &Operation) {
    let control = operation.cache.map_or("no-store", |cache| cache.control);
    reply.headers.insert(CACHE_CONTROL, HeaderValue::from_static(control));
    if let Some(cache) = operation.cache.filter(|cache| !cache.vary.is_empty()) {
        reply.headers.insert(VARY, HeaderValue::from_static(cache.vary));
    }
    for (name, value) in retired::headers(operation) {
        reply.headers.insert(name, value);
    }
}

/// Holds a problem against the document: what it does not list must not leave the house.
fn close(operation: &'static Operation, problem: Problem, visit: &Visit) -> Problem {
    let problem = worded(operation, problem);
    let kind = problem.kind();
    let request_id = visit.request_id.as_str();
    if kind.status >= 500 {
        let (error_type, error) = match problem.cause() {
            Some(cause) => (&*cause.kind, &*cause.chain),
            None => (kind.code, problem.detail()),
        };
        let (operation, code) = (operation.id, kind.code);
        tracing::error!(event = "request_failed", request_id, operation, code, error_type, error);
    }
    if kind == kinds::INTERNAL_ERROR {
        return internal(operation);
    }
    if operation.documents(kind.status) && operation.codes.contains(&kind.code) {
        return problem;
    }
    tracing::error!(event = "undocumented_problem", request_id, operation = operation.id, code = kind.code);
    internal(operation)
}

/// What broke is for the log; the caller learns the request id.
fn internal(operation: &Operation) -> Problem {
    let detail = "Something broke here, not at your side. The request id helps to find it.";
    worded(operation, Problem::new(kinds::INTERNAL_ERROR, detail))
}

/// The problem as this operation tells it.
fn worded(operation: &Operation, problem: Problem) -> Problem {
    if operation.oauth_errors { problem.as_oauth() } else { problem }
}
