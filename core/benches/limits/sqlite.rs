//! SQLite as a plain app opens it.

use std::path::Path;

use rusqlite::Connection;

use crate::ratios::{Durability, Outcome};

/// A WAL database with SQLite's own checkpoints, every 1,000 pages by the commit that meets them.
pub(super) fn open(folder: &Path, durability: Durability, schema: &str) -> Outcome<Connection> {
    let db = Connection::open(folder.join("site.db"))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    let synchronous = match durability {
        Durability::Full => "full",
        Durability::Normal => "normal",
    };
    db.pragma_update(None, "synchronous", synchronous)?;
    db.set_prepared_statement_cache_capacity(32);
    db.execute_batch(schema)?;
    Ok(db)
}

/// Moves the WAL into the database and closes it, so that the one file is the size on disk.
pub(super) fn close(db: Connection) -> Outcome<()> {
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    db.close().map_err(|(_, error)| error.into())
}
