//! Where the chain being written stands, and what its next segment will say it had seen.

use super::Store;
use super::chains::Own;
use super::error::StoreError;
use super::{holdings, learn};
use crate::base::{ChainId, DraftId, Seq};
use crate::log::{Entry, EntryRef, Head, Holdings, MAX_SEEN, SiteRoot};

impl Store {
    /// The chain being written, if one may be.
    #[must_use]
    pub fn chain(&self) -> Option<ChainId> {
        self.memory.tail.as_ref().map(|tail| tail.id)
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
        let mut select = self.db.prepare_cached("SELECT DISTINCT chain FROM segments WHERE placed = 0")?;
        let unplaced: Vec<u32> = select.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut seen = Vec::new();
        for chain in self.memory.chains.iter().filter(|c| c.own == Own::No) {
            if chain.fork.is_some() || unplaced.contains(&chain.n) {
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
        self.entry_of_draft(Some(draft))
    }

    /// An entry by its name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn entry(&self, by: EntryRef) -> Result<Option<Entry>, StoreError> {
        Ok(learn::entry(&self.db, &self.memory.chains, by)?.map(|(_, _, entry)| entry))
    }
}
