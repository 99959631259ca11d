//! Parts of messages that hyper does not write: HTTP/1.1 heads, line by line (RFC 9112, sections 4 and 5).

use chrono::{DateTime, Utc};
use http::StatusCode;
use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

/// Appends the status line.
pub(super) fn write_status(head: &mut Vec<u8>, status: StatusCode) {
    for part in ["HTTP/1.1 ", status.as_str(), " ", status.canonical_reason().unwrap_or_default(), "\r\n"] {
        head.extend_from_slice(part.as_bytes());
    }
}

/// Appends the line of one header.
pub(super) fn write_line(head: &mut Vec<u8>, name: &str, value: &[u8]) {
    for part in [name.as_bytes(), b": ", value, b"\r\n"] {
        head.extend_from_slice(part);
    }
}

/// Appends the line that tells how long the body is.
pub(super) fn write_length(head: &mut Vec<u8>, length: usize) {
    write_line(head, "content-length", itoa::Buffer::new().format(length).as_bytes());
}

/// Appends the line that tells the date (RFC 9110, section 6.6.1).
pub(super) fn write_date(head: &mut Vec<u8>, at: SystemTime) {
    thread_local! {
        // Under load thousands of answers share a second.
        static LAST: RefCell<(u64, String)> = const { RefCell::new((u64::MAX, String::new())) };
    }
    let second = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    LAST.with_borrow_mut(|(last, text)| {
        if *last != second {
            *text = DateTime::<Utc>::from(at).format("date: %a, %d %b %Y %H:%M:%S GMT\r\n").to_string();
            *last = second;
        }
        head.extend_from_slice(text.as_bytes());
    });
}
