//! `shopkeeper user` and `shopkeeper session`: accounts, kept by whoever runs the shop. On the shop's machine nobody signs in
//! for it; of a running server its API is asked, with an administrator's key.

mod kept;

use super::{Said, is_standard, told_as};
use crate::cli::{CreateUser, ListUsers, Promote, ResetPassword, Revoke, Session, Suspend, User as Step};
use crate::domain::user::{Status, UserFilter};
use crate::service::made_up_password;
use crate::settings::{Server, Settings};
use crate::start::Fault;
use generated::models::User;
use kept::{Accounts, New, Refusal, Stopped};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Takes a step with accounts: with those of the server, if there is one to ask.
///
/// # Errors
/// When there is no such shop, server or account, when it cannot be opened, reached or written, and when a rule forbids it:
/// then nothing was changed.
pub async fn user(settings: &Settings, server: Option<&Server>, step: &Step) -> Result<Said, Fault> {
    match step {
        Step::Create(wanted) => create(settings, server, wanted).await,
        Step::List(wanted) => list(settings, server, wanted).await,
        Step::Promote(wanted) => promote(settings, server, wanted).await,
        Step::Suspend(wanted) => suspend(settings, server, wanted).await,
        Step::ResetPassword(wanted) => reset_password(settings, server, wanted).await,
    }
}

/// Takes a step with sessions.
///
/// # Errors
/// As [`user`], and when a server is to be asked.
pub async fn session(settings: &Settings, server: Option<&Server>, step: &Session) -> Result<Said, Fault> {
    let Session::Revoke(Revoke { account, json }) = step;
    if server.is_some() {
        return Err(Fault(format!(
            "The API of a server ends nobody's sessions but the caller's own: leave --server out and run this where the shop \
             is, or end them with `shopkeeper user suspend {account}` and let the account in again with --lift."
        )));
    }
    let accounts = Accounts::of_shop(settings).await?;
    let revoked = on_account(accounts, account, async |accounts, user| {
        Ok((accounts.shop()?.end_sessions_of(user.id).await?, user))
    });
    let (ended, user) = revoked.await?;
    let told = format!("{} of {} ended.\n", sessions(ended), user.username);
    Ok(told_as(*json, &json!({ "account_id": user.id, "sessions_ended": ended }), told))
}

async fn create(settings: &Settings, server: Option<&Server>, wanted: &CreateUser) -> Result<Said, Fault> {
    let password = Password::of(wanted.password_file.as_deref())?;
    let new = New {
        username: wanted.username.clone(),
        email: wanted.email.clone(),
        password: password.secret.clone(),
        full_name: wanted.full_name.clone(),
        role: wanted.role.into(),
    };
    let accounts = Accounts::open(settings, server).await?;
    let made = accounts.create(new).await;
    accounts.close().await;
    let user = made.map_err(|error| Fault(format!("The account was not made: {error}.")))?;
    let told = format!("{} was made, with the role {}.\n{}", user.username, user.role, password.told());
    Ok(told_as(wanted.json, &password.shown_in(described(&user)), told))
}

/// Writes while it reads, so that it takes no more memory than a part of the list.
async fn list(settings: &Settings, server: Option<&Server>, wanted: &ListUsers) -> Result<Said, Fault> {
    let filter = UserFilter {
        role: wanted.role.map(Into::into),
        status: wanted.status.map(Into::into),
        search: wanted.search.clone(),
        ..UserFilter::default()
    };
    let accounts = Accounts::existing(settings, server).await?;
    let mut out = BufWriter::new(io::stdout().lock());
    let listed = accounts.each(&filter, &mut |user| out.write_all(line(user, wanted.json).as_bytes())).await;
    accounts.close().await;
    match listed.and_then(|()| Ok(out.flush()?)) {
        // Whoever read has seen enough.
        Err(Stopped::Writing(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(Stopped::Writing(error)) => return Err(Fault(format!("The accounts cannot be written: {error}."))),
        Err(Stopped::Reading(error)) => return Err(Fault(format!("The accounts cannot be listed: {error}."))),
        Ok(()) => {}
    }
    Ok(Said::well(String::new()))
}

async fn promote(settings: &Settings, server: Option<&Server>, wanted: &Promote) -> Result<Said, Fault> {
    let role = wanted.role.into();
    let accounts = Accounts::existing(settings, server).await?;
    let changed = on_account(accounts, &wanted.account, async |accounts, user| {
        accounts.set_standing(user.id, Some(role), None).await
    });
    Ok(standing(&changed.await?, wanted.json))
}

async fn suspend(settings: &Settings, server: Option<&Server>, wanted: &Suspend) -> Result<Said, Fault> {
    let status = if wanted.lift { Status::Active } else { Status::Suspended };
    let accounts = Accounts::existing(settings, server).await?;
    let changed = on_account(accounts, &wanted.account, async |accounts, user| {
        accounts.set_standing(user.id, None, Some(status)).await
    });
    Ok(standing(&changed.await?, wanted.json))
}

async fn reset_password(settings: &Settings, server: Option<&Server>, wanted: &ResetPassword) -> Result<Said, Fault> {
    if server.is_some() {
        return Err(Fault(
            "The API of a server changes nobody's password but the caller's own: leave --server out and run this where the shop \
             is, over SQLite while no server runs."
                .to_owned(),
        ));
    }
    let password = Password::of(wanted.password_file.as_deref())?;
    let accounts = Accounts::of_shop(settings).await?;
    let reset = on_account(accounts, &wanted.account, async |accounts, user| {
        Ok((accounts.shop()?.reset_password(user.id, password.secret.clone()).await?, user))
    });
    let (ended, user) = reset.await?;
    let told = format!("{} has another password; {} ended.\n{}", user.username, sessions(ended), password.told());
    let report = password.shown_in(json!({ "account_id": user.id, "sessions_ended": ended }));
    Ok(told_as(wanted.json, &report, told))
}

/// Does something with an account that is there.
async fn on_account<T>(
    accounts: Accounts,
    name: &str,
    act: impl AsyncFnOnce(&Accounts, User) -> Result<T, Refusal>,
) -> Result<T, Fault> {
    let outcome = match accounts.find(name).await {
        Ok(user) => act(&accounts, user).await,
        Err(error) => Err(error),
    };
    accounts.close().await;
    outcome.map_err(|error| match error {
        Refusal::Missing => Fault(format!(
            "There is no account `{name}`: write a username, an e-mail address or an id; `shopkeeper user list` shows them."
        )),
        Refusal::Because(reason) => Fault(format!("Nothing was changed: {reason}.")),
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
    serde_json::to_value(user).unwrap_or_default()
}

fn line(user: &User, as_json: bool) -> String {
    if as_json {
        return format!("{}\n", described(user));
    }
    // What differs in length comes last.
    let User { id, username, email, role, status, .. } = user;
    format!("{id}  {role:9}  {status:9}  {username}  {email}\n")
}

fn sessions(count: usize) -> String {
    if count == 1 { "1 session".to_owned() } else { format!("{count} sessions") }
}
