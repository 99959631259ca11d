//! Accounts.

use super::members::{change, expected, present};
use super::page::{self, nullable};
use super::{Context, Handlers};
use crate::domain::access::Role;
use crate::domain::user::{Status, User, UserFilter, UserSort};
use crate::service::{Applicant, NewUser, UserPatch, UserReplacement};
use contract::{EntityTag, Problem};
use generated::api::UsersApi;
use generated::params::*;
use generated::responses::*;
use generated::{BASE_PATH, models};

impl UsersApi<Context<'_>> for Handlers {
    async fn create_user(&self, call: &Context<'_>, params: CreateUserParams) -> Result<CreateUserResponse, Problem> {
        let models::UserCreate { email, username, password, full_name, role: wanted } = params.body;
        let full_name = full_name.and_then(present);
        let password = password.into_inner().into();
        let (client, role) = (call.client(), wanted.map(role));
        let request = NewUser { email, username, password, full_name, client, role };
        let by = Applicant::new(call.caller.as_deref(), Some(call.request_id));
        let keep = call.keep(|made, asked| created(made).into_reply(asked));
        let made = self.shop.register(by, request, keep).await?;
        Ok(created(&made))
    }

    async fn list_users(&self, call: &Context<'_>, params: ListUsersParams) -> Result<ListUsersResponse, Problem> {
        let ListUsersParams { limit, page, offset, cursor, sort, order, .. } = params;
        let request = page::request(limit, page, offset, cursor);
        let sort = match sort {
            Some(models::UserSort::UserByUsername) => UserSort::Username,
            Some(models::UserSort::UserByEmail) => UserSort::Email,
            Some(models::UserSort::UserByCreatedAt) | None => UserSort::CreatedAt,
        };
        let filter = UserFilter {
            role: params.role.map(role),
            status: params.status.map(status),
            search: params.search,
            created_after: params.created_after,
            created_before: params.created_before,
        };
        let users = self.shop.users(call.caller()?, &filter, sort, page::order(order), &request).await;
        let list = users.map_err(page::in_query)?;
        let (pagination, links, link) = page::describe(call, &request, &list);
        let data = list.items.iter().map(user).collect();
        Ok(ListUsersResponse::Status200 { body: models::UserPage { data, pagination, links }, link })
    }

    async fn get_user(&self, call: &Context<'_>, params: GetUserParams) -> Result<GetUserResponse, Problem> {
        let found = self.shop.user(call.caller()?, params.user_id).await?;
        Ok(GetUserResponse::Status200 { e_tag: tag(&found), body: user(&found) })
    }

    async fn get_current_user(
        &self,
        call: &Context<'_>,
        _: GetCurrentUserParams,
    ) -> Result<GetCurrentUserResponse, Problem> {
        let own = &call.caller()?.user;
        Ok(GetCurrentUserResponse::Status200 { e_tag: tag(own), body: user(own) })
    }

    async fn replace_user(
        &self,
        call: &Context<'_>,
        params: ReplaceUserParams,
    ) -> Result<ReplaceUserResponse, Problem> {
        let models::UserReplace { email, username, full_name, role: wanted, status: standing } = params.body;
        let full_name = present(full_name);
        let (role, status) = (wanted.map(role), standing.map(status));
        let whole = UserReplacement { email, username, full_name, role, status };
        let expected = expected(params.if_match.as_deref(), params.user_id);
        let changed = self.shop.replace_user(call.by()?, params.user_id, whole, &expected).await?;
        Ok(ReplaceUserResponse::Status200 { e_tag: tag(&changed), body: user(&changed) })
    }

    async fn update_user(&self, call: &Context<'_>, params: UpdateUserParams) -> Result<UpdateUserResponse, Problem> {
        let expected = expected(params.if_match.as_deref(), params.user_id);
        let changed = self.shop.update_user(call.by()?, params.user_id, patch(params.body), &expected).await?;
        Ok(UpdateUserResponse::Status200 { e_tag: tag(&changed), body: user(&changed) })
    }

    async fn update_current_user(
        &self,
        call: &Context<'_>,
        params: UpdateCurrentUserParams,
    ) -> Result<UpdateCurrentUserResponse, Problem> {
        let by = call.by()?;
        let expected = expected(params.if_match.as_deref(), by.id());
        let changed = self.shop.update_user(by, by.id(), patch(params.body), &expected).await?;
        Ok(UpdateCurrentUserResponse::Status200 { e_tag: tag(&changed), body: user(&changed) })
    }

    async fn delete_user(&self, call: &Context<'_>, params: DeleteUserParams) -> Result<DeleteUserResponse, Problem> {
        let expected = expected(params.if_match.as_deref(), params.user_id);
        self.shop.delete_user(call.by()?, params.user_id, &expected).await?;
        Ok(DeleteUserResponse::Status204 {})
    }

    async fn delete_current_user(
        &self,
        call: &Context<'_>,
        params: DeleteCurrentUserParams,
    ) -> Result<DeleteCurrentUserResponse, Problem> {
        let by = call.by()?;
        self.shop.delete_user(by, by.id(), &expected(params.if_match.as_deref(), by.id())).await?;
        Ok(DeleteCurrentUserResponse::Status204 {})
    }

    async fn change_password(
        &self,
        call: &Context<'_>,
        params: ChangePasswordParams,
    ) -> Result<ChangePasswordResponse, Problem> {
        let models::PasswordChange { current_password, new_password } = params.body;
        let (current, new) = (current_password.into_inner().into(), new_password.into_inner().into());
        self.shop.change_password(call.by()?, &call.client(), current, new).await?;
        Ok(ChangePasswordResponse::Status204 {})
    }
}

fn created(made: &User) -> CreateUserResponse {
    let location = format!("{BASE_PATH}/users/{}", made.id);
    CreateUserResponse::Status201 { location, e_tag: tag(made), body: user(made) }
}

fn user(user: &User) -> models::User {
    let User { id, email, username, full_name, role, status, version: _, created_at, updated_at } = user;
    models::User {
        id: *id,
        email: email.as_str().to_owned(),
        username: username.as_str().to_owned(),
        full_name: nullable(full_name.as_ref().map(|name| name.as_str().to_owned())),
        role: role.as_str().to_owned(),
        status: status.as_str().to_owned(),
        created_at: *created_at,
        updated_at: *updated_at,
    }
}

impl From<&User> for models::User {
    fn from(account: &User) -> Self {
        user(account)
    }
}

fn tag(user: &User) -> String {
    EntityTag { id: user.id, version: user.version }.to_string()
}

fn patch(body: models::UserUpdate) -> UserPatch {
    let models::UserUpdate { email, username, full_name, role: wanted, status: standing } = body;
    let (role, status) = (wanted.map(role), standing.map(status));
    UserPatch { email, username, full_name: change(full_name), role, status }
}

fn role(role: models::Role) -> Role {
    match role {
        models::Role::User => Role::User,
        models::Role::Moderator => Role::Moderator,
        models::Role::Admin => Role::Admin,
    }
}

fn status(status: models::AccountStatus) -> Status {
    match status {
        models::AccountStatus::Active => Status::Active,
        models::AccountStatus::Suspended => Status::Suspended,
    }
}
