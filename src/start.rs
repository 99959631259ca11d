//! From settings to a shop that can answer: folders, keys, database, and the rooms put together.

use crate::api::{Handlers, Setting, workflow};
use crate::chores;
use crate::cli::MigrateStep;
use crate::domain::access::RoleScopes;
use crate::http::answers::Answers;
use crate::http::listen::{self, Limits};
use crate::http::metrics::Metrics;
use crate::http::origin::Origin;
use crate::http::pages::{self, Authorization, Document, Pages};
use crate::http::request::Front;
use crate::http::shutdown::{Phase, Stop};
use crate::http::{Shell, quota};
use crate::infra::clock::Clock;
use crate::infra::generations::Generations;
use crate::infra::limiter::{Limiter, Policy};
use crate::infra::passwords::{Params, Passwords};
use crate::infra::secret::SecretKey;
use crate::infra::tokens::Keyring;
use crate::service::{self, FirstAdmin, Options, Parts, Resource, Shop};
use crate::settings::{Effective, PublicUrl, Settings};
use crate::store::{Location, Store, schema};
use crate::telemetry::AccessLog;
use generated::policies::{LIMIT_POLICIES, ROLE_SCOPES};
use generated::{BASE_PATH, OPERATIONS};
use secrecy::{ExposeSecret, SecretString};
use std::fs::{self, DirBuilder, File};
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The issuer of tokens while no public URL is set: the same whatever port is listened on, so that tokens outlive a restart
/// and hold on every instance.
const NAMELESS: &str = "urn:shopkeeper";
/// Passwords that may wait to be hashed; with two workers a full queue is worth half a second.
const HASH_QUEUE: usize = 64;

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The password of `admin`, if this start made it up: it is shown once and kept nowhere.
    pub admin_password: Option<SecretString>,
    /// Ends it, in two steps.
    pub stop: Stop,
    serving: JoinHandle<usize>,
    chores: JoinHandle<()>,
    rest: oneshot::Sender<()>,
    shop: Shop,
    lock: File,
}

impl Running {
    /// Waits until it has ended, and writes out what is only in memory. Returns how many connections were cut off.
    pub async fn ended(self) -> usize {
        let cut = self.serving.await.unwrap_or_default();
        // Nobody calls any more: the last chore is to write down who did.
        drop(self.rest);
        if let Err(error) = self.chores.await {
            tracing::error!(event = "chores_failed", %error);
        }
        // Folds the write-ahead log into the database, so that a copy of the file is whole.
        if let Err(error) = self.shop.store().clone().close().await {
            tracing::warn!(event = "close_failed", %error);
        }
        drop(self.lock);
        cut
    }

    /// Ends it and waits for that.
    pub async fn stop(self) -> usize {
        self.stop.advance(Phase::Draining);
        self.ended().await
    }
}

/// Why the shop could not start: one sentence for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

/// Opens the shop: everything is ready when this returns.
///
/// # Errors
/// When the address, a folder, the keys or the database cannot be used.
pub async fn start(settings: &Settings, clock: Clock, log: AccessLog) -> Result<Running, Fault> {
    let listener = listen::bind(settings.listen).map_err(|error| cannot_listen(settings.listen, &error))?;
    let address = listener.local_addr().map_err(|error| cannot_listen(settings.listen, &error))?;
    let public = settings.public_url.as_ref().map(PublicUrl::as_str);
    let origin = Origin::new(public, address, &settings.trusted_proxies);

    let issuer = public.unwrap_or(NAMELESS);
    let lock = lock(&settings.data_dir)?;
    let (shop, keyring) = open_shop(settings, &clock, issuer).await?;
    let admin = shop.ensure_admin(settings.admin_password.clone()).await.map_err(|error| no_admin(&error))?;
    let limiter = Arc::new(limiter(settings, &clock)?);
    let answers = answers(settings, &shop, &clock)?;
    let metrics = Arc::new(metrics(answers.clone(), shop.clone())?);
    let pages = pages(settings, &shop, keyring, Arc::clone(&metrics), issuer)?;
    let shown = settings.effective().into_iter();
    let shown = shown.map(|Effective { name, value, secret }| Setting { name, value, secret }).collect();
    let handlers = Handlers { shop: shop.clone(), limiter: Arc::clone(&limiter), settings: shown };
    let answer = Front::new(pages, quota::Limits::new(Arc::clone(&limiter)), answers, handlers);

    let limits = Limits {
        connections: listen::room_for(settings.max_connections),
        request: settings.request_timeout,
        ..Limits::default()
    };
    let stop = Stop::default();
    let shell = Arc::new(Shell { answer, origin, log, metrics, limits });
    let serving = tokio::spawn(listen::serve(listener, shell, stop.clone(), settings.shutdown_grace));
    let (rest, resting) = oneshot::channel();
    let chores = tokio::spawn(chores::run(shop.clone(), limiter, resting));
    let admin_password = match admin {
        FirstAdmin::MadeUp(password) => Some(password),
        FirstAdmin::Made | FirstAdmin::Present => None,
    };
    Ok(Running { address, admin_password, stop, serving, chores, rest, shop, lock })
}

async fn open_shop(settings: &Settings, clock: &Clock, issuer: &str) -> Result<(Shop, Arc<Keyring>), Fault> {
    let store = open_store(settings).await?;
    schema::up(&store).await.map_err(|error| unusable(&error))?;
    let keys = &settings.keys_dir;
    let audience = format!("{issuer}{BASE_PATH}");
    let keyring = Keyring::load_or_create(keys, issuer, &audience, clock).map_err(|error| unusable(&error))?;
    let keyring = Arc::new(keyring);
    let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let shop = Shop::new(Parts {
        store,
        clock: clock.clone(),
        passwords: Passwords::new(Params::default(), workers, HASH_QUEUE).map_err(|error| unusable(&error))?,
        keyring: Arc::clone(&keyring),
        secret: SecretKey::load_or_create(keys).map_err(|error| unusable(&error))?,
        scopes: role_scopes()?,
        generations: Arc::new(Generations::default()),
        workflow: workflow::of_orders().map_err(|error| undeclared(&error))?,
        options: Options { password_grant: settings.password_grant, order_expiry: settings.order_expiry },
    });
    Ok((shop, keyring))
}

async fn open_store(settings: &Settings) -> Result<Store, Fault> {
    folder(&settings.data_dir, "SHOPKEEPER_DATA_DIR")?;
    folder(&settings.keys_dir, "SHOPKEEPER_KEYS_DIR")?;
    let location = match &settings.database_url {
        Some(url) => Location::parse(url.expose_secret()).map_err(|error| {
            Fault(format!("SHOPKEEPER_DATABASE_URL leads nowhere: {error}; write sqlite:data/shop.db."))
        })?,
        None => Location::Sqlite(settings.data_dir.join("shopkeeper.db")),
    };
    let Location::Sqlite(path) = &location;
    Store::open(&location, role_scopes()?).await.map_err(|error| {
        let path = path.display();
        Fault(format!(
            "The database `{path}` cannot be opened ({error}): name a file in a folder that this user may write to with \
             SHOPKEEPER_DATABASE_URL, such as sqlite:data/shop.db."
        ))
    })
}

fn role_scopes() -> Result<Arc<RoleScopes>, Fault> {
    RoleScopes::new(ROLE_SCOPES).map(Arc::new).map_err(|error| undeclared(&error))
}

fn undeclared(error: &dyn std::error::Error) -> Fault {
    Fault(format!("The document cannot be served: {error}."))
}

/// What keeps answers, unless that is switched off.
fn answers(settings: &Settings, shop: &Shop, clock: &Clock) -> Result<Option<Arc<Answers>>, Fault> {
    let mut tags = OPERATIONS.iter().filter_map(|operation| operation.cache).flat_map(|cache| cache.tags);
    if let Some(tag) = tags.find(|tag| Resource::ALL.iter().all(|resource| resource.name() != tag.resource)) {
        let kind = tag.resource;
        return Err(Fault(format!(
            "The document cannot be served: nobody tells when a {kind} changes, and answers that tell of one are to be kept."
        )));
    }
    let keep = |bytes| Arc::new(Answers::new(bytes, Arc::clone(shop.generations()), clock.clone(), OPERATIONS));
    Ok(settings.cache.map(keep))
}

fn metrics(answers: Option<Arc<Answers>>, shop: Shop) -> Result<Metrics, Fault> {
    let counted = operations().chain(pages::names());
    let metrics = Metrics::new(counted).map_err(|error| Fault(format!("Nothing can be counted: {error}.")))?;
    let metrics = metrics.with(move |text| chores::events(&shop, text));
    Ok(match answers {
        Some(answers) => metrics.with(move |text| answers.tell(OPERATIONS, text)),
        None => metrics,
    })
}

fn limiter(settings: &Settings, clock: &Clock) -> Result<Limiter, Fault> {
    if !settings.rate_limits {
        return Ok(Limiter::off());
    }
    let policies: Vec<Policy> = LIMIT_POLICIES
        .iter()
        .map(|policy| Policy {
            name: policy.name.to_owned(),
            window_seconds: policy.window_seconds,
            limits: policy.audiences.iter().map(|(audience, requests)| ((*audience).to_owned(), *requests)).collect(),
        })
        .collect();
    let unlimited = |error| Fault(format!("The document cannot be served: {error}."));
    let limiter = Limiter::new(&policies, clock).map_err(unlimited)?;
    let named = OPERATIONS.iter().flat_map(|operation| operation.limits).map(|limit| limit.policy);
    limiter.require(named).map_err(unlimited)?;
    Ok(limiter)
}

fn pages(
    settings: &Settings,
    shop: &Shop,
    keyring: Arc<Keyring>,
    metrics: Arc<Metrics>,
    issuer: &str,
) -> Result<Pages, Fault> {
    let document = Document::new(generated::DOCUMENT_YAML, generated::DOCUMENT_JSON);
    let asked = shop.clone();
    let mut scopes: Vec<&'static str> = ROLE_SCOPES.iter().flat_map(|(_, scopes)| scopes.iter().copied()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    Ok(Pages {
        document: document.map_err(|error| Fault(format!("The built-in document is damaged: {error}.")))?,
        metrics,
        ready: Box::new(move || {
            let shop = asked.clone();
            Box::pin(async move { shop.store().check().await.map_err(|error| error.to_string()) })
        }),
        jwks: Box::new(move || keyring.jwks()),
        authorization: Authorization {
            issuer: issuer.to_owned(),
            base_path: BASE_PATH,
            scopes,
            password_grant: settings.password_grant,
        },
    })
}

/// The names of all operations, under which requests are counted.
fn operations() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|operation| operation.id)
}

/// Takes one step with the database's migrations, and tells what came of it.
///
/// # Errors
/// When the database cannot be used.
pub async fn migrate(settings: &Settings, step: MigrateStep) -> Result<String, Fault> {
    let store = open_store(settings).await?;
    let told = match step {
        MigrateStep::Up => schema::up(&store).await.map(|names| listed("applied", &names)),
        MigrateStep::Down => schema::down(&store, 1).await.map(|names| listed("taken back", &names)),
        MigrateStep::Status => schema::status(&store).await.map(|steps| {
            let line =
                |step: &schema::Step| format!("{} {}\n", if step.applied { "applied" } else { "missing" }, step.name);
            steps.iter().map(line).collect()
        }),
    };
    let told = told.map_err(|error| unusable(&error))?;
    store.close().await.map_err(|error| unusable(&error))?;
    Ok(told)
}

fn listed(what: &str, names: &[String]) -> String {
    if names.is_empty() {
        return format!("nothing to be {what}\n");
    }
    names.iter().fold(String::new(), |text, name| text + what + " " + name + "\n")
}

/// Of the first account only the password was chosen by somebody.
fn no_admin(error: &service::Error) -> Fault {
    let service::Error::Invalid(violations) = error else { return unusable(error) };
    let flaws: Vec<&str> = violations.iter().map(|violation| &*violation.message).collect();
    let flaws = flaws.join(", ");
    Fault(format!("SHOPKEEPER_ADMIN_PASSWORD {flaws}: choose another, such as one of a password manager."))
}

fn unusable(error: &dyn std::error::Error) -> Fault {
    Fault(format!("The shop cannot open: {error}."))
}

/// Keeps a second process away: what each knows of callers it must hear of every change to, and these two would not.
fn lock(data_dir: &Path) -> Result<File, Fault> {
    folder(data_dir, "SHOPKEEPER_DATA_DIR")?;
    let path = data_dir.join("lock");
    let shown = data_dir.display();
    let file = File::create(path).map_err(|error| Fault(format!("`{shown}` cannot be locked ({}).", plain(&error))))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(Fault(format!(
            "Another Shopkeeper serves from `{shown}`: stop it, or give this one a folder of its own with \
             SHOPKEEPER_DATA_DIR."
        ))),
    }
}

/// Makes sure of a folder that only this user can look into, and in which this process can write.
///
/// # Errors
/// When it cannot be made or written to.
pub fn folder(path: &Path, setting: &str) -> Result<(), Fault> {
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

/// Words for a door that cannot be opened.
#[must_use]
pub fn cannot_listen(address: SocketAddr, error: &io::Error) -> Fault {
    let port = address.port();
    Fault(match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "Another program listens on {address} already: stop it, or choose another port with SHOPKEEPER_LISTEN, such \
             as {}:{}.",
            address.ip(),
            port.checked_add(1).unwrap_or(8080)
        ),
        io::ErrorKind::PermissionDenied => format!(
            "This user may not listen on port {port}: choose one above 1023 with SHOPKEEPER_LISTEN, such as \
             127.0.0.1:8080."
        ),
        io::ErrorKind::AddrNotAvailable => format!(
            "{} is no address of this machine: set SHOPKEEPER_LISTEN to one that is, such as 127.0.0.1:{port}.",
            address.ip()
        ),
        _ => format!("{address} cannot be listened on ({}): choose another with SHOPKEEPER_LISTEN.", plain(error)),
    })
}

/// An error of the system without its number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
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

    #[test]
    fn a_taken_port_is_told_with_the_next_one() {
        let error = io::Error::from(io::ErrorKind::AddrInUse);
        let sentence = cannot_listen("127.0.0.1:8080".parse().unwrap(), &error).to_string();
        assert!(sentence.contains("127.0.0.1:8081"), "{sentence}");
    }
}
