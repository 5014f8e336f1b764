//! What a person wants to record, lawful for the state it was judged against, and not yet stamped with time and number.

use crate::base::{ChainId, Digest, RecordId, Value};
use crate::log::Purpose;
use crate::records::{Field, FieldId, FieldValue, Kind, Member, Members, Set};

/// A record an intent is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// One that exists, or whose name is fixed (a shift, an object of the configuration).
    Known(RecordId),
    /// One that the entry creates; counted from 0.
    New(u8),
}

/// One change, before the citations are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Replace a cell's value.
    Write(Target, FieldId, Member, Value),
    /// Add to a set.
    Add(Target, FieldId, Value),
}

/// A statement that the person's own key is to sign with the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    /// What for.
    pub purpose: Purpose,
    /// Of exactly what.
    pub digest: Digest,
    /// More, depending on the purpose.
    pub details: Value,
}

/// A lawful action, ready to be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// What kind of action.
    pub kind: Kind,
    /// What changes, in order.
    pub changes: Vec<Change>,
    /// What the person signs with it.
    pub to_sign: Option<ToSign>,
    /// Whether the open segment is sealed right after: at the end of a round or session, when a handover is frozen.
    pub seals: bool,
}

/// An intent whose records share one target, under construction.
#[derive(Debug)]
pub struct About {
    target: Target,
    intent: Intent,
}

impl Intent {
    /// An action about a record.
    #[must_use]
    pub fn about(kind: Kind, record: RecordId) -> About {
        About::new(kind, Target::Known(record))
    }

    /// An action that creates a record.
    #[must_use]
    pub fn creating(kind: Kind) -> About {
        About::new(kind, Target::New(0))
    }

    /// An action about the chain itself.
    #[must_use]
    pub fn about_chain(kind: Kind, chain: ChainId) -> About {
        Self::about(kind, RecordId(chain.0))
    }
}

impl About {
    fn new(kind: Kind, target: Target) -> Self {
        Self { target, intent: Intent { kind, changes: Vec::new(), to_sign: None, seals: false } }
    }

    /// Sets a field.
    #[must_use]
    pub fn set<T: FieldValue>(self, field: Field<T>, value: &T) -> Self {
        self.change(|target| Change::Write(target, field.id(), Member::Whole, value.to_value()))
    }

    /// Sets a field if there is something to say.
    #[must_use]
    pub fn set_some<T: FieldValue>(self, field: Field<T>, value: Option<&T>) -> Self {
        match value {
            Some(value) => self.set(field, value),
            None => self,
        }
    }

    /// Sets one member of a field.
    #[must_use]
    pub fn set_member<T: FieldValue>(self, field: Members<T>, member: impl Into<Member>, value: &T) -> Self {
        self.change(|target| Change::Write(target, field.id(), member.into(), value.to_value()))
    }

    /// Adds to a set.
    #[must_use]
    pub fn add<T: FieldValue>(self, set: Set<T>, value: &T) -> Self {
        self.change(|target| Change::Add(target, set.id(), value.to_value()))
    }

    /// Goes on about another record in the same action.
    #[must_use]
    pub fn and_about(mut self, record: RecordId) -> Self {
        self.target = Target::Known(record);
        self
    }

    /// Asks the person's own key to sign.
    #[must_use]
    pub fn signed(mut self, purpose: Purpose, digest: Digest, details: Value) -> Self {
        self.intent.to_sign = Some(ToSign { purpose, digest, details });
        self
    }

    /// Seals the open segment right after.
    #[must_use]
    pub fn sealing(mut self) -> Self {
        self.intent.seals = true;
        self
    }

    /// Adds a raw change, for actions on fields known only by number, such as settling a conflict.
    #[must_use]
    pub fn write(self, field: FieldId, member: Member, value: Value) -> Self {
        self.change(|target| Change::Write(target, field, member, value))
    }

    /// Adds a raw value to a set, for objects that know their set only by number.
    #[must_use]
    pub fn put(self, set: FieldId, value: Value) -> Self {
        self.change(|target| Change::Add(target, set, value))
    }

    /// The intent.
    #[must_use]
    pub fn done(self) -> Intent {
        self.intent
    }

    fn change(mut self, change: impl FnOnce(Target) -> Change) -> Self {
        self.intent.changes.push(change(self.target));
        self
    }
}
