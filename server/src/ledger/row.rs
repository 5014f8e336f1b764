//! The one stored form of a segment, shared by the engines: header and signature as received, entries packed.

use dutylog_core::base::{ChainId, Digest, KeyId, Seq};
use dutylog_core::log::{Header, Segment, Signature, pack};

use super::error::LedgerError;
use super::model::{Place, Stored};
use super::proven::Proven;

/// A segment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its place in the site's log.
    pub place: Place,
    /// Its identifier.
    pub id: Digest,
    /// Its chain.
    pub chain: ChainId,
    /// The number of its first entry.
    pub first: Seq,
    /// The number of its last entry.
    pub last: Seq,
    /// The identifier of its predecessor.
    pub prev: Digest,
    /// Which key sealed it.
    pub key: KeyId,
    /// Whether every entry was new when it was taken.
    pub trunk: bool,
    /// The first number at which it differs from what was held.
    pub fork: Option<Seq>,
    /// The canonical header.
    pub header: Vec<u8>,
    /// The device's signature; none if the run that it came in proved it.
    pub signature: Option<[u8; 64]>,
    /// The packed entries.
    pub body: Vec<u8>,
}

impl Row {
    /// The stored form of a verified segment.
    pub(super) fn of(proven: &Proven, place: Place, trunk: bool, fork: Option<Seq>) -> Self {
        let header = proven.header();
        Self {
            place,
            id: *proven.id(),
            chain: header.chain,
            first: header.first,
            last: header.last(),
            prev: header.prev,
            key: proven.segment().key,
            trunk,
            fork,
            header: header.to_bytes(),
            signature: proven.segment().signature.map(|signature| signature.0),
            body: pack::pack(frame(header), proven.entries()),
        }
    }

    /// How many bytes it takes on the wire, roughly.
    pub(super) fn weight(&self) -> usize {
        self.header.len() + self.signature.map_or(0, |signature| signature.len()) + self.body.len()
    }

    /// The segment again, checked: identifier against the header, entries against the root in it.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`]
    pub(super) fn open(&self) -> Result<Stored, LedgerError> {
        let damaged = |how: &str| LedgerError::damaged(format!("segment {}: {how}", self.place.position));
        let header = Header::from_bytes(&self.header).map_err(|e| damaged(&e.to_string()))?;
        if header.id() != self.id {
            return Err(damaged("the header is not the one that was stored"));
        }
        let entries = pack::unpack(frame(&header), header.count, &self.body)
            .map_err(|e| damaged(&e.to_string()))?
            .into();
        let signature = self.signature.map(Signature);
        let segment = Segment { header, key: self.key, signature, entries };
        if segment.entries.root() != segment.header.root {
            return Err(damaged("the entries are not those that were stored"));
        }
        Ok(Stored { segment, place: self.place, fork: self.fork })
    }
}

fn frame(header: &Header) -> pack::Frame {
    pack::Frame { chain: header.chain, first: header.first, wall: header.clock.wall, boot: header.clock.boot }
}
