//! What has to be done now and then, and when the shop closes.

use std::time::Duration;

use chrono::TimeDelta;

use super::callers::{Changed, Used};
use super::idempotency::KEPT_FOR;
use super::{Error, Shop};
use crate::store::{Matter, Pruned};

/// How often uses are written down.
const FLUSH_EVERY: Duration = Duration::from_secs(10);
/// How many flushes pass between two prunings: an hour.
const FLUSHES_PER_PRUNING: u32 = 360;
/// How long what is over is kept, for whoever looks into the database to see what happened: no shorter than answers are given
/// again, which are thrown away with it.
const KEEP_FOR: TimeDelta = KEPT_FOR;
/// Uses written down in one transaction: others who want to write wait no longer than that takes.
const BATCH: usize = 500;

impl Shop {
    /// Writes uses down and throws away what is over, until `stop` is done; then writes down the last uses. To be run as a
    /// task of its own. What fails is logged and tried again the next time.
    pub async fn maintain(&self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut flushes = 0_u32;
        loop {
            let stopped = tokio::time::timeout(FLUSH_EVERY, &mut stop).await.is_ok();
            if let Err(error) = self.flush_usage().await {
                tracing::warn!(%error, "uses of sessions and keys could not be written down");
            }
            if stopped {
                return;
            }
            if flushes.is_multiple_of(FLUSHES_PER_PRUNING) {
                match self.prune().await {
                    Ok(pruned) => tracing::debug!(?pruned, "pruned"),
                    Err(error) => tracing::warn!(%error, "what is over could not be thrown away"),
                }
            }
            flushes = flushes.wrapping_add(1);
        }
    }

    /// Writes down when sessions and keys were last used.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`]; what was not written down is kept for the next time.
    pub async fn flush_usage(&self) -> Result<(), Error> {
        let usage = &self.0.callers.usage;
        let mut uses: Vec<_> = usage.take().into_iter().collect();
        while !uses.is_empty() {
            let rest = uses.split_off(uses.len().min(BATCH));
            if let Err(error) = self.write_uses(&uses).await {
                usage.put_back(uses.into_iter().chain(rest).collect());
                return Err(error);
            }
            uses = rest;
        }
        Ok(())
    }

    async fn write_uses(&self, uses: &[(Used, crate::domain::time::Timestamp)]) -> Result<(), Error> {
        let tx = self.parts().store.begin().await?;
        for (what, at) in uses {
            match *what {
                Used::Session(id) => tx.touch_session(id, *at).await?,
                Used::ApiKey(id) => tx.touch_api_key(id, *at).await?,
            }
        }
        self.commit(tx, Changed::default(), Vec::new()).await
    }

    /// Throws away sessions and refresh tokens that have been over for a day.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn prune(&self) -> Result<Pruned, Error> {
        let store = &self.parts().store;
        // Otherwise another instance is at it.
        let Some(duty) = store.take_duty(Matter::Pruning).await? else { return Ok(Pruned::default()) };
        let pruned = store.prune(self.parts().clock.now() - KEEP_FOR).await;
        duty.end().await?;
        Ok(pruned?)
    }
}
