//! Making the tokens that sessions hand out.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::{Error, Shop};
use crate::domain::access::ScopeSet;
use crate::domain::session::{ACCESS_TOKEN_LIFETIME, Session};
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::infra::digest::equal;
use crate::infra::random;
use crate::infra::tokens::AccessClaims;

/// What marks are kept apart by from the secret's other uses.
const MARK: &str = "mark of credentials";
/// Bytes of a mark: nobody hits upon one of 2^48.
const MARK_BYTES: usize = 6;
/// Characters of a mark.
const MARK_LENGTH: usize = 8;
/// The client of whoever signs in with a password: our own programs, which do not register.
const FIRST_PARTY: &str = "first-party";

/// What the derivation of refresh tokens is kept apart by from the secret's other uses.
const SUCCESSOR: &str = "refresh token successor";

/// A signed access token (RFC 9068), ready to be handed out.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The token.
    pub token: String,
    /// Seconds until it expires.
    pub expires_in: u32,
    /// What it grants: scopes separated by blanks.
    pub scope: String,
}

/// What a session hands out.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenPair {
    /// For requests.
    pub access: AccessToken,
    /// For the next pair; good once.
    pub refresh_token: String,
    /// Whose it is.
    pub account: Uuid,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl fmt::Debug for TokenPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenPair").field("access", &self.access).finish_non_exhaustive()
    }
}

/// Puts our mark at the end of a credential, so that made-up ones cost no look into the store: only the installation's
/// secret makes marks that fit.
pub(super) fn marked(shop: &Shop, mut credential: String) -> String {
    let mark = mark(shop, &credential);
    credential.push_str(&mark);
    credential
}

/// Whether a credential carries our mark. It may still be one that is no longer good.
pub(super) fn is_marked(shop: &Shop, credential: &str) -> bool {
    let start = credential.len().saturating_sub(MARK_LENGTH);
    credential.split_at_checked(start).is_some_and(|(text, end)| equal(mark(shop, text).as_bytes(), end.as_bytes()))
}

fn mark(shop: &Shop, text: &str) -> String {
    let code = shop.parts().secret.mac(MARK, text.as_bytes());
    let (mark, _) = code.split_at(MARK_BYTES);
    URL_SAFE_NO_PAD.encode(mark)
}

/// The client that a session's tokens were issued to (RFC 9068, section 2.2).
pub(super) fn client_id(session: &Session) -> String {
    session.api_key_id.map_or_else(|| FIRST_PARTY.to_owned(), |key| key.to_string())
}

/// The successor of a refresh token is derived from it with the installation's secret. So the same one can be handed out
/// again to a client that lost the answer, though neither is kept; without the secret nobody derives it.
pub(super) fn successor(shop: &Shop, refresh_token: &str) -> String {
    marked(shop, URL_SAFE_NO_PAD.encode(shop.parts().secret.mac(SUCCESSOR, refresh_token.as_bytes())))
}

/// What a session grants its account at this moment.
pub(super) fn scopes_of(shop: &Shop, session: &Session, user: &User) -> ScopeSet {
    let role = shop.scopes().of(user.role);
    session.scopes.map_or(role, |set| set.intersection(role))
}

/// Signs an access token of a session for some of its scopes.
pub(super) fn sign(
    shop: &Shop,
    session: &Session,
    user: &User,
    scopes: ScopeSet,
    now: Timestamp,
) -> Result<AccessToken, Error> {
    let keyring = &shop.parts().keyring;
    let scope = shop.scopes().join(scopes);
    let issued_at = now.timestamp();
    let expires_at = session.expires_at.min(now + ACCESS_TOKEN_LIFETIME).timestamp();
    let claims = AccessClaims {
        iss: keyring.issuer().to_owned(),
        aud: keyring.audience().to_owned(),
        sub: user.id,
        client_id: client_id(session),
        iat: issued_at,
        nbf: issued_at,
        exp: expires_at,
        jti: random::new_id(&shop.parts().clock),
        sid: session.id,
        role: user.role.as_str().to_owned(),
        scope: scope.clone(),
    };
    let token = keyring.issue(&claims)?;
    let expires_in = u32::try_from(expires_at - issued_at).unwrap_or_default();
    Ok(AccessToken { token, expires_in, scope })
}
