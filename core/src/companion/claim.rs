//! Claiming what this phone recorded while nobody was signed in, such as an incident raised on a locked phone.

use super::{Companion, CompanionError, Saved};
use crate::base::{DraftId, Millis, Reading, RecordId};
use crate::capture::{ClaimAuthor, Rejection};
use crate::log::EntryRef;
use crate::merge::{Lookup as _, chain_record};
use crate::records::Kind;
use crate::records::chain::{AUTHOR_CLAIMED, EntryAt};

/// What this phone recorded alone, and nobody has claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclaimed {
    /// The entry.
    pub by: EntryRef,
    /// What was done.
    pub kind: Kind,
    /// When, as the entry claims.
    pub at: Millis,
}

impl Companion {
    /// What this phone recorded of a record while nobody was signed in, and nobody has claimed, in the order it was recorded.
    ///
    /// # Errors
    /// The store's.
    pub fn unclaimed(&self, record: RecordId) -> Result<Vec<Unclaimed>, CompanionError> {
        let Some(chain) = self.store.chain() else { return Ok(Vec::new()) };
        let reader = self.store.reader();
        let claimed = reader.record(chain_record(chain))?.added(AUTHOR_CLAIMED);
        let free = |by: &EntryRef| {
            by.chain == chain && !claimed.iter().any(|c| c.value == EntryAt { chain, seq: by.seq })
        };
        let alone =
            reader.entries(record)?.into_iter().filter(|(_, by, entry)| entry.author.is_none() && free(by));
        Ok(alone
            .filter_map(|(_, by, entry)| {
                Some(Unclaimed { by, kind: Kind::from_code(entry.kind)?, at: entry.at })
            })
            .collect())
    }

    /// Says that whoever is signed in made an entry that this phone recorded alone.
    ///
    /// # Errors
    /// [`Rejection::AlreadyClaimed`] if the entry has an author, [`Rejection::EntryElsewhere`] if it is not this phone's, and whatever else
    /// [`Self::act`] fails with.
    pub fn claim(&mut self, draft: DraftId, by: EntryRef, now: Reading) -> Result<Saved, CompanionError> {
        match self.store.entry(by)? {
            None => return Err(CompanionError::Rejected(Rejection::EntryElsewhere)),
            Some(entry) if entry.author.is_some() => {
                return Err(CompanionError::Rejected(Rejection::AlreadyClaimed));
            }
            Some(_) => {}
        }
        self.act(draft, ClaimAuthor { entry: EntryAt { chain: by.chain, seq: by.seq } }, now)
    }
}
