//! One entry that a device sealed, shown without its neighbours.

use super::error::ProofError;
use super::{read_path, write_path};
use crate::base::{ChainId, Digest, KeyId, Seq, SiteId};
use crate::log::certificate::{Certificate, Trust};
use crate::log::codec::{CodecError, Reader, Writer};
use crate::log::entry::{Entry, leaf_of};
use crate::log::header::Header;
use crate::log::merkle::{climb, inclusion};
use crate::log::seal::{Envelope, EnvelopeKind, SealError};
use crate::log::segment::{Segment, SegmentError};
use crate::log::statement::Statement;

/// An entry, the path to its segment's root, and the signature that covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    segment: Vec<u8>,
    headers: Vec<Vec<u8>>,
    entry: Vec<u8>,
    path: Vec<Digest>,
}

/// An entry that was shown to be sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// What the device said of the entry's segment.
    pub header: Header,
    /// The device's certificate.
    pub device: Certificate,
    /// The entry.
    pub entry: Entry,
    /// Its leaf.
    pub leaf: Digest,
    /// What its author signed with their own key; none if nothing, or if their certificate is not part of the proof.
    pub statement: Option<Statement>,
}

impl Proven {
    /// Where no two different entries may be.
    pub(super) fn place(&self) -> (SiteId, ChainId, Seq, KeyId) {
        (self.header.site, self.header.chain, self.entry.seq, self.device.id())
    }
}

impl Shown {
    /// An entry of the first segment of a run: that segment, and, if it came without its signature, those that follow it up to the
    /// first that has one. None if the run proves no such entry.
    #[must_use]
    pub fn of(run: &[Segment], seq: Seq) -> Option<Self> {
        let (signed, between) = run.split_last()?;
        let first = run.first()?;
        let index = usize::try_from(seq.checked_sub(first.header.first)?).ok()?;
        let entry = first.entries.bytes().get(index)?.clone();
        Some(Self {
            segment: signed.envelope()?.to_bytes(),
            headers: between.iter().map(|segment| segment.header.to_bytes()).collect(),
            entry,
            path: inclusion(first.entries.leaves(), index),
        })
    }

    pub(super) fn write(&self, w: &mut Writer) {
        w.array(4).bytes(&self.segment).array(self.headers.len());
        for header in &self.headers {
            w.bytes(header);
        }
        w.bytes(&self.entry);
        write_path(w, &self.path);
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, CodecError> {
        r.array(4)?;
        Ok(Self {
            segment: r.bytes()?.to_vec(),
            headers: r.list(|r| r.bytes().map(<[u8]>::to_vec))?,
            entry: r.bytes()?.to_vec(),
            path: read_path(r)?,
        })
    }

    /// Follows the entry up to its device's signature.
    pub(super) fn prove(&self, trust: &Trust) -> Result<Proven, ProofError> {
        let signed = Segment::parse(&self.segment, Vec::new())?;
        let device = trust.get(signed.key).ok_or(SealError::NotCertified("the device is not known"))?;
        signed.check_seal(trust.org, signed.header.site, device)?;
        let header = self.covering(signed.header)?;
        let entry = Entry::from_bytes(&self.entry).map_err(SegmentError::from)?;
        let leaf = leaf_of(&self.entry);
        let index = entry.seq.checked_sub(header.first).ok_or(ProofError::NotInSegment)?;
        if climb(leaf, index, header.count.into(), &self.path) != Some(header.root) {
            return Err(ProofError::NotInSegment);
        }
        let statement = statement(&entry, header.chain, device, trust)?;
        Ok(Proven { device: device.clone(), header, entry, leaf, statement })
    }

    /// The header that covers the entry: what was signed, or what leads to it link by link.
    fn covering(&self, signed: Header) -> Result<Header, ProofError> {
        self.headers.iter().rev().try_fold(signed, |next, bytes| {
            let header = Header::from_bytes(bytes).map_err(SegmentError::from)?;
            let place = |h: &Header| (h.org, h.site, h.chain);
            let follows = next.prev == header.id() && next.first == header.last() + 1;
            if follows && place(&header) == place(&next) { Ok(header) } else { Err(ProofError::BrokenLink) }
        })
    }
}

fn statement(
    entry: &Entry,
    chain: ChainId,
    device: &Certificate,
    trust: &Trust,
) -> Result<Option<Statement>, ProofError> {
    let Some(bytes) = &entry.statement else { return Ok(None) };
    let envelope = Envelope::parse(EnvelopeKind::Statement, bytes);
    // What names nobody who is certified here is no part of the proof; the entry was sealed with it all the same.
    if envelope.is_ok_and(|envelope| trust.get(envelope.key).is_some()) {
        let carried = Statement::verify_carried(entry, chain, device, trust);
        return carried.map(|(statement, _)| Some(statement)).map_err(ProofError::Statement);
    }
    Ok(None)
}
