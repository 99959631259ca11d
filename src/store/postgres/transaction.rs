//! A transaction as `SeaORM` sees it.

use std::sync::Arc;

use sea_orm::{DatabaseConnection, DbBackend, DbErr, ProxyExecResult, ProxyRow, Statement};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use super::client::{Before, Client};
use super::commits::Commits;
use super::{Counts, fault};
use crate::store::After;
use crate::store::runs::{Runs, connection, disguised};

/// An open transaction. Dropped without [`commit`](Transaction::commit), it never happened.
#[derive(Debug)]
pub struct Transaction(Arc<Turn>);

#[derive(Debug)]
struct Turn {
    state: Mutex<State>,
    commits: Commits,
    counts: Arc<Counts>,
}

#[derive(Debug)]
struct State {
    /// None once it has ended.
    client: Option<Client>,
    /// Whether the database knows of it: it is begun on the way of its first statement.
    begun: bool,
    /// Whether a statement failed, after which `PostgreSQL` takes a commit for a roll-back and says nothing.
    failed: bool,
}

impl Transaction {
    /// Over a connection on which nothing has begun.
    pub fn over(client: Client, commits: Commits, counts: Arc<Counts>) -> Self {
        let state = State { client: Some(client), begun: false, failed: false };
        Self(Arc::new(Turn { state: Mutex::new(state), commits, counts }))
    }

    /// Makes it durable, and then runs `after`. From its first moment on that happens whether or not anybody waits for it.
    ///
    /// Where the connection breaks meanwhile nobody knows whether it happened: `after` runs then too, because what it does for
    /// what did happen does no harm to what did not.
    ///
    /// # Errors
    /// When it cannot be, or nobody knows; unless the connection broke, it never happened then, and `after` does not run.
    pub async fn commit(self, after: After) -> Result<(), DbErr> {
        let turn = Arc::clone(&self.0);
        let committing = tokio::spawn(async move {
            let mut state = turn.state.lock().await;
            let _underway = turn.commits.begin();
            let outcome = state.commit().await;
            if outcome.as_ref().map_or_else(fault::is_open, |()| true) {
                turn.counts.committed(1);
                after();
            }
            outcome
        });
        committing.await.unwrap_or_else(|stopped| Err(fault::failed(&stopped.to_string())))
    }

    /// As [`disguised`].
    ///
    /// # Errors
    /// As there.
    pub async fn in_disguise(&self) -> Result<DatabaseConnection, DbErr> {
        disguised(Arc::clone(&self.0)).await
    }
}

impl State {
    async fn commit(&mut self) -> Result<(), DbErr> {
        let mut client = self.client.take().ok_or_else(fault::over)?;
        if self.failed {
            undo(client);
            return Err(fault::over());
        }
        if self.begun { client.control("COMMIT").await } else { Ok(()) }
    }

    /// The connection, and what has to be sent before the next statement.
    fn next(&mut self) -> Result<(&mut Client, Before), DbErr> {
        let before = if std::mem::replace(&mut self.begun, true) { Before::Nothing } else { Before::Begin };
        Ok((self.client.as_mut().ok_or_else(fault::over)?, before))
    }
}

connection!(Transaction, it => &*it.0, Turn);

impl Runs for Turn {
    const BACKEND: DbBackend = DbBackend::Postgres;

    async fn rows(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        let mut state = self.state.lock().await;
        let (client, before) = state.next()?;
        let rows = client.rows(&statement, before).await;
        state.failed |= rows.is_err();
        rows
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        let mut state = self.state.lock().await;
        let (client, before) = state.next()?;
        let done = client.execute(&statement, before).await;
        state.failed |= done.is_err();
        done
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let state = self.state.get_mut();
        if let Some(client) = state.client.take().filter(|_| state.begun) {
            undo(client);
        }
    }
}

/// Rolls back, and gives the connection back to the pool only once that is done.
fn undo(mut client: Client) {
    match Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn(async move {
            // A connection on which that fails is broken, and the pool notices.
            let _ = client.control("ROLLBACK").await;
        })),
        // The program is ending; closing the connection undoes it too.
        Err(_) => client.discard(),
    }
}
