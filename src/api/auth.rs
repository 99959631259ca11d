//! Signing in and out, and the sessions of the caller.

use super::page::{self, nullable};
use super::{Context, Handlers};
use crate::domain::session::{ClientInfo, Session, SessionSort};
use crate::service::{LogIn, TokenPair};
use contract::Problem;
use generated::api::AuthApi;
use generated::models;
use generated::params::*;
use generated::responses::*;
use uuid::Uuid;

impl AuthApi<Context<'_>> for Handlers {
    async fn login(&self, call: &Context<'_>, params: LoginParams) -> Result<LoginResponse, Problem> {
        let models::LoginRequest { username, password } = params.body;
        let request = LogIn { username, password: password.into_inner().into(), client: call.client() };
        let pair = self.shop.log_in(request).await?;
        call.is_of(pair.account);
        Ok(LoginResponse::Status200 { body: token_pair(pair) })
    }

    async fn refresh_session(
        &self,
        call: &Context<'_>,
        params: RefreshSessionParams,
    ) -> Result<RefreshSessionResponse, Problem> {
        let models::RefreshRequest { refresh_token } = params.body;
        let pair = self.shop.refresh(refresh_token.expose()).await?;
        call.is_of(pair.account);
        Ok(RefreshSessionResponse::Status200 { body: token_pair(pair) })
    }

    async fn logout(&self, call: &Context<'_>, _: LogoutParams) -> Result<LogoutResponse, Problem> {
        self.shop.log_out(call.by()?).await?;
        Ok(LogoutResponse::Status204 {})
    }

    async fn list_sessions(
        &self,
        call: &Context<'_>,
        params: ListSessionsParams,
    ) -> Result<ListSessionsResponse, Problem> {
        let ListSessionsParams { limit, page, offset, cursor, sort, order, fields: _ } = params;
        let request = page::request(limit, page, offset, cursor);
        let sort = match sort {
            Some(models::SessionSort::SessionByLastUsedAt) => SessionSort::LastUsedAt,
            Some(models::SessionSort::SessionByCreatedAt) | None => SessionSort::CreatedAt,
        };
        let caller = call.caller()?;
        let list = self.shop.sessions(caller, sort, page::order(order), &request).await.map_err(page::in_query)?;
        let (pagination, links, link) = page::describe(call, &request, &list);
        let data = list.items.into_iter().map(|item| session(item, caller.session_id())).collect();
        Ok(ListSessionsResponse::Status200 { body: models::SessionPage { data, pagination, links }, link })
    }

    async fn revoke_session(
        &self,
        call: &Context<'_>,
        params: RevokeSessionParams,
    ) -> Result<RevokeSessionResponse, Problem> {
        self.shop.revoke_session(call.by()?, params.session_id).await?;
        Ok(RevokeSessionResponse::Status204 {})
    }
}

impl Context<'_> {
    /// What is known of the program that calls.
    pub(super) fn client(&self) -> ClientInfo {
        ClientInfo::new(Some(self.ip), self.user_agent())
    }
}

fn token_pair(pair: TokenPair) -> models::TokenPair {
    let TokenPair { access, refresh_token, account: _ } = pair;
    models::TokenPair {
        access_token: access.token,
        refresh_token,
        token_type: "Bearer".to_owned(),
        expires_in: i32::try_from(access.expires_in).unwrap_or(i32::MAX),
        scope: access.scope,
    }
}

fn session(session: Session, current: Option<Uuid>) -> models::Session {
    let Session { id, created_at, last_used_at, expires_at, client, .. } = session;
    models::Session {
        id,
        created_at,
        last_used_at,
        expires_at,
        user_agent: nullable(client.user_agent().map(str::to_owned)),
        ip: client.ip().unwrap_or_default().to_owned(),
        current: current == Some(id),
    }
}
