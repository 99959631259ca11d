//! Whether the database answers at all.
//!
//! A database that is stopped, or behind a broken line, keeps its connections open and says nothing. How long a statement
//! may take does not tell that apart from much work; a question that costs nothing does. It is asked on a connection of its
//! own, and while it finds no answer nobody else waits for one.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::DbErr;
use tokio::sync::watch;
use tokio_postgres::Client;

use super::address::Address;
use super::{Task, fault};

/// The pause between two questions.
const PAUSE: Duration = Duration::from_millis(250);
/// How long the answer may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a new connection may take where nobody waits for it.
const CONNECTING: Duration = Duration::from_secs(2);

/// A database's sign of life. Clones are the same; the last one takes the connection with it.
#[derive(Debug, Clone)]
pub struct Pulse {
    alive: watch::Receiver<bool>,
    _beat: Arc<Task>,
}

impl Pulse {
    /// Begins to ask.
    ///
    /// # Errors
    /// When there is no answer to begin with.
    pub async fn feel(address: Address) -> Result<Self, DbErr> {
        let client = connect(&address).await?;
        let (tell, alive) = watch::channel(true);
        Ok(Self { alive, _beat: Arc::new(Task::begin(ask_on(address, client, tell))) })
    }

    /// Whether the last question was answered.
    pub fn is_there(&self) -> bool {
        *self.alive.borrow()
    }

    /// Done as soon as a question is not answered.
    pub async fn lost(&self) {
        if self.alive.clone().wait_for(|alive| !alive).await.is_err() {
            // Nobody asks any more: then nobody knows.
            std::future::pending::<()>().await;
        }
    }
}

async fn ask_on(address: Address, client: Client, tell: watch::Sender<bool>) {
    let mut client = Some(client);
    loop {
        tokio::time::sleep(PAUSE).await;
        match sign(client.as_ref()).await {
            Sign::Life => {}
            // A line that is broken says nothing of others, which may be back already. Callers wait too meanwhile.
            Sign::Hangup => {
                let patience = if *tell.borrow() { PATIENCE } else { CONNECTING };
                client = connect_within(patience, &address).await.ok();
            }
            Sign::Silence => {
                mark(&tell, false);
                client = connect(&address).await.ok();
            }
        }
        mark(&tell, client.is_some());
    }
}

/// What comes back when a database is asked whether it is there.
enum Sign {
    Life,
    /// The line was broken, or there was none.
    Hangup,
    /// Nothing, for as long as anybody waits.
    Silence,
}

async fn sign(client: Option<&Client>) -> Sign {
    let Some(client) = client else { return Sign::Hangup };
    match tokio::time::timeout(PATIENCE, client.simple_query("")).await {
        Ok(Ok(_)) => Sign::Life,
        Ok(Err(_)) => Sign::Hangup,
        Err(_) => Sign::Silence,
    }
}

fn mark(tell: &watch::Sender<bool>, alive: bool) {
    let changed = tell.send_if_modified(|before| std::mem::replace(before, alive) != alive);
    match (changed, alive) {
        (true, true) => tracing::info!(event = "database_back", "the database answers again"),
        (true, false) => tracing::warn!(event = "database_away", "the database does not answer"),
        (false, _) => {}
    }
}

/// A connection beside the pool, which is asked for a sign of life.
pub async fn connect(address: &Address) -> Result<Client, DbErr> {
    connect_within(CONNECTING, address).await
}

async fn connect_within(patience: Duration, address: &Address) -> Result<Client, DbErr> {
    let connector = address.connector()?;
    let connecting = async {
        let (client, connection) = address.config().connect(connector).await?;
        tokio::spawn(connection);
        client.simple_query("").await?;
        Ok(client)
    };
    let connected = tokio::time::timeout(patience, connecting).await;
    connected.map_err(|_| fault::away())?.map_err(|error: tokio_postgres::Error| fault::told(&error))
}
