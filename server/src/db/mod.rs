//! Everything that builds queries. Rows go out as the entities' models; what
//! they mean is for the services to say.
//!
//! SQLite lets one connection write at a time. A transaction that begins by
//! reading and wants to write later may find that another wrote meanwhile, and
//! then fails at once, however long it would wait. So every writing transaction
//! begins IMMEDIATE ([`Database::begin_write`]), and the writers of this
//! process stand in a line of their own, because SQLite's waiting is polling
//! and not fair. Readers are never held up (write-ahead log).
//!
//! Column types are those that PostgreSQL has too: text, 32 and 64 bit
//! integers; ids are text, times milliseconds in UTC.

pub mod admin_links;
pub mod drafts;
pub mod entity;
pub mod finals;
pub mod hints;
pub mod judgements;
pub mod migrations;
pub mod packs;
pub mod rejudges;
pub mod results;
pub mod sessions;
pub mod submissions;
pub mod uploads;
pub mod users;
pub mod variants;

#[cfg(test)]
mod tests;

use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqlErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Connections that read at once; a reader costs a file handle and its cache.
const CONNECTIONS: u32 = 8;
/// How long a writer waits for another process's.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The database refused or could not be reached.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error("the database failed")]
    Orm(#[from] sea_orm::DbErr),
    /// A row says what it cannot: the database was changed by hand, or by a
    /// later version.
    #[error("the database holds a malformed {what}")]
    Malformed { what: &'static str },
}

pub type Result<T> = std::result::Result<T, DbError>;

impl DbError {
    pub fn is_unique_violation(&self) -> bool {
        match self {
            DbError::Orm(error) => {
                matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
            }
            DbError::Malformed { .. } => false,
        }
    }
}

#[derive(Clone)]
pub struct Database {
    connection: DatabaseConnection,
    writers: Arc<Mutex<()>>,
}

impl Database {
    /// Opens the database and brings it up to date.
    pub async fn open(url: &str) -> Result<Database> {
        let database = Database::connect(url).await?;
        migrations::Migrator::up(&database.connection, None).await?;
        Ok(database)
    }

    /// Opens the database as it is.
    pub async fn connect(url: &str) -> Result<Database> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(30))
            .idle_timeout(None)
            .max_lifetime(None)
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .pragma("journal_mode", "WAL")
                    // Acknowledged means on the disk, also when the power goes.
                    .pragma("synchronous", "FULL")
                    .pragma("temp_store", "MEMORY")
                    .foreign_keys(true)
                    .busy_timeout(BUSY_TIMEOUT)
            });
        Ok(Database {
            connection: sea_orm::Database::connect(options).await?,
            writers: Arc::default(),
        })
    }

    /// For single reads.
    pub fn read(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Begins a transaction that will write. Dropped without
    /// [`WriteTransaction::commit`], it leaves nothing behind.
    pub async fn begin_write(&self) -> Result<WriteTransaction> {
        let turn = self.writers.clone().lock_owned().await;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.connection.begin_with_options(options).await?;
        Ok(WriteTransaction {
            transaction,
            _turn: turn,
        })
    }

    /// The steps that [`Database::open`] would take.
    pub async fn list_pending_migrations(&self) -> Result<Vec<String>> {
        let pending = migrations::Migrator::get_pending_migrations(&self.connection).await?;
        Ok(pending.iter().map(|step| step.name().to_owned()).collect())
    }

    pub async fn ping(&self) -> Result<()> {
        self.connection.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// Writes the log into the database's file and closes it.
    pub async fn close(self) -> Result<()> {
        self.connection.close().await?;
        Ok(())
    }
}

pub struct WriteTransaction {
    // Before the turn: a rollback must be under way before the next may begin.
    transaction: DatabaseTransaction,
    _turn: OwnedMutexGuard<()>,
}

impl WriteTransaction {
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        Ok(())
    }
}

impl Deref for WriteTransaction {
    type Target = DatabaseTransaction;
    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}
