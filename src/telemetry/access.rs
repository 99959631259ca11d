//! The one line that each request leaves.
//!
//! It is put together by hand: through the layers of `tracing` it would cost several microseconds, which is as
//! much as all the rest of a cached read. Query strings, headers and bodies never come here, so no secret can.

use super::{Format, Sink, stamp};
use std::cell::RefCell;
use std::io::Write;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// Longest part of a path that is written; bytes.
const PATH_LIMIT: usize = 1024;

/// What is told of a request.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a> {
    /// When the answer was ready.
    pub at: SystemTime,
    /// As the caller sent it.
    pub method: &'a str,
    /// Without the query.
    pub path: &'a str,
    /// 499 when the caller left before there was an answer.
    pub status: u16,
    pub duration: Duration,
    /// `operationId` or the page's name; empty when nothing was found. Letters, digits and underscores, as all names of ours.
    pub operation: &'static str,
    /// Of the problem that was answered; empty when there was none.
    pub code: &'static str,
    pub account: Option<Uuid>,
    /// With which the account called.
    pub api_key: Option<Uuid>,
    pub ip: IpAddr,
    /// Of letters, digits, dots, underscores and hyphens: others are not let in.
    pub request_id: &'a str,
    /// From `traceparent`.
    pub trace_id: Option<&'a str>,
}

/// Writes access lines, or nothing when the level filter rules them out.
#[derive(Clone)]
pub struct AccessLog(Option<Lines>);

#[derive(Clone)]
struct Lines {
    sink: Sink,
    format: Format,
    told: Arc<AtomicBool>,
}

impl AccessLog {
    /// Lines of this format into this sink.
    #[must_use]
    pub fn new(sink: Sink, format: Format) -> Self {
        Self(Some(Lines { sink, format, told: Arc::new(AtomicBool::new(true)) }))
    }

    /// Writes nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self(None)
    }

    /// What turns them on and off while the program runs.
    pub(super) fn switch(&self) -> Arc<AtomicBool> {
        self.0.as_ref().map(|lines| Arc::clone(&lines.told)).unwrap_or_default()
    }

    /// Writes one line.
    pub fn record(&self, access: &Access<'_>) {
        thread_local! {
            static LINE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        let Some(Lines { sink, format, told }) = &self.0 else { return };
        if !told.load(Relaxed) {
            return;
        }
        LINE.with_borrow_mut(|line| {
            line.clear();
            match format {
                Format::Json => json(line, access),
                Format::Text { .. } => text(line, access),
            }
            sink.push(line);
        });
    }
}

fn json(line: &mut Vec<u8>, access: &Access<'_>) {
    line.extend_from_slice(b"{\"timestamp\":\"");
    line.extend_from_slice(&stamp::rfc3339(access.at));
    line.extend_from_slice(b"\",\"level\":\"INFO\",\"event\":\"request\",\"method\":\"");
    escaped(line, access.method);
    line.extend_from_slice(b"\",\"path\":\"");
    escaped(line, access.path);
    line.extend_from_slice(b"\",\"status\":");
    number(line, access.status);
    line.extend_from_slice(b",\"duration_us\":");
    number(line, micros(access.duration));
    if !access.operation.is_empty() {
        line.extend_from_slice(b",\"operation\":\"");
        line.extend_from_slice(access.operation.as_bytes());
        line.push(b'"');
    }
    if !access.code.is_empty() {
        line.extend_from_slice(b",\"code\":\"");
        line.extend_from_slice(access.code.as_bytes());
        line.push(b'"');
    }
    for (name, id) in [("account_id", access.account), ("api_key_id", access.api_key)] {
        if let Some(id) = id {
            line.extend_from_slice(b",\"");
            line.extend_from_slice(name.as_bytes());
            line.extend_from_slice(b"\":\"");
            hyphenated(line, id);
            line.push(b'"');
        }
    }
    line.extend_from_slice(b",\"ip\":\"");
    address(line, access.ip);
    line.extend_from_slice(b"\",\"request_id\":\"");
    line.extend_from_slice(access.request_id.as_bytes());
    if let Some(trace_id) = access.trace_id {
        line.extend_from_slice(b"\",\"trace_id\":\"");
        escaped(line, trace_id);
    }
    line.extend_from_slice(b"\"}\n");
}

fn text(line: &mut Vec<u8>, access: &Access<'_>) {
    // The time of day to the millisecond: who watches a terminal knows the date.
    line.extend_from_slice(&stamp::rfc3339(access.at)[11..23]);
    line.push(b' ');
    escaped(line, access.method);
    line.push(b' ');
    escaped(line, access.path);
    line.push(b' ');
    number(line, access.status);
    line.push(b' ');
    let micros = micros(access.duration);
    number(line, micros / 1000);
    line.push(b'.');
    number(line, micros % 1000 / 100);
    line.extend_from_slice(b"ms ");
    address(line, access.ip);
    if !access.code.is_empty() {
        line.push(b' ');
        escaped(line, access.code);
    }
    if let Some(account) = access.account {
        line.extend_from_slice(b" account=");
        hyphenated(line, account);
    }
    if let Some(api_key) = access.api_key {
        line.extend_from_slice(b" key=");
        hyphenated(line, api_key);
    }
    line.extend_from_slice(b" request=");
    line.extend_from_slice(access.request_id.as_bytes());
    line.push(b'\n');
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn number(line: &mut Vec<u8>, number: impl itoa::Integer) {
    line.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn hyphenated(line: &mut Vec<u8>, id: Uuid) {
    line.extend_from_slice(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
}

fn address(line: &mut Vec<u8>, ip: IpAddr) {
    match ip {
        IpAddr::V4(ip) => {
            for (position, octet) in ip.octets().into_iter().enumerate() {
                if position > 0 {
                    line.push(b'.');
                }
                number(line, octet);
            }
        }
        // Rare enough for the formatting machinery; writing into a vector cannot fail.
        IpAddr::V6(ip) => drop(write!(line, "{ip}")),
    }
}

/// Copies text so that it can neither end a JSON string nor forge a line or colour a terminal.
#[expect(clippy::needless_bitwise_bool, reason = "without early ends the compiler looks at many bytes at once")]
fn escaped(line: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let shown = text.floor_char_boundary(PATH_LIMIT);
    let (text, cut) = (&text.as_bytes()[..shown], shown < text.len());
    let harmless = |byte: &u8| (0x20..=0x7e).contains(byte) & (*byte != b'"') & (*byte != b'\\');
    if text.iter().fold(true, |all, byte| all & harmless(byte)) {
        line.extend_from_slice(text);
    } else {
        for &byte in text {
            match byte {
                b'"' | b'\\' => line.extend_from_slice(&[b'\\', byte]),
                0x00..=0x1f | 0x7f => {
                    line.extend_from_slice(b"\\u00");
                    line.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
                }
                // Bytes of a longer character: the text is UTF-8, and so stays the line.
                _ => line.push(byte),
            }
        }
    }
    if cut {
        line.extend_from_slice(b"...");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn access<'a>(path: &'a str, request_id: &'a str) -> Access<'a> {
        Access {
            at: SystemTime::UNIX_EPOCH,
            method: "GET",
            path,
            status: 200,
            duration: Duration::from_micros(1234),
            operation: "getUser",
            code: "",
            api_key: None,
            account: Some(Uuid::nil()),
            ip: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)),
            request_id,
            trace_id: None,
        }
    }

    #[test]
    fn a_line_is_one_json_object_with_the_promised_members() {
        let mut line = Vec::new();
        json(&mut line, &access("/api/v1/users", "r-1"));
        let value: serde_json::Value = serde_json::from_slice(&line).unwrap();
        assert_eq!(
            value,
            serde_json::json!({
                "timestamp": "1970-01-01T00:00:00.000000Z", "level": "INFO", "event": "request", "method": "GET",
                "path": "/api/v1/users", "status": 200, "duration_us": 1234, "operation": "getUser",
                "account_id": "00000000-0000-0000-0000-000000000000", "ip": "203.0.113.9", "request_id": "r-1",
            })
        );
    }

    #[test]
    fn a_line_tells_what_was_refused_and_which_key_called() {
        let refused = Access { status: 403, code: "forbidden", api_key: Some(Uuid::max()), ..access("/", "r") };
        let (mut object, mut words) = (Vec::new(), Vec::new());
        json(&mut object, &refused);
        text(&mut words, &refused);
        let value: serde_json::Value = serde_json::from_slice(&object).unwrap();
        assert_eq!((&value["code"], &value["api_key_id"]), (&"forbidden".into(), &Uuid::max().to_string().into()));
        let words = String::from_utf8(words).unwrap();
        assert!(words.contains(" forbidden account=") && words.contains(" key=ffffffff-"), "{words}");
    }

    #[test]
    fn a_path_cannot_forge_a_line() {
        for path in ["/a\nb", "/a\r\n{\"event\":\"request\"}", "/\"\\\u{1b}[31m\u{7f}", "/ünï\u{85}"] {
            for write in [json, text] {
                let mut line = Vec::new();
                write(&mut line, &access(path, "r"));
                assert_eq!(line.iter().filter(|byte| byte.is_ascii_control()).count(), 1, "{path:?}");
                assert_eq!(line.last(), Some(&b'\n'));
            }
            let mut line = Vec::new();
            json(&mut line, &access(path, "r"));
            let value: serde_json::Value = serde_json::from_slice(&line).unwrap();
            assert_eq!(value["path"], path);
        }
    }

    #[test]
    fn a_long_path_is_cut_at_a_character() {
        let path = format!("/{}", "ü".repeat(PATH_LIMIT));
        let mut line = Vec::new();
        json(&mut line, &access(&path, "r"));
        assert!(line.len() < PATH_LIMIT + 300);
        assert!(serde_json::from_slice::<serde_json::Value>(&line).is_ok());
    }

    /// Not a promise but a measurement: `cargo test --release -- --ignored --nocapture the_cost_of_a_line`.
    #[test]
    #[ignore = "measures"]
    fn the_cost_of_a_line() {
        let (sink, _flusher) = Sink::start(std::io::sink(), |_| String::new()).unwrap();
        let log = AccessLog::new(sink, Format::Json);
        let id = Uuid::nil().to_string();
        let rounds = 1_000_000;
        let clock = crate::infra::clock::Clock::system();
        for _ in 0..rounds {
            log.record(&Access { at: stamp::now(), ..access("/api/v1/users/me", &id) });
        }
        println!("{:?} a line", clock.elapsed() / rounds);
    }
}
