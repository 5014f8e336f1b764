//! What comes in past the router: what HQ wrote, and what a test makes a device write.

use std::sync::Arc;

use dutylog_core::base::{ChainId, KeyId, Millis, random};
use dutylog_core::log::{Claims, Quality, Role, SecretKey, Segment};
use dutylog_core::testing::Author;
use dutylog_server::ingest::Outcome;

use super::super::site::START;
use super::Server;

impl Server {
    /// Lets HQ go on after what the server's desk has written in its chain, such as the snapshots that new phones were told.
    ///
    /// # Panics
    /// If the ledger fails.
    pub fn follow_desk(&mut self) {
        let (chain, next) = self.hq.next();
        let written = self.running.state.api.ledger().chain(self.scope, chain, next);
        let written = self.runtime.block_on(written).expect("an answer");
        written.iter().for_each(|stored| self.hq.follow(&stored.segment));
    }

    /// Takes in what HQ has written.
    ///
    /// # Panics
    /// If it is refused.
    pub fn publish(&mut self, now: Millis) {
        let Some(segment) = self.hq.publish() else { return };
        let carrier = segment.key;
        for outcome in self.push(carrier, vec![segment], now) {
            assert!(matches!(outcome, Outcome::Taken(_)), "HQ is refused: {outcome:?}");
        }
    }

    /// Pushes segments as a device would, past the router.
    ///
    /// # Panics
    /// If the server cannot answer.
    pub fn push(&self, carrier: KeyId, segments: Vec<Segment>, now: Millis) -> Vec<Outcome> {
        let push = self.running.state.api.ingest.push(self.scope, carrier, segments, now);
        self.runtime.block_on(push).expect("an answer")
    }

    /// As [`Self::push`], where the server may fail: then nothing was taken.
    #[must_use]
    pub fn try_push(&self, segments: Vec<Segment>, now: Millis) -> Option<Vec<Outcome>> {
        let carrier = segments.first()?.key;
        let push = self.running.state.api.ingest.push(self.scope, carrier, segments, now);
        self.runtime.block_on(push).ok()
    }

    /// A device that writes whatever a test wants, certified for the site.
    ///
    /// # Panics
    /// If the ledger fails.
    pub fn author(&mut self) -> Author {
        let keys = Arc::clone(&self.running.state.api.keys);
        let key = SecretKey::from_seed(random(&mut self.dice));
        let claims = Claims {
            org: keys.org(),
            site: Some(self.site()),
            role: Role::Phone,
            subject: random(&mut self.dice),
            holder: None,
            key: key.public(),
            issued: START,
            provisional: false,
        };
        let certificate = keys.certify(claims).expect("a strong key");
        let ledger = self.running.state.api.ledger();
        self.runtime.block_on(ledger.add_certificate(self.scope, &certificate.bytes)).expect("added");
        let chain = ChainId(random(&mut self.dice));
        let mut author = Author::new(keys.org(), self.site(), certificate, key, chain);
        (author.wall, author.quality) = (START, Quality::Unchecked);
        author
    }
}
