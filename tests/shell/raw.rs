//! A caller who writes bytes and reads answers, without a client's manners. Whatever takes too long fails the test.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// Far more than anything here should take, even on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Raw {
    pub stream: TcpStream,
    unread: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// Checks that this is a problem of the contract's shape, and returns its code.
    pub fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        for member in ["type", "title", "status", "detail", "instance", "code", "request_id", "timestamp"] {
            assert!(problem.get(member).is_some(), "{member} is missing from {problem}");
        }
        assert_eq!(problem["status"], self.status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        problem["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Raw {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = timeout(PATIENCE, TcpStream::connect(address)).await.expect("connects in time").expect("connects");
        stream.set_nodelay(true).expect("no delay");
        Self::over(stream)
    }

    /// The same, from another address of this machine.
    pub async fn connect_from(from: IpAddr, address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::new(from, 0)).expect("an address");
        Self::over(timeout(PATIENCE, socket.connect(address)).await.expect("connects in time").expect("connects"))
    }

    pub fn over(stream: TcpStream) -> Self {
        Self { stream, unread: Vec::new() }
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        timeout(PATIENCE, self.stream.write_all(bytes.as_ref())).await.expect("is read in time").expect("is read");
    }

    /// Sends what the server may not want any more.
    pub async fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
        timeout(PATIENCE, self.stream.write_all(bytes.as_ref())).await.expect("is read in time")
    }

    /// What comes until the server closes, or has answered one more question in full.
    pub async fn until_quiet(&mut self) -> Vec<u8> {
        let _ = self.try_send("GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        self.closed().await
    }

    /// Waits until the server has read all that was sent, where the system tells (Linux: proc(5), `net/tcp`).
    pub async fn is_read(&self) {
        let end = |address: std::io::Result<SocketAddr>| match address.expect("an address") {
            SocketAddr::V4(v4) => format!("{:08X}:{:04X}", u32::from_le_bytes(v4.ip().octets()), v4.port()),
            SocketAddr::V6(v6) => panic!("{v6} is listed elsewhere"),
        };
        let server = format!("{} {} ", end(self.stream.peer_addr()), end(self.stream.local_addr()));
        let is_read = || {
            let listed = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
            let waiting =
                |line: &str| line.split_whitespace().nth(4)?.split_once(':').map(|(_, rest)| rest != "00000000");
            !listed.lines().filter(|line| line.contains(&server)).any(|line| waiting(line).unwrap_or(true))
        };
        let reading = async {
            while !is_read() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(PATIENCE, reading).await.expect("is read in time");
    }

    /// One request on a connection of its own.
    pub async fn ask(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Heard {
        let mut raw = Self::connect(address).await;
        raw.send(bytes).await;
        raw.hear().await
    }

    /// Reads more; `false` at the end.
    async fn more(&mut self) -> bool {
        let read = timeout(PATIENCE, self.stream.read_buf(&mut self.unread)).await.expect("answers in time");
        read.unwrap_or_else(|error| panic!("the answer broke off: {error}")) > 0
    }

    /// The next answer, its body by `Content-Length`.
    pub async fn hear(&mut self) -> Heard {
        let mut heard = self.hear_head().await;
        let length = heard.header("content-length").parse().unwrap_or(0);
        while self.unread.len() < length {
            assert!(self.more().await, "the body broke off");
        }
        heard.body = self.unread.drain(..length).collect();
        heard
    }

    /// The next answer's head: all there is of an answer to HEAD.
    pub async fn hear_head(&mut self) -> Heard {
        let end = loop {
            if let Some(end) = self.unread.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            assert!(self.more().await, "no answer but {:?}", String::from_utf8_lossy(&self.unread));
        };
        let text = String::from_utf8(self.unread.drain(..end).collect()).expect("a head of text");
        let mut lines = text.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Heard { status: status.expect("a status"), headers, body: Vec::new() }
    }

    /// Waits until the server closes, and returns what it said before.
    pub async fn closed(&mut self) -> Vec<u8> {
        loop {
            match timeout(PATIENCE, self.stream.read_buf(&mut self.unread)).await.expect("closes in time") {
                Ok(0) | Err(_) => return std::mem::take(&mut self.unread),
                Ok(_) => {}
            }
        }
    }
}

/// A request without a body.
pub fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: shop.test\r\n\r\n")
}
