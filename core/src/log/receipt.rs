//! Receipts and checkpoints, `docs/log-format.md` section 5: what the server has promised to hold.

use super::certificate::{Role, Trust};
use super::codec::{CodecError, Reader, Writer};
use super::merkle::{Head, SiteRoot};
use super::seal::{Envelope, EnvelopeKind, SealError, Signature};
use crate::base::{ChainId, Digest, KeyId, Millis, OrgId, SiteId};

/// The server durably holds a chain up to a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The site.
    pub site: SiteId,
    /// How often the server was restored.
    pub epoch: u32,
    /// The chain.
    pub chain: ChainId,
    /// Its head at the server.
    pub head: Head,
    /// The site's log when the head was taken.
    pub log: SiteRoot,
    /// When it was taken, by the server's clock.
    pub received: Millis,
}

/// How far the site's log had come at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The site.
    pub site: SiteId,
    /// How often the server was restored.
    pub epoch: u32,
    /// The site's log.
    pub log: SiteRoot,
    /// When, by the server's clock.
    pub at: Millis,
}

impl Receipt {
    /// Signs it with the server's log key.
    ///
    /// # Errors
    /// Whatever `sign` fails with.
    pub fn sign<E>(
        &self,
        org: OrgId,
        key: KeyId,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Vec<u8>, E> {
        let mut w = Writer::default();
        w.array(10).uint(1).bytes(&org.0).bytes(&self.site.0).uint(self.epoch.into());
        w.bytes(&self.chain.0).uint(self.head.seq).bytes(&self.head.segment.0);
        w.uint(self.log.size).bytes(&self.log.root.0).int(self.received);
        Ok(Envelope::seal(EnvelopeKind::Receipt, org, key, w.finish(), sign)?.to_bytes())
    }

    /// Reads a receipt and checks that the server's log key signed it. Nothing else counts as "received by HQ".
    ///
    /// # Errors
    /// [`SealError`]
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<Self, SealError> {
        let envelope = Envelope::parse(EnvelopeKind::Receipt, bytes)?;
        trust.verify(&envelope, &[Role::ServerLog])?;
        Self::from_payload(&envelope.payload, trust.org)
    }

    /// Reads what was signed; whether it was is not looked at.
    ///
    /// # Errors
    /// [`SealError`]
    pub fn from_payload(payload: &[u8], org: OrgId) -> Result<Self, SealError> {
        let mut r = open(payload, 10, org)?;
        Ok(Self {
            site: SiteId(r.fixed()?),
            epoch: r.small()?,
            chain: ChainId(r.fixed()?),
            head: Head { seq: r.seq()?, segment: Digest(r.fixed()?) },
            log: SiteRoot { size: r.seq()?, root: Digest(r.fixed()?) },
            received: r.int()?,
        })
    }
}

impl Checkpoint {
    /// Signs it with the server's log key.
    ///
    /// # Errors
    /// Whatever `sign` fails with.
    pub fn sign<E>(
        &self,
        org: OrgId,
        key: KeyId,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Vec<u8>, E> {
        let mut w = Writer::default();
        w.array(7).uint(1).bytes(&org.0).bytes(&self.site.0).uint(self.epoch.into());
        w.uint(self.log.size).bytes(&self.log.root.0).int(self.at);
        Ok(Envelope::seal(EnvelopeKind::Checkpoint, org, key, w.finish(), sign)?.to_bytes())
    }

    /// Reads a checkpoint and checks that the server's log key signed it.
    ///
    /// # Errors
    /// [`SealError`]
    pub fn verify(bytes: &[u8], trust: &Trust) -> Result<Self, SealError> {
        let envelope = Envelope::parse(EnvelopeKind::Checkpoint, bytes)?;
        trust.verify(&envelope, &[Role::ServerLog])?;
        Self::from_payload(&envelope.payload, trust.org)
    }

    /// Reads what was signed; whether it was is not looked at.
    ///
    /// # Errors
    /// [`SealError`]
    pub fn from_payload(payload: &[u8], org: OrgId) -> Result<Self, SealError> {
        let mut r = open(payload, 7, org)?;
        Ok(Self {
            site: SiteId(r.fixed()?),
            epoch: r.small()?,
            log: SiteRoot { size: r.uint()?, root: Digest(r.fixed()?) },
            at: r.int()?,
        })
    }
}

/// Reads what both begin with: version 1 and the organisation.
fn open(payload: &[u8], members: u64, org: OrgId) -> Result<Reader<'_>, SealError> {
    let mut r = Reader::new(payload)?;
    r.at_least(members)?;
    if r.uint()? != 1 || r.fixed()? != org.0 {
        return Err(CodecError::Shape { what: "version 1, of this organisation" }.into());
    }
    Ok(r)
}
