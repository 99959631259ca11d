//! Why a call has no answer.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt::{self, Display};
use std::time::Duration;

/// A problem as the server wrote it (RFC 9457).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ProblemDocument {
    pub r#type: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// What programs go by.
    #[serde(default)]
    pub code: String,
    /// Every fault of the request's input.
    #[serde(default)]
    pub errors: Vec<Violation>,
    /// All other members, such as `request_id`.
    #[serde(flatten)]
    pub members: Map<String, Value>,
    /// How long the server asks to wait (`Retry-After`, RFC 9110, section 10.2.3).
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

impl ProblemDocument {
    /// A member beyond those of every problem, such as `items`; none if there is none, or of another type.
    #[must_use]
    pub fn member<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.members.get(name)?).ok()
    }
}

/// One fault of a request's input.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// `body`, `query`, `path`, `header` or `form`.
    pub r#in: String,
    /// Where in a body (RFC 6901).
    #[serde(default)]
    pub pointer: Option<String>,
    /// Which parameter.
    #[serde(default)]
    pub name: Option<String>,
    pub code: String,
    pub message: String,
}

/// Why a call has no answer.
#[derive(Debug)]
pub enum Error {
    /// The server refused.
    Problem(Box<ProblemDocument>),
    /// The caller's copy is still good: 304 to an `If-None-Match` of [`super::Transport::with_header`].
    NotModified,
    /// The server could not be asked, or broke off.
    Transport(reqwest::Error),
    /// The answer was not what the document says.
    Unexpected { status: u16, body: String },
    /// The parameters could not be written as JSON.
    Unwritable(serde_json::Error),
    /// A parameter has what no header may have, such as the end of a line.
    Unsendable(http::Error),
}

impl Error {
    /// The server's problem, if that is what it is.
    #[must_use]
    pub fn problem(&self) -> Option<&ProblemDocument> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => write!(f, "{} ({}): {}", problem.status, problem.code, problem.detail),
            Self::NotModified => f.write_str("nothing has changed"),
            Self::Transport(error) => write!(f, "the server could not be asked: {error}"),
            Self::Unexpected { status, body } => {
                write!(f, "an answer {status} that the document does not know: {body:.200}")
            }
            Self::Unwritable(error) => write!(f, "the parameters could not be written: {error}"),
            Self::Unsendable(error) => write!(f, "the parameters could not be sent: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            Self::Unwritable(error) => Some(error),
            Self::Unsendable(error) => Some(error),
            Self::Problem(_) | Self::NotModified | Self::Unexpected { .. } => None,
        }
    }
}
