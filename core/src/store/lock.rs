//! One process owns a database: a lock on a file beside it, held as long as the database is open.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::error::{At, StoreError};
use super::files::beside;

/// The right to write a database. Given back when dropped, or by the system when the process ends.
#[derive(Debug)]
pub(super) struct Ownership {
    _file: File,
}

impl Ownership {
    pub(super) fn take(database: &Path) -> Result<Self, StoreError> {
        let path = beside(database, "lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.at("opening", &path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::OwnedElsewhere),
            Err(TryLockError::Error(error)) => Err(error).at("locking", &path),
        }
    }
}
