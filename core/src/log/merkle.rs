//! Merkle trees of RFC 9162: one over the entries of a segment, one over the segments of a site.

use crate::base::{Digest, Hasher, Seq};

fn node(left: &Digest, right: &Digest) -> Digest {
    Hasher::default().with(&[1]).with(&left.0).with(&right.0).finish()
}

/// The leaf of a segment at a position of the site's log.
#[must_use]
pub fn site_leaf(position: u64, segment: &Digest) -> Digest {
    Hasher::default().with(&[0]).with(&position.to_be_bytes()).with(&segment.0).finish()
}

/// The root over some leaves; of none, the digest of nothing.
#[must_use]
pub fn root(leaves: &[Digest]) -> Digest {
    leaves.iter().fold(Peaks::default(), |peaks, leaf| peaks.with(*leaf)).root()
}

/// The largest power of two below `n` (for `n` of at least 2).
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// The path that proves leaf `index` (from 0) is in the tree.
#[must_use]
pub fn inclusion(leaves: &[Digest], index: usize) -> Vec<Digest> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut path, other) = if index < left.len() {
        (inclusion(left, index), root(right))
    } else {
        (inclusion(right, index - left.len()), root(left))
    };
    path.push(other);
    path
}

/// The root that an inclusion path leads to (RFC 9162 2.1.3.2), if it has the right length.
#[must_use]
pub fn climb(leaf: Digest, index: u64, size: u64, path: &[Digest]) -> Option<Digest> {
    if index >= size {
        return None;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// The right edge of a tree: enough to append leaves and to know the root, in 32 bytes a level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peaks {
    size: u64,
    /// Roots of the perfect subtrees, largest first.
    peaks: Vec<Digest>,
}

impl Peaks {
    /// From what [`Self::size`] and [`Self::hashes`] gave; none if they do not belong together.
    #[must_use]
    pub fn from_parts(size: u64, peaks: Vec<Digest>) -> Option<Self> {
        (u32::try_from(peaks.len()) == Ok(size.count_ones())).then_some(Self { size, peaks })
    }

    /// How many leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The peaks, largest subtree first.
    #[must_use]
    pub fn hashes(&self) -> &[Digest] {
        &self.peaks
    }

    /// Appends a leaf.
    #[must_use]
    pub fn with(mut self, leaf: Digest) -> Self {
        self.push(leaf);
        self
    }

    /// Appends a leaf.
    pub fn push(&mut self, leaf: Digest) {
        let mut hash = leaf;
        // Every 1 at the low end of the size is a finished subtree that the new leaf completes.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev().copied();
        match peaks.next() {
            None => Digest::of(&[]),
            Some(last) => peaks.fold(last, |right, left| node(&left, &right)),
        }
    }
}

/// A root of a site's log at a size: what receipts and checkpoints promise, and what must never be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteRoot {
    /// How many segments.
    pub size: u64,
    /// The Merkle root over them.
    pub root: Digest,
}

/// The newest entry of a chain that somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Head {
    /// The number of the newest entry.
    pub seq: Seq,
    /// The identifier of the segment that ends with it.
    pub segment: Digest,
}
