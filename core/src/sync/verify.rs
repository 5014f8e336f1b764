//! From segments as read to segments as proven: `docs/sync-protocol.md` 3.3.
//!
//! A segment is proven by its own signature, or by a proven segment of the same chain and key that names it as the one before.

use std::collections::BTreeSet;

use super::frame::Item;
use crate::base::{ChainId, Digest, KeyId, Seq};
use crate::log::{CodecError, Entry, SealError, Segment, SegmentError, Trust, genesis};

/// What became of one item of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// Proven.
    Good(Box<Segment>),
    /// The header is proven, the entries are not those it speaks of: keep it aside and ask for the entries again.
    Hollow {
        /// The segment with the wrong entries.
        segment: Box<Segment>,
        /// What is wrong.
        fault: Fault,
    },
    /// Not proven.
    Bad(Fault),
    /// Said to be held.
    Held {
        /// Its chain.
        chain: ChainId,
        /// The number of its first entry.
        first: Seq,
        /// How many entries.
        count: u32,
    },
}

/// A stretch of a chain that was refused, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The chain.
    pub chain: ChainId,
    /// The number of the first entry concerned.
    pub first: Seq,
    /// The number of the last.
    pub last: Seq,
    /// Why.
    pub cause: Cause,
}

/// Why a segment was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The signature or the entries do not match.
    BadSegment,
    /// An entry is not in canonical form.
    NotCanonical,
    /// The key is registered for another method.
    WrongSuite,
    /// The certificate of the device is not known.
    UnknownSigner,
    /// It belongs to another site or another device's chain.
    Elsewhere,
    /// An entry is nested too deep.
    TooDeep,
    /// It names more heads than allowed.
    TooManyHeads,
    /// It does not follow what it names as the one before.
    BrokenLink,
}

/// Checks the items of a frame of the trust's organisation against each other and the certificates known.
///
/// The certificates of the frame must have been added to `trust` already.
#[must_use]
pub fn verify(items: Vec<Item>, trust: &Trust) -> Vec<Checked> {
    let mut proven = Proven::default();
    let mut checked: Vec<Checked> = items.into_iter().rev().map(|item| proven.check(item, trust)).collect();
    checked.reverse();
    checked
}

/// The segments that proven ones name, under the keys that signed those.
#[derive(Default)]
struct Proven(BTreeSet<(KeyId, ChainId, Seq, Digest)>);

impl Proven {
    fn check(&mut self, item: Item, trust: &Trust) -> Checked {
        let segment = match item {
            Item::Held { chain, first, count } => return Checked::Held { chain, first, count },
            Item::Segment(segment) => segment,
        };
        if let Err(cause) = self.seal(&segment, trust) {
            return Checked::Bad(fault(&segment, cause));
        }
        let header = &segment.header;
        self.0.insert((segment.key, header.chain, header.first - 1, header.prev));
        match body(&segment) {
            Ok(()) => Checked::Good(segment),
            Err(cause) => Checked::Hollow { fault: fault(&segment, cause), segment },
        }
    }

    fn seal(&self, segment: &Segment, trust: &Trust) -> Result<(), Cause> {
        let header = &segment.header;
        let device = trust.get(segment.key).ok_or(Cause::UnknownSigner)?;
        if header.first == 1 && header.prev != genesis(device, header.site, header.chain) {
            return Err(Cause::Elsewhere);
        }
        let named = || self.0.contains(&(segment.key, header.chain, header.last(), header.id()));
        if segment.signature.is_none() && named() {
            return Ok(());
        }
        segment.check_seal(trust.org, header.site, device).map_err(|error| match error {
            SegmentError::Elsewhere(_) => Cause::Elsewhere,
            SegmentError::Seal(SealError::WrongSuite) => Cause::WrongSuite,
            _ => Cause::BadSegment,
        })
    }
}

fn fault(segment: &Segment, cause: Cause) -> Fault {
    let header = &segment.header;
    Fault { chain: header.chain, first: header.first, last: header.last(), cause }
}

/// Checks the entries.
fn body(segment: &Segment) -> Result<(), Cause> {
    let header = &segment.header;
    if segment.entries.leaves().len() != header.count as usize || segment.entries.root() != header.root {
        return Err(Cause::BadSegment);
    }
    match segment.entries.decoded() {
        Err(CodecError::Shape { .. }) => Err(Cause::BadSegment),
        Err(_) => Err(Cause::NotCanonical),
        Ok(entries) => {
            let in_order = |(entry, seq): (&Entry, Seq)| entry.seq == seq && entry.within_limits();
            let good = entries.iter().zip(header.first..).all(in_order);
            if good { Ok(()) } else { Err(Cause::BadSegment) }
        }
    }
}

/// How many entries of a proven segment are of a newer version: they have members, or operations, that this one does not know.
#[must_use]
pub fn opaque(segment: &Segment) -> usize {
    let newer = |entry: &&Entry| {
        !entry.beyond.is_empty() || matches!(entry.operations(), Err(CodecError::Newer { .. }))
    };
    segment.entries.decoded().map_or(0, |entries| entries.iter().filter(newer).count())
}
