//! HQ's chains: which epoch each is, what it configures, and whether all that an entry of them builds on is held.
//!
//! What is said before it can be placed waits here: configuration whose chain has not been seen to open its epoch, and what leans
//! on a chain of an earlier epoch that has not arrived. So which entries are held decides, not their order.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{ChainId, Millis, RecordId, Seq};
use crate::records::chain::{EntryAt, EpochOpened};
use crate::records::config::{ConfigObject, ConfigPosition, SiteConfig};

/// HQ's chains and the configuration they add up to.
#[derive(Debug, Clone, Default)]
pub(super) struct Headquarters {
    config: SiteConfig,
    chains: BTreeMap<ChainId, HqChain>,
}

#[derive(Debug, Clone, Default)]
struct HqChain {
    /// Once it was seen to open it.
    epoch: Option<u32>,
    /// When each entry was written.
    written: BTreeMap<Seq, Millis>,
    /// The number up to which nothing is missing.
    complete: Seq,
    /// What its entries build on in earlier epochs.
    leans: BTreeSet<(Seq, Lean)>,
    /// What waits for the epoch to be known.
    waiting: BTreeSet<(Seq, RecordId, ConfigObject)>,
}

/// What an entry of HQ builds on: entries of an earlier epoch, up to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lean {
    /// The epoch began with them.
    Previous(ChainId, Seq),
    /// They came back later and were taken over.
    Adopted(ChainId, Seq),
}

impl Lean {
    const fn on(self) -> (ChainId, Seq) {
        match self {
            Self::Previous(chain, seq) | Self::Adopted(chain, seq) => (chain, seq),
        }
    }
}

impl HqChain {
    /// Two entries of one number are a fork: the earlier time holds, for then a right that may have held is not lost. True if the
    /// number is news.
    fn write(&mut self, seq: Seq, at: Millis) -> bool {
        let new = !self.written.contains_key(&seq);
        self.written.entry(seq).and_modify(|held| *held = at.min(*held)).or_insert(at);
        while self.written.contains_key(&(self.complete + 1)) {
            self.complete += 1;
        }
        new
    }
}

impl Headquarters {
    pub(super) fn config(&self) -> &SiteConfig {
        &self.config
    }

    /// Notes that an entry is held, whatever it says: others cite it by number. True if that is news.
    pub(super) fn write(&mut self, chain: ChainId, seq: Seq, at: Millis) -> bool {
        self.chains.entry(chain).or_default().write(seq, at)
    }

    pub(super) fn written(&self, chain: ChainId, seq: Seq) -> Option<Millis> {
        self.chains.get(&chain)?.written.get(&seq).copied()
    }

    /// Where an entry stands in the configuration's history; none before its chain's epoch is known.
    pub(super) fn position(&self, chain: ChainId, seq: Seq) -> Option<ConfigPosition> {
        Some(ConfigPosition { epoch: self.chains.get(&chain)?.epoch?, seq })
    }

    /// The newest entry that is held with everything before it.
    pub(super) fn newest(&self) -> Option<(ChainId, Seq)> {
        let known = self.chains.iter().filter_map(|(chain, hq)| Some((hq.epoch?, *chain, hq.complete)));
        known.max().map(|(_, chain, seq)| (chain, seq))
    }

    /// The version that an entry stands for, once everything it builds on is held.
    pub(super) fn version(&self, chain: ChainId, seq: Seq) -> Option<ConfigPosition> {
        let at = self.position(chain, seq)?;
        let hq = self.chains.get(&chain)?;
        let leans = hq.leans.iter().take_while(|(by, _)| *by <= seq).map(|(_, lean)| lean.on());
        // An epoch never builds on itself or a later one; what says so says nothing.
        let held = |(chain, seq): (ChainId, Seq)| {
            let to = self.position(chain, seq)?;
            if to.epoch < at.epoch { self.version(chain, seq) } else { Some(to) }
        };
        (seq <= hq.complete && leans.into_iter().all(|lean| held(lean).is_some())).then_some(at)
    }

    /// Takes in an object of the configuration.
    pub(super) fn insert(&mut self, chain: ChainId, seq: Seq, record: RecordId, object: ConfigObject) {
        match self.position(chain, seq) {
            Some(at) => self.config.insert(at, record, object),
            None => drop(self.chains.entry(chain).or_default().waiting.insert((seq, record, object))),
        }
    }

    /// Takes in that a chain opened its epoch. True if that is news.
    pub(super) fn open(&mut self, chain: ChainId, seq: Seq, opened: &EpochOpened) -> bool {
        let hq = self.chains.entry(chain).or_default();
        let new = hq.epoch.replace(opened.epoch).is_none();
        for (seq, record, object) in std::mem::take(&mut hq.waiting) {
            self.config.insert(ConfigPosition { epoch: opened.epoch, seq }, record, object);
        }
        let previous = opened.previous.as_ref().map(|p| (seq, Lean::Previous(p.chain, p.seq)));
        hq.leans.extend(previous);
        self.config.open_epoch(opened.epoch, None);
        self.place();
        new
    }

    /// Takes in that an entry took over entries of an earlier epoch. True if that is news.
    pub(super) fn adopt(&mut self, chain: ChainId, seq: Seq, adopted: &EntryAt) -> bool {
        let lean = Lean::Adopted(adopted.chain, adopted.seq);
        let new = self.chains.entry(chain).or_default().leans.insert((seq, lean));
        self.place();
        new
    }

    /// Tells the configuration what builds on what, as far as both ends are known.
    fn place(&mut self) {
        for hq in self.chains.values() {
            let Some(epoch) = hq.epoch else { continue };
            for (seq, lean) in &hq.leans {
                let (chain, last) = lean.on();
                let Some(to) = self.chains.get(&chain).and_then(|c| c.epoch) else { continue };
                let to = ConfigPosition { epoch: to, seq: last };
                match lean {
                    Lean::Previous(..) => self.config.open_epoch(epoch, Some(to)),
                    Lean::Adopted(..) => self.config.adopt(ConfigPosition { epoch, seq: *seq }, to),
                }
            }
        }
    }
}
