//! Requests that their callers may send again (`x-idempotent`): the first one's answer is given again.

use super::again;
use crate::api::{Context, Handlers, kept};
use crate::service::{Error, Repeatable, Turn};
use contract::problem::kinds;
use contract::{HeaderName, HeaderValue, Problem, Reply};
use generated::call::Call;

/// Says of an answer that it was given before.
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Answers a call, or gives the answer again that it got before.
pub(super) async fn answer(handlers: &Handlers, call: Call, context: Context<'_>) -> Result<Reply, Problem> {
    let Some(key) = call.idempotency_key() else { return again::answer(handlers, call, &context).await };
    let content = call.fingerprint_source().ok_or_else(|| {
        let detail = format!("{} takes keys and cannot tell its requests apart", context.operation.id);
        Problem::new(kinds::INTERNAL_ERROR, detail)
    })?;
    let request = Repeatable {
        operation: context.operation.id,
        account: context.caller.as_ref().map(|caller| caller.id()),
        ip: context.ip,
        key: key.as_str(),
        content: &content,
    };
    let ticket = match handlers.shop.take_turn(&request).await? {
        Turn::Again(answer) => return again(&answer),
        Turn::First(ticket) => ticket,
    };
    let context = Context { repeat: Some(&ticket), ..context };
    let failure = match again::answer(handlers, call, &context).await {
        Ok(reply) => return Ok(reply),
        Err(problem) => problem,
    };
    // It may have failed because it was done already: by another instance, or by a request whose caller did not wait and
    // whose commit is still underway.
    handlers.shop.store().settle().await.map_err(Error::from)?;
    match handlers.shop.answered_before(&ticket).await {
        Ok(Some(answer)) => again(&answer),
        Err(reused @ Error::KeyReused) => Err(reused.into()),
        Ok(None) | Err(_) => Err(failure),
    }
}

fn again(answer: &[u8]) -> Result<Reply, Problem> {
    let reply = kept::read(answer);
    let mut reply = reply.ok_or_else(|| Problem::new(kinds::INTERNAL_ERROR, "what was kept is no answer"))?;
    reply.headers.insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
    Ok(reply)
}
