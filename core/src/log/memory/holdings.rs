//! What a sync asks of the log in memory.

use std::collections::{BTreeMap, BTreeSet};

use super::{Chain, MemoryError, MemoryLog};
use crate::base::{ChainId, Digest, Seq};
use crate::log::holdings::{Absorbed, Arrival, Holdings, Pulled, Unsent};
use crate::log::merkle::{Head, Peaks, site_leaf};
use crate::log::receipt::Receipt;
use crate::log::segment::Segment;

impl Holdings for MemoryLog {
    type Error = MemoryError;

    fn pulled(&self) -> Result<Pulled, MemoryError> {
        Ok(self.pulled.clone())
    }

    fn heads(&self) -> Result<BTreeMap<ChainId, Vec<Head>>, MemoryError> {
        let held = self.chains.iter().filter(|(_, chain)| !chain.ids.is_empty());
        Ok(held.map(|(id, chain)| (*id, self.tips(chain))).collect())
    }

    fn unsent(&self) -> Result<Vec<Unsent>, MemoryError> {
        let unsent = |(id, chain): (&ChainId, &Chain)| {
            let (sent, open): (Vec<_>, Vec<_>) =
                chain.ids.iter().partition(|id| self.confirmed.contains(*id));
            let heads = sent.iter().filter_map(|id| Some(self.segments.get(id)?.segment.header.head()));
            (!open.is_empty()).then(|| Unsent { chain: *id, confirmed: heads.max() })
        };
        Ok(self.chains.iter().filter_map(unsent).collect())
    }

    fn segments_after(
        &self,
        chain: ChainId,
        after: Option<Digest>,
        max_bytes: usize,
    ) -> Result<Vec<Segment>, MemoryError> {
        let known = after.map(|id| self.line_to(id)).unwrap_or_default();
        let ids = self.chains.get(&chain).map_or(&[][..], |chain| &chain.ids);
        let mut taken = Vec::new();
        let mut bytes = 0;
        for stored in ids.iter().filter(|id| !known.contains(id)).filter_map(|id| self.segments.get(id)) {
            bytes += stored.packed;
            if bytes > max_bytes && !taken.is_empty() {
                break;
            }
            taken.push(stored.segment.clone());
        }
        Ok(taken)
    }

    fn segment(&self, id: &Digest) -> Result<Option<Segment>, MemoryError> {
        Ok(self.segments.get(id).map(|stored| stored.segment.clone()))
    }

    fn segment_at(&self, chain: ChainId, first: Seq) -> Result<Option<Segment>, MemoryError> {
        let ids = self.chains.get(&chain).map_or(&[][..], |chain| &chain.ids);
        let mut at = ids
            .iter()
            .filter_map(|id| self.segments.get(id))
            .map(|stored| &stored.segment)
            .filter(|segment| segment.header.first == first);
        let found = at.next().cloned();
        Ok(if at.next().is_some() { None } else { found })
    }

    fn site_log(&self, from: u64, to: u64) -> Result<Vec<Digest>, MemoryError> {
        let index = |n| usize::try_from(n).ok().filter(|n| *n <= self.site_log.len());
        match (index(from), index(to)) {
            (Some(from), Some(to)) if from <= to => Ok(self.site_log[from..to].to_vec()),
            _ => Err(MemoryError::Position(to)),
        }
    }

    fn absorb(
        &mut self,
        arrivals: Vec<Arrival>,
        pulled: Option<Pulled>,
    ) -> Result<Vec<Absorbed>, MemoryError> {
        if let Some(pulled) = pulled {
            let numbered = arrivals.iter().filter(|arrival| arrival.position.is_some());
            let new: Vec<Digest> = numbered.map(|arrival| arrival.segment.header.id()).collect();
            if pulled.peaks != extended(self.pulled.peaks.clone(), &new) {
                return Err(MemoryError::Mark);
            }
            self.pulled = pulled;
            self.confirmed.extend(&new);
            self.site_log.extend(new);
        }
        Ok(arrivals.into_iter().map(|arrival| self.append(arrival.segment)).collect())
    }

    fn confirm(&mut self, receipts: &[(Receipt, Vec<u8>)]) -> Result<(), MemoryError> {
        for (receipt, bytes) in receipts {
            self.confirmed.extend(self.line_to(receipt.head.segment));
            self.receipts.push((receipt.clone(), bytes.clone()));
        }
        Ok(())
    }

    fn restored(
        &mut self,
        epoch: u32,
        kept: u64,
        heads: &BTreeMap<ChainId, Vec<Head>>,
    ) -> Result<(), MemoryError> {
        let len = usize::try_from(kept).ok().filter(|n| *n <= self.site_log.len());
        self.site_log.truncate(len.ok_or(MemoryError::Position(kept))?);
        self.pulled = Pulled { epoch, peaks: extended(Peaks::default(), &self.site_log) };
        let mut held: BTreeSet<Digest> = self.site_log.iter().copied().collect();
        held.extend(heads.values().flatten().flat_map(|head| self.line_to(head.segment)));
        self.confirmed.retain(|id| held.contains(id));
        Ok(())
    }
}

fn extended(peaks: Peaks, new: &[Digest]) -> Peaks {
    new.iter().fold(peaks, |peaks, id| {
        let leaf = site_leaf(peaks.size(), id);
        peaks.with(leaf)
    })
}
