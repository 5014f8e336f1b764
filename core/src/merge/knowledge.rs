//! What a holder knows of a site that every judgement leans on: keys, configuration, sessions, forks, decisions of HQ.
//!
//! It is small, kept in memory, and nothing but a digest of entries: a holder rebuilds it by learning HQ's chains and the sessions
//! again, in any order.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::{Addition, Forks, Opaque, Plan};
use super::judge::{Bench, Breach, Judgement, Standing};
use crate::base::{ChainId, Millis, PersonId, Seq};
use crate::log::{BranchMap, Certificate, Entry, EntryRef, Header, Role, Trust};
use crate::records::chain::{
    EPOCH_ADOPTED, EPOCH_OPENED, EpochOpened, HELD_REVIEWED, HeldReview, SESSION_OPENED,
};
use crate::records::chain::{EntryAt, SessionOpened};
use crate::records::config::{ConfigObject, ConfigPosition, ConfigView, SiteConfig};
use crate::records::security::Revocation;
use crate::records::{FieldValue, HeldDecision, Kind};

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
    config: SiteConfig,
    forks: Forks,
    devices: BTreeMap<ChainId, Certificate>,
    /// HQ's chains: their epoch once known, and when each entry was written.
    hq: BTreeMap<ChainId, HqChain>,
    sessions: BTreeMap<(ChainId, Seq), BTreeSet<PersonId>>,
    reviews: BTreeSet<(ChainId, Seq, Seq, EntryRef, u16, u8)>,
    waiting: BTreeSet<EntryRef>,
}

#[derive(Debug, Clone, Default)]
struct HqChain {
    epoch: Option<u32>,
    written: BTreeMap<Seq, Millis>,
    /// The number up to which nothing is missing.
    complete: Seq,
}

impl HqChain {
    fn write(&mut self, seq: Seq, at: Millis) {
        self.written.insert(seq, at);
        while self.written.contains_key(&(self.complete + 1)) {
            self.complete += 1;
        }
    }
}

impl Knowledge {
    /// Knows the keys and nothing else yet.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Self {
            trust,
            config: SiteConfig::default(),
            forks: Forks::new(),
            devices: BTreeMap::new(),
            hq: BTreeMap::new(),
            sessions: BTreeMap::new(),
            reviews: BTreeSet::new(),
            waiting: BTreeSet::new(),
        }
    }

    /// The keys.
    #[must_use]
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The keys, to add certificates that came outside the log.
    pub fn trust_mut(&mut self) -> &mut Trust {
        &mut self.trust
    }

    /// The configuration with its history.
    #[must_use]
    pub fn config(&self) -> &SiteConfig {
        &self.config
    }

    /// The chains that have forked.
    #[must_use]
    pub fn forks(&self) -> &Forks {
        &self.forks
    }

    /// Entries that wait for what they are to be judged by.
    #[must_use]
    pub fn waiting(&self) -> &BTreeSet<EntryRef> {
        &self.waiting
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
        let known = self.hq.iter().filter_map(|(chain, hq)| Some((hq.epoch?, *chain, hq.complete)));
        known.max().map(|(_, chain, seq)| (chain, seq))
    }

    /// When HQ wrote that entry: the true time is not earlier.
    #[must_use]
    pub fn newest_config_at(&self) -> Millis {
        let cited = self.newest_config();
        let at = cited.and_then(|(chain, seq)| self.hq.get(&chain)?.written.get(&seq).copied());
        at.unwrap_or(Millis::MIN)
    }

    /// The configuration that holds now.
    #[must_use]
    pub fn now(&self) -> ConfigView<'_> {
        self.config.newest()
    }

    /// Whose device a chain is, from its certificate.
    pub fn learn_device(&mut self, chain: ChainId, device: &Certificate) {
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
            self.waiting.remove(&by);
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
        let bench = Bench { header, device, cited, cited_at, newest: self.now(), trust: &self.trust };
        let standing = Standing {
            session: &|seq| self.session(by.chain, seq, entry.author),
            reviewed: &|seq| self.review(by.chain, seq),
        };
        match bench.judge(entry, kind, plan.ops(), &standing) {
            Judgement::Lawful => Verdict::Counts(plan),
            Judgement::Refused(breach) => Verdict::Refused(breach),
            Judgement::Held => Verdict::Held,
            Judgement::Waits => Verdict::Waits,
        }
    }

    fn cited(&self, header: &Header, device: &Certificate) -> (Option<ConfigView<'_>>, Millis) {
        if device.claims.role == Role::Headquarters {
            return (Some(self.config.newest()), Millis::MIN);
        }
        let Some(cite) = header.config else { return (Some(self.config.at(None)), Millis::MIN) };
        let Some(hq) = self.hq.get(&cite.chain) else { return (None, Millis::MIN) };
        let (Some(epoch), true) = (hq.epoch, cite.seq <= hq.complete) else {
            return (None, Millis::MIN);
        };
        let at = hq.written.get(&cite.seq).copied().unwrap_or(Millis::MIN);
        (Some(self.config.at(Some(ConfigPosition { epoch, seq: cite.seq }))), at)
    }

    /// Whether a session is the author's; none while the entry that opened it waits itself.
    fn session(&self, chain: ChainId, seq: Seq, author: Option<PersonId>) -> Option<bool> {
        match self.sessions.get(&(chain, seq)) {
            Some(people) => Some(author.is_some_and(|person| people.contains(&person))),
            None if self.waiting.iter().any(|w| (w.chain, w.seq) == (chain, seq)) => None,
            None => Some(false),
        }
    }

    /// What HQ decided last about an entry that was held.
    fn review(&self, chain: ChainId, seq: Seq) -> Option<HeldDecision> {
        let about =
            self.reviews.iter().filter(|(c, first, last, ..)| *c == chain && (*first..=*last).contains(&seq));
        about
            .max_by_key(|(_, _, _, by, n, _)| (by.seq, by.chain, *n))
            .and_then(|(.., d)| HeldDecision::from_code((*d).into()))
    }

    /// Learns that an entry is held, and what it added if it counts. Says what must be judged again because of it.
    ///
    /// HQ's entries are to be learnt whatever their verdict: others cite them by number.
    pub fn learn(&mut self, by: EntryRef, at: Millis, additions: &[Addition]) -> Vec<Rejudge> {
        let role = self.devices.get(&by.chain).map(|d| d.claims.role);
        if role == Some(Role::Headquarters) {
            self.hq.entry(by.chain).or_default().write(by.seq, at);
        }
        let mut again = Vec::new();
        for addition in additions {
            if addition.field == SESSION_OPENED.id() {
                if let Some(opened) = SessionOpened::from_value(&addition.value) {
                    self.sessions.entry((by.chain, by.seq)).or_default().insert(opened.person);
                }
            } else if role == Some(Role::Headquarters) {
                self.learn_hq(addition, &mut again);
            }
        }
        again
    }

    fn learn_hq(&mut self, addition: &Addition, again: &mut Vec<Rejudge>) {
        let by = addition.by;
        if addition.field == EPOCH_OPENED.id() {
            if let Some(opened) = EpochOpened::from_value(&addition.value) {
                self.open_epoch(by.chain, &opened);
            }
        } else if addition.field == EPOCH_ADOPTED.id() {
            let adopted = EntryAt::from_value(&addition.value);
            if let (Some(at), Some(to)) =
                (self.position(by.chain, by.seq), adopted.and_then(|a| self.position(a.chain, a.seq)))
            {
                self.config.adopt(at, to);
            }
        } else if addition.field == HELD_REVIEWED.id() {
            if let Some(r) = HeldReview::from_value(&addition.value) {
                let code = u8::try_from(r.decision.code()).unwrap_or_default();
                self.reviews.insert((r.chain, r.first, r.last, by, addition.n, code));
                again.push(Rejudge { chain: r.chain, from: r.first });
            }
        } else if let (Some(at), Some(object)) =
            (self.position(by.chain, by.seq), ConfigObject::read(addition.field, &addition.value))
        {
            self.learn_object(at, addition, object, again);
        }
    }

    fn learn_object(
        &mut self,
        at: ConfigPosition,
        addition: &Addition,
        object: ConfigObject,
        again: &mut Vec<Rejudge>,
    ) {
        match &object {
            // A certificate that does not verify certifies nothing; it stays in the log as what it is.
            ConfigObject::Certificate(bytes) => drop(self.trust.add(&bytes.0)),
            ConfigObject::Revocation(revocation) => self.cut(revocation, again),
            _ => {}
        }
        self.config.insert(at, addition.record, object);
    }

    fn cut(&self, revocation: &Revocation, again: &mut Vec<Rejudge>) {
        for chain in self.devices.keys() {
            let last = revocation.cut.iter().find(|(c, _)| c == chain).map_or(0, |(_, last)| *last);
            again.push(Rejudge { chain: *chain, from: last.saturating_add(1) });
        }
    }

    fn open_epoch(&mut self, chain: ChainId, opened: &EpochOpened) {
        self.hq.entry(chain).or_default().epoch = Some(opened.epoch);
        let previous = opened.previous.as_ref().and_then(|p| self.position(p.chain, p.seq));
        self.config.open_epoch(opened.epoch, previous);
    }

    fn position(&self, chain: ChainId, seq: Seq) -> Option<ConfigPosition> {
        Some(ConfigPosition { epoch: self.hq.get(&chain)?.epoch?, seq })
    }
}
