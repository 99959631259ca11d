//! The shop without its door: folders that are fit for it, one process for each, keys and database.

use super::{Fault, HASH_QUEUE, NAMELESS, outdated, plain, unusable};
use crate::api::workflow;
use crate::domain::access::RoleScopes;
use crate::infra::clock::Clock;
use crate::infra::generations::Generations;
use crate::infra::passwords::{Params, Passwords};
use crate::infra::secret::SecretKey;
use crate::infra::shared::Shared;
use crate::infra::tls;
use crate::infra::tokens::Keyring;
use crate::service::{Options, Parts, Shop};
use crate::settings::{PublicUrl, Settings};
use crate::store::{self, Address, Location, Store, schema};
use generated::BASE_PATH;
use generated::policies::ROLE_SCOPES;
use secrecy::ExposeSecret;
use std::fs::{self, DirBuilder, File};
use std::num::NonZeroUsize;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long a start waits for Valkey before it goes on without.
const FIRST_CONNECTION: Duration = Duration::from_secs(1);

/// A shop whose folder nobody else uses, without a door.
pub struct Opened {
    /// What it can do.
    pub shop: Shop,
    pub(super) keyring: Arc<Keyring>,
    /// The way to other instances, and the secret that all of them have.
    pub(super) shared: Option<(Shared, SecretKey)>,
    /// None where instances may share the folder: over a database that they share.
    pub(super) lock: Option<File>,
}

impl Opened {
    /// Opens the shop, making what is not there.
    ///
    /// # Errors
    /// When a folder, the keys or the database cannot be used, or another process uses the folder.
    pub async fn open(settings: &Settings, clock: &Clock) -> Result<Self, Fault> {
        let issuer = settings.public_url.as_ref().map_or(NAMELESS, PublicUrl::as_str);
        let lock = match location(settings)? {
            Location::Sqlite(_) => Some(lock(&settings.data_dir)?),
            Location::Postgres(..) => None,
        };
        let (shop, keyring, shared) = open_shop(settings, clock, issuer).await?;
        if let Some((shared, _)) = &shared {
            let heard = shop.clone();
            tokio::spawn(shared.clone().run(move |what| heard.hear(what)));
            // A server that is away delays nobody for longer.
            shared.connected(FIRST_CONNECTION).await;
        }
        Ok(Self { shop, keyring, shared, lock })
    }

    /// Opens the shop, if there is one.
    ///
    /// # Errors
    /// As [`open`](Self::open), and when there is none.
    pub async fn open_existing(settings: &Settings, clock: &Clock) -> Result<Self, Fault> {
        if let Location::Sqlite(_) = location(settings)? {
            existing_database(settings)?;
        }
        Self::open(settings, clock).await
    }

    /// Closes it, having told the other instances what they have to know, and folding the write-ahead log into the database.
    pub async fn close(self) {
        close(&self.shop, self.shared.as_ref().map(|(shared, _)| shared)).await;
        drop(self.lock);
    }
}

/// Tells the other instances what they have to know, and closes the database, which folds the write-ahead log into it, so that
/// a copy of the file is whole.
pub(super) async fn close(shop: &Shop, shared: Option<&Shared>) {
    if let Some(shared) = shared {
        shared.close().await;
    }
    if let Err(error) = shop.store().clone().close().await {
        tracing::warn!(event = "close_failed", %error);
    }
}

/// The file of the database, whether it is there or not.
///
/// # Errors
/// When the database is none that is one file.
pub fn database_file(settings: &Settings) -> Result<PathBuf, Fault> {
    match location(settings)? {
        Location::Sqlite(path) => Ok(path),
        Location::Postgres(address, ..) => Err(Fault(format!(
            "The database {address} is PostgreSQL's to look after: back it up with pg_dump or pg_basebackup, together with \
             `{}`, and restore it with pg_restore.",
            settings.keys_dir.display()
        ))),
    }
}

/// The file of the database, which is there.
///
/// # Errors
/// When it is not.
pub fn existing_database(settings: &Settings) -> Result<PathBuf, Fault> {
    let path = database_file(settings)?;
    if path.exists() {
        return Ok(path);
    }
    Err(Fault(format!("There is no shop in `{}`: name the folder of one with SHOPKEEPER_DATA_DIR.", path.display())))
}

/// The shop, what signs for it, and what it shares by.
type Furnished = (Shop, Arc<Keyring>, Option<(Shared, SecretKey)>);

async fn open_shop(settings: &Settings, clock: &Clock, issuer: &str) -> Result<Furnished, Fault> {
    let store = open_store(settings).await?;
    store.tell_slow(settings.slow_query);
    schema::up(&store).await.map_err(|error| outdated(&error))?;
    let keys = &settings.keys_dir;
    let audience = format!("{issuer}{BASE_PATH}");
    let keyring = Keyring::load_or_create(keys, issuer, &audience, clock).map_err(|error| unusable(&error))?;
    let keyring = Arc::new(keyring);
    let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let secret = SecretKey::load_or_create(keys).map_err(|error| unusable(&error))?;
    let shared = share(settings, &secret)?;
    let generations = Generations::default();
    // Where others write as well, nothing kept is certain before they are heard.
    generations.set_certain(!settings.shared);
    let shop = Shop::new(Parts {
        store,
        clock: clock.clone(),
        passwords: Passwords::new(Params::default(), workers, HASH_QUEUE).map_err(|error| unusable(&error))?,
        keyring: Arc::clone(&keyring),
        secret: secret.clone(),
        scopes: role_scopes()?,
        generations: Arc::new(generations),
        shared: shared.clone(),
        workflow: workflow::of_orders().map_err(|error| undeclared(&error))?,
        options: Options { password_grant: settings.password_grant, order_expiry: settings.order_expiry },
    });
    Ok((shop, keyring, shared.map(|shared| (shared, secret))))
}

/// The way to other instances over the same database, if there is one.
fn share(settings: &Settings, secret: &SecretKey) -> Result<Option<Shared>, Fault> {
    let Some(url) = &settings.redis_url else {
        if settings.shared {
            tracing::warn!(
                event = "instances_apart",
                "the database is shared, but SHOPKEEPER_REDIS_URL is not set: limits are counted by each instance alone, and \
                 kept answers may be two seconds old; who callers are is read from the database for each request"
            );
        }
        return Ok(None);
    };
    // Who has the keys belongs to the same shop. Told to the server only as a digest under the secret.
    let mark = secret.mac("shared", b"");
    let mark = u64::from_be_bytes(std::array::from_fn(|place| mark[place]));
    let shared = Shared::new(url.expose_secret(), &format!("{mark:016x}"));
    shared.map(Some).map_err(|error| {
        Fault(format!(
            "SHOPKEEPER_REDIS_URL leads nowhere: {error}; write redis://127.0.0.1:6379 or rediss://valkey:6379."
        ))
    })
}

pub(super) async fn open_store(settings: &Settings) -> Result<Store, Fault> {
    folder(&settings.data_dir, "SHOPKEEPER_DATA_DIR")?;
    folder(&settings.keys_dir, "SHOPKEEPER_KEYS_DIR")?;
    connect(&location(settings)?).await
}

async fn connect(location: &Location) -> Result<Store, Fault> {
    Store::open(location, role_scopes()?).await.map_err(|error| match location {
        Location::Sqlite(path) => Fault(format!(
            "The database `{}` cannot be opened ({error}): name a file in a folder that this user may write to with \
             SHOPKEEPER_DATABASE_URL, such as sqlite:data/shop.db.",
            path.display()
        )),
        Location::Postgres(address, ..) => {
            Fault(format!("The database {address}, or its replica, {}.", unreachable("DATABASE_URL", &error)))
        }
    })
}

/// Why the server that a setting names cannot be reached, and the mend: the end of a sentence.
pub(super) fn unreachable(setting: &str, error: &store::Error) -> String {
    let why = why(error);
    let mend = if why.contains("TLS") {
        format!(
            "see that SHOPKEEPER_{setting} calls it by a name of its certificate, and that the authority which signed that is \
             one of this machine's, or the one in the file that SSL_CERT_FILE names"
        )
    } else {
        format!("see that it runs, and that SHOPKEEPER_{setting} names it, the account and the password rightly")
    };
    format!("cannot be reached ({why}): {mend}")
}

/// The words of an error and of what is behind it, which for databases is where the reason stands.
fn why(error: &store::Error) -> String {
    match error {
        store::Error::Away => "nobody answers there".to_owned(),
        error => std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string),
    }
}

pub(super) fn location(settings: &Settings) -> Result<Location, Fault> {
    let Some(url) = &settings.database_url else {
        return Ok(Location::Sqlite(settings.data_dir.join("shopkeeper.db")));
    };
    let location = Location::parse(url.expose_secret(), tls::client).map_err(|error| {
        let mend = "write sqlite:data/shop.db or postgres://user:password@host:5432/database";
        Fault(format!("SHOPKEEPER_DATABASE_URL leads nowhere: {error}; {mend}."))
    })?;
    Ok(match location {
        Location::Postgres(address, ..) => {
            Location::Postgres(address, settings.database_connections, replica(settings)?)
        }
        file @ Location::Sqlite(_) => file,
    })
}

pub(super) fn replica(settings: &Settings) -> Result<Option<Address>, Fault> {
    let Some(url) = &settings.database_replica_url else { return Ok(None) };
    let mend = "SHOPKEEPER_DATABASE_REPLICA_URL leads nowhere: write postgres://user:password@host:5432/database.";
    Address::parse(url.expose_secret(), tls::client).map(Some).ok_or_else(|| Fault(mend.to_owned()))
}

fn role_scopes() -> Result<Arc<RoleScopes>, Fault> {
    RoleScopes::new(ROLE_SCOPES).map(Arc::new).map_err(|error| undeclared(&error))
}

fn undeclared(error: &dyn std::error::Error) -> Fault {
    Fault(format!("The document cannot be served: {error}."))
}

/// Keeps a second process away: what each knows of callers it must hear of every change to, and these two would not.
///
/// # Errors
/// When another process has the folder, or it cannot be made or written to.
pub fn lock(data_dir: &Path) -> Result<File, Fault> {
    folder(data_dir, "SHOPKEEPER_DATA_DIR")?;
    let path = data_dir.join("lock");
    let shown = data_dir.display();
    let file = File::create(path).map_err(|error| Fault(format!("`{shown}` cannot be locked ({}).", plain(&error))))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(Fault(format!(
            "Another Shopkeeper serves from `{shown}`, or works there: stop it first, or give this one a folder of its own \
             with SHOPKEEPER_DATA_DIR."
        ))),
    }
}

/// Whether a process has the folder to itself.
#[must_use]
pub fn is_locked(data_dir: &Path) -> bool {
    File::open(data_dir.join("lock")).is_ok_and(|file| file.try_lock_shared().is_err())
}

/// Makes sure of a folder that only this user can look into, and in which this process can write.
///
/// # Errors
/// When it cannot be made or written to.
fn folder(path: &Path, setting: &str) -> Result<(), Fault> {
    let fault = |problem: String| {
        let shown = path.display();
        Fault(format!("{setting} is `{shown}`, {problem}: name a folder that this user may write to."))
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| fault(format!("which cannot be made ({})", plain(&error))))?;
    // Rights alone do not tell: the file system may be full of them and read-only all the same.
    let probe = path.join(".probe");
    fs::write(&probe, b"")
        .and_then(|()| fs::remove_file(&probe))
        .map_err(|error| fault(format!("where nothing can be written ({})", plain(&error))))?;
    let mode = fs::metadata(path).map_or(0, |folder| folder.permissions().mode());
    if mode & 0o077 != 0 {
        let shown = path.display().to_string();
        tracing::warn!(
            event = "folder_open_to_others",
            folder = shown,
            "other users can look into it; chmod 700 mends it"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_made_is_for_this_user_only() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("a/b");
        folder(&inner, "SHOPKEEPER_DATA_DIR").unwrap();
        assert_eq!(fs::metadata(&inner).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(&inner).unwrap().count(), 0);
        folder(&inner, "SHOPKEEPER_DATA_DIR").unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_is_refused_in_one_sentence() {
        let outer = tempfile::tempdir().unwrap();
        let file = outer.path().join("file");
        fs::write(&file, "").unwrap();
        let sentence = folder(&file.join("data"), "SHOPKEEPER_DATA_DIR").unwrap_err().to_string();
        assert!(sentence.starts_with("SHOPKEEPER_DATA_DIR is `") && sentence.ends_with("may write to."), "{sentence}");
    }
}
