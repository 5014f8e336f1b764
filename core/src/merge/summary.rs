//! One summary for each record: all that a list shows, kept up to date by the fold without reading the record.
//!
//! Everything in it is a sum or an extreme over cells and additions, so it depends on what is there, not on how it came.

use std::collections::BTreeMap;

use super::fold::{Addition, Folded};
use super::register::Register;
use crate::base::{Millis, RecordId, Value};
use crate::log::{CodecError, Reader, Writer};
use crate::records::{FieldId, Member, RecordKind, describe, is_flagged, is_headline};

/// What a list shows of a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// What kind of record it is, as its fields tell; none while only remarks about it are held.
    pub kind: Option<RecordKind>,
    /// The earliest claimed time of an entry about it.
    pub first_at: Millis,
    /// The latest claimed time of an entry about it.
    pub last_at: Millis,
    /// How many cells wait for a person to settle them.
    pub conflicts: u32,
    /// How many of its answers ask for attention.
    pub flagged: u32,
    /// How many members or additions each field has.
    pub counts: BTreeMap<FieldId, u32>,
    /// The live values of the fields that lists show.
    pub headline: BTreeMap<FieldId, Vec<Value>>,
}

impl Summary {
    /// Takes note of an entry about the record: when it says it happened.
    pub fn touch(&mut self, at: Millis) {
        let untouched = self.kind.is_none() && self.counts.is_empty() && self.headline.is_empty();
        self.first_at = if untouched { at } else { self.first_at.min(at) };
        self.last_at = if untouched { at } else { self.last_at.max(at) };
    }

    /// Takes in what an entry changed in this record; `is_new` tells additions that were not held before.
    pub fn fold(
        &mut self,
        record: RecordId,
        at: Millis,
        folded: &Folded,
        is_new: impl Fn(&Addition) -> bool,
    ) {
        self.touch(at);
        for (cell, before, after) in folded.cells.iter().filter(|(cell, ..)| cell.record == record) {
            self.own(cell.field);
            self.cell(cell.field, cell.member, before, after);
        }
        for addition in folded.additions.iter().filter(|a| a.record == record && is_new(a)) {
            self.own(addition.field);
            *self.counts.entry(addition.field).or_default() += 1;
        }
    }

    fn own(&mut self, field: FieldId) {
        let owner = describe(field).and_then(|d| d.owner);
        self.kind = self.kind.max(owner);
    }

    fn cell(&mut self, field: FieldId, member: Member, before: &Register, after: &Register) {
        let shift = |count: &mut u32, was: bool, is: bool| match (was, is) {
            (false, true) => *count += 1,
            (true, false) => *count = count.saturating_sub(1),
            _ => {}
        };
        shift(&mut self.conflicts, before.in_conflict(), after.in_conflict());
        let flagged = |r: &Register| r.values().any(|v| is_flagged(field, v));
        shift(&mut self.flagged, flagged(before), flagged(after));
        if member != Member::Whole {
            let filled = |r: &Register| r.values().any(|v| !v.is_null());
            shift(self.counts.entry(field).or_default(), filled(before), filled(after));
        } else if is_headline(field) {
            self.headline.insert(field, after.values().cloned().collect());
        }
    }

    /// How many members or additions a field has.
    #[must_use]
    pub fn count(&self, field: FieldId) -> u32 {
        self.counts.get(&field).copied().unwrap_or_default()
    }

    /// Writes the row form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(256);
        w.array(7).uint(self.kind.map_or(0, |k| k.code().into()));
        w.int(self.first_at).int(self.last_at).uint(self.conflicts.into()).uint(self.flagged.into());
        w.array(self.counts.len());
        for (field, count) in &self.counts {
            w.array(2).uint(field.0.into()).uint((*count).into());
        }
        w.array(self.headline.len());
        for (field, values) in &self.headline {
            w.array(2).uint(field.0.into()).array(values.len());
            for value in values {
                w.value(value);
            }
        }
        w.finish()
    }

    /// Reads the row form.
    ///
    /// # Errors
    /// [`CodecError`] if the row is damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes)?;
        r.array(7)?;
        Ok(Self {
            kind: RecordKind::from_code(r.small()?),
            first_at: r.int()?,
            last_at: r.int()?,
            conflicts: r.small()?,
            flagged: r.small()?,
            counts: r
                .list(|r| {
                    r.array(2)?;
                    Ok((FieldId(r.small()?), r.small()?))
                })?
                .into_iter()
                .collect(),
            headline: r
                .list(|r| {
                    r.array(2)?;
                    Ok((FieldId(r.small()?), r.list(Reader::value)?))
                })?
                .into_iter()
                .collect(),
        })
    }
}
