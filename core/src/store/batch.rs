//! The rows of the records being folded into: each is read once and written once, however many entries touch it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::chains::Chains;
use super::error::StoreError;
use super::rows::{self, ListKey};
use crate::base::RecordId;
use crate::merge::{Register, Summary};
use crate::records::{Cell, FieldId, Member};

/// Records that stay at hand: people go on with what they were at.
const RECORDS: usize = 32;
/// Cells that stay at hand, of all of them.
const CELLS: usize = 1_024;

/// Lives in memory that is read again after a failed transaction. What is ahead of the database until [`Batch::flush`].
#[derive(Debug, Default)]
pub(super) struct Batch {
    records: BTreeMap<RecordId, Record>,
    /// The row that the next new record gets, once it is known.
    next: Option<i64>,
}

/// A record's row and those of its cells that were looked at.
#[derive(Debug)]
pub(super) struct Record {
    /// The number of its row.
    pub(super) n: i64,
    /// Where lists find its row; none while the database does not have it.
    listed: Option<ListKey>,
    summary: Summary,
    /// Whether anything here is ahead of the database.
    changed: bool,
    /// Whether all its cells are here, so that one that is not is empty.
    whole: bool,
    cells: BTreeMap<Place, Register>,
    /// The cells that are ahead of the database.
    written: BTreeSet<Place>,
}

/// Where a cell is in its record.
type Place = (FieldId, Member);

impl Record {
    fn read(db: &Connection, id: RecordId) -> Result<Option<Self>, StoreError> {
        let found = rows::record(db, id)?;
        Ok(found.map(|row| Self {
            n: row.n,
            listed: Some(rows::list_key(&row.summary)),
            summary: row.summary,
            changed: false,
            whole: false,
            cells: BTreeMap::new(),
            written: BTreeSet::new(),
        }))
    }

    fn new(n: i64) -> Self {
        let (summary, cells, written) = (Summary::default(), BTreeMap::new(), BTreeSet::new());
        Self { n, listed: None, summary, changed: true, whole: true, cells, written }
    }

    /// The live values of a cell.
    fn register(
        &mut self,
        db: &Connection,
        chains: &Chains,
        place: Place,
    ) -> Result<&mut Register, StoreError> {
        match self.cells.entry(place) {
            Entry::Occupied(register) => Ok(register.into_mut()),
            Entry::Vacant(cell) if self.whole => Ok(cell.insert(Register::default())),
            Entry::Vacant(cell) => Ok(cell.insert(rows::register(db, chains, self.n, place)?)),
        }
    }

    /// Gives back the live values of a cell that [`Batch::take`] took, changed or not.
    pub(super) fn put(&mut self, place: Place, register: Register, changed: bool) {
        self.cells.insert(place, register);
        if changed {
            self.changed = true;
            self.written.insert(place);
        }
    }

    /// The summary, to be changed.
    pub(super) fn summary_mut(&mut self) -> &mut Summary {
        self.changed = true;
        &mut self.summary
    }

    /// Forgets everything about the record, so that it can be folded again.
    pub(super) fn clear(&mut self, db: &Connection) -> Result<(), StoreError> {
        rows::clear_record(db, self.n)?;
        *self.summary_mut() = Summary::default();
        self.cells.clear();
        self.written.clear();
        self.whole = true;
        Ok(())
    }

    fn flush(&mut self, db: &Connection, chains: &mut Chains, id: RecordId) -> Result<(), StoreError> {
        if !std::mem::take(&mut self.changed) {
            return Ok(());
        }
        for place in std::mem::take(&mut self.written) {
            rows::put_register(db, chains, self.n, place, &self.cells[&place])?;
        }
        self.listed = Some(rows::put_record(db, id, self.n, self.listed, &self.summary)?);
        Ok(())
    }
}

impl Batch {
    /// A record's row; if there is none, it will be made.
    pub(super) fn record(&mut self, db: &Connection, id: RecordId) -> Result<&mut Record, StoreError> {
        match self.records.entry(id) {
            Entry::Occupied(record) => Ok(record.into_mut()),
            Entry::Vacant(place) => {
                let record = match Record::read(db, id)? {
                    Some(record) => record,
                    None => {
                        let n = self.next.map_or_else(|| rows::next_record(db), Ok)?;
                        self.next = Some(n + 1);
                        Record::new(n)
                    }
                };
                Ok(place.insert(record))
            }
        }
    }

    /// Takes the live values of a cell, to be given back to [`Record::put`].
    pub(super) fn take(
        &mut self,
        db: &Connection,
        chains: &Chains,
        cell: &Cell,
    ) -> Result<Register, StoreError> {
        let register = self.record(db, cell.record)?.register(db, chains, (cell.field, cell.member))?;
        Ok(std::mem::take(register))
    }

    /// The live values of a cell; empty if there is no such record.
    pub(super) fn peek(
        &mut self,
        db: &Connection,
        chains: &Chains,
        cell: &Cell,
    ) -> Result<Register, StoreError> {
        if !self.records.contains_key(&cell.record) && rows::record(db, cell.record)?.is_none() {
            return Ok(Register::default());
        }
        let register = self.record(db, cell.record)?.register(db, chains, (cell.field, cell.member))?;
        Ok(register.clone())
    }

    /// Writes what has changed. It stays at hand for what is folded next, unless it has become much.
    pub(super) fn flush(&mut self, db: &Connection, chains: &mut Chains) -> Result<(), StoreError> {
        self.records.iter_mut().try_for_each(|(id, record)| record.flush(db, chains, *id))?;
        let cells: usize = self.records.values().map(|record| record.cells.len()).sum();
        if self.records.len() > RECORDS || cells > CELLS {
            self.records.clear();
        }
        Ok(())
    }
}
