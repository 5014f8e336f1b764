//! Writing a snapshot.

use std::io::Write as _;

use super::{DOMAIN, MAGIC, Row, SnapshotClaims};
use crate::base::{Hasher, KeyId, OrgId, SiteId};
use crate::log::pack::put;
use crate::log::{Envelope, EnvelopeKind, Signature, SiteRoot};

/// zstd's level.
const LEVEL: i32 = 6;

/// Writes rows, one after the other.
pub struct SnapshotWriter {
    stream: zstd::stream::Encoder<'static, Vec<u8>>,
    hasher: Hasher,
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
        Self { stream, hasher: Hasher::tagged(DOMAIN) }
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

    /// Seals what was written as the fold of the site's log at a size.
    ///
    /// # Errors
    /// Whatever `sign` fails with.
    pub fn seal<E>(
        self,
        (org, site): (OrgId, SiteId),
        epoch: u32,
        log: SiteRoot,
        key: KeyId,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Vec<u8>, E> {
        let digest = self.hasher.finish();
        let payload = SnapshotClaims { site, epoch, log, digest }.to_bytes(org);
        let envelope = Envelope::seal(EnvelopeKind::Snapshot, org, key, payload, sign)?.to_bytes();
        let mut out = MAGIC.to_vec();
        put(&mut out, envelope.len() as u64);
        out.extend_from_slice(&envelope);
        out.extend_from_slice(&self.stream.finish().expect(NEVER));
        Ok(out)
    }
}
