//! The way to an OpenTelemetry collector: one HTTP/1.1 request for each batch, over TLS where its address says so.
//!
//! Batches leave from a thread of the SDK's own every few seconds, so a connection for each costs nothing that counts, and
//! none has to be looked after. What cannot be sent is given up; the log says so once, and once more when it works again.

use crate::infra::tls;
use crate::telemetry::Collector;
use bytes::Bytes;
use http::header::{CONNECTION, HOST, HeaderValue};
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opentelemetry_http::{HttpClient, HttpError};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

/// How long a batch may take, from connecting to the end of the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes of an answer; a collector has little to say.
const LONGEST: usize = 64 * 1024;

/// Who brings batches to the collector at this address.
///
/// # Errors
/// When the system has no runtime to give.
pub fn at(endpoint: &str) -> io::Result<Collector> {
    // A runtime of its own: the last batch leaves when the server's has ended.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = Arc::new(Courier { runtime, failing: AtomicBool::new(false) });
    Ok(Collector { endpoint: endpoint.to_owned(), client })
}

#[derive(Debug)]
struct Courier {
    runtime: Runtime,
    /// Whether the last batch could not be delivered.
    failing: AtomicBool,
}

impl HttpClient for Courier {
    // As `async_trait` writes it. It blocks, which the SDK's thread is there for.
    fn send_bytes<'client, 'sent>(
        &'client self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'sent>>
    where
        'client: 'sent,
        Self: 'sent,
    {
        let sent = self.runtime.block_on(async {
            timeout(PATIENCE, send(request))
                .await
                .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
        });
        let refusal = sent.as_ref().ok().map(Response::status).filter(|status| !status.is_success());
        let error = match (&sent, refusal) {
            (Err(error), _) => Some(error.to_string()),
            (_, Some(status)) => Some(format!("it answers {status}")),
            _ => None,
        };
        match error {
            Some(error) if !self.failing.swap(true, Relaxed) => {
                tracing::warn!(event = "traces_not_sent", error, "the collector takes no traces; they are given up");
            }
            None if self.failing.swap(false, Relaxed) => {
                tracing::info!(event = "traces_sent_again", "the collector takes traces again");
            }
            _ => {}
        }
        Box::pin(std::future::ready(sent))
    }
}

/// Finds out whether a collector is there, telling it nothing.
///
/// # Errors
/// When it cannot be connected to, or does not prove who it is.
pub async fn reach(endpoint: &str) -> Result<(), HttpError> {
    let place = Place::of(&endpoint.parse()?)?;
    let socket = place.connect().await?;
    if place.secure {
        place.greet(socket).await?;
    }
    Ok(())
}

/// Where a collector is.
struct Place {
    host: String,
    port: u16,
    secure: bool,
}

impl Place {
    fn of(uri: &Uri) -> Result<Self, HttpError> {
        let host = uri.host().ok_or("the collector's address names no host")?;
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        // Brackets are how addresses write IPv6; nobody connects to them.
        Ok(Self { host: host.trim_start_matches('[').trim_end_matches(']').to_owned(), port, secure })
    }

    async fn connect(&self) -> io::Result<TcpStream> {
        TcpStream::connect((self.host.as_str(), self.port)).await
    }

    async fn greet(&self, socket: TcpStream) -> Result<TlsStream<TcpStream>, HttpError> {
        let name = ServerName::try_from(self.host.clone())?;
        Ok(TlsConnector::from(Arc::new(tls::client()?)).connect(name, socket).await?)
    }
}

async fn send(request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let uri = request.uri().clone();
    let place = Place::of(&uri)?;
    let socket = place.connect().await?;
    if place.secure {
        exchange(place.greet(socket).await?, request, &uri).await
    } else {
        exchange(socket, request, &uri).await
    }
}

async fn exchange<S>(socket: S, request: Request<Bytes>, uri: &Uri) -> Result<Response<Bytes>, HttpError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut parts, body) = request.into_parts();
    if let Some(authority) = uri.authority() {
        parts.headers.insert(HOST, HeaderValue::from_str(authority.as_str())?);
    }
    parts.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    parts.uri = path.parse()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket)).await?;
    let answer = async {
        let response = sender.send_request(Request::from_parts(parts, Full::new(body))).await?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LONGEST).collect().await?.to_bytes();
        Ok::<_, HttpError>(Response::from_parts(head, body))
    };
    // Both move in this task: the connection ends with it.
    let mut connection = std::pin::pin!(connection);
    let mut answer = std::pin::pin!(answer);
    tokio::select! {
        answer = &mut answer => answer,
        ended = &mut connection => {
            ended?;
            answer.await
        }
    }
}
