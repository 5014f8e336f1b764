//! The rows of a page, as they are written.

use dutylog_core::base::Millis;
use dutylog_core::log::{Entry, EntryRef};

use super::{Frame, Page};
use crate::ledger::Stored;
use crate::views::family::Family;
use crate::views::verdict::Outcome;

impl Page {
    pub(super) fn push_segment(&mut self, stored: &Stored, not_before: Option<Millis>) {
        let header = &stored.segment.header;
        let id = header.id();
        if let Some(at) = not_before {
            self.times.not_before.insert(id, at);
        }
        self.segments.push(vec![
            stored.place.position.into(),
            id.into(),
            header.chain.0.into(),
            header.first.into(),
            header.last().into(),
            (header.clock.quality as i64).into(),
            not_before.into(),
            stored.place.received.into(),
        ]);
        for (chain, head) in &header.seen {
            let told = self.told.entry(*chain).or_default();
            *told = head.seq.max(*told);
        }
    }

    pub(super) fn push_entry(
        &mut self,
        frame: &Frame<'_>,
        n: u32,
        by: EntryRef,
        entry: &Entry,
        best: Millis,
        outcome: Outcome,
    ) {
        let position = frame.stored.place.position;
        self.entries.push(vec![
            position.into(),
            n.into(),
            by.chain.0.into(),
            by.seq.into(),
            by.leaf.into(),
            entry.kind.into(),
            Family::of(entry.kind).code().into(),
            entry.records.first().map(|r| r.0.to_vec()).into(),
            entry.author.map(|p| p.0.to_vec()).into(),
            entry.at.into(),
            best.into(),
            outcome.standing.code().into(),
            outcome.reason.into(),
        ]);
        for record in &entry.records {
            self.index.push(vec![record.0.into(), best.into(), position.into(), n.into()]);
        }
    }
}
