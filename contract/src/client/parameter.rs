//! Parameters as text.

use crate::Secret;
use chrono::{DateTime, SecondsFormat, Utc};

/// A parameter as text: none, one, or several values.
pub trait Parameter {
    fn values(&self) -> Vec<String>;
}

macro_rules! displayed {
    ($($type:ty),*) => {
        $(impl Parameter for $type {
            fn values(&self) -> Vec<String> {
                vec![self.to_string()]
            }
        })*
    };
}
displayed!(String, i32, i64, bool, uuid::Uuid, crate::IdempotencyKey);

impl Parameter for Secret {
    fn values(&self) -> Vec<String> {
        vec![self.expose().to_owned()]
    }
}

impl Parameter for DateTime<Utc> {
    fn values(&self) -> Vec<String> {
        vec![self.to_rfc3339_opts(SecondsFormat::AutoSi, true)]
    }
}

impl<T: Parameter> Parameter for Option<T> {
    fn values(&self) -> Vec<String> {
        self.iter().flat_map(Parameter::values).collect()
    }
}

impl<T: Parameter> Parameter for Vec<T> {
    fn values(&self) -> Vec<String> {
        self.iter().flat_map(Parameter::values).collect()
    }
}
