//! A request's body as the handler sees it: hyper's, with a note of whether all of it has arrived.

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

/// A body on its way in.
#[derive(Debug)]
pub struct Inbound {
    inner: Incoming,
    arrived: Option<Arrived>,
}

/// Tells whether the body has arrived in full.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrived(Arc<AtomicBool>);

impl Arrived {
    pub(super) fn is_true(&self) -> bool {
        self.0.load(Ordering::Relaxed)
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
        Ok(self.inner.collect().await?.to_bytes())
    }
}

impl Body for Inbound {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let Some(arrived) = &self.arrived
            && (frame.is_none() || self.inner.is_end_stream())
        {
            arrived.0.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
