//! The cells and records that a batch of entries touches, before and after.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{Millis, RecordId, SiteId};
use dutylog_core::log::{Entry, EntryRef};
use dutylog_core::merge::{Addition, Forks, Plan, Register};
use dutylog_core::records::{Cell, FieldId};
use sqlx::{Row as _, SqliteConnection};

use super::row::RecordRow;
use crate::views::ViewError;
use crate::views::bulk::Bulk;
use crate::views::cell::{member_bytes, member_from, register_from};
use crate::views::columns::{self, Bind};

/// An entry that counts, and what it does.
#[derive(Debug)]
pub(super) struct Counting {
    pub(super) by: EntryRef,
    pub(super) entry: Entry,
    /// The best that can be said of its time.
    pub(super) best: Millis,
    pub(super) plan: Plan,
}

/// What the fold has touched.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) cells: BTreeMap<Cell, Register>,
    pub(super) written: BTreeSet<Cell>,
    pub(super) records: BTreeMap<RecordId, RecordRow>,
    pub(super) additions: Vec<Addition>,
}

const CELLS: Bulk = Bulk::lookup(
    "WITH k (record, field, member) AS (VALUES",
    ") SELECT c.record, c.field, c.member, c.value FROM k CROSS JOIN view_cells c
     WHERE c.site = ? AND c.record = k.record AND c.field = k.field AND c.member = k.member",
);
const RECORDS: Bulk = Bulk::lookup(
    "WITH k (record) AS (VALUES",
    ") SELECT r.record, r.summary, r.first_ms, r.last_ms, r.done_ms, r.signed FROM k CROSS JOIN view_records r
     WHERE r.site = ? AND r.record = k.record",
);

impl State {
    /// Loads what these entries touch, and nothing else.
    pub(super) async fn load(
        db: &mut SqliteConnection,
        site: SiteId,
        entries: &[Counting],
    ) -> Result<Self, ViewError> {
        let mut state = Self::default();
        let cells: BTreeSet<Cell> = entries.iter().flat_map(|e| e.plan.cells()).collect();
        let keys: Vec<_> = cells.iter().map(cell_key).collect();
        for row in CELLS.fetch(db, site, &keys).await? {
            let cell = Cell {
                record: RecordId(columns::fixed(&row, "record")?),
                field: FieldId(columns::count(&row, "field")?),
                member: member_from(row.try_get("member")?)?,
            };
            state.cells.insert(cell, register_from(row.try_get("value")?)?);
        }
        let records: BTreeSet<RecordId> =
            entries.iter().flat_map(|e| e.entry.records.iter().copied()).collect();
        let keys: Vec<_> = records.iter().map(|r| vec![r.0.into()]).collect();
        for row in RECORDS.fetch(db, site, &keys).await? {
            state.records.insert(RecordId(columns::fixed(&row, "record")?), RecordRow::read(&row)?);
        }
        Ok(state)
    }

    /// Applies one entry.
    pub(super) fn apply(&mut self, counting: &Counting, forks: &Forks) {
        let folded = counting.plan.apply(counting.by, &self.cells, forks);
        for record in folded.records() {
            let row = self.records.entry(record).or_default();
            row.fold(record, counting.entry.at, counting.best, &folded);
        }
        for (cell, _, after) in folded.cells {
            self.written.insert(cell);
            self.cells.insert(cell, after);
        }
        self.additions.extend(folded.additions);
    }

    /// Forgets everything but one record: for folding it again by itself.
    pub(super) fn retain(&mut self, record: RecordId) {
        self.cells.retain(|cell, _| cell.record == record);
        self.written.retain(|cell| cell.record == record);
        self.records.retain(|id, _| *id == record);
        self.additions.retain(|a| a.record == record);
    }
}

fn cell_key(cell: &Cell) -> Vec<Bind> {
    vec![cell.record.0.into(), cell.field.0.into(), member_bytes(cell.member).into()]
}
