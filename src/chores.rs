//! What has to be done from time to time, whether anybody calls or not.

use crate::http::shortcuts::Shortcuts;
use crate::http::tls::Tls;
use crate::infra::limiter::Limiter;
use crate::infra::tokens::{KeyFileError, Keyring, LOOK_EVERY};
use crate::service::{Logged, Shop};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How often limits forget callers that have all their requests back, and short ways what is out of date.
const SWEEPS: Duration = Duration::from_secs(30);
/// How often somebody is reminded of a certificate that ends.
const REMINDERS: Duration = Duration::from_hours(12);

/// Does it until `resting` is dropped, and then what must not be left undone.
pub async fn run(
    shop: Shop,
    limiter: Arc<Limiter>,
    shortcuts: Option<Arc<Shortcuts>>,
    keyring: Arc<Keyring>,
    tls: Option<Arc<Tls>>,
    resting: oneshot::Receiver<()>,
) {
    let forgetting = async {
        let mut ticks = tokio::time::interval(SWEEPS);
        loop {
            ticks.tick().await;
            limiter.sweep();
            if let Some(shortcuts) = &shortcuts {
                shortcuts.sweep();
            }
        }
    };
    let reminding = async {
        let Some(tls) = tls else { return std::future::pending().await };
        let mut ticks = tokio::time::interval(REMINDERS);
        loop {
            ticks.tick().await;
            tls.warn(shop.now());
        }
    };
    // Told to rest by the other end going away.
    let maintaining = shop.maintain(async { drop(resting.await) });
    tokio::select! {
        () = maintaining => {}
        () = forgetting => {}
        () = reminding => {}
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
