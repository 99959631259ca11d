//! Stands before a shop and does to its callers what networks and busy servers do: refuses, breaks off, loses answers.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// What is done to one connection; those that nothing is said about are let through.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Answers the first request with this status and these lines of headers, and a problem of this code.
    Refuse(u16, &'static str, &'static str),
    /// Closes it without an answer, and the shop never hears of it.
    Hang,
    /// Lets the request in and keeps the answer.
    Swallow,
    /// Lets it through.
    Pass,
}

/// A door to a shop. It is watched until the test ends.
pub struct Doorman {
    pub address: SocketAddr,
    deeds: Arc<Mutex<VecDeque<Deed>>>,
}

impl Doorman {
    /// Stands before the shop at this address.
    pub async fn before(shop: SocketAddr, deeds: &[Deed]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let deeds = Arc::new(Mutex::new(deeds.iter().cloned().collect::<VecDeque<_>>()));
        let left = Arc::clone(&deeds);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let deed = left.lock().expect("deeds").pop_front().unwrap_or(Deed::Pass);
                tokio::spawn(attend(socket, shop, deed));
            }
        });
        Self { address, deeds }
    }

    /// The base of a client that comes this way.
    pub fn base(&self) -> String {
        format!("http://{}{}", self.address, generated::BASE_PATH)
    }

    /// Whether all deeds are done.
    pub fn is_done(&self) -> bool {
        self.deeds.lock().expect("deeds").is_empty()
    }
}

async fn attend(mut socket: TcpStream, shop: SocketAddr, deed: Deed) {
    match deed {
        Deed::Refuse(status, headers, code) => {
            request(&mut socket).await;
            let body = format!(
                "{{\"type\":\"/problems/{code}\",\"title\":\"\",\"status\":{status},\"detail\":\"\",\"code\":\"{code}\"}}"
            );
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} No\r\n{headers}Content-Type: application/problem+json\r\nConnection: close\r\n\
                 Content-Length: {length}\r\n\r\n"
            );
            let _ = socket.write_all(format!("{head}{body}").as_bytes()).await;
            let _ = socket.shutdown().await;
        }
        Deed::Hang => {
            request(&mut socket).await;
        }
        Deed::Swallow => {
            let sent = request(&mut socket).await;
            let mut upstream = TcpStream::connect(shop).await.expect("the shop");
            upstream.write_all(&sent).await.expect("the request goes in");
            let mut first = [0; 1];
            let _ = upstream.read(&mut first).await;
        }
        Deed::Pass => {
            let mut upstream = TcpStream::connect(shop).await.expect("the shop");
            let _ = copy_bidirectional(&mut socket, &mut upstream).await;
        }
    }
}

/// The bytes of one request, whose body has a length that was announced.
async fn request(socket: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|end| end + 4);
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
            let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split('\r').next()?.parse().ok());
            if bytes.len() >= head + length.unwrap_or(0) {
                return bytes;
            }
        }
        match socket.read(&mut chunk).await {
            Ok(read @ 1..) => bytes.extend_from_slice(&chunk[..read]),
            _ => return bytes,
        }
    }
}
