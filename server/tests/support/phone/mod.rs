//! A phone: the real sync session over real HTTP, its log in memory.

mod record;
mod talk;

use std::sync::Arc;

use dutylog_core::base::{BootId, ChainId, DeviceId, Digest, Entropy, KeyId, Reading, Seq, SiteId, random};
use dutylog_core::log::{KeyStore as _, MemoryLog, SecretKey, SoftKeys, Trust, genesis};
use dutylog_core::sync::Nonce;
use dutylog_core::sync::enrol::{EnrolDevice, Enrolled, device_proof};
use dutylog_server::ledger::{Enrols, SiteScope};

use super::wire::CONTENT_TYPE;
use super::{START_MS, Server};

/// Bytes that are the same in every run.
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Entropy for Dice {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = self.0.to_be_bytes()[3];
        }
    }
}

/// A phone and all it knows. A clone is the same phone restored from a copy.
#[derive(Debug, Clone)]
pub struct Phone {
    pub site: SiteId,
    pub key: KeyId,
    pub device: DeviceId,
    pub chain: ChainId,
    pub log: MemoryLog,
    pub trust: Trust,
    pub nonce: Option<Nonce>,
    pub origin: String,
    keys: Arc<SoftKeys>,
    dice: Dice,
    next: Seq,
    prev: Digest,
    mono: i64,
}

impl Phone {
    /// What a new phone sends with a code, and its key.
    pub fn asking(seed: u64, code: [u8; 16]) -> (Vec<u8>, SecretKey) {
        let mut dice = Dice(seed);
        let key = SecretKey::from_seed(random(&mut dice));
        let device = DeviceId(random(&mut dice));
        let proof = key.sign(&device_proof(&code, device, &key.public()).0);
        let asked = EnrolDevice { code, device, key: key.public(), label: "手机".into(), proof };
        (asked.to_bytes(), key)
    }

    /// Enrols a new phone over HTTP.
    pub async fn enrol(server: &Server, scope: SiteScope, n: u8) -> Self {
        let code = server.code(scope, Enrols::Phone, n).await;
        let keys = SoftKeys::new([n; 32], Box::new(Dice(u64::from(n))), Default::default());
        let mut dice = Dice(u64::from(n) << 32);
        let device = DeviceId(random(&mut dice));
        let key = keys.create("device", None).expect("a key");
        let proof = device_proof(&code, device, &key);
        let proof = keys.sign("device", None, &proof.0).expect("signed");
        let asked = EnrolDevice { code, device, key, label: format!("手机 {n}"), proof };
        let got = server.send("/v1/enrol", &[("content-type", CONTENT_TYPE)], asked.to_bytes()).await;
        assert_eq!(got.status, 200, "{got:?}");
        let answer = Enrolled::from_bytes(&got.body).expect("certificates");
        assert_eq!(answer.subject, device.0);
        let api = &server.running.state.api;
        let mut trust = Trust::new(api.keys.org(), api.keys.root());
        answer.certificates.iter().for_each(|bytes| drop(trust.add(bytes).expect("proven").clone()));
        let certificate = trust.add(answer.certificates.last().expect("its own")).expect("proven").clone();
        let chain = ChainId(random(&mut dice));
        Self {
            site: scope.site(),
            key: certificate.id(),
            prev: genesis(&certificate, scope.site(), chain),
            device,
            chain,
            log: MemoryLog::new(),
            trust,
            nonce: None,
            origin: server.running.origin.clone(),
            keys: Arc::new(keys),
            dice,
            next: 1,
            mono: 1_000,
        }
    }

    pub fn now(&self) -> Reading {
        Reading { wall: START_MS + self.mono, zone: 480, mono: self.mono, boot: BootId([1; 8]) }
    }
}
