//! `GET /me/limits`, and whom limits count.

use super::{Context, Handlers};
use crate::service::Caller;
use contract::Problem;
use generated::api::LimitsApi;
use generated::models;
use generated::params::GetMyLimitsParams;
use generated::policies::LIMIT_POLICIES;
use generated::responses::GetMyLimitsResponse;
use std::net::IpAddr;

/// The audience of callers that are not signed in.
const ANONYMOUS: &str = "anonymous";

impl LimitsApi<Context<'_>> for Handlers {
    async fn get_my_limits(&self, call: &Context<'_>, _: GetMyLimitsParams) -> Result<GetMyLimitsResponse, Problem> {
        let caller = call.caller.as_deref();
        let policies = LIMIT_POLICIES.iter().filter_map(|policy| {
            let (audience, key) = key(caller, call.ip, policy.partitioned.then_some(""));
            let state = self.limiter.peek(policy.name, audience, &key)?;
            Some(models::LimitState {
                policy: policy.name.to_owned(),
                limit: number(state.limit.into()),
                remaining: number(state.remaining.into()),
                reset_seconds: number(state.reset_seconds),
                window_seconds: number(state.window_seconds.into()),
            })
        });
        let body = models::CallerLimits { audience: audience(caller).to_owned(), policies: policies.collect() };
        Ok(GetMyLimitsResponse::Status200 { body })
    }
}

fn audience(caller: Option<&Caller>) -> &'static str {
    caller.map_or(ANONYMOUS, |caller| caller.role().as_str())
}

/// Audience and key under which a limit counts a caller: the account once it is verified, the address before.
///
/// A member of the body joins the address, never replaces it, so that nobody can use up somebody else's tries.
#[must_use]
pub fn key(caller: Option<&Caller>, ip: IpAddr, member: Option<&str>) -> (&'static str, String) {
    let key = match (caller, member) {
        (_, Some(member)) => format!("{ip} {}", member.to_lowercase()),
        (Some(caller), None) => caller.id().to_string(),
        (None, None) => ip.to_string(),
    };
    (audience(caller), key)
}

fn number(value: u64) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
