//! The site's own row: its cursor, and the counts that the overview shows.

use dutylog_core::base::SiteId;
use dutylog_core::records::RecordKind;
use dutylog_core::records::handover::HandoverState;
use sqlx::SqliteConnection;

use crate::views::ViewError;
use crate::views::states::{IncidentAt, handover_code};
use crate::views::verdict::Standing;

/// Moves the cursor, if it is where it was thought to be: two processes never fold one page twice.
pub(super) async fn move_cursor(
    db: &mut SqliteConnection,
    site: SiteId,
    from: u64,
    to: u64,
) -> Result<(), ViewError> {
    let moved = sqlx::query(
        "INSERT INTO view_sites (site, position) SELECT $1, $3 WHERE $2 = 0 OR EXISTS
           (SELECT 1 FROM view_sites WHERE site = $1)
         ON CONFLICT (site) DO UPDATE SET position = excluded.position WHERE view_sites.position = $2",
    )
    .bind(site.0.to_vec())
    .bind(from.cast_signed())
    .bind(to.cast_signed())
    .execute(db)
    .await?;
    if moved.rows_affected() == 1 { Ok(()) } else { Err(ViewError::Overtaken) }
}

/// Counts what the overview shows; each count reads only the rows it counts.
pub(super) async fn count(db: &mut SqliteConnection, site: SiteId) -> Result<(), ViewError> {
    sqlx::query(
        "UPDATE view_sites SET
           open_incidents = (SELECT count(*) FROM view_records
             WHERE site = $1 AND kind = $2 AND state IN ($3, $4)),
           open_major = (SELECT count(*) FROM view_records
             WHERE site = $1 AND kind = $2 AND state IN ($3, $4) AND severity >= 3),
           unsigned = (SELECT count(*) FROM view_records
             WHERE site = $1 AND kind = $5 AND state IN ($6, $7)),
           conflicts = (SELECT count(*) FROM view_records WHERE site = $1 AND conflicts > 0),
           opaque = (SELECT count(*) FROM view_entries WHERE site = $1 AND verdict = $8 AND verdict <> 0),
           refused = (SELECT count(*) FROM view_entries WHERE site = $1 AND verdict = $9 AND verdict <> 0),
           held = (SELECT count(*) FROM view_entries WHERE site = $1 AND verdict = $10 AND verdict <> 0),
           waiting = (SELECT count(*) FROM view_entries WHERE site = $1 AND verdict = $11 AND verdict <> 0)
         WHERE site = $1",
    )
    .bind(site.0.to_vec())
    .bind(RecordKind::Incident.code())
    .bind(IncidentAt::Open.code())
    .bind(IncidentAt::Acknowledged.code())
    .bind(RecordKind::Handover.code())
    .bind(handover_code(HandoverState::Offered))
    .bind(handover_code(HandoverState::OneSided))
    .bind(Standing::Opaque.code())
    .bind(Standing::Refused.code())
    .bind(Standing::Held.code())
    .bind(Standing::Waits.code())
    .execute(db)
    .await?;
    Ok(())
}
