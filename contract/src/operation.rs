//! One row of the generated operation table: what the document says about an operation besides its types.

use crate::security::Alternative;

/// An operation of the document with its policies.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own in the document, not a state")]
pub struct Operation {
    /// The number by which the generated code knows it.
    pub index: usize,
    /// `operationId`.
    pub id: &'static str,
    /// HTTP method in capitals.
    pub method: &'static str,
    /// Path template below the base path, such as `/users/{user_id}`.
    pub path: &'static str,
    /// First tag.
    pub tag: &'static str,
    /// Credentials are not looked at (`security: []`).
    pub public: bool,
    /// Any of these alternatives lets the caller in; one without needs is anonymous access.
    pub security: &'static [Alternative],
    /// Whose resource it is, if it is somebody's.
    pub owner: Option<Owner>,
    /// All of these limits must admit the call.
    pub limits: &'static [Limit],
    /// How long answers may be kept.
    pub cache: Option<Cache>,
    /// The resources that it may change (`x-invalidates`).
    pub invalidates: &'static [&'static str],
    /// Whether repeats with an `Idempotency-Key` replay the first answer.
    pub idempotent: bool,
    /// Media types of the request body; empty when it takes none.
    pub consumes: &'static [&'static str],
    /// Whether a body must be sent.
    pub body_required: bool,
    /// Largest request body in bytes.
    pub body_limit: usize,
    /// Media types of successful answers; empty when they have no body.
    pub produces: &'static [&'static str],
    /// Documented status codes.
    pub statuses: &'static [u16],
    /// Documented problem codes.
    pub codes: &'static [&'static str],
    /// Problems carry RFC 6749's `error`, and invalid input is 400 as its section 5.2 demands.
    pub oauth_errors: bool,
    /// Marked `deprecated`.
    pub deprecated: bool,
    /// `x-deprecated-at` in Unix seconds (RFC 9745).
    pub deprecated_at: Option<i64>,
    /// `x-sunset-at` in Unix seconds (RFC 8594).
    pub sunset_at: Option<i64>,
}

impl Operation {
    /// Whether the operation's answers change nothing (RFC 9110, section 9.2.1).
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.method == "GET"
    }

    /// The limits that count whoever calls, whatever is in the call.
    pub fn limits_of_callers(&self) -> impl Iterator<Item = &'static Limit> + use<> {
        self.limits.iter().filter(|limit| !limit.partitioned)
    }

    /// Whether answers may be compressed: those that nobody may store can hold secrets beside text that callers choose, and
    /// then their length tells of the secret.
    #[must_use]
    pub fn may_be_coded(&self) -> bool {
        self.cache.is_some_and(|cache| !cache.control.contains("no-store"))
    }

    /// Whether the document lists this status.
    #[must_use]
    pub fn documents(&self, status: u16) -> bool {
        self.statuses.contains(&status)
    }
}

/// Ownership: callers reach their own resources; who holds one of `lifted_by` reaches all.
#[derive(Debug, Clone, Copy)]
pub enum Owner {
    /// The path parameter of this name is the owner's id.
    Parameter { name: &'static str, lifted_by: &'static [&'static str] },
    /// Only the stored resource knows its owner: the query starts from the caller.
    Resource { name: &'static str, lifted_by: &'static [&'static str] },
}

impl Owner {
    /// The scopes that lift the rule.
    #[must_use]
    pub fn lifted_by(&self) -> &'static [&'static str] {
        match self {
            Self::Parameter { lifted_by, .. } | Self::Resource { lifted_by, .. } => lifted_by,
        }
    }
}

/// A limit that applies to an operation.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Name of the policy in `x-rate-limit-policies`.
    pub policy: &'static str,
    /// Whether a member of the decoded input joins the key, so that it is judged after decoding.
    pub partitioned: bool,
    /// Whether signed-in callers are counted by their address too.
    pub by_address: bool,
}

/// `x-cache`.
#[derive(Debug, Clone, Copy)]
pub struct Cache {
    /// The value of `Cache-Control`.
    pub control: &'static str,
    /// Whether the answer is the same for every caller.
    pub public: bool,
    /// For how many seconds a copy needs no questions.
    pub max_age: u32,
    /// The value of `Vary`; empty for what nobody may keep.
    pub vary: &'static str,
    /// What the answer is made of. Without tags the server keeps none itself, since nothing would drop it.
    pub tags: &'static [Tag],
}

/// A thing that a kept answer is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// One of `x-resources`.
    pub resource: &'static str,
    /// The path parameter that holds its id, or `caller`; without one any thing of this kind is meant.
    pub parameter: Option<&'static str>,
}

impl Tag {
    /// The parameter that stands for the caller's own account.
    pub const CALLER: &'static str = "caller";
}
