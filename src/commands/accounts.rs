//! `shopkeeper user` and `shopkeeper session`: accounts, kept by whoever runs the shop. Nobody signs in for it.

use super::{Said, is_standard, told_as};
use crate::cli::{CreateUser, ListUsers, Promote, ResetPassword, Revoke, Session, Suspend, User as Step};
use crate::domain::page::{PageRequest, Position, Side};
use crate::domain::session::ClientInfo;
use crate::domain::user::{FullName, Status, User, UserFilter};
use crate::infra::clock::Clock;
use crate::service::{Error, NewUser, Shop, Unique, made_up_password};
use crate::settings::Settings;
use crate::start::{Fault, Opened};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Takes a step with accounts.
///
/// # Errors
/// When there is no such shop or account, when the shop cannot be opened or written, and when a rule forbids it: then nothing
/// was changed.
pub async fn user(settings: &Settings, step: &Step) -> Result<Said, Fault> {
    match step {
        Step::Create(wanted) => create(settings, wanted).await,
        Step::List(wanted) => list(settings, wanted).await,
        Step::Promote(wanted) => promote(settings, wanted).await,
        Step::Suspend(wanted) => suspend(settings, wanted).await,
        Step::ResetPassword(wanted) => reset_password(settings, wanted).await,
    }
}

/// Takes a step with sessions.
///
/// # Errors
/// As [`user`].
pub async fn session(settings: &Settings, step: &Session) -> Result<Said, Fault> {
    let Session::Revoke(Revoke { account, json }) = step;
    let revoked = on_account(settings, account, async |shop, user| Ok((shop.end_sessions_of(user.id).await?, user)));
    let (ended, user) = revoked.await?;
    let told = format!("{} of {} ended.\n", sessions(ended), user.username);
    Ok(told_as(*json, &json!({ "account_id": user.id, "sessions_ended": ended }), told))
}

async fn create(settings: &Settings, wanted: &CreateUser) -> Result<Said, Fault> {
    let password = Password::of(wanted.password_file.as_deref())?;
    let request = NewUser {
        email: wanted.email.clone(),
        username: wanted.username.clone(),
        password: password.secret.clone(),
        full_name: wanted.full_name.clone(),
        client: ClientInfo::default(),
        role: Some(wanted.role.into()),
    };
    let opened = Opened::open(settings, &Clock::system()).await?;
    let made = opened.shop.create_account(request).await;
    opened.close().await;
    let user = made.map_err(|error| Fault(format!("The account was not made: {}.", reason(&error))))?;
    let told = format!("{} was made, with the role {}.\n{}", user.username, user.role, password.told());
    Ok(told_as(wanted.json, &password.shown_in(described(&user)), told))
}

/// Writes while it reads, so that it takes no more memory than a part of the list.
async fn list(settings: &Settings, wanted: &ListUsers) -> Result<Said, Fault> {
    let filter = UserFilter {
        role: wanted.role.map(Into::into),
        status: wanted.status.map(Into::into),
        search: wanted.search.clone(),
        ..UserFilter::default()
    };
    let opened = Opened::open_existing(settings, &Clock::system()).await?;
    let written = write_list(&opened.shop, &filter, wanted.json, &mut io::stdout().lock()).await;
    opened.close().await;
    written.map(|()| Said::well(String::new()))
}

async fn write_list(shop: &Shop, filter: &UserFilter, as_json: bool, out: &mut impl Write) -> Result<(), Fault> {
    let mut position = Position::Start;
    loop {
        let part = shop.all_users(filter, &PageRequest::new(PageRequest::MAX_LIMIT, position)).await;
        let part = part.map_err(|error| Fault(format!("The accounts cannot be listed: {}.", reason(&error))))?;
        let lines = part.items.iter().map(|user| line(user, as_json));
        match out.write_all(lines.collect::<String>().as_bytes()) {
            // Whoever read has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written.map_err(|error| Fault(format!("The accounts cannot be written: {error}.")))?,
        }
        let Some(last) = part.next else { return Ok(()) };
        position = Position::Cursor(Side::After, last);
    }
}

async fn promote(settings: &Settings, wanted: &Promote) -> Result<Said, Fault> {
    let role = wanted.role.into();
    let changed =
        on_account(settings, &wanted.account, async |shop, user| shop.set_standing(user.id, Some(role), None).await);
    Ok(standing(&changed.await?, wanted.json))
}

async fn suspend(settings: &Settings, wanted: &Suspend) -> Result<Said, Fault> {
    let status = if wanted.lift { Status::Active } else { Status::Suspended };
    let changed =
        on_account(settings, &wanted.account, async |shop, user| shop.set_standing(user.id, None, Some(status)).await);
    Ok(standing(&changed.await?, wanted.json))
}

async fn reset_password(settings: &Settings, wanted: &ResetPassword) -> Result<Said, Fault> {
    let password = Password::of(wanted.password_file.as_deref())?;
    let reset = on_account(settings, &wanted.account, async |shop, user| {
        Ok((shop.reset_password(user.id, password.secret.clone()).await?, user))
    });
    let (ended, user) = reset.await?;
    let told = format!("{} has another password; {} ended.\n{}", user.username, sessions(ended), password.told());
    let report = password.shown_in(json!({ "account_id": user.id, "sessions_ended": ended }));
    Ok(told_as(wanted.json, &report, told))
}

/// Does something with an account of a shop that is there.
async fn on_account<T>(
    settings: &Settings,
    name: &str,
    act: impl AsyncFnOnce(&Shop, User) -> Result<T, Error>,
) -> Result<T, Fault> {
    let opened = Opened::open_existing(settings, &Clock::system()).await?;
    let outcome = match opened.shop.find_user(name).await {
        Ok(user) => act(&opened.shop, user).await,
        Err(error) => Err(error),
    };
    opened.close().await;
    outcome.map_err(|error| match error {
        Error::Missing => Fault(format!(
            "There is no account `{name}`: write a username, an e-mail address or an id; `shopkeeper user list` shows them."
        )),
        error => Fault(format!("Nothing was changed: {}.", reason(&error))),
    })
}

/// A password that was given, or made up to be shown.
struct Password {
    secret: SecretString,
    made_up: bool,
}

impl Password {
    /// What is in the file, but for the end of its last line; without a file, chance.
    fn of(file: Option<&Path>) -> Result<Self, Fault> {
        let Some(file) = file else { return Ok(Self { secret: made_up_password(), made_up: true }) };
        let read = if is_standard(file) { io::read_to_string(io::stdin()) } else { fs::read_to_string(file) };
        let text = read.map_err(|error| Fault(format!("`{}` cannot be read: {error}.", file.display())))?;
        Ok(Self { secret: text.trim_end_matches(['\r', '\n']).into(), made_up: false })
    }

    fn told(&self) -> String {
        if !self.made_up {
            return String::new();
        }
        format!("The password is {}, made up just now and not shown again.\n", self.secret.expose_secret())
    }

    /// The report, with the password if nobody could know it otherwise.
    fn shown_in(&self, mut report: Value) -> Value {
        if let (true, Some(members)) = (self.made_up, report.as_object_mut()) {
            members.insert("password".to_owned(), self.secret.expose_secret().into());
        }
        report
    }
}

fn standing(user: &User, as_json: bool) -> Said {
    let told = format!("{} is {}, with the role {}.\n", user.username, user.status, user.role);
    told_as(as_json, &described(user), told)
}

/// As the document describes an account.
fn described(user: &User) -> Value {
    json!({
        "id": user.id,
        "username": user.username.as_str(),
        "email": user.email.as_str(),
        "full_name": user.full_name.as_ref().map(FullName::as_str),
        "role": user.role.as_str(),
        "status": user.status.as_str(),
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

fn line(user: &User, as_json: bool) -> String {
    if as_json {
        return format!("{}\n", described(user));
    }
    // What differs in length comes last.
    let User { id, username, email, role, status, .. } = user;
    format!("{id}  {:9}  {:9}  {username}  {email}\n", role.as_str(), status.as_str())
}

fn sessions(count: usize) -> String {
    if count == 1 { "1 session".to_owned() } else { format!("{count} sessions") }
}

/// Why something did not happen, as the rest of a sentence.
fn reason(error: &Error) -> String {
    match error {
        Error::Invalid(violations) => {
            let flaws = violations.iter().map(|violation| format!("{} {}", violation.member, violation.message));
            flaws.collect::<Vec<_>>().join("; ")
        }
        Error::Taken(Unique::Email) => "another account has this e-mail address".to_owned(),
        Error::Taken(Unique::Username) => "another account has this username".to_owned(),
        other => other.to_string(),
    }
}
