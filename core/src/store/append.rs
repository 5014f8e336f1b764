//! Appending: one entry becomes durable in the open tail, together with all it changes.

use super::Store;
use super::drafts::entry_of_draft;
use super::error::StoreError;
use super::fold::Folding;
use super::guard::Standing;
use super::memory::Memory;
use super::tail::{self, Row, Tail};
use super::write::check_generation;
use crate::base::{ChainId, Digest, DraftId};
use crate::log::{
    ClockEvidence, ConfigCite, Entry, EntryRef, Head, Header, MAX_ENTRY, MAX_SEGMENT, SiteRoot, leaf_of,
};

/// What a segment says of its author's circumstances, taken down at its first entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The clocks.
    pub clock: ClockEvidence,
    /// The configuration the author acts under.
    pub config: Option<ConfigCite>,
    /// The newest site root whose prefix is folded.
    pub checkpoint: Option<SiteRoot>,
    /// Heads held beyond it, sorted by chain.
    pub seen: Vec<(ChainId, Head)>,
}

/// An entry that is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Which.
    pub by: EntryRef,
    /// It had been committed before; this was a repetition.
    pub repeated: bool,
    /// How many entries are open now; at [`MAX_SEGMENT`] the tail must be sealed before the next.
    pub open: usize,
}

impl Store {
    /// Commits an entry: appended, folded and on the disk when this returns.
    ///
    /// A draft that has become an entry before is not committed again. `context` is taken down if the entry opens a segment, and
    /// needed only then.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing is recorded. [`StoreError::TailOpen`] if the tail is full and must be sealed first.
    pub fn append(
        &mut self,
        entry: &Entry,
        draft: Option<DraftId>,
        context: Option<&Context>,
    ) -> Result<Appended, StoreError> {
        let (row, opening) = match self.prepare(entry, draft, context) {
            Ok(prepared) => prepared,
            // A repetition comes with the number it had the first time.
            Err(error) => return self.repeated(draft)?.ok_or(error),
        };
        // It lags by one entry at most: as much as a kill right after a commit would leave.
        self.note_guard();
        let generation = self.generation;
        let (by, repeated) = self.transact(|db, memory| {
            let tail = tail_of(memory)?;
            let open = draft.and_then(|draft| tail.drafts.get(&draft));
            if open.is_some() || !tail::insert(db, generation, tail, &row, opening.as_ref())? {
                check_generation(db, generation)?;
                let by = entry_of_draft(db, memory, draft)?;
                return by.map(|by| (by, true)).ok_or_else(|| StoreError::damaged("the identity of the log"));
            }
            let header = opening.clone().or_else(|| tail.opening.take());
            let header = header.ok_or_else(|| StoreError::damaged("the open tail has no header"))?;
            tail.push(row.leaf, draft);
            let by = EntryRef { chain: tail.id, seq: row.seq, leaf: row.leaf };
            let mut folding = Folding::new(db, memory);
            folding.entry(&header, by, entry)?;
            folding.settle()?;
            tail_of(memory)?.opening = Some(header);
            if let Some(draft) = draft {
                super::drafts::forget(db, draft)?;
            }
            Ok((by, false))
        })?;
        self.upkeep.recorded();
        Ok(Appended { by, repeated, open: self.open_entries() })
    }

    /// What a draft has become, as the answer to a repetition.
    fn repeated(&self, draft: Option<DraftId>) -> Result<Option<Appended>, StoreError> {
        let by = entry_of_draft(&self.db, &self.memory, draft)?;
        Ok(by.map(|by| Appended { by, repeated: true, open: self.open_entries() }))
    }

    /// Checks what can be checked before anything is written.
    fn prepare(
        &mut self,
        entry: &Entry,
        draft: Option<DraftId>,
        context: Option<&Context>,
    ) -> Result<(Row, Option<Header>), StoreError> {
        if self.standing != Standing::Writable {
            return Err(StoreError::ReadOnly(self.standing));
        }
        let identity = self.config.identity;
        let tail = tail_of(&mut self.memory)?;
        let bytes = entry.to_bytes();
        if bytes.len() > MAX_ENTRY || !entry.within_limits() {
            return Err(StoreError::TooLarge);
        }
        if entry.seq != tail.last() + 1 {
            return Err(StoreError::OutOfSequence { want: tail.last() + 1, got: entry.seq });
        }
        if tail.open as usize >= MAX_SEGMENT {
            return Err(StoreError::TailOpen);
        }
        let opening = |context: &Context| Header {
            org: identity.org,
            site: identity.site,
            chain: tail.id,
            first: entry.seq,
            count: 1,
            prev: Digest::default(),
            clock: context.clock,
            config: context.config,
            checkpoint: context.checkpoint,
            seen: context.seen.clone(),
            root: Digest::default(),
            beyond: Vec::new(),
        };
        let opening = match (tail.open, context) {
            (0, None) => {
                return Err(StoreError::Elsewhere { what: "a segment begins, and nothing says when" });
            }
            (0, Some(context)) => Some(opening(context)),
            _ => None,
        };
        Ok((Row { seq: entry.seq, leaf: leaf_of(&bytes), bytes, draft }, opening))
    }
}

/// The tail of the chain being written.
fn tail_of(memory: &mut Memory) -> Result<&mut Tail, StoreError> {
    memory.tail.as_mut().ok_or(StoreError::ReadOnly(Standing::NoChain))
}
