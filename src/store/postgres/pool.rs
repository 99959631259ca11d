//! The connections, and reading on them.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, RecyclingMethod, Runtime};
use sea_orm::{DbBackend, DbErr, ProxyExecResult, ProxyRow, Statement};

use super::address::Address;
use super::client::{Before, Client};
use super::commits::Commits;
use super::pulse::Pulse;
use super::transaction::Transaction;
use super::{Counts, fault};
use crate::store::runs::{Runs, connection};

/// How long anybody waits for a connection before it is given up.
const PATIENCE: Duration = Duration::from_secs(2);

/// Connections to one database. Clones share them.
#[derive(Debug, Clone)]
pub struct Pool {
    idle: deadpool_postgres::Pool,
    pulse: Pulse,
    commits: Commits,
    counts: Arc<Counts>,
    /// Who is asked where this one fails.
    instead: Option<Box<Pool>>,
}

impl Pool {
    /// Connects to a database that is there, with `most` connections at the same time.
    ///
    /// # Errors
    /// When it does not answer, or lets nobody in.
    pub async fn open(address: &Address, most: usize, counts: Arc<Counts>) -> Result<Self, DbErr> {
        let pulse = Pulse::feel(address.clone()).await?;
        let manager = Manager::from_config(
            address.config().clone(),
            address.connector()?,
            // Whether a connection works shows as it is used; to ask first would cost each reader a way there and back.
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let building = deadpool_postgres::Pool::builder(manager)
            .max_size(most)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .runtime(Runtime::Tokio1);
        let idle = building.build().map_err(|error| fault::failed(&error.to_string()))?;
        Ok(Self { idle, pulse, commits: Commits::none(), counts, instead: None })
    }

    /// The same for reading, asking `other` what fails here.
    pub fn or(self, other: Self) -> Self {
        Self { instead: Some(Box::new(other)), ..self }
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When no connection comes in time.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        Ok(Transaction::over(self.client().await?, self.commits.clone(), Arc::clone(&self.counts)))
    }

    /// Waits until whoever could be seen to have committed has dropped what caches knew.
    pub async fn settle(&self) {
        self.commits.settle().await;
    }

    /// What has been done since it was opened.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    pub fn shared_counts(&self) -> Arc<Counts> {
        Arc::clone(&self.counts)
    }

    /// How many connections there are, how many of them wait for work, and how many wait for one.
    pub fn standing(&self) -> (usize, usize, usize) {
        let status = self.idle.status();
        (status.size, status.available, status.waiting)
    }

    /// Whether the database answers at this moment.
    pub fn answers(&self) -> bool {
        self.pulse.is_there()
    }

    /// Closes the connections.
    pub fn close(&self) {
        self.idle.close();
    }

    async fn client(&self) -> Result<Client, DbErr> {
        if !self.pulse.is_there() {
            return Err(fault::away());
        }
        let object = tokio::select! {
            biased;
            object = self.idle.get() => object.map_err(|error| fault::of_pool(&error))?,
            () = self.pulse.lost() => return Err(fault::away()),
        };
        Ok(Client::new(object, self.pulse.clone(), Arc::clone(&self.counts)))
    }
}

connection!(Pool, it => it, Pool);

impl Runs for Pool {
    const BACKEND: DbBackend = DbBackend::Postgres;

    async fn rows(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        let Some(other) = &self.instead else { return self.client().await?.rows(&statement, Before::Nothing).await };
        let here = async { self.client().await?.rows(&statement, Before::Nothing).await };
        match here.await {
            Ok(rows) => {
                self.counts.read_elsewhere();
                Ok(rows)
            }
            Err(_) => other.client().await?.rows(&statement, Before::Nothing).await,
        }
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        self.client().await?.execute(&statement, Before::Nothing).await
    }
}
