//! An answer before it is put on the wire.

use crate::problem::{Problem, kinds};
use crate::{Bytes, Fields, HeaderMap, HeaderName, HeaderValue, Shape, StatusCode, conditional, header};
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

    /// An answer of this status, still without a body.
    #[must_use]
    pub fn of(status: u16) -> Self {
        Self::empty(StatusCode::from_u16(status).unwrap_or_default())
    }

    /// Writes `value` as JSON, as it was asked for: only the wanted members, and nothing at all where the caller knows
    /// the answer. The headers must be set by now, for the tag tells whether it does.
    ///
    /// # Errors
    /// [`kinds::INTERNAL_ERROR`] if the value cannot be written as JSON.
    pub fn write<T: Serialize>(
        &mut self,
        asked: &Asked<'_>,
        media_type: &'static str,
        value: &T,
    ) -> Result<(), Problem> {
        if !asked.fields.is_all() {
            conditional::mark_selection(&mut self.headers, &asked.fields);
        }
        if self.status == StatusCode::OK && asked.known.is_some_and(|known| conditional::knows(known, &self.headers)) {
            self.status = StatusCode::NOT_MODIFIED;
            return Ok(());
        }
        let mut body = Vec::with_capacity(512);
        serde_json::to_writer(&mut body, value).map_err(|error| unwritable(&error))?;
        if !asked.fields.is_all() {
            body = asked.shape.select(&body, &asked.fields).map_err(|error| unwritable(&error))?;
        }
        let media_type = if asked.fields.is_all() { media_type } else { asked.selection };
        self.put(HeaderValue::from_static(media_type), Bytes::from(body));
        Ok(())
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

fn unwritable(error: &serde_json::Error) -> Problem {
    Problem::new(kinds::INTERNAL_ERROR, format!("could not write the answer: {error}"))
}

/// How a caller wants an answer.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    known: Option<&'a HeaderValue>,
    fields: Fields,
    shape: Shape,
    selection: &'static str,
}

impl<'a> Asked<'a> {
    /// The whole answer, unless `known` (the value of `If-None-Match`) names its tag.
    #[must_use]
    pub fn new(known: Option<&'a HeaderValue>) -> Self {
        Self { known, fields: Fields::default(), shape: Shape::One, selection: "" }
    }

    /// These members only, if not all are wanted, then in the media type of selections.
    #[must_use]
    pub fn selecting(self, fields: Fields, shape: Shape, selection: &'static str) -> Self {
        Self { fields, shape, selection, ..self }
    }
}
