//! What has to be done from time to time, whether anybody calls or not.

use crate::infra::limiter::Limiter;
use crate::service::{Logged, Shop};
use std::fmt::Write;
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

/// Tells in Prometheus' text format what was told of by now.
pub fn events(shop: &Shop, text: &mut String) {
    let name = "shopkeeper_events_told_total";
    // Writing into a string cannot fail.
    let _ = writeln!(text, "# HELP {name} Events that were told to subscribers, by kind.\n# TYPE {name} counter");
    for (action, count) in shop.told().counts() {
        let _ = writeln!(text, "{name}{{action=\"{action}\"}} {count}");
    }
    text.push('\n');
}
