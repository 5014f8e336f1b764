//! One row of a snapshot and its bytes.

use super::SnapshotError;
use crate::base::{ChainId, Digest, RecordId};
use crate::log::Head;
use crate::log::pack::{Cursor, PackError, put};
use crate::records::{Cell, FieldId, Member};

/// One row. The bytes in cells, additions and summaries are their owner's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A certificate; issuers come first.
    Certificate(Vec<u8>),
    /// A head of a chain.
    Head(ChainId, Head),
    /// A peak of the site's Merkle tree, largest subtree first.
    Peak(Digest),
    /// The live values of one cell, with their clocks and the entries they come from.
    Cell(Cell, Vec<u8>),
    /// A member of a set that only grows.
    Addition(RecordId, FieldId, Vec<u8>),
    /// A record's row for lists.
    Summary(RecordId, Vec<u8>),
}

impl Row {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Certificate(bytes) => {
                out.push(1);
                out.extend_from_slice(bytes);
            }
            Self::Head(chain, head) => {
                out.push(2);
                out.extend_from_slice(&chain.0);
                put(&mut out, head.seq);
                out.extend_from_slice(&head.segment.0);
            }
            Self::Peak(peak) => {
                out.push(3);
                out.extend_from_slice(&peak.0);
            }
            Self::Cell(cell, bytes) => {
                out.push(4);
                out.extend_from_slice(&cell.record.0);
                put(&mut out, cell.field.0.into());
                put_member(&mut out, cell.member);
                out.extend_from_slice(bytes);
            }
            Self::Addition(record, field, bytes) => {
                out.push(5);
                out.extend_from_slice(&record.0);
                put(&mut out, field.0.into());
                out.extend_from_slice(bytes);
            }
            Self::Summary(record, bytes) => {
                out.push(6);
                out.extend_from_slice(&record.0);
                out.extend_from_slice(bytes);
            }
        }
        out
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut from = Cursor(bytes);
        let row = match from.fixed()? {
            [1] => Self::Certificate(rest(&mut from)?),
            [2] => Self::Head(
                ChainId(from.fixed()?),
                Head { seq: from.varint()?, segment: Digest(from.fixed()?) },
            ),
            [3] => Self::Peak(Digest(from.fixed()?)),
            [4] => {
                let (record, field) = (RecordId(from.fixed()?), field(&mut from)?);
                let member = member(&mut from)?;
                Self::Cell(Cell { record, field, member }, rest(&mut from)?)
            }
            [5] => Self::Addition(RecordId(from.fixed()?), field(&mut from)?, rest(&mut from)?),
            [6] => Self::Summary(RecordId(from.fixed()?), rest(&mut from)?),
            _ => return Err(SnapshotError::Damaged),
        };
        if from.0.is_empty() { Ok(row) } else { Err(SnapshotError::Damaged) }
    }
}

fn rest(from: &mut Cursor<'_>) -> Result<Vec<u8>, PackError> {
    from.take(from.0.len()).map(<[u8]>::to_vec)
}

fn field(from: &mut Cursor<'_>) -> Result<FieldId, SnapshotError> {
    u16::try_from(from.varint()?).map(FieldId).map_err(|_| SnapshotError::Damaged)
}

fn put_member(out: &mut Vec<u8>, member: Member) {
    match member {
        Member::Whole => out.push(0),
        Member::Number(n) => {
            out.push(1);
            put(out, n.into());
        }
        Member::Id(id) => {
            out.push(2);
            out.extend_from_slice(&id);
        }
    }
}

fn member(from: &mut Cursor<'_>) -> Result<Member, SnapshotError> {
    match from.fixed()? {
        [0] => Ok(Member::Whole),
        [1] => u32::try_from(from.varint()?).map(Member::Number).map_err(|_| SnapshotError::Damaged),
        [2] => Ok(Member::Id(from.fixed()?)),
        _ => Err(SnapshotError::Damaged),
    }
}
