//! What was done in the shop: who, what, on which thing, and what differs since.

use std::borrow::Cow;

use uuid::Uuid;

use super::time::Timestamp;

/// Something that was changed. It is kept as the audit trail, and told to whoever wants to hear of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// `UUIDv7`: ordered by creation.
    pub id: Uuid,
    /// What was done, such as `order.placed`.
    pub action: Cow<'static, str>,
    /// In which part somebody acted.
    pub actor: Agent,
    /// The account that did it, if it was one.
    pub actor_id: Option<Uuid>,
    /// What kind of thing was changed, such as `order`.
    pub resource: Cow<'static, str>,
    /// Which one.
    pub resource_id: Uuid,
    /// The request that did it, if it was one.
    pub request_id: Option<String>,
    /// The members that differ.
    pub changes: Vec<MemberChange>,
    /// When.
    pub created_at: Timestamp,
}

/// A member before and after, each as JSON text; `None` where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberChange {
    /// The member, as the document calls it.
    pub member: Cow<'static, str>,
    /// What it was.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
}

/// In which part somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Agent {
    /// An account, on what is its own.
    User,
    /// An account, on what is another's or the shop's.
    Staff,
    /// The shop itself.
    System,
    /// Somebody who is not signed in.
    Anonymous,
}

impl Agent {
    /// Every part, in the order in which they are documented.
    pub const ALL: [Self; 4] = [Self::User, Self::Staff, Self::System, Self::Anonymous];

    /// The word used in documents and rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Staff => "staff",
            Self::System => "system",
            Self::Anonymous => "anonymous",
        }
    }

    /// The part that a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|agent| agent.as_str() == word)
    }
}

/// Which events a list shows. What is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only those of this account.
    pub actor_id: Option<Uuid>,
    /// Only those of this kind.
    pub action: Option<String>,
    /// Only those on this kind of thing.
    pub resource: Option<String>,
    /// Only those on this thing.
    pub resource_id: Option<Uuid>,
    /// Only those of this request.
    pub request_id: Option<String>,
    /// Only those recorded after this moment.
    pub created_after: Option<Timestamp>,
    /// Only those recorded before this moment.
    pub created_before: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_read_back_from_its_word() {
        for agent in Agent::ALL {
            assert_eq!(Agent::parse(agent.as_str()), Some(agent));
        }
        assert_eq!(Agent::parse("ghost"), None);
    }
}
