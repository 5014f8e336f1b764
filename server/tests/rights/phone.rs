//! A phone's key and what it signs with it.

use dutylog_core::base::{DeviceId, Digest, KeyId, SiteId};
use dutylog_core::log::SecretKey;
use dutylog_core::sync::auth::{Asked, nonce_from_header};
use dutylog_core::sync::enrol::{EnrolDevice, Enrolled, device_proof};
use dutylog_core::sync::{CONTENT_TYPE, Nonce, Response};
use dutylog_server::clock::{Clock as _, SystemClock};
use dutylog_server::enrolment::code_digest;
use dutylog_server::ledger::{Code, Enrols, SiteScope};
use reqwest::{Client, RequestBuilder};

use crate::console::World;

pub(crate) struct Phone {
    pub device: DeviceId,
    site: SiteId,
    origin: String,
    id: KeyId,
    key: SecretKey,
    nonce: std::sync::Mutex<Nonce>,
}

impl Phone {
    /// Enrols a phone at a site.
    pub(crate) async fn enrol(world: &World, site: SiteId, n: u8) -> Self {
        let scope = SiteScope::enter(site, &*world.parts.keys).expect("every site");
        let code = Code {
            digest: code_digest(&[n; 16]),
            enrols: Enrols::Phone,
            expires: SystemClock.now_ms() + 600_000,
        };
        world.parts.ledger().add_code(scope, code).await.expect("a code");
        let (device, key) = (DeviceId([n; 16]), SecretKey::from_seed([n; 32]));
        let proof = key.sign(&device_proof(&[n; 16], device, &key.public()).0);
        let asked = EnrolDevice { code: [n; 16], device, key: key.public(), label: "手机".into(), proof };
        let request = Client::new().post(format!("{}/v1/enrol", world.origin)).body(asked.to_bytes());
        let answer = request.header("content-type", CONTENT_TYPE).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let enrolled = Enrolled::from_bytes(&answer.bytes().await.expect("a body")).expect("certificates");
        let id = KeyId(Digest::of(enrolled.certificates.last().expect("its own")).mark());
        Self { device, site, origin: world.origin.clone(), id, key, nonce: Default::default() }
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
