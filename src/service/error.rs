//! Why a use case was refused, in terms of the shop. The outer room turns each into a problem of the document.

use std::borrow::Cow;

use uuid::Uuid;

use crate::domain::flaw::Flaw;
use crate::domain::order::Status;
use crate::infra::passwords::PasswordError;
use crate::infra::tokens::SigningError;
use crate::store;

pub use crate::store::Unique;

/// Why a use case did not happen. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Parts of the input break a rule; all that were found.
    #[error("the input is not valid")]
    Invalid(Vec<Violation>),
    /// Another account has this e-mail address or username, another category this slug, or another product this SKU.
    #[error("the {0:?} is taken")]
    Taken(Unique),
    /// No account matches the name and password. Which of the two is wrong is not told.
    #[error("wrong name or password")]
    InvalidCredentials,
    /// The refresh token is unknown, used up or expired, or its session is over.
    #[error("the refresh token is not valid")]
    InvalidRefreshToken,
    /// The credentials are right and the account is suspended.
    #[error("the account is suspended")]
    Suspended,
    /// The caller is known and may not do this.
    #[error("{0}")]
    Denied(Denial),
    /// The caller's own account, or its session, went while the request was underway.
    #[error("the caller is gone")]
    Gone,
    /// There is no such thing, or it is another account's.
    #[error("there is no such thing")]
    Missing,
    /// The thing is in another version than the caller expects.
    #[error("the thing has changed meanwhile; its version is {current}")]
    Stale {
        /// Which one.
        id: Uuid,
        /// The version it has now.
        current: i64,
    },
    /// It would contradict the state of the shop.
    #[error("{0}")]
    Conflict(Conflict),
    /// There is less than is wanted of these products.
    #[error("there is not enough in stock")]
    OutOfStock(Vec<Shortage>),
    /// The order cannot take this step now, or the caller cannot let it.
    #[error("the order cannot take this step now")]
    NoStep {
        /// The states that this caller could bring it to.
        allowed: Vec<Status>,
    },
    /// The caller's name for this request was another one's before.
    #[error("the idempotency key was sent with another request before")]
    KeyReused,
    /// An OAuth grant is refused (RFC 6749 §5.2).
    #[error("{}: {description}", .fault.code())]
    Grant {
        /// What the RFC calls it.
        fault: GrantFault,
        /// For the developer of the client.
        description: Cow<'static, str>,
    },
    /// There is more to do than can be done in time; worth trying again.
    #[error("too much to do")]
    Busy,
    /// The database is away, so nothing was done; worth trying again once it is back.
    #[error("the database is away")]
    Away,
    /// Somebody changed the same things at the same moment, and one of the two had to give way; worth doing again at once.
    #[error("another change was in the way")]
    Collided,
    /// Nothing that the caller could cause or mend.
    #[error("{0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// One part of the input that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The member of the body, or the parameter, as the document names it.
    pub member: &'static str,
    /// Stable name of the rule.
    pub code: &'static str,
    /// A sentence fragment that completes "the value …".
    pub message: Cow<'static, str>,
    /// Where among `items` it stands, from 0, if it stands there.
    pub item: Option<usize>,
}

/// Of a product there is less than is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// Which.
    pub product_id: Uuid,
    /// How many are wanted.
    pub wanted: i64,
    /// How many could be had instead.
    pub available: i64,
}

impl Shortage {
    /// The same of a whole that already has so many.
    #[must_use]
    pub const fn beside(self, held: i64) -> Self {
        Self { wanted: self.wanted + held, available: self.available + held, ..self }
    }
}

impl Violation {
    /// A violation of a rule that no domain type has.
    pub fn new(member: &'static str, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { member, code, message: message.into(), item: None }
    }

    /// What a domain type found wrong with a member.
    #[must_use]
    pub fn of(member: &'static str, flaw: Flaw) -> Self {
        Self { member, code: flaw.code, message: flaw.message, item: None }
    }

    /// The same in one of `items`.
    #[must_use]
    pub fn in_item(self, place: usize) -> Self {
        Self { item: Some(place), ..self }
    }
}

/// What a known caller may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// The caller holds none of the scopes that it takes; the document's rule should have said so before.
    #[error("the caller does not hold a scope that this takes")]
    Scope,
    /// Choosing a role or standing takes the scope `users:write`.
    #[error("only a caller with the scope users:write may choose role and status")]
    Privileges,
    /// A key cannot do more than the one who makes it.
    #[error("an API key cannot be given scopes that its maker does not hold")]
    ScopesBeyondOwn,
    /// Other accounts' orders take the scope `orders:manage`.
    #[error("only a caller with the scope orders:manage may list the orders of another account")]
    OthersOrders,
    /// Keys act for an account and do not manage it.
    #[error("this takes somebody who signed in; an API key cannot do it")]
    PersonNeeded,
}

/// What the state of the shop does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// Nobody would be left to manage the shop.
    #[error("this is the last administrator who can act; make another one first")]
    LastAdmin,
    /// A category cannot go while products are in it.
    #[error("the category still holds products; move or delete them first")]
    CategoryInUse,
    /// More would be taken than there is.
    #[error("only {available} are in stock")]
    InsufficientStock {
        /// What there is.
        available: i64,
    },
    /// What is in an order can be changed while it is pending only.
    #[error("only a pending order can be changed; this one is {}", .0.as_str())]
    OrderNotPending(Status),
    /// An order without items is none.
    #[error("an order needs an item, and this is its last; cancel the order instead")]
    OrderEmpty,
    /// An order has room for so many items.
    #[error("the order has as many items as an order can have")]
    OrderFull,
    /// An order has one item of each product.
    #[error("the product is in the order already; change the quantity of its item")]
    ProductInOrder,
    /// The first request with this key is not answered yet.
    #[error("the first request with this Idempotency-Key is still underway; send it again in a moment")]
    KeyInUse,
}

/// Why an OAuth grant is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantFault {
    /// The credentials or the refresh token are not valid.
    InvalidGrant,
    /// A scope is unknown, or more than may be granted.
    InvalidScope,
    /// The grant type is unknown or switched off.
    UnsupportedGrantType,
    /// The client is unknown or its secret is wrong.
    InvalidClient,
}

impl GrantFault {
    /// The `error` of RFC 6749 §5.2; also the code of the problem.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidClient => "invalid_client",
        }
    }
}

impl Error {
    /// A refused grant.
    pub fn grant(fault: GrantFault, description: impl Into<Cow<'static, str>>) -> Self {
        Self::Grant { fault, description: description.into() }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Taken(unique) => Self::Taken(unique),
            store::Error::Stale { id, current } => Self::Stale { id, current },
            store::Error::Missing => Self::Missing,
            store::Error::Busy => Self::Busy,
            store::Error::Away => Self::Away,
            store::Error::Collided => Self::Collided,
            store::Error::Newer(_) | store::Error::Broken(_) => Self::Internal(error.into()),
        }
    }
}

impl From<PasswordError> for Error {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy,
            PasswordError::Unreadable | PasswordError::Stopped => Self::Internal(error.into()),
        }
    }
}

impl From<SigningError> for Error {
    fn from(error: SigningError) -> Self {
        Self::Internal(error.into())
    }
}

/// Collects what is wrong with several members, so that one answer names it all.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Violation>);

impl Faults {
    /// The value, or `None` after noting its flaw.
    pub fn check<T>(&mut self, member: &'static str, parsed: Result<T, Flaw>) -> Option<T> {
        parsed.map_err(|flaw| self.0.push(Violation::of(member, flaw))).ok()
    }

    /// Like [`check`](Self::check) for values that may have several flaws.
    pub fn check_all<T>(&mut self, member: &'static str, parsed: Result<T, Vec<Flaw>>) -> Option<T> {
        parsed.map_err(|flaws| self.0.extend(flaws.into_iter().map(|flaw| Violation::of(member, flaw)))).ok()
    }

    /// Notes something else.
    pub fn note(&mut self, violation: Violation) {
        self.0.push(violation);
    }

    /// What was noted, as the error to answer.
    pub fn into_error(self) -> Error {
        Error::Invalid(self.0)
    }

    /// What was noted, for whoever has more to say.
    pub fn into_violations(self) -> Vec<Violation> {
        self.0
    }

    /// Goes on only if nothing was noted.
    pub fn settle(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}
