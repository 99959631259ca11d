//! Ends orders that nobody pays for.
//!
//! Of several instances one does it at a time. Even if two did: each order is cancelled in a transaction of its own, which looks
//! again whether it is still pending, so that its stock is put back once.

use std::time::Duration;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::domain::order::{OrderWanted, Status};
use crate::domain::time::Timestamp;
use crate::service::audit::Author;
use crate::service::{Error, Shop};
use crate::store::Matter;

/// Orders that are looked for at once.
const BATCH: u32 = 100;
/// How long at least, and at most, passes between two looks.
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(10);

impl Shop {
    /// Cancels orders that nobody pays for, as soon as it is time, for ever. To be run as a task of its own, which may end at
    /// any moment.
    pub async fn expire_in_time(&self) {
        // Late by a tenth at most, and by no more than ten seconds.
        let pause = (self.parts().options.order_expiry / 10).clamp(SHORTEST, LONGEST);
        loop {
            tokio::time::sleep(pause).await;
            match self.expire_orders().await {
                Ok(0) => {}
                Ok(expired) => tracing::info!(event = "orders_expired", expired),
                Err(error) => tracing::warn!(%error, "orders that are overdue could not be looked for"),
            }
        }
    }

    /// Cancels orders that have been pending for too long, as the shop itself, and how many that were. What fails is logged and
    /// tried again the next time.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`] when they cannot be looked for.
    pub async fn expire_orders(&self) -> Result<u64, Error> {
        let Ok(expiry) = TimeDelta::from_std(self.parts().options.order_expiry) else { return Ok(0) };
        let Some(moment) = self.parts().clock.now().checked_sub_signed(expiry) else { return Ok(0) };
        let Some(duty) = self.parts().store.take_duty(Matter::Expiry).await? else { return Ok(0) };
        let expired = self.expire_before(moment).await;
        duty.end().await?;
        expired
    }

    async fn expire_before(&self, moment: Timestamp) -> Result<u64, Error> {
        let (mut expired, mut after) = (0, None);
        loop {
            // Behind the last one seen, so that one that cannot be cancelled holds up no others.
            let overdue = self.parts().store.overdue_orders(moment, after, BATCH).await?;
            after = overdue.last().cloned();
            if after.is_none() {
                return Ok(expired);
            }
            for place in overdue {
                match self.expire(place.id, moment).await {
                    Ok(true) => expired += 1,
                    Ok(false) => {}
                    Err(error) => tracing::warn!(%error, order = %place.id, "an order could not be cancelled in time"),
                }
            }
        }
    }

    /// Cancels an order if it is still to be cancelled.
    async fn expire(&self, id: Uuid, moment: Timestamp) -> Result<bool, Error> {
        let tx = self.parts().store.begin().await?;
        let order = tx.order(id, OrderWanted { items: false }).await?;
        let Some(order) = order.filter(|it| it.status == Status::Pending && it.created_at < moment) else {
            return Ok(false);
        };
        let step = self.parts().workflow.step(Status::Pending, Status::Cancelled);
        let step = step.ok_or_else(|| Error::Internal("orders cannot be cancelled".into()))?;
        let taken = match self.advance(&tx, Author::SYSTEM, order, step, None).await {
            // Another instance was quicker.
            Err(Error::Stale { .. } | Error::Missing) => return Ok(false),
            outcome => outcome?,
        };
        self.commit_step(tx, Author::SYSTEM, &taken).await?;
        Ok(true)
    }
}
