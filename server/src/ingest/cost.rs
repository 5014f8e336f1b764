//! What a push costs whoever carries it, and paying for it.

use dutylog_core::base::{KeyId, Millis};
use dutylog_core::log::Segment;

use super::budget::{Budget, DROPPED_BYTES, DROPS, PUSHES};
use crate::ledger::{LedgerError, Revocations, SiteWriter};

/// What a push costs its carrier.
pub(super) fn costs(carrier: KeyId, segments: &[Segment], revoked: &Revocations) -> Vec<(Budget, i64)> {
    if !revoked.contains_key(&carrier) {
        return vec![(PUSHES, 1)];
    }
    let bytes: usize = segments.iter().flat_map(|segment| &segment.entries).map(Vec::len).sum();
    vec![(DROPS, 1), (DROPPED_BYTES, i64::try_from(bytes).unwrap_or(i64::MAX))]
}

/// Pays under the lock. Two pushes that both looked while there was room for one may both pass: the second goes into debt.
pub(super) async fn pay(
    writer: &mut dyn SiteWriter,
    carrier: KeyId,
    costs: &[(Budget, i64)],
    now: Millis,
) -> Result<(), LedgerError> {
    for (budget, cost) in costs {
        let left = writer.budget(carrier, budget.name).await?;
        writer.set_budget(carrier, budget.name, budget.charge(left, *cost, now)).await?;
    }
    Ok(())
}
