//! What a record's state is made of: fields that are replaced, and sets that only grow.

use std::fmt;
use std::marker::PhantomData;

use super::RecordKind;
use crate::base::{PersonId, RecordId};

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

impl From<PersonId> for Member {
    fn from(id: PersonId) -> Self {
        Self::Id(id.0)
    }
}

impl From<u32> for Member {
    fn from(number: u32) -> Self {
        Self::Number(number)
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

/// How a field holds its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// One value that writes replace.
    Register,
    /// One value for each member, each replaced by itself.
    Members,
    /// Values that are only ever added.
    Set,
}

/// What a field number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldKind {
    /// The number.
    pub id: FieldId,
    /// The kind of record that has it; none if any record may.
    pub owner: Option<RecordKind>,
    /// How it holds its values.
    pub shape: Shape,
}

macro_rules! handle {
    ($(#[$meta:meta])* $name:ident, $shape:ident) => {
        $(#[$meta])*
        pub struct $name<T> {
            id: FieldId,
            holds: PhantomData<fn() -> T>,
        }

        impl<T> $name<T> {
            pub(super) const fn new(id: u16) -> Self {
                Self { id: FieldId(id), holds: PhantomData }
            }

            /// Its number.
            #[must_use]
            pub const fn id(&self) -> FieldId {
                self.id
            }

            pub(super) const fn of(&self, owner: RecordKind) -> FieldKind {
                FieldKind { id: self.id, owner: Some(owner), shape: Shape::$shape }
            }
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $name<T> {}

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.id.0)
            }
        }
    };
}

handle!(
    /// A field with one value of type `T`.
    Field, Register
);
handle!(
    /// A field with one value of type `T` for each member.
    Members, Members
);
handle!(
    /// A set of values of type `T` that only grows.
    Set, Set
);
