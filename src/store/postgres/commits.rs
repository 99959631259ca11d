//! Commits that are underway in this process.
//!
//! The database lets others see what was committed before whoever committed it hears of that, and drops what caches know. So a
//! refusal, which tells of what it saw, waits for the commits that were underway.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// Those underway. Clones are the same.
#[derive(Debug, Clone)]
pub struct Commits(Arc<Book>);

#[derive(Debug)]
struct Book {
    numbers: Mutex<Numbers>,
    /// All with a lower number have ended.
    ended: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Numbers {
    next: u64,
    underway: BTreeSet<u64>,
}

/// One of them, until this is dropped.
#[derive(Debug)]
pub struct Underway {
    book: Commits,
    number: u64,
}

impl Commits {
    /// None yet.
    pub fn none() -> Self {
        Self(Arc::new(Book { numbers: Mutex::default(), ended: watch::Sender::new(0) }))
    }

    /// Notes one that begins.
    pub fn begin(&self) -> Underway {
        let mut numbers = self.numbers();
        let number = numbers.next;
        numbers.next += 1;
        numbers.underway.insert(number);
        Underway { book: self.clone(), number }
    }

    /// Waits for those that are underway now.
    pub async fn settle(&self) {
        let next = self.numbers().next;
        // The sender lives as long as this does.
        let _ = self.0.ended.subscribe().wait_for(|ended| *ended >= next).await;
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.0.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        let mut numbers = self.book.numbers();
        numbers.underway.remove(&self.number);
        let ended = numbers.underway.first().copied().unwrap_or(numbers.next);
        // Told while the book is open, so that it never goes back.
        self.book.0.ended.send_replace(ended);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use super::*;

    #[tokio::test]
    async fn who_settles_waits_for_what_began_before_and_not_for_what_begins_later() {
        let commits = Commits::none();
        commits.settle().await;
        let (one, two) = (commits.begin(), commits.begin());
        let mut settled = pin!(commits.settle());
        let is_done = poll_fn(|context| Poll::Ready(settled.as_mut().poll(context).is_ready()));
        assert!(!is_done.await);
        let three = commits.begin();
        drop(one);
        let is_done = poll_fn(|context| Poll::Ready(settled.as_mut().poll(context).is_ready()));
        assert!(!is_done.await);
        drop(two);
        settled.await;
        drop(three);
        commits.settle().await;
    }
}
