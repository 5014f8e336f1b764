//! A site's log in memory: what tests, examples and the simulator hold it in. It keeps, links and confirms; it folds nothing.

mod holdings;

use std::collections::{BTreeMap, BTreeSet};

use super::holdings::{Absorbed, Pulled};
use super::link::{Held, Link, diverges_at, link};
use super::merkle::Head;
use super::pack::{Frame, pack};
use super::receipt::Receipt;
use super::seal::Signature;
use super::segment::Segment;
use crate::base::{ChainId, Digest, KeyId, Seq};

/// Entries of one chain that may wait for what comes before them; more are offered again by whoever has them.
pub const MAX_PENDING: usize = 10_000;

/// A [`Holdings`](crate::log::Holdings) in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryLog {
    segments: BTreeMap<Digest, Stored>,
    chains: BTreeMap<ChainId, Chain>,
    site_log: Vec<Digest>,
    pulled: Pulled,
    confirmed: BTreeSet<Digest>,
    receipts: Vec<(Receipt, Vec<u8>)>,
    set_aside: Vec<Segment>,
}

#[derive(Debug, Clone)]
struct Stored {
    segment: Segment,
    packed: usize,
}

#[derive(Debug, Clone, Default)]
struct Chain {
    /// In order of their first number, then of arrival.
    ids: Vec<Digest>,
    leaves: BTreeMap<Seq, Vec<Digest>>,
    highest: Seq,
    /// The key of its first held segment.
    owner: Option<KeyId>,
    fork: Option<Seq>,
    pending: Vec<Segment>,
}

/// What a caller got wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MemoryError {
    /// The new mark is not what the arrivals lead to.
    #[error("the pulled mark does not belong to these arrivals")]
    Mark,
    /// More of the server's log was to be kept than is held.
    #[error("position {0} is not held")]
    Position(u64),
}

impl MemoryLog {
    /// Holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every segment held, by chain and number; forks in order of arrival.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.chains.values().flat_map(|c| &c.ids).filter_map(|id| self.segments.get(id)).map(|s| &s.segment)
    }

    /// The first number at which a chain differs from itself.
    #[must_use]
    pub fn fork(&self, chain: ChainId) -> Option<Seq> {
        self.chains.get(&chain)?.fork
    }

    /// The receipts, newest last.
    #[must_use]
    pub fn receipts(&self) -> &[(Receipt, Vec<u8>)] {
        &self.receipts
    }

    /// Whether the server has promised to hold a segment.
    #[must_use]
    pub fn is_confirmed(&self, id: &Digest) -> bool {
        self.confirmed.contains(id)
    }

    /// Segments that wait for what comes before them.
    pub fn pending(&self) -> impl Iterator<Item = &Segment> {
        self.chains.values().flat_map(|chain| &chain.pending)
    }

    /// Segments that contradict themselves.
    #[must_use]
    pub fn set_aside(&self) -> &[Segment] {
        &self.set_aside
    }

    /// Takes in a segment that was sealed here or brought without the server.
    pub fn append(&mut self, segment: Segment) -> Absorbed {
        let chain = segment.header.chain;
        let absorbed = self.take(segment);
        while self.take_pending(chain) {}
        absorbed
    }

    fn take(&mut self, segment: Segment) -> Absorbed {
        let (header, id) = (&segment.header, segment.header.id());
        let chain = self.chains.entry(header.chain).or_default();
        let before = self.segments.get(&header.prev).map(|s| &s.segment);
        let owner = chain.owner;
        let held = Held {
            already: self.segments.contains_key(&id),
            prev_last: if header.first == 1 { Some(0) } else { before.map(|b| b.header.last()) },
            highest: chain.highest,
            owner,
        };
        match link(header, segment.key, held) {
            Link::Broken => self.put_aside(segment),
            Link::Duplicate => {
                self.complete(&id, segment.signature);
                Absorbed::Held
            }
            Link::Gap { have } => {
                chain.wait(segment, &id);
                Absorbed::Pending { have }
            }
            Link::Extends => self.store(id, segment),
            Link::Overlaps { .. } => {
                let held = |seq| chain.leaves.get(&seq).map_or(&[][..], Vec::as_slice);
                let at = diverges_at(header.first, &segment.leaves(), held);
                chain.fork = chain.fork.into_iter().chain(at).min();
                let stored = self.store(id, segment);
                at.map_or(stored, |at| Absorbed::Forked { at })
            }
        }
    }

    fn put_aside(&mut self, segment: Segment) -> Absorbed {
        if !self.set_aside.contains(&segment) {
            self.set_aside.push(segment);
        }
        Absorbed::SetAside
    }

    /// A segment that came inside a run gets its signature when it comes again with it.
    fn complete(&mut self, id: &Digest, signature: Option<Signature>) {
        if let Some(stored) = self.segments.get_mut(id)
            && stored.segment.signature.is_none()
        {
            stored.segment.signature = signature;
        }
    }

    fn store(&mut self, id: Digest, segment: Segment) -> Absorbed {
        let header = &segment.header;
        let chain = self.chains.entry(header.chain).or_default();
        for (seq, leaf) in (header.first..).zip(segment.leaves()) {
            let leaves = chain.leaves.entry(seq).or_default();
            if !leaves.contains(&leaf) {
                leaves.push(leaf);
            }
        }
        let first = |id: &Digest| self.segments.get(id).map_or(0, |s| s.segment.header.first);
        let at = chain.ids.partition_point(|held| first(held) <= header.first);
        chain.ids.insert(at, id);
        chain.highest = chain.highest.max(header.last());
        chain.owner.get_or_insert(segment.key);
        self.segments.insert(id, Stored { packed: packed_len(&segment), segment });
        Absorbed::Stored
    }

    /// Takes in one waiting segment that waits no longer.
    fn take_pending(&mut self, chain: ChainId) -> bool {
        let Some(waiting) = self.chains.get_mut(&chain).map(|c| std::mem::take(&mut c.pending)) else {
            return false;
        };
        let before = waiting.len();
        for segment in waiting {
            self.take(segment);
        }
        self.chains.get(&chain).is_some_and(|c| !c.pending.is_empty() && c.pending.len() < before)
    }

    /// A segment and all that lead to it.
    fn line_to(&self, id: Digest) -> BTreeSet<Digest> {
        let mut line = BTreeSet::new();
        let mut at = id;
        while let Some(stored) = self.segments.get(&at) {
            line.insert(at);
            at = stored.segment.header.prev;
        }
        line
    }

    fn tips(&self, chain: &Chain) -> Vec<Head> {
        let named: BTreeSet<Digest> =
            chain.ids.iter().filter_map(|id| Some(self.segments.get(id)?.segment.header.prev)).collect();
        let tips = chain.ids.iter().filter(|id| !named.contains(id));
        let mut heads: Vec<Head> =
            tips.filter_map(|id| Some(self.segments.get(id)?.segment.header.head())).collect();
        heads.sort();
        heads
    }
}

impl Chain {
    fn wait(&mut self, segment: Segment, id: &Digest) {
        let waiting = self.pending.iter().map(|s| s.entries.len()).sum::<usize>();
        let known = self.pending.iter().any(|s| s.header.id() == *id);
        if !known && waiting + segment.entries.len() <= MAX_PENDING {
            self.pending.push(segment);
        }
    }
}

fn packed_len(segment: &Segment) -> usize {
    let header = &segment.header;
    let (chain, first) = (header.chain, header.first);
    let frame = Frame { chain, first, wall: header.clock.wall, boot: header.clock.boot };
    match segment.decode() {
        Ok(entries) => pack(frame, &entries).len(),
        Err(_) => segment.entries.iter().map(Vec::len).sum(),
    }
}
