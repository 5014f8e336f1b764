//! One action of one person, in plain values.

use serde::{Serialize, Serializer};

/// Whose phone recorded an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) enum Actor {
    /// The phone that recorded the year.
    First,
    /// The phone that was away.
    Second,
}

/// What an action is. The first action in a record is the one that begins it: a `Round`, a `Handover` or an `Incident`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) enum Kind {
    /// A round begins: three fields of text.
    Round,
    /// One item of a round is answered: status, perhaps a reading, perhaps a note.
    CheckResult,
    /// A handover begins: twelve fields of text.
    Handover,
    /// One item of a handover: status and text.
    HandoverItem,
    /// One signature on a handover: 64 bytes.
    Signature,
    /// An incident begins: ten fields of text.
    Incident,
    /// One line of an incident's timeline.
    TimelineLine,
}

/// What a field is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) enum Value {
    /// 0 normal, 1 abnormal, 2 not checked.
    Status(u8),
    /// A reading, in tenths of its unit; plain programs write it as the number it stands for.
    Reading(#[serde(serialize_with = "as_number")] i32),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

fn as_number<S: Serializer>(tenths: &i32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(f64::from(*tenths) / 10.0)
}

/// One field that an action writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Field {
    /// Which member of the record: 0 the record itself, else its item, line or signature, from 1.
    pub(crate) item: u16,
    /// Which field of that member, from 0 and below 16.
    pub(crate) name: u8,
    /// What is written.
    pub(crate) value: Value,
}

/// One action of one person on one phone: one durable commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Action {
    /// Whose phone.
    pub(crate) actor: Actor,
    /// Which record, by number; [`record_id`] names it.
    pub(crate) record: u32,
    /// What is done.
    pub(crate) kind: Kind,
    /// When, ms since 1970-01-01 UTC; whole seconds in this workload.
    pub(crate) at_ms: i64,
    /// What is written; never empty.
    pub(crate) fields: Vec<Field>,
}

/// The 16 bytes by which a record is known beyond one phone.
pub(crate) fn record_id(record: u32) -> [u8; 16] {
    let mut chance = super::Chance::new(u64::from(record));
    chance.bytes(16).try_into().expect("16 bytes were asked for")
}
