//! The branches of a chain, from what is folded of it: what lies beyond the cursor does not bear on it yet.

use std::collections::BTreeMap;

use dutylog_core::base::Digest;
use dutylog_core::log::BranchMap;

use crate::ledger::Stored;

/// Maps a chain's segments. One behind a body that is still awaited is left out until it comes.
pub(super) fn branch_map(segments: &[Stored]) -> BranchMap {
    let leaves: Vec<Vec<Digest>> = segments.iter().map(|s| s.segment.leaves()).collect();
    let ends: BTreeMap<Digest, Digest> =
        segments.iter().zip(&leaves).filter_map(|(s, l)| Some((s.segment.header.id(), *l.last()?))).collect();
    let runs = segments.iter().zip(&leaves).filter_map(|(s, leaves)| {
        let header = &s.segment.header;
        let before = match header.first {
            1 => None,
            _ => Some(*ends.get(&header.prev)?),
        };
        Some((header.first, before, leaves.as_slice()))
    });
    BranchMap::build(runs)
}
