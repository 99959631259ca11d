//! What a test stands on: a folder of its own, and in it, or beside it, a database of its own.
//!
//! With `SHOPKEEPER_TEST_DATABASE_URL` the databases are made on that `PostgreSQL`, each as a copy of one that this process
//! brought up to date; else they are files of `SQLite`.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::disallowed_methods, reason = "where the tests run is told by the environment")]

use relay::Relay;
use shopkeeper::domain::access::RoleScopes;
use shopkeeper::store::{Location, Store, schema};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

// Here, since this file is a module of several tests by itself.
#[path = "relay.rs"]
pub mod relay;

/// Where the server is, if the tests are to run on `PostgreSQL`: the address of a database on which others may be made.
pub fn server() -> Option<String> {
    std::env::var("SHOPKEEPER_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// A folder and a database that disappear with this.
#[derive(Debug)]
pub struct Ground {
    folder: tempfile::TempDir,
    database: Option<Database>,
    /// Before the database, for tests that take it away.
    relay: Option<Relay>,
}

impl Ground {
    /// With a database whose schema is up to date, or will be as soon as a shop is opened over it.
    pub async fn new() -> Self {
        Self::over(match server() {
            Some(server) => Some(Database::copied(server).await),
            None => None,
        })
    }

    /// With a database in which there is nothing.
    pub async fn bare() -> Self {
        Self::over(match server() {
            Some(server) => Some(Database::empty(server).await),
            None => None,
        })
    }

    /// With a database of `PostgreSQL` that can be taken away: its address leads over a line that the test cuts and mends. What
    /// the test itself does to the database goes there directly.
    ///
    /// # Panics
    /// Where the tests run on files: nobody can take those away.
    pub async fn at_a_distance() -> Self {
        let server = server().expect("SHOPKEEPER_TEST_DATABASE_URL: only a database on a server can be taken away");
        let database = Database::copied(server).await;
        let relay = Relay::to(database.host()).await;
        Self { relay: Some(relay), ..Self::over(Some(database)) }
    }

    /// The line to the database.
    ///
    /// # Panics
    /// When this is not [at a distance](Self::at_a_distance).
    pub fn relay(&self) -> &Relay {
        self.relay.as_ref().expect("a ground at a distance")
    }

    /// With a file of `SQLite`, whatever the other tests run on: for what only that one promises.
    pub fn of_file() -> Self {
        Self::over(None)
    }

    fn over(database: Option<Database>) -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), database, relay: None }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The address of the database, where it is not a file in the folder.
    pub fn url(&self) -> Option<String> {
        let database = self.database.as_ref()?;
        let direct = database.url();
        Some(match &self.relay {
            Some(relay) => direct.replacen(database.host(), &relay.address().to_string(), 1),
            None => direct,
        })
    }

    /// The database: this file of the folder, or the one on the server.
    pub fn location(&self, file: &str) -> Location {
        match &self.database {
            Some(database) => database.location(),
            None => Location::Sqlite(self.path().join(file)),
        }
    }

    /// Carries out statements behind the back of whoever serves the database.
    pub async fn execute(&self, sql: &str) {
        match &self.database {
            Some(database) => database.client().await.batch_execute(sql).await.expect("statements"),
            None => self.open_file().execute_batch(sql).expect("statements"),
        }
    }

    /// Why the database refuses statements.
    pub async fn refusal(&self, sql: &str) -> String {
        match &self.database {
            Some(database) => {
                let refused = database.client().await.batch_execute(sql).await.expect_err("a refusal");
                refused.as_db_error().expect("the database's word").message().to_owned()
            }
            None => self.open_file().execute_batch(sql).expect_err("a refusal").to_string(),
        }
    }

    /// Takes every table away, so that whoever looks into one fails.
    pub async fn lose_tables(&self) {
        for table in self.texts(if self.database.is_some() { PG_TABLES } else { SQLITE_TABLES }).await {
            self.execute(&format!("ALTER TABLE \"{table}\" RENAME TO \"lost_{table}\"")).await;
        }
    }

    /// Keeps everybody else from writing until it is released.
    pub async fn hold_writes(&self) -> Hold {
        self.hold("EXCLUSIVE").await
    }

    /// Keeps everybody else from writing, and from reading as far as the database has a way for that.
    pub async fn hold_all(&self) -> Hold {
        self.hold("ACCESS EXCLUSIVE").await
    }

    async fn hold(&self, mode: &str) -> Hold {
        let Some(database) = &self.database else {
            let file = self.open_file();
            file.execute_batch("BEGIN IMMEDIATE").expect("the lock");
            return Hold::Sqlite(file);
        };
        let tables = self.texts(PG_TABLES).await;
        let client = database.client().await;
        let lock = format!("BEGIN; LOCK TABLE {} IN {mode} MODE", tables.join(", "));
        client.batch_execute(&lock).await.expect("the lock");
        Hold::Postgres(client)
    }

    /// The only column of what a question finds, as texts.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        if let Some(database) = &self.database {
            let rows = database.client().await.query(sql, &[]).await.expect("rows");
            return rows.iter().map(|row| row.get(0)).collect();
        }
        let file = self.open_file();
        let mut query = file.prepare(sql).expect("a query");
        let rows = query.query_map([], |row| row.get(0)).expect("rows");
        rows.map(|text| text.expect("a text")).collect()
    }

    /// Every row of every table as text, as a thief would read it; binary columns in hexadecimal digits.
    pub async fn everything(&self) -> String {
        let mut text = String::new();
        if self.database.is_some() {
            for table in self.texts(PG_TABLES).await {
                text.push_str(&self.texts(&format!("SELECT CAST(it AS text) FROM \"{table}\" AS it")).await.join("\n"));
            }
            return text;
        }
        // Indices of searches are kept in tables too, and what is virtual has no rows of its own.
        for table in self.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0").await {
            let columns = self.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let cell = |column: &String| {
                format!(
                    "CASE typeof(\"{column}\") WHEN 'blob' THEN lower(hex(\"{column}\")) ELSE coalesce(\"{column}\", '') END"
                )
            };
            let cells: Vec<_> = columns.iter().map(cell).collect();
            let rows = self.texts(&format!("SELECT {} FROM \"{table}\"", cells.join(" || ' ' || "))).await;
            text.push_str(&rows.join("\n"));
        }
        text
    }

    /// A connection to the database, where it is on a server.
    pub async fn client(&self) -> Option<Client> {
        match &self.database {
            Some(database) => Some(database.client().await),
            None => None,
        }
    }

    /// Whether the database is a file, which some tests look at as such.
    pub fn is_file(&self) -> bool {
        self.database.is_none()
    }

    /// The file of the database.
    ///
    /// # Panics
    /// When there is none.
    pub fn file(&self) -> PathBuf {
        use std::io::Read as _;
        let is_sqlite = |path: &PathBuf| {
            let mut magic = [0; 15];
            let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut magic));
            read.is_ok() && &magic == b"SQLite format 3"
        };
        let files = std::fs::read_dir(self.path()).expect("the folder").filter_map(Result::ok);
        files.map(|file| file.path()).find(is_sqlite).expect("a database in the data folder")
    }

    pub fn open_file(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file()).expect("the database")
    }
}

const PG_TABLES: &str = "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename";
/// Not those that belong to an index for searches, which go with it.
const SQLITE_TABLES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') \
                             AND name NOT LIKE 'sqlite_%'";

/// Keeps others away from the database until it is released.
pub enum Hold {
    Sqlite(rusqlite::Connection),
    Postgres(Client),
}

impl Hold {
    pub async fn release(self) {
        match self {
            Self::Sqlite(file) => file.execute_batch("ROLLBACK").expect("an end"),
            Self::Postgres(client) => client.batch_execute("ROLLBACK").await.expect("an end"),
        }
    }
}

/// A database on the server.
#[derive(Debug)]
struct Database {
    server: String,
    name: String,
}

/// The one that others are copied from.
static TEMPLATE: OnceCell<Database> = OnceCell::const_new();
static MADE: AtomicU32 = AtomicU32::new(0);

impl Database {
    async fn copied(server: String) -> Self {
        let template = TEMPLATE.get_or_init(|| Self::up_to_date(server.clone())).await;
        Self::make(server, &format!("TEMPLATE {}", template.name)).await
    }

    async fn empty(server: String) -> Self {
        Self::make(server, "").await
    }

    async fn up_to_date(server: String) -> Self {
        let template = Self::empty(server).await;
        let scopes = RoleScopes::new(&[("user", &["a"]), ("moderator", &["a"]), ("admin", &["a"])]).expect("a table");
        let store = Store::open(&template.location(), Arc::new(scopes)).await.expect("a database");
        schema::up(&store).await.expect("migrations");
        store.close().await.expect("the end");
        template.alone().await;
        template
    }

    async fn make(server: String, from: &str) -> Self {
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("shopkeeper_test_{}_{number}", std::process::id());
        let control = connect(&server).await;
        control.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await.expect("no such database");
        control.batch_execute(&format!("CREATE DATABASE {name} {from}")).await.expect("a database");
        Self { server, name }
    }

    /// Ends whatever connections there still are: a database that somebody uses cannot be copied.
    async fn alone(&self) {
        let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
        connect(&self.server).await.query(end, &[&self.name]).await.expect("nobody else");
    }

    fn url(&self) -> String {
        let (address, _) = self.server.rsplit_once('/').expect("an address with a database");
        format!("{address}/{}", self.name)
    }

    /// Host and port of the server.
    fn host(&self) -> &str {
        let (_, place) = self.server.rsplit_once('@').expect("an address with an account");
        place.split('/').next().expect("a host")
    }

    fn location(&self) -> Location {
        match Location::parse(&self.url(), shopkeeper::infra::tls::client).expect("an address") {
            Location::Postgres(address, ..) => Location::Postgres(address, 8, None),
            file @ Location::Sqlite(_) => file,
        }
    }

    async fn client(&self) -> Client {
        connect(&self.url()).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // Whoever drops it may be in the middle of anything; a thread of its own waits for the server. The last ones may be
        // left over when the tests end before them.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                let _ = connect(&server).await.batch_execute(&drop).await;
            });
        });
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection to PostgreSQL");
    tokio::spawn(connection);
    client
}
