//! Snapshots: a site's state at a position, for a phone that holds nothing yet, `docs/sync-protocol.md` 8.
//!
//! The state is a stream of rows; neither writing nor reading ever has more than a row in hand. A snapshot is signed by the server's
//! log key over the digest of the rows, and [`Snapshot::open`] checks that before any row is given out. Behind the rows come frames of
//! segments, which prove themselves.

mod addition;
mod proven;
mod reader;
mod row;
mod writer;

use crate::base::{Digest, OrgId, SiteId};
use crate::log::pack::PackError;
use crate::log::{CodecError, Reader, SealError, SiteRoot, Writer};

pub use addition::Added;
pub use proven::Proven;
pub use reader::{Rows, Snapshot};
pub use row::{Row, Told};
pub use writer::{SnapshotWriter, UnknownChain, Unsigned};

/// What a snapshot begins with.
const MAGIC: &[u8; 8] = b"DUTYSNP\x01";
/// What the digest of the rows begins with.
const DOMAIN: &str = "dutylog/snapshot/v1";

/// What a snapshot is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotClaims {
    /// The site.
    pub site: SiteId,
    /// The server's epoch.
    pub epoch: u32,
    /// The site's log whose fold this is.
    pub log: SiteRoot,
    /// The digest of the rows.
    pub digest: Digest,
}

/// Why a snapshot cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Some other bytes.
    #[error("this is not a snapshot")]
    Foreign,
    /// Of another site.
    #[error("the snapshot belongs to another site")]
    OtherSite,
    /// Its seal is not the server's.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Its rows are not those that were sealed.
    #[error("the snapshot is damaged")]
    Damaged,
}

impl From<PackError> for SnapshotError {
    fn from(_: PackError) -> Self {
        Self::Damaged
    }
}

impl From<CodecError> for SnapshotError {
    fn from(error: CodecError) -> Self {
        Self::Seal(error.into())
    }
}

impl SnapshotClaims {
    fn to_bytes(self, org: OrgId) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(7).uint(1).bytes(&org.0).bytes(&self.site.0).uint(self.epoch.into());
        w.uint(self.log.size).bytes(&self.log.root.0).bytes(&self.digest.0);
        w.finish()
    }

    fn from_bytes(bytes: &[u8], org: OrgId) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes)?;
        r.array(7)?;
        if r.uint()? != 1 || r.fixed()? != org.0 {
            return Err(CodecError::Shape { what: "version 1, of this organisation" });
        }
        Ok(Self {
            site: SiteId(r.fixed()?),
            epoch: r.small()?,
            log: SiteRoot { size: r.uint()?, root: Digest(r.fixed()?) },
            digest: Digest(r.fixed()?),
        })
    }
}

#[cfg(test)]
mod tests;
