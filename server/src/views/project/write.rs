//! What a batch came to, as rows.

use dutylog_core::base::SiteId;
use sqlx::SqliteConnection;

use super::state::State;
use crate::views::ViewError;
use crate::views::bulk::Bulk;
use crate::views::cell::{member_bytes, register_bytes};
use crate::views::columns::Bind;

pub(super) const SEGMENTS: Bulk = Bulk::insert(
    "INSERT INTO view_segments (site, position, id, chain, first, last, quality, not_before_ms, received_ms) VALUES",
    "",
);
pub(super) const ENTRIES: Bulk = Bulk::insert(
    "INSERT INTO view_entries (site, position, n, chain, seq, leaf, kind, family, record, author, claimed_ms, best_ms,
     verdict, reason) VALUES",
    "",
);
pub(super) const RECORD_ENTRIES: Bulk = Bulk::insert(
    "INSERT INTO view_record_entries (site, record, best_ms, position, n) VALUES",
    "ON CONFLICT DO NOTHING",
);
pub(super) const CHAINS: Bulk = Bulk::insert(
    "INSERT INTO view_chains (site, chain, device, key, role, last, received_ms, claimed_ms, best_ms, quality, fork)
     VALUES",
    "ON CONFLICT (site, chain) DO UPDATE SET last = excluded.last,
     received_ms = excluded.received_ms, claimed_ms = excluded.claimed_ms, best_ms = excluded.best_ms,
     quality = excluded.quality, fork = excluded.fork",
);
pub(super) const TOLD: Bulk = Bulk::insert(
    "INSERT INTO view_told (site, chain, seq) VALUES",
    "ON CONFLICT (site, chain) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > view_told.seq",
);
const CELLS: Bulk = Bulk::insert(
    "INSERT INTO view_cells (site, record, field, member, value) VALUES",
    "ON CONFLICT (site, record, field, member) DO UPDATE SET value = excluded.value",
);
const ADDITIONS: Bulk = Bulk::insert(
    "INSERT INTO view_additions (site, record, field, chain, seq, leaf, n, value) VALUES",
    "ON CONFLICT DO NOTHING",
);
/// The columns are those of `RecordRow::binds`.
const RECORDS: Bulk = Bulk::insert(
    "INSERT INTO view_records (site, record, kind, state, severity, conflicts, at_ms, plan, first_ms, last_ms, done_ms,
     signed, summary) VALUES",
    "ON CONFLICT (site, record) DO UPDATE SET kind = excluded.kind, state = excluded.state,
     severity = excluded.severity, conflicts = excluded.conflicts, at_ms = excluded.at_ms, plan = excluded.plan,
     first_ms = excluded.first_ms, last_ms = excluded.last_ms, done_ms = excluded.done_ms, signed = excluded.signed,
     summary = excluded.summary",
);

impl State {
    /// Writes every row that changed.
    pub(super) async fn write(&self, db: &mut SqliteConnection, site: SiteId) -> Result<(), ViewError> {
        let cells = self.written.iter().filter_map(|cell| Some((cell, self.cells.get(cell)?)));
        let cells: Vec<Vec<Bind>> = cells
            .map(|(cell, register)| {
                let member = member_bytes(cell.member);
                Ok(vec![
                    cell.record.0.into(),
                    cell.field.0.into(),
                    member.into(),
                    register_bytes(register)?.into(),
                ])
            })
            .collect::<Result<_, ViewError>>()?;
        CELLS.write(db, site, &cells).await?;
        ADDITIONS.write(db, site, &self.addition_rows()).await?;
        let records: Vec<_> = self.records.iter().map(|(record, row)| row.binds(*record)).collect();
        RECORDS.write(db, site, &records).await
    }

    fn addition_rows(&self) -> Vec<Vec<Bind>> {
        let row = |a: &dutylog_core::merge::Addition| {
            vec![
                a.record.0.into(),
                a.field.0.into(),
                a.by.chain.0.into(),
                a.by.seq.into(),
                a.by.leaf.into(),
                a.n.into(),
                dutylog_core::log::encode_value(&a.value).into(),
            ]
        };
        self.additions.iter().map(row).collect()
    }
}
