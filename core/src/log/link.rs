//! How a segment stands to what is already held of its chain: the gate before anything is stored or folded.

use super::header::Header;
use crate::base::{Bug, Digest, KeyId, Seq, planted};

/// What the holder knows that bears on a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Whether a segment of this very identifier is held.
    pub already: bool,
    /// The last number of the held segment that `prev` names; 0 if `prev` is the chain's genesis; none if it is not held.
    pub prev_last: Option<Seq>,
    /// The highest number held of the chain, on any branch; 0 for none.
    pub highest: Seq,
    /// The key that seals the chain: that of whatever is held of it; none if nothing is.
    pub owner: Option<KeyId>,
}

/// The verdict on a segment whose seal and body are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It follows what is held, and every entry is new.
    Extends,
    /// Held already; nothing to do.
    Duplicate,
    /// It follows what is held, but numbers up to `to` are held already: compare the leaves, see [`diverges_at`].
    Overlaps {
        /// The last number to compare.
        to: Seq,
    },
    /// What comes before it is not held yet.
    Gap {
        /// The highest number held.
        have: Seq,
    },
    /// What it names as its predecessor ends elsewhere: the header contradicts itself.
    Broken,
}

impl Link {
    /// The stable code of the refusal (`docs/log-format.md` section 9), if the segment does not continue what is held. That of
    /// a gap may be mended by what arrives later.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        matches!(self, Self::Gap { .. } | Self::Broken).then_some("broken_link")
    }
}

/// Judges a segment, sealed by `key`, against what is held. A chain has one key from its first entry to its last: nobody continues,
/// forks or begins again a chain that another device began.
#[must_use]
pub fn link(header: &Header, key: KeyId, held: Held) -> Link {
    if held.already {
        return Link::Duplicate;
    }
    if held.owner.is_some_and(|owner| owner != key) {
        return Link::Broken;
    }
    let follows = match held.prev_last {
        Some(last) => last + 1 == header.first,
        None if planted(Bug::SkipPrev) => header.first <= held.highest + 1,
        None if planted(Bug::ApplyOutOfOrder) => true,
        None => return Link::Gap { have: held.highest },
    };
    match follows {
        false => Link::Broken,
        true if header.first > held.highest => Link::Extends,
        true => Link::Overlaps { to: held.highest.min(header.last()) },
    }
}

/// The first number at which a segment's leaves differ from every held leaf of that number: the point of a fork.
///
/// `held` gives the leaves held under a number. Equal leaves in differently cut segments are one entry, no fork.
pub fn diverges_at<'l>(first: Seq, leaves: &[Digest], held: impl Fn(Seq) -> &'l [Digest]) -> Option<Seq> {
    (first..)
        .zip(leaves)
        .find(|(seq, leaf)| !held(*seq).is_empty() && !held(*seq).contains(leaf))
        .map(|(seq, _)| seq)
}
