//! Chains that have forked: which branch each entry is on.

use rusqlite::Connection;

use super::error::StoreError;
use super::memory::Memory;
use super::segments;
use crate::base::{Digest, Seq};
use crate::log::BranchMap;
use crate::merge::Rejudge;

/// Learns the branches of every chain that has forked.
pub(super) fn learn_all(db: &Connection, memory: &mut Memory) -> Result<(), StoreError> {
    let forked: Vec<u32> = memory.chains.iter().filter(|c| c.fork.is_some()).map(|c| c.n).collect();
    forked.into_iter().try_for_each(|chain| learn(db, memory, chain).map(drop))
}

/// Learns the branches of one chain; says what must be judged again because of it.
pub(super) fn learn(db: &Connection, memory: &mut Memory, chain: u32) -> Result<Option<Rejudge>, StoreError> {
    let Some(id) = memory.chains.id(chain) else { return Ok(None) };
    Ok(memory.knowledge.learn_fork(id, branches(db, chain)?))
}

/// Maps a chain. It is read whole: forks are rare, and leave no other way to name their branches.
fn branches(db: &Connection, chain: u32) -> Result<BranchMap, StoreError> {
    let mut ends: std::collections::BTreeMap<i64, Digest> = std::collections::BTreeMap::new();
    let mut runs: Vec<(Seq, Option<Digest>, Vec<Digest>)> = Vec::new();
    let mut all = Vec::new();
    segments::each_from(db, chain, 0, |stored| {
        all.push((stored.n, stored.prev, stored.segment.header.first, stored.segment.leaves()));
        Ok(true)
    })?;
    ends.extend(all.iter().filter_map(|(n, _, _, leaves)| Some((*n, *leaves.last()?))));
    for (_, prev, first, leaves) in all {
        runs.push((first, ends.get(&prev).copied(), leaves));
    }
    Ok(BranchMap::build(runs.iter().map(|(first, before, leaves)| (*first, *before, &leaves[..]))))
}
