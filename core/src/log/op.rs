//! Operations, `docs/log-format.md` 3.1: what one entry changes.

use super::codec::{CodecError, Reader, Writer};
use crate::base::{ChainId, Seq, Value};
use crate::records::{FieldId, Member};

/// Operations an entry may carry, citations a write may carry.
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
        /// Writes of other chains that it replaces.
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
/// [`CodecError::Shape`] for what a newer version may have meant: the entry is then opaque.
pub fn decode_ops(bytes: &[u8]) -> Result<Vec<Op>, CodecError> {
    Reader::new(bytes)?.list(Op::read)
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

    fn read(r: &mut Reader<'_>) -> Result<Self, CodecError> {
        let len = r.any_array()?;
        let tag = r.uint()?;
        let (record, field) = (r.small()?, FieldId(r.small()?));
        match (tag, len) {
            (0, 6) => Ok(Self::Write {
                record,
                field,
                member: read_member(r)?,
                value: r.value()?,
                cites: r.list(|r| {
                    r.array(3)?;
                    Ok(Cite { chain: ChainId(r.fixed()?), seq: r.uint()?, mark: r.fixed()? })
                })?,
            }),
            (1, 4) => Ok(Self::Add { record, field, value: r.value()? }),
            _ => Err(CodecError::Shape { what: "an operation this version knows" }),
        }
    }
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
