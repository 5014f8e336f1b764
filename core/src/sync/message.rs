//! What one exchange says, as plain values: `docs/sync-protocol.md` 2. [`super::wire`] gives them their bytes.

use super::verify::{Cause, Fault};
use crate::base::{ChainId, Digest, KeyId, Millis, Seq};
use crate::log::{Head, Signature, SiteRoot};

/// The version this code speaks.
pub const VERSION: u64 = 1;
/// The oldest version it understands: three before its own.
pub const OLDEST: u64 = if VERSION > 3 { VERSION - 3 } else { 1 };

/// The nonce that a request signs; the answer brings the next.
pub type Nonce = [u8; 8];

/// What a phone says and wants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The server's epoch, as far as the phone knows.
    pub epoch: u32,
    /// How much of the site's log the phone holds.
    pub position: u64,
    /// The first 8 bytes of the root over that.
    pub mark: [u8; 8],
    /// From which position segments are wanted, if not from `position`.
    pub from: Option<u64>,
    /// How many bytes the answer's frame may unpack to.
    pub max_unpacked: u64,
    /// What else is wanted.
    pub wishes: Wishes,
    /// Whether the phone holds nothing that no receipt covers: all it recorded is told.
    pub told: bool,
    /// The segments offered, as bytes of a frame; empty for none.
    pub frame: Vec<u8>,
}

/// What a phone may ask for beyond what comes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wishes {
    /// Every segment whole, also those the phone is known to hold.
    pub whole: bool,
    /// Every signature.
    pub signatures: bool,
    /// The certificates of all devices concerned.
    pub certificates: bool,
    /// The heads of all chains.
    pub heads: bool,
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// How often the server was restored.
    pub epoch: u32,
    /// Its clock.
    pub time: Millis,
    /// What the next request signs.
    pub nonce: Nonce,
    /// How many segments the site's log has.
    pub size: u64,
    /// A checkpoint (its envelope), needed when no receipt of this answer covers the end of the frame.
    pub checkpoint: Option<Vec<u8>>,
    /// Receipts for the heads of the chains offered.
    pub receipts: Vec<ShortReceipt>,
    /// What there is to say about segments that were offered.
    pub outcomes: Vec<Outcome>,
    /// Heads: of the chains with a gap, or of all chains after a restore or when asked for.
    pub heads: Vec<(ChainId, Head)>,
    /// Up to which position a backup has everything.
    pub backup: Option<u64>,
    /// What is left of the log the phone holds, when its epoch is over.
    pub restored: Option<SiteRoot>,
    /// The segments wanted, as bytes of a frame; empty for none.
    pub frame: Vec<u8>,
}

/// A receipt without what the phone can work out; see [`ShortReceipt::expand`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortReceipt {
    /// The chain.
    pub chain: ChainId,
    /// The number of its newest entry at the server.
    pub seq: Seq,
    /// The segment that ends there; none if the phone has just offered it.
    pub segment: Option<Digest>,
    /// The size of the site's log when it was taken.
    pub size: u64,
    /// Its root; none if the log has that size at the end of this answer's frame.
    pub root: Option<Digest>,
    /// When it was taken.
    pub received: Millis,
    /// The server's log key.
    pub key: KeyId,
    /// Its signature over the whole receipt.
    pub signature: Signature,
}

/// Something to say about a stretch of a chain that was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The chain.
    pub chain: ChainId,
    /// What.
    pub kind: OutcomeKind,
    /// The first entry concerned.
    pub first: Seq,
    /// The last; for a gap, the highest that the server holds.
    pub last: Seq,
}

/// What may be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeKind {
    /// What comes before is not held.
    Gap,
    /// Refused.
    Refused(Cause),
    /// Kept, to be confirmed by a lead.
    HeldForReview,
    /// Kept beside other entries of the same numbers.
    Fork,
    /// Kept, to be understood by a newer server.
    Opaque,
    /// Something that a newer server says.
    Other(u64),
}

impl OutcomeKind {
    /// The stable code (`docs/sync-protocol.md` 7).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Refused(cause) => cause.code(),
            Self::HeldForReview => "held_for_review",
            Self::Fork => "fork_detected",
            Self::Opaque => "stored_opaque",
            Self::Other(_) => "newer_outcome",
        }
    }
}

impl Cause {
    /// The stable code (`docs/sync-protocol.md` 7).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BadSegment => "bad_segment",
            Self::NotCanonical => "not_canonical",
            Self::WrongSuite => "wrong_suite",
            Self::UnknownSigner => "unknown_signer",
            Self::Elsewhere => "elsewhere",
            Self::TooDeep => "too_deep",
            Self::TooManyHeads => "too_many_heads",
            Self::BrokenLink => "broken_link",
        }
    }
}

impl From<Fault> for Outcome {
    fn from(fault: Fault) -> Self {
        let Fault { chain, first, last, cause } = fault;
        Self { chain, kind: OutcomeKind::Refused(cause), first, last }
    }
}
