//! Stopping without dropping anything: first nobody is sent here any more, then there is no new work, then, when the grace is over, no work at all.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// How far the server has come in stopping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Connections are accepted.
    Open,
    /// All goes on, but whoever asks for readiness is told to send nobody any more.
    Leaving,
    /// What runs is finished, nothing new begins.
    Draining,
    /// Whatever still runs is cut off.
    Cut,
}

/// The server's phase; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    phase: AtomicU8,
    changed: Notify,
}

impl Stop {
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.0.phase.load(Ordering::Acquire) {
            0 => Phase::Open,
            1 => Phase::Leaving,
            2 => Phase::Draining,
            _ => Phase::Cut,
        }
    }

    /// Goes on to a phase; never back.
    pub fn advance(&self, to: Phase) {
        self.0.phase.fetch_max(to as u8, Ordering::AcqRel);
        self.0.changed.notify_waiters();
    }

    /// Completes at the next change, when polled or created before it.
    pub(super) fn changed(&self) -> Notified<'_> {
        self.0.changed.notified()
    }

    /// Completes once the phase is reached.
    pub async fn reached(&self, phase: Phase) {
        loop {
            let changed = self.changed();
            if self.phase() >= phase {
                return;
            }
            changed.await;
        }
    }
}

/// The signals that ask the process to stop.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Takes over SIGTERM and SIGINT.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Completes at the next of them, with its name.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
