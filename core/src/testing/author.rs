//! One device that writes a chain: HQ's own, or a phone with the people who sign in on it.

use std::collections::BTreeMap;

use crate::base::{BootId, ChainId, DeviceId, Digest, Millis, OrgId, PersonId, RecordId, Seq, SiteId, Value};
use crate::capture::Intent;
use crate::commit::{Stamp, Stamped};
use crate::log::{
    Certificate, Claims, ClockEvidence, ConfigCite, Entry, EntryRef, Head, Header, MAX_SEGMENT, Purpose,
    Quality, SealError, SecretKey, Segment, Signature, SiteRoot, genesis, session_digest,
};
use crate::merge::{Forks, Plan, Register};
use crate::records::chain::{SESSION_OPENED, SessionOpened, SignInMethod};
use crate::records::{Cell, Kind};

/// Between two actions.
const TICK: Millis = 1_000;

/// An entry that was recorded, and the records it touches in the order of their first use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The entry.
    pub by: EntryRef,
    /// The records.
    pub records: Vec<RecordId>,
}

/// A device and its chain. A clone of it is a copied phone: both go on with one chain, which forks.
#[derive(Debug)]
pub struct Author {
    /// The organisation.
    pub org: OrgId,
    /// The site.
    pub site: SiteId,
    /// The device's certificate.
    pub certificate: Certificate,
    /// Its chain.
    pub chain: ChainId,
    /// What its wall clock shows.
    pub wall: Millis,
    /// What its next segment's header says of the clock.
    pub quality: Quality,
    /// The configuration it has folded.
    pub config: Option<ConfigCite>,
    /// The newest site root it has folded.
    pub checkpoint: Option<SiteRoot>,
    /// Heads it holds beyond that.
    pub seen: Vec<(ChainId, Head)>,
    /// Who acts, in which session.
    pub session: Option<(PersonId, Seq)>,
    key: SecretKey,
    people: BTreeMap<PersonId, (Certificate, SecretKey)>,
    prev: Digest,
    next: Seq,
    open: Vec<Entry>,
    cells: BTreeMap<Cell, Register>,
}

impl Clone for Author {
    fn clone(&self) -> Self {
        let again = |key: &SecretKey| SecretKey::from_seed(*key.seed());
        let person = |(id, (c, key)): (&PersonId, &(Certificate, SecretKey))| (*id, (c.clone(), again(key)));
        Self {
            certificate: self.certificate.clone(),
            key: again(&self.key),
            people: self.people.iter().map(person).collect(),
            seen: self.seen.clone(),
            open: self.open.clone(),
            cells: self.cells.clone(),
            ..*self
        }
    }
}

impl Author {
    /// A device at the beginning of its chain.
    #[must_use]
    pub fn new(org: OrgId, site: SiteId, certificate: Certificate, key: SecretKey, chain: ChainId) -> Self {
        let prev = genesis(&certificate, site, chain);
        Self {
            org,
            site,
            certificate,
            chain,
            wall: 0,
            quality: Quality::Unchecked,
            config: None,
            checkpoint: None,
            seen: Vec::new(),
            session: None,
            key,
            people: BTreeMap::new(),
            prev,
            next: 1,
            open: Vec::new(),
            cells: BTreeMap::new(),
        }
    }

    /// The same device at the beginning of another chain.
    #[must_use]
    pub fn again(&self, chain: ChainId) -> Self {
        let prev = genesis(&self.certificate, self.site, chain);
        let fresh = Self { chain, prev, next: 1, session: None, ..self.clone() };
        Self { open: Vec::new(), cells: BTreeMap::new(), ..fresh }
    }

    /// The device.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        DeviceId(self.certificate.claims.subject)
    }

    /// Its newest head, once everything is sealed; none before the first seal.
    #[must_use]
    pub fn head(&self) -> Option<Head> {
        let last = self.next - 1 - self.open.len() as Seq;
        (last > 0).then_some(Head { seq: last, segment: self.prev })
    }

    /// The number of its newest entry, sealed or not.
    #[must_use]
    pub fn last(&self) -> Seq {
        self.next - 1
    }

    /// The people who may sign in here, in the order of their identifiers.
    #[must_use]
    pub fn people(&self) -> Vec<PersonId> {
        self.people.keys().copied().collect()
    }

    /// Lets somebody with a key here certify a key of another's on this device without the network, and the other sign in with it.
    ///
    /// # Panics
    /// If the issuer has no key here.
    pub fn vouch(&mut self, issuer: PersonId, other: PersonId, key: SecretKey) -> Certificate {
        let (own, secret) = self.people.get(&issuer).expect("a key of the issuer here");
        let claims = Claims { subject: other.0, key: key.public(), provisional: true, ..own.claims.clone() };
        let sign = |message: &[u8]| Ok::<_, SealError>(secret.sign(message));
        let certificate = claims.issue(own.id(), sign).expect("a strong key is certified");
        self.admit(other, certificate.clone(), key);
        certificate
    }

    /// Signs with the device's key, for a store that seals by itself.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        self.key.sign(message)
    }

    /// Lets a person sign in here.
    pub fn admit(&mut self, person: PersonId, certificate: Certificate, key: SecretKey) {
        self.people.insert(person, (certificate, key));
    }

    /// A person signs in; what follows is theirs.
    pub fn sign_in(&mut self, person: PersonId) -> Sealed {
        self.seal_if_full();
        self.session = Some((person, self.next));
        let opened = SessionOpened { person, method: SignInMethod::Pin, policy: 1, stale_days: None };
        let digest = session_digest(self.site, self.device(), person, self.wall + TICK);
        let intent = Intent::about_chain(Kind::SessionOpened, self.chain)
            .add(SESSION_OPENED, &opened)
            .signed(Purpose::Session, digest, Value::List(vec!["pin".into()]));
        self.record(intent.done())
    }

    /// Records an action of whoever is signed in, a second after the one before.
    ///
    /// # Panics
    /// If the action is too large, or the person has no key here.
    pub fn record(&mut self, intent: Intent) -> Sealed {
        self.seal_if_full();
        self.wall += TICK;
        let (author, session) = self.session.map_or((None, 0), |(person, session)| (Some(person), session));
        let boot = BootId([7; 8]);
        let stamp = Stamp { chain: self.chain, seq: self.next, at: self.wall, boot, author, session };
        let stamped = Stamped::new(intent, stamp).expect("a test's action is small");
        let statement = stamped.statement().map(|statement| {
            let (certificate, key) =
                author.and_then(|p| self.people.get(&p)).expect("a key of the person here");
            let signed = statement.sign(self.org, certificate.id(), |m| Ok::<_, SealError>(key.sign(m)));
            signed.expect("a key in memory signs")
        });
        let entry = stamped.entry(&self.cells, statement).expect("a test's action is small");
        let by = EntryRef { chain: self.chain, seq: self.next, leaf: entry.leaf() };
        let sealed = Sealed { by, records: entry.records.clone() };
        self.fold(by, &entry);
        self.open.push(entry);
        self.next += 1;
        sealed
    }

    /// Appends an entry as it stands, whatever it says: for what an honest device would not write.
    pub fn forge(&mut self, change: impl FnOnce(&mut Entry)) -> EntryRef {
        let mut entry = self.open.pop().expect("an open entry to change");
        change(&mut entry);
        let by = EntryRef { chain: self.chain, seq: entry.seq, leaf: entry.leaf() };
        self.open.push(entry);
        by
    }

    /// Takes in another's segment, so that what is written next cites it.
    ///
    /// # Panics
    /// If the segment's entries cannot be read.
    pub fn hear(&mut self, segment: &Segment) {
        let entries = segment.decode().expect("a sealed segment can be read");
        for (entry, leaf) in entries.iter().zip(segment.leaves()) {
            self.fold(EntryRef { chain: segment.header.chain, seq: entry.seq, leaf }, entry);
        }
    }

    /// Goes on after a segment of this chain that another hand wrote with the same key.
    ///
    /// # Panics
    /// If something is open, or the segment does not follow.
    pub fn follow(&mut self, segment: &Segment) {
        let follows = segment.header.first == self.next && segment.header.prev == self.prev;
        assert!(self.open.is_empty() && follows, "one hand at a time writes a chain");
        self.hear(segment);
        (self.next, self.prev) = (segment.header.last() + 1, segment.header.id());
    }

    fn fold(&mut self, by: EntryRef, entry: &Entry) {
        let Ok(plan) = Plan::of(entry) else { return };
        for (cell, _, after) in plan.apply(by, &self.cells, &Forks::new()).cells {
            self.cells.insert(cell, after);
        }
    }

    fn seal_if_full(&self) {
        assert!(self.open.len() < MAX_SEGMENT, "seal before 256 entries are open");
    }

    /// Seals what is open.
    ///
    /// # Panics
    /// If nothing is open.
    pub fn seal(&mut self) -> Segment {
        let first = self.open.first().expect("something to seal");
        let clock = ClockEvidence {
            wall: first.at,
            zone: 480,
            hlc: first.at,
            hlc_counter: 0,
            mono: first.at.rem_euclid(1 << 40),
            boot: first.boot,
            quality: self.quality,
            sample: None,
        };
        let header = Header {
            org: self.org,
            site: self.site,
            chain: self.chain,
            first: first.seq,
            count: 0,
            prev: self.prev,
            clock,
            config: self.config,
            checkpoint: self.checkpoint,
            seen: self.seen.clone(),
            root: Digest::default(),
            beyond: Vec::new(),
        };
        let entries = std::mem::take(&mut self.open).iter().map(Entry::to_bytes).collect();
        let sign = |message: &[u8]| Ok::<_, SealError>(self.key.sign(message));
        let segment =
            Segment::seal(header, self.certificate.id(), entries, sign).expect("a key in memory signs");
        self.prev = segment.header.id();
        segment
    }
}
