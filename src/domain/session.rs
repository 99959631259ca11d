//! Sessions, and the rule by which a refresh token turns into the next one.

use chrono::TimeDelta;
use uuid::Uuid;

use super::access::ScopeSet;
use super::time::Timestamp;

/// How long an access token speaks for its session.
pub const ACCESS_TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// How long a refresh token waits to be used; with every rotation the session lives that long again.
pub const REFRESH_TOKEN_LIFETIME: TimeDelta = TimeDelta::days(30);
/// How long a rotated refresh token may be sent again by a client that never saw the answer.
pub const REPEAT_WINDOW: TimeDelta = TimeDelta::seconds(10);

/// One sign-in of one account from one client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// `UUIDv7`; the `sid` of its access tokens.
    pub id: Uuid,
    /// Whose session it is.
    pub user_id: Uuid,
    /// When the account signed in.
    pub created_at: Timestamp,
    /// When it was last seen to act, to the minute.
    pub last_used_at: Timestamp,
    /// From then on it is over, unless it is refreshed before.
    pub expires_at: Timestamp,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
    /// Where it came from.
    pub client: ClientInfo,
    /// What it was narrowed to; `None` grants whatever the account's role grants.
    pub scopes: Option<ScopeSet>,
    /// The API key that asked for it (`client_credentials`); such a session has no refresh token and is not listed.
    pub api_key_id: Option<Uuid>,
}

impl Session {
    /// Whether its tokens still speak for the account.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// What a list of sessions is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionSort {
    /// The moment of signing in.
    CreatedAt,
    /// The moment of the last use.
    LastUsedAt,
}

/// What is known of the program at the other end. Shown to the account's owner, trusted by nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientInfo {
    ip: Option<String>,
    user_agent: Option<String>,
}

impl ClientInfo {
    /// Longest part of a `User-Agent` that is kept, in characters.
    pub const MAX_USER_AGENT: usize = 256;

    /// Cuts what is too long to keep and what does not belong on a line.
    #[must_use]
    pub fn new(ip: Option<std::net::IpAddr>, user_agent: Option<&str>) -> Self {
        let user_agent = user_agent
            .map(|text| text.chars().filter(|c| !c.is_control()).take(Self::MAX_USER_AGENT).collect::<String>())
            .filter(|text| !text.is_empty());
        Self { ip: ip.map(|ip| ip.to_string()), user_agent }
    }

    /// As it was kept before; for rows being read.
    #[must_use]
    pub fn restored(ip: Option<String>, user_agent: Option<String>) -> Self {
        Self { ip, user_agent }
    }

    /// The address it called from, as text.
    #[must_use]
    pub fn ip(&self) -> Option<&str> {
        self.ip.as_deref()
    }

    /// The address it called from.
    #[must_use]
    pub fn address(&self) -> Option<std::net::IpAddr> {
        self.ip.as_ref()?.parse().ok()
    }

    /// What it calls itself.
    #[must_use]
    pub fn user_agent(&self) -> Option<&str> {
        self.user_agent.as_deref()
    }
}

/// What a refresh token has been through, as far as the rule needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshHistory {
    /// From then on it is worth nothing.
    pub expires_at: Timestamp,
    /// When its successor was handed out.
    pub replaced_at: Option<Timestamp>,
    /// Whether the successor was itself exchanged, which proves that it had arrived.
    pub successor_used: bool,
}

/// What becomes of a refresh token that is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Its first use: hand out a successor.
    Rotate,
    /// The answer was lost, or two requests ran at once: hand out the same successor again.
    Repeat,
    /// An old one: somebody has a copy, and nobody can tell who. The session ends.
    Reuse,
    /// Too late; nothing happens.
    Expired,
}

impl Rotation {
    /// Decides by the token's history alone. A token that was replaced and then expired is still a reuse: the copy
    /// exists, however old it is.
    #[must_use]
    pub fn of(token: RefreshHistory, now: Timestamp) -> Self {
        match token.replaced_at {
            None if now < token.expires_at => Self::Rotate,
            None => Self::Expired,
            Some(replaced_at) if !token.successor_used && now - replaced_at <= REPEAT_WINDOW => Self::Repeat,
            Some(_) => Self::Reuse,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        chrono::DateTime::from_timestamp(1_800_000_000 + second, 0).expect("a valid moment")
    }

    fn token(replaced_at: Option<i64>, successor_used: bool) -> RefreshHistory {
        RefreshHistory { expires_at: at(1000), replaced_at: replaced_at.map(at), successor_used }
    }

    #[test]
    fn a_fresh_token_is_rotated_until_it_expires() {
        assert_eq!(Rotation::of(token(None, false), at(0)), Rotation::Rotate);
        assert_eq!(Rotation::of(token(None, false), at(999)), Rotation::Rotate);
        assert_eq!(Rotation::of(token(None, false), at(1000)), Rotation::Expired);
    }

    #[test]
    fn the_immediate_predecessor_is_repeated_for_ten_seconds() {
        assert_eq!(Rotation::of(token(Some(100), false), at(100)), Rotation::Repeat);
        assert_eq!(Rotation::of(token(Some(100), false), at(110)), Rotation::Repeat);
        assert_eq!(Rotation::of(token(Some(100), false), at(111)), Rotation::Reuse);
    }

    #[test]
    fn a_clock_set_back_does_not_turn_a_repeat_into_a_reuse() {
        assert_eq!(Rotation::of(token(Some(100), false), at(95)), Rotation::Repeat);
    }

    #[test]
    fn a_predecessor_whose_successor_was_used_is_reuse_even_at_once() {
        assert_eq!(Rotation::of(token(Some(100), true), at(101)), Rotation::Reuse);
    }

    #[test]
    fn an_old_token_is_reuse_even_after_its_expiry() {
        assert_eq!(Rotation::of(token(Some(100), true), at(5000)), Rotation::Reuse);
    }

    #[test]
    fn a_session_lives_until_it_ends_or_expires() {
        let mut session = Session {
            id: Uuid::nil(),
            user_id: Uuid::nil(),
            created_at: at(0),
            last_used_at: at(0),
            expires_at: at(100),
            ended_at: None,
            client: ClientInfo::default(),
            scopes: None,
            api_key_id: None,
        };
        assert!(session.is_live(at(99)));
        assert!(!session.is_live(at(100)));
        session.ended_at = Some(at(10));
        assert!(!session.is_live(at(11)));
    }

    #[test]
    fn a_user_agent_is_cut_and_stripped_of_control_characters() {
        let client = ClientInfo::new(None, Some(&format!("\u{7}{}", "ä".repeat(300))));
        assert_eq!(client.user_agent().map(|text| text.chars().count()), Some(256));
        assert_eq!(ClientInfo::new(None, Some("\n")).user_agent(), None);
    }
}
