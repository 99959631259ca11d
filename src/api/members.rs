//! What bodies and conditions say, in the words of the services.

use crate::service::{Change, Expected};
use contract::IfMatch;
use swagger::Nullable;
use uuid::Uuid;

/// A value that may be `null`.
pub fn present<T>(value: Nullable<T>) -> Option<T> {
    match value {
        Nullable::Present(value) => Some(value),
        Nullable::Null => None,
    }
}

/// A member of a merge patch (RFC 7396): absent keeps, `null` clears.
pub fn change<T>(member: Option<Nullable<T>>) -> Change<T> {
    match member {
        None => Change::Keep,
        Some(Nullable::Null) => Change::Clear,
        Some(Nullable::Present(value)) => Change::Set(value),
    }
}

/// What `If-Match` expects of the resource of this id.
pub fn expected(if_match: Option<&str>, id: Uuid) -> Expected {
    match IfMatch::parse(if_match, id) {
        IfMatch::None | IfMatch::Any => Expected::Any,
        IfMatch::OneOf(versions) => Expected::Versions(versions),
    }
}
