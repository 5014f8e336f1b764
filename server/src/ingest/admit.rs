//! What may come in: decisions on plain values, without any database.

use std::collections::BTreeSet;

use dutylog_core::base::{ChainId, Digest, KeyId, OrgId, Seq};
use dutylog_core::log::{CodecError, Entry, SealError, Segment, SegmentError, Trust, genesis};
use dutylog_core::merge::Plan;
use dutylog_core::records::Kind;

use super::refusal::Refusal;
use crate::ledger::{Flaw, Proven, Reason, Revocations, SiteScope};

/// What is to be done with a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Append it.
    Append(Box<Proven>),
    /// Its header is good, its entries are not those it was sealed over: ask for them again, let the chain go on.
    AwaitBody {
        /// The segment as received.
        segment: Box<Segment>,
        /// What stands before the first segment of its chain.
        genesis: Digest,
    },
    /// Keep it where people can see it, outside the log.
    SetAside {
        /// The segment as received.
        segment: Box<Segment>,
        /// Why.
        reason: Reason,
    },
    /// Nothing shows that an enrolled device sealed it: keep nothing.
    Refuse(Refusal),
}

/// How many entries this version cannot fold: of a kind, with a field or in a form that it does not know. They are taken in and folded
/// after an upgrade.
#[must_use]
pub(super) fn opaque(entries: &[Entry]) -> usize {
    let known = |entry: &&Entry| Kind::from_code(entry.kind).is_some() && Plan::of(entry).is_ok();
    entries.len() - entries.iter().filter(known).count()
}

/// Judges the segments of one push, in order. What carries no signature of its own is proven by the run it is in.
#[must_use]
pub fn admit_all(
    segments: Vec<Segment>,
    org: OrgId,
    scope: SiteScope,
    trust: &Trust,
    revoked: &Revocations,
) -> Vec<Admission> {
    let mut named: BTreeSet<(KeyId, ChainId, Seq, Digest)> = BTreeSet::new();
    let judge = |segment: Segment| {
        let header = &segment.header;
        let by_run = named.contains(&(segment.key, header.chain, header.last(), header.id()));
        let before = (segment.key, header.chain, header.first.saturating_sub(1), header.prev);
        let admission = admit(segment, org, scope, trust, revoked, by_run);
        if !matches!(admission, Admission::Refuse(_)) {
            named.insert(before);
        }
        admission
    };
    let mut admissions: Vec<Admission> = segments.into_iter().rev().map(judge).collect();
    admissions.reverse();
    admissions
}

/// Judges one segment: who sealed it (`named`: a proven segment names it as the one before), whether that key is revoked, whether
/// the entries are what was sealed.
#[must_use]
pub fn admit(
    segment: Segment,
    org: OrgId,
    scope: SiteScope,
    trust: &Trust,
    revoked: &Revocations,
    named: bool,
) -> Admission {
    let numbers = (segment.header.first, u64::from(segment.header.count));
    let Some(device) = trust.get(segment.key) else {
        return Admission::Refuse(Refusal::UnknownDevice);
    };
    match Proven::in_run(segment, org, scope, device, named) {
        Ok(proven) if behind_cut(proven.segment(), revoked) => Admission::Append(Box::new(proven)),
        Ok(proven) => {
            Admission::SetAside { segment: Box::new(proven.segment().clone()), reason: Reason::Review }
        }
        Err((_, Flaw::Unsealed(error))) => Admission::Refuse(unsealed(error, numbers)),
        Err((_, Flaw::TooManyHeads)) => Admission::Refuse(Refusal::TooManyHeads),
        Err((segment, Flaw::Sealed(_))) if !behind_cut(&segment, revoked) => {
            Admission::SetAside { segment, reason: Reason::Review }
        }
        Err((segment, Flaw::Sealed(Reason::AwaitsBody))) => {
            let genesis = genesis(device, scope.site(), segment.header.chain);
            Admission::AwaitBody { segment, genesis }
        }
        Err((segment, Flaw::Sealed(reason))) => Admission::SetAside { segment, reason },
    }
}

/// Whether a device may read at this site. Revocation counts from the next request on.
#[must_use]
pub fn may_read(device: KeyId, revoked: &Revocations) -> Option<Refusal> {
    revoked.contains_key(&device).then_some(Refusal::DeviceRevoked)
}

/// Whether a segment's key stands, or the server held the segment when the key was revoked.
fn behind_cut(segment: &Segment, revoked: &Revocations) -> bool {
    revoked.get(&segment.key).is_none_or(|revocation| revocation.covers(&segment.header))
}

fn unsealed(error: SegmentError, (first, count): (u64, u64)) -> Refusal {
    let last = first.saturating_add(count.saturating_sub(1));
    match error {
        // Another site's segment is no different from one of no site at all.
        SegmentError::Elsewhere(_) => Refusal::NotFound,
        SegmentError::Seal(SealError::WrongSuite) => Refusal::WrongSuite,
        SegmentError::Seal(SealError::WeakKey) => Refusal::WeakKey,
        SegmentError::Codec(CodecError::TooDeep)
        | SegmentError::Seal(SealError::Codec(CodecError::TooDeep)) => Refusal::TooDeep,
        SegmentError::Codec(CodecError::NotCanonical { .. }) | SegmentError::Seal(SealError::Codec(_)) => {
            Refusal::NotCanonical { first, last }
        }
        SegmentError::Codec(_)
        | SegmentError::Seal(
            SealError::BadSignature | SealError::BadEnvelope(_) | SealError::NotCertified(_),
        )
        | SegmentError::BadBody => Refusal::BadSegment { first, last, kept: false },
    }
}
