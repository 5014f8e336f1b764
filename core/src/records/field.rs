//! What a record's state is made of: fields that are replaced, and sets that only grow.

use std::fmt;

use crate::base::RecordId;

/// The number of a field or set, unique over all kinds of record and never used again for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u16);

/// Which part of a field: the field itself, or one numbered or named member of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Member {
    /// The field is not divided.
    #[default]
    Whole,
    /// By number, such as a checklist's item.
    Number(u32),
    /// By identifier, such as a person or a record.
    Id([u8; 16]),
}

impl From<RecordId> for Member {
    fn from(id: RecordId) -> Self {
        Self::Id(id.0)
    }
}

/// Where one value lives: a member of a field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The record.
    pub record: RecordId,
    /// The field.
    pub field: FieldId,
    /// The member.
    pub member: Member,
}

impl fmt::Display for FieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "field {}", self.0)
    }
}
