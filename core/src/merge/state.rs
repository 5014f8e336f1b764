//! A record's state in memory, with its fields by their types.

use std::collections::BTreeMap;

use super::fold::Addition;
use super::register::{Register, Version};
use super::summary::Summary;
use crate::base::RecordId;
use crate::log::EntryRef;
use crate::records::{Cell, Field, FieldId, FieldValue, Member, Members, Set};

/// Where state is looked up: the phone's store, or [`RecordState`]s loaded beforehand.
pub trait Lookup {
    /// Why the holder could not answer.
    type Error;

    /// The live values of a cell; empty if nobody wrote it.
    ///
    /// # Errors
    /// The holder's.
    fn register(&self, cell: &Cell) -> Result<Register, Self::Error>;

    /// The summary of a record, if anything about it is held.
    ///
    /// # Errors
    /// The holder's.
    fn summary(&self, record: RecordId) -> Result<Option<Summary>, Self::Error>;

    /// Everything about a record.
    ///
    /// # Errors
    /// The holder's.
    fn record(&self, record: RecordId) -> Result<RecordState, Self::Error>;
}

/// A value and who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// The version it came from.
    pub version: Version,
}

/// A value added to a set, and the entry that added it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added<T> {
    /// The value.
    pub value: T,
    /// The entry.
    pub by: EntryRef,
}

/// Everything that is held about one record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordState {
    /// Which record.
    pub id: RecordId,
    /// Its summary.
    pub summary: Summary,
    /// Its cells.
    pub cells: BTreeMap<(FieldId, Member), Register>,
    /// What was added to its sets, in the order of chain and number.
    pub additions: Vec<Addition>,
}

impl RecordState {
    /// The live values of a field: none, one, or several that wait to be settled.
    #[must_use]
    pub fn written<T: FieldValue>(&self, field: Field<T>) -> Vec<Written<T>> {
        self.cell(field.id(), Member::Whole)
    }

    /// The value of a field; of several, the first in the fixed order.
    #[must_use]
    pub fn get<T: FieldValue>(&self, field: Field<T>) -> Option<T> {
        self.written(field).into_iter().next().map(|w| w.value)
    }

    /// The live values of one member.
    #[must_use]
    pub fn member<T: FieldValue>(&self, field: Members<T>, member: Member) -> Vec<Written<T>> {
        self.cell(field.id(), member)
    }

    /// The members of a field with their live values.
    #[must_use]
    pub fn members<T: FieldValue>(&self, field: Members<T>) -> Vec<(Member, Vec<Written<T>>)> {
        self.cells
            .keys()
            .filter(|(id, _)| *id == field.id())
            .map(|(id, member)| (*member, self.cell(*id, *member)))
            .collect()
    }

    /// What was added to a set. Values from newer versions that this one cannot read are left out.
    #[must_use]
    pub fn added<T: FieldValue>(&self, set: Set<T>) -> Vec<Added<T>> {
        let of_set = self.additions.iter().filter(|a| a.field == set.id());
        of_set.filter_map(|a| Some(Added { value: T::from_value(&a.value)?, by: a.by })).collect()
    }

    fn cell<T: FieldValue>(&self, field: FieldId, member: Member) -> Vec<Written<T>> {
        let versions = self.cells.get(&(field, member)).map(Register::versions).unwrap_or_default();
        versions
            .iter()
            .filter_map(|v| Some(Written { value: T::from_value(&v.value)?, version: v.clone() }))
            .collect()
    }
}
