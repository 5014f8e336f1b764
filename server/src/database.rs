//! The embedded database: one file, one writer, many readers.
//!
//! Writing goes through [`Database::write`], which holds the only writing connection and starts with
//! `BEGIN IMMEDIATE`, so that a writer never finds out halfway that it may not write. Readers cannot write. What may be lost with the
//! power is written in the writers' turn by a connection that does not wait for the disk.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Sqlite, SqliteConnection, Transaction};

/// A version of SQLite.
type Version = (u32, u32, u32);

/// The first SQLite without the corruption on WAL reset; older ones are refused.
const OLDEST_SQLITE: Version = (3, 51, 3);
/// Marks the file as Dutylog's ("DLOG").
const APPLICATION_ID: &str = "1145851719";
const READERS: u32 = 4;
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(10);

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file cannot be opened or asked.
    #[error("database: {0}")]
    Sqlite(#[from] sqlx::Error),
    /// The tables cannot be brought to this version's form.
    #[error("database migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The linked SQLite has a known corruption bug.
    #[error("SQLite {0} can corrupt databases; 3.51.3 or newer is needed")]
    TooOld(String),
}

/// A handle on the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    writer: SqlitePool,
    notes: SqlitePool,
    readers: SqlitePool,
}

/// A turn to write what may be lost with the power, see [`Database::note`].
#[derive(Debug)]
pub struct Note {
    connection: PoolConnection<Sqlite>,
    _turn: PoolConnection<Sqlite>,
}

impl Note {
    /// Where to write. Each statement is a transaction of its own.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Database {
    /// Opens the file, creating it when it is not there, and brings its tables to this version's form.
    ///
    /// # Errors
    /// When the file cannot be opened, is newer than this program, or SQLite is too old to be trusted.
    pub async fn open(file: &Path) -> Result<Self, DatabaseError> {
        Self::open_needing(OLDEST_SQLITE, file).await
    }

    /// The library is asked before it may touch the file.
    async fn open_needing(oldest: Version, file: &Path) -> Result<Self, DatabaseError> {
        refuse_older(oldest).await?;
        let writer = pool(1).connect_with(writing(file)).await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        let notes = pool(1).connect_lazy_with(writing(file).synchronous(SqliteSynchronous::Normal));
        let readers = pool(READERS).connect_with(reading(file)).await?;
        Ok(Self { writer, notes, readers })
    }

    /// Begins to write. Others wait their turn until the transaction ends; dropping it undoes everything.
    ///
    /// # Errors
    /// When no turn comes within ten seconds, or the database fails.
    pub async fn write(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    /// A turn to write what is only a mark on the way, such as when a phone was last in touch: it outlives the process, but nothing waits
    /// until the disk has it.
    ///
    /// # Errors
    /// When no turn comes within ten seconds, or the database fails.
    pub async fn note(&self) -> Result<Note, sqlx::Error> {
        // Turns are taken where writers take theirs, so that the two never wait for each other inside SQLite.
        let turn = self.writer.acquire().await?;
        Ok(Note { connection: self.notes.acquire().await?, _turn: turn })
    }

    /// Connections that can only read.
    #[must_use]
    pub const fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Writes a copy of all of it to a new file, while others go on writing.
    ///
    /// # Errors
    /// When the file is there already, or the database fails.
    pub async fn copy_to(&self, file: &Path) -> Result<(), sqlx::Error> {
        let file = file.to_str().ok_or_else(|| sqlx::Error::Configuration("the path is not text".into()))?;
        let mut writer = self.writer.acquire().await?;
        sqlx::query("VACUUM INTO $1").bind(file).execute(&mut *writer).await.map(drop)
    }

    /// Writes a copy of a database that is not opened here to a new file, without changing a byte of it. Somebody else may have it open and
    /// go on writing; while it is open, SQLite's index of the log in progress (`-shm`) lies beside it.
    ///
    /// # Errors
    /// When it cannot be read, or the copy cannot be written.
    pub async fn copy_of(file: &Path, to: &Path) -> Result<(), sqlx::Error> {
        if !beside(file, "-shm").try_exists()? {
            std::fs::copy(file, to)?;
            let log = beside(file, "-wal");
            if log.try_exists()? {
                std::fs::copy(log, beside(to, "-wal"))?;
            }
            return Ok(());
        }
        let to = to.to_str().ok_or_else(|| sqlx::Error::Configuration("the path is not text".into()))?;
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let mut reader = options.busy_timeout(Duration::from_secs(5)).connect().await?;
        sqlx::query("VACUUM INTO $1").bind(to).execute(&mut reader).await?;
        reader.close().await
    }

    /// Looks at the structure of the whole file; what is wrong with it, if anything is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn check(&self) -> Result<Result<(), String>, sqlx::Error> {
        let found: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&self.readers).await?;
        Ok(if found == "ok" { Ok(()) } else { Err(found) })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.readers).await.map(|_| ())
    }

    /// Closes every connection, after the work in hand.
    pub async fn close(&self) {
        self.readers.close().await;
        self.notes.close().await;
        self.writer.close().await;
    }
}

/// A file that SQLite keeps beside another.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn pool(size: u32) -> SqlitePoolOptions {
    // A connection to a file has no far end that could be gone.
    let options = SqlitePoolOptions::new().test_before_acquire(false);
    options.max_connections(size).acquire_timeout(WAIT_FOR_CONNECTION)
}

fn writing(file: &Path) -> SqliteConnectOptions {
    options(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("application_id", APPLICATION_ID)
        // Without it, REPLACE deletes rows past the triggers that forbid deleting.
        .pragma("recursive_triggers", "ON")
}

/// Readers are connected when they are first needed, perhaps while somebody writes: nothing here may itself write.
fn reading(file: &Path) -> SqliteConnectOptions {
    options(file).pragma("query_only", "ON")
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("mmap_size", "0")
        .pragma("journal_size_limit", "67108864")
}

async fn refuse_older(oldest: Version) -> Result<(), DatabaseError> {
    let mut nowhere = SqliteConnectOptions::new().in_memory(true).connect().await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut nowhere).await?;
    if parse_version(&version).is_some_and(|v| v >= oldest) {
        Ok(())
    } else {
        Err(DatabaseError::TooOld(version))
    }
}

fn parse_version(text: &str) -> Option<Version> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(parse_version("3.51.3") >= Some(OLDEST_SQLITE));
        assert!(parse_version("3.100.0") >= Some(OLDEST_SQLITE));
        assert!(parse_version("3.51.2") < Some(OLDEST_SQLITE));
        assert_eq!(parse_version("three"), None);
    }

    #[tokio::test]
    async fn a_library_that_can_corrupt_databases_is_refused_before_it_touches_one() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("dutylog.sqlite");
        // To a server that needs the next major version, the library that is linked is too old.
        let refused = Database::open_needing((4, 0, 0), &file).await;
        let Err(DatabaseError::TooOld(version)) = refused else { panic!("opened: {refused:?}") };
        assert!(parse_version(&version) >= Some(OLDEST_SQLITE), "the one that is linked is good: {version}");
        assert!(!file.exists(), "nothing was written");
        Database::open(&file).await.expect("opened");
    }
}
