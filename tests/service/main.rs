//! What the shop promises, asked of its use cases directly: no HTTP, a clock that stands still, a database for each test.

#[path = "../support/ground.rs"]
mod ground;

mod api_keys;
mod callers;
mod catalog;
mod lists;
mod oauth;
mod orders;
mod overview;
mod repeats;
mod rotation;
mod sessions;
mod trail;
mod users;
mod walks;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use ground::Ground;
use shopkeeper::domain::access::{Role, RoleScopes};
use shopkeeper::domain::session::ClientInfo;
use shopkeeper::domain::user::User;
use shopkeeper::infra::clock::Clock;
use shopkeeper::infra::passwords::{Params, Passwords};
use shopkeeper::infra::secret::SecretKey;
use shopkeeper::infra::tokens::Keyring;
use shopkeeper::service::{
    AccessToken, Applicant, Caller, Error, Expected, Keep, LogIn, NewUser, Options, Parts, Rejection, Shop, TokenPair,
    UserPatch,
};
use shopkeeper::store::{Store, schema};

const PASSWORD: &str = "SecurePass123";

/// A shop with an administrator `admin`, whose password is [`PASSWORD`] like everyone's.
struct Room {
    shop: Shop,
    clock: Clock,
    folder: Ground,
}

impl Room {
    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    async fn with(options: Options) -> Self {
        let folder = Ground::new().await;
        let clock = Clock::fixed(chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("a moment"));
        let shop = open(&folder, &clock, options).await;
        shop.ensure_admin(Some(PASSWORD.into())).await.expect("an administrator");
        Self { shop, clock, folder }
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    async fn register(&self, name: &str) -> User {
        self.shop.register(Applicant::new(None, None), new_user(name), Keep::nothing()).await.expect("an account")
    }

    async fn log_in(&self, name: &str) -> TokenPair {
        self.shop.log_in(login(name, PASSWORD)).await.expect("a session")
    }

    async fn caller(&self, access: &AccessToken) -> Arc<Caller> {
        self.recognise(access).await.expect("a caller")
    }

    async fn recognise(&self, access: &AccessToken) -> Result<Arc<Caller>, Rejection> {
        self.shop.caller_by_token(&access.token).await
    }

    /// Registers somebody and signs in.
    async fn person(&self, name: &str) -> Arc<Caller> {
        self.register(name).await;
        self.caller(&self.log_in(name).await.access).await
    }

    async fn admin(&self) -> Arc<Caller> {
        self.caller(&self.log_in("admin").await.access).await
    }

    /// Changes somebody as the administrator.
    async fn change(&self, user: &User, patch: UserPatch) {
        let admin = self.admin().await;
        self.shop.update_user(&admin, user.id, patch, &Expected::Any).await.expect("a change");
    }

    async fn promote(&self, user: &User, role: Role) {
        self.change(user, UserPatch { role: Some(role), ..UserPatch::default() }).await;
    }
}

async fn open(folder: &Ground, clock: &Clock, options: Options) -> Shop {
    open_hashing(folder, clock, options, Params::CHEAPEST).await
}

async fn open_hashing(folder: &Ground, clock: &Clock, options: Options, params: Params) -> Shop {
    let keys = folder.path().join("keys");
    let location = folder.location("shop.db");
    let scopes = Arc::new(scopes());
    let store = Store::open(&location, Arc::clone(&scopes)).await.expect("a database");
    schema::up(&store).await.expect("migrations");
    let keyring = Keyring::load_or_create(&keys, "https://shop.example", "https://shop.example/api", clock);
    Shop::new(Parts {
        store,
        clock: clock.clone(),
        passwords: Passwords::new(params, NonZeroUsize::MIN, 100).expect("hash threads"),
        keyring: Arc::new(keyring.expect("keys")),
        secret: SecretKey::load_or_create(&keys).expect("a secret"),
        scopes,
        workflow: shopkeeper::api::workflow::of_orders().expect("a good table"),
        generations: Arc::default(),
        shared: None,
        options,
    })
}

fn scopes() -> RoleScopes {
    RoleScopes::new(&[
        ("user", &["account:read", "account:write", "orders:read", "orders:write"]),
        ("moderator", &["account:read", "account:write", "orders:read", "orders:write", "users:read", "orders:manage"]),
        (
            "admin",
            &[
                "account:read",
                "account:write",
                "orders:read",
                "orders:write",
                "users:read",
                "orders:manage",
                "users:write",
                "catalog:write",
                "admin:read",
            ],
        ),
    ])
    .expect("a good table")
}

fn new_user(name: &str) -> NewUser {
    NewUser {
        email: format!("{name}@example.com"),
        username: name.to_owned(),
        password: PASSWORD.into(),
        full_name: None,
        client: ClientInfo::default(),
        role: None,
    }
}

fn login(name: &str, password: &str) -> LogIn {
    let client = ClientInfo::new("192.0.2.7".parse().ok(), Some("curl/8"));
    LogIn { username: name.to_owned(), password: password.into(), client }
}

/// The violated members and rules, for comparison.
fn violations<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<(&'static str, &'static str)> {
    match outcome.expect_err("a refusal") {
        Error::Invalid(violations) => violations.iter().map(|violation| (violation.member, violation.code)).collect(),
        other => panic!("not a violation: {other:?}"),
    }
}
