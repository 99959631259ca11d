//! Changes of an account, and the version that they are made for.

use uuid::Uuid;

use crate::domain::access::Role;
use crate::domain::user::{Email, FullName, Status, User, Username};
use crate::service::error::{Error, Faults};

/// In which version a thing has to be for a change to apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// In whichever it is.
    Any,
    /// In one of these; in none of them if there are none.
    Versions(Vec<i64>),
}

impl Expected {
    pub(in crate::service) fn check(&self, id: Uuid, current: i64) -> Result<(), Error> {
        match self {
            Self::Versions(versions) if !versions.contains(&current) => Err(Error::Stale { id, current }),
            _ => Ok(()),
        }
    }

    /// The versions that will do; `None` for whichever.
    pub(in crate::service) fn versions(&self) -> Option<&[i64]> {
        match self {
            Self::Any => None,
            Self::Versions(versions) => Some(versions),
        }
    }
}

/// Everything that can be set of an account. Role and status stay when they are `None`.
#[derive(Debug, Clone)]
pub struct UserReplacement {
    /// The address.
    pub email: String,
    /// The name to sign in with.
    pub username: String,
    /// What to call the person; `None` and blank take the name away.
    pub full_name: Option<String>,
    /// What the account may do.
    pub role: Option<Role>,
    /// Whether it may do it now.
    pub status: Option<Status>,
}

/// What a patch says of a member that may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Nothing: it stays.
    #[default]
    Keep,
    /// That it be empty.
    Clear,
    /// That it be this.
    Set(T),
}

impl<T> Change<T> {
    /// The same of what `convert` makes of the value; nothing is as good as clearing.
    pub(in crate::service) fn and_then<U>(self, convert: impl FnOnce(T) -> Option<U>) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => convert(value).map_or(Change::Clear, Change::Set),
        }
    }

    /// What the member is afterwards.
    pub(in crate::service) fn apply(self, before: Option<&T>) -> Option<T>
    where
        T: Clone,
    {
        match self {
            Self::Keep => before.cloned(),
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// Some of what can be set of an account; `None` keeps.
#[derive(Debug, Clone, Default)]
pub struct UserPatch {
    /// The address.
    pub email: Option<String>,
    /// The name to sign in with.
    pub username: Option<String>,
    /// What to call the person; a blank name is none.
    pub full_name: Change<String>,
    /// What the account may do.
    pub role: Option<Role>,
    /// Whether it may do it now.
    pub status: Option<Status>,
}

/// A patch whose parts are all valid.
pub(super) struct CheckedPatch {
    email: Option<Email>,
    username: Option<Username>,
    full_name: Change<FullName>,
    role: Option<Role>,
    status: Option<Status>,
}

impl From<UserReplacement> for UserPatch {
    fn from(whole: UserReplacement) -> Self {
        let UserReplacement { email, username, full_name, role, status } = whole;
        let full_name = full_name.map_or(Change::Clear, Change::Set);
        Self { email: Some(email), username: Some(username), full_name, role, status }
    }
}

impl UserPatch {
    pub(super) fn check(self) -> Result<CheckedPatch, Error> {
        let mut faults = Faults::default();
        let email = self.email.and_then(|raw| faults.check("email", Email::parse(&raw)));
        let username = self.username.and_then(|raw| faults.check("username", Username::parse(&raw)));
        let full_name = self.full_name.and_then(|raw| faults.check("full_name", FullName::parse(&raw)).flatten());
        faults.settle()?;
        Ok(CheckedPatch { email, username, full_name, role: self.role, status: self.status })
    }
}

impl CheckedPatch {
    /// The account as the patch wants it, still in its old version.
    pub(super) fn apply(self, before: &User) -> User {
        User {
            email: self.email.unwrap_or_else(|| before.email.clone()),
            username: self.username.unwrap_or_else(|| before.username.clone()),
            full_name: self.full_name.apply(before.full_name.as_ref()),
            role: self.role.unwrap_or(before.role),
            status: self.status.unwrap_or(before.status),
            ..before.clone()
        }
    }
}
