//! How long a statement may take: `SQLite` asks every so many steps of its machine.
//!
//! Steps, not time: they come for nothing, and a busy machine does not change what is cut off.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Between two questions.
const STEPS: i32 = 1_000;
/// Questions until a quick statement is cut off: about a millisecond on a machine of today.
const QUICK: u32 = 30;
/// Never runs out.
const FOREVER: u32 = u32::MAX;

/// How many questions a connection's running statement has left. Clones share it.
#[derive(Debug, Clone)]
pub struct Hurry(Arc<AtomicU32>);

impl Hurry {
    /// For a statement that may take as long as it likes, until it is [`cut_off`](Self::cut_off).
    pub fn none() -> Self {
        Self(Arc::new(AtomicU32::new(FOREVER)))
    }

    /// Watches a connection from now on; whatever watched it before does no longer.
    ///
    /// # Errors
    /// When the connection is not ours.
    pub fn watch(&self, connection: &rusqlite::Connection) -> rusqlite::Result<()> {
        let left = Arc::clone(&self.0);
        let spent = move || {
            let now = left.load(Ordering::Relaxed);
            // Lost updates are of no matter: only whoever cuts off writes beside the statement, and is seen next time.
            if now != FOREVER && now != 0 {
                left.store(now - 1, Ordering::Relaxed);
            }
            now == 0
        };
        connection.progress_handler(STEPS, Some(spent))
    }

    /// The next statement has about a millisecond.
    pub fn quick(&self) {
        self.0.store(QUICK, Ordering::Relaxed);
    }

    /// The next statement may take as long as it likes.
    pub fn unhurried(&self) {
        self.0.store(FOREVER, Ordering::Relaxed);
    }

    /// Cuts the running statement off.
    pub fn cut_off(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Cuts a read off when whoever waited for it goes away.
pub struct Waiting(pub Hurry);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.cut_off();
    }
}
