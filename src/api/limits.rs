//! `GET /me/limits`, and whom limits count.

use super::{Context, Handlers};
use crate::service::Caller;
use contract::Problem;
use generated::api::LimitsApi;
use generated::models;
use generated::params::*;
use generated::policies::LIMIT_POLICIES;
use generated::responses::*;
use std::net::{IpAddr, Ipv6Addr};
use uuid::Uuid;

/// The audience of callers that are not signed in.
const ANONYMOUS: &str = "anonymous";

impl LimitsApi<Context<'_>> for Handlers {
    async fn get_my_limits(&self, call: &Context<'_>, _: GetMyLimitsParams) -> Result<GetMyLimitsResponse, Problem> {
        let caller = call.caller.as_deref();
        let policies = LIMIT_POLICIES.iter().filter_map(|policy| {
            let counted = Counted::of(caller, call.ip, policy.partitioned.then_some(""), policy.by_address);
            let state = self.limiter.peek(policy.name, audience(caller), &counted)?;
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

/// The group of callers that a policy's number is for.
#[must_use]
pub fn audience(caller: Option<&Caller>) -> &'static str {
    caller.map_or(ANONYMOUS, |caller| caller.role().as_str())
}

/// Whom a limit counts: the account once it is verified, the address before.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Counted {
    Account(Uuid),
    Address(IpAddr),
    /// A member of the body joins the address, never replaces it, so that nobody can use up somebody else's tries.
    Member(IpAddr, String),
}

impl Counted {
    /// Whom to count for this caller, address and member of the body.
    #[must_use]
    pub fn of(caller: Option<&Caller>, ip: IpAddr, member: Option<&str>, by_address: bool) -> Self {
        match (caller, member) {
            (_, Some(member)) => Self::Member(network(ip), member.to_lowercase()),
            (Some(caller), None) if !by_address => Self::Account(caller.id()),
            (_, None) => Self::Address(network(ip)),
        }
    }
}

/// The address that counts. Whoever has one of IPv6 has 2^64 of them: the last half tells nothing apart.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
    }
}

fn number(value: u64) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let key = |text: &str| Counted::of(None, text.parse().expect("an address"), None, false);
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }

    #[test]
    fn a_name_joins_the_address_and_never_replaces_it() {
        let key = |ip: &str| Counted::of(None, ip.parse().expect("an address"), Some("Ada"), false);
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }
}
