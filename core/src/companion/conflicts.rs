//! What people wrote without having seen each other, and nobody has settled: shown with who wrote what.

use super::{Companion, CompanionError};
use crate::base::{Millis, PersonId, RecordId, Value};
use crate::log::EntryRef;
use crate::merge::{Lookup as _, RecordState, Version};
use crate::records::{Cell, RecordKind};
use crate::store::StoreError;

/// One of the values that stand against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// The value.
    pub value: Value,
    /// Who wrote it; none for a device alone, or where the entry itself is not held.
    pub author: Option<PersonId>,
    /// When, as the entry claims; none where it is not held.
    pub at: Option<Millis>,
}

/// A field with several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Where.
    pub cell: Cell,
    /// Of what kind of record.
    pub kind: RecordKind,
    /// The values, in the fixed order.
    pub values: Vec<Contender>,
}

impl Companion {
    /// Everything that waits to be settled, by kind of record, the newest records first.
    ///
    /// # Errors
    /// The store's.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, CompanionError> {
        let mut all = Vec::new();
        for kind in [RecordKind::Incident, RecordKind::Round, RecordKind::Handover] {
            for record in self.records(kind, |listed| listed.summary.conflicts > 0)? {
                all.extend(self.conflicts_in(kind, &record)?);
            }
        }
        Ok(all)
    }

    /// What waits to be settled in one record.
    ///
    /// # Errors
    /// The store's.
    pub fn conflicts_of(&self, record: RecordId) -> Result<Vec<Conflict>, CompanionError> {
        let state = self.store().reader().record(record)?;
        let Some(kind) = state.summary.kind else { return Ok(Vec::new()) };
        Ok(self.conflicts_in(kind, &state)?)
    }

    fn conflicts_in(&self, kind: RecordKind, state: &RecordState) -> Result<Vec<Conflict>, StoreError> {
        let disputed = state.cells.iter().filter(|(_, register)| register.in_conflict());
        let disputed: Vec<_> = disputed.collect();
        if disputed.is_empty() {
            return Ok(Vec::new());
        }
        let entries = self.store().reader().entries(state.id)?;
        let contender = |version: &Version| {
            let wrote = |by: &EntryRef| {
                (by.chain, by.seq, by.leaf.mark()) == (version.actor.chain, version.seq, version.mark)
            };
            let entry = entries.iter().find(|(_, by, _)| wrote(by)).map(|(.., entry)| entry);
            Contender {
                value: version.value.clone(),
                author: entry.and_then(|entry| entry.author),
                at: entry.map(|entry| entry.at),
            }
        };
        let conflicts = disputed.into_iter().map(|((field, member), register)| Conflict {
            cell: Cell { record: state.id, field: *field, member: *member },
            kind,
            values: register.versions().iter().map(contender).collect(),
        });
        Ok(conflicts.collect())
    }
}
