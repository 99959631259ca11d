//! The same sessions for OAuth 2.0 clients (RFC 6749, RFC 7009, RFC 7662).

use super::{Context, Handlers};
use crate::service::{Error, Grant, GrantFault, Introspection, OAuthToken, Rejection, TokenRequest};
use contract::{Problem, Secret};
use generated::api::OauthApi;
use generated::models;
use generated::params::*;
use generated::responses::*;

impl OauthApi<Context<'_>> for Handlers {
    async fn issue_token(&self, call: &Context<'_>, params: IssueTokenParams) -> Result<IssueTokenResponse, Problem> {
        let IssueTokenParams { grant_type, username, password, refresh_token, scope, client_id, client_secret } =
            params;
        // Whoever shows a secret must be right, whatever is asked for (RFC 6749, section 5.2).
        let shows_secret = client_secret.as_ref().is_some_and(|secret| !secret.expose().is_empty());
        let client = match &call.caller {
            None if shows_secret => Some(self.client(client_id, client_secret).await?),
            caller => caller.clone(),
        };
        let grant = match grant_type.as_str() {
            // What a grant needs is there, says the document (`x-requires`).
            "password" => Grant::Password {
                username: username.unwrap_or_default(),
                password: password.map(hidden).unwrap_or_default().into(),
            },
            "refresh_token" => Grant::RefreshToken(refresh_token.map(hidden).unwrap_or_default()),
            "client_credentials" => Grant::ClientCredentials(client.ok_or_else(no_client)?),
            _ => {
                let description = "The grant types are password, refresh_token and client_credentials.";
                return Err(Error::grant(GrantFault::UnsupportedGrantType, description).into());
            }
        };
        let token = self.shop.issue_token(TokenRequest { grant, scope, client: call.client() }).await?;
        call.is_of(token.account);
        Ok(IssueTokenResponse::Status200 { body: issued(token) })
    }

    async fn revoke_token(&self, _: &Context<'_>, params: RevokeTokenParams) -> Result<RevokeTokenResponse, Problem> {
        // The hint is only there to speed up a search that is quick anyway. A client that names itself must be right.
        let RevokeTokenParams { token, token_type_hint: _, client_id, client_secret } = params;
        if client_id.as_deref().is_some_and(|id| !id.is_empty()) {
            self.client(client_id, client_secret).await?;
        }
        self.shop.revoke_token(token.expose()).await?;
        Ok(RevokeTokenResponse::Status200 {})
    }

    async fn introspect_token(
        &self,
        call: &Context<'_>,
        params: IntrospectTokenParams,
    ) -> Result<IntrospectTokenResponse, Problem> {
        let IntrospectTokenParams { token, token_type_hint: _ } = params;
        let found = self.shop.introspect_token(call.caller()?, token.expose()).await?;
        Ok(IntrospectTokenResponse::Status200 { body: introspection(found) })
    }
}

impl Handlers {
    /// The client that names itself in the form.
    async fn client(
        &self,
        id: Option<String>,
        secret: Option<Secret>,
    ) -> Result<std::sync::Arc<crate::service::Caller>, Problem> {
        let (id, secret) = (id.unwrap_or_default(), secret.map(hidden).unwrap_or_default());
        self.shop.client(&id, &secret).await.map_err(|rejection| match rejection {
            Rejection::Failed(error) => error.into(),
            Rejection::Suspended => {
                Error::grant(GrantFault::InvalidClient, "The client's account is suspended.").into()
            }
            Rejection::Invalid | Rejection::Expired => no_client(),
        })
    }
}

fn no_client() -> Problem {
    Error::grant(GrantFault::InvalidClient, "Send the id of an API key and its secret, best by HTTP Basic.").into()
}

fn hidden(secret: Secret) -> String {
    secret.into_inner()
}

fn issued(token: OAuthToken) -> models::OAuthToken {
    let OAuthToken { access, refresh_token, account: _ } = token;
    models::OAuthToken {
        access_token: access.token,
        refresh_token,
        token_type: "Bearer".to_owned(),
        expires_in: i32::try_from(access.expires_in).unwrap_or(i32::MAX),
        scope: access.scope,
    }
}

/// Of a token that is not good, or not the caller's to ask about, nothing else is said.
fn introspection(found: Option<Introspection>) -> models::Introspection {
    let Some(Introspection { scope, client_id, username, token_type, exp, issue, sub }) = found else {
        return inactive();
    };
    let known = models::Introspection {
        active: true,
        scope: Some(scope),
        client_id: Some(client_id),
        username: Some(username),
        token_type: token_type.map(str::to_owned),
        exp: Some(exp),
        sub: Some(sub.to_string()),
        ..inactive()
    };
    match issue {
        None => known,
        Some(issue) => models::Introspection {
            iat: Some(issue.iat),
            nbf: Some(issue.nbf),
            aud: Some(issue.aud),
            iss: Some(issue.iss),
            jti: Some(issue.jti.to_string()),
            ..known
        },
    }
}

fn inactive() -> models::Introspection {
    models::Introspection {
        active: false,
        scope: None,
        client_id: None,
        username: None,
        token_type: None,
        exp: None,
        iat: None,
        nbf: None,
        sub: None,
        aud: None,
        iss: None,
        jti: None,
    }
}
