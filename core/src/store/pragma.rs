//! Every setting of every connection, in one place.

use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;
use std::path::Path;

/// The first SQLite without the corruption when two connections write and checkpoint at once.
const OLDEST_SQLITE: i32 = 3_051_003;

/// "Dlog": how a file says that it is ours.
pub(super) const APPLICATION_ID: i32 = 0x446c_6f67;

/// How much a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// A commit survives a power cut. What phones use.
    #[default]
    Full,
    /// A commit survives a kill, not a power cut. For measurements and tests.
    Normal,
}

/// Flushes to the platter, where the system's plain flush does not.
const FULL_FSYNC: &str = if cfg!(target_vendor = "apple") {
    "PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;"
} else {
    ""
};

const COMMON: &str = "
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA busy_timeout = 5000;
    PRAGMA cache_size = -8000;
    PRAGMA temp_store = MEMORY;";

/// Checkpoints are made between actions, never inside a commit: hence no automatic ones.
const WRITER: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA wal_autocheckpoint = 0;";

/// Statements that are used again and again are compiled once.
const STATEMENTS: usize = 128;

/// Opens the one connection that writes.
pub(super) fn writer(path: &Path, durability: Durability) -> Result<Connection, StoreError> {
    let db = open(OLDEST_SQLITE, path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.execute_batch(COMMON)?;
    db.execute_batch(WRITER)?;
    db.execute_batch(FULL_FSYNC)?;
    wait(&db, durability)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    let journal: String = db.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    match journal.as_str() {
        "wal" => Ok(db),
        _ => Err(StoreError::Elsewhere { what: "this file system cannot keep a write-ahead log" }),
    }
}

/// Lets commits wait for the disk.
pub(super) fn wait(db: &Connection, durability: Durability) -> Result<(), StoreError> {
    synchronous(db, if durability == Durability::Full { "FULL" } else { "NORMAL" })
}

pub(super) fn synchronous(db: &Connection, how: &str) -> Result<(), StoreError> {
    Ok(db.pragma_update(None, "synchronous", how)?)
}

/// Opens a connection from which a whole database is copied, and that changes nothing in it.
pub(super) fn source(path: &Path) -> Result<Connection, StoreError> {
    let db = open(OLDEST_SQLITE, path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    db.execute_batch(COMMON)?;
    Ok(db)
}

/// Opens a connection that only reads.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let db = source(path)?;
    db.pragma_update(None, "query_only", true)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(db)
}

/// Opens a copy that nobody else knows yet; it becomes durable as a whole before it is put to use.
pub(super) fn copy(path: &Path) -> Result<Connection, StoreError> {
    let create = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let db = open(OLDEST_SQLITE, path, create)?;
    db.execute_batch(COMMON)?;
    db.execute_batch(FULL_FSYNC)?;
    db.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;")?;
    Ok(db)
}

/// Every connection begins here: the library is asked before it may touch a file.
fn open(oldest: i32, path: &Path, access: OpenFlags) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < oldest {
        return Err(StoreError::OldSqlite { found: rusqlite::version() });
    }
    Ok(Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_can_corrupt_databases_is_refused_before_it_touches_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log.db");
        let create = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        // To a store that needs the next version, the library that is linked is too old.
        let refused = open(rusqlite::version_number() + 1, &path, create);
        assert!(matches!(refused, Err(StoreError::OldSqlite { .. })), "{refused:?}");
        assert!(!path.exists(), "nothing was written");
        open(OLDEST_SQLITE, &path, create).expect("opened");
        assert_eq!(OLDEST_SQLITE, 3_051_003, "3.51.3 is the first without the bug");
    }
}
