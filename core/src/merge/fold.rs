//! The fold: from an entry to the cells it changes. One function on phone, server and in every rebuild.
//!
//! It is a function of the *set* of entries: what it computes for a cell depends on the writes to that cell and on where
//! their chains forked, never on arrival.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use super::register::{Actor, Register, Seen, Version};
use crate::base::{ChainId, RecordId, Seq, Value};
use crate::log::{BranchMap, Cite, Entry, EntryRef, MAX_CITES, Op, TRUNK};
use crate::records::{Cell, FieldId, Member, Shape, describe};

/// Why an entry could not be folded by this version. It is kept, shown as "needs a newer version", and folded after the upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Opaque {
    /// The kind of action is not known.
    #[error("an action this version does not know")]
    Kind,
    /// The operations have a form this version does not know.
    #[error("operations this version does not know")]
    Operations,
    /// A field is not known, or is of another shape.
    #[error("a field this version does not know")]
    Field,
}

/// Which chains have forked, and where. Chains that have not are not listed.
pub type Forks = BTreeMap<ChainId, BranchMap>;

/// An addition to a set that only grows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Addition {
    /// The record.
    pub record: RecordId,
    /// The set.
    pub field: FieldId,
    /// The entry that added it.
    pub by: EntryRef,
    /// Which of that entry's operations.
    pub n: u16,
    /// What was added.
    pub value: Value,
}

/// What an entry does, decoded and checked against the fields this version knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    ops: Vec<Op>,
    records: Vec<RecordId>,
}

/// What folding an entry came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folded {
    /// The cells it wrote, before and after.
    pub cells: Vec<(Cell, Register, Register)>,
    /// What it added.
    pub additions: Vec<Addition>,
}

impl Folded {
    /// The records it changed. One that the entry only names is not among them: nothing in it would tell that it was named.
    #[must_use]
    pub fn records(&self) -> BTreeSet<RecordId> {
        let of_cells = self.cells.iter().map(|(cell, ..)| cell.record);
        of_cells.chain(self.additions.iter().map(|a| a.record)).collect()
    }
}

impl Plan {
    /// Reads what an entry does.
    ///
    /// # Errors
    /// [`Opaque`] if this version cannot know what it means.
    pub fn of(entry: &Entry) -> Result<Self, Opaque> {
        if !entry.beyond.is_empty() {
            return Err(Opaque::Operations);
        }
        let ops = entry.operations().map_err(|_| Opaque::Operations)?;
        let mut written = Vec::with_capacity(ops.len());
        for op in &ops {
            let (record, field, member) = target(op);
            let record = *entry.records.get(usize::from(record)).ok_or(Opaque::Operations)?;
            check_shape(op, field, member)?;
            if let Op::Write { cites, .. } = op {
                if cites.len() > MAX_CITES {
                    return Err(Opaque::Operations);
                }
                written.push(Cell { record, field, member });
            }
        }
        written.sort_unstable();
        if !written.is_sorted_by(|a, b| a < b) {
            return Err(Opaque::Operations);
        }
        Ok(Self { ops, records: entry.records.clone() })
    }

    /// The cells whose registers [`Self::apply`] needs.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.ops.iter().filter(|op| matches!(op, Op::Write { .. })).map(|op| self.cell(op))
    }

    /// The operations.
    #[must_use]
    pub fn ops(&self) -> &[Op] {
        &self.ops
    }

    fn cell(&self, op: &Op) -> Cell {
        let (record, field, member) = target(op);
        Cell { record: self.records[usize::from(record)], field, member }
    }

    /// Applies the entry to the cells it touches; a cell that is missing was empty.
    #[must_use]
    pub fn apply(&self, by: EntryRef, cells: &BTreeMap<Cell, Register>, forks: &Forks) -> Folded {
        let held = |cell: &Cell| Ok::<_, Infallible>(cells.get(cell).cloned().unwrap_or_default());
        let Ok(folded) = self.clone().apply_to(by, forks, held);
        folded
    }

    /// The same for a holder that has the cells elsewhere: `register` gives up what a cell holds.
    ///
    /// # Errors
    /// Those of `register`.
    pub fn apply_to<E>(
        self,
        by: EntryRef,
        forks: &Forks,
        mut register: impl FnMut(&Cell) -> Result<Register, E>,
    ) -> Result<Folded, E> {
        let mut folded = Folded::default();
        for (n, op) in (0_u16..).zip(self.ops) {
            let (record, field, member) = target(&op);
            let record = self.records[usize::from(record)];
            match op {
                Op::Write { value, cites, .. } => {
                    let cell = Cell { record, field, member };
                    let before = register(&cell)?;
                    let mut after = before.clone();
                    after.apply(version(by, value, &cites, forks));
                    folded.cells.push((cell, before, after));
                }
                Op::Add { value, .. } => folded.additions.push(Addition { record, field, by, n, value }),
            }
        }
        Ok(folded)
    }
}

fn target(op: &Op) -> (u8, FieldId, Member) {
    match op {
        Op::Write { record, field, member, .. } => (*record, *field, *member),
        Op::Add { record, field, .. } => (*record, *field, Member::Whole),
    }
}

fn check_shape(op: &Op, field: FieldId, member: Member) -> Result<(), Opaque> {
    let shape = describe(field).ok_or(Opaque::Field)?.shape;
    let fits = match op {
        Op::Add { .. } => shape == Shape::Set,
        Op::Write { .. } if member == Member::Whole => shape == Shape::Register,
        Op::Write { .. } => shape == Shape::Members,
    };
    if fits { Ok(()) } else { Err(Opaque::Field) }
}

/// The gate: gives a write the clock that its author meant.
///
/// An author has seen all of his own branch and of the branches it grew from, and whatever he cites. A citation of an entry on
/// a branch implies what that branch grew from. One past a fork whose entry is not held cannot be placed yet; it says nothing
/// until the entry arrives, and then every record the branches touch is folded again.
fn version(by: EntryRef, value: Value, cites: &[Cite], forks: &Forks) -> Version {
    let own = branch_of(by.chain, by.seq, by.leaf.mark(), forks).unwrap_or(TRUNK);
    let actor = Actor { chain: by.chain, branch: own };
    let mut seen: BTreeMap<Actor, Seen> = BTreeMap::new();
    let mut note = |s: Seen| {
        seen.entry(s.actor).and_modify(|held| *held = s.max(*held)).or_insert(s);
    };
    ancestors(by.chain, own, forks).for_each(&mut note);
    for cite in cites.iter().filter(|c| c.chain != by.chain) {
        let Some(branch) = branch_of(cite.chain, cite.seq, cite.mark, forks) else { continue };
        note(Seen { actor: Actor { chain: cite.chain, branch }, seq: cite.seq, mark: Some(cite.mark) });
        ancestors(cite.chain, branch, forks).for_each(&mut note);
    }
    Version { actor, seq: by.seq, mark: by.leaf.mark(), value, seen: seen.into_values().collect() }
}

fn branch_of(chain: ChainId, seq: Seq, mark: [u8; 8], forks: &Forks) -> Option<[u8; 8]> {
    forks.get(&chain).map_or(Some(TRUNK), |map| map.label(seq, mark))
}

fn ancestors(chain: ChainId, branch: [u8; 8], forks: &Forks) -> impl Iterator<Item = Seen> {
    let line = forks.get(&chain).map(|map| map.ancestry(branch)).unwrap_or_default();
    line.into_iter().map(move |(branch, seq)| Seen { actor: Actor { chain, branch }, seq, mark: None })
}
