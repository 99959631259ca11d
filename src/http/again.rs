//! A change that collided with another one is made again: nothing of it happened, and its caller could do nothing else.
//!
//! Only databases with several writers have collisions: deadlocks, and rows that changed between being looked for and being
//! locked.

use crate::api::problems::COLLIDED;
use crate::api::{Context, Handlers};
use crate::infra::random;
use crate::service::Error;
use contract::{Problem, Reply};
use generated::call::Call;
use std::time::Duration;

/// How often it is tried. Together the pauses take some three seconds.
const TRIES: u32 = 20;
const SHORTEST: Duration = Duration::from_millis(5);
const LONGEST: Duration = Duration::from_millis(200);

/// Answers a change.
pub(super) async fn answer(handlers: &Handlers, call: Call, context: &Context<'_>) -> Result<Reply, Problem> {
    if !handlers.shop.store().is_shared() {
        return call.answer(handlers, context, None).await;
    }
    for tried in 0..TRIES {
        match call.clone().answer(handlers, context, None).await {
            Err(problem) if problem.kind() == COLLIDED => tokio::time::sleep(pause(tried)).await,
            outcome => return outcome,
        }
    }
    tracing::warn!(event = "gave_up", operation = context.operation.id, "others were in the way each time");
    Err(Error::Busy.into())
}

/// Longer each time, and of any length up to that: those who collided once must not meet again.
fn pause(tried: u32) -> Duration {
    let [share] = random::bytes::<1>();
    let most = (SHORTEST * 2_u32.saturating_pow(tried)).min(LONGEST);
    most.mul_f64((f64::from(share) + 1.0) / 256.0)
}
