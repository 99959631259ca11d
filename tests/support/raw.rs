//! Bytes on a socket, for what HTTP clients are too polite to send.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longest time that an answer may take before the test gives up: a guard, never waited for when all is well.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer to raw bytes.
#[derive(Debug)]
pub struct RawAnswer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// All that came, further answers included.
    pub all: Vec<u8>,
}

/// Sends bytes and reads until the server closes the connection, so ask for `Connection: close` where the server would not.
pub async fn send(address: SocketAddr, bytes: &[u8]) -> RawAnswer {
    let exchange = async {
        let mut socket = TcpStream::connect(address).await.expect("a connection");
        // The server may refuse, and close, before it has read all.
        let _ = socket.write_all(bytes).await;
        let mut all = Vec::new();
        let _ = socket.read_to_end(&mut all).await;
        all
    };
    let all = tokio::time::timeout(PATIENCE, exchange).await.unwrap_or_else(|_| {
        panic!("no end of the answer to {:.200}", String::from_utf8_lossy(bytes));
    });
    parse(all)
}

/// Method and target of the first request among the bytes, if they begin with one.
pub fn asked(bytes: &[u8]) -> Option<(Method, String)> {
    let line = bytes.split(|byte| *byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    Some((words.next()?.parse().ok()?, words.next()?.to_owned()))
}

fn parse(all: Vec<u8>) -> RawAnswer {
    let shown = String::from_utf8_lossy(&all).into_owned();
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("no answer: {shown:?}"));
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no header: {line}"));
        let value = HeaderValue::from_str(value.trim()).expect("a header value");
        headers.append(name.parse::<HeaderName>().expect("a header name"), value);
    }
    let length = headers.get("content-length").and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let rest = &all[end + 4..];
    let body = rest[..length.unwrap_or(rest.len()).min(rest.len())].to_vec();
    RawAnswer { status: status.unwrap_or_else(|| panic!("no status: {shown:?}")), headers, body, all }
}

impl RawAnswer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Expects a problem of this status and code, in the form that all problems have.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) {
        let body = self.json();
        let media = self.headers.get("content-type").and_then(|value| value.to_str().ok());
        let whole = ["type", "title", "detail", "instance", "request_id", "timestamp"];
        let sound = self.status == status
            && body["status"] == status
            && body["code"] == code
            && media == Some("application/problem+json")
            && self.headers.contains_key("x-request-id")
            && whole.iter().all(|member| body[*member].is_string());
        assert!(sound, "expected {status} {code}: {}", String::from_utf8_lossy(&self.all));
    }
}
