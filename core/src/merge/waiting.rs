//! Entries that wait for what they are to be judged by, and which of them something learnt since may have set free.

use std::collections::BTreeSet;

use crate::base::{ChainId, Digest, Seq};
use crate::log::EntryRef;

/// The entries that wait. However many they are, nothing is judged again before something is learnt that they may wait for.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiting {
    entries: BTreeSet<EntryRef>,
    news: News,
}

/// For whom there is news.
#[derive(Debug, Clone, Default)]
struct News {
    /// Everybody: a key, a device or an entry of HQ's became known.
    all: bool,
    /// Those of a chain: one of it that others wait for waits no longer.
    chains: BTreeSet<ChainId>,
}

impl Waiting {
    pub(super) fn entries(&self) -> &BTreeSet<EntryRef> {
        &self.entries
    }

    pub(super) fn insert(&mut self, by: EntryRef) {
        self.entries.insert(by);
    }

    pub(super) fn remove(&mut self, by: EntryRef) {
        if self.entries.remove(&by) {
            self.news.chains.insert(by.chain);
        }
    }

    /// Takes note that something was learnt which any of them may wait for.
    pub(super) fn learnt(&mut self, news: bool) {
        self.news.all |= news;
    }

    /// Whether an entry of that number waits.
    pub(super) fn at(&self, chain: ChainId, seq: Seq) -> bool {
        let [first, last] = [[0; 32], [u8::MAX; 32]].map(|leaf| EntryRef { chain, seq, leaf: Digest(leaf) });
        self.entries.range(first..=last).next().is_some()
    }

    /// Those that are to be judged again by what was learnt since this was asked last.
    pub(super) fn ripe(&mut self) -> BTreeSet<EntryRef> {
        let News { all, chains } = std::mem::take(&mut self.news);
        self.entries.iter().filter(|by| all || chains.contains(&by.chain)).copied().collect()
    }
}
