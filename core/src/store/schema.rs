//! The versions of the database, each one step from the last.

use rusqlite::Connection;

use super::error::StoreError;
use super::pragma::APPLICATION_ID;
use super::running;

/// One version: its SQL, and what SQL cannot say.
pub(super) struct Step {
    sql: &'static str,
    data: fn(&Connection) -> Result<(), StoreError>,
}

/// The steps that make version 0, 1, 2… Only ever appended to; see `migrations/README.md`.
pub(super) const STEPS: &[Step] = &[
    Step { sql: include_str!("../../migrations/0000_log.sql"), data: |_| Ok(()) },
    Step { sql: include_str!("../../migrations/0001_done.sql"), data: running::compute_all },
    Step { sql: include_str!("../../migrations/0002_snapshot.sql"), data: |_| Ok(()) },
];

/// The version this code writes.
pub(super) fn current() -> i32 {
    i32::try_from(STEPS.len()).unwrap_or(i32::MAX) - 1
}

/// Makes the next version of a database, in one transaction.
pub(super) fn step(db: &Connection, version: i32, step: &Step) -> Result<(), StoreError> {
    let tx = db.unchecked_transaction()?;
    tx.execute_batch(step.sql)?;
    (step.data)(&tx)?;
    tx.pragma_update(None, "user_version", version)?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(tx.commit()?)
}

/// What a file says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing in it yet.
    Empty,
    /// A database of ours, of this version.
    Version(i32),
}

/// Reads what a file says about itself.
pub(super) fn identify(db: &Connection) -> Result<Found, StoreError> {
    let number = |name| db.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    match (number("application_id")?, number("user_version")?) {
        (0, 0) if tables == 0 => Ok(Found::Empty),
        (APPLICATION_ID, version) if version > current() => {
            Err(StoreError::Newer { found: version, known: current() })
        }
        (APPLICATION_ID, version) => Ok(Found::Version(version)),
        _ => Err(StoreError::Elsewhere { what: "the file is not a duty log" }),
    }
}
