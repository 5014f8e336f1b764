//! What the ledger holds and says, whatever engine keeps it.

use dutylog_core::base::{ChainId, Digest, KeyId, Millis, OrgId, Seq};
use dutylog_core::log::{Head, Header, Peaks, Receipt, Segment, SiteRoot};

/// Where a segment stands in the site's log. Written once, with the segment: its receipt follows from it for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its number in the site's log, from 0.
    pub position: u64,
    /// The root of the site's log that ends with it.
    pub root: Digest,
    /// The server's epoch when it was taken.
    pub epoch: u32,
    /// When it was taken, by the server's clock.
    pub received: Millis,
}

impl Place {
    /// What a receipt for a segment at this place says.
    #[must_use]
    pub fn receipt(&self, header: &Header) -> Receipt {
        Receipt {
            site: header.site,
            epoch: self.epoch,
            chain: header.chain,
            head: header.head(),
            log: SiteRoot { size: self.position + 1, root: self.root },
            received: self.received,
        }
    }
}

/// A segment of the log, whole and checked against its identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The segment.
    pub segment: Segment,
    /// Its place.
    pub place: Place,
    /// The first number at which it differs from what was held when it came.
    pub fork: Option<Seq>,
}

/// A site at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteState {
    /// Its organisation.
    pub org: OrgId,
    /// How often the server was restored, counting from 1.
    pub epoch: u32,
    /// The right edge of the tree over the site's log: size, root, and enough to append.
    pub peaks: Peaks,
    /// How many segments a verified backup holds.
    pub backed_up: u64,
}

impl SiteState {
    /// Size and root of the site's log.
    #[must_use]
    pub fn log(&self) -> SiteRoot {
        SiteRoot { size: self.peaks.size(), root: self.peaks.root() }
    }
}

/// Why a segment that an enrolled device signed is not part of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The header is good, the entries are not those it was signed over: the body is asked for again, the chain goes on.
    AwaitsBody,
    /// The device was revoked, and the server did not hold this when it was: somebody must confirm it.
    Review,
    /// Signed, but not in the exact form.
    NotCanonical,
    /// Signed, but nested too deep.
    TooDeep,
    /// Signed, but an operation cites more heads than allowed.
    TooManyHeads,
    /// Signed, but of a form that only a newer version knows.
    UnknownForm,
    /// What it names as its predecessor ends elsewhere.
    BrokenLink,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::AwaitsBody,
        Self::Review,
        Self::NotCanonical,
        Self::TooDeep,
        Self::TooManyHeads,
        Self::UnknownForm,
        Self::BrokenLink,
    ];

    /// How it is written in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwaitsBody => "awaits_body",
            Self::Review => "review",
            Self::NotCanonical => "not_canonical",
            Self::TooDeep => "too_deep",
            Self::TooManyHeads => "too_many_heads",
            Self::UnknownForm => "unknown_form",
            Self::BrokenLink => "broken_link",
        }
    }

    /// Reads what [`Self::name`] wrote.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// A segment kept outside the log, where people can see it. Its seal was good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// The segment, its entries as received.
    pub segment: Segment,
    /// Why.
    pub reason: Reason,
    /// The key of the device that brought it.
    pub carrier: KeyId,
    /// When.
    pub received: Millis,
}

/// Two different entries with one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fork {
    /// The chain.
    pub chain: ChainId,
    /// The first number that differs.
    pub at: Seq,
    /// The segment that came second.
    pub segment: Digest,
    /// Its position.
    pub position: u64,
}

/// The beginning of an epoch: the server was restored, or a replica took over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestoreNotice {
    /// The epoch that begins.
    pub epoch: u32,
    /// When.
    pub at: Millis,
    /// The log as the server had it then: what the old epoch is known to have held.
    pub log: SiteRoot,
}

/// The ends of the chains.
pub type Heads = std::collections::BTreeMap<ChainId, Vec<Head>>;
