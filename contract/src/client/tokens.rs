//! The tokens of a client, which all its calls share.

use super::{Error, Transport};
use crate::Secret;
use serde::Deserialize;
use std::sync::{PoisonError, RwLock};

/// The token endpoint of RFC 6749 below the base.
const TOKEN_PATH: &str = "/oauth/token";

/// Keeps the tokens, and renews them when the server no longer takes the access token.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    held: RwLock<Held>,
    /// Whoever renews holds it; all others who need it wait here, and find it done.
    renewing: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default, Clone)]
struct Held {
    access: Option<Secret>,
    refresh: Option<Secret>,
}

/// What the token endpoint answers, as far as it is needed.
#[derive(Deserialize)]
struct Renewed {
    access_token: String,
    refresh_token: Option<String>,
}

impl Keeper {
    pub(super) fn hold(&self, access: Option<Secret>, refresh: Option<Secret>) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Held { access, refresh };
    }

    fn held(&self) -> Held {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn access(&self) -> Option<Secret> {
        self.held().access
    }

    /// Sees to it that there is another access token than this one, which the server refused. `false` if there is no way to
    /// get one: the refusal stands.
    ///
    /// A caller who goes away while it renews leaves the old pair behind. The next one sends the old refresh token again,
    /// and a server that forgives a lost answer gives it the same successor.
    pub(super) async fn renew(&self, transport: &Transport, refused: &Secret) -> Result<bool, Error> {
        let _turn = self.renewing.lock().await;
        let held = self.held();
        if held.access.as_ref().is_some_and(|access| access.expose() != refused.expose()) {
            return Ok(true);
        }
        let Some(refresh) = held.refresh else { return Ok(false) };
        let mut call = transport.call("POST", TOKEN_PATH).without_tokens();
        call.form("grant_type", &"refresh_token".to_owned());
        call.form("refresh_token", &refresh);
        match Box::pin(call.send::<Renewed>()).await {
            Ok(reply) => {
                let Renewed { access_token, refresh_token } = reply.value;
                self.hold(Some(Secret::new(access_token)), Some(refresh_token.map_or(refresh, Secret::new)));
                Ok(true)
            }
            // It will not be taken another time either (RFC 6749, section 5.2).
            Err(Error::Problem(problem)) if matches!(problem.status, 400 | 401) => {
                self.hold(held.access, None);
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}
