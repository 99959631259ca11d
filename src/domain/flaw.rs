//! What is wrong with a value, in words for whoever sent it.

use std::borrow::Cow;

/// Why a value was refused. The place where it stood is added by whoever knows it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Flaw {
    /// Stable and short, for programs: the document's own rules (`min_length`, `max_length`, `pattern`, `format`) under the
    /// names that the decoder gives them, and others such as `too_common`.
    pub code: &'static str,
    /// A sentence fragment that completes "the value …"; never repeats the value.
    pub message: Cow<'static, str>,
}

impl Flaw {
    /// A flaw with a fixed or a composed message.
    pub fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into() }
    }
}
