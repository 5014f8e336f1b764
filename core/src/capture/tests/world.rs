//! A site with HQ's device and two phones: what is captured on one is committed, judged and folded as every holder would.

use std::collections::BTreeMap;

use super::site::{MORNING, PEOPLE, SITE, objects};
use crate::base::{BootId, ChainId, DeviceId, Digest, Millis, OrgId, PersonId, RecordId, Seq, ServerSample};
use crate::capture::testing::MemoryState;
use crate::capture::{
    Action, Capture, CaptureError, Context, Intent, OpenEpoch, OpenSession, Rejection, Side,
};
use crate::commit::{Stamp, Stamped};
use crate::locales::Locale;
use crate::log::{
    Certificate, Claims, ClockEvidence, ConfigCite, Entry, EntryRef, Head, Header, KeyStoreError, Quality,
    Role, SealError, SecretKey, Trust,
};
use crate::merge::{Knowledge, Verdict, made_between};
use crate::records::chain::{EpochOpened, SignInMethod, hq_chain};

pub(super) const ORG: OrgId = OrgId([1; 16]);
const HQ_TIME: Millis = MORNING - 86_400_000;

/// A device, and who is signed in on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Actor {
    pub(super) device: u8,
    pub(super) person: Option<PersonId>,
}

pub(super) const HQ: Actor = Actor { device: 1, person: None };

pub(super) fn phone(device: u8, person: PersonId) -> Actor {
    Actor { device, person: Some(person) }
}

pub(super) fn locked(device: u8) -> Actor {
    Actor { device, person: None }
}

impl Actor {
    pub(super) fn chain(self) -> ChainId {
        if self.device == HQ.device { hq_chain(SITE, 1) } else { ChainId([self.device; 16]) }
    }
}

/// What became of a captured action.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) by: EntryRef,
    pub(super) entry: Entry,
    pub(super) intent: Intent,
}

impl Done {
    pub(super) fn record(&self) -> RecordId {
        self.entry.records[0]
    }
}

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) state: MemoryState,
    pub(super) knowledge: Knowledge,
    pub(super) now: Millis,
    pub(super) locale: Locale,
    /// The true time, if the phones have compared their clocks with the server's.
    pub(super) sampled: Option<Millis>,
    hq_wrote: Millis,
    heads: BTreeMap<ChainId, Seq>,
    sessions: BTreeMap<(u8, PersonId), Seq>,
    people: BTreeMap<(u8, PersonId), Certificate>,
}

fn key(of: &[u8]) -> SecretKey {
    SecretKey::from_seed(Digest::of(of).0)
}

fn certify(
    role: Role,
    subject: [u8; 16],
    holder: Option<[u8; 16]>,
    by: (&Certificate, &SecretKey),
) -> Certificate {
    let seed = [&subject[..], &holder.unwrap_or_default()].concat();
    claims(role, subject, holder, &key(&seed))
        .issue(by.0.id(), |m| Ok::<_, SealError>(by.1.sign(m)))
        .expect("issued")
}

fn claims(role: Role, subject: [u8; 16], holder: Option<[u8; 16]>, key: &SecretKey) -> Claims {
    let site = (role != Role::Issuing).then_some(SITE);
    Claims { org: ORG, site, role, subject, holder, key: key.public(), issued: 0, provisional: false }
}

impl World {
    /// The site as described, with two phones on which everybody is enrolled and nobody signed in.
    pub(super) fn new() -> Self {
        let (root, issuing) = (key(b"root"), key(b"issuing"));
        let issuer = claims(Role::Issuing, [0; 16], None, &issuing)
            .issue(root.public().root_id(), |m| Ok::<_, SealError>(root.sign(m)))
            .expect("issued");
        let mut trust = Trust::new(ORG, root.public());
        let mut people = BTreeMap::new();
        let by = (&issuer, &issuing);
        let mut certificates = vec![issuer.clone(), certify(Role::Headquarters, [1; 16], None, by)];
        for device in [2, 3] {
            certificates.push(certify(Role::Phone, [device; 16], None, by));
            for person in PEOPLE {
                let certificate = certify(Role::Person, person.0, Some([device; 16]), by);
                people.insert((device, person), certificate.clone());
                certificates.push(certificate);
            }
        }
        for certificate in &certificates {
            trust.add(&certificate.bytes).expect("proven");
        }
        let mut knowledge = Knowledge::new(trust);
        for certificate in &certificates {
            if matches!(certificate.claims.role, Role::Headquarters | Role::Phone) {
                let actor = Actor { device: certificate.claims.subject[0], person: None };
                knowledge.learn_device(actor.chain(), certificate);
            }
        }
        let mut world = Self {
            state: MemoryState::new(),
            knowledge,
            now: HQ_TIME,
            locale: Locale::En,
            sampled: None,
            hq_wrote: HQ_TIME,
            heads: BTreeMap::new(),
            sessions: BTreeMap::new(),
            people,
        };
        world.describe();
        world.now = MORNING;
        world
    }

    fn describe(&mut self) {
        let epoch = EpochOpened { epoch: 1, previous: None, size: 0, root: Digest::default() };
        self.done(HQ, OpenEpoch { epoch });
        for object in objects() {
            self.done(HQ, object);
        }
    }

    fn clock(&self) -> ClockEvidence {
        ClockEvidence {
            wall: self.now,
            zone: 480,
            hlc: self.now,
            hlc_counter: 0,
            mono: 0,
            boot: BootId::default(),
            quality: if self.sampled.is_some() { Quality::Sampled } else { Quality::Unchecked },
            sample: self.sampled.map(|server| ServerSample {
                server,
                mono: 0,
                rtt: 0,
                boot: BootId::default(),
            }),
        }
    }

    pub(super) fn context(&self, actor: Actor) -> Context<'_, MemoryState> {
        let side = if actor.device == HQ.device { Side::Headquarters } else { Side::Site };
        Context {
            org: ORG,
            site: SITE,
            chain: actor.chain(),
            device: DeviceId([actor.device; 16]),
            side,
            config: self.knowledge.now(),
            person: actor.person,
            now: self.now,
            between: made_between(&self.clock(), self.hq_wrote, self.now),
            locale: self.locale,
            state: &self.state,
        }
    }

    pub(super) fn capture(&self, actor: Actor, action: impl Into<Action>) -> Result<Intent, Rejection> {
        plain(action.into().capture(&self.context(actor)))
    }

    /// Signs the actor in if need be, captures, and commits what was captured.
    pub(super) fn act(&mut self, actor: Actor, action: impl Into<Action>) -> Result<Done, Rejection> {
        self.now += 1000;
        if let Some(person) = actor.person.filter(|_| actor.device != HQ.device)
            && !self.sessions.contains_key(&(actor.device, person))
        {
            let intent = self.capture(actor, OpenSession { method: SignInMethod::Pin })?;
            let opened = self.commit(actor, intent);
            self.sessions.insert((actor.device, person), opened.by.seq);
        }
        let intent = self.capture(actor, action)?;
        Ok(self.commit(actor, intent))
    }

    /// As [`Self::act`], where nothing stands against it.
    pub(super) fn done(&mut self, actor: Actor, action: impl Into<Action>) -> Done {
        self.act(actor, action).expect("nothing stands against it")
    }

    fn commit(&mut self, actor: Actor, intent: Intent) -> Done {
        let chain = actor.chain();
        let seq = self.heads.get(&chain).map_or(1, |head| head + 1);
        let opens = intent.kind == crate::records::Kind::SessionOpened;
        let session = match actor.person {
            _ if opens => seq,
            Some(person) => self.sessions.get(&(actor.device, person)).copied().unwrap_or_default(),
            None => 0,
        };
        let boot = BootId::default();
        let stamp = Stamp { chain, seq, at: self.now, boot, author: actor.person, session };
        let stamped = Stamped::new(intent.clone(), stamp).expect("within the limits");
        let statement = stamped.statement().map(|s| self.sign(actor, &s));
        let cells = stamped.cells().map(|c| (c, self.register(&c))).collect();
        let entry = stamped.entry(&cells, statement).expect("within the limits");
        assert_eq!(Entry::from_bytes(&entry.to_bytes()).as_ref(), Ok(&entry), "canonical");
        let by = EntryRef { chain, seq, leaf: entry.leaf() };
        let header = self.header(chain, seq);
        let verdict = self.knowledge.judge(&header, by, &entry);
        let Verdict::Counts(plan) = verdict else { panic!("captured, and yet {verdict:?}: {intent:?}") };
        self.heads.insert(chain, seq);
        if actor.device == HQ.device {
            self.hq_wrote = self.now;
        }
        let folded = self.state.fold(by, self.now, &plan);
        self.knowledge.learn(by, self.now, Some(&folded.additions));
        Done { by, entry, intent }
    }

    fn register(&self, cell: &crate::records::Cell) -> crate::merge::Register {
        crate::merge::Lookup::register(&self.state, cell).expect("in memory")
    }

    fn sign(&self, actor: Actor, statement: &crate::log::Statement) -> Vec<u8> {
        let person = actor.person.expect("somebody signs");
        let certificate = &self.people[&(actor.device, person)];
        let key = key(&[&person.0[..], &[actor.device; 16]].concat());
        statement.sign(ORG, certificate.id(), |m| Ok::<_, KeyStoreError>(key.sign(m))).expect("signed")
    }

    fn header(&self, chain: ChainId, first: Seq) -> Header {
        let cited = self.knowledge.newest_config().filter(|_| chain != HQ.chain());
        Header {
            org: ORG,
            site: SITE,
            chain,
            first,
            count: 1,
            prev: Digest::default(),
            clock: self.clock(),
            config: cited.map(|(chain, seq)| ConfigCite { chain, seq }),
            checkpoint: None,
            seen: Vec::new(),
            root: Digest::default(),
            beyond: Vec::new(),
        }
    }

    pub(super) fn heads(&self) -> Vec<(ChainId, Head)> {
        let heads = self.heads.iter().rev();
        heads.map(|(chain, seq)| (*chain, Head { seq: *seq, segment: Digest::of(&chain.0) })).collect()
    }
}

/// A rejection, where the state cannot fail.
pub(super) fn plain<T>(result: Result<T, CaptureError<std::convert::Infallible>>) -> Result<T, Rejection> {
    result.map_err(|error| match error {
        CaptureError::Rejected(rejection) => rejection,
        CaptureError::State(never) => match never {},
    })
}
