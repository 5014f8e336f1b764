//! One row of a snapshot and its bytes.

use super::SnapshotError;
use crate::base::{ChainId, Digest, KeyId, RecordId};
use crate::log::Head;
use crate::log::pack::{Cursor, PackError, put};
use crate::records::{Cell, FieldId, Member};

/// One row. The bytes in cells, additions and summaries are their owner's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A certificate; issuers come first.
    Certificate(Vec<u8>),
    /// How far a chain is told. Chains count from 1 in the order of these rows; the rows after them name chains by that number.
    Head(Told),
    /// A peak of the site's Merkle tree, largest subtree first.
    Peak(Digest),
    /// The live values of one cell, with their clocks and the entries they come from.
    Cell(Cell, Vec<u8>),
    /// A member of a set that only grows.
    Addition(RecordId, FieldId, Vec<u8>),
    /// A record's row for lists.
    Summary(RecordId, Vec<u8>),
}

/// How far a snapshot tells of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The chain.
    pub chain: ChainId,
    /// The key that seals it.
    pub key: KeyId,
    /// Its newest entry, and the segment that ends with it.
    pub head: Head,
    /// Whether all its segments come along: HQ's chains, by which everything is judged, and chains that overlap themselves.
    pub whole: bool,
}

impl Told {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(2);
        out.extend_from_slice(&self.chain.0);
        out.extend_from_slice(&self.key.0);
        put(out, self.head.seq);
        out.extend_from_slice(&self.head.segment.0);
        out.push(self.whole.into());
    }

    fn from(from: &mut Cursor<'_>) -> Result<Self, SnapshotError> {
        let (chain, key) = (ChainId(from.fixed()?), KeyId(from.fixed()?));
        let head = Head { seq: from.varint()?, segment: Digest(from.fixed()?) };
        let whole = match from.fixed()? {
            [0] => false,
            [1] => true,
            _ => return Err(SnapshotError::Damaged),
        };
        Ok(Self { chain, key, head, whole })
    }
}

impl Row {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Certificate(bytes) => {
                out.push(1);
                out.extend_from_slice(bytes);
            }
            Self::Head(told) => told.put(&mut out),
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
            [2] => Self::Head(Told::from(&mut from)?),
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
