//! An answer before it is put on the wire.

use crate::problem::{Problem, kinds};
use crate::{Bytes, HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

/// Status, headers and a complete body.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    /// An answer without a body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        // Room for what every answer carries, so that the map never grows on its way.
        Self { status, headers: HeaderMap::with_capacity(12), body: Bytes::new() }
    }

    /// Sets the body and its media type.
    pub fn put(&mut self, media_type: HeaderValue, body: Bytes) {
        self.headers.insert(header::CONTENT_TYPE, media_type);
        self.body = body;
    }

    /// An answer whose body is `value` as JSON.
    ///
    /// # Errors
    /// [`kinds::INTERNAL_ERROR`] if the value cannot be written as JSON.
    pub fn json<T: Serialize>(status: u16, media_type: &'static str, value: &T) -> Result<Self, Problem> {
        let mut reply = Self::empty(StatusCode::from_u16(status).unwrap_or_default());
        let mut body = Vec::with_capacity(512);
        serde_json::to_writer(&mut body, value)
            .map_err(|error| Problem::new(kinds::INTERNAL_ERROR, format!("could not write the answer: {error}")))?;
        reply.put(HeaderValue::from_static(media_type), Bytes::from(body));
        Ok(reply)
    }

    /// Sets a header that the document declares for the answer.
    ///
    /// # Errors
    /// [`kinds::INTERNAL_ERROR`] if the value holds what no header can carry.
    pub fn set(&mut self, name: &'static str, value: &str) -> Result<(), Problem> {
        let value = HeaderValue::from_str(value)
            .map_err(|_| Problem::new(kinds::INTERNAL_ERROR, format!("the header {name} cannot carry its value")))?;
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(())
    }
}
