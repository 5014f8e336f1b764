//! Operations, `docs/log-format.md` 3.1: what one entry changes.

use std::collections::BTreeSet;

use super::codec::{CodecError, Reader, Writer};
use crate::base::{ChainId, Seq, Value};
use crate::records::{FieldId, Member};

/// Citations that a write may carry.
pub const MAX_CITES: usize = 32;

/// An entry of another chain that a write has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cite {
    /// Its chain.
    pub chain: ChainId,
    /// Its number.
    pub seq: Seq,
    /// The first 8 bytes of its leaf: exact even where the chain has forked.
    pub mark: [u8; 8],
}

/// One change to one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Replaces what it has seen of a field or a member.
    Write {
        /// Index into the entry's records.
        record: u8,
        /// Which field.
        field: FieldId,
        /// Which member of it.
        member: Member,
        /// The new value.
        value: Value,
        /// Writes of other chains that it replaces, once they are held.
        cites: Vec<Cite>,
    },
    /// Adds to a set that only grows.
    Add {
        /// Index into the entry's records.
        record: u8,
        /// Which set.
        field: FieldId,
        /// What is added.
        value: Value,
    },
}

/// The canonical bytes of an entry's operations.
#[must_use]
pub fn encode_ops(ops: &[Op]) -> Vec<u8> {
    let mut w = Writer::default();
    w.array(ops.len());
    for op in ops {
        op.write(&mut w);
    }
    w.finish()
}

/// Reads an entry's operations.
///
/// # Errors
/// [`CodecError::Newer`] if one of them is of a newer version: the entry is then opaque. Otherwise they are malformed.
pub fn decode_ops(bytes: &[u8]) -> Result<Vec<Op>, CodecError> {
    let ops = Reader::new(bytes)?.list(Known::read)?;
    let whole = ops.into_iter().map(|known| if let Known::Whole(op) = known { Some(op) } else { None });
    whole.collect::<Option<_>>().ok_or(CodecError::Newer { what: "an operation" })
}

/// Checks an entry's operations as far as this version knows them: their form, that they touch one of so many records, that
/// no field is written twice, and how much they cite.
///
/// # Errors
/// [`CodecError`], but not for what is of a newer version.
pub fn check_ops(bytes: &[u8], records: usize) -> Result<(), CodecError> {
    let mut written = BTreeSet::new();
    for known in Reader::new(bytes)?.list(Known::read)? {
        let Some(op) = known.op() else { continue };
        let (Op::Write { record, .. } | Op::Add { record, .. }) = &op;
        if usize::from(*record) >= records {
            return Err(CodecError::Shape { what: "a record that the entry names" });
        }
        if let Op::Write { record, field, member, cites, .. } = &op
            && (cites.len() > MAX_CITES || !written.insert((*record, *field, *member)))
        {
            return Err(CodecError::Shape { what: "one write of a field, with at most 32 citations" });
        }
    }
    Ok(())
}

/// An operation as far as this version knows it.
enum Known {
    /// All of it.
    Whole(Op),
    /// A newer version has appended members to it.
    Part(Op),
    /// Its kind is new.
    Nothing,
}

impl Op {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Write { record, field, member, value, cites } => {
                w.array(6).uint(0).uint((*record).into()).uint(field.0.into());
                match member {
                    Member::Whole => w.null(),
                    Member::Number(n) => w.uint((*n).into()),
                    Member::Id(id) => w.bytes(id),
                };
                w.value(value).array(cites.len());
                for cite in cites {
                    w.array(3).bytes(&cite.chain.0).uint(cite.seq).bytes(&cite.mark);
                }
            }
            Self::Add { record, field, value } => {
                w.array(4).uint(1).uint((*record).into()).uint(field.0.into()).value(value);
            }
        }
    }
}

impl Known {
    fn op(self) -> Option<Op> {
        match self {
            Self::Whole(op) | Self::Part(op) => Some(op),
            Self::Nothing => None,
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, CodecError> {
        let too_short = CodecError::Shape { what: "an operation with all its members" };
        let members = r.any_array()?.checked_sub(1).ok_or(too_short)?;
        let (op, known) = match r.uint()? {
            0 if members >= 5 => (read_write(r)?, 5),
            1 if members >= 3 => (read_add(r)?, 3),
            0 | 1 => return Err(too_short),
            _ => return r.beyond(members).map(|_| Self::Nothing),
        };
        r.beyond(members - known)?;
        Ok(if members == known { Self::Whole(op) } else { Self::Part(op) })
    }
}

fn read_write(r: &mut Reader<'_>) -> Result<Op, CodecError> {
    Ok(Op::Write {
        record: r.small()?,
        field: FieldId(r.small()?),
        member: read_member(r)?,
        value: r.value()?,
        cites: r.list(read_cite)?,
    })
}

fn read_add(r: &mut Reader<'_>) -> Result<Op, CodecError> {
    Ok(Op::Add { record: r.small()?, field: FieldId(r.small()?), value: r.value()? })
}

fn read_cite(r: &mut Reader<'_>) -> Result<Cite, CodecError> {
    r.array(3)?;
    Ok(Cite { chain: ChainId(r.fixed()?), seq: r.seq()?, mark: r.fixed()? })
}

fn read_member(r: &mut Reader<'_>) -> Result<Member, CodecError> {
    let member = match r.value()? {
        Value::Null => Some(Member::Whole),
        Value::Int(n) => u32::try_from(n).ok().map(Member::Number),
        Value::Bytes(b) => b.try_into().ok().map(Member::Id),
        _ => None,
    };
    member.ok_or(CodecError::Shape { what: "a member" })
}
