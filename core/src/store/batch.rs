//! The rows of the records being folded into: each is read once and written once, however many entries touch it.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::chains::Chains;
use super::error::StoreError;
use super::rows::{self, RecordRow};
use crate::base::RecordId;
use crate::merge::{Register, Summary};
use crate::records::{Cell, FieldId, Member};

/// Lives in memory that is read again after a failed transaction. What is ahead of the database until [`Batch::flush`].
#[derive(Debug, Default)]
pub(super) struct Batch {
    records: BTreeMap<RecordId, Record>,
}

/// A record's row and those of its cells that were looked at.
#[derive(Debug)]
pub(super) struct Record {
    /// As the database has it.
    row: RecordRow,
    /// The database does not have it yet, nor anything about it.
    new: bool,
    /// As it is to be.
    pub(super) summary: Summary,
    cells: BTreeMap<(FieldId, Member), Live>,
}

#[derive(Debug)]
struct Live {
    register: Register,
    changed: bool,
}

impl Record {
    /// The number of its row.
    pub(super) fn n(&self) -> i64 {
        self.row.n
    }

    fn flush(&mut self, db: &Connection, chains: &mut Chains, id: RecordId) -> Result<(), StoreError> {
        let Self { row, new, summary, cells } = self;
        for ((field, member), live) in cells.iter().filter(|(_, live)| live.changed) {
            rows::put_register(db, chains, row.n, *field, *member, &live.register)?;
        }
        cells.clear();
        if std::mem::take(new) {
            rows::insert_record(db, id, row.n, summary)?;
        } else if *summary != row.summary {
            rows::put_summary(db, row, summary)?;
        }
        row.summary.clone_from(summary);
        Ok(())
    }
}

impl Batch {
    /// A record's row; if there is none, it will be made.
    pub(super) fn record(&mut self, db: &Connection, id: RecordId) -> Result<&mut Record, StoreError> {
        if !self.records.contains_key(&id) {
            let found = rows::record(db, id)?;
            let new = found.is_none();
            let row = found.map_or_else(|| self.blank(db), Ok)?;
            let summary = row.summary.clone();
            self.records.insert(id, Record { row, new, summary, cells: BTreeMap::new() });
        }
        self.records.get_mut(&id).ok_or_else(|| StoreError::damaged("a record's row"))
    }

    /// A row with the next free number.
    fn blank(&self, db: &Connection) -> Result<RecordRow, StoreError> {
        let last = self.records.values().filter(|record| record.new).map(Record::n).max();
        let last = last.map_or_else(|| rows::last_record(db), Ok)?;
        Ok(RecordRow { n: last + 1, summary: Summary::default() })
    }

    /// The live values of a cell of a record that exists.
    pub(super) fn peek(
        &mut self,
        db: &Connection,
        chains: &Chains,
        cell: &Cell,
    ) -> Result<Register, StoreError> {
        if self.records.len() > 1 {
            // What is at hand is of one record, so that it cannot grow.
            self.records.clear();
        }
        if !self.records.contains_key(&cell.record) && rows::record(db, cell.record)?.is_none() {
            return Ok(Register::default());
        }
        Ok(self.register(db, chains, cell)?.clone())
    }

    /// The live values of a cell.
    pub(super) fn register(
        &mut self,
        db: &Connection,
        chains: &Chains,
        cell: &Cell,
    ) -> Result<&Register, StoreError> {
        let Record { row, new, cells, .. } = self.record(db, cell.record)?;
        let place = (cell.field, cell.member);
        if let std::collections::btree_map::Entry::Vacant(e) = cells.entry(place) {
            let register = match new {
                true => Register::default(),
                false => rows::register(db, chains, row.n, cell.field, cell.member)?,
            };
            e.insert(Live { register, changed: false });
        }
        Ok(&cells[&place].register)
    }

    /// Sets the live values of a cell.
    pub(super) fn set(
        &mut self,
        db: &Connection,
        cell: &Cell,
        register: &Register,
    ) -> Result<(), StoreError> {
        let live = Live { register: register.clone(), changed: true };
        self.record(db, cell.record)?.cells.insert((cell.field, cell.member), live);
        Ok(())
    }

    /// Writes what has changed. Of a record alone its row stays at hand, for what is folded next.
    pub(super) fn flush(&mut self, db: &Connection, chains: &mut Chains) -> Result<(), StoreError> {
        self.records.iter_mut().try_for_each(|(id, record)| record.flush(db, chains, *id))?;
        if self.records.len() > 1 {
            self.records.clear();
        }
        Ok(())
    }
}
