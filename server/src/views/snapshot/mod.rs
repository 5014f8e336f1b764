//! A snapshot: the fold of a site's log at a position as rows for a new phone, `core/docs/sync-protocol.md` 8.

mod chains;
mod entered;
mod evidence;
mod records;

use std::collections::BTreeSet;

use dutylog_core::base::Millis;
use dutylog_core::log::merkle::site_leaf;
use dutylog_core::log::{Peaks, SiteRoot};
use dutylog_core::records::chain::SnapshotTaken;
use dutylog_core::snapshot::{Row, SnapshotWriter, Unsigned};
use dutylog_core::sync::{Fit, FrameWriter, Signatures};

pub use self::entered::EnteredSnapshot;

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
    pub async fn snapshot(&self, scope: SiteScope, since: Millis) -> Result<Option<Described>, ViewError> {
        let Some(look) = self.look(scope, Some(since)).await? else { return Ok(None) };
        let Some(positions) = look.evidence.clone() else { return Ok(None) };
        let segments = evidence::segments(&*self.ledger, scope, positions, look.size).await?;
        self.described(scope, look, segments, usize::MAX).await.map(Some)
    }

    /// Works out again what a snapshot said of a site as far as it is folded, from as many certificates as it had.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn retold(&self, scope: SiteScope, certificates: u32) -> Result<Option<Described>, ViewError> {
        let Some(look) = self.look(scope, None).await? else { return Ok(None) };
        let certificates = usize::try_from(certificates).unwrap_or(usize::MAX);
        self.described(scope, look, Vec::new(), certificates).await.map(Some)
    }

    /// One look at the tables, whatever is folded meanwhile.
    async fn look(&self, scope: SiteScope, since: Option<Millis>) -> Result<Option<Look>, ViewError> {
        let site = scope.site().0.to_vec();
        let mut db = self.readers().begin().await?;
        let cursor = sqlx::query("SELECT position FROM view_sites WHERE site = $1").bind(&site);
        let Some(row) = cursor.fetch_optional(&mut *db).await? else { return Ok(None) };
        let size: u64 = columns::count(&row, "position")?;
        let chains = Chains::read(&mut db, &site).await?;
        let records = Records::read(&mut db, &site).await?;
        let evidence = match since {
            Some(since) => evidence::positions(&mut db, &site, &chains, since).await?,
            None => None,
        };
        db.rollback().await?;
        Ok(Some(Look { size, chains, records, evidence }))
    }

    async fn described(
        &self,
        scope: SiteScope,
        look: Look,
        segments: Vec<Stored>,
        most_certificates: usize,
    ) -> Result<Described, ViewError> {
        let ids = self.ledger.site_log(scope, 0, look.size).await?;
        let mut certificates = self.ledger.certificates(scope).await?;
        certificates.truncate(most_certificates);
        let count = u32::try_from(certificates.len()).unwrap_or(u32::MAX);
        let epoch = self.ledger.state(scope).await?.epoch;
        let write = move || {
            let Look { size, mut chains, records, .. } = look;
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
            Ok(Described { certificates: count, unsigned: writer.finish(scope.site(), epoch, log) })
        };
        // Off the threads that serve requests: a year takes its time.
        tokio::task::spawn_blocking(write).await.map_err(|e| ViewError::damaged(e.to_string()))?
    }
}

/// A site as rows, ready to be signed.
#[derive(Debug)]
pub struct Described {
    /// How many certificates are among them.
    pub certificates: u32,
    /// The snapshot.
    pub unsigned: Unsigned,
}

impl Described {
    /// What goes on record of it.
    #[must_use]
    pub fn told(&self) -> SnapshotTaken {
        let (log, digest) = (self.unsigned.log, self.unsigned.digest());
        SnapshotTaken { size: log.size, root: log.root, certificates: self.certificates, digest }
    }
}

/// What the tables say of a site at one moment.
struct Look {
    size: u64,
    chains: Chains,
    records: Records,
    /// The positions of what goes with it; none if it was not asked for, or if rows cannot tell of the site.
    evidence: Option<BTreeSet<u64>>,
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
