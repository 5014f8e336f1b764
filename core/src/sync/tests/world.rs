//! An organisation with one site, a server in memory, and phones.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::base::{BootId, ChainId, Digest, Entropy, KeyId, Millis, OrgId, PersonId, Reading, SiteId, Value};
use crate::log::{
    Absorbed, Checkpoint, Claims, ClockEvidence, Entry, Head, Header, Holdings as _, KeyStore as _,
    MemoryLog, Op, Peaks, Quality, Receipt, Role, SealError, SecretKey, Segment, Signature, SiteRoot,
    SoftKeys, Trust, derive_record, encode_ops, genesis, merkle,
};
use crate::records::{FieldId, Member};
use crate::sync::auth::{Asked, Authorization, CODE_HEADER, NONCE_HEADER, nonce_to_header};
use crate::sync::serve::{Answer, Received, page, receive};
use crate::sync::{CONTENT_TYPE, HttpRequest, Outcome, OutcomeKind, Report, Step, SyncConfig, SyncSession};

pub(super) const ORG: OrgId = OrgId([1; 16]);
pub(super) const SITE: SiteId = SiteId([2; 16]);
pub(super) const ORIGIN: &str = "https://duty.example";
pub(super) const BOOT: BootId = BootId([4; 8]);
pub(super) const NOON: Millis = 1_790_000_000_000;

/// Counts up.
#[derive(Debug, Default)]
pub(super) struct Counting(pub(super) u64);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            chunk.copy_from_slice(&self.0.to_be_bytes()[..chunk.len()]);
        }
    }
}

/// The keys everything hangs on.
pub(super) struct Org {
    issuing: SecretKey,
    issuing_id: KeyId,
    log: SecretKey,
    log_id: KeyId,
    pub(super) trust: Trust,
}

fn signer(key: &SecretKey) -> impl FnOnce(&[u8]) -> Result<Signature, SealError> + '_ {
    |message| Ok(key.sign(message))
}

fn claims(role: Role, site: Option<SiteId>, n: u8, key: crate::log::PublicKey) -> Claims {
    Claims { org: ORG, site, role, subject: [n; 16], holder: None, key, issued: NOON, provisional: false }
}

impl Org {
    pub(super) fn new() -> Self {
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
    pub(super) fn phone(&self, n: u8, server: &mut Server) -> Phone {
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

/// A phone that records and syncs.
pub(super) struct Phone {
    pub(super) keys: SoftKeys,
    pub(super) key: KeyId,
    pub(super) trust: Trust,
    pub(super) chain: ChainId,
    pub(super) log: MemoryLog,
    pub(super) seq: u64,
    pub(super) prev: Digest,
    pub(super) at: Millis,
    pub(super) mono: i64,
    pub(super) nonce: Option<[u8; 8]>,
    pub(super) entropy: Counting,
}

impl Phone {
    /// Seals so many entries into the next segment, without keeping it.
    pub(super) fn seal(&mut self, entries: u64, note: &str) -> Segment {
        let (chain, first) = (self.chain, self.seq + 1);
        let wall = self.at;
        let entries = (0..entries).map(|n| {
            let (seq, at) = (first + n, wall + i64::try_from(n).unwrap() * 10_000);
            let value = Value::List(vec![Value::Int(0), Value::Int(215), Value::from(note)]);
            let op =
                Op::Write { record: 0, field: FieldId(33), member: Member::Number(1), value, cites: vec![] };
            Entry {
                seq,
                at,
                boot: BOOT,
                author: Some(PersonId([9; 16])),
                session: 1,
                records: vec![derive_record(chain, first, wall, BOOT, 0)],
                kind: 17,
                ops: encode_ops(&[op]),
                statement: None,
                beyond: Vec::new(),
            }
        });
        let entries: Vec<Vec<u8>> = entries.map(|e| e.to_bytes()).collect();
        let clock = ClockEvidence {
            wall,
            zone: 480,
            hlc: wall,
            hlc_counter: 0,
            mono: self.mono,
            boot: BOOT,
            quality: Quality::Unchecked,
            sample: None,
        };
        let (prev, root) = (self.prev, Digest::default());
        let (config, checkpoint, seen) = (None, None, Vec::new());
        let header = Header {
            org: ORG,
            site: SITE,
            chain,
            first,
            count: 0,
            prev,
            clock,
            config,
            checkpoint,
            seen,
            root,
            beyond: Vec::new(),
        };
        Segment::seal(header, self.key, entries, |m| self.keys.sign("device", None, m)).unwrap()
    }

    /// Seals and keeps.
    pub(super) fn record(&mut self, entries: u64, note: &str) -> Segment {
        let segment = self.seal(entries, note);
        self.log.append(segment.clone());
        self.seq = segment.header.last();
        self.prev = segment.header.id();
        self.at += 600_000;
        segment
    }

    pub(super) fn session(&self) -> SyncSession {
        SyncSession::new(SyncConfig {
            org: ORG,
            site: SITE,
            origin: ORIGIN.into(),
            key_name: "device".into(),
            key: self.key,
            trust: self.trust.clone(),
            nonce: self.nonce,
        })
    }

    pub(super) fn now(&self) -> Reading {
        Reading { wall: self.at, zone: 480, mono: self.mono, boot: BOOT }
    }

    pub(super) fn step(&mut self, session: &mut SyncSession) -> Step {
        let now = self.now();
        session.next(&mut self.log, &self.keys, &mut self.entropy, now).unwrap()
    }

    /// Syncs over a network that answers as told.
    pub(super) fn sync_over(&mut self, mut net: impl FnMut(&HttpRequest) -> Fate) -> Report {
        let mut session = self.session();
        for _ in 0..500 {
            match self.step(&mut session) {
                Step::Done(report) => {
                    self.nonce = report.nonce;
                    return *report;
                }
                Step::Wait { ms } => self.mono += i64::try_from(ms).unwrap().max(1),
                Step::Http(request) => {
                    self.mono += 80;
                    match net(&request) {
                        Fate::Fails(failure) => session.on_failure(request.id, failure),
                        Fate::Answers(Reply { status, headers, body }) => {
                            session.on_response(request.id, status, headers, body, self.now());
                        }
                    }
                }
            }
        }
        panic!("the session does not end: {:?}", session.report());
    }

    pub(super) fn sync(&mut self, server: &mut Server) -> Report {
        self.sync_over(|request| Fate::Answers(server.handle(request)))
    }
}

/// What the network does with a request.
pub(super) enum Fate {
    Answers(Reply),
    Fails(crate::sync::Failure),
}

#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn new(status: u16, body: &[u8]) -> Self {
        Self { status, headers: Vec::new(), body: body.to_vec() }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// A server in memory.
pub(super) struct Server {
    pub(super) trust: Trust,
    pub(super) log: MemoryLog,
    pub(super) taken: Vec<Segment>,
    /// The root at every size.
    roots: Vec<Digest>,
    receipts: BTreeMap<Digest, (Receipt, Vec<u8>)>,
    pub(super) epoch: u32,
    /// The epochs before this one, with the size each new one began with.
    restores: Vec<(u32, u64)>,
    pub(super) nonce: [u8; 8],
    pub(super) requests: usize,
    key: SecretKey,
    key_id: KeyId,
}

impl Server {
    pub(super) fn new(org: &Org) -> Self {
        Self {
            trust: org.trust.clone(),
            log: MemoryLog::new(),
            taken: Vec::new(),
            roots: vec![merkle::root(&[])],
            receipts: BTreeMap::new(),
            epoch: 1,
            restores: Vec::new(),
            nonce: [5; 8],
            requests: 0,
            key: SecretKey::from_seed(*org.log.seed()),
            key_id: org.log_id,
        }
    }

    fn size(&self) -> u64 {
        self.taken.len() as u64
    }

    fn at(&self, size: u64) -> SiteRoot {
        SiteRoot { size, root: self.roots[usize::try_from(size).unwrap()] }
    }

    /// Goes back to an older copy of itself.
    pub(super) fn restore(&mut self, size: u64) {
        let taken: Vec<Segment> = self.taken.drain(..usize::try_from(size).unwrap()).collect();
        self.restores.push((self.epoch, size));
        self.epoch += 1;
        self.rewrite(taken);
    }

    /// Has another history.
    pub(super) fn rewrite(&mut self, segments: Vec<Segment>) {
        (self.log, self.taken, self.receipts) = (MemoryLog::new(), Vec::new(), BTreeMap::new());
        self.roots.truncate(1);
        for segment in segments {
            self.store(segment);
        }
    }

    pub(super) fn handle(&mut self, request: &HttpRequest) -> Reply {
        self.requests += 1;
        let header = |name| request.headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str());
        assert_eq!(header("content-type"), Some(CONTENT_TYPE));
        let said = Authorization::from_header(header("authorization").unwrap()).unwrap();
        let asked = Asked {
            method: request.method,
            path: &request.path,
            site: SITE,
            body: &request.body,
            origin: ORIGIN,
        };
        asked.verify(&said, self.trust.get(said.key).unwrap()).unwrap();
        if said.nonce != self.nonce {
            return Reply::new(401, b"").header(NONCE_HEADER, &nonce_to_header(self.nonce));
        }
        match receive(&request.body, SITE, &self.trust) {
            Ok(received) => Reply::new(200, &self.answer(&received, said.key)),
            Err(error) => Reply::new(error.code().1, b"").header(CODE_HEADER, error.code().0),
        }
    }

    fn store(&mut self, segment: Segment) -> Option<Outcome> {
        let header = segment.header.clone();
        let (chain, first, last) = (header.chain, header.first, header.last());
        let known = first == 1 || self.log.segment(&header.prev).unwrap().is_some();
        if !known {
            let heads = self.log.heads().unwrap();
            let have = heads.get(&chain).and_then(|h| h.iter().max()).map_or(0, |head| head.seq);
            return Some(Outcome { chain, kind: OutcomeKind::Gap, first: 0, last: have });
        }
        let absorbed = self.log.append(segment.clone());
        if matches!(absorbed, Absorbed::Held | Absorbed::SetAside) {
            return None;
        }
        let leaves = (0..).zip(&self.taken).map(|(at, s)| merkle::site_leaf(at, &s.header.id()));
        let peaks =
            leaves.fold(Peaks::default(), Peaks::with).with(merkle::site_leaf(self.size(), &header.id()));
        self.taken.push(segment);
        self.roots.push(peaks.root());
        match absorbed {
            Absorbed::Forked { at } => Some(Outcome { chain, kind: OutcomeKind::Fork, first: at, last }),
            _ => None,
        }
    }

    fn answer(&mut self, received: &Received, asker: KeyId) -> Vec<u8> {
        let outcomes: Vec<Outcome> = received.segments.iter().filter_map(|s| self.store(s.clone())).collect();
        let heads = self.log.heads().unwrap();
        let all = Answer::wants_heads(self.epoch, &received.request);
        let gap = |chain: &ChainId| outcomes.iter().any(|o| o.chain == *chain && o.kind == OutcomeKind::Gap);
        let named = heads.iter().filter(|(chain, _)| all || gap(chain));
        let named = named.flat_map(|(chain, heads)| heads.iter().map(|head| (*chain, *head))).collect();
        let held = received.chains().into_iter().filter_map(|c| Some((c, heads.get(&c)?)));
        let receipts = held.flat_map(|(c, heads)| heads.iter().map(move |h| (c, *h))).collect::<Vec<_>>();
        let receipts = receipts.into_iter().map(|(chain, head)| self.receipt(chain, head)).collect();
        let position = received.request.position;
        let same = [0, self.epoch].contains(&received.request.epoch) && position <= self.size();
        let contradicts = same && self.at(position).root.mark() != received.request.mark;
        let from = usize::try_from(received.wants_from()).unwrap();
        let page = (same && !contradicts && from < self.taken.len())
            .then(|| page(received, asker, &self.trust, &self.taken[from..]));
        let kept = self.restores.iter().filter(|(epoch, _)| *epoch >= received.request.epoch);
        let kept = kept.map(|(_, size)| *size).min().map(|size| self.at(size.min(position)));
        let end = page.as_ref().map_or(position.min(self.size()), |page| page.end);
        let answer = Answer {
            epoch: self.epoch,
            time: NOON,
            nonce: self.nonce,
            now: self.at(self.size()),
            end: self.at(end),
            page,
            receipts,
            outcomes,
            heads: named,
            backup: None,
            restored: kept,
        };
        let checkpoint = answer.unsigned(received).map(|log| {
            let checkpoint = Checkpoint { site: SITE, epoch: self.epoch, log, at: NOON };
            let Ok(bytes) = checkpoint.sign(ORG, self.key_id, |m| Ok::<_, Infallible>(self.key.sign(m)));
            bytes
        });
        answer.respond(received, checkpoint).unwrap().to_bytes()
    }

    fn receipt(&mut self, chain: ChainId, head: Head) -> (Receipt, Vec<u8>) {
        let (log, epoch) = (self.at(self.size()), self.epoch);
        let (key, key_id) = (&self.key, self.key_id);
        let make = || {
            let receipt = Receipt { site: SITE, epoch, chain, head, log, received: NOON };
            let Ok(bytes) = receipt.sign(ORG, key_id, |m| Ok::<_, Infallible>(key.sign(m)));
            (receipt, bytes)
        };
        self.receipts.entry(head.segment).or_insert_with(make).clone()
    }
}

/// Whether every one of these logs holds the same segments.
pub(super) fn same<'l>(logs: impl IntoIterator<Item = &'l MemoryLog>) -> bool {
    let ids = |log: &MemoryLog| -> Vec<Digest> {
        let mut ids: Vec<_> = log.segments().map(|s| s.header.id()).collect();
        ids.sort();
        ids
    };
    let all: Vec<_> = logs.into_iter().map(ids).collect();
    all.windows(2).all(|pair| pair[0] == pair[1])
}
