//! The rows of every record, as they are stored.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{ChainId, Digest, RecordId};
use dutylog_core::merge::Register;
use dutylog_core::records::{Cell, FieldId};
use dutylog_core::snapshot::{Added, Row, SnapshotWriter};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::views::cell::{member_from, register_from};
use crate::views::{ViewError, columns};

/// All records of a site with what is behind them.
pub(super) struct Records {
    /// Summaries.
    rows: BTreeMap<RecordId, Vec<u8>>,
    cells: BTreeMap<RecordId, Vec<(Cell, Register)>>,
    additions: BTreeMap<RecordId, Vec<Addition>>,
    /// Every chain that anything in them names.
    pub(super) chains: BTreeSet<ChainId>,
}

struct Addition {
    field: FieldId,
    chain: ChainId,
    seq: u64,
    leaf: Digest,
    n: u16,
    value: Vec<u8>,
}

fn record(row: &SqliteRow) -> Result<RecordId, ViewError> {
    Ok(RecordId(columns::fixed(row, "record")?))
}

impl Records {
    pub(super) async fn read(db: &mut SqliteConnection, site: &[u8]) -> Result<Self, ViewError> {
        let mut all = Self {
            rows: BTreeMap::new(),
            cells: BTreeMap::new(),
            additions: BTreeMap::new(),
            chains: BTreeSet::new(),
        };
        let rows = sqlx::query("SELECT record, summary FROM view_records WHERE site = $1").bind(site);
        for row in rows.fetch_all(&mut *db).await? {
            all.rows.insert(record(&row)?, row.try_get("summary")?);
        }
        let rows = sqlx::query(
            "SELECT record, field, member, value FROM view_cells WHERE site = $1 ORDER BY record, field, member",
        );
        for row in rows.bind(site).fetch_all(&mut *db).await? {
            all.cell(&row)?;
        }
        let rows = sqlx::query(
            "SELECT record, field, chain, seq, leaf, n, value FROM view_additions WHERE site = $1
             ORDER BY record, field, chain, seq, leaf, n",
        );
        for row in rows.bind(site).fetch_all(db).await? {
            let addition = Addition::read(&row)?;
            all.chains.insert(addition.chain);
            all.additions.entry(record(&row)?).or_default().push(addition);
        }
        Ok(all)
    }

    fn cell(&mut self, row: &SqliteRow) -> Result<(), ViewError> {
        let (record, field) = (record(row)?, FieldId(columns::count(row, "field")?));
        let cell = Cell { record, field, member: member_from(row.try_get("member")?)? };
        let register = register_from(row.try_get("value")?)?;
        self.chains.extend(register.chains());
        self.cells.entry(record).or_default().push((cell, register));
        Ok(())
    }

    pub(super) fn write(
        &self,
        writer: &mut SnapshotWriter,
        chains: &BTreeMap<ChainId, u32>,
    ) -> Result<(), ViewError> {
        let number = |chain: ChainId| {
            chains.get(&chain).copied().ok_or_else(|| ViewError::damaged("a row names an unknown chain"))
        };
        for (record, summary) in &self.rows {
            writer.row(&Row::Summary(*record, summary.clone()));
            for (cell, register) in self.cells.get(record).into_iter().flatten() {
                writer.row(&Row::Cell(*cell, register.encode(number)?));
            }
            for Addition { field, chain, seq, leaf, n, value } in
                self.additions.get(record).into_iter().flatten()
            {
                let added = Added { chain: number(*chain)?, seq: *seq, leaf: *leaf, n: *n, value };
                writer.row(&Row::Addition(*record, *field, added.to_bytes()));
            }
        }
        Ok(())
    }
}

impl Addition {
    fn read(row: &SqliteRow) -> Result<Self, ViewError> {
        Ok(Self {
            field: FieldId(columns::count(row, "field")?),
            chain: ChainId(columns::fixed(row, "chain")?),
            seq: columns::count(row, "seq")?,
            leaf: Digest(columns::fixed(row, "leaf")?),
            n: columns::count(row, "n")?,
            value: row.try_get("value")?,
        })
    }
}
