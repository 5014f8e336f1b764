//! What the live values of a cell must be, worked out from the entries by the definition and by none of the product's code for it: a
//! write lives on unless another write of the cell had seen it.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::base::{ChainId, Seq};
use dutylog_core::log::{Cite, Entry, EntryRef, Op, decode_ops};
use dutylog_core::records::Cell;

/// One write of a cell.
struct Write {
    by: EntryRef,
    cites: Vec<Cite>,
}

/// The entries whose values live, by cell. Cells that a forked chain had a hand in are left out: what such writes have seen
/// depends on the branch.
pub(super) fn live_values<'e>(
    entries: impl Iterator<Item = (EntryRef, &'e Entry)>,
    forked: &BTreeSet<ChainId>,
) -> BTreeMap<Cell, BTreeSet<(ChainId, Seq)>> {
    let mut writes: BTreeMap<Cell, Vec<Write>> = BTreeMap::new();
    for (by, entry) in entries {
        for op in decode_ops(&entry.ops).expect("a counted entry's operations") {
            if let Op::Write { record, field, member, cites, .. } = op {
                let record = entry.records[usize::from(record)];
                writes.entry(Cell { record, field, member }).or_default().push(Write { by, cites });
            }
        }
    }
    writes.retain(|_, writes| !writes.iter().any(|w| touches(w, forked)));
    writes.into_iter().map(|(cell, writes)| (cell, live(&writes))).collect()
}

fn touches(write: &Write, forked: &BTreeSet<ChainId>) -> bool {
    forked.contains(&write.by.chain) || write.cites.iter().any(|cite| forked.contains(&cite.chain))
}

fn live(writes: &[Write]) -> BTreeSet<(ChainId, Seq)> {
    let seen = |by: &EntryRef| writes.iter().any(|w| has_seen(w, by));
    writes.iter().map(|w| w.by).filter(|by| !seen(by)).map(|by| (by.chain, by.seq)).collect()
}

fn has_seen(write: &Write, by: &EntryRef) -> bool {
    let own = write.by.chain == by.chain && by.seq < write.by.seq;
    let names = |cite: &Cite| (cite.chain, cite.seq, cite.mark) == (by.chain, by.seq, by.leaf.mark());
    own || write.cites.iter().any(names)
}
