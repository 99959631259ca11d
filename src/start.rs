//! From settings to a shop that can answer: the shop, its keepers and its door, put together.

mod doors;
pub mod looking;
mod opening;

pub use opening::{Opened, database_file, existing_database, is_locked, lock};

use crate::api::{Handlers, Setting};
use crate::chores;
use crate::cli::MigrateStep;
use crate::http::answers::Answers;
use crate::http::metrics::Metrics;
use crate::http::pages::{self, Authorization, Document, Pages, SignIn};
use crate::http::request::Front;
use crate::http::shortcuts::Shortcuts;
use crate::http::shutdown::{Phase, Stop};
use crate::http::tls::Tls;
use crate::http::{Answer, quota, redirect};
use crate::infra::clock::Clock;
use crate::infra::limiter::{Limiter, Policy};
use crate::infra::shared::Shared;
use crate::infra::shared::limits::Together;
use crate::infra::tokens::Keyring;
use crate::numbers::Sources;
use crate::seed;
use crate::service::{self, FirstAdmin, Resource, Shop};
use crate::settings::{Effective, PublicUrl, Settings};
use crate::store::{self, schema};
use crate::telemetry::AccessLog;
use doors::{Behind, Doors};
use generated::policies::{LIMIT_POLICIES, ROLE_SCOPES};
use generated::{BASE_PATH, OPERATIONS};
use ipnet::IpNet;
use secrecy::SecretString;
use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
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
    /// Where the operator's pages are, if not there.
    pub metrics_address: Option<SocketAddr>,
    /// Where plain HTTP is sent to https.
    pub redirect_address: Option<SocketAddr>,
    /// How this server can be reached from here: scheme and authority.
    pub nearby: String,
    /// The certificate, if the server ends TLS itself: it can be read again.
    pub tls: Option<Arc<Tls>>,
    /// The password of `admin`, if this start made it up: it is shown once and kept nowhere.
    pub admin_password: Option<SecretString>,
    /// Whether this start made the shop.
    pub first: bool,
    /// Ends it, in two steps.
    pub stop: Stop,
    serving: Vec<JoinHandle<usize>>,
    chores: JoinHandle<()>,
    rest: oneshot::Sender<()>,
    shop: Shop,
    shared: Option<Shared>,
    lock: Option<File>,
}

impl Running {
    /// Waits until it has ended, and writes out what is only in memory. Returns how many connections were cut off.
    pub async fn ended(self) -> usize {
        let mut cut = 0;
        for door in self.serving {
            cut += door.await.unwrap_or_default();
        }
        // Nobody calls any more: the last chore is to write down who did.
        drop(self.rest);
        if let Err(error) = self.chores.await {
            tracing::error!(event = "chores_failed", %error);
        }
        opening::close(&self.shop, self.shared.as_ref()).await;
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
    let doors = Doors::find(settings)?;
    let issuer = settings.public_url.as_ref().map_or(NAMELESS, PublicUrl::as_str);
    let Opened { shop, keyring, shared, lock } = Opened::open(settings, &clock).await?;
    let admin = shop.ensure_admin(settings.admin_password.clone()).await.map_err(|error| no_admin(&error))?;
    if settings.demo {
        let sown = seed::sow(&shop, &seed::demo(clock.now()), &mut |_| ()).await;
        sown.map_err(|error| Fault(format!("The demo cannot be set up: {error}; start without --demo.")))?;
    }
    let limiter = Arc::new(limiter(settings, &clock)?);
    let together = shared
        .as_ref()
        .map(|(shared, secret)| Arc::new(Together::new(Arc::clone(&limiter), shared.clone(), secret.clone())));
    let shared = shared.map(|(shared, _)| shared);
    let answers = answers(settings, &shop, &clock)?;
    let quota = quota::Limits::new(Arc::clone(&limiter), together.clone());
    let metrics = Arc::new(metrics(Sources {
        shop: shop.clone(),
        answers: answers.clone(),
        limiter: Arc::clone(&limiter),
        limits: quota.clone(),
        tls: doors.tls.clone(),
        shared: shared.clone(),
    }));
    let stop = Stop::default();
    let pages = Arc::new(pages(settings, &shop, Arc::clone(&keyring), Arc::clone(&metrics), issuer, stop.clone())?);
    let shown = settings.effective().into_iter();
    let shown = shown.map(|Effective { name, value, secret }| Setting { name, value, secret }).collect();
    let handlers = Handlers { shop: shop.clone(), limiter: Arc::clone(&limiter), together, settings: shown };
    let answer = Front::new(Arc::clone(&pages), quota, answers, handlers);
    let shortcuts = answer.gives_again().then(Arc::<Shortcuts>::default);

    let (address, tls, nearby) = (doors.address, doors.tls.clone(), doors.origin.nearby().to_owned());
    let (metrics_address, redirect_address) = (doors.backroom_address, doors.redirect_address);
    let serving =
        doors.open(settings, answer, &Behind { pages, log, metrics, stop: stop.clone(), shortcuts: shortcuts.clone() });
    let (rest, resting) = oneshot::channel();
    let chores = tokio::spawn(chores::run(shop.clone(), limiter, shortcuts, keyring, tls.clone(), resting));
    let (first, admin_password) = match admin {
        FirstAdmin::MadeUp(password) => (true, Some(password)),
        FirstAdmin::Made => (true, None),
        FirstAdmin::Present => (false, None),
    };
    Ok(Running {
        address,
        metrics_address,
        redirect_address,
        nearby,
        tls,
        admin_password,
        first,
        stop,
        serving,
        chores,
        rest,
        shop,
        shared,
        lock,
    })
}

/// Behind these addresses are many callers: those of proxies, and this machine's own, where an unnamed proxy may run.
fn shared_networks(settings: &Settings) -> Vec<IpNet> {
    let own = [IpNet::new_assert(Ipv4Addr::LOCALHOST.into(), 8), IpNet::new_assert(Ipv6Addr::LOCALHOST.into(), 128)];
    settings.trusted_proxies.iter().copied().chain(own).collect()
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

fn metrics(sources: Sources) -> Metrics {
    let counted = operations().chain(pages::names()).chain([redirect::NAME]);
    Metrics::new(counted).with(move |text| sources.tell(text))
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
    stop: Stop,
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
            let leaving = stop.phase() > Phase::Open;
            Box::pin(async move {
                if leaving {
                    return Err("it is stopping".to_owned());
                }
                shop.store().check().await.map_err(|error| error.to_string())
            })
        }),
        jwks: Box::new(move || keyring.jwks()),
        demo: settings
            .demo
            .then(|| SignIn { username: seed::first_username(seed::DEMO_SEED), password: seed::PASSWORD }),
        authorization: Authorization {
            issuer: issuer.to_owned(),
            base_path: BASE_PATH,
            scopes,
            password_grant: settings.password_grant,
        },
        metrics_elsewhere: settings.metrics_listen.is_some(),
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
    let store = opening::open_store(settings).await?;
    let told = match step {
        MigrateStep::Up => schema::up(&store).await.map(|names| listed("applied", &names)),
        MigrateStep::Down => schema::down(&store, 1).await.map(|names| listed("taken back", &names)),
        MigrateStep::Status => schema::status(&store).await.map(|steps| {
            let line =
                |step: &schema::Step| format!("{} {}\n", if step.applied { "applied" } else { "missing" }, step.name);
            steps.iter().map(line).collect()
        }),
    };
    let told = told.map_err(|error| outdated(&error))?;
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
    if let service::Error::Taken(service::Unique::Username) = error {
        return Fault(
            "There is no administrator, and an ordinary account is called admin: make it one with \
             `shopkeeper user promote admin admin`."
                .to_owned(),
        );
    }
    let service::Error::Invalid(violations) = error else { return unusable(error) };
    let flaws: Vec<&str> = violations.iter().map(|violation| &*violation.message).collect();
    let flaws = flaws.join(", ");
    Fault(format!("SHOPKEEPER_ADMIN_PASSWORD {flaws}: choose another, such as one of a password manager."))
}

fn outdated(error: &store::Error) -> Fault {
    match error {
        store::Error::Newer(unknown) => Fault(format!(
            "The database was written by a newer Shopkeeper (it has {}): start that one, or restore a backup made by this one.",
            unknown.join(", ")
        )),
        other => unusable(other),
    }
}

fn unusable(error: &dyn std::error::Error) -> Fault {
    Fault(format!("The shop cannot open: {error}."))
}

/// Words for a door that cannot be opened.
#[must_use]
pub fn cannot_listen(address: SocketAddr, setting: &str, error: &io::Error) -> Fault {
    let port = address.port();
    Fault(match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "Another program listens on {address} already: stop it, or choose another port with SHOPKEEPER_{setting}, such \
             as {}:{}.",
            address.ip(),
            port.checked_add(1).unwrap_or(8080)
        ),
        io::ErrorKind::PermissionDenied => format!(
            "This user may not listen on port {port}: choose one above 1023 with SHOPKEEPER_{setting}, such as \
             127.0.0.1:8080."
        ),
        io::ErrorKind::AddrNotAvailable => format!(
            "{} is no address of this machine: set SHOPKEEPER_{setting} to one that is, such as 127.0.0.1:{port}.",
            address.ip()
        ),
        _ => format!("{address} cannot be listened on ({}): choose another with SHOPKEEPER_{setting}.", plain(error)),
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
    fn a_taken_port_is_told_with_the_next_one() {
        let error = io::Error::from(io::ErrorKind::AddrInUse);
        let sentence = cannot_listen("127.0.0.1:8080".parse().unwrap(), "LISTEN", &error).to_string();
        assert!(sentence.contains("127.0.0.1:8081"), "{sentence}");
    }
}
