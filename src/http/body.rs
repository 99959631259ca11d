//! A request's body as the handler sees it: hyper's, with a note of whether all of it has arrived.

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// A body on its way in.
#[derive(Debug)]
pub struct Inbound {
    inner: Incoming,
    arrived: Option<Arrived>,
}

/// Tells whether the body has arrived in full, and whether somebody waits for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrived(Arc<Progress>);

#[derive(Debug, Default)]
struct Progress {
    complete: AtomicBool,
    awaited: AtomicBool,
}

impl Arrived {
    pub(super) fn is_true(&self) -> bool {
        self.0.complete.load(Ordering::Relaxed)
    }

    /// Whether the handler has asked for more than is there. A body that nobody asks for keeps nobody waiting.
    pub(super) fn is_awaited(&self) -> bool {
        self.0.awaited.load(Ordering::Relaxed)
    }
}

impl Inbound {
    /// The body, and who to ask for its end; nobody when there is none, which spares reads the allocation.
    pub(super) fn new(inner: Incoming) -> (Self, Option<Arrived>) {
        let arrived = (!inner.is_end_stream()).then(Arrived::default);
        (Self { inner, arrived: arrived.clone() }, arrived)
    }

    /// All bytes, without a limit: for callers that are known.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn bytes(self) -> Result<Bytes, hyper::Error> {
        Ok(self.collect().await?.to_bytes())
    }
}

impl Body for Inbound {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.inner).poll_frame(context);
        if let Some(Arrived(progress)) = &self.arrived {
            progress.awaited.store(frame.is_pending(), Ordering::Relaxed);
            if matches!(frame, Poll::Ready(None)) || self.inner.is_end_stream() {
                progress.complete.store(true, Ordering::Relaxed);
            }
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
