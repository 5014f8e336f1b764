//! The entries of a segment as they travel: their canonical bytes, what those say and what they come to, each computed once.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use super::codec::CodecError;
use super::entry::{Entry, MAX_ENTRY, leaf_of};
use super::merkle;
use crate::base::Digest;

/// The entries of a segment, in order: as canonical bytes, or as what those say. Each is made from the other, and hashed, when it is
/// first asked for; whoever reads, verifies, stores and folds a segment need not do it again.
#[derive(Clone, Default)]
pub struct Entries {
    bytes: OnceLock<Vec<Vec<u8>>>,
    decoded: OnceLock<Result<Vec<Entry>, CodecError>>,
    leaves: OnceLock<Vec<Digest>>,
    root: OnceLock<Digest>,
    /// How many bytes they take; told apart from the bytes, which need not be there.
    size: OnceLock<usize>,
}

impl Entries {
    /// Their canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> &[Vec<u8>] {
        self.bytes.get_or_init(|| match self.decoded.get() {
            Some(Ok(entries)) => entries.iter().map(Entry::to_bytes).collect(),
            _ => Vec::new(),
        })
    }

    /// The entries, decoded.
    ///
    /// # Errors
    /// [`CodecError`] of the first that cannot be.
    pub fn decoded(&self) -> Result<&[Entry], CodecError> {
        let decode = || self.bytes().iter().map(|bytes| Entry::from_bytes(bytes)).collect();
        self.decoded.get_or_init(decode).as_deref().map_err(|error| *error)
    }

    /// Their leaves.
    #[must_use]
    pub fn leaves(&self) -> &[Digest] {
        self.leaves.get_or_init(|| self.bytes().iter().map(|bytes| leaf_of(bytes)).collect())
    }

    /// The Merkle root over them.
    #[must_use]
    pub fn root(&self) -> Digest {
        *self.root.get_or_init(|| merkle::root(self.leaves()))
    }

    /// How many bytes they take.
    #[must_use]
    pub fn size(&self) -> usize {
        *self.size.get_or_init(|| self.bytes().iter().map(Vec::len).sum())
    }
}

impl From<Vec<Vec<u8>>> for Entries {
    fn from(bytes: Vec<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), ..Self::default() }
    }
}

impl From<Vec<Entry>> for Entries {
    fn from(entries: Vec<Entry>) -> Self {
        let (mut leaves, mut size, mut largest) = (Vec::with_capacity(entries.len()), 0, 0);
        let mut scratch = Vec::new();
        for entry in &entries {
            scratch = entry.to_bytes_in(scratch);
            leaves.push(leaf_of(&scratch));
            size += scratch.len();
            largest = scratch.len().max(largest);
        }
        // What is larger than an entry may be would not be read back.
        if largest > MAX_ENTRY {
            return entries.iter().map(Entry::to_bytes).collect::<Vec<_>>().into();
        }
        let (decoded, leaves, size) = (Ok(entries).into(), leaves.into(), size.into());
        Self { decoded, leaves, size, ..Self::default() }
    }
}

impl Deref for Entries {
    type Target = [Vec<u8>];

    fn deref(&self) -> &[Vec<u8>] {
        self.bytes()
    }
}

impl DerefMut for Entries {
    /// Whatever was computed is forgotten.
    fn deref_mut(&mut self) -> &mut [Vec<u8>] {
        *self = Self::from(self.bytes().to_vec());
        self.bytes.get_mut().map(Vec::as_mut_slice).unwrap_or_default()
    }
}

impl<'e> IntoIterator for &'e Entries {
    type Item = &'e Vec<u8>;
    type IntoIter = std::slice::Iter<'e, Vec<u8>>;

    fn into_iter(self) -> Self::IntoIter {
        self.bytes().iter()
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Entries {}

impl fmt::Debug for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{BootId, RecordId};

    fn entry(seq: u64, ops: usize) -> Entry {
        Entry {
            seq,
            at: -1,
            boot: BootId([1; 8]),
            author: None,
            session: 0,
            records: vec![RecordId([2; 16])],
            kind: 1,
            ops: vec![0; ops],
            statement: Some(vec![7; 9]),
            beyond: Vec::new(),
        }
    }

    #[test]
    fn what_was_decoded_before_is_what_the_bytes_say() {
        let made = Entries::from(vec![entry(1, 3), entry(2, 300)]);
        let read = Entries::from(made.to_vec());
        assert_eq!(made.decoded(), read.decoded());
        assert_eq!(made.decoded().map(<[Entry]>::len), Ok(2));
    }

    #[test]
    fn an_entry_that_is_too_large_cannot_be_read_however_it_was_made() {
        let made = Entries::from(vec![entry(1, MAX_ENTRY)]);
        assert!(made.decoded().is_err());
    }

    #[test]
    fn a_change_is_noticed() {
        let mut entries = Entries::from(vec![entry(1, 3)]);
        let (root, leaf) = (entries.root(), entries.leaves()[0]);
        entries[0][2] ^= 1;
        assert_ne!((entries.root(), entries.leaves()[0]), (root, leaf));
        assert_ne!(entries.decoded().map(|all| all[0].clone()), Ok(entry(1, 3)));
    }
}
