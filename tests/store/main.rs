//! The store against a real database, one of its own for each test.

#[path = "../support/ground.rs"]
mod ground;

mod api_keys;
mod catalog;
mod contention;
mod indices;
mod lists;
mod measures;
mod pruning;
mod schema;
mod sessions;
mod users;

use std::sync::Arc;

use chrono::TimeDelta;
use ground::Ground;
use shopkeeper::domain::access::{Role, RoleScopes};
use shopkeeper::domain::session::{ClientInfo, Session};
use shopkeeper::domain::time::Timestamp;
use shopkeeper::domain::user::{Email, FullName, Status, User, Username};
use shopkeeper::store::{Location, Store, schema as migrate};
use uuid::Uuid;

/// An empty database that disappears with this value.
struct Room {
    store: Store,
    folder: Ground,
}

fn scopes() -> Arc<RoleScopes> {
    let table = RoleScopes::new(&[
        ("user", &["account:read", "account:write"]),
        ("moderator", &["account:read", "account:write", "users:read"]),
        ("admin", &["account:read", "account:write", "users:read", "users:write"]),
    ]);
    Arc::new(table.expect("a good table"))
}

impl Room {
    /// With the newest schema.
    async fn new() -> Self {
        let room = Self::over(Ground::new().await).await;
        migrate::up(&room.store).await.expect("migrations");
        room
    }

    /// With the newest schema, in a file of `SQLite`.
    async fn of_file() -> Self {
        let room = Self::over(Ground::of_file()).await;
        migrate::up(&room.store).await.expect("migrations");
        room
    }

    /// Without any schema.
    async fn bare() -> Self {
        Self::over(Ground::bare().await).await
    }

    async fn over(folder: Ground) -> Self {
        let store = Store::open(&location(&folder), scopes()).await.expect("a database");
        Self { store, folder }
    }

    /// Another pool over the same file, as another process has it.
    async fn neighbour(&self) -> Store {
        Store::open(&location(&self.folder), scopes()).await.expect("the same database")
    }

    async fn add(&self, user: &User) {
        let tx = self.store.begin().await.expect("a transaction");
        tx.insert_user(user, "$hash").await.expect("an account");
        tx.commit().await.expect("a commit");
    }

    async fn add_session(&self, session: &Session) {
        let tx = self.store.begin().await.expect("a transaction");
        tx.insert_session(session).await.expect("a session");
        tx.commit().await.expect("a commit");
    }
}

fn location(folder: &Ground) -> Location {
    // A name that an address would have to escape.
    folder.location("a shop? 100%.db")
}

/// So many seconds after noon of some day.
fn at(second: i64) -> Timestamp {
    chrono::DateTime::from_timestamp(1_800_000_000, 123_456_000).expect("a moment") + TimeDelta::seconds(second)
}

/// An active user with a name; the number makes id and age.
fn user(number: u32, name: &str) -> User {
    User {
        id: Uuid::from_u128(u128::from(number)),
        email: Email::parse(&format!("{name}@example.com")).expect("an address"),
        username: Username::parse(name).expect("a name"),
        full_name: FullName::parse("Ada König").expect("a full name"),
        role: Role::User,
        status: Status::Active,
        version: 1,
        created_at: at(number.into()),
        updated_at: at(number.into()),
    }
}

/// A live session of an account, from the first minute until a month later.
fn session(number: u32, user_id: Uuid) -> Session {
    Session {
        id: Uuid::from_u128(0x5e55_0000 + u128::from(number)),
        user_id,
        created_at: at(number.into()),
        last_used_at: at(number.into()),
        expires_at: at(1_000),
        ended_at: None,
        client: ClientInfo::new("192.0.2.7".parse().ok(), Some("curl/8")),
        scopes: None,
        api_key_id: None,
    }
}
