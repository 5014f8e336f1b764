//! How many fields people wrote without having seen each other: worked out from the log by the definition, whether somebody has settled
//! it since or not.

use std::collections::{BTreeMap, BTreeSet};

use dutylog_core::log::{Cite, Entry, EntryRef, Op};
use dutylog_core::records::Cell;

/// One write of a field, and the others' writes that it names as seen.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Write {
    by: EntryRef,
    cites: Vec<Cite>,
}

impl Write {
    /// Whether it was made with another write in sight: an earlier one of its own chain, or one that it names.
    fn names(&self, other: &EntryRef) -> bool {
        let own = self.by.chain == other.chain && other.seq < self.by.seq;
        let named = |c: &Cite| (c.chain, c.seq, c.mark) == (other.chain, other.seq, other.leaf.mark());
        own || self.cites.iter().any(named)
    }
}

/// Every write of every field, or of a member of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Writes(BTreeMap<Cell, Vec<Write>>);

impl Writes {
    /// Takes the writes of an entry. One whose operations cannot be read has none that count.
    pub(super) fn take(&mut self, by: EntryRef, entry: &Entry) {
        for op in entry.operations().unwrap_or_default() {
            let Op::Write { record, field, member, cites, .. } = op else { continue };
            if let Some(record) = entry.records.get(usize::from(record)) {
                let cell = Cell { record: *record, field, member };
                self.0.entry(cell).or_default().push(Write { by, cites });
            }
        }
    }

    /// How many fields have two writes of which neither was made with the other in sight.
    pub(super) fn conflicts(&self) -> u64 {
        self.0.values().filter(|writes| any_unseen(writes)).count() as u64
    }
}

fn any_unseen(writes: &[Write]) -> bool {
    let one_chain = writes.iter().all(|write| write.by.chain == writes[0].by.chain);
    if one_chain {
        return false;
    }
    let seen: Vec<BTreeSet<usize>> = (0..writes.len()).map(|n| in_sight(writes, n)).collect();
    let apart = |one: usize, other: usize| !seen[one].contains(&other) && !seen[other].contains(&one);
    (0..writes.len()).any(|one| (one + 1..writes.len()).any(|other| apart(one, other)))
}

/// What a write names, and what that names in turn.
fn in_sight(writes: &[Write], from: usize) -> BTreeSet<usize> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        let named = (0..writes.len()).filter(|n| *n != at && writes[at].names(&writes[*n].by));
        open.extend(named.filter(|n| seen.insert(*n)));
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use dutylog_core::base::{ChainId, Digest, RecordId};
    use dutylog_core::records::{FieldId, Member};

    fn by(chain: u8, seq: u64) -> EntryRef {
        EntryRef { chain: ChainId([chain; 16]), seq, leaf: Digest([chain; 32]) }
    }

    fn write(by: EntryRef, seen: &[EntryRef]) -> Write {
        let cite = |by: &EntryRef| Cite { chain: by.chain, seq: by.seq, mark: by.leaf.mark() };
        Write { by, cites: seen.iter().map(cite).collect() }
    }

    fn conflicts(writes: Vec<Write>) -> u64 {
        let cell = Cell { record: RecordId([1; 16]), field: FieldId(1), member: Member::Whole };
        Writes(BTreeMap::from([(cell, writes)])).conflicts()
    }

    #[test]
    fn two_who_have_not_seen_each_other_are_a_conflict_settled_or_not() {
        let (one, other) = (write(by(1, 5), &[]), write(by(2, 9), &[]));
        let settled = write(by(1, 6), &[by(2, 9)]);
        assert_eq!(conflicts(vec![one.clone(), other.clone()]), 1);
        assert_eq!(conflicts(vec![settled, other, one]), 1);
    }

    #[test]
    fn one_after_the_other_is_none_however_they_take_turns() {
        let (one, two) = (write(by(1, 5), &[]), write(by(2, 9), &[by(1, 5)]));
        let three = write(by(3, 2), &[by(2, 9)]);
        let four = write(by(1, 8), &[by(3, 2)]);
        assert_eq!(conflicts(vec![four, three, one.clone(), two]), 0);
        assert_eq!(conflicts(vec![one, write(by(1, 7), &[])]), 0);
    }
}
