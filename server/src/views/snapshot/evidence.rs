//! The segments that go with a snapshot, by which what matters now can be proven without asking again.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{ChainId, Millis, Seq};
use dutylog_core::records::RecordKind;
use dutylog_core::records::handover::HandoverState;
use sqlx::{Row as _, SqliteConnection};

use super::chains::Chains;
use crate::ledger::{Ledger, SiteScope, Stored};
use crate::views::states::handover_code;
use crate::views::{IncidentAt, RoundAt, ViewError, columns};

/// Packed bytes read at once.
const PAGE_BYTES: usize = 256 * 1024;

/// Positions with segments of whole chains, with entries that do not count (they may yet), taken since a moment, or about open records.
/// None if something came from a device that nobody has certified: rows cannot tell of it.
pub(super) async fn positions(
    db: &mut SqliteConnection,
    site: &[u8],
    chains: &Chains,
    since: Millis,
) -> Result<Option<BTreeSet<u64>>, ViewError> {
    let mut all = BTreeSet::new();
    let whole: BTreeSet<ChainId> = chains.whole().collect();
    let rows = sqlx::query("SELECT position, chain, received_ms FROM view_segments WHERE site = $1");
    for row in rows.bind(site).fetch_all(&mut *db).await? {
        let chain = ChainId(columns::fixed(&row, "chain")?);
        if !chains.knows(chain) {
            return Ok(None);
        }
        if whole.contains(&chain) || row.try_get::<Millis, _>("received_ms")? >= since {
            all.insert(columns::count(&row, "position")?);
        }
    }
    let rows = sqlx::query(
        "SELECT position FROM view_entries WHERE site = $1 AND verdict <> 0
         UNION SELECT e.position FROM view_record_entries e JOIN view_records r ON r.site = e.site AND r.record = e.record
         WHERE e.site = $1 AND (r.kind = $2 AND r.state <> $3 OR r.kind = $4 AND r.state = $5 OR r.kind = $6 AND r.state IN ($7, $8))",
    );
    let rows = rows
        .bind(site)
        .bind(RecordKind::Incident.code())
        .bind(IncidentAt::Closed.code())
        .bind(RecordKind::Round.code())
        .bind(RoundAt::Running.code())
        .bind(RecordKind::Handover.code())
        .bind(handover_code(HandoverState::Draft))
        .bind(handover_code(HandoverState::Offered));
    for row in rows.fetch_all(db).await? {
        all.insert(columns::count(&row, "position")?);
    }
    Ok(Some(all))
}

/// The segments at some positions, chain by chain in order, with those behind them that prove them.
pub(super) async fn segments(
    ledger: &dyn Ledger,
    scope: SiteScope,
    mut positions: BTreeSet<u64>,
    size: u64,
) -> Result<Vec<Stored>, ViewError> {
    let mut found: BTreeMap<(ChainId, Seq, u64), Stored> = BTreeMap::new();
    while let Some(at) = positions.first().copied().filter(|at| *at < size) {
        for stored in ledger.page(scope, at, PAGE_BYTES).await? {
            if positions.remove(&stored.place.position) {
                let header = &stored.segment.header;
                found.insert((header.chain, header.first, stored.place.position), stored);
            }
        }
    }
    let unproven: Vec<_> = found.values().filter(|s| s.segment.signature.is_none()).cloned().collect();
    for stored in unproven {
        let (chain, last) = (stored.segment.header.chain, stored.segment.header.last());
        for next in ledger.chain(scope, chain, last + 1).await? {
            let (at, signed) = (next.place.position, next.segment.signature.is_some());
            if at < size {
                found.insert((chain, next.segment.header.first, at), next);
            }
            if signed {
                break;
            }
        }
    }
    Ok(found.into_values().collect())
}
