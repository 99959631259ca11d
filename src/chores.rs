//! What has to be done from time to time, whether anybody calls or not.

use crate::infra::limiter::Limiter;
use crate::service::{Logged, Shop};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How often limits forget callers that have all their requests back.
const SWEEPS: Duration = Duration::from_secs(30);

/// Does it until `resting` is dropped, and then what must not be left undone.
pub async fn run(shop: Shop, limiter: Arc<Limiter>, resting: oneshot::Receiver<()>) {
    let forgetting = async {
        let mut ticks = tokio::time::interval(SWEEPS);
        loop {
            ticks.tick().await;
            limiter.sweep();
        }
    };
    // Told to rest by the other end going away.
    let maintaining = shop.maintain(async { drop(resting.await) });
    tokio::select! {
        () = maintaining => {}
        () = forgetting => {}
        () = shop.expire_in_time() => {}
        () = shop.tell(&Logged) => {}
    }
}
