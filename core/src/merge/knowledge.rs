//! What a holder knows of a site that every judgement leans on: keys, configuration, sessions, forks, decisions of HQ.
//!
//! It is small, kept in memory, and nothing but a digest of entries: a holder rebuilds it by learning HQ's chains and the sessions
//! again, in any order.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::{Addition, Forks, Opaque, Plan};
use super::frozen::Frozen;
use super::headquarters::Headquarters;
use super::held::{Reviewed, Reviews};
use super::judge::{Bench, Breach, Judgement, Standing};
use super::waiting::Waiting;
use crate::base::{ChainId, Millis, PersonId, Seq};
use crate::log::{BranchMap, Certificate, Entry, EntryRef, Header, Role, Trust};
use crate::records::chain::{
    EPOCH_ADOPTED, EPOCH_OPENED, EntryAt, EpochOpened, FORK_REVIEWED, ForkReview, HELD_REVIEWED, HeldReview,
    SESSION_OPENED, SessionOpened, hq_chain,
};
use crate::records::config::{ConfigObject, ConfigView, SiteConfig};
use crate::records::security::Revocation;
use crate::records::{FieldValue, Kind};

/// What becomes of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It counts, and this is what it does.
    Counts(Plan),
    /// This version cannot know what it means.
    Opaque(Opaque),
    /// It is kept and does not count.
    Refused(Breach),
    /// Kept until somebody reviews it.
    Held,
    /// What it is to be judged by has not arrived.
    Waits,
}

/// Entries whose verdict may have changed: everything from a number of a chain on. Their records are folded again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejudge {
    /// The chain.
    pub chain: ChainId,
    /// The first number.
    pub from: Seq,
}

/// What is known of a site.
#[derive(Debug, Clone)]
pub struct Knowledge {
    trust: Trust,
    /// Certificates in HQ's chains whose issuer has not arrived.
    unproven: BTreeSet<Vec<u8>>,
    hq: Headquarters,
    forks: Forks,
    frozen: Frozen,
    devices: BTreeMap<ChainId, Certificate>,
    sessions: BTreeMap<(ChainId, Seq), BTreeSet<PersonId>>,
    reviews: Reviews,
    waiting: Waiting,
}

impl Knowledge {
    /// Knows the keys and nothing else yet.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Self {
            trust,
            unproven: BTreeSet::new(),
            hq: Headquarters::default(),
            forks: Forks::new(),
            frozen: Frozen::default(),
            devices: BTreeMap::new(),
            sessions: BTreeMap::new(),
            reviews: Reviews::default(),
            waiting: Waiting::default(),
        }
    }

    /// The keys.
    #[must_use]
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The keys, to add certificates that came outside the log.
    pub fn trust_mut(&mut self) -> &mut Trust {
        self.waiting.learnt(true);
        &mut self.trust
    }

    /// The configuration with its history.
    #[must_use]
    pub fn config(&self) -> &SiteConfig {
        self.hq.config()
    }

    /// The chains that have forked.
    #[must_use]
    pub fn forks(&self) -> &Forks {
        &self.forks
    }

    /// Whether a chain is closed: headquarters has put on record what it found about its fork.
    #[must_use]
    pub fn is_frozen(&self, chain: ChainId) -> bool {
        self.frozen.holds(chain)
    }

    /// Entries that wait for what they are to be judged by.
    #[must_use]
    pub fn waiting(&self) -> &BTreeSet<EntryRef> {
        self.waiting.entries()
    }

    /// Takes in a certificate that came outside the log. One that is not proven certifies nothing.
    pub fn certify(&mut self, bytes: &[u8]) {
        let known = self.trust.certificates().count();
        // It will be proven once its issuer is known, if it ever is.
        let _ = self.trust.add(bytes);
        self.waiting.learnt(self.trust.certificates().count() > known);
    }

    /// Those of them that are to be judged again, because something was learnt since this was asked last that they may wait for.
    pub fn ripe(&mut self) -> BTreeSet<EntryRef> {
        self.waiting.ripe()
    }

    /// Whose device writes a chain.
    #[must_use]
    pub fn device(&self, chain: ChainId) -> Option<&Certificate> {
        self.devices.get(&chain)
    }

    /// The chains of a device.
    pub fn chains_of(&self, device: [u8; 16]) -> impl Iterator<Item = ChainId> + '_ {
        self.devices.iter().filter(move |(_, c)| c.claims.subject == device).map(|(chain, _)| *chain)
    }

    /// The newest configuration entry that is held without a gap: what a new segment cites.
    #[must_use]
    pub fn newest_config(&self) -> Option<(ChainId, Seq)> {
        self.hq.newest()
    }

    /// When HQ wrote that entry: the true time is not earlier.
    #[must_use]
    pub fn newest_config_at(&self) -> Millis {
        let cited = self.newest_config();
        cited.and_then(|(chain, seq)| self.hq.written(chain, seq)).unwrap_or(Millis::MIN)
    }

    /// The configuration that holds now.
    #[must_use]
    pub fn now(&self) -> ConfigView<'_> {
        self.config().newest()
    }

    /// Whose device a chain is, from its certificate.
    pub fn learn_device(&mut self, chain: ChainId, device: &Certificate) {
        self.waiting.learnt(!self.devices.contains_key(&chain));
        self.devices.entry(chain).or_insert_with(|| device.clone());
    }

    /// That a chain has forked, or where its branches are now.
    pub fn learn_fork(&mut self, chain: ChainId, map: BranchMap) -> Option<Rejudge> {
        let from = map.fork()?;
        let changed = self.forks.get(&chain) != Some(&map);
        self.forks.insert(chain, map);
        changed.then_some(Rejudge { chain, from })
    }

    /// Judges an entry of a segment whose seal was verified.
    pub fn judge(&mut self, header: &Header, by: EntryRef, entry: &Entry) -> Verdict {
        self.judge_read(header, by, entry, Plan::of(entry))
    }

    /// The same for an entry of which [`Plan::of`] was asked before.
    pub fn judge_read(
        &mut self,
        header: &Header,
        by: EntryRef,
        entry: &Entry,
        plan: Result<Plan, Opaque>,
    ) -> Verdict {
        let verdict = self.verdict(header, by, entry, plan);
        if verdict == Verdict::Waits {
            self.waiting.insert(by);
        } else {
            self.waiting.remove(by);
        }
        // A session that is held was opened nevertheless: what was done in it is held by itself, and may be confirmed by itself.
        if matches!(verdict, Verdict::Held | Verdict::Refused(Breach::Excluded))
            && entry.kind == Kind::SessionOpened.code()
            && let Some(person) = entry.author
        {
            self.sessions.entry((by.chain, by.seq)).or_default().insert(person);
        }
        verdict
    }

    fn verdict(&self, header: &Header, by: EntryRef, entry: &Entry, plan: Result<Plan, Opaque>) -> Verdict {
        let Some(kind) = Kind::from_code(entry.kind) else { return Verdict::Opaque(Opaque::Kind) };
        let plan = match plan {
            Ok(plan) => plan,
            Err(opaque) => return Verdict::Opaque(opaque),
        };
        let Some(device) = self.devices.get(&by.chain) else { return Verdict::Waits };
        let (cited, cited_at) = self.cited(header, device);
        let (config, trust, forks) = (self.config(), &self.trust, &self.forks);
        let closed = match device.claims.role {
            Role::Headquarters => Some(false),
            _ => self.frozen.was_known(by, cited.as_ref(), |chain, seq| self.hq.position(chain, seq)),
        };
        let bench = Bench { header, device, cited, cited_at, config, trust, forks, closed };
        let standing = Standing {
            session: &|seq| self.session(by.chain, seq, entry.author),
            reviewed: &|| self.reviewed(by),
        };
        match bench.judge(by, entry, kind, plan.ops(), &standing) {
            Judgement::Lawful => Verdict::Counts(plan),
            Judgement::Refused(breach) => Verdict::Refused(breach),
            Judgement::Held => Verdict::Held,
            Judgement::Waits => Verdict::Waits,
        }
    }

    fn cited(&self, header: &Header, device: &Certificate) -> (Option<ConfigView<'_>>, Millis) {
        if device.claims.role == Role::Headquarters {
            return (Some(self.now()), Millis::MIN);
        }
        let Some(cite) = header.config else { return (Some(self.config().at(None)), Millis::MIN) };
        let version = self.hq.version(cite.chain, cite.seq);
        let view = version.map(|version| self.config().at(Some(version)));
        (view, self.hq.written(cite.chain, cite.seq).unwrap_or(Millis::MIN))
    }

    /// Whether a session is the author's; none while the entry that opened it waits itself.
    fn session(&self, chain: ChainId, seq: Seq, author: Option<PersonId>) -> Option<bool> {
        let people = self.sessions.get(&(chain, seq));
        let theirs = people.is_some_and(|people| author.is_some_and(|person| people.contains(&person)));
        if !theirs && self.waiting.at(chain, seq) { None } else { Some(theirs) }
    }

    /// What was decided about an entry, should it be held.
    fn reviewed(&self, by: EntryRef) -> Reviewed {
        let rank = |by: EntryRef| self.hq.position(by.chain, by.seq);
        self.reviews.about(by, &self.forks, rank, |by| !self.is_hq(by.chain))
    }

    fn is_hq(&self, chain: ChainId) -> bool {
        self.devices.get(&chain).is_some_and(|device| device.claims.role == Role::Headquarters)
    }

    /// Learns that an entry is held, and what it added; none if it does not count. Says what must be judged again because of it.
    ///
    /// HQ's entries are to be learnt whatever their verdict: others cite them by number.
    pub fn learn(&mut self, by: EntryRef, at: Millis, added: Option<&[Addition]>) -> Vec<Rejudge> {
        let hq = self.is_hq(by.chain);
        if hq {
            let news = self.hq.write(by.chain, by.seq, at);
            self.waiting.learnt(news);
        }
        let mut again = Vec::new();
        let Some(added) = added else {
            let taken = self.reviews.remove(by);
            again.extend(taken.iter().map(|r| Rejudge { chain: r.last.chain, from: r.first }));
            return again;
        };
        for addition in added {
            if addition.field == SESSION_OPENED.id() {
                if let Some(opened) = SessionOpened::from_value(&addition.value) {
                    self.sessions.entry((by.chain, by.seq)).or_default().insert(opened.person);
                }
            } else if addition.field == HELD_REVIEWED.id() {
                again.extend(self.learn_review(addition));
            } else if hq {
                self.learn_hq(addition, &mut again);
            }
        }
        again
    }

    fn learn_review(&mut self, addition: &Addition) -> Option<Rejudge> {
        let review = HeldReview::from_value(&addition.value)?;
        let about = Rejudge { chain: review.last.chain, from: review.first };
        self.reviews.insert(addition.by, addition.n, review).then_some(about)
    }

    fn learn_hq(&mut self, addition: &Addition, again: &mut Vec<Rejudge>) {
        let EntryRef { chain, seq, .. } = addition.by;
        if addition.field == EPOCH_OPENED.id() {
            let opened = EpochOpened::from_value(&addition.value);
            if let Some(opened) = opened.filter(|opened| self.names(chain, opened.epoch)) {
                let new = self.hq.open(chain, seq, &opened);
                self.waiting.learnt(new);
                // What the chain said about cutting off, and about what was cut off, is in force from now on.
                let sites = self.devices.keys().filter(|chain| new && !self.is_hq(**chain));
                again.extend(
                    sites.filter(|_| self.config().revokes()).map(|c| Rejudge { chain: *c, from: 1 }),
                );
            }
        } else if addition.field == EPOCH_ADOPTED.id() {
            if let Some(adopted) = EntryAt::from_value(&addition.value) {
                let new = self.hq.adopt(chain, seq, &adopted);
                self.waiting.learnt(new);
            }
        } else if addition.field == FORK_REVIEWED.id() {
            again.extend(self.freeze(addition));
        } else if let Some(object) = ConfigObject::read(addition.field, &addition.value) {
            self.learn_object(addition, object, again);
        }
    }

    /// Closes a chain that forked. HQ's own are never closed.
    fn freeze(&mut self, addition: &Addition) -> Option<Rejudge> {
        let (chain, from) = (ChainId(addition.record.0), ForkReview::from_value(&addition.value)?.seq);
        let news = self.frozen.insert(chain, from, addition.by);
        (news && !self.is_hq(chain)).then_some(Rejudge { chain, from })
    }

    /// Whether a chain is named after the epoch that it claims to be.
    fn names(&self, chain: ChainId, epoch: u32) -> bool {
        let site = self.devices.get(&chain).and_then(|device| device.claims.site);
        site.is_some_and(|site| hq_chain(site, epoch) == chain)
    }

    fn learn_object(&mut self, addition: &Addition, object: ConfigObject, again: &mut Vec<Rejudge>) {
        match &object {
            ConfigObject::Certificate(bytes) => self.prove(bytes.0.clone()),
            ConfigObject::Revocation(revocation) => self.cut(revocation, again),
            _ => {}
        }
        self.hq.insert(addition.by.chain, addition.by.seq, addition.record, object);
    }

    /// Takes in a certificate, and those that it proves in its turn. One that does not verify certifies nothing; it stays in the log as
    /// what it is.
    fn prove(&mut self, certificate: Vec<u8>) {
        self.unproven.insert(certificate);
        let known = self.trust.certificates().count();
        loop {
            let before = self.unproven.len();
            let trust = &mut self.trust;
            self.unproven.retain(|bytes| trust.add(bytes).is_err());
            if self.unproven.len() == before || self.unproven.is_empty() {
                break;
            }
        }
        self.waiting.learnt(self.trust.certificates().count() > known);
    }

    fn cut(&self, revocation: &Revocation, again: &mut Vec<Rejudge>) {
        let theirs = |device: &Certificate| device.claims.subject == revocation.subject.0;
        let device = self.devices.values().any(theirs);
        // HQ's own chain is never cut off, whatever it says of its device.
        let cut = self.devices.iter().filter(|(c, d)| !self.is_hq(**c) && (!device || theirs(d)));
        for (chain, _) in cut {
            let chain = *chain;
            let held = revocation.cut.iter().filter(|last| last.chain == chain).map(|last| last.seq);
            let fork = self.forks.get(&chain).and_then(BranchMap::fork);
            let last = held.min().unwrap_or(0);
            let from = fork.map_or(last + 1, |fork| fork.min(last + 1));
            again.push(Rejudge { chain, from });
        }
    }
}
