//! A server in memory, made of [`serve`](crate::sync::serve).

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::{NOON, ORG, ORIGIN, Org, Reply, SITE};
use crate::base::{ChainId, Digest, KeyId};
use crate::log::{
    Absorbed, Checkpoint, Head, Holdings as _, MemoryLog, Peaks, Receipt, SecretKey, Segment, SiteRoot,
    Trust, merkle,
};
use crate::sync::auth::{Asked, Authorization, CODE_HEADER, NONCE_HEADER, nonce_to_header};
use crate::sync::serve::{Answer, Received, page, receive};
use crate::sync::{CONTENT_TYPE, HttpRequest, Outcome, OutcomeKind};

/// A server in memory.
pub(in crate::sync::tests) struct Server {
    pub(in crate::sync::tests) trust: Trust,
    pub(in crate::sync::tests) log: MemoryLog,
    pub(in crate::sync::tests) taken: Vec<Segment>,
    /// The root at every size.
    roots: Vec<Digest>,
    receipts: BTreeMap<Digest, (Receipt, Vec<u8>)>,
    pub(in crate::sync::tests) epoch: u32,
    /// The epochs before this one, with the size each new one began with.
    restores: Vec<(u32, u64)>,
    pub(in crate::sync::tests) nonce: [u8; 8],
    pub(in crate::sync::tests) requests: usize,
    key: SecretKey,
    key_id: KeyId,
}

impl Server {
    pub(in crate::sync::tests) fn new(org: &Org) -> Self {
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
    pub(in crate::sync::tests) fn restore(&mut self, size: u64) {
        let taken: Vec<Segment> = self.taken.drain(..usize::try_from(size).unwrap()).collect();
        self.restores.push((self.epoch, size));
        self.epoch += 1;
        self.rewrite(taken);
    }

    /// Has another history.
    pub(in crate::sync::tests) fn rewrite(&mut self, segments: Vec<Segment>) {
        (self.log, self.taken, self.receipts) = (MemoryLog::new(), Vec::new(), BTreeMap::new());
        self.roots.truncate(1);
        for segment in segments {
            self.store(segment);
        }
    }

    pub(in crate::sync::tests) fn handle(&mut self, request: &HttpRequest) -> Reply {
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
