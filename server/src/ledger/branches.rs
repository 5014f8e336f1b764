//! The branches of a chain, from what is held of it.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Digest, Seq};
use dutylog_core::log::BranchMap;

use super::Ledger;
use super::error::LedgerError;
use super::model::Stored;
use super::scope::SiteScope;

/// Which branch each entry of a chain is on. A chain that never forked costs one small query.
///
/// # Errors
/// [`LedgerError`]
pub async fn branches(
    ledger: &dyn Ledger,
    scope: SiteScope,
    chain: ChainId,
) -> Result<BranchMap, LedgerError> {
    if ledger.forks(scope).await?.iter().all(|fork| fork.chain != chain) {
        return Ok(BranchMap::default());
    }
    Ok(map(&ledger.chain(scope, chain, 1).await?))
}

fn map(segments: &[Stored]) -> BranchMap {
    let leaves: Vec<Vec<Digest>> = segments.iter().map(|stored| stored.segment.leaves()).collect();
    let ends: BTreeMap<Digest, Digest> = segments
        .iter()
        .zip(&leaves)
        .filter_map(|(stored, leaves)| Some((stored.segment.header.id(), *leaves.last()?)))
        .collect();
    let runs = segments.iter().zip(&leaves).filter_map(|(stored, leaves)| {
        let header = &stored.segment.header;
        run_before(header.first, ends.get(&header.prev))
            .map(|before| (header.first, before, leaves.as_slice()))
    });
    BranchMap::build(runs)
}

/// The leaf before a run: none at the start of a chain. A run behind a body that is still awaited is left out until it comes.
fn run_before(first: Seq, end: Option<&Digest>) -> Option<Option<Digest>> {
    match (first, end) {
        (1, _) => Some(None),
        (_, Some(leaf)) => Some(Some(*leaf)),
        (_, None) => None,
    }
}
