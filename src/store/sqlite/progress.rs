//! How far the commits have come, for those who must not tell what could still vanish.

use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::DbErr;
use tokio::sync::watch;

use super::{PATIENCE, fault};

/// The groups of transactions that share a commit, by their numbers: they end in their order.
#[derive(Debug, Default)]
pub struct Progress {
    /// The last in which somebody is done.
    done: AtomicU64,
    ended: watch::Sender<Ended>,
}

/// The last that was committed or undone, and the last in which something was undone that others may have seen.
#[derive(Debug, Default, Clone, Copy)]
struct Ended {
    last: u64,
    undone: u64,
}

impl Progress {
    /// Somebody in the group is done, and waits for its end.
    pub fn done(&self, group: u64) {
        self.done.store(group, Ordering::SeqCst);
    }

    /// The group is over. Unless `nothing_lost`, what those wrote who were done in it never happened.
    pub fn end(&self, group: u64, nothing_lost: bool) {
        self.ended.send_modify(|ended| {
            ended.last = group;
            if !nothing_lost {
                ended.undone = group;
            }
        });
    }

    /// Waits for the end of the groups in which somebody is done. It takes no turn: that would wait behind whoever began since.
    ///
    /// # Errors
    /// When it does not come in time, or what was done is undone.
    pub async fn settle(&self) -> Result<(), DbErr> {
        let seen = self.done.load(Ordering::SeqCst);
        if self.ended.borrow().last >= seen {
            return Ok(());
        }
        let mut ended = self.ended.subscribe();
        let ended = tokio::time::timeout(PATIENCE, ended.wait_for(|ended| ended.last >= seen)).await;
        let ended = *ended.map_err(|_| fault::busy())?.map_err(|_| fault::closed())?;
        if ended.undone >= seen { Err(fault::lost()) } else { Ok(()) }
    }
}
