//! What can go wrong in the store.

use std::path::Path;

use rusqlite::ErrorCode;

use super::guard::Standing;
use crate::base::{ChainId, Seq};
use crate::log::{CodecError, KeyStoreError};

/// Why the store did not do as asked. Nothing has changed then, unless a variant says otherwise.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No space left, and the ballast is spent.
    #[error("the storage is full")]
    Full,
    /// Another process writes this database.
    #[error("another process has this database open")]
    OwnedElsewhere,
    /// A lock could not be had in time; try again.
    #[error("the database is busy")]
    Busy,
    /// Bytes on disk are not what was written.
    #[error("part of the storage is damaged: {detail}")]
    Damaged {
        /// What was found.
        detail: String,
    },
    /// A newer version wrote it. It can still be exported, see [`super::rescue()`].
    #[error("the data was written by a newer version ({found}; this one knows {known}); nothing was changed")]
    Newer {
        /// The version of the file.
        found: i32,
        /// The newest this code knows.
        known: i32,
    },
    /// Not a database of ours, or of another site.
    #[error("this database belongs elsewhere: {what}")]
    Elsewhere {
        /// What differs.
        what: &'static str,
    },
    /// Nothing may be recorded in the present chain, see [`Standing`].
    #[error("a new chain has to be started first ({0})")]
    ReadOnly(Standing),
    /// The store is paused; resume it first.
    #[error("the store is paused")]
    Paused,
    /// The SQLite that was linked can corrupt its log.
    #[error("SQLite {found} is too old")]
    OldSqlite {
        /// Its version.
        found: &'static str,
    },
    /// The key store did not do as asked.
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    /// An entry does not follow the last one.
    #[error("entry {got} was offered where {want} comes next")]
    OutOfSequence {
        /// The next number.
        want: Seq,
        /// The one offered.
        got: Seq,
    },
    /// What was to seal a chain is not the key of its device.
    #[error("the key is not that of the chain's device")]
    WrongKey,
    /// The open tail has to be sealed first.
    #[error("the open tail has to be sealed first")]
    TailOpen,
    /// An entry is over the limits of the log.
    #[error("an entry is larger than the log allows")]
    TooLarge,
    /// Too much waits for what comes before it in this chain.
    #[error("too much of chain {chain} waits for what comes before it")]
    PendingFull {
        /// The chain.
        chain: ChainId,
    },
    /// A file beside the database could not be read or written.
    #[error("{what}: {source}")]
    File {
        /// What was attempted.
        what: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Anything else from SQLite.
    #[error("the database failed")]
    Sql(#[source] rusqlite::Error),
}

impl StoreError {
    pub(super) fn damaged(detail: impl Into<String>) -> Self {
        Self::Damaged { detail: detail.into() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
        if let FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) = error {
            return Self::damaged(error.to_string());
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::damaged(error.to_string()),
            _ => Self::Sql(error),
        }
    }
}

impl From<CodecError> for StoreError {
    fn from(error: CodecError) -> Self {
        Self::damaged(error.to_string())
    }
}

/// Names the file in an input or output error.
pub(super) trait At<T> {
    fn at(self, doing: &str, path: &Path) -> Result<T, StoreError>;
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, doing: &str, path: &Path) -> Result<T, StoreError> {
        self.map_err(|source| match source.kind() {
            std::io::ErrorKind::StorageFull => StoreError::Full,
            _ => StoreError::File { what: format!("{doing} {}", path.display()), source },
        })
    }
}
