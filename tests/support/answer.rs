//! What came back.

use http::HeaderMap;
use serde_json::Value;
use std::fmt;

/// An answer that has kept the document's promises; what else is expected of it is up to the test.
#[derive(Clone)]
pub struct Answer {
    /// Method and path, for messages.
    pub asked: String,
    pub status: u16,
    pub headers: HeaderMap,
    /// Without its content coding.
    pub body: Vec<u8>,
    /// Bytes of the body on the wire.
    pub wire: usize,
}

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(out, "{} → {} {:.2000}\n  headers: {:?}", self.asked, self.status, body, self.headers)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Answer {
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert!(self.status == status, "expected {status}: {self}");
        self
    }

    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        assert!(self.status == status && self.code() == code, "expected {status} {code}: {self}");
        self
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The part of the body at a JSON pointer; null when there is none.
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_default()
    }

    /// The string at a JSON pointer.
    #[track_caller]
    pub fn string(&self, pointer: &str) -> String {
        let Value::String(text) = self.at(pointer) else { panic!("no string at {pointer}: {self}") };
        text
    }

    /// The items of a page.
    #[track_caller]
    pub fn data(&self) -> Vec<Value> {
        let Value::Array(items) = self.at("/data") else { panic!("no page: {self}") };
        items
    }

    /// One member of each item of a page.
    #[track_caller]
    pub fn column(&self, member: &str) -> Vec<String> {
        let cell = |item: &Value| item[member].as_str().unwrap_or_default().to_owned();
        self.data().iter().map(cell).collect()
    }

    pub fn code(&self) -> String {
        self.at("/code").as_str().unwrap_or_default().to_owned()
    }

    pub fn header_or_none(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.header_or_none(name).unwrap_or_else(|| panic!("no header {name}: {self}"))
    }

    /// All values of a header, in one line.
    pub fn headers_joined(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.collect::<Vec<_>>().join(", ")
    }

    /// Place (a pointer into the body, or a name) and code of every fault that a problem names, in order.
    pub fn faults(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let fault = |fault: &Value| {
            let place = text(&fault["pointer"]).or_else(|| text(&fault["name"])).unwrap_or_default();
            (place, text(&fault["code"]).unwrap_or_default())
        };
        let mut faults: Vec<_> = self.at("/errors").as_array().into_iter().flatten().map(fault).collect();
        faults.sort();
        faults
    }

    /// Expects exactly these faults, in any order.
    #[track_caller]
    pub fn expect_faults(self, wanted: &[(&str, &str)]) -> Self {
        let mut wanted: Vec<_> = wanted.iter().map(|(place, code)| ((*place).to_owned(), (*code).to_owned())).collect();
        wanted.sort();
        assert!(self.faults() == wanted, "expected the faults {wanted:?}: {self}");
        self
    }
}
