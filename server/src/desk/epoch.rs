//! The beginning of HQ's chain in a server epoch, and what of earlier epochs comes back after a restore.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Seq};
use dutylog_core::capture::{AdoptEpoch, OpenEpoch};
use dutylog_core::log::SiteRoot;
use dutylog_core::records::chain::{EntryAt, EpochOpened, hq_chain};

use super::circumstances::Circumstances;
use super::standing::Operator;
use super::{Desk, DeskError};
use crate::ledger::SiteScope;

impl Desk {
    /// Begins HQ's chain of this epoch, unless it has begun. Its first entry says what it builds on.
    pub(super) async fn open(&self, scope: SiteScope) -> Result<(), DeskError> {
        let now = Circumstances::of(&self.0, scope).await?;
        if now.head > 0 {
            return Ok(());
        }
        let SiteRoot { size, root } = now.folded;
        let previous = self.earlier(&now).await?.into_iter().next_back();
        let previous = previous.map(|(_, (chain, seq))| EntryAt { chain, seq });
        let epoch = EpochOpened { epoch: now.epoch, previous, size, root };
        self.write(&Operator, scope, None, &[OpenEpoch { epoch }.into()]).await.map(drop)
    }

    /// HQ's chains of earlier epochs, as far as they are held: by epoch, with their last number.
    async fn earlier(&self, now: &Circumstances) -> Result<BTreeMap<u32, (ChainId, Seq)>, DeskError> {
        let epochs: BTreeMap<ChainId, u32> =
            (1..now.epoch).map(|epoch| (hq_chain(now.scope.site(), epoch), epoch)).collect();
        let chains: Vec<ChainId> = epochs.keys().copied().collect();
        let heads = self.0.ingest.ledger().heads(now.scope, Some(&chains)).await?;
        let last = |(chain, heads): (ChainId, Vec<dutylog_core::log::Head>)| {
            let seq = heads.iter().map(|head| head.seq).max()?;
            Some((*epochs.get(&chain)?, (chain, seq)))
        };
        Ok(heads.into_iter().filter_map(last).collect())
    }

    /// Takes over what HQ wrote in earlier epochs, and a restored database had lost, once phones have brought it back. Does nothing when
    /// there is nothing to take over.
    ///
    /// # Errors
    /// [`DeskError`]
    pub async fn adopt(&self, scope: SiteScope) -> Result<(), DeskError> {
        let now = Circumstances::of(&self.0, scope).await?;
        if now.epoch == 1 {
            return Ok(());
        }
        let mut lost = Vec::new();
        for (epoch, (chain, seq)) in self.earlier(&now).await? {
            // Before HQ's chain of this epoch begins, the earlier ones hold as they are.
            if now.head > 0 && !now.config.newest().reaches(epoch, seq) {
                lost.push(AdoptEpoch { entry: EntryAt { chain, seq } }.into());
            }
        }
        if !lost.is_empty() {
            self.act_all(scope, None, lost).await?;
        }
        self.enforce(scope).await
    }
}
