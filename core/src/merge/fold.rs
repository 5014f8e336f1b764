//! The fold: from an entry to the cells it changes. One function on phone, server and in every rebuild.
//!
//! It is a function of the *set* of entries: what it computes for a cell depends on the writes to that cell and on where
//! their chains forked, never on arrival.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use super::register::{Actor, Register, Says, Version, Write};
use crate::base::{ChainId, RecordId, Value};
use crate::log::{BranchMap, Cite, Entry, EntryRef, MAX_CITES, Op, TRUNK};
use crate::records::{Cell, FieldId, Kind, Member, Shape, describe, is_open};

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
    settles: bool,
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
        let settles = entry.kind == Kind::ConflictSettled.code();
        Ok(Self { ops, records: entry.records.clone(), settles })
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
                    after.apply(gate(by, &cell, value, cites, self.settles, forks), forks);
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

/// The gate: who a write is by, and what its author says to have seen.
///
/// An author has seen all of his own branch and of the branches it grew from, and whatever he cites of other chains. A citation
/// counts once the write that it names, by its mark, counts in the same cell; the register keeps it until then.
fn gate(
    by: EntryRef,
    cell: &Cell,
    value: Value,
    mut cites: Vec<Cite>,
    settles: bool,
    forks: &Forks,
) -> Write {
    let mark = by.leaf.mark();
    let branch = forks.get(&by.chain).map_or(Some(TRUNK), |map| map.label(by.seq, mark)).unwrap_or(TRUNK);
    cites.retain(|cite| cite.chain != by.chain);
    let version = Version { actor: Actor { chain: by.chain, branch }, seq: by.seq, mark, value };
    let says = match (is_open(cell.field), settles) {
        (true, _) => Says::Anything,
        (false, false) => Says::Own,
        (false, true) => Says::Chosen,
    };
    Write { version, cites, says }
}
