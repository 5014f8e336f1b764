//! A phone: it records, and syncs over whatever network a test gives it.

use super::{BOOT, Counting, Fate, ORG, ORIGIN, Reply, SITE, Server};
use crate::base::{ChainId, Digest, KeyId, Millis, PersonId, Reading, Value};
use crate::log::{
    ClockEvidence, Entry, Header, KeyStore as _, MemoryLog, Op, Quality, Segment, SoftKeys, Trust,
    derive_record, encode_ops,
};
use crate::records::{FieldId, Member};
use crate::sync::{HttpRequest, Report, Step, SyncConfig, SyncSession};

/// A phone that records and syncs.
pub(in crate::sync::tests) struct Phone {
    pub(in crate::sync::tests) keys: SoftKeys,
    pub(in crate::sync::tests) key: KeyId,
    pub(in crate::sync::tests) trust: Trust,
    pub(in crate::sync::tests) chain: ChainId,
    pub(in crate::sync::tests) log: MemoryLog,
    pub(in crate::sync::tests) seq: u64,
    pub(in crate::sync::tests) prev: Digest,
    pub(in crate::sync::tests) at: Millis,
    pub(in crate::sync::tests) mono: i64,
    pub(in crate::sync::tests) nonce: Option<[u8; 8]>,
    pub(in crate::sync::tests) entropy: Counting,
}

impl Phone {
    /// Seals so many entries into the next segment, without keeping it.
    pub(in crate::sync::tests) fn seal(&mut self, entries: u64, note: &str) -> Segment {
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
    pub(in crate::sync::tests) fn record(&mut self, entries: u64, note: &str) -> Segment {
        let segment = self.seal(entries, note);
        self.log.append(segment.clone());
        self.seq = segment.header.last();
        self.prev = segment.header.id();
        self.at += 600_000;
        segment
    }

    pub(in crate::sync::tests) fn session(&self) -> SyncSession {
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

    pub(in crate::sync::tests) fn now(&self) -> Reading {
        Reading { wall: self.at, zone: 480, mono: self.mono, boot: BOOT }
    }

    pub(in crate::sync::tests) fn step(&mut self, session: &mut SyncSession) -> Step {
        let now = self.now();
        session.next(&mut self.log, &self.keys, &mut self.entropy, now).unwrap()
    }

    /// Syncs over a network that answers as told.
    pub(in crate::sync::tests) fn sync_over(&mut self, mut net: impl FnMut(&HttpRequest) -> Fate) -> Report {
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

    pub(in crate::sync::tests) fn sync(&mut self, server: &mut Server) -> Report {
        self.sync_over(|request| Fate::Answers(server.handle(request)))
    }
}
