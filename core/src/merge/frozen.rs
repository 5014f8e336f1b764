//! Chains that are closed because they forked: once headquarters has put on record what it found, nobody who has read that goes on
//! with them. What was written without knowing of it counts like anything else, whenever it arrives.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{ChainId, Seq};
use crate::log::EntryRef;
use crate::records::config::{ConfigPosition, ConfigView};

/// Headquarters' reviews of forks: of each chain, the first number that differs and the entry that says so.
#[derive(Debug, Clone, Default)]
pub(super) struct Frozen(BTreeMap<ChainId, BTreeSet<(Seq, ChainId, Seq)>>);

impl Frozen {
    /// Takes in that an entry of headquarters reviewed the fork of a chain. True if it is news.
    pub(super) fn insert(&mut self, chain: ChainId, from: Seq, review: EntryRef) -> bool {
        self.0.entry(chain).or_default().insert((from, review.chain, review.seq))
    }

    /// Whether a chain is closed for whoever knows what is known here.
    pub(super) fn holds(&self, chain: ChainId) -> bool {
        self.0.contains_key(&chain)
    }

    /// Whether an entry's author had read the review of its chain's fork; none if what the entry cites has not arrived.
    pub(super) fn was_known(
        &self,
        by: EntryRef,
        cited: Option<&ConfigView<'_>>,
        position: impl Fn(ChainId, Seq) -> Option<ConfigPosition>,
    ) -> Option<bool> {
        let reviews = self.0.get(&by.chain).into_iter().flatten();
        let mut reviews = reviews.filter(|(from, ..)| *from <= by.seq).peekable();
        if reviews.peek().is_none() {
            return Some(false);
        }
        let read = |at: ConfigPosition| cited.is_some_and(|cited| cited.reaches(at.epoch, at.seq));
        cited.map(|_| reviews.any(|(_, hq, seq)| position(*hq, *seq).is_some_and(read)))
    }
}
