//! Everything that is held about one record, and what a page says of each entry behind it.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Digest, RecordId, SiteId};
use dutylog_core::log::{EntryRef, decode_value};
use dutylog_core::merge::{Addition, RecordState, Summary};
use dutylog_core::records::FieldId;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::cell::{member_from, register_from};
use super::{ViewError, Views, columns};
use crate::ledger::SiteScope;

impl Views {
    /// A record with its cells and additions; none if no entry that counts has touched it.
    ///
    /// # Errors
    /// [`ViewError`]
    pub async fn record(&self, scope: SiteScope, record: RecordId) -> Result<Option<RecordState>, ViewError> {
        let (site, id) = (scope.site(), record.0.to_vec());
        let query = "SELECT summary FROM view_records WHERE site = $1 AND record = $2";
        let row = sqlx::query(query).bind(site.0.to_vec()).bind(&id).fetch_optional(self.readers()).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(RecordState {
            id: record,
            summary: Summary::decode(row.try_get("summary")?)?,
            cells: self.cells(site, &id).await?,
            additions: self.additions(site, record).await?,
        }))
    }

    async fn cells(
        &self,
        site: SiteId,
        record: &[u8],
    ) -> Result<BTreeMap<(FieldId, dutylog_core::records::Member), dutylog_core::merge::Register>, ViewError>
    {
        let query = "SELECT field, member, value FROM view_cells WHERE site = $1 AND record = $2";
        let rows = sqlx::query(query).bind(site.0.to_vec()).bind(record).fetch_all(self.readers()).await?;
        let cell = |row: &SqliteRow| {
            let field = FieldId(columns::count(row, "field")?);
            let member = member_from(row.try_get("member")?)?;
            Ok(((field, member), register_from(row.try_get("value")?)?))
        };
        rows.iter().map(cell).collect()
    }

    async fn additions(&self, site: SiteId, record: RecordId) -> Result<Vec<Addition>, ViewError> {
        let rows = sqlx::query(
            "SELECT field, chain, seq, leaf, n, value FROM view_additions WHERE site = $1 AND record = $2
             ORDER BY chain, seq, leaf, n",
        )
        .bind(site.0.to_vec())
        .bind(record.0.to_vec())
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(|row| addition(row, record)).collect()
    }
}

fn addition(row: &SqliteRow, record: RecordId) -> Result<Addition, ViewError> {
    Ok(Addition {
        record,
        field: FieldId(columns::count(row, "field")?),
        by: entry_ref(row)?,
        n: columns::count(row, "n")?,
        value: decode_value(row.try_get("value")?)?,
    })
}

/// The identity of an entry, from the columns of that name.
pub(super) fn entry_ref(row: &SqliteRow) -> Result<EntryRef, ViewError> {
    Ok(EntryRef {
        chain: ChainId(columns::fixed(row, "chain")?),
        seq: columns::count(row, "seq")?,
        leaf: Digest(columns::fixed(row, "leaf")?),
    })
}
