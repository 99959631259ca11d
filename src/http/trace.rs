//! What follows a request from its first byte to its log line: its ids, its caller, and what became known of it.

use super::origin::Base;
use super::shortcuts::Again;
use super::tick;
use crate::telemetry::{Access, AccessLog};
use http::header::{HeaderName, HeaderValue};
use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use uuid::{NoContext, Timestamp, Uuid};

/// The header that carries a request's id, on the way in and out.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's id: the caller's own if it is sane, else a new `UUIDv7`.
#[derive(Debug, Clone)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id of a request that came with this `X-Request-Id` at this time.
    #[must_use]
    pub fn of(sent: Option<&HeaderValue>, at: SystemTime) -> Self {
        match sent {
            Some(sent) if is_sane(sent.as_bytes()) => Self(sent.clone()),
            _ => Self::new(at),
        }
    }

    /// A new id.
    #[must_use]
    pub fn new(at: SystemTime) -> Self {
        // Hexadecimal digits and hyphens are always a header's value.
        Self(HeaderValue::from_bytes(&Self::text(at)).unwrap_or(HeaderValue::from_static("none")))
    }

    /// A new id, as text.
    #[expect(
        clippy::disallowed_methods,
        reason = "unique is enough here: chance from `infra` costs several times more"
    )]
    pub(super) fn text(at: SystemTime) -> [u8; 36] {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let id = Uuid::new_v7(Timestamp::from_unix(NoContext, since.as_secs(), since.subsec_nanos()));
        let mut text = [0; 36];
        id.hyphenated().encode_lower(&mut text);
        text
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    #[must_use]
    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

/// Ids are echoed and logged: only short ones of harmless characters are kept.
fn is_sane(sent: &[u8]) -> bool {
    let harmless = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=128).contains(&sent.len()) && sent.iter().all(harmless)
}

/// The trace that a request belongs to (W3C Trace Context, section 3.2.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceId([u8; 32]);

impl TraceId {
    /// Reads `traceparent`; one that breaks the format counts as absent, as the recommendation demands.
    #[must_use]
    pub fn of(sent: Option<&HeaderValue>) -> Option<Self> {
        let sent = sent?.as_bytes();
        let hex = |bytes: &[u8]| bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let some = |bytes: &[u8]| hex(bytes) && bytes.iter().any(|byte| *byte != b'0');
        let (version, rest) = sent.split_first_chunk::<2>()?;
        let (id, rest) = rest.strip_prefix(b"-")?.split_first_chunk::<32>()?;
        let (parent, rest) = rest.strip_prefix(b"-")?.split_first_chunk::<16>()?;
        let (flags, rest) = rest.strip_prefix(b"-")?.split_first_chunk::<2>()?;
        // Later versions may append fields; version 00 may not, and ff is none.
        let ends = rest.is_empty() || (version != b"00" && rest.starts_with(b"-"));
        let sane = hex(version) && version != b"ff" && some(id) && some(parent) && hex(flags) && ends;
        sane.then_some(Self(*id))
    }

    /// An id that is written as it should be.
    pub(super) fn hex(id: &str) -> Option<Self> {
        id.as_bytes().try_into().ok().map(Self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A request underway: what the shell knows of it, and what the way through the rooms adds for its log line.
pub struct Visit {
    pub request_id: RequestId,
    pub trace_id: Option<TraceId>,
    /// The caller's address, proxies considered.
    pub ip: IpAddr,
    /// When the request's head had been read.
    pub at: SystemTime,
    pub(super) started: Instant,
    pub(super) base: Base,
    account: OnceLock<Uuid>,
    api_key: OnceLock<Uuid>,
    operation: OnceLock<&'static str>,
    code: OnceLock<&'static str>,
    deprecated: OnceLock<()>,
    /// How the answer can be given again; there is room for it if somebody wants to know.
    again: Option<OnceLock<Arc<dyn Again>>>,
}

impl Visit {
    pub(super) fn new(
        request_id: RequestId,
        trace_id: Option<TraceId>,
        ip: IpAddr,
        at: SystemTime,
        base: Base,
    ) -> Self {
        Self {
            request_id,
            trace_id,
            ip,
            at,
            started: tick::instant(),
            base,
            account: OnceLock::new(),
            api_key: OnceLock::new(),
            operation: OnceLock::new(),
            code: OnceLock::new(),
            deprecated: OnceLock::new(),
            again: None,
        }
    }

    /// The same, asking how the answer can be given again.
    pub(super) fn asking_how(self, wanted: bool) -> Self {
        Self { again: wanted.then(OnceLock::new), ..self }
    }

    /// Tells how the answer can be given again, if somebody wants to know.
    pub fn tell_how(&self, again: impl FnOnce() -> Arc<dyn Again>) {
        if let Some(told) = &self.again {
            told.get_or_init(again);
        }
    }

    /// How the answer can be given again, if that was told.
    pub(super) fn how(&self) -> Option<&Arc<dyn Again>> {
        self.again.as_ref()?.get()
    }

    /// Scheme and authority under which the caller reached this server, such as `https://shop.example`.
    #[must_use]
    pub fn base(&self) -> Cow<'_, str> {
        self.base.as_str()
    }

    /// Notes who calls, once it is verified, and with which API key if it is one; the first note stays.
    pub fn note_caller(&self, account: Uuid, api_key: Option<Uuid>) {
        let _ = self.account.set(account);
        if let Some(api_key) = api_key {
            let _ = self.api_key.set(api_key);
        }
    }

    /// Where to note whose request it turns out to be, such as by signing in.
    pub(super) fn account(&self) -> &OnceLock<Uuid> {
        &self.account
    }

    /// Notes the code of the problem that is answered; the first note stays.
    pub(super) fn note_code(&self, code: &'static str) {
        let _ = self.code.set(code);
    }

    /// Notes what is called: an `operationId` that the metrics know; the first note stays.
    pub fn note_operation(&self, operation: &'static str) {
        let _ = self.operation.set(operation);
    }

    /// Notes that what is called is on its way out.
    pub fn note_deprecated(&self) {
        let _ = self.deprecated.set(());
    }

    pub(super) fn is_deprecated(&self) -> bool {
        self.deprecated.get().is_some()
    }

    /// The account that calls, and the API key by which it does.
    pub(super) fn who(&self) -> (Option<Uuid>, Option<Uuid>) {
        (self.account.get().copied(), self.api_key.get().copied())
    }

    /// The client as tokens name it (RFC 9068): the id of an API key, or `first-party` for whoever signed in.
    pub(super) fn client(&self) -> String {
        match (self.api_key.get(), self.account.get()) {
            (Some(key), _) => key.to_string(),
            (None, Some(_)) => "first-party".to_owned(),
            (None, None) => "anonymous".to_owned(),
        }
    }

    /// What was noted, or nothing.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation.get().copied().unwrap_or("")
    }

    /// The span in which the request is handled. It exists at `debug` only: at `info` its price would be that of a
    /// second log line, and the rooms have the id at hand where they report an error.
    #[must_use]
    pub fn span(&self) -> tracing::Span {
        tracing::debug_span!("request", request_id = self.request_id.as_str(), ip = %self.ip)
    }

    /// Writes the line, and tells how long the request took.
    pub(super) fn end(&self, log: &AccessLog, method: &str, path: &str, status: u16) -> std::time::Duration {
        let duration = self.started.elapsed();
        log.record(&Access {
            at: self.at + duration,
            method,
            path,
            status,
            duration,
            operation: self.operation(),
            code: self.code.get().copied().unwrap_or(""),
            account: self.account.get().copied(),
            api_key: self.api_key.get().copied(),
            ip: self.ip,
            request_id: self.request_id.as_str(),
            trace_id: self.trace_id.as_ref().map(TraceId::as_str),
        });
        duration
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> HeaderValue {
        HeaderValue::from_str(text).unwrap()
    }

    #[test]
    fn a_sane_id_of_the_caller_is_kept() {
        let kept = |id: &str| RequestId::of(Some(&value(id)), tick::wall()).as_str() == id;
        assert!(kept("a") && kept("Order_7.retry-2") && kept(&"x".repeat(128)));
        assert!(!kept("") && !kept("a b") && !kept("a;b") && !kept(&"x".repeat(129)) && !kept("<script>"));
    }

    #[test]
    fn a_new_id_is_a_uuid_of_this_moment() {
        let at = UNIX_EPOCH + std::time::Duration::from_millis(1_700_000_000_123);
        let id: Uuid = RequestId::of(None, at).as_str().parse().unwrap();
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_timestamp().unwrap().to_unix(), (1_700_000_000, 123_000_000));
    }

    #[test]
    fn traceparent_is_read_as_the_recommendation_says() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let read = |text: &str| TraceId::of(Some(&value(text))).map(|id| id.as_str().to_owned());
        assert_eq!(read(&format!("00-{id}-00f067aa0ba902b7-01")).as_deref(), Some(id));
        assert_eq!(read(&format!("cc-{id}-00f067aa0ba902b7-01-later")).as_deref(), Some(id));
        for wrong in [
            format!("00-{id}-00f067aa0ba902b7-01-later"),
            format!("ff-{id}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", id.to_uppercase()),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{id}-0000000000000000-01"),
            format!("00-{id}-00f067aa0ba902b7"),
            "nonsense".to_owned(),
            String::new(),
        ] {
            assert_eq!(read(&wrong), None, "{wrong}");
        }
    }
}
