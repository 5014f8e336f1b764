//! Writing a snapshot.

use std::collections::BTreeMap;
use std::io::Write as _;

use super::{Added, DOMAIN, MAGIC, Row, SnapshotClaims};
use crate::base::{ChainId, Digest, Hasher, KeyId, OrgId, SiteId};
use crate::log::pack::put;
use crate::log::{EntryRef, Envelope, EnvelopeKind, Signature, SiteRoot, encode_value};
use crate::merge::RecordState;
use crate::records::Cell;

/// zstd's level.
const LEVEL: i32 = 6;

/// A chain that no head numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the chain {0} is not among the heads")]
pub struct UnknownChain(pub ChainId);

/// Writes rows, one after the other.
pub struct SnapshotWriter {
    stream: zstd::stream::Encoder<'static, Vec<u8>>,
    hasher: Hasher,
    frames: Vec<u8>,
}

impl std::fmt::Debug for SnapshotWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SnapshotWriter(…)")
    }
}

const NEVER: &str = "compressing into memory needs nothing that can fail";

impl Default for SnapshotWriter {
    fn default() -> Self {
        let stream = zstd::stream::Encoder::new(Vec::new(), LEVEL).expect(NEVER);
        Self { stream, hasher: Hasher::tagged(DOMAIN), frames: Vec::new() }
    }
}

impl SnapshotWriter {
    /// Appends a row.
    pub fn row(&mut self, row: &Row) {
        let body = row.to_bytes();
        let mut bytes = Vec::with_capacity(body.len() + 3);
        put(&mut bytes, body.len() as u64);
        bytes.extend_from_slice(&body);
        self.hasher = std::mem::take(&mut self.hasher).with(&bytes);
        self.stream.write_all(&bytes).expect(NEVER);
    }

    /// Appends what is held about a record: its row for lists, its cells, its additions. `chains` has the number of each chain, by the
    /// order of the heads.
    ///
    /// # Errors
    /// [`UnknownChain`] if something names a chain that has no number.
    pub fn record(
        &mut self,
        record: &RecordState,
        chains: &BTreeMap<ChainId, u32>,
    ) -> Result<(), UnknownChain> {
        let number = |chain| chains.get(&chain).copied().ok_or(UnknownChain(chain));
        self.row(&Row::Summary(record.id, record.summary.encode()));
        for ((field, member), register) in &record.cells {
            let cell = Cell { record: record.id, field: *field, member: *member };
            self.row(&Row::Cell(cell, register.encode(number)?));
        }
        for addition in &record.additions {
            let (EntryRef { chain, seq, leaf }, n) = (addition.by, addition.n);
            let value = &encode_value(&addition.value);
            let added = Added { chain: number(chain)?, seq, leaf, n, value };
            self.row(&Row::Addition(record.id, addition.field, added.to_bytes()));
        }
        Ok(())
    }

    /// Appends a frame of segments, to come behind the rows.
    pub fn frame(&mut self, frame: &[u8]) {
        put(&mut self.frames, frame.len() as u64);
        self.frames.extend_from_slice(frame);
    }

    /// Ends writing: what was written is the fold of the site's log at a size.
    #[must_use]
    pub fn finish(self, site: SiteId, epoch: u32, log: SiteRoot) -> Unsigned {
        Unsigned { site, epoch, log, written: self }
    }
}

/// A snapshot that the server has yet to sign.
#[derive(Debug)]
pub struct Unsigned {
    /// The site.
    pub site: SiteId,
    /// The server's epoch.
    pub epoch: u32,
    /// The site's log whose fold it is.
    pub log: SiteRoot,
    written: SnapshotWriter,
}

impl Unsigned {
    /// The digest of the rows.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.written.hasher.clone().finish()
    }

    /// Seals it with the server's log key.
    ///
    /// # Errors
    /// Whatever `sign` fails with.
    pub fn seal<E>(
        self,
        org: OrgId,
        key: KeyId,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Vec<u8>, E> {
        let Self { site, epoch, log, written } = self;
        let SnapshotWriter { stream, hasher, frames } = written;
        let digest = hasher.finish();
        let payload = SnapshotClaims { site, epoch, log, digest }.to_bytes(org);
        let envelope = Envelope::seal(EnvelopeKind::Snapshot, org, key, payload, sign)?.to_bytes();
        let mut out = MAGIC.to_vec();
        put(&mut out, envelope.len() as u64);
        out.extend_from_slice(&envelope);
        let rows = stream.finish().expect(NEVER);
        put(&mut out, rows.len() as u64);
        out.extend_from_slice(&rows);
        out.extend_from_slice(&frames);
        Ok(out)
    }
}
