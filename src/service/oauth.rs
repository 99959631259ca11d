//! The OAuth endpoints (RFC 6749, RFC 7009, RFC 7662) over the same sessions as signing in.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use uuid::Uuid;

use super::callers::{Caller, Changed, Rejection, Via};
use super::sessions::LogIn;
use super::tokens::{self, AccessToken, TokenPair};
use super::{Error, GrantFault, Shop};
use crate::domain::access::{ADMIN_READ, ScopeSet};
use crate::domain::session::{ACCESS_TOKEN_LIFETIME, ClientInfo, Session};
use crate::domain::user::{Status, User};
use crate::infra::digest::sha256;
use crate::infra::random;

/// With what a token is asked for.
pub enum Grant {
    /// A name and a password (RFC 6749 §4.3).
    Password {
        /// Username or e-mail address.
        username: String,
        /// The password.
        password: SecretString,
    },
    /// A refresh token (RFC 6749 §6).
    RefreshToken(String),
    /// The client itself (RFC 6749 §4.4), recognised by [`Shop::client`].
    ClientCredentials(Arc<Caller>),
}

/// A request of the token endpoint.
#[derive(Debug)]
pub struct TokenRequest {
    /// With what.
    pub grant: Grant,
    /// Scopes separated by blanks; absent or blank asks for all that may be granted.
    pub scope: Option<String>,
    /// Where from.
    pub client: ClientInfo,
}

/// The answer of RFC 6749 §5.1.
#[derive(Clone)]
pub struct OAuthToken {
    /// For requests.
    pub access: AccessToken,
    /// For the next one; a client that comes with its own credentials needs none.
    pub refresh_token: Option<String>,
    /// Whose it is.
    pub account: Uuid,
}

/// The answer of RFC 7662 §2.2 about a token that is good. About any other there is nothing to say but that it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introspection {
    /// What it grants: scopes separated by blanks.
    pub scope: String,
    /// The API key that obtained it as a client, or our own programs.
    pub client_id: String,
    /// Its account's name.
    pub username: String,
    /// `Bearer` for an access token; a refresh token is of no such type.
    pub token_type: Option<&'static str>,
    /// Seconds since 1970 at which it expires.
    pub exp: i64,
    /// Seconds since 1970 at which it was issued, not to be used before, for, by, and under which id: access tokens only.
    pub issue: Option<Issue>,
    /// The account.
    pub sub: Uuid,
}

/// What only access tokens tell of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// Not valid before, seconds since 1970.
    pub nbf: i64,
    /// For whom.
    pub aud: String,
    /// By whom.
    pub iss: String,
    /// Its id.
    pub jti: Uuid,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password { .. } => "Password",
            Self::RefreshToken(_) => "RefreshToken",
            Self::ClientCredentials(_) => "ClientCredentials",
        })
    }
}

impl From<TokenPair> for OAuthToken {
    fn from(pair: TokenPair) -> Self {
        Self { access: pair.access, refresh_token: Some(pair.refresh_token), account: pair.account }
    }
}

impl fmt::Debug for OAuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthToken").field("access", &self.access).finish_non_exhaustive()
    }
}

impl Shop {
    /// Issues a token.
    ///
    /// # Errors
    /// [`Error::Grant`], [`Error::Busy`].
    pub async fn issue_token(&self, request: TokenRequest) -> Result<OAuthToken, Error> {
        let scope = request.scope.as_deref().map(str::trim).filter(|scope| !scope.is_empty());
        let asked = scope.map(|scope| self.asked_scopes(scope)).transpose()?;
        let issued = match request.grant {
            Grant::Password { username, password } => {
                self.grant_password(LogIn { username, password, client: request.client }, asked).await
            }
            Grant::RefreshToken(token) => self.grant_refresh(&token, asked).await,
            Grant::ClientCredentials(client) => self.grant_client(&client, asked, request.client).await,
        };
        issued.map_err(as_grant_fault)
    }

    fn asked_scopes(&self, scope: &str) -> Result<ScopeSet, Error> {
        // The name is not repeated: RFC 6749 §5.2 allows few characters in a description, and names are the caller's.
        self.scopes()
            .parse(scope)
            .map_err(|_| Error::grant(GrantFault::InvalidScope, "A requested scope does not exist."))
    }

    async fn grant_password(&self, request: LogIn, asked: Option<ScopeSet>) -> Result<OAuthToken, Error> {
        if !self.parts().options.password_grant {
            return Err(Error::grant(GrantFault::UnsupportedGrantType, "The grant type password is switched off."));
        }
        let narrow = |user: &User| asked.map(|asked| within(asked, self.scopes().of(user.role))).transpose();
        let pair = self.begin_session(request, narrow).await?;
        Ok(pair.into())
    }

    async fn grant_refresh(&self, token: &str, asked: Option<ScopeSet>) -> Result<OAuthToken, Error> {
        let narrow = |_: &Self, granted| asked.map_or(Ok(granted), |asked| within(asked, granted));
        let pair = self.rotate(token, narrow).await?;
        Ok(pair.into())
    }

    /// A session of its own for every token: so it can be revoked alone, and dies with its key.
    async fn grant_client(
        &self,
        client: &Caller,
        asked: Option<ScopeSet>,
        info: ClientInfo,
    ) -> Result<OAuthToken, Error> {
        let Via::ApiKey(api_key) = client.via else {
            return Err(Error::grant(GrantFault::InvalidClient, "Only an API key is a client of its own."));
        };
        let scopes = asked.map_or(Ok(client.scopes()), |asked| within(asked, client.scopes()))?;
        let clock = &self.parts().clock;
        let now = clock.now();
        let lifetime = now + ACCESS_TOKEN_LIFETIME;
        let tx = self.parts().store.begin().await?;
        let key = tx.api_key(api_key).await?.filter(|key| key.is_live(now));
        let key = key.ok_or_else(|| Error::grant(GrantFault::InvalidClient, "The API key is gone."))?;
        let session = Session {
            id: random::new_id(clock),
            user_id: client.id(),
            created_at: now,
            last_used_at: now,
            // No token outlives the key that it was asked for with.
            expires_at: key.expires_at.map_or(lifetime, |end| end.min(lifetime)),
            ended_at: None,
            client: info,
            scopes: Some(scopes),
            api_key_id: Some(api_key),
        };
        let access = tokens::sign(self, &session, &client.user, scopes, now)?;
        tx.insert_session(&session).await?;
        self.commit(tx, Changed::default(), Vec::new()).await?;
        Ok(OAuthToken { access, refresh_token: None, account: client.id() })
    }

    /// Ends the session that an access or refresh token belongs to (RFC 7009). Holding the token is the permission; one that
    /// is not known, or no longer good, needs nothing.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn revoke_token(&self, token: &str) -> Result<(), Error> {
        let session = match self.parts().keyring.verify(token, self.parts().clock.now()) {
            Ok(claims) => Some(claims.sid),
            Err(_) if !tokens::is_marked(self, token) => None,
            Err(_) => self.parts().store.refresh_token(&sha256(token.as_bytes())).await?.map(|token| token.session_id),
        };
        match session {
            Some(session) => self.end_session(session, Vec::new()).await,
            None => Ok(()),
        }
    }

    /// What is known of a token (RFC 7662), to a caller of its account or one who may read everything. `None`: it is not good,
    /// or not this caller's to see.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Internal`].
    pub async fn introspect_token(&self, caller: &Caller, token: &str) -> Result<Option<Introspection>, Error> {
        let found = match self.inspect_token(token).await {
            Ok((owner, claims)) => Some(Introspection {
                scope: self.scopes().join(owner.scopes()),
                client_id: claims.client_id.clone(),
                username: owner.user.username.to_string(),
                token_type: Some("Bearer"),
                exp: claims.exp,
                issue: Some(Issue {
                    iat: claims.iat,
                    nbf: claims.nbf,
                    aud: claims.aud.clone(),
                    iss: claims.iss.clone(),
                    jti: claims.jti,
                }),
                sub: owner.id(),
            }),
            Err(Rejection::Failed(error)) => return Err(error),
            Err(_) => self.introspect_refresh_token(token).await?,
        };
        Ok(found.filter(|found| found.sub == caller.id() || caller.has_scope(ADMIN_READ)))
    }

    async fn introspect_refresh_token(&self, token: &str) -> Result<Option<Introspection>, Error> {
        let (store, now) = (&self.parts().store, self.parts().clock.now());
        if !tokens::is_marked(self, token) {
            return Ok(None);
        }
        let Some(token) = store.refresh_token(&sha256(token.as_bytes())).await? else { return Ok(None) };
        let Some(session) = store.session(token.session_id).await? else { return Ok(None) };
        let Some(user) = store.user(session.user_id).await? else { return Ok(None) };
        let unused = token.history.replaced_at.is_none() && now < token.history.expires_at;
        if !unused || !session.is_live(now) || user.status == Status::Suspended {
            return Ok(None);
        }
        Ok(Some(Introspection {
            scope: self.scopes().join(tokens::scopes_of(self, &session, &user)),
            client_id: tokens::client_id(&session),
            username: user.username.to_string(),
            token_type: None,
            exp: token.history.expires_at.timestamp(),
            issue: None,
            sub: user.id,
        }))
    }
}

fn within(asked: ScopeSet, granted: ScopeSet) -> Result<ScopeSet, Error> {
    if asked.is_subset_of(granted) {
        Ok(asked)
    } else {
        Err(Error::grant(GrantFault::InvalidScope, "A requested scope is more than may be granted."))
    }
}

/// What signing in calls by its name is all one to OAuth.
fn as_grant_fault(error: Error) -> Error {
    let description = match error {
        Error::InvalidCredentials => "The name or the password is wrong.",
        Error::InvalidRefreshToken => "The refresh token is not valid.",
        Error::Suspended => "The account is suspended.",
        other => return other,
    };
    Error::grant(GrantFault::InvalidGrant, description)
}
