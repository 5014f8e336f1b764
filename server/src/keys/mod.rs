//! The server's own keys: the organisation's root, the issuing key, the log key, and HQ's device key of every epoch.

mod folder;

use dutylog_core::base::{Digest, Entropy, Hasher, KeyId, Millis, OrgId, SiteId, random};
use dutylog_core::log::{
    Certificate, Checkpoint, Claims, PublicKey, Receipt, Role, SealError, SecretKey, Signature, Trust,
};
use std::collections::BTreeMap;
use std::fmt;

use crate::ledger::MayEnter;
use dutylog_core::snapshot::Unsigned;

pub use folder::KeyFolder;

/// Why the server has no keys to work with.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The folder cannot be read or written.
    #[error("the key folder {path}: {source}")]
    Folder {
        /// Which file or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of the folder does not hold what it should. It is left as it is.
    #[error("the key file {path} is damaged: {why}")]
    Damaged {
        /// Which file.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// Somebody else may read the folder.
    #[error("the key folder {path} can be read by others; allow only its owner (chmod 0700)")]
    Open {
        /// Which file or folder.
        path: String,
    },
    /// A certificate could not be issued.
    #[error("a certificate could not be issued: {0}")]
    Seal(#[from] SealError),
}

/// The keys of an organisation's server, in memory.
pub struct ServerKeys {
    org: OrgId,
    root: SecretKey,
    issuing: Certified,
    log: Certified,
    headquarters: BTreeMap<u32, SecretKey>,
}

/// A private key and the certificate that says what it is for.
struct Certified {
    key: SecretKey,
    certificate: Certificate,
}

impl fmt::Debug for ServerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerKeys({})", self.org)
    }
}

/// Whoever holds the organisation's keys may enter every site of it.
impl MayEnter for ServerKeys {
    fn may_enter(&self, _site: SiteId) -> bool {
        true
    }
}

impl ServerKeys {
    /// New keys for a new organisation.
    ///
    /// # Errors
    /// [`KeysError::Seal`]
    pub fn generate(entropy: &mut dyn Entropy, now: Millis) -> Result<Self, KeysError> {
        let org = OrgId(random(entropy));
        let [root, issuing, log] = std::array::from_fn(|_| SecretKey::from_seed(random(entropy)));
        let claims = |role, key: &SecretKey, subject| Claims {
            org,
            site: None,
            role,
            subject,
            holder: None,
            key: key.public(),
            issued: now,
            provisional: false,
        };
        let sign = |key: &SecretKey, message: &[u8]| Ok::<Signature, SealError>(key.sign(message));
        let issuing_certificate = claims(Role::Issuing, &issuing, random(entropy))
            .issue(root.public().root_id(), |message| sign(&root, message))?;
        let log_certificate = claims(Role::ServerLog, &log, random(entropy))
            .issue(issuing_certificate.id(), |message| sign(&issuing, message))?;
        Ok(Self {
            org,
            root,
            issuing: Certified { key: issuing, certificate: issuing_certificate },
            log: Certified { key: log, certificate: log_certificate },
            headquarters: BTreeMap::new(),
        })
    }

    /// The organisation.
    #[must_use]
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// The root key, which every phone pins when it is enrolled.
    #[must_use]
    pub fn root(&self) -> PublicKey {
        self.root.public()
    }

    /// The certificates of the organisation's own keys, issuers first.
    #[must_use]
    pub fn certificates(&self) -> [&[u8]; 2] {
        [&self.issuing.certificate.bytes, &self.log.certificate.bytes]
    }

    /// How what the log key signs names it.
    #[must_use]
    pub fn log_key(&self) -> KeyId {
        self.log.certificate.id()
    }

    /// What verification starts from: the root key and the organisation's own certificates.
    ///
    /// # Errors
    /// [`SealError`] if the key files do not belong together.
    pub fn trust(&self) -> Result<Trust, SealError> {
        let mut trust = Trust::new(self.org, self.root());
        self.certificates().into_iter().try_for_each(|bytes| trust.add(bytes).map(|_| ()))?;
        Ok(trust)
    }

    /// Certifies a key of a device or person with the issuing key.
    ///
    /// # Errors
    /// [`SealError::WeakKey`]; claims of another organisation, or of the organisation's own keys, are
    /// [`SealError::BadEnvelope`].
    pub fn certify(&self, claims: Claims) -> Result<Certificate, SealError> {
        let own = matches!(claims.role, Role::Issuing | Role::ServerLog);
        if own || claims.org != self.org || claims.site.is_none() {
            return Err(SealError::BadEnvelope("not for the issuing key to certify"));
        }
        claims.issue(self.issuing.certificate.id(), |message| Ok(self.issuing.key.sign(message)))
    }

    /// Signs a receipt with the log key. Only ever call it for what a durable commit holds.
    #[must_use]
    pub fn sign_receipt(&self, receipt: &Receipt) -> Vec<u8> {
        self.signed(|org, key| receipt.sign(org, key, |message| Ok(self.log.key.sign(message))))
    }

    /// Signs a checkpoint with the log key.
    #[must_use]
    pub fn sign_checkpoint(&self, checkpoint: &Checkpoint) -> Vec<u8> {
        self.signed(|org, key| checkpoint.sign(org, key, |message| Ok(self.log.key.sign(message))))
    }

    /// Signs a snapshot of a site with the log key.
    #[must_use]
    pub fn seal_snapshot(&self, snapshot: Unsigned) -> Vec<u8> {
        self.signed(|org, key| snapshot.seal(org, key, |message| Ok(self.log.key.sign(message))))
    }

    fn signed(
        &self,
        sign: impl FnOnce(OrgId, KeyId) -> Result<Vec<u8>, std::convert::Infallible>,
    ) -> Vec<u8> {
        match sign(self.org, self.log.certificate.id()) {
            Ok(bytes) => bytes,
        }
    }

    /// HQ's device key of an epoch, if it was made.
    #[must_use]
    pub fn headquarters(&self, epoch: u32) -> Option<&SecretKey> {
        self.headquarters.get(&epoch)
    }

    /// The highest epoch that HQ has written in. It lives outside the database, so a restore does not take it back: an epoch at or
    /// below it must not be begun again.
    #[must_use]
    pub fn latest_epoch(&self) -> u32 {
        self.headquarters.keys().next_back().copied().unwrap_or(0)
    }

    /// What HQ's device certificate of an epoch says at a site. It is the same whenever it is asked for, so that a certificate that a restored
    /// database lost is issued again as it was; its date is that of the organisation's keys.
    #[must_use]
    pub fn headquarters_claims(&self, site: SiteId, epoch: u32) -> Option<Claims> {
        let key = self.headquarters(epoch)?.public();
        let name = Hasher::tagged("dutylog/hq-device/v1").with(&site.0).with(&key.0).finish();
        Some(Claims {
            org: self.org,
            site: Some(site),
            role: Role::Headquarters,
            subject: half(&name),
            holder: None,
            key,
            issued: self.log.certificate.claims.issued,
            provisional: false,
        })
    }
}

fn half(digest: &Digest) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&digest.0[..16]);
    half
}
