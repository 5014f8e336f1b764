//! What a sync session needs of the place that holds a site's log. The phone's store and the in-memory log implement it;
//! `sync` knows only this.

use std::collections::BTreeMap;

use super::merkle::{Head, Peaks};
use super::receipt::Receipt;
use super::segment::Segment;
use crate::base::{ChainId, Digest, Seq};

/// How much of the site's log, in the server's order, is held without a hole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pulled {
    /// The server's epoch.
    pub epoch: u32,
    /// The Merkle peaks over that prefix; their size is the position to go on from.
    pub peaks: Peaks,
}

/// A chain with segments that no receipt covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsent {
    /// The chain.
    pub chain: ChainId,
    /// The newest head that a verified receipt covers.
    pub confirmed: Option<Head>,
}

/// A segment to take in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Its place in the site's log; none when a colleague's phone carried it here before the server numbered it.
    pub position: Option<u64>,
    /// The segment, its seal verified directly or through its run.
    pub segment: Segment,
}

/// What became of one arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absorbed {
    /// New, stored.
    Stored,
    /// Held already.
    Held,
    /// Stored, and it differs from what was held under the same number.
    Forked {
        /// The first number that differs.
        at: Seq,
    },
    /// Waits, visibly, for what comes before it.
    Pending {
        /// The highest number held.
        have: Seq,
    },
    /// Contradicts itself; kept aside as evidence, not as part of the log.
    SetAside,
}

/// What became of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenOver {
    /// The log stands on it now.
    Taken,
    /// Something is held already: a snapshot is for whoever holds nothing.
    NotEmpty,
    /// It, or something in it, is not proven; nothing of it was taken.
    Unproven,
}

/// The log of one site, as held by one participant.
pub trait Holdings {
    /// Why the holder could not answer.
    type Error: std::error::Error;

    /// How much of the server's log is held.
    ///
    /// # Errors
    /// The holder's.
    fn pulled(&self) -> Result<Pulled, Self::Error>;

    /// The heads held of every chain; more than one for a chain that has forked.
    ///
    /// # Errors
    /// The holder's.
    fn heads(&self) -> Result<BTreeMap<ChainId, Vec<Head>>, Self::Error>;

    /// The chains that have something the server has not confirmed.
    ///
    /// # Errors
    /// The holder's.
    fn unsent(&self) -> Result<Vec<Unsent>, Self::Error>;

    /// Whether nothing is held, sealed or not, that the server has not confirmed.
    ///
    /// # Errors
    /// The holder's.
    fn all_told(&self) -> Result<bool, Self::Error> {
        Ok(self.unsent()?.is_empty())
    }

    /// Sealed segments of a chain that follow the given one (none: from the start), oldest first, all branches, as many as fit
    /// the given number of packed bytes but at least one.
    ///
    /// # Errors
    /// The holder's.
    fn segments_after(
        &self,
        chain: ChainId,
        after: Option<Digest>,
        max_bytes: usize,
    ) -> Result<Vec<Segment>, Self::Error>;

    /// A segment by its identifier.
    ///
    /// # Errors
    /// The holder's.
    fn segment(&self, id: &Digest) -> Result<Option<Segment>, Self::Error>;

    /// The segment of a chain that starts with this number, if exactly one does.
    ///
    /// # Errors
    /// The holder's.
    fn segment_at(&self, chain: ChainId, first: Seq) -> Result<Option<Segment>, Self::Error>;

    /// The identifiers at positions `from..to` of the site's log.
    ///
    /// # Errors
    /// The holder's.
    fn site_log(&self, from: u64, to: u64) -> Result<Vec<Digest>, Self::Error>;

    /// The prefix of the site's log that a snapshot stands for: its identifiers are not held.
    ///
    /// # Errors
    /// The holder's.
    fn stands_on(&self) -> Result<Peaks, Self::Error> {
        Ok(Peaks::default())
    }

    /// Whether a snapshot would be taken over: the holder can, and holds nothing yet.
    ///
    /// # Errors
    /// The holder's.
    fn wants_snapshot(&self) -> Result<bool, Self::Error> {
        Ok(false)
    }

    /// Takes over a snapshot (`docs/sync-protocol.md` 8), once all of it is proven: the log then stands on it.
    ///
    /// # Errors
    /// The holder's; then nothing has changed.
    fn take_over(&mut self, _snapshot: &[u8]) -> Result<TakenOver, Self::Error> {
        Ok(TakenOver::NotEmpty)
    }

    /// Makes certificates known, proven ones, issuers first: before the segments that they prove are taken in, so that whoever is
    /// interrupted in between does not hold segments of strangers.
    ///
    /// # Errors
    /// The holder's.
    fn learn(&mut self, _certificates: &[Vec<u8>]) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Takes segments in, folds them and moves the pulled mark, all in one transaction. Certificates in them become known.
    ///
    /// # Errors
    /// The holder's; then nothing has changed.
    fn absorb(
        &mut self,
        arrivals: Vec<Arrival>,
        pulled: Option<Pulled>,
    ) -> Result<Vec<Absorbed>, Self::Error>;

    /// Remembers verified receipts (with their bytes, as evidence).
    ///
    /// # Errors
    /// The holder's.
    fn confirm(&mut self, receipts: &[(Receipt, Vec<u8>)]) -> Result<(), Self::Error>;

    /// Accepts that the server was restored: positions from `kept` on are forgotten (the segments are not), nothing beyond the server's heads counts as
    /// confirmed any more.
    ///
    /// # Errors
    /// The holder's.
    fn restored(
        &mut self,
        epoch: u32,
        kept: u64,
        heads: &BTreeMap<ChainId, Vec<Head>>,
    ) -> Result<(), Self::Error>;
}
