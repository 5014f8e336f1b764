//! A phone: the real sync session over real HTTP, its log in memory.

use std::sync::Arc;

use dutylog_core::base::{
    BootId, ChainId, DeviceId, Digest, Entropy, KeyId, PersonId, Reading, Seq, SiteId, Value, random,
};
use dutylog_core::log::{
    ClockEvidence, Entry, Header, MemoryLog, Op, Quality, SealError, SecretKey, Segment, SoftKeys, Trust,
    encode_ops, genesis,
};
use dutylog_core::records::site_plan::{SitePlan, person_id};
use dutylog_core::records::{FieldId, Member};
use dutylog_core::sync::auth::{Asked, nonce_from_header};
use dutylog_core::sync::enrol::{EnrolDevice, Enrolled, device_proof};
use dutylog_core::sync::{Failure, HttpRequest, Nonce, Report, Step, SyncConfig, SyncSession, sync_path};
use dutylog_server::enrolment::code_digest;
use dutylog_server::ledger::{Code, Enrols, SiteScope};
use reqwest::{Client, Method};

use super::{START_MS, Server};

pub const CONTENT_TYPE: &str = "application/x-dutylog";

const PLAN: &str = include_str!("../../../core/tests/fixtures/site.json");

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

/// What a request got.
#[derive(Debug, Clone)]
pub struct Got {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    pub fn code(&self) -> &str {
        self.header("dutylog-code")
    }

    pub fn problem(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a problem document")
    }

    pub fn response(&self) -> dutylog_core::sync::Response {
        dutylog_core::sync::Response::from_bytes(&self.body).expect("an answer of the protocol")
    }
}

impl Server {
    /// A site that exists and says nothing of itself yet.
    pub async fn bare_site(&self, n: u8) -> SiteScope {
        self.site(SiteId([n; 16])).await
    }

    /// A site of this identifier.
    pub async fn site(&self, site: SiteId) -> SiteScope {
        let api = &self.running.state.api;
        let scope = SiteScope::enter(site, &*api.keys).expect("the server enters every site");
        api.ledger().create_site(scope, api.keys.org(), START_MS).await.expect("a site");
        scope
    }

    /// A site as its plan describes it.
    pub async fn planned_site(&self) -> SiteScope {
        let keys = &self.running.state.api.keys;
        let plan = SitePlan::from_json(PLAN.as_bytes()).expect("a plan").resolve(keys.org()).expect("sound");
        let scope = self.site(plan.site).await;
        let written = self.running.state.desk.apply(scope, None, plan.clone()).await.expect("applied");
        assert!(written.len() > 10, "{written:?}");
        let again = self.running.state.desk.apply(scope, None, plan).await.expect("applied");
        assert_eq!(again, []);
        scope
    }

    /// Somebody of the plan, by staff number.
    pub fn person(&self, staff_number: &str) -> PersonId {
        person_id(self.running.state.api.keys.org(), staff_number)
    }

    /// A code that enrols a phone, good for ten minutes.
    pub async fn code(&self, scope: SiteScope, enrols: Enrols, n: u8) -> [u8; 16] {
        let code = Code { digest: code_digest(&[n; 16]), enrols, expires: START_MS + 600_000 };
        self.running.state.api.ledger().add_code(scope, code).await.expect("a code");
        [n; 16]
    }

    pub async fn send(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Got {
        self.ask(Method::POST, path, headers, body).await
    }

    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Got {
        let mut request = Client::new().request(method, self.url(path)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.expect("an answer");
        let text = |value: &reqwest::header::HeaderValue| value.to_str().expect("text").to_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Got {
            status: response.status().as_u16(),
            headers,
            body: response.bytes().await.expect("a body").to_vec(),
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
        let key = dutylog_core::log::KeyStore::create(&keys, "device", None).expect("a key");
        let proof = device_proof(&code, device, &key);
        let proof = dutylog_core::log::KeyStore::sign(&keys, "device", None, &proof.0).expect("signed");
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

    pub fn header(&self) -> Header {
        let wall = START_MS + self.mono;
        Header {
            org: self.trust.org,
            site: self.site,
            chain: self.chain,
            first: self.next,
            count: 0,
            prev: self.prev,
            clock: ClockEvidence {
                wall,
                zone: 480,
                hlc: wall,
                hlc_counter: 0,
                mono: self.mono,
                boot: BootId([1; 8]),
                quality: Quality::Unchecked,
                sample: None,
            },
            config: None,
            checkpoint: None,
            seen: Vec::new(),
            root: Digest::default(),
            beyond: Vec::new(),
        }
    }

    /// An entry that any version understands.
    pub fn entry(&self, seq: Seq, note: &str) -> Entry {
        let value = Value::from(note);
        let op = Op::Write { record: 0, field: FieldId(33), member: Member::Number(1), value, cites: vec![] };
        Entry {
            seq,
            at: START_MS + self.mono,
            boot: BootId([1; 8]),
            author: Some(PersonId([9; 16])),
            session: 0,
            records: vec![dutylog_core::base::RecordId([3; 16])],
            kind: 17,
            ops: encode_ops(&[op]),
            statement: None,
            beyond: Vec::new(),
        }
    }

    pub fn sign(&self, header: Header, entries: Vec<Vec<u8>>) -> Segment {
        let sign = |message: &[u8]| {
            dutylog_core::log::KeyStore::sign(&*self.keys, "device", None, message)
                .map_err(|_| SealError::BadSignature)
        };
        Segment::seal(header, self.key, entries, sign).expect("signed")
    }

    /// Records and seals so many entries.
    pub fn record(&mut self, entries: u64, note: &str) -> Segment {
        let entries = (self.next..self.next + entries).map(|seq| self.entry(seq, note).to_bytes()).collect();
        let segment = self.sign(self.header(), entries);
        self.keep(&segment);
        segment
    }

    /// Goes on after a segment.
    pub fn keep(&mut self, segment: &Segment) {
        self.log.append(segment.clone());
        self.next = segment.header.last() + 1;
        self.prev = segment.header.id();
        self.mono += 60_000;
    }

    pub fn session(&self) -> SyncSession {
        SyncSession::new(SyncConfig {
            org: self.trust.org,
            site: self.site,
            origin: self.origin.clone(),
            key_name: "device".into(),
            key: self.key,
            trust: self.trust.clone(),
            nonce: self.nonce,
        })
    }

    /// The header that proves who sends a body.
    pub fn authorize(&self, path: &str, body: &[u8], nonce: Nonce) -> String {
        self.authorize_as(&Method::POST, path, body, nonce)
    }

    fn authorize_as(&self, method: &Method, path: &str, body: &[u8], nonce: Nonce) -> String {
        // Whatever site the path names.
        let site = path.split('/').find_map(|part| part.parse().ok()).unwrap_or(self.site);
        let asked = Asked { method: method.as_str(), path, site, body, origin: &self.origin };
        let sign = |message: &[u8]| dutylog_core::log::KeyStore::sign(&*self.keys, "device", None, message);
        asked.sign(self.key, nonce, sign).expect("signed")
    }

    /// Sends a body as this phone, with a fresh nonce.
    pub async fn post(&mut self, server: &Server, path: &str, body: Vec<u8>) -> Got {
        self.ask(server, &Method::POST, path, body).await
    }

    /// Asks for something as this phone, with a fresh nonce.
    pub async fn get(&mut self, server: &Server, path: &str) -> Got {
        self.ask(server, &Method::GET, path, Vec::new()).await
    }

    async fn ask(&mut self, server: &Server, method: &Method, path: &str, body: Vec<u8>) -> Got {
        for _ in 0..2 {
            let signed = self.authorize_as(method, path, &body, self.nonce.unwrap_or_default());
            let headers = [("authorization", signed.as_str()), ("content-type", CONTENT_TYPE)];
            let got = server.ask(method.clone(), path, &headers, body.clone()).await;
            if got.header("content-type") == CONTENT_TYPE && path.ends_with("/sync") {
                self.nonce = Some(got.response().nonce);
            }
            self.nonce = nonce_from_header(got.header("dutylog-nonce")).or(self.nonce);
            if got.code() != "stale_nonce" {
                return got;
            }
        }
        panic!("the nonce stays stale");
    }

    /// Sends a request of the protocol.
    pub async fn exchange(&mut self, server: &Server, request: &dutylog_core::sync::Request) -> Got {
        self.post(server, &sync_path(self.site), request.to_bytes()).await
    }

    /// Runs a whole session over HTTP.
    pub async fn sync(&mut self, server: &Server) -> Report {
        let mut session = self.session();
        for _ in 0..200 {
            let now = self.now();
            match session.next(&mut self.log, &*self.keys, &mut self.dice, now).expect("a step") {
                Step::Done(report) => {
                    self.nonce = report.nonce;
                    return *report;
                }
                Step::Wait { ms } => self.wait(server, ms),
                Step::Http(request) => self.carry(server, &mut session, request).await,
            }
        }
        panic!("the session does not end: {:?}", session.report());
    }

    fn wait(&mut self, server: &Server, ms: u64) {
        let ms = i64::try_from(ms).expect("short").max(1);
        self.mono += ms;
        server.clock.advance(ms);
    }

    async fn carry(&mut self, server: &Server, session: &mut SyncSession, request: HttpRequest) {
        let headers: Vec<(&str, &str)> = request.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let got = server.send(&request.path, &headers, request.body).await;
        self.mono += 80;
        if got.status == 0 {
            return session.on_failure(request.id, Failure::Interrupted);
        }
        session.on_response(request.id, got.status, got.headers, got.body, self.now());
    }
}
