//! `GET /me/limits`, and whom limits count.

use super::{Context, Handlers};
use crate::infra::limiter::Counts;
use crate::infra::shared::limits::Question;
use crate::infra::shares::network;
use crate::service::Caller;
use contract::Problem;
use generated::api::LimitsApi;
use generated::models;
use generated::params::*;
use generated::policies::LIMIT_POLICIES;
use generated::responses::*;
use std::net::IpAddr;
use uuid::Uuid;

/// The audience of callers that are not signed in.
const ANONYMOUS: &str = "anonymous";
/// Stands for the name that a limit would count, where none was sent.
const NOBODY: Member<'static> = Member { name: "", account: None };

impl LimitsApi<Context<'_>> for Handlers {
    async fn get_my_limits(&self, call: &Context<'_>, _: GetMyLimitsParams) -> Result<GetMyLimitsResponse, Problem> {
        let caller = call.caller.as_deref();
        let counted = LIMIT_POLICIES.iter().map(|policy| {
            let counted = Counted::of(caller, call.ip, policy.partitioned.then_some(NOBODY), policy.by_address);
            (policy.name, counted)
        });
        let counted: Vec<(&str, Counted)> = counted.collect();
        let questions = counted.iter().map(|(policy, who)| Question { policy, audience: audience(caller), who });
        let states = match &self.together {
            Some(together) => together.peek(&questions.collect::<Vec<_>>()).await,
            None => questions.map(|one| self.limiter.peek(one.policy, one.audience, one.who)).collect(),
        };
        let policies = counted.iter().zip(states).filter_map(|((policy, _), state)| {
            let state = state?;
            Some(models::LimitState {
                policy: (*policy).to_owned(),
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
    /// The account that such a member names counts instead of how it is written.
    Named(IpAddr, Uuid),
}

/// A member of the body that joins the key of a limit: a name, and the account of this name if there is one.
#[derive(Debug, Clone, Copy)]
pub struct Member<'r> {
    pub name: &'r str,
    pub account: Option<Uuid>,
}

impl Counted {
    /// Whom to count for this caller, address and member of the body.
    #[must_use]
    pub fn of(caller: Option<&Caller>, ip: IpAddr, member: Option<Member<'_>>, by_address: bool) -> Self {
        match (caller, member) {
            (_, Some(Member { account: Some(account), .. })) => Self::Named(network(ip), account),
            (_, Some(Member { name, .. })) => Self::Member(network(ip), name.to_lowercase()),
            (Some(caller), None) if !by_address => Self::Account(caller.id()),
            (_, None) => Self::Address(network(ip)),
        }
    }
}

impl Counts for Counted {
    fn write_to(&self, out: &mut Vec<u8>) {
        match self {
            Self::Account(id) => {
                out.push(b'a');
                out.extend(id.as_bytes());
            }
            Self::Address(ip) => write_address(b'i', *ip, out),
            Self::Member(ip, name) => {
                write_address(b'm', *ip, out);
                out.extend(name.as_bytes());
            }
            Self::Named(ip, id) => {
                write_address(b'n', *ip, out);
                out.extend(id.as_bytes());
            }
        }
    }
}

/// With its length, so that no address can pass for a shorter one and something behind it.
fn write_address(kind: u8, ip: IpAddr, out: &mut Vec<u8>) {
    let (length, bytes) = match ip {
        IpAddr::V4(ip) => (4, &ip.octets()[..]),
        IpAddr::V6(ip) => (16, &ip.octets()[..]),
    };
    out.extend([kind, length]);
    out.extend(bytes);
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
        let ada = Member { name: "Ada", account: None };
        let key = |ip: &str| Counted::of(None, ip.parse().expect("an address"), Some(ada), false);
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
    }

    #[test]
    fn nobody_is_written_like_somebody_else() {
        let ip: IpAddr = "192.0.2.1".parse().expect("an address");
        let id = Uuid::from_u128(7);
        let all = [
            Counted::Account(id),
            Counted::Address(ip),
            Counted::Address("2001:db8::1".parse().expect("an address")),
            Counted::Member(ip, "ada".to_owned()),
            Counted::Member(ip, String::new()),
            Counted::Named(ip, id),
        ];
        let written = all.map(|counted| {
            let mut bytes = Vec::new();
            counted.write_to(&mut bytes);
            bytes
        });
        let different: std::collections::HashSet<_> = written.iter().collect();
        assert_eq!(different.len(), written.len());
    }

    #[test]
    fn the_names_of_one_account_count_together() {
        let ip = "192.0.2.1".parse().expect("an address");
        let key = |name, account| Counted::of(None, ip, Some(Member { name, account }), false);
        let account = Some(Uuid::from_u128(7));
        assert_eq!(key("ada", account), key("ada@example.com", account));
        assert_eq!(key("Bob", None), key("bob", None));
        assert_ne!(key("bob", None), key("bob@example.com", None));
    }
}
