//! Where accounts are kept: in a shop that this process opens, or behind the API of a server that runs.

use crate::commands::place::Place;
use crate::commands::server::{AT_ONCE, Remote};
use crate::domain::access::Role;
use crate::domain::page::{PageRequest, Position, Side};
use crate::domain::session::ClientInfo;
use crate::domain::user::{Status, UserFilter};
use crate::service::{self, NewUser, Shop, Unique};
use crate::settings::{Server, Settings};
use crate::start::Fault;
use contract::client::Error;
use contract::{Fields, Secret};
use generated::models::{self, User};
use generated::params::{CreateUserParams, GetUserParams, ListUsersParams, UpdateUserParams};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::io;
use swagger::Nullable;
use uuid::Uuid;

/// Most characters that the API searches for.
const LONGEST_SEARCH: usize = 100;

/// The accounts of one shop.
pub(super) struct Accounts(Place);

/// An account to be made.
pub(super) struct New {
    pub username: String,
    pub email: String,
    pub password: SecretString,
    pub full_name: Option<String>,
    pub role: Role,
}

/// Why nothing was made or changed.
pub(super) enum Refusal {
    /// There is no such account.
    Missing,
    /// The rest of a sentence.
    Because(String),
}

/// Why a list ended before its end.
pub(super) enum Stopped {
    Reading(Refusal),
    Writing(io::Error),
}

impl Accounts {
    /// As [`Place::open`].
    pub async fn open(settings: &Settings, server: Option<&Server>) -> Result<Self, Fault> {
        Place::open(settings, server).await.map(Self)
    }

    /// As [`Place::existing`].
    pub async fn existing(settings: &Settings, server: Option<&Server>) -> Result<Self, Fault> {
        Place::existing(settings, server).await.map(Self)
    }

    /// As [`Place::of_shop`].
    pub async fn of_shop(settings: &Settings) -> Result<Self, Fault> {
        Place::of_shop(settings).await.map(Self)
    }

    pub async fn close(self) {
        self.0.close().await;
    }

    /// For what no API does.
    ///
    /// # Errors
    /// When it is a server that is asked.
    pub fn shop(&self) -> Result<&Shop, Refusal> {
        match &self.0 {
            Place::Here(opened) => Ok(&opened.shop),
            Place::There(_) => Err(Refusal::Because("its API cannot do that; leave --server out".to_owned())),
        }
    }

    pub async fn create(&self, new: New) -> Result<User, Refusal> {
        let New { username, email, password, full_name, role } = new;
        match &self.0 {
            Place::Here(opened) => {
                let client = ClientInfo::default();
                let request = NewUser { email, username, password, full_name, client, role: Some(role) };
                Ok((&opened.shop.create_account(request).await?).into())
            }
            Place::There(remote) => {
                let password = Secret::new(password.expose_secret());
                let full_name = full_name.map(Nullable::Present);
                // What everybody gets takes no scope.
                let role = (role != Role::User).then(|| api_role(role));
                let body = models::UserCreate { email, username, password, full_name, role };
                let made = remote.client.create_user(&CreateUserParams { body, idempotency_key: None }).await;
                made.map(|reply| reply.value).map_err(|error| remote.refusal(&error))
            }
        }
    }

    /// The account with this id, username or e-mail address, the last two in any case.
    pub async fn find(&self, name: &str) -> Result<User, Refusal> {
        match &self.0 {
            Place::Here(opened) => Ok((&opened.shop.find_user(name).await?).into()),
            Place::There(remote) => find_there(remote, name).await,
        }
    }

    /// Gives an account another role, another standing, or both.
    pub async fn set_standing(&self, id: Uuid, role: Option<Role>, status: Option<Status>) -> Result<User, Refusal> {
        match &self.0 {
            Place::Here(opened) => Ok((&opened.shop.set_standing(id, role, status).await?).into()),
            Place::There(remote) => {
                let (role, status) = (role.map(api_role), status.map(api_status));
                let body = models::UserUpdate { email: None, username: None, full_name: None, role, status };
                let params = UpdateUserParams { user_id: id, body, if_match: None };
                match remote.client.update_user(&params).await {
                    Ok(reply) => Ok(reply.value),
                    // It was there a moment ago: whoever may not change it is told so in this way.
                    Err(error) if is_missing(&error) => Err(Refusal::Because(
                        "the API key may read this account and not change it; make one with the scope users:write, as an \
                         administrator"
                            .to_owned(),
                    )),
                    Err(error) => Err(remote.refusal(&error)),
                }
            }
        }
    }

    /// Shows all accounts that a filter lets pass, the oldest first; the moments of the filter do not count.
    pub async fn each(
        &self,
        filter: &UserFilter,
        show: &mut impl FnMut(&User) -> io::Result<()>,
    ) -> Result<(), Stopped> {
        match &self.0 {
            Place::Here(opened) => each_here(&opened.shop, filter, show).await,
            Place::There(remote) => {
                let mut walk = remote.client.walk_users(listing(filter));
                while let Some(user) = walk.next().await {
                    let user = user.map_err(|error| Stopped::Reading(remote.refusal(&error)))?;
                    show(&user).map_err(Stopped::Writing)?;
                }
                Ok(())
            }
        }
    }
}

async fn each_here(
    shop: &Shop,
    filter: &UserFilter,
    show: &mut impl FnMut(&User) -> io::Result<()>,
) -> Result<(), Stopped> {
    let mut position = Position::Start;
    loop {
        let part = shop.all_users(filter, &PageRequest::new(PageRequest::MAX_LIMIT, position)).await;
        let part = part.map_err(|error| Stopped::Reading(error.into()))?;
        part.items.iter().try_for_each(|user| show(&user.into())).map_err(Stopped::Writing)?;
        let Some(last) = part.next else { return Ok(()) };
        position = Position::Cursor(Side::After, last);
    }
}

async fn find_there(remote: &Remote, name: &str) -> Result<User, Refusal> {
    if name.is_empty() {
        return Err(Refusal::Missing);
    }
    // Usernames have no hyphens, so that nobody is called by somebody else's id.
    if let (Ok(user_id), true) = (Uuid::try_parse(name), name.contains('-')) {
        let found = remote.client.get_user(&GetUserParams { user_id, fields: Fields::ALL }).await;
        return match found {
            Ok(reply) => Ok(reply.value),
            Err(error) if is_missing(&error) => Err(Refusal::Missing),
            Err(error) => Err(remote.refusal(&error)),
        };
    }
    let search = Some(name.chars().take(LONGEST_SEARCH).collect());
    let mut walk = remote.client.walk_users(listing(&UserFilter { search, ..UserFilter::default() }));
    while let Some(user) = walk.next().await {
        let user = user.map_err(|error| remote.refusal(&error))?;
        if user.username.eq_ignore_ascii_case(name) || user.email.eq_ignore_ascii_case(name) {
            return Ok(user);
        }
    }
    Err(Refusal::Missing)
}

fn listing(filter: &UserFilter) -> ListUsersParams {
    ListUsersParams {
        limit: AT_ONCE,
        page: None,
        offset: None,
        cursor: None,
        sort: Some(models::UserSort::UserByCreatedAt),
        order: Some(models::SortOrder::Asc),
        role: filter.role.map(api_role),
        status: filter.status.map(api_status),
        search: filter.search.clone(),
        created_after: None,
        created_before: None,
        fields: Fields::ALL,
    }
}

fn api_role(role: Role) -> models::Role {
    match role {
        Role::User => models::Role::User,
        Role::Moderator => models::Role::Moderator,
        Role::Admin => models::Role::Admin,
    }
}

fn api_status(status: Status) -> models::AccountStatus {
    match status {
        Status::Active => models::AccountStatus::Active,
        Status::Suspended => models::AccountStatus::Suspended,
    }
}

fn is_missing(error: &Error) -> bool {
    error.problem().is_some_and(|problem| problem.status == 404)
}

impl Remote {
    fn refusal(&self, error: &Error) -> Refusal {
        Refusal::Because(self.reason(error))
    }
}

impl From<service::Error> for Refusal {
    fn from(error: service::Error) -> Self {
        Self::Because(match error {
            service::Error::Missing => return Self::Missing,
            service::Error::Invalid(violations) => {
                let flaws = violations.iter().map(|violation| format!("{} {}", violation.member, violation.message));
                flaws.collect::<Vec<_>>().join("; ")
            }
            service::Error::Taken(Unique::Email) => "another account has this e-mail address".to_owned(),
            service::Error::Taken(Unique::Username) => "another account has this username".to_owned(),
            other => other.to_string(),
        })
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Writing(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => out.write_str("there is no such account"),
            Self::Because(reason) => out.write_str(reason),
        }
    }
}
