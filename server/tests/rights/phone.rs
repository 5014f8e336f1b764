//! A phone's key and what it signs with it.

use dutylog_core::base::{ChainId, DeviceId, Digest, KeyId, OrgId, PersonId, SiteId};
use dutylog_core::capture::Intent;
use dutylog_core::log::{SecretKey, Segment, Trust};
use dutylog_core::records::Kind;
use dutylog_core::records::incident::{IncidentKind, KIND};
use dutylog_core::sync::auth::{Asked, nonce_from_header};
use dutylog_core::sync::bundle::{Evidence, export};
use dutylog_core::sync::enrol::{EnrolDevice, EnrolPerson, Enrolled, device_proof, person_proof};
use dutylog_core::sync::{CONTENT_TYPE, Nonce, Response};
use dutylog_core::testing::Author;
use dutylog_server::ledger::Enrols;
use reqwest::{Client, RequestBuilder};

use crate::body::code;
use crate::console::World;

/// What a new phone sends with a code; its identifier and key.
pub(crate) fn asking(code: [u8; 16], n: u8) -> (Vec<u8>, DeviceId, SecretKey) {
    let (device, key) = (DeviceId([n; 16]), SecretKey::from_seed([n; 32]));
    let proof = key.sign(&device_proof(&code, device, &key.public()).0);
    let asked = EnrolDevice { code, device, key: key.public(), label: "手机".into(), proof };
    (asked.to_bytes(), device, key)
}

pub(crate) struct Phone {
    pub(crate) device: DeviceId,
    pub(crate) site: SiteId,
    org: OrgId,
    trust: Trust,
    origin: String,
    pub(crate) id: KeyId,
    key: SecretKey,
    nonce: std::sync::Mutex<Nonce>,
}

impl Phone {
    /// Enrols a phone at a site.
    pub(crate) async fn enrol(world: &World, site: SiteId, n: u8) -> Self {
        let (asked, device, key) = asking(code(world, site, Enrols::Phone).await, n);
        let request = Client::new().post(format!("{}/v1/enrol", world.origin)).body(asked);
        let answer = request.header("content-type", CONTENT_TYPE).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let enrolled = Enrolled::from_bytes(&answer.bytes().await.expect("a body")).expect("certificates");
        let keys = &world.parts.keys;
        let (org, mut trust) = (keys.org(), Trust::new(keys.org(), keys.root()));
        enrolled.certificates.iter().for_each(|bytes| drop(trust.add(bytes).expect("issuers first").clone()));
        let id = KeyId(Digest::of(enrolled.certificates.last().expect("its own")).mark());
        Self { device, site, org, trust, origin: world.origin.clone(), id, key, nonce: Default::default() }
    }

    /// An incident in a chain of its own, as a file that anybody may drop off.
    pub(crate) fn bundle(&self, chain: u8) -> Vec<u8> {
        let certificates = self.trust.certificates().map(|c| c.bytes.clone()).collect();
        let evidence = Evidence { certificates, checkpoints: Vec::new(), receipts: Vec::new() };
        export(self.org, self.site, &evidence, &[self.raised(chain, IncidentKind::Fire)]).expect("small")
    }

    /// What the phone and a copy of it recorded as the first entry of one chain.
    pub(crate) fn forked(&self, chain: u8) -> Vec<Segment> {
        [IncidentKind::Fire, IncidentKind::Water].map(|kind| self.raised(chain, kind)).into()
    }

    fn raised(&self, chain: u8, kind: IncidentKind) -> Segment {
        let certificate = self.trust.get(self.id).expect("its own").clone();
        let key = SecretKey::from_seed(*self.key.seed());
        let mut author = Author::new(self.org, self.site, certificate, key, ChainId([chain; 16]));
        author.record(Intent::creating(Kind::IncidentRaised).set(KIND, &kind).done());
        author.seal()
    }

    /// What asks for a person's certificate on this phone.
    pub(crate) fn asking_for(&self, person: PersonId, code: [u8; 16]) -> Vec<u8> {
        let key = SecretKey::from_seed([code[0].wrapping_add(1); 32]);
        let proof = key.sign(&person_proof(person, &code, self.device, &key.public()).0);
        EnrolPerson { person, code, key: key.public(), proof }.to_bytes()
    }

    /// Signs a request and sends it; once more if the nonce was not fresh.
    pub(crate) async fn send(&self, request: RequestBuilder) -> reqwest::Response {
        let again = request.try_clone().expect("bytes");
        let first = self.signed(request).await;
        let stale = first.headers().get("dutylog-code").is_some_and(|code| code == "stale_nonce");
        if stale { self.signed(again).await } else { first }
    }

    async fn signed(&self, request: RequestBuilder) -> reqwest::Response {
        let (client, built) = request.build_split();
        let mut built = built.expect("a request");
        let body = built.body().and_then(|body| body.as_bytes()).unwrap_or_default();
        // A phone may sign for whatever site its path names: what counts is the server's certificate.
        let site = built.url().path().split('/').find_map(|part| part.parse().ok()).unwrap_or(self.site);
        let asked = Asked {
            method: built.method().as_str(),
            path: built.url().path(),
            site,
            body,
            origin: &self.origin,
        };
        let nonce = *self.nonce.lock().expect("lock");
        let header = asked.sign(self.id, nonce, |message| Ok::<_, ()>(self.key.sign(message)));
        built.headers_mut().insert("authorization", header.expect("signed").parse().expect("a value"));
        let answer = client.execute(built).await.expect("an answer");
        let fresh = answer.headers().get("dutylog-nonce").and_then(|v| nonce_from_header(v.to_str().ok()?));
        if let Some(fresh) = fresh {
            *self.nonce.lock().expect("lock") = fresh;
        }
        answer
    }

    /// Keeps the nonce that an answer of the protocol brings.
    pub(crate) fn heard(&self, body: &[u8]) {
        if let Ok(answer) = Response::from_bytes(body) {
            *self.nonce.lock().expect("lock") = answer.nonce;
        }
    }
}
