//! The rows of a snapshot as rows of the database: in the order they come, each read to its end before it counts.

use rusqlite::{Connection, Statement, params};

use super::error::StoreError;
use super::rows::{MemberColumn, list_key};
use crate::base::{ChainId, RecordId};
use crate::log::decode_value;
use crate::merge::{Register, Summary};
use crate::records::Cell;
use crate::snapshot::{Added, Row, Snapshot, SnapshotError};

impl From<SnapshotError> for StoreError {
    fn from(error: SnapshotError) -> Self {
        Self::damaged(error.to_string())
    }
}

/// Lays all of it. Chains count from 1 up to `chains`.
pub(super) fn all(db: &Connection, snapshot: &Snapshot<'_>, chains: usize) -> Result<(), StoreError> {
    let mut insert =
        db.prepare("INSERT INTO records (n, id, kind, sort, summary) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let mut layer = Layer::new(db, Some(chains))?;
    for row in snapshot.rows() {
        match row? {
            Row::Summary(id, bytes) => {
                layer.at = (id, layer.at.1 + 1);
                let (kind, sort) = list_key(&Summary::decode(&bytes)?);
                insert.execute(params![layer.at.1, id.0, kind, sort, bytes])?;
            }
            row => layer.lay(row)?,
        }
    }
    Ok(())
}

/// Lays what it tells of one record.
pub(super) fn record(
    db: &Connection,
    snapshot: &Snapshot<'_>,
    id: RecordId,
    n: i64,
) -> Result<(), StoreError> {
    let mut update = db.prepare("UPDATE records SET kind = ?2, sort = ?3, summary = ?4 WHERE n = ?1")?;
    let mut layer = Layer::new(db, None)?;
    layer.at = (id, n);
    for row in snapshot.rows() {
        match row? {
            Row::Summary(of, bytes) if of == id => {
                let (kind, sort) = list_key(&Summary::decode(&bytes)?);
                update.execute(params![n, kind, sort, bytes])?;
            }
            row @ Row::Cell(Cell { record, .. }, _) if record == id => layer.lay(row)?,
            row @ Row::Addition(record, ..) if record == id => layer.lay(row)?,
            _ => {}
        }
    }
    Ok(())
}

/// Writes the rows behind a summary.
struct Layer<'d> {
    /// The record they are about, and the number of its row.
    at: (RecordId, i64),
    /// How many chains there are; none if that was looked at before.
    chains: Option<usize>,
    cells: Statement<'d>,
    additions: Statement<'d>,
}

impl<'d> Layer<'d> {
    fn new(db: &'d Connection, chains: Option<usize>) -> Result<Self, StoreError> {
        let cells = db.prepare("INSERT INTO cells (record, field, member, live) VALUES (?1, ?2, ?3, ?4)")?;
        let additions = db.prepare(
            "INSERT INTO additions (record, field, chain, seq, leaf, n, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        Ok(Self { at: (RecordId::default(), 0), chains, cells, additions })
    }

    fn lay(&mut self, row: Row) -> Result<(), StoreError> {
        let (id, n) = self.at;
        match row {
            Row::Cell(cell, live) if cell.record == id => {
                self.check(|layer| Register::decode(&live, |chain| layer.chain(chain)).map(drop))?;
                self.cells.execute(params![n, cell.field.0, MemberColumn(cell.member), live])?;
            }
            Row::Addition(record, field, bytes) if record == id => {
                let Added { chain, seq, leaf, n: op, value } = Added::from_bytes(&bytes)?;
                self.check(|_| decode_value(value).map(drop))?;
                if self.chains.is_some() && self.chain(chain).is_none() {
                    return Err(StoreError::damaged("a row names an unknown chain"));
                }
                self.additions.execute(params![n, field.0, chain, seq.cast_signed(), leaf.0, op, value])?;
            }
            Row::Certificate(_) | Row::Head(_) | Row::Peak(_) => {}
            _ => return Err(StoreError::damaged("a row that is not behind its record")),
        }
        Ok(())
    }

    fn check(
        &self,
        read: impl FnOnce(&Self) -> Result<(), crate::log::CodecError>,
    ) -> Result<(), StoreError> {
        if self.chains.is_some() { Ok(read(self)?) } else { Ok(()) }
    }

    /// Any identifier will do for a chain that there is.
    fn chain(&self, n: u32) -> Option<ChainId> {
        let known = usize::try_from(n).is_ok_and(|n| (1..=self.chains.unwrap_or_default()).contains(&n));
        known.then(ChainId::default)
    }
}
