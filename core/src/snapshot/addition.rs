//! An addition to a set as a snapshot's row has it: chains by their numbers, so that a holder can keep the bytes as they are.

use super::SnapshotError;
use crate::base::Digest;
use crate::log::pack::{Cursor, put};

/// A member of a set that only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added<'b> {
    /// The number of the chain of the entry that added it.
    pub chain: u32,
    /// That entry's number.
    pub seq: u64,
    /// Its leaf.
    pub leaf: Digest,
    /// Which of its operations.
    pub n: u16,
    /// The value, in canonical CBOR.
    pub value: &'b [u8],
}

impl<'b> Added<'b> {
    /// The bytes of [`super::Row::Addition`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(48 + self.value.len());
        put(&mut out, self.chain.into());
        put(&mut out, self.seq);
        out.extend_from_slice(&self.leaf.0);
        put(&mut out, self.n.into());
        out.extend_from_slice(self.value);
        out
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`SnapshotError::Damaged`]
    pub fn from_bytes(bytes: &'b [u8]) -> Result<Self, SnapshotError> {
        let mut from = Cursor(bytes);
        let chain = u32::try_from(from.varint()?).map_err(|_| SnapshotError::Damaged)?;
        let (seq, leaf) = (from.varint()?, Digest(from.fixed()?));
        let n = u16::try_from(from.varint()?).map_err(|_| SnapshotError::Damaged)?;
        Ok(Self { chain, seq, leaf, n, value: from.0 })
    }
}
