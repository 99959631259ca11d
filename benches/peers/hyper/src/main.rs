//! The floor that `scripts/bench` measures against: hyper 1 over HTTP/1.1, no router, no decoding, one constant answer
//! to every request. It shares Shopkeeper's runtime flavour, allocator and `TCP_NODELAY`, so that what remains between
//! the two is Shopkeeper's own work.
//!
//! Usage: `bench-hyper STATUS BODY_BYTES [NAME VALUE]...`, the latter being headers. It listens on a free loopback port,
//! prints `listening on ADDRESS` and runs until it is killed.

use std::convert::Infallible;
use std::error::Error;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What every request is answered with; values are cheap to clone.
#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let answer = Answer::from_words(&std::env::args().skip(1).collect::<Vec<_>>())?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(serve(stream, answer.clone()));
    }
}

impl Answer {
    fn from_words(words: &[String]) -> Result<Self, Box<dyn Error>> {
        let [status, size, headers @ ..] = words else {
            return Err("usage: bench-hyper STATUS BODY_BYTES [NAME VALUE]...".into());
        };
        let mut answer =
            Self { status: status.parse()?, headers: HeaderMap::new(), body: Bytes::from(vec![b'x'; size.parse()?]) };
        for pair in headers.chunks(2) {
            let [name, value] = pair else { return Err("the last header has no value".into()) };
            answer.headers.append(HeaderName::try_from(name.as_str())?, HeaderValue::try_from(value.as_str())?);
        }
        Ok(answer)
    }
}

/// Answers one connection until the caller closes it. A broken connection is the load generator's to report.
async fn serve(stream: TcpStream, answer: Answer) {
    let respond = service_fn(move |_: Request<Incoming>| {
        let mut response = Response::new(Full::new(answer.body.clone()));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers.clone();
        async { Ok::<_, Infallible>(response) }
    });
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), respond).await;
}
