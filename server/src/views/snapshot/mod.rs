//! A snapshot: the fold of a site's log at a position as rows for a new phone, `core/docs/sync-protocol.md` 8.

mod chains;
mod evidence;
mod records;

use dutylog_core::base::Millis;
use dutylog_core::log::merkle::site_leaf;
use dutylog_core::log::{Peaks, SiteRoot};
use dutylog_core::snapshot::{Row, SnapshotWriter, Unsigned};
use dutylog_core::sync::{Fit, FrameWriter, Signatures};

use self::chains::Chains;
use self::records::Records;
use super::{ViewError, Views, columns};
use crate::ledger::{SiteScope, Stored};

impl Views {
    /// Describes a site as far as it is folded: every row, and as evidence the segments of HQ, of open records, and those taken since
    /// a moment. None if it cannot be told by rows alone.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn snapshot(&self, scope: SiteScope, since: Millis) -> Result<Option<Unsigned>, ViewError> {
        let site = scope.site().0.to_vec();
        // One look at the tables, whatever is folded meanwhile.
        let mut db = self.readers().begin().await?;
        let cursor = sqlx::query("SELECT position FROM view_sites WHERE site = $1").bind(&site);
        let Some(row) = cursor.fetch_optional(&mut *db).await? else { return Ok(None) };
        let size: u64 = columns::count(&row, "position")?;
        let mut chains = Chains::read(&mut db, &site).await?;
        let records = Records::read(&mut db, &site).await?;
        let Some(positions) = evidence::positions(&mut db, &site, &chains, since).await? else {
            return Ok(None);
        };
        db.rollback().await?;
        let segments = evidence::segments(&*self.ledger, scope, positions, size).await?;
        let ids = self.ledger.site_log(scope, 0, size).await?;
        let certificates = self.ledger.certificates(scope).await?;
        let epoch = self.ledger.state(scope).await?.epoch;
        let write = move || {
            let peaks =
                (0..).zip(&ids).fold(Peaks::default(), |peaks, (at, id)| peaks.with(site_leaf(at, id)));
            let mut writer = SnapshotWriter::default();
            certificates.into_iter().for_each(|bytes| writer.row(&Row::Certificate(bytes)));
            chains.name(&records.chains);
            chains.rows().for_each(|told| writer.row(&Row::Head(told)));
            peaks.hashes().iter().for_each(|peak| writer.row(&Row::Peak(*peak)));
            records.write(&mut writer, &chains.numbers())?;
            frames(&mut writer, &segments);
            let log = SiteRoot { size, root: peaks.root() };
            Ok(Some(writer.finish(scope.site(), epoch, log)))
        };
        // Off the threads that serve requests: a year takes its time.
        tokio::task::spawn_blocking(write).await.map_err(|e| ViewError::damaged(e.to_string()))?
    }
}

/// Puts segments into frames, as many in each as fit.
fn frames(writer: &mut SnapshotWriter, segments: &[Stored]) {
    let new = || FrameWriter::new(Signatures::All, None);
    let mut frame = new();
    for stored in segments {
        if frame.segment(&stored.segment) != Fit::Taken {
            writer.frame(&std::mem::replace(&mut frame, new()).finish());
            // What no frame can carry is left out: its rows are there.
            let _ = frame.segment(&stored.segment);
        }
    }
    if !frame.is_empty() {
        writer.frame(&frame.finish());
    }
}
