//! A list from its first entry to its last, whatever its pages are.

use super::Error;
use futures_core::Stream;
use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use swagger::Nullable;

/// A page on its way: its entries, and the cursor of the next one.
pub type PageFuture<T> = Pin<Box<dyn Future<Output = Result<(Vec<T>, Nullable<String>), Error>> + Send>>;

/// The entries of a list, each page of which is fetched when the one before is used up. It ends with the last entry, or with
/// the first error. A walk by cursor meets each entry once that is there all the while.
pub struct Walk<T> {
    fetch: Box<dyn FnMut(String) -> PageFuture<T> + Send>,
    /// Where the next page begins; none after the last.
    next: Option<String>,
    ready: VecDeque<T>,
    coming: Option<PageFuture<T>>,
}

impl<T> Walk<T> {
    /// A walk that begins at this cursor, which is empty for the first entry, and asks for pages so.
    pub fn new(cursor: Option<String>, fetch: impl FnMut(String) -> PageFuture<T> + Send + 'static) -> Self {
        let next = Some(cursor.unwrap_or_default());
        Self { fetch: Box::new(fetch), next, ready: VecDeque::new(), coming: None }
    }
}

impl<T: Unpin> Walk<T> {
    /// The next entry; none after the last.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Everything that is left of it.
    ///
    /// # Errors
    /// The first error.
    pub async fn all(mut self) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        while let Some(entry) = self.next().await {
            all.push(entry?);
        }
        Ok(all)
    }
}

impl<T: Unpin> Stream for Walk<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(entry)));
            }
            if self.coming.is_none() {
                let Some(cursor) = self.next.take() else { return Poll::Ready(None) };
                let coming = (self.fetch)(cursor);
                self.coming = Some(coming);
            }
            let Some(coming) = self.coming.as_mut() else { continue };
            let page = ready!(coming.as_mut().poll(context));
            self.coming = None;
            match page {
                Ok((entries, next)) => {
                    self.ready = entries.into();
                    self.next = match next {
                        Nullable::Present(cursor) => Some(cursor),
                        Nullable::Null => None,
                    };
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl<T> fmt::Debug for Walk<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walk").field("ready", &self.ready.len()).field("next", &self.next).finish_non_exhaustive()
    }
}
