//! The segment, `docs/log-format.md` section 4: a run of entries under one signature of the device.

use super::certificate::{Certificate, Role};
use super::codec::CodecError;
use super::entries::Entries;
use super::entry::Entry;
use super::header::Header;
use super::op::check_ops;
use super::seal::{Envelope, EnvelopeKind, SealError, Signature};
use crate::base::{Digest, KeyId, OrgId, SiteId};

/// Entries in a segment.
pub const MAX_SEGMENT: usize = 256;
/// A sealed run of entries: all that ever leaves a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What the entries share.
    pub header: Header,
    /// Which key signed.
    pub key: KeyId,
    /// The device's signature; absent inside a run whose newest segment carries one.
    pub signature: Option<Signature>,
    /// The entries.
    pub entries: Entries,
}

/// Why a segment was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// Its entries do not have the header's root, number or count.
    #[error("the entries do not match what was signed")]
    BadBody,
    /// It belongs to another site, organisation or device.
    #[error("the segment belongs elsewhere: {0}")]
    Elsewhere(&'static str),
    /// Its header or an entry has the wrong form.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// Its envelope is wrong.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl SegmentError {
    /// The stable code of the refusal, `docs/log-format.md` section 9.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadBody | Self::Elsewhere(_) => "bad_segment",
            Self::Codec(error) => error.code(),
            Self::Seal(error) => error.code(),
        }
    }
}

impl Segment {
    /// Seals entries under a header whose `count` and `root` it fills in.
    ///
    /// # Errors
    /// Whatever `sign` fails with.
    pub fn seal<E>(
        mut header: Header,
        key: KeyId,
        entries: Vec<Vec<u8>>,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Self, E> {
        let entries = Entries::from(entries);
        header.count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        header.root = entries.root();
        let envelope = Envelope::seal(EnvelopeKind::Segment, header.org, key, header.to_bytes(), sign)?;
        Ok(Self { header, key, signature: Some(envelope.signature), entries })
    }

    /// The envelope, if the segment carries its signature.
    #[must_use]
    pub fn envelope(&self) -> Option<Envelope> {
        Some(Envelope {
            kind: EnvelopeKind::Segment,
            key: self.key,
            payload: self.header.to_bytes(),
            signature: self.signature?,
        })
    }

    /// From an envelope and the entries' bytes; nothing is verified yet.
    ///
    /// # Errors
    /// [`SegmentError`] if the envelope or header has the wrong form.
    pub fn parse(envelope: &[u8], entries: Vec<Vec<u8>>) -> Result<Self, SegmentError> {
        let envelope = Envelope::parse(EnvelopeKind::Segment, envelope)?;
        let header = Header::from_bytes(&envelope.payload)?;
        Ok(Self { header, key: envelope.key, signature: Some(envelope.signature), entries: entries.into() })
    }

    /// Checks that the entries are those of the header: count, root, canonical form, numbers and limits, and that their operations
    /// are well-formed as far as this version knows them.
    ///
    /// # Errors
    /// [`SegmentError::BadBody`] or the codec's error.
    pub fn check_body(&self) -> Result<(), SegmentError> {
        let header = &self.header;
        if self.entries.len() != header.count as usize || self.entries.root() != header.root {
            return Err(SegmentError::BadBody);
        }
        for (entry, seq) in self.entries.decoded()?.iter().zip(header.first..) {
            if entry.seq != seq || !entry.within_limits() {
                return Err(SegmentError::BadBody);
            }
            check_ops(&entry.ops, entry.records.len())?;
        }
        Ok(())
    }

    /// Checks that a device of this site may have sealed it, leaving the signature itself aside: for a segment that a proven one names as the
    /// one before.
    ///
    /// # Errors
    /// [`SegmentError`]
    pub fn check_place(&self, org: OrgId, site: SiteId, device: &Certificate) -> Result<(), SegmentError> {
        if self.header.org != org || self.header.site != site {
            return Err(SegmentError::Elsewhere("another site"));
        }
        if !matches!(device.claims.role, Role::Phone | Role::Headquarters) {
            return Err(SealError::NotCertified("only devices seal segments").into());
        }
        if device.claims.site != Some(site) {
            return Err(SegmentError::Elsewhere("a device of another site"));
        }
        if device.id() != self.key {
            return Err(SealError::BadEnvelope("under another device's key").into());
        }
        Ok(())
    }

    /// Checks that the device of this certificate sealed the header, for this organisation and site.
    ///
    /// # Errors
    /// [`SegmentError`]; a missing signature is [`SealError::BadSignature`].
    pub fn check_seal(&self, org: OrgId, site: SiteId, device: &Certificate) -> Result<(), SegmentError> {
        self.check_place(org, site, device)?;
        let envelope = self.envelope().ok_or(SealError::BadSignature)?;
        Ok(envelope.verify(org, &device.claims.key)?)
    }

    /// The entries, decoded.
    ///
    /// # Errors
    /// [`CodecError`]
    pub fn decode(&self) -> Result<Vec<Entry>, CodecError> {
        self.entries.decoded().map(<[Entry]>::to_vec)
    }

    /// The entries' leaves.
    #[must_use]
    pub fn leaves(&self) -> Vec<Digest> {
        self.entries.leaves().to_vec()
    }
}
