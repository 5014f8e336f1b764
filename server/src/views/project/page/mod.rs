//! One page of the log, judged: what is to be written, what is to be folded, what must be judged again because of it.

mod held;
mod rows;
mod times;

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{ChainId, Millis, Seq};
use dutylog_core::log::{Entry, EntryRef};
use dutylog_core::merge::{Rejudge, Verdict};

use self::held::held;
use self::times::Times;
use super::chain::ChainRow;
use super::clock::best;
use super::mind::{Mind, Sources, entries, judge_all};
use super::state::Counting;
use crate::ledger::Stored;
use crate::views::ViewError;
use crate::views::columns::Bind;
use crate::views::verdict::{Outcome, Standing};

/// What judging a page came to.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) segments: Vec<Vec<Bind>>,
    pub(super) entries: Vec<Vec<Bind>>,
    pub(super) index: Vec<Vec<Bind>>,
    pub(super) told: BTreeMap<ChainId, Seq>,
    pub(super) counting: Vec<Counting>,
    pub(super) again: BTreeSet<Rejudge>,
    /// Chains that have forked and got more entries.
    pub(super) forked: BTreeSet<ChainId>,
    /// Chains that got entries.
    pub(super) touched: BTreeSet<ChainId>,
    /// Whether something was learnt that waiting entries may wait for.
    pub(super) news: bool,
    /// Whether HQ has written something.
    pub(super) configured: bool,
    seen: BTreeSet<EntryRef>,
    times: Times,
}

/// A segment's place and times, as its entries share them.
struct Frame<'s> {
    stored: &'s Stored,
    not_before: Option<Millis>,
}

impl Page {
    /// Judges the segments in order, learning as it goes.
    pub(super) async fn judge(
        mind: &mut Mind,
        sources: &Sources,
        stored: &[Stored],
    ) -> Result<Self, ViewError> {
        let mut page = Self::default();
        page.know_devices(mind, sources, stored).await?;
        page.know_times(mind, sources, stored).await?;
        for segment in stored {
            page.segment(mind, sources, segment).await?;
        }
        Ok(page)
    }

    async fn know_devices(
        &mut self,
        mind: &mut Mind,
        sources: &Sources,
        stored: &[Stored],
    ) -> Result<(), ViewError> {
        if stored.iter().any(|s| mind.device_of(s).is_none()) {
            mind.learn_certificates(sources).await?;
            self.news = true;
        }
        Ok(())
    }

    async fn segment(
        &mut self,
        mind: &mut Mind,
        sources: &Sources,
        stored: &Stored,
    ) -> Result<(), ViewError> {
        let header = &stored.segment.header;
        let chain = header.chain;
        self.know_chain(mind, stored);
        let frame = Frame { stored, not_before: self.not_before(mind, stored) };
        self.push_segment(stored, frame.not_before);
        let overlaps = mind.chains.get(&chain).is_some_and(|row| header.first <= row.last);
        let held = if overlaps { held(mind, sources, header).await? } else { BTreeMap::new() };
        let mut newest = None;
        for (n, (by, entry)) in (0_u32..).zip(entries(stored)?) {
            let at = best(&header.clock, &entry, frame.not_before, stored.place.received);
            newest = Some((entry.at, at));
            let counts = held.get(&by).is_some_and(|standing| *standing == Standing::Counts);
            if held.contains_key(&by) || self.seen.contains(&by) {
                // One entry in two segments: under the other header it may count.
                self.news |= !counts;
                if !counts {
                    self.again.insert(Rejudge { chain, from: by.seq });
                }
                continue;
            }
            self.entry(mind, &frame, n, by, entry, at);
        }
        if overlaps {
            // It came late or beside others: what stands on it is to be judged again.
            self.again.insert(Rejudge { chain, from: header.first });
        }
        self.touched.insert(chain);
        let forked = mind.chains.get(&chain).is_some_and(|row| row.fork.is_some());
        if forked || stored.fork.is_some() {
            self.forked.insert(chain);
        }
        if let (Some((claimed, best)), Some(row)) = (newest, mind.chains.get_mut(&chain)) {
            row.extend(header, stored.place.received, claimed, best);
        }
        Ok(())
    }

    fn know_chain(&mut self, mind: &mut Mind, stored: &Stored) {
        let chain = stored.segment.header.chain;
        if mind.chains.contains_key(&chain) {
            return;
        }
        // The ledger takes nothing of a device whose certificate it does not hold.
        if let Some(device) = mind.device_of(stored) {
            mind.knowledge.learn_device(chain, &device);
            mind.chains.insert(chain, ChainRow::new(&device));
            self.news = true;
        }
    }

    fn entry(
        &mut self,
        mind: &mut Mind,
        frame: &Frame<'_>,
        n: u32,
        by: EntryRef,
        entry: Entry,
        best: Millis,
    ) {
        let verdict = judge_all(&mut mind.knowledge, &[&frame.stored.segment.header], by, &entry);
        if let Some(again) = mind.learn(by, &entry, &verdict) {
            self.again.extend(again);
            self.news = true;
            self.configured |= mind.is_hq(by.chain);
        }
        self.push_entry(frame, n, by, &entry, best, Outcome::of(&verdict));
        self.seen.insert(by);
        if let Verdict::Counts(plan) = verdict {
            self.counting.push(Counting { by, entry, best, plan });
        }
    }
}
