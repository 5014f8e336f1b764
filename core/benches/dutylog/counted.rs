//! That nothing was set aside: a fold that counts fewer entries would be faster, and the figures worth nothing.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::ratios::Outcome;

/// What the store keeps of entries that do not count, and of segments that are not part of the log.
const IDLE: [&str; 2] = ["uncounted", "aside"];

/// Fails if the fold has left anything out. The database is open in the store meanwhile, and stays as it is.
pub(super) fn everything_counts(database: &Path) -> Outcome<()> {
    let db = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    for table in IDLE {
        let idle: i64 = db.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get(0))?;
        if idle > 0 {
            return Err(format!("{idle} rows in `{table}`: not everything that was recorded counts").into());
        }
    }
    Ok(())
}
