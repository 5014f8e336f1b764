//! Folding entries into rows: judged, applied, and what they taught is followed up until nothing changes any more.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use rusqlite::Connection;

use super::batch::Batch;
use super::error::StoreError;
use super::memory::Memory;
use super::rows::{self, NotCounted};
use super::{forks, learn};
use crate::base::{Bug, ChainId, RecordId, Seq, planted};
use crate::log::{Entry, EntryRef, Header, Segment};
use crate::merge::{Addition, Opaque, Plan, Register, Rejudge, Verdict};
use crate::records::Kind;

/// Entries to fold, and whatever must be judged again because of them. Lives for one transaction.
pub(super) struct Folding<'t> {
    pub(super) db: &'t Connection,
    pub(super) memory: &'t mut Memory,
    again: VecDeque<Rejudge>,
}

impl<'t> Folding<'t> {
    pub(super) fn new(db: &'t Connection, memory: &'t mut Memory) -> Self {
        Self { db, memory, again: VecDeque::new() }
    }

    /// Judges and folds one entry.
    pub(super) fn entry(&mut self, header: &Header, by: EntryRef, entry: &Entry) -> Result<(), StoreError> {
        self.read(header, by, entry, Plan::of(entry))
    }

    /// The same for an entry whose plan is known.
    fn read(
        &mut self,
        header: &Header,
        by: EntryRef,
        entry: &Entry,
        plan: Result<Plan, Opaque>,
    ) -> Result<(), StoreError> {
        // Only an entry that waited, or one that came in two segments, can have been noted as not counted.
        let again = self.memory.knowledge.waiting().contains(&by)
            || self.memory.chains.of(by.chain).is_some_and(|chain| chain.tangled);
        let verdict = self.memory.knowledge.judge_read(header, by, entry, plan);
        if again {
            self.forget_uncounted(by, entry)?;
        }
        self.apply(verdict, by, entry, None)
    }

    /// Judges and folds the entries of a segment that was just stored, and notes which records it is about.
    pub(super) fn segment(
        &mut self,
        stored: i64,
        segment: &Segment,
        plans: impl IntoIterator<Item = Result<Plan, Opaque>>,
    ) -> Result<(), StoreError> {
        learn::devices(self.db, self.memory)?;
        let id = segment.header.chain;
        if let Some(chain) = self.memory.chains.of(id).filter(|chain| chain.fork.is_some()).map(|c| c.n) {
            let again = forks::learn(self.db, self.memory, chain)?;
            self.again.extend(again);
        }
        let entries = segment.entries.decoded()?;
        for ((entry, leaf), plan) in entries.iter().zip(segment.entries.leaves()).zip(plans) {
            let by = EntryRef { chain: id, seq: entry.seq, leaf: *leaf };
            self.read(&segment.header, by, entry, plan)?;
            if planted(Bug::StopOnOpaque) && Kind::from_code(entry.kind).is_none() {
                break;
            }
        }
        self.index(stored, entries)?;
        self.flush()?;
        self.memory.batch.forget();
        Ok(())
    }

    /// Takes note of a segment that came with a snapshot: what counts of it is in the snapshot's rows already.
    pub(super) fn told(&mut self, stored: i64, segment: &Segment) -> Result<(), StoreError> {
        let entries = segment.entries.decoded()?;
        for (entry, leaf) in entries.iter().zip(segment.entries.leaves()) {
            let by = EntryRef { chain: segment.header.chain, seq: entry.seq, leaf: *leaf };
            let verdict = self.memory.knowledge.judge(&segment.header, by, entry);
            if !matches!(verdict, Verdict::Counts(_)) {
                self.apply(verdict, by, entry, None)?;
            }
        }
        self.index(stored, entries)?;
        self.flush()
    }

    /// Notes which records a segment is about.
    fn index(&mut self, segment: i64, entries: &[Entry]) -> Result<(), StoreError> {
        let records: BTreeSet<_> = entries.iter().flat_map(|entry| &entry.records).collect();
        for id in records {
            let record = self.memory.batch.record(self.db, *id)?.n;
            rows::index_segment(self.db, record, segment)?;
        }
        Ok(())
    }

    /// Brings the database up to what was folded.
    fn flush(&mut self) -> Result<(), StoreError> {
        let Memory { batch, chains, .. } = &mut *self.memory;
        batch.flush(self.db, chains)
    }

    /// Folds records again.
    pub(super) fn records(mut self, records: impl IntoIterator<Item = RecordId>) -> Result<(), StoreError> {
        records.into_iter().try_for_each(|record| self.refold(record))?;
        self.settle()
    }

    /// Follows up: newly known devices, entries that waited, records whose entries are to be judged again.
    pub(super) fn settle(mut self) -> Result<(), StoreError> {
        learn::devices(self.db, self.memory)?;
        while self.waiting()? {
            learn::devices(self.db, self.memory)?;
        }
        while let Some(next) = self.again.pop_front() {
            let chain = self.memory.chains.number(next.chain);
            self.memory.told.reconsider(chain, next.from);
            for record in self.touched(next)? {
                self.refold(record)?;
            }
            while self.waiting()? {}
        }
        self.flush()
    }

    /// Judges again what waits and may wait no longer; true if there was any.
    fn waiting(&mut self) -> Result<bool, StoreError> {
        let ripe = self.memory.knowledge.ripe();
        // The lowest number of each chain comes last.
        let chains: BTreeMap<ChainId, Seq> = ripe.iter().rev().map(|by| (by.chain, by.seq)).collect();
        for (chain, from) in chains {
            let held = learn::entries_from(self.db, &self.memory.chains, Rejudge { chain, from })?;
            for (header, by, entry) in held.into_iter().filter(|(_, by, _)| ripe.contains(by)) {
                let verdict = self.memory.knowledge.judge(&header, by, &entry);
                if verdict != Verdict::Waits {
                    self.forget_uncounted(by, &entry)?;
                    self.apply(verdict, by, &entry, None)?;
                }
            }
        }
        Ok(!ripe.is_empty())
    }

    fn apply(
        &mut self,
        verdict: Verdict,
        by: EntryRef,
        entry: &Entry,
        only: Option<RecordId>,
    ) -> Result<(), StoreError> {
        let mut added = None;
        match verdict {
            Verdict::Counts(plan) => added = Some(self.count(plan, by, entry, only)?),
            Verdict::Opaque(why) => self.uncounted(by, entry, only, NotCounted::Opaque, &why.to_string())?,
            Verdict::Refused(why) => {
                self.uncounted(by, entry, only, NotCounted::Refused, &why.to_string())?
            }
            Verdict::Held => self.uncounted(by, entry, only, NotCounted::Held, "")?,
            Verdict::Waits => self.uncounted(by, entry, only, NotCounted::Waits, "")?,
        }
        let again = self.memory.knowledge.learn(by, entry.at, added.as_deref());
        if only.is_none() {
            self.again.extend(again);
        }
        Ok(())
    }

    /// Folds an entry that counts; into one record only, when that is being folded again. Returns what it added.
    fn count(
        &mut self,
        plan: Plan,
        by: EntryRef,
        entry: &Entry,
        only: Option<RecordId>,
    ) -> Result<Vec<Addition>, StoreError> {
        let wanted = |record: &RecordId| only.is_none_or(|only| only == *record);
        let Memory { batch, chains, knowledge, .. } = &mut *self.memory;
        let mut folded = plan.apply_to(by, knowledge.forks(), |cell| match wanted(&cell.record) {
            true => batch.take(self.db, chains, cell),
            false => Ok(Register::default()),
        })?;
        folded.cells.retain(|(cell, ..)| wanted(&cell.record));
        folded.additions.retain(|addition| wanted(&addition.record));
        let new = self.add(&folded.additions, by)?;
        let batch = &mut self.memory.batch;
        for id in folded.records() {
            let summary = batch.record(self.db, id)?.summary_mut();
            summary.fold(id, entry.at, &folded, |addition| new.contains(&addition.n));
        }
        for (cell, before, after) in folded.cells {
            let changed = before != after;
            batch.record(self.db, cell.record)?.put((cell.field, cell.member), after, changed);
        }
        Ok(folded.additions)
    }

    /// Adds to the sets; says which of the additions were not held before.
    fn add(&mut self, additions: &[Addition], by: EntryRef) -> Result<BTreeSet<u16>, StoreError> {
        let chain = self.memory.chains.assign(self.db, by.chain)?;
        let mut new = BTreeSet::new();
        for addition in additions {
            let record = self.memory.batch.record(self.db, addition.record)?.n;
            if rows::put_addition(self.db, chain, record, addition)? {
                new.insert(addition.n);
            }
        }
        Ok(new)
    }

    fn uncounted(
        &mut self,
        by: EntryRef,
        entry: &Entry,
        only: Option<RecordId>,
        verdict: NotCounted,
        reason: &str,
    ) -> Result<(), StoreError> {
        let chain = self.memory.chains.assign(self.db, by.chain)?;
        for id in entry.records.iter().filter(|id| only.is_none_or(|only| only == **id)) {
            let record = self.memory.batch.record(self.db, *id)?.n;
            rows::put_uncounted(self.db, record, chain, by, verdict, reason)?;
        }
        Ok(())
    }

    fn forget_uncounted(&mut self, by: EntryRef, entry: &Entry) -> Result<(), StoreError> {
        let chain = self.memory.chains.assign(self.db, by.chain)?;
        for id in &entry.records {
            let record = self.memory.batch.record(self.db, *id)?.n;
            rows::forget_uncounted(self.db, record, chain, by)?;
        }
        Ok(())
    }

    /// The records that entries of a chain touch from a number on; on the way, learns in order what those entries teach now.
    fn touched(&mut self, from: Rejudge) -> Result<BTreeSet<RecordId>, StoreError> {
        let mut records = BTreeSet::new();
        for (header, by, entry) in learn::entries_from(self.db, &self.memory.chains, from)? {
            self.again.extend(learn::entry_again(self.memory, &header, by, &entry));
            records.extend(entry.records);
        }
        Ok(records)
    }

    /// Makes everything about a record again from its entries.
    fn refold(&mut self, id: RecordId) -> Result<(), StoreError> {
        self.flush()?;
        let Some(row) = rows::record(self.db, id)? else { return Ok(()) };
        self.memory.batch.record(self.db, id)?.clear(self.db)?;
        self.flush()?;
        // What is laid under a record goes to its rows directly; the batch is to read them anew.
        self.memory.batch = Batch::default();
        self.memory.told.lay_again(self.db, id, row.n, self.memory.knowledge.trust().org)?;
        for (header, by, entry) in learn::entries_of(self.db, &self.memory.chains, row.n, id)? {
            let verdict = self.memory.knowledge.judge(&header, by, &entry);
            self.apply(verdict, by, &entry, Some(id))?;
        }
        self.flush()
    }
}
