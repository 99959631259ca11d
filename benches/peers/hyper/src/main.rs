//! The floor that `scripts/bench` measures against: hyper 1 over HTTP/1.1, no router, no decoding, one constant answer
//! to every request. It shares Shopkeeper's runtime flavour, allocator and `TCP_NODELAY`, so that what remains between
//! the two is Shopkeeper's own work.
//!
//! Usage: `bench-hyper BODY_BYTES CONTENT_TYPE`. It listens on a free loopback port, prints `listening on ADDRESS`
//! and runs until it is killed.

use std::convert::Infallible;
use std::error::Error;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What every request is answered with; both parts are cheap to clone.
#[derive(Clone)]
struct Answer {
    body: Bytes,
    content_type: HeaderValue,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(size), Some(content_type)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bench-hyper BODY_BYTES CONTENT_TYPE".into());
    };
    let answer =
        Answer { body: Bytes::from(vec![b'x'; size.parse()?]), content_type: HeaderValue::from_str(&content_type)? };

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(serve(stream, answer.clone()));
    }
}

/// Answers one connection until the caller closes it. A broken connection is the load generator's to report.
async fn serve(stream: TcpStream, answer: Answer) {
    let respond = service_fn(move |_: Request<Incoming>| {
        let mut response = Response::new(Full::new(answer.body.clone()));
        response.headers_mut().insert(CONTENT_TYPE, answer.content_type.clone());
        async { Ok::<_, Infallible>(response) }
    });
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), respond).await;
}
