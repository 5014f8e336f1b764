//! The organisation: its keys, and the phones it certifies.

use std::collections::BTreeMap;

use super::{Counting, NOON, ORG, Phone, SITE, Server};
use crate::base::{ChainId, KeyId, SiteId};
use crate::log::{
    Claims, KeyStore as _, MemoryLog, Role, SealError, SecretKey, Signature, SoftKeys, Trust, genesis,
};

/// The keys everything hangs on.
pub(in crate::sync::tests) struct Org {
    issuing: SecretKey,
    issuing_id: KeyId,
    pub(super) log: SecretKey,
    pub(super) log_id: KeyId,
    pub(in crate::sync::tests) trust: Trust,
}

fn signer(key: &SecretKey) -> impl FnOnce(&[u8]) -> Result<Signature, SealError> + '_ {
    |message| Ok(key.sign(message))
}

fn claims(role: Role, site: Option<SiteId>, n: u8, key: crate::log::PublicKey) -> Claims {
    Claims { org: ORG, site, role, subject: [n; 16], holder: None, key, issued: NOON, provisional: false }
}

impl Org {
    pub(in crate::sync::tests) fn new() -> Self {
        let [root, issuing, log] = [1, 2, 3].map(|n| SecretKey::from_seed([n; 32]));
        let mut trust = Trust::new(ORG, root.public());
        let by_root = claims(Role::Issuing, None, 1, issuing.public());
        let by_root = by_root.issue(root.public().root_id(), signer(&root)).unwrap();
        let issuing_id = trust.add(&by_root.bytes).unwrap().id();
        let server = claims(Role::ServerLog, None, 2, log.public());
        let server = server.issue(issuing_id, signer(&issuing)).unwrap();
        let log_id = trust.add(&server.bytes).unwrap().id();
        Self { issuing, issuing_id, log, log_id, trust }
    }

    /// A phone that knows the root, the issuing key and the server, and has its own certificate; the server knows it too.
    pub(in crate::sync::tests) fn phone(&self, n: u8, server: &mut Server) -> Phone {
        let keys = SoftKeys::new([n; 32], Box::new(Counting(n.into())), BTreeMap::new());
        let public = keys.create("device", None).unwrap();
        let certificate = claims(Role::Phone, Some(SITE), n, public);
        let certificate = certificate.issue(self.issuing_id, signer(&self.issuing)).unwrap();
        let mut trust = self.trust.clone();
        let key = trust.add(&certificate.bytes).unwrap().id();
        server.trust.add(&certificate.bytes).unwrap();
        let chain = ChainId([n; 16]);
        let prev = genesis(&certificate, SITE, chain);
        let log = MemoryLog::new();
        let at = NOON + i64::from(n);
        Phone {
            keys,
            key,
            trust,
            chain,
            log,
            seq: 0,
            prev,
            at,
            mono: 1_000,
            nonce: None,
            entropy: Counting(7),
        }
    }
}
