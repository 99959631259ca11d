//! Why the store did not do as it was told.

use uuid::Uuid;

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// Everything that can go wrong below the services.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another live row has this value already.
    #[error("the value of {0:?} is taken")]
    Taken(Unique),
    /// The row is not in the version that the change was made for.
    #[error("the row has changed meanwhile; its version is {current}")]
    Stale {
        /// Which one.
        id: Uuid,
        /// The version it has now.
        current: i64,
    },
    /// The row to be changed is not there.
    #[error("there is no such row")]
    Missing,
    /// The turn to write, or a connection, did not come in time.
    #[error("the database is busy")]
    Busy,
    /// The database does not answer, nobody can reach it, or the store has been closed.
    #[error("the database is away")]
    Away,
    /// Another transaction was about the same rows, and one of the two had to give way: done again, it may well succeed.
    #[error("another transaction was in the way")]
    Collided,
    /// The database was written by a newer program; only that one may go on.
    #[error("the database has migrations that this program does not know: {}", .0.join(", "))]
    Newer(Vec<String>),
    /// Nothing that a caller could cause or mend.
    #[error("the database failed: {0}")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Columns whose values are unique among live rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    /// An account's e-mail address.
    Email,
    /// An account's name, compared without case.
    Username,
    /// What addresses call a category.
    Slug,
    /// What the storehouse calls a product, compared without case.
    Sku,
    /// What a caller calls one request of its own.
    IdempotencyKey,
}

impl Error {
    /// A row that no version of the program can have written.
    pub(super) fn corrupt(what: &'static str) -> Self {
        Self::Broken(format!("a row holds an impossible {what}").into())
    }
}

/// `SQLite` names the columns of a violated constraint and `PostgreSQL` the index; both contain these words.
const UNIQUE: [(&str, Unique); 10] = [
    ("users.email", Unique::Email),
    ("users.username_key", Unique::Username),
    ("users_email_unique", Unique::Email),
    ("users_username_key_unique", Unique::Username),
    ("categories.slug", Unique::Slug),
    ("categories_slug_unique", Unique::Slug),
    ("products.sku_key", Unique::Sku),
    ("products_sku_key_unique", Unique::Sku),
    ("idempotency_records.place", Unique::IdempotencyKey),
    ("idempotency_records_pkey", Unique::IdempotencyKey),
];

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => return Self::Busy,
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => return Self::Away,
            _ => {}
        }
        if super::postgres::is_collision(&error) {
            return Self::Collided;
        }
        match violated_unique(&error) {
            Some(unique) => Self::Taken(unique),
            None => Self::Broken(error.into()),
        }
    }
}

fn violated_unique(error: &DbErr) -> Option<Unique> {
    // Of our own connections to `SQLite` SeaORM knows the words only.
    let (DbErr::Exec(RuntimeErr::Internal(message)) | DbErr::Query(RuntimeErr::Internal(message))) = error else {
        return None;
    };
    let columns = message.strip_prefix("UNIQUE constraint failed: ")?;
    UNIQUE.iter().find(|(name, _)| columns.contains(name)).map(|(_, unique)| *unique)
}
