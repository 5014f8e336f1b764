//! What a chain records of itself: sessions, clocks, forks, epochs.

use super::Set;
use super::value::{codes, list_value};
use crate::base::{ChainId, DeviceId, Digest, Hasher, Millis, PersonId, Seq, SiteId};

/// Sessions that were opened.
pub const SESSION_OPENED: Set<SessionOpened> = Set::new(192);
/// Sessions that ended.
pub const SESSION_CLOSED: Set<SessionClosed> = Set::new(193);
/// Moves of the clock.
pub const CLOCK_CHANGED: Set<ClockChange> = Set::new(194);
/// What HQ found about a fork.
pub const FORK_REVIEWED: Set<ForkReview> = Set::new(195);
/// Entries of the device alone that a person claims.
pub const AUTHOR_CLAIMED: Set<EntryAt> = Set::new(196);
/// Server epochs that HQ opened.
pub const EPOCH_OPENED: Set<EpochOpened> = Set::new(197);
/// Earlier entries of HQ that came back and were taken over.
pub const EPOCH_ADOPTED: Set<EntryAt> = Set::new(198);
/// Decisions about records that were held.
pub const HELD_REVIEWED: Set<HeldReview> = Set::new(199);

/// What HQ told new phones that its log folds to.
pub const SNAPSHOT_TAKEN: Set<SnapshotTaken> = Set::new(200);
/// Codes that enrol a phone or a person.
pub const CODE_ISSUED: Set<CodeIssued> = Set::new(201);
/// What phones said they are called.
pub const PHONE_NAMED: Set<PhoneNamed> = Set::new(202);

codes! {
    /// How a person showed who they are.
    pub enum SignInMethod {
        /// By PIN.
        Pin = 1,
        /// By fingerprint or face.
        Biometric = 2,
        /// By PIN, on a certificate that the lead gave for the time being.
        Provisional = 3,
        /// By password and session at headquarters.
        Console = 4,
    }
}

/// A person signed in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionOpened {
    /// Who.
    pub person: PersonId,
    /// How.
    pub method: SignInMethod,
    /// The version of the rule pack that allowed it.
    pub policy: u32,
    /// For how many days the phone had not heard of headquarters, if that is more than the rules allow: it counts, and is marked stale.
    pub stale_days: Option<u32>,
}
list_value!(SessionOpened { person, method, policy, stale_days });

codes! {
    /// Why a session ended.
    pub enum SessionEnd {
        /// The person signed out.
        SignedOut = 1,
        /// Another person took the phone.
        Switched = 2,
        /// Nobody used it for a time.
        Idle = 3,
        /// The phone was started again.
        Restarted = 4,
    }
}

/// A session ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionClosed {
    /// Why.
    pub reason: SessionEnd,
}
list_value!(SessionClosed { reason });

/// The wall clock was moved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockChange {
    /// What it would have shown.
    pub before: Millis,
    /// What it shows.
    pub after: Millis,
}
list_value!(ClockChange { before, after });

codes! {
    /// How a chain came to have two different entries of one number.
    pub enum ForkCause {
        /// The phone was restored, or put back to an earlier state.
        Restored = 1,
        /// A copy of the phone went on beside it.
        Copied = 2,
        /// Somebody else had its key.
        StolenKey = 3,
        /// A fault in the software.
        Fault = 4,
        /// It could not be found out.
        Unknown = 5,
    }
}

/// HQ looked at a fork. From here on the chain is closed for whoever has read it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForkReview {
    /// The first number at which the branches differ.
    pub seq: Seq,
    /// What was found.
    pub note: String,
    /// How it came about.
    pub cause: Option<ForkCause>,
    /// The branch that the phone's own people wrote, by its name (the first 8 bytes of its first entry's leaf); none if both, or neither.
    pub own: Option<[u8; 8]>,
}
list_value!(ForkReview { seq, note, cause, own });

/// An entry of a chain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryAt {
    /// The chain.
    pub chain: ChainId,
    /// The number.
    pub seq: Seq,
}
list_value!(EntryAt { chain, seq });

/// An entry of a chain, exact even where the chain has forked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryMark {
    /// The chain.
    pub chain: ChainId,
    /// The number.
    pub seq: Seq,
    /// The first 8 bytes of the entry's leaf.
    pub mark: [u8; 8],
}
list_value!(EntryMark { chain, seq, mark });

/// HQ's chain at a site in an epoch. Its name follows from both: no two chains can claim one epoch, and none claims two.
#[must_use]
pub fn hq_chain(site: SiteId, epoch: u32) -> ChainId {
    let name = Hasher::tagged("dutylog/hq-chain/v1").with(&site.0).with(&epoch.to_be_bytes()).finish();
    let mut id = [0; ChainId::LEN];
    id.copy_from_slice(&name.0[..ChainId::LEN]);
    ChainId(id)
}

/// The server began a new epoch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EpochOpened {
    /// Its number, counted from 1.
    pub epoch: u32,
    /// HQ's entry of the previous epoch that it builds on; none for the first.
    pub previous: Option<EntryAt>,
    /// The size of the site's log that it builds on.
    pub size: u64,
    /// The root of that log.
    pub root: Digest,
}
list_value!(EpochOpened { epoch, previous, size, root });

codes! {
    /// What becomes of records that were held.
    pub enum HeldDecision {
        /// They count.
        Accepted = 1,
        /// They are kept and do not count.
        Excluded = 2,
    }
}

/// Somebody decided about records that were held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldReview {
    /// The first number.
    pub first: Seq,
    /// The last entry that was looked at: it and what led to it, from the first number on, is meant, and no other branch.
    pub last: EntryMark,
    /// What becomes of them.
    pub decision: HeldDecision,
    /// Why.
    pub note: String,
}
list_value!(HeldReview { first, last, decision, note });

/// HQ told new phones what the site's log folds to at a position. Whoever folds the log up to there can work out the same digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SnapshotTaken {
    /// The size of the site's log.
    pub size: u64,
    /// Its root.
    pub root: Digest,
    /// How many certificates, in the server's order, are among the rows.
    pub certificates: u32,
    /// The digest of the rows.
    pub digest: Digest,
}
list_value!(SnapshotTaken { size, root, certificates, digest });

/// A code was made with which, once and until it expires, a phone or a person can be enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeIssued {
    /// What tells it from others: the first 8 bytes of its digest. The code cannot be had from it.
    pub mark: [u8; 8],
    /// The person that it enrols; none for a phone.
    pub person: Option<PersonId>,
    /// When it stops being good.
    pub expires: Millis,
}
list_value!(CodeIssued { mark, person, expires });

/// What a phone said it is called, when it was enrolled: whatever its owner typed, and no proof of anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhoneNamed {
    /// The phone.
    pub device: DeviceId,
    /// Its name.
    pub label: String,
}
list_value!(PhoneNamed { device, label });
