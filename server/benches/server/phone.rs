//! A phone with its log in memory: the real session, driven by hand.

use dutylog_core::base::{BootId, Digest, Entropy, PersonId, Reading};
use dutylog_core::log::{
    ConfigCite, Holdings as _, KeyStore, KeyStoreError, MemoryLog, PublicKey, SecretKey, Signature, Trust,
};
use dutylog_core::sync::{HttpRequest, Nonce, Step, SyncConfig, SyncSession};
use dutylog_core::testing::Author;

use super::wire::{Got, Wire};
use crate::ratios::Outcome;
use crate::recorded::{Names, segments};
use crate::site_year::Action;

/// A phone.
pub(super) struct Phone {
    pub(super) author: Author,
    pub(super) trust: Trust,
    pub(super) origin: String,
    pub(super) nonce: Option<Nonce>,
    pub(super) log: MemoryLog,
    person: PersonId,
    key: OneKey,
    dice: Counting,
}

/// What a session cost: requests, and bytes both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cost {
    pub(super) requests: usize,
    /// With the heads of HTTP.
    pub(super) bytes: usize,
    /// Without them.
    pub(super) bodies: usize,
}

impl Phone {
    pub(super) fn new(
        author: Author,
        key: SecretKey,
        trust: Trust,
        origin: String,
        person: PersonId,
    ) -> Self {
        let (key, dice) = (OneKey(key), Counting(0));
        Self { author, trust, origin, nonce: None, log: MemoryLog::new(), person, key, dice }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Signature, KeyStoreError> {
        self.key.sign("", None, message)
    }

    /// Signs the duty lead in.
    pub(super) fn sign_in(&mut self) {
        self.author.wall = dutylog_core::testing::START - 1_000;
        self.author.sign_in(self.person);
    }

    /// Records actions, sealed at the end of every record; cites the configuration it holds.
    pub(super) fn record(&mut self, actions: &[Action]) -> Outcome<Vec<dutylog_core::log::Segment>> {
        let own = self.author.chain;
        let heads = self.log.heads()?;
        let newest = heads.iter().find(|(chain, _)| **chain != own).ok_or("headquarters was not heard")?;
        let seq = newest.1.first().ok_or("a chain has a head")?.seq;
        self.author.config = Some(ConfigCite { chain: *newest.0, seq });
        let segments = segments(&mut self.author, actions, Names::Derived);
        for segment in &segments {
            self.log.append(segment.clone());
        }
        Ok(segments)
    }

    /// A new session.
    pub(super) fn session(&self) -> SyncSession {
        SyncSession::new(SyncConfig {
            org: self.trust.org,
            site: self.author.site,
            origin: self.origin.clone(),
            key_name: "device".into(),
            key: self.author.certificate.id(),
            trust: self.trust.clone(),
            nonce: self.nonce,
        })
    }

    /// The next request of a session; none when it has ended.
    pub(super) fn next(&mut self, session: &mut SyncSession) -> Outcome<Option<HttpRequest>> {
        loop {
            match session.next(&mut self.log, &self.key, &mut self.dice, now())? {
                Step::Http(request) => return Ok(Some(request)),
                Step::Wait { .. } => {}
                Step::Done(report) => {
                    self.nonce = report.nonce;
                    return Ok(None);
                }
            }
        }
    }

    /// Runs a whole session.
    pub(super) fn sync(&mut self, wire: &mut Wire) -> Outcome<Cost> {
        let (mut session, mut cost) = (self.session(), Cost::default());
        while let Some(request) = self.next(&mut session)? {
            let before = wire.bytes;
            let got = wire.send(&request)?;
            cost.requests += 1;
            cost.bytes += wire.bytes - before;
            cost.bodies += request.body.len() + got.body.len();
            answer(&mut session, &request, got);
        }
        Ok(cost)
    }
}

/// Hands an answer to its session.
pub(super) fn answer(session: &mut SyncSession, request: &HttpRequest, got: Got) {
    session.on_response(request.id, got.status, got.headers, got.body, now());
}

fn now() -> Reading {
    Reading { wall: dutylog_core::testing::START, zone: 480, mono: 1_000, boot: BootId([7; 8]) }
}

/// A key store of one key.
struct OneKey(SecretKey);

impl KeyStore for OneKey {
    fn create(&self, _: &str, _: Option<&[u8]>) -> Result<PublicKey, KeyStoreError> {
        Err(KeyStoreError::Unavailable)
    }

    fn sign(&self, _: &str, _: Option<&[u8]>, message: &[u8]) -> Result<Signature, KeyStoreError> {
        Ok(self.0.sign(message))
    }

    fn mac(&self, _: &str, _: &[u8]) -> Result<Digest, KeyStoreError> {
        Err(KeyStoreError::Unavailable)
    }

    fn delete(&self, _: &str) -> Result<(), KeyStoreError> {
        Ok(())
    }
}

/// Randomness that is the same every time.
struct Counting(u64);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = self.0.to_be_bytes()[3];
        }
    }
}
