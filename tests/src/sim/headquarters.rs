//! Headquarters: its own device, which describes the site and changes its mind while phones are out of reach.

use dutylog_core::base::{ChainId, Digest, Millis, RecordId, Seq, SiteId};
use dutylog_core::capture::Intent;
use dutylog_core::log::{Certificate, Quality, SecretKey, Segment};
use dutylog_core::records::chain::{EPOCH_OPENED, EpochOpened, hq_chain};
use dutylog_core::records::config::{ConfigObject, object_record};
use dutylog_core::records::{Bytes, Kind, RecordKind};
use dutylog_core::testing::Author;
use dutylog_server::keys::ServerKeys;

use super::Dice;
use super::site::{CREW, Described, START, SiteFacts};

/// The author of the site's configuration.
#[derive(Debug)]
pub struct Headquarters {
    author: Author,
    facts: SiteFacts,
    checklist: u32,
    granted: [bool; CREW.len()],
    /// The number of the entry that last changed the site's configuration; 0 before the first change.
    changed: Seq,
}

impl Headquarters {
    /// HQ's device of the first epoch; returns its certificate too, which the server must know.
    ///
    /// # Panics
    /// If the keys have none for the first epoch.
    pub fn new(keys: &ServerKeys, site: SiteId) -> (Self, Certificate) {
        let claims = keys.headquarters_claims(site, 1).expect("a key of the first epoch");
        let certificate = keys.certify(claims).expect("a strong key");
        let key = SecretKey::from_seed(*keys.headquarters(1).expect("a key of the first epoch").seed());
        let chain = hq_chain(site, 1);
        let mut author = Author::new(keys.org(), site, certificate.clone(), key, chain);
        (author.wall, author.quality) = (START - 86_400_000, Quality::Sampled);
        author.quality = Quality::Unchecked;
        let epoch = EpochOpened { epoch: 1, previous: None, size: 0, root: Digest::of(&[]) };
        author.record(Intent::about_chain(Kind::EpochOpened, chain).add(EPOCH_OPENED, &epoch).done());
        let facts = SiteFacts(site);
        let mut hq = Self { author, facts, checklist: 1, granted: [true; CREW.len()], changed: 0 };
        facts.describe().into_iter().for_each(|described| hq.write(described));
        (hq, certificate)
    }

    fn write(&mut self, (record, object): Described) {
        let about = Intent::about(object.kind(), record);
        self.author.record(about.put(object.field(), object.to_value()).done());
    }

    /// Puts a certificate into the site's log, so that every phone can verify what its key signs.
    pub fn announce(&mut self, certificate: &Certificate) {
        let record: RecordId =
            object_record(self.author.site, RecordKind::Certificate, &Digest::of(&certificate.bytes).0);
        self.write((record, ConfigObject::Certificate(Bytes(certificate.bytes.clone()))));
    }

    /// Changes something: gives or takes back a post, or publishes another checklist. Says what.
    pub fn change(&mut self, now: Millis, dice: &mut Dice) -> String {
        self.author.wall = now;
        let what = self.write_change(now, dice);
        self.changed = self.author.last();
        what
    }

    fn write_change(&mut self, now: Millis, dice: &mut Dice) -> String {
        if dice.percent(40) {
            self.checklist += 1;
            self.write(self.facts.checklist_version(self.checklist));
            return format!("checklist {}", self.checklist);
        }
        let n = dice.below(CREW.len());
        let (person, template) = CREW[n];
        self.granted[n] = !self.granted[n];
        let until = (!self.granted[n]).then_some(now);
        self.write(self.facts.grant(person, template, until));
        format!("grant {n} {}", self.granted[n])
    }

    /// Where the site's configuration was last changed, if it was.
    #[must_use]
    pub fn last_change(&self) -> Option<(ChainId, Seq)> {
        (self.changed > 0).then_some((self.author.chain, self.changed))
    }

    /// Its chain, and the number of its next entry.
    #[must_use]
    pub fn next(&self) -> (ChainId, Seq) {
        (self.author.chain, self.author.last() + 1)
    }

    /// Goes on after what the server's desk wrote in its chain.
    pub fn follow(&mut self, segment: &Segment) {
        self.author.follow(segment);
    }

    /// Seals what was written, if anything was.
    pub fn publish(&mut self) -> Option<Segment> {
        let sealed = self.author.head().map_or(0, |head| head.seq);
        (self.author.last() > sealed).then(|| self.author.seal())
    }

    /// The site's records.
    pub(super) fn facts(&self) -> SiteFacts {
        self.facts
    }
}
