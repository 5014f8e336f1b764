//! State in memory, for tests.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::base::{Millis, RecordId};
use crate::log::EntryRef;
use crate::merge::{Folded, Forks, Lookup, Plan, RecordState, Register, Summary};
use crate::records::Cell;

/// The state of a site's records in memory; chains in it do not fork.
#[derive(Debug, Clone, Default)]
pub struct MemoryState {
    records: BTreeMap<RecordId, RecordState>,
}

impl MemoryState {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Folds an entry that counts.
    pub fn fold(&mut self, by: EntryRef, at: Millis, plan: &Plan) -> Folded {
        let cells: BTreeMap<Cell, Register> = plan.cells().map(|c| (c, self.cell(&c))).collect();
        let folded = plan.apply(by, &cells, &Forks::new());
        let cells = folded.cells.iter().map(|(cell, ..)| cell.record);
        let mut touched: Vec<_> = cells.chain(folded.additions.iter().map(|a| a.record)).collect();
        touched.sort_unstable();
        touched.dedup();
        for id in touched {
            let record =
                self.records.entry(id).or_insert_with(|| RecordState { id, ..RecordState::default() });
            let held = record.additions.clone();
            record.summary.fold(id, at, &folded, |a| !held.contains(a));
            for (cell, _, after) in folded.cells.iter().filter(|(cell, ..)| cell.record == id) {
                record.cells.insert((cell.field, cell.member), after.clone());
            }
            let new = folded.additions.iter().filter(|a| a.record == id && !held.contains(a));
            record.additions.extend(new.cloned());
            record.additions.sort_by_key(|a| (a.by, a.n));
        }
        folded
    }

    fn cell(&self, cell: &Cell) -> Register {
        let record = self.records.get(&cell.record);
        record.and_then(|r| r.cells.get(&(cell.field, cell.member))).cloned().unwrap_or_default()
    }
}

impl Lookup for MemoryState {
    type Error = Infallible;

    fn register(&self, cell: &Cell) -> Result<Register, Infallible> {
        Ok(self.cell(cell))
    }

    fn summary(&self, record: RecordId) -> Result<Option<Summary>, Infallible> {
        Ok(self.records.get(&record).map(|r| r.summary.clone()))
    }

    fn record(&self, record: RecordId) -> Result<RecordState, Infallible> {
        let empty = || RecordState { id: record, ..RecordState::default() };
        Ok(self.records.get(&record).cloned().unwrap_or_else(empty))
    }
}
