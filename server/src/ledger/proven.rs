//! A segment whose seal and entries have been verified: the only thing the log takes.

use dutylog_core::base::{Digest, OrgId};
use dutylog_core::log::{
    Certificate, CodecError, Entry, Header, MAX_CITES, MAX_SEEN, Op, SealError, Segment, SegmentError,
    genesis, merkle,
};

use super::model::Reason;
use super::scope::SiteScope;

/// A verified segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    segment: Segment,
    id: Digest,
    genesis: Digest,
    entries: Vec<Entry>,
}

/// Why a segment is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing shows that the device sealed it: not stored, its sender still has it.
    Unsealed(SegmentError),
    /// The header names more heads than allowed.
    TooManyHeads,
    /// The device sealed it, and it is kept, but it cannot be part of the log.
    Sealed(Reason),
}

impl Proven {
    /// Verifies: header within its limits, seal of the device, entries as signed, operations canonical.
    ///
    /// # Errors
    /// The segment back, and what is wrong with it.
    pub fn new(
        segment: Segment,
        org: OrgId,
        scope: SiteScope,
        device: &Certificate,
    ) -> Result<Self, (Box<Segment>, Flaw)> {
        Self::in_run(segment, org, scope, device, false)
    }

    /// The same within a run: a segment without a signature is proven if a proven one of its chain and key names it as the one before.
    ///
    /// # Errors
    /// The segment back, and what is wrong with it.
    pub fn in_run(
        segment: Segment,
        org: OrgId,
        scope: SiteScope,
        device: &Certificate,
        named: bool,
    ) -> Result<Self, (Box<Segment>, Flaw)> {
        match check(&segment, org, scope, device, named) {
            Ok(entries) => {
                let header = &segment.header;
                let genesis = genesis(device, header.site, header.chain);
                Ok(Self { id: header.id(), genesis, entries, segment })
            }
            Err(flaw) => Err((Box::new(segment), flaw)),
        }
    }

    /// The segment.
    #[must_use]
    pub const fn segment(&self) -> &Segment {
        &self.segment
    }

    /// Its header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.segment.header
    }

    /// Its identifier.
    #[must_use]
    pub const fn id(&self) -> &Digest {
        &self.id
    }

    /// What stands for "the previous segment" before the first of its chain.
    #[must_use]
    pub const fn genesis(&self) -> &Digest {
        &self.genesis
    }

    /// Its entries, decoded.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

fn check(
    segment: &Segment,
    org: OrgId,
    scope: SiteScope,
    device: &Certificate,
    named: bool,
) -> Result<Vec<Entry>, Flaw> {
    let header = &segment.header;
    if header.seen.len() > MAX_SEEN {
        return Err(Flaw::TooManyHeads);
    }
    // A header made in memory has not been through the limits that a received one has.
    Header::from_bytes(&header.to_bytes()).map_err(|e| Flaw::Unsealed(e.into()))?;
    let sealed = match (segment.signature, named) {
        (None, true) => segment.check_place(org, scope.site(), device),
        _ => segment.check_seal(org, scope.site(), device),
    };
    sealed.map_err(Flaw::Unsealed)?;
    segment.check_body().map_err(|error| Flaw::Sealed(body_flaw(segment, error)))?;
    let entries = segment.decode().map_err(|e| Flaw::Sealed(codec_flaw(e)))?;
    entries.iter().try_for_each(check_operations).map_err(Flaw::Sealed)?;
    Ok(entries)
}

/// Entries that are not what was signed can be sent again; entries that were signed wrong stay wrong.
fn body_flaw(segment: &Segment, error: SegmentError) -> Reason {
    match error {
        SegmentError::Codec(error) | SegmentError::Seal(SealError::Codec(error)) => codec_flaw(error),
        _ if merkle::root(&segment.leaves()) == segment.header.root => Reason::NotCanonical,
        _ => Reason::AwaitsBody,
    }
}

fn codec_flaw(error: CodecError) -> Reason {
    match error {
        CodecError::TooDeep => Reason::TooDeep,
        CodecError::Shape { .. } | CodecError::Newer { .. } => Reason::UnknownForm,
        CodecError::NotCanonical { .. } => Reason::NotCanonical,
    }
}

fn check_operations(entry: &Entry) -> Result<(), Reason> {
    match entry.operations() {
        Ok(ops) if ops.iter().any(cites_too_much) => Err(Reason::TooManyHeads),
        Ok(_) | Err(CodecError::Shape { .. } | CodecError::Newer { .. }) => Ok(()),
        Err(error) => Err(codec_flaw(error)),
    }
}

fn cites_too_much(op: &Op) -> bool {
    matches!(op, Op::Write { cites, .. } if cites.len() > MAX_CITES)
}
