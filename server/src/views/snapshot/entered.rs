//! The snapshots that headquarters has put on record.

use dutylog_core::merge::chain_record;
use dutylog_core::records::chain::{SNAPSHOT_TAKEN, SnapshotTaken, hq_chain};

use crate::ledger::SiteScope;
use crate::views::{ViewError, Views};

/// A snapshot on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnteredSnapshot {
    /// What it said.
    pub told: SnapshotTaken,
    /// The server's epoch in whose chain it stands.
    pub epoch: u32,
    /// Where in the log its entry is.
    pub position: u64,
}

impl Views {
    /// The snapshots on record, in the order of their positions.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn entered_snapshots(&self, scope: SiteScope) -> Result<Vec<EnteredSnapshot>, ViewError> {
        let mut all = Vec::new();
        for epoch in 1..=self.ledger.state(scope).await?.epoch {
            let record = chain_record(hq_chain(scope.site(), epoch));
            let Some(held) = self.record(scope, record).await? else { continue };
            let behind = self.behind(scope, record).await?;
            all.extend(behind.added(held.added(SNAPSHOT_TAKEN)).into_iter().filter_map(|said| {
                Some(EnteredSnapshot { told: said.value, epoch, position: said.entry?.position })
            }));
        }
        all.sort();
        Ok(all)
    }
}
