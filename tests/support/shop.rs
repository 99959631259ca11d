//! A whole shop for one test.

use super::caller::{Account, Caller, Credentials};
use super::ground::Ground;
use super::lines::Lines;
use super::raw::{self, RawAnswer};
use super::seen;
use serde_json::json;
use shopkeeper::cli::Given;
use shopkeeper::infra::clock::Clock;
use shopkeeper::settings::Settings;
use shopkeeper::start::{Running, start};
use shopkeeper::telemetry::AccessLog;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The administrator's password in every shop.
pub const ADMIN_PASSWORD: &str = "Keeper-of-the-Keys-7";

/// How a shop differs from what an operator gets who sets nothing.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch by itself")]
pub struct Options {
    pub rate_limits: bool,
    pub password_grant: bool,
    pub public_url: Option<&'static str>,
    pub trusted_proxies: Option<&'static str>,
    pub request_timeout: Option<Duration>,
    /// Whether answers are kept.
    pub cache: bool,
    /// How much of them, such as `64KiB`.
    pub cache_size: Option<&'static str>,
    /// Whether the database can be taken away ([`Ground::at_a_distance`]).
    pub at_a_distance: bool,
    /// Where requests leave their lines; nowhere, if not said.
    pub log: Option<AccessLog>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rate_limits: true,
            password_grant: true,
            public_url: None,
            trusted_proxies: None,
            request_timeout: None,
            cache: true,
            cache_size: None,
            at_a_distance: false,
            log: None,
        }
    }
}

/// A running shop; clones are the same one.
#[derive(Clone)]
pub struct Shop(pub(super) Arc<Inner>);

pub struct Inner {
    pub base: String,
    pub address: SocketAddr,
    pub lines: Lines,
    pub clock: Clock,
    pub limited: bool,
    ground: Arc<Ground>,
    running: Mutex<Option<Running>>,
    /// An administrator's key, with which the harness itself makes accounts.
    staff: tokio::sync::OnceCell<String>,
    /// What no answer may contain.
    secrets: Mutex<Vec<String>>,
}

/// The one place that knows how the server is started.
async fn start_server(ground: &Ground, listen: &str, options: &Options, clock: Clock) -> Running {
    let switch = |on: bool| Some(if on { "on" } else { "off" }.to_owned());
    let given = Given {
        listen: Some(listen.to_owned()),
        data_dir: Some(ground.path().display().to_string()),
        database_url: ground.url(),
        database_connections: Some("8".to_owned()),
        // It has its database to itself, wherever that is.
        shared: Some("off".to_owned()),
        admin_password: Some(ADMIN_PASSWORD.to_owned()),
        rate_limits: switch(options.rate_limits),
        password_grant: switch(options.password_grant),
        public_url: options.public_url.map(str::to_owned),
        trusted_proxies: options.trusted_proxies.map(str::to_owned),
        cache: switch(options.cache),
        cache_size: options.cache_size.map(str::to_owned),
        ..Given::default()
    };
    let mut settings = Settings::read(given).expect("settings that stand");
    if let Some(timeout) = options.request_timeout {
        settings.request_timeout = timeout;
    }
    let log = options.log.clone().unwrap_or_else(AccessLog::silent);
    start(&settings, clock, log).await.expect("the server starts")
}

impl Shop {
    /// A shop as it comes, limits and all.
    pub async fn open() -> Self {
        Self::open_with(Options::default()).await
    }

    /// A shop for tests that ask more than its limits let pass.
    pub async fn open_unlimited() -> Self {
        Self::open_with(Options { rate_limits: false, ..Options::default() }).await
    }

    pub async fn open_with(options: Options) -> Self {
        // A moment that is not now: whatever reads another clock than the shop's is noticed.
        let moment = chrono::DateTime::parse_from_rfc3339("2027-03-01T12:00:00Z").expect("a moment");
        let ground = if options.at_a_distance { Ground::at_a_distance().await } else { Ground::new().await };
        let ground = Arc::new(ground);
        Self::serve(ground, "127.0.0.1:0", options, Clock::fixed(moment.to_utc())).await
    }

    async fn serve(ground: Arc<Ground>, listen: &str, options: Options, clock: Clock) -> Self {
        let running = start_server(&ground, listen, &options, clock.clone()).await;
        let address = running.address;
        let base = format!("http://{address}");
        Self(Arc::new(Inner {
            lines: Lines::to(&base),
            base,
            address,
            clock,
            limited: options.rate_limits,
            ground,
            running: Mutex::new(Some(running)),
            staff: tokio::sync::OnceCell::new(),
            secrets: Mutex::new(vec![ADMIN_PASSWORD.to_owned()]),
        }))
    }

    /// Stops the server and starts another with the same folder, address and clock, as an operator would. Callers come
    /// along with [`Shop::welcome`].
    pub async fn reopen(&self, options: Options) -> Self {
        self.close().await;
        let listen = self.0.address.to_string();
        let next = Self::serve(Arc::clone(&self.0.ground), &listen, options, self.0.clock.clone()).await;
        next.0.secrets.lock().expect("secrets").clone_from(&self.0.secrets.lock().expect("secrets"));
        next
    }

    /// Stops the server and waits until it has.
    pub async fn close(&self) {
        let running = self.0.running.lock().expect("running").take();
        if let Some(running) = running {
            running.stop().await;
        }
    }

    /// The same caller, at this shop.
    pub fn welcome(&self, caller: &Caller) -> Caller {
        Caller { shop: Arc::clone(&self.0), ..caller.clone() }
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.0.clock.advance(by);
    }

    pub fn advance_seconds(&self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }

    /// The time in this shop, in Unix seconds.
    pub fn now(&self) -> i64 {
        self.0.clock.now().timestamp()
    }

    /// The time in this shop, some seconds later or earlier, as RFC 3339 has it.
    pub fn moment(&self, seconds: i64) -> String {
        let moment = self.0.clock.now() + chrono::TimeDelta::seconds(seconds);
        moment.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
    }

    pub fn base(&self) -> &str {
        &self.0.base
    }

    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// The data folder.
    pub fn folder(&self) -> PathBuf {
        self.0.ground.path().to_owned()
    }

    /// What it stands on.
    pub fn ground(&self) -> &Ground {
        &self.0.ground
    }

    /// From now on no answer may contain this.
    pub fn keep_secret(&self, secret: &str) {
        self.0.keep_secret(secret);
    }

    /// Somebody without credentials.
    pub fn visitor(&self) -> Caller {
        Caller {
            shop: Arc::clone(&self.0),
            credentials: Credentials::None,
            account: Account::default(),
            refresh_token: String::new(),
        }
    }

    /// The account that the first start makes, signed in.
    pub async fn admin(&self) -> Caller {
        let account =
            Account { username: "admin".to_owned(), password: ADMIN_PASSWORD.to_owned(), ..Account::default() };
        let mut admin = self.sign_in(&account).await;
        let me = admin.get("/users/me").await.expect_status(200);
        admin.account.id = me.string("/id");
        admin.account.email = me.string("/email");
        admin
    }

    /// Registers an account of this name and signs it in.
    pub async fn register(&self, name: &str) -> Caller {
        let account = self.register_only(name).await;
        self.sign_in(&account).await
    }

    /// Registers an account of this name.
    pub async fn register_only(&self, name: &str) -> Account {
        let mut account = Account {
            id: String::new(),
            username: name.to_owned(),
            email: format!("{}@example.com", name.to_lowercase()),
            password: format!("Word-of-{name}-1"),
        };
        self.keep_secret(&account.password);
        let body = json!({"email": account.email, "username": account.username, "password": account.password});
        account.id = self.visitor().post("/users", &body).await.expect_status(201).string("/id");
        account
    }

    /// Registers an account, has it raised to a role by an administrator, and signs it in.
    pub async fn register_as(&self, name: &str, role: &str) -> Caller {
        let account = self.register_only(name).await;
        if role != "user" {
            let make_key = async || self.admin().await.make_key(&["users:write"]).await.1;
            let staff = self.visitor().with(Credentials::Key(self.0.staff.get_or_init(make_key).await.clone()));
            let path = format!("/users/{}", account.id);
            staff.patch(&path, &json!({"role": role})).await.expect_status(200);
        }
        self.sign_in(&account).await
    }

    /// A new session of an account.
    pub async fn sign_in(&self, account: &Account) -> Caller {
        let visitor = Caller { account: account.clone(), ..self.visitor() };
        let body = json!({"username": account.username, "password": account.password});
        let pair = visitor.post("/auth/login", &body).await.expect_status(200);
        visitor.following(&pair)
    }

    /// Sends bytes as they are and returns what comes back until the server closes the connection.
    pub async fn raw(&self, bytes: &[u8]) -> RawAnswer {
        let heard = raw::send(self.0.address, bytes).await;
        // What comes before the answer (`100 Continue`) is none.
        if let Some((method, target)) = raw::asked(bytes).filter(|_| heard.status >= 200) {
            seen::note(&method, &target, heard.status, &heard.headers, &heard.body);
        }
        heard
    }
}

impl Inner {
    pub fn keep_secret(&self, secret: &str) {
        self.secrets.lock().expect("secrets").push(secret.to_owned());
    }

    /// The first secret that a text contains.
    pub fn leaked(&self, text: &str) -> Option<String> {
        self.secrets.lock().expect("secrets").iter().find(|secret| text.contains(secret.as_str())).cloned()
    }
}
