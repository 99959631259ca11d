//! What has to be done from time to time, whether anybody calls or not.

use crate::infra::limiter::Limiter;
use crate::infra::shared::{self, Shared};
use crate::infra::tokens::{KeyFileError, Keyring, LOOK_EVERY};
use crate::service::{Logged, Shop};
use crate::store::Stats;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How often limits forget callers that have all their requests back.
const SWEEPS: Duration = Duration::from_secs(30);

/// Does it until `resting` is dropped, and then what must not be left undone.
pub async fn run(shop: Shop, limiter: Arc<Limiter>, keyring: Arc<Keyring>, resting: oneshot::Receiver<()>) {
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
        () = watch_keys(&shop, keyring) => {}
        () = shop.expire_in_time() => {}
        () = shop.tell(&Logged) => {}
    }
}

/// Takes over signing keys that `shopkeeper key` adds and removes.
async fn watch_keys(shop: &Shop, keyring: Arc<Keyring>) {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    let mut failing = false;
    loop {
        looks.tick().await;
        let (keyring, now) = (Arc::clone(&keyring), shop.now());
        let look = tokio::task::spawn_blocking(move || {
            let changed = keyring.refresh(now)?;
            Ok::<_, KeyFileError>(changed.then(|| keyring.list(now).len()))
        });
        match look.await {
            Ok(Ok(changed)) => {
                failing = false;
                if let Some(keys) = changed {
                    tracing::info!(event = "signing_keys_changed", keys);
                }
            }
            // Once, not every second.
            Ok(Err(error)) if !failing => {
                failing = true;
                tracing::error!(event = "signing_keys_unreadable", %error);
            }
            Ok(Err(_)) | Err(_) => {}
        }
    }
}

/// Tells in Prometheus' text format what the database has done by now.
pub fn database(shop: &Shop, text: &mut String) {
    let Stats { commits, transactions, statements, changed_rows, long_reads, replica_reads } = shop.store().stats();
    for (name, help, count) in [
        ("commits", "Commits that reached the disk.", commits),
        ("transactions", "Transactions in them: those that waited for each other shared one.", transactions),
        ("statements", "Statements, those that begin and end transactions aside.", statements),
        ("changed_rows", "Rows that were added, changed and deleted.", changed_rows),
        ("long_reads", "Reads that were run again where they may take longer.", long_reads),
        ("replica_reads", "Reads that a replica answered.", replica_reads),
    ] {
        let name = format!("shopkeeper_database_{name}_total");
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {count}\n");
    }
}

/// Tells in Prometheus' text format how it stands with other instances.
pub fn sharing(shared: &Shared, text: &mut String) {
    let shared::Stats { connected, connections, fallbacks, sent, heard } = shared.stats();
    let name = "shopkeeper_shared_connected";
    let help = "Whether Valkey is there and changes of other instances are heard of.";
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {}\n", u8::from(connected));
    for (name, help, count) in [
        ("connections", "How often a connection to Valkey came up.", connections),
        ("fallbacks", "Questions that Valkey did not answer in time: limits counted alone.", fallbacks),
        ("news_sent", "Changes told to other instances.", sent),
        ("news_heard", "Changes heard of from other instances.", heard),
    ] {
        let name = format!("shopkeeper_shared_{name}_total");
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {count}\n");
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
