//! A request decoded, as a value, and its answer by an implementation of the traits.
use crate::api::Api;
use crate::models;
use crate::params::*;
use contract::{Input, Pairs, Problem, Reply, Violations, decode as rule};

/// A decoded call of one operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    CreateApiKey(CreateApiKeyParams),

    ListApiKeys(ListApiKeysParams),

    DeleteApiKey(DeleteApiKeyParams),

    ListSessions(ListSessionsParams),

    Login(LoginParams),

    Logout(LogoutParams),

    RefreshSession(RefreshSessionParams),

    RevokeSession(RevokeSessionParams),

    GetMyLimits(GetMyLimitsParams),

    IntrospectToken(IntrospectTokenParams),

    IssueToken(IssueTokenParams),

    RevokeToken(RevokeTokenParams),

    ChangePassword(ChangePasswordParams),

    CreateUser(CreateUserParams),

    DeleteCurrentUser(DeleteCurrentUserParams),

    GetCurrentUser(GetCurrentUserParams),

    ListUsers(ListUsersParams),

    UpdateCurrentUser(UpdateCurrentUserParams),

    DeleteUser(DeleteUserParams),

    GetUser(GetUserParams),

    ReplaceUser(ReplaceUserParams),

    UpdateUser(UpdateUserParams),
}

impl Call {
    /// Decodes a request for the operation that it was routed to.
    ///
    /// # Errors
    /// One problem that names every fault.
    pub fn decode(input: &Input<'_>) -> Result<Self, Problem> {
        match input.operation.index {
            1 => create_api_key(input).map(Self::CreateApiKey),

            11 => list_api_keys(input).map(Self::ListApiKeys),

            3 => delete_api_key(input).map(Self::DeleteApiKey),

            12 => list_sessions(input).map(Self::ListSessions),

            14 => login(input).map(Self::Login),

            15 => logout(input).map(Self::Logout),

            16 => refresh_session(input).map(Self::RefreshSession),

            18 => revoke_session(input).map(Self::RevokeSession),

            7 => get_my_limits(input).map(Self::GetMyLimits),

            9 => introspect_token(input).map(Self::IntrospectToken),

            10 => issue_token(input).map(Self::IssueToken),

            19 => revoke_token(input).map(Self::RevokeToken),

            0 => change_password(input).map(Self::ChangePassword),

            2 => create_user(input).map(Self::CreateUser),

            4 => delete_current_user(input).map(Self::DeleteCurrentUser),

            6 => get_current_user(input).map(Self::GetCurrentUser),

            13 => list_users(input).map(Self::ListUsers),

            20 => update_current_user(input).map(Self::UpdateCurrentUser),

            5 => delete_user(input).map(Self::DeleteUser),

            8 => get_user(input).map(Self::GetUser),

            17 => replace_user(input).map(Self::ReplaceUser),

            21 => update_user(input).map(Self::UpdateUser),

            index => Err(Problem::new(contract::problem::kinds::INTERNAL_ERROR, format!("no operation {index}"))),
        }
    }

    /// The decoded member that joins the key of a partitioned limit.
    #[must_use]
    pub fn partition(&self, policy: &str) -> Option<&str> {
        match (self, policy) {
            (Self::Login(params), "login") => Some(&params.body.username),

            (Self::IssueToken(params), "login") => params.username.as_deref(),

            _ => None,
        }
    }

    /// Lets an implementation answer.
    ///
    /// # Errors
    /// The implementation's problem. Whether the document knows it is for the caller to check.
    pub async fn answer<C: Sync, A: Api<C>>(
        self,
        api: &A,
        call: &C,
        _known: Option<&contract::HeaderValue>,
    ) -> Result<Reply, Problem> {
        match self {
            Self::CreateApiKey(params) => api.create_api_key(call, params).await?.into_reply(),

            Self::ListApiKeys(params) => api.list_api_keys(call, params).await?.into_reply(),

            Self::DeleteApiKey(params) => api.delete_api_key(call, params).await?.into_reply(),

            Self::ListSessions(params) => api.list_sessions(call, params).await?.into_reply(),

            Self::Login(params) => api.login(call, params).await?.into_reply(),

            Self::Logout(params) => api.logout(call, params).await?.into_reply(),

            Self::RefreshSession(params) => api.refresh_session(call, params).await?.into_reply(),

            Self::RevokeSession(params) => api.revoke_session(call, params).await?.into_reply(),

            Self::GetMyLimits(params) => api.get_my_limits(call, params).await?.into_reply(),

            Self::IntrospectToken(params) => api.introspect_token(call, params).await?.into_reply(),

            Self::IssueToken(params) => api.issue_token(call, params).await?.into_reply(),

            Self::RevokeToken(params) => api.revoke_token(call, params).await?.into_reply(),

            Self::ChangePassword(params) => api.change_password(call, params).await?.into_reply(),

            Self::CreateUser(params) => api.create_user(call, params).await?.into_reply(),

            Self::DeleteCurrentUser(params) => api.delete_current_user(call, params).await?.into_reply(),

            Self::GetCurrentUser(params) => api.get_current_user(call, params).await?.into_reply(),

            Self::ListUsers(params) => api.list_users(call, params).await?.into_reply(),

            Self::UpdateCurrentUser(params) => api.update_current_user(call, params).await?.into_reply(),

            Self::DeleteUser(params) => api.delete_user(call, params).await?.into_reply(),

            Self::GetUser(params) => api.get_user(call, params).await?.into_reply(),

            Self::ReplaceUser(params) => api.replace_user(call, params).await?.into_reply(),

            Self::UpdateUser(params) => api.update_user(call, params).await?.into_reply(),
        }
    }
}

fn create_api_key(input: &Input<'_>) -> Result<CreateApiKeyParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_body = input.json(&rule::model::<models::ApiKeyCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body,) {
        (Some(p_body),) => Some(CreateApiKeyParams { body: p_body }),
        _ => None,
    };
    found.finish(decoded)
}

fn list_api_keys(input: &Input<'_>) -> Result<ListApiKeysParams, Problem> {
    let mut found = Violations::default();
    let pairs: Pairs<'_> = input.query(&["limit", "page", "offset", "cursor", "sort", "order"], &mut found);
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(512), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_sort = pairs.get("sort", &rule::Enum::<models::ApiKeySort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_limit, p_page, p_offset, p_cursor, p_sort, p_order) {
        (Some(p_limit), Some(p_page), Some(p_offset), Some(p_cursor), Some(p_sort), Some(p_order)) => {
            Some(ListApiKeysParams {
                limit: p_limit,
                page: p_page,
                offset: p_offset,
                cursor: p_cursor,
                sort: p_sort,
                order: p_order,
            })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn delete_api_key(input: &Input<'_>) -> Result<DeleteApiKeyParams, Problem> {
    let mut found = Violations::default();
    let p_api_key_id = input.path("api_key_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let decoded = match (p_api_key_id,) {
        (Some(p_api_key_id),) => Some(DeleteApiKeyParams { api_key_id: p_api_key_id }),
        _ => None,
    };
    found.finish(decoded)
}

fn list_sessions(input: &Input<'_>) -> Result<ListSessionsParams, Problem> {
    let mut found = Violations::default();
    let pairs: Pairs<'_> = input.query(&["limit", "page", "offset", "cursor", "sort", "order"], &mut found);
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(512), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_sort = pairs.get("sort", &rule::Enum::<models::SessionSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_limit, p_page, p_offset, p_cursor, p_sort, p_order) {
        (Some(p_limit), Some(p_page), Some(p_offset), Some(p_cursor), Some(p_sort), Some(p_order)) => {
            Some(ListSessionsParams {
                limit: p_limit,
                page: p_page,
                offset: p_offset,
                cursor: p_cursor,
                sort: p_sort,
                order: p_order,
            })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn login(input: &Input<'_>) -> Result<LoginParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_body = input.json(&rule::model::<models::LoginRequest>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body,) {
        (Some(p_body),) => Some(LoginParams { body: p_body }),
        _ => None,
    };
    found.finish(decoded)
}

fn logout(input: &Input<'_>) -> Result<LogoutParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let decoded = match () {
        () => Some(LogoutParams {}),
    };
    found.finish(decoded)
}

fn refresh_session(input: &Input<'_>) -> Result<RefreshSessionParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_body = input.json(&rule::model::<models::RefreshRequest>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body,) {
        (Some(p_body),) => Some(RefreshSessionParams { body: p_body }),
        _ => None,
    };
    found.finish(decoded)
}

fn revoke_session(input: &Input<'_>) -> Result<RevokeSessionParams, Problem> {
    let mut found = Violations::default();
    let p_session_id = input.path("session_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let decoded = match (p_session_id,) {
        (Some(p_session_id),) => Some(RevokeSessionParams { session_id: p_session_id }),
        _ => None,
    };
    found.finish(decoded)
}

fn get_my_limits(input: &Input<'_>) -> Result<GetMyLimitsParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let decoded = match () {
        () => Some(GetMyLimitsParams {}),
    };
    found.finish(decoded)
}

fn introspect_token(input: &Input<'_>) -> Result<IntrospectTokenParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let pairs = input.form(&["token", "token_type_hint"], &mut found);
    let p_token = pairs.get("token", &rule::Hidden(rule::Text::new().max(4096)), &mut found);
    let p_token = found.required("token", p_token);
    let p_token_type_hint = pairs.get("token_type_hint", &rule::Text::new().max(64), &mut found);
    let p_token_type_hint = Violations::optional(p_token_type_hint);
    let decoded = match (p_token, p_token_type_hint) {
        (Some(p_token), Some(p_token_type_hint)) => {
            Some(IntrospectTokenParams { token: p_token, token_type_hint: p_token_type_hint })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn issue_token(input: &Input<'_>) -> Result<IssueTokenParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let pairs = input.form(
        &["grant_type", "username", "password", "refresh_token", "scope", "client_id", "client_secret"],
        &mut found,
    );
    let p_grant_type = pairs.get("grant_type", &rule::Text::new().max(64), &mut found);
    let p_grant_type = found.required("grant_type", p_grant_type);
    let p_username = pairs.get("username", &rule::Text::new().max(254), &mut found);
    let p_username = Violations::optional(p_username);
    let p_password = pairs.get("password", &rule::Hidden(rule::Text::new().max(128)), &mut found);
    let p_password = Violations::optional(p_password);
    let p_refresh_token = pairs.get("refresh_token", &rule::Hidden(rule::Text::new().max(512)), &mut found);
    let p_refresh_token = Violations::optional(p_refresh_token);
    let p_scope = pairs.get("scope", &rule::Text::new().max(1024), &mut found);
    let p_scope = Violations::optional(p_scope);
    let p_client_id = pairs.get("client_id", &rule::Text::new().max(64), &mut found);
    let p_client_id = Violations::optional(p_client_id);
    let p_client_secret = pairs.get("client_secret", &rule::Hidden(rule::Text::new().max(256)), &mut found);
    let p_client_secret = Violations::optional(p_client_secret);
    let decoded = match (p_grant_type, p_username, p_password, p_refresh_token, p_scope, p_client_id, p_client_secret) {
        (
            Some(p_grant_type),
            Some(p_username),
            Some(p_password),
            Some(p_refresh_token),
            Some(p_scope),
            Some(p_client_id),
            Some(p_client_secret),
        ) => Some(IssueTokenParams {
            grant_type: p_grant_type,
            username: p_username,
            password: p_password,
            refresh_token: p_refresh_token,
            scope: p_scope,
            client_id: p_client_id,
            client_secret: p_client_secret,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn revoke_token(input: &Input<'_>) -> Result<RevokeTokenParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let pairs = input.form(&["token", "token_type_hint", "client_id", "client_secret"], &mut found);
    let p_token = pairs.get("token", &rule::Hidden(rule::Text::new().max(4096)), &mut found);
    let p_token = found.required("token", p_token);
    let p_token_type_hint = pairs.get("token_type_hint", &rule::Text::new().max(64), &mut found);
    let p_token_type_hint = Violations::optional(p_token_type_hint);
    let p_client_id = pairs.get("client_id", &rule::Text::new().max(64), &mut found);
    let p_client_id = Violations::optional(p_client_id);
    let p_client_secret = pairs.get("client_secret", &rule::Hidden(rule::Text::new().max(256)), &mut found);
    let p_client_secret = Violations::optional(p_client_secret);
    let decoded = match (p_token, p_token_type_hint, p_client_id, p_client_secret) {
        (Some(p_token), Some(p_token_type_hint), Some(p_client_id), Some(p_client_secret)) => Some(RevokeTokenParams {
            token: p_token,
            token_type_hint: p_token_type_hint,
            client_id: p_client_id,
            client_secret: p_client_secret,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn change_password(input: &Input<'_>) -> Result<ChangePasswordParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_body = input.json(&rule::model::<models::PasswordChange>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body,) {
        (Some(p_body),) => Some(ChangePasswordParams { body: p_body }),
        _ => None,
    };
    found.finish(decoded)
}

fn create_user(input: &Input<'_>) -> Result<CreateUserParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_body = input.json(&rule::model::<models::UserCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body,) {
        (Some(p_body),) => Some(CreateUserParams { body: p_body }),
        _ => None,
    };
    found.finish(decoded)
}

fn delete_current_user(input: &Input<'_>) -> Result<DeleteCurrentUserParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let decoded = match (p_if_match,) {
        (Some(p_if_match),) => Some(DeleteCurrentUserParams { if_match: p_if_match }),
        _ => None,
    };
    found.finish(decoded)
}

fn get_current_user(input: &Input<'_>) -> Result<GetCurrentUserParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match () {
        () => Some(GetCurrentUserParams {}),
    };
    found.finish(decoded)
}

fn list_users(input: &Input<'_>) -> Result<ListUsersParams, Problem> {
    let mut found = Violations::default();
    let pairs: Pairs<'_> = input.query(
        &[
            "limit",
            "page",
            "offset",
            "cursor",
            "sort",
            "order",
            "role",
            "status",
            "search",
            "created_after",
            "created_before",
        ],
        &mut found,
    );
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(512), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_sort = pairs.get("sort", &rule::Enum::<models::UserSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_role = pairs.get("role", &rule::Enum::<models::Role>::new(), &mut found);
    let p_role = Violations::optional(p_role);
    let p_status = pairs.get("status", &rule::Enum::<models::AccountStatus>::new(), &mut found);
    let p_status = Violations::optional(p_status);
    let p_search = pairs.get("search", &rule::Text::new().min(1).max(100), &mut found);
    let p_search = Violations::optional(p_search);
    let p_created_after = pairs.get("created_after", &rule::Time, &mut found);
    let p_created_after = Violations::optional(p_created_after);
    let p_created_before = pairs.get("created_before", &rule::Time, &mut found);
    let p_created_before = Violations::optional(p_created_before);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (
        p_limit,
        p_page,
        p_offset,
        p_cursor,
        p_sort,
        p_order,
        p_role,
        p_status,
        p_search,
        p_created_after,
        p_created_before,
    ) {
        (
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_sort),
            Some(p_order),
            Some(p_role),
            Some(p_status),
            Some(p_search),
            Some(p_created_after),
            Some(p_created_before),
        ) => Some(ListUsersParams {
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            sort: p_sort,
            order: p_order,
            role: p_role,
            status: p_status,
            search: p_search,
            created_after: p_created_after,
            created_before: p_created_before,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn update_current_user(input: &Input<'_>) -> Result<UpdateCurrentUserParams, Problem> {
    let mut found = Violations::default();
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::UserUpdate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body, p_if_match) {
        (Some(p_body), Some(p_if_match)) => Some(UpdateCurrentUserParams { body: p_body, if_match: p_if_match }),
        _ => None,
    };
    found.finish(decoded)
}

fn delete_user(input: &Input<'_>) -> Result<DeleteUserParams, Problem> {
    let mut found = Violations::default();
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let decoded = match (p_user_id, p_if_match) {
        (Some(p_user_id), Some(p_if_match)) => Some(DeleteUserParams { user_id: p_user_id, if_match: p_if_match }),
        _ => None,
    };
    found.finish(decoded)
}

fn get_user(input: &Input<'_>) -> Result<GetUserParams, Problem> {
    let mut found = Violations::default();
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_user_id,) {
        (Some(p_user_id),) => Some(GetUserParams { user_id: p_user_id }),
        _ => None,
    };
    found.finish(decoded)
}

fn replace_user(input: &Input<'_>) -> Result<ReplaceUserParams, Problem> {
    let mut found = Violations::default();
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::UserReplace>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_user_id, p_body, p_if_match) {
        (Some(p_user_id), Some(p_body), Some(p_if_match)) => {
            Some(ReplaceUserParams { user_id: p_user_id, body: p_body, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn update_user(input: &Input<'_>) -> Result<UpdateUserParams, Problem> {
    let mut found = Violations::default();
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::UserUpdate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_user_id, p_body, p_if_match) {
        (Some(p_user_id), Some(p_body), Some(p_if_match)) => {
            Some(UpdateUserParams { user_id: p_user_id, body: p_body, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}
