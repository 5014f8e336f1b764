//! Records with values that nobody has settled.

use dutylog_core::base::{Millis, RecordId};
use dutylog_core::records::RecordKind;
use sqlx::Row as _;

use super::{ViewError, Views, columns};
use crate::ledger::SiteScope;

/// A record with unsettled values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisputedLine {
    /// Which.
    pub record: RecordId,
    /// What kind of record; none if this version does not know it.
    pub kind: Option<RecordKind>,
    /// How many of its fields wait.
    pub conflicts: u32,
    /// The best time of the newest entry about it.
    pub last: Millis,
}

impl Views {
    /// Records with values that nobody has settled, the newest first.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn disputed(&self, scope: SiteScope, limit: u32) -> Result<Vec<DisputedLine>, ViewError> {
        let rows = sqlx::query(
            "SELECT record, kind, conflicts, last_ms FROM view_records WHERE site = $1 AND conflicts > 0
             ORDER BY last_ms DESC, record LIMIT $2",
        )
        .bind(scope.site().0.to_vec())
        .bind(limit)
        .fetch_all(self.readers())
        .await?;
        let line = |row: &sqlx::sqlite::SqliteRow| {
            Ok(DisputedLine {
                record: RecordId(columns::fixed(row, "record")?),
                kind: RecordKind::from_code(columns::count(row, "kind")?),
                conflicts: columns::count(row, "conflicts")?,
                last: row.try_get("last_ms")?,
            })
        };
        rows.iter().map(line).collect()
    }
}
