//! What a holder knows of a site that every judgement leans on: keys, configuration, sessions, forks, decisions of HQ.
//!
//! It is small, kept in memory, and nothing but a digest of entries: a holder rebuilds it by learning HQ's chains and the sessions
//! again, in any order.

mod learn;

use std::collections::{BTreeMap, BTreeSet};

use super::fold::{Forks, Opaque, Plan};
use super::frozen::Frozen;
use super::headquarters::Headquarters;
use super::held::{Reviewed, Reviews};
use super::judge::{Bench, Breach, Judgement, Standing};
use super::waiting::Waiting;
use crate::base::{ChainId, Millis, PersonId, Seq};
use crate::log::{BranchMap, Certificate, Entry, EntryRef, Header, Role, Trust};
use crate::records::Kind;
use crate::records::config::{ConfigView, SiteConfig};

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
}
