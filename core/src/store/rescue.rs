//! Getting records out of a database that this version must not write: one that a newer version has written.

use std::path::Path;

use super::error::StoreError;
use super::{pragma, segments};
use crate::log::Segment;

/// The sealed segments that are not known to have reached HQ, read without changing anything.
///
/// The columns it reads keep their meaning in every version, see `migrations/README.md`.
///
/// # Errors
/// [`StoreError`]
pub fn rescue(path: &Path) -> Result<Vec<Segment>, StoreError> {
    let db = pragma::reader(path)?;
    let sql = format!(
        "SELECT {} FROM segments s WHERE placed = 0 AND chain IN (SELECT n FROM chains WHERE own > 0)
         AND first > (SELECT coalesce(max(seq), 0) FROM receipts r WHERE r.chain = s.chain) ORDER BY s.n",
        segments::COLUMNS
    );
    let mut select = db.prepare(&sql)?;
    let mut rows = select.query(())?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(segments::read(row)??.segment);
    }
    Ok(all)
}
