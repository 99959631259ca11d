//! `shopkeeper user` and `shopkeeper session`: what may be written after them.

use crate::domain::access::Role;
use crate::domain::user::Status;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A step of `shopkeeper user`.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum User {
    /// Make an account
    ///
    /// Without --password-file its password is made up and shown once. The audit trail names `system` as who did it, or, with
    /// --server, whose API key it is. While the server runs, ask it: --server.
    #[command(after_help = "Examples:
  shopkeeper user create ada ada@example.com
  shopkeeper user create ada ada@example.com --role moderator --json
  cat secret | shopkeeper user create ada ada@example.com --password-file -
  shopkeeper user create ada ada@example.com --server https://shop.example --api-key-file key")]
    Create(CreateUser),
    /// List accounts, the oldest first
    ///
    /// Each line has id, role, status, username and e-mail address; with --json it is an object. While the server runs, ask it:
    /// --server.
    #[command(after_help = "Examples:
  shopkeeper user list
  shopkeeper user list --role admin --status active
  shopkeeper user list --search example.com --json
  shopkeeper user list --server https://shop.example --api-key-file key")]
    List(ListUsers),
    /// Give an account another role
    ///
    /// The last administrator who can act keeps theirs. While the server runs, ask it: --server.
    #[command(after_help = "Examples:
  shopkeeper user promote ada moderator
  shopkeeper user promote ada@example.com admin
  shopkeeper user promote ada user                  # takes the role away again
  shopkeeper user promote ada admin --server http://127.0.0.1:8080 --api-key-file key")]
    Promote(Promote),
    /// Suspend an account, which ends its sessions, or lift that
    ///
    /// A suspended account keeps its data and can do nothing. The last administrator who can act is not suspended. While the
    /// server runs, ask it: --server.
    #[command(after_help = "Examples:
  shopkeeper user suspend ada
  shopkeeper user suspend ada --lift
  shopkeeper user suspend ada --server https://shop.example --api-key-file key")]
    Suspend(Suspend),
    /// Give an account another password, which ends its sessions
    ///
    /// Without --password-file it is made up and shown once. API keys of the account stay. The server must not run meanwhile:
    /// its API changes nobody's password but the caller's own.
    #[command(after_help = "Examples:
  shopkeeper user reset-password admin
  cat secret | shopkeeper user reset-password ada --password-file -")]
    ResetPassword(ResetPassword),
}

impl User {
    /// Whether a server that is asked wants to know who asks. No server is asked for the rest.
    #[must_use]
    pub const fn takes_key(&self) -> bool {
        !matches!(self, Self::ResetPassword(_))
    }
}

/// A step of `shopkeeper session`.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Session {
    /// End all sessions of an account, those of its API keys included
    ///
    /// Whoever has its password, or one of its keys, can begin new ones. The server must not run meanwhile: its API ends nobody's
    /// sessions but the caller's own. `shopkeeper user suspend` ends them there.
    #[command(after_help = "Examples:
  shopkeeper session revoke ada
  shopkeeper session revoke ada@example.com --json")]
    Revoke(Revoke),
}

/// Who the new account is for.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct CreateUser {
    /// A name to sign in with: 3 to 50 letters, digits and underscores
    pub username: String,
    /// An e-mail address
    pub email: String,
    /// What to call the person
    #[arg(long, value_name = "NAME")]
    pub full_name: Option<String>,
    /// What the account may do
    #[arg(long, value_enum, default_value_t = AccountRole::User)]
    pub role: AccountRole,
    /// File that holds the password; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Tell what was made as JSON
    #[arg(long)]
    pub json: bool,
}

/// Which accounts are listed.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ListUsers {
    /// Only those with this role
    #[arg(long, value_enum)]
    pub role: Option<AccountRole>,
    /// Only those in this standing
    #[arg(long, value_enum)]
    pub status: Option<AccountStatus>,
    /// Only those with this text in username, e-mail address or full name
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// A JSON object on each line
    #[arg(long)]
    pub json: bool,
}

/// Who gets which role.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Promote {
    /// Username, e-mail address or id
    pub account: String,
    /// What the account may do from now on
    #[arg(value_enum)]
    pub role: AccountRole,
    /// Tell what it is now as JSON
    #[arg(long)]
    pub json: bool,
}

/// Who is suspended, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Suspend {
    /// Username, e-mail address or id
    pub account: String,
    /// Let the account act again
    #[arg(long)]
    pub lift: bool,
    /// Tell what it is now as JSON
    #[arg(long)]
    pub json: bool,
}

/// Whose password is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ResetPassword {
    /// Username, e-mail address or id
    pub account: String,
    /// File that holds the password; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Tell what happened as JSON
    #[arg(long)]
    pub json: bool,
}

/// Whose sessions end.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Revoke {
    /// Username, e-mail address or id
    pub account: String,
    /// Tell what happened as JSON
    #[arg(long)]
    pub json: bool,
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AccountRole {
    /// Its own matters
    User,
    /// Also reading accounts and handling orders
    Moderator,
    /// Everything
    Admin,
}

impl From<AccountRole> for Role {
    fn from(role: AccountRole) -> Self {
        match role {
            AccountRole::User => Self::User,
            AccountRole::Moderator => Self::Moderator,
            AccountRole::Admin => Self::Admin,
        }
    }
}

/// Whether an account may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AccountStatus {
    /// It may
    Active,
    /// It may not
    Suspended,
}

impl From<AccountStatus> for Status {
    fn from(status: AccountStatus) -> Self {
        match status {
            AccountStatus::Active => Self::Active,
            AccountStatus::Suspended => Self::Suspended,
        }
    }
}
