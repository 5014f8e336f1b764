//! Where the chain being written stands, and what its next segment will say it had seen.

use super::Store;
use super::chains::Own;
use super::drafts::entry_of_draft;
use super::error::StoreError;
use super::guard::Standing;
use super::{holdings, learn, segments};
use crate::base::{ChainId, DraftId, Millis, Seq};
use crate::log::{Certificate, ConfigCite, Entry, EntryRef, Head, Holdings, MAX_SEEN, Role, SiteRoot};
use crate::merge::Register;
use crate::records::Cell;

impl Store {
    /// The chain being written, if one may be.
    #[must_use]
    pub fn chain(&self) -> Option<ChainId> {
        self.memory.tail.as_ref().filter(|_| self.standing == Standing::Writable).map(|tail| tail.id)
    }

    /// The certificate of the device that began the chain of the open tail.
    #[must_use]
    pub fn writer(&self) -> Option<&Certificate> {
        self.memory.knowledge.device(self.memory.tail.as_ref()?.id)
    }

    /// The number of its newest entry; 0 if there is none.
    #[must_use]
    pub fn newest(&self) -> Seq {
        self.memory.tail.as_ref().map_or(0, super::tail::Tail::last)
    }

    /// How many entries are not sealed yet.
    #[must_use]
    pub fn open_entries(&self) -> usize {
        self.memory.tail.as_ref().map_or(0, |tail| tail.open as usize)
    }

    /// Whether they must be sealed before the next is appended.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.memory.tail.as_ref().is_some_and(super::tail::Tail::is_full)
    }

    /// The live values of a cell, as the next entry must cite them. The connection that writes has them at hand, where
    /// [`Store::reader`] reads them anew after each commit.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn register(&mut self, cell: &Cell) -> Result<Register, StoreError> {
        let super::memory::Memory { batch, chains, .. } = &mut self.memory;
        batch.peek(&self.db, chains, cell)
    }

    /// The newest root of the site's log whose prefix is held and folded.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn site_root(&self) -> Result<Option<SiteRoot>, StoreError> {
        let peaks = self.pulled()?.peaks;
        Ok((peaks.size() > 0).then(|| SiteRoot { size: peaks.size(), root: peaks.root() }))
    }

    /// Heads of others' chains held beyond that root, and those of forked chains; sorted, at most as many as a segment may name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn seen(&self) -> Result<Vec<(ChainId, Head)>, StoreError> {
        let mut seen = Vec::new();
        for chain in self.memory.chains.iter().filter(|c| c.own == Own::No) {
            if chain.fork.is_some() || segments::any_unplaced(&self.db, chain.n)? {
                seen.extend(holdings::heads(&self.db, chain)?.into_iter().map(|head| (chain.id, head)));
            }
        }
        seen.sort();
        seen.truncate(MAX_SEEN);
        Ok(seen)
    }

    /// The entry that a draft has become, if it has.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn committed(&self, draft: DraftId) -> Result<Option<EntryRef>, StoreError> {
        entry_of_draft(&self.db, &self.memory, Some(draft))
    }

    /// When HQ wrote an entry that somebody cites; none if that is not held, or not HQ's.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn written_by_hq(&self, cite: ConfigCite) -> Result<Option<Millis>, StoreError> {
        let by_hq = |device: &Certificate| device.claims.role == Role::Headquarters;
        let known = self.memory.knowledge.device(cite.chain).is_some_and(by_hq);
        let Some(chain) = self.memory.chains.number(cite.chain).filter(|_| known) else { return Ok(None) };
        let mut written = None;
        segments::each_from(&self.db, chain, cite.seq, |stored| {
            written =
                stored.segment.decode()?.iter().find(|entry| entry.seq == cite.seq).map(|entry| entry.at);
            Ok(false)
        })?;
        Ok(written)
    }

    /// An entry by its name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn entry(&self, by: EntryRef) -> Result<Option<Entry>, StoreError> {
        Ok(learn::entry(&self.db, &self.memory.chains, by)?.map(|(_, _, entry)| entry))
    }
}
