//! What each connection can do, and all that `SeaORM` wants of one besides.

use std::fmt::Debug;
use std::sync::Arc;

use sea_orm::prelude::async_trait;
use sea_orm::{
    Database, DatabaseConnection, DbBackend, DbErr, ProxyDatabaseTrait, ProxyExecResult, ProxyRow, Statement,
};

/// Runs statements of one database.
pub trait Runs: Debug + Send + Sync + 'static {
    /// Which.
    const BACKEND: DbBackend;

    /// The rows that a statement answers with.
    fn rows(&self, statement: Statement) -> impl Future<Output = Result<Vec<ProxyRow>, DbErr>> + Send;

    /// Carries a statement out, or, if it comes without parameters, several with semicolons between them.
    fn execute(&self, statement: Statement) -> impl Future<Output = Result<ProxyExecResult, DbErr>> + Send;
}

/// Makes a connection of something, given who in it runs statements.
macro_rules! connection {
    ($what:ty, $it:ident => $runs:expr, $by:ty) => {
        #[sea_orm::prelude::async_trait::async_trait]
        impl sea_orm::ConnectionTrait for $what {
            fn get_database_backend(&self) -> sea_orm::DbBackend {
                <$by as $crate::store::runs::Runs>::BACKEND
            }

            async fn execute_raw(&self, statement: sea_orm::Statement) -> Result<sea_orm::ExecResult, sea_orm::DbErr> {
                let $it = self;
                Ok($crate::store::runs::Runs::execute($runs, statement).await?.into())
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<sea_orm::ExecResult, sea_orm::DbErr> {
                self.execute_raw(sea_orm::Statement::from_string(self.get_database_backend(), sql)).await
            }

            async fn query_one_raw(
                &self,
                statement: sea_orm::Statement,
            ) -> Result<Option<sea_orm::QueryResult>, sea_orm::DbErr> {
                let $it = self;
                let rows = $crate::store::runs::Runs::rows($runs, statement).await?;
                Ok(rows.into_iter().next().map(sea_orm::QueryResult::from))
            }

            async fn query_all_raw(
                &self,
                statement: sea_orm::Statement,
            ) -> Result<Vec<sea_orm::QueryResult>, sea_orm::DbErr> {
                let $it = self;
                let rows = $crate::store::runs::Runs::rows($runs, statement).await?;
                Ok(rows.into_iter().map(sea_orm::QueryResult::from).collect())
            }
        }
    };
}

pub(super) use connection;

/// A transaction for what takes no other connection than one of `SeaORM`'s own: migrations. What it begins and ends itself has
/// no effect; when one of its statements fails, the whole transaction is to be dropped.
///
/// # Errors
/// None that is known.
pub async fn disguised<R: Runs>(turn: Arc<R>) -> Result<DatabaseConnection, DbErr> {
    Database::connect_proxy(R::BACKEND, Arc::new(Box::new(Disguise(turn)))).await
}

/// A transaction that passes for a database.
#[derive(Debug)]
struct Disguise<R>(Arc<R>);

#[async_trait::async_trait]
impl<R: Runs> ProxyDatabaseTrait for Disguise<R> {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        self.0.rows(statement).await
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        self.0.execute(statement).await
    }
}
