//! What becomes of an entry is a function of the set of entries that are held: whatever arrived first, epochs, configuration,
//! sessions, revocations, forks and decisions about held entries come to the same verdicts.

use std::collections::BTreeMap;

use dutylog_core::base::{ChainId, Digest, KeyId, PersonId, RecordId};
use dutylog_core::capture::Intent;
use dutylog_core::log::{BranchMap, ConfigCite, Entry, EntryRef, Header, Segment, Trust};
use dutylog_core::merge::{Forks, Knowledge, Rejudge, Verdict};
use dutylog_core::records::Kind;
use dutylog_core::records::chain::{
    EPOCH_ADOPTED, EntryAt, EntryMark, FORK_REVIEWED, ForkCause, ForkReview, HELD_REVIEWED, HeldDecision,
    HeldReview,
};
use dutylog_core::records::incident::PLACE;
use dutylog_core::records::people::PostTemplate;
use dutylog_core::records::security::{Revocation, RevocationKind};
use dutylog_core::testing::{Author, START, World};
use proptest::prelude::*;

/// One entry as it arrives: by itself, with the header of its segment, who sealed it, and the leaf before it.
#[derive(Clone, Debug)]
struct Held {
    header: Header,
    key: KeyId,
    by: EntryRef,
    entry: Entry,
    before: Option<Digest>,
}

/// A holder that follows up what it is told to judge again, as the stores of phones and server do.
struct Holder {
    knowledge: Knowledge,
    held: BTreeMap<EntryRef, Held>,
    verdicts: BTreeMap<EntryRef, Verdict>,
}

impl Holder {
    fn new(world: &World) -> Self {
        let mut trust = Trust::new(world.org, world.root());
        // The issuing key's and HQ's own come with the enrolment; all others with the log.
        for certificate in &world.certificates[..2] {
            trust.add(&certificate.bytes).expect("proven");
        }
        Self { knowledge: Knowledge::new(trust), held: BTreeMap::new(), verdicts: BTreeMap::new() }
    }

    fn arrive(&mut self, held: &Held) {
        self.held.insert(held.by, held.clone());
        let mut again = vec![Rejudge { chain: held.by.chain, from: held.by.seq }];
        self.know_devices();
        again.extend(self.knowledge.learn_fork(held.by.chain, self.branches(held.by.chain)));
        while {
            while let Some(next) = again.pop() {
                self.judge_from(next, &mut again);
            }
            let ripe = self.knowledge.ripe();
            for by in &ripe {
                self.judge(*by, &mut again);
            }
            self.know_devices() || !again.is_empty() || !ripe.is_empty()
        } {}
    }

    fn branches(&self, chain: ChainId) -> BranchMap {
        let entries = self.held.values().filter(|h| h.by.chain == chain);
        BranchMap::build(entries.map(|h| (h.by.seq, h.before, std::slice::from_ref(&h.by.leaf))))
    }

    /// Learns whose device each chain is; true if any became known now.
    fn know_devices(&mut self) -> bool {
        let mut any = false;
        for held in self.held.values() {
            let device = self.knowledge.trust().get(held.key).cloned();
            if let Some(device) = device.filter(|_| self.knowledge.device(held.by.chain).is_none()) {
                self.knowledge.learn_device(held.by.chain, &device);
                any = true;
            }
        }
        any
    }

    fn judge_from(&mut self, from: Rejudge, again: &mut Vec<Rejudge>) {
        let chain = self.held.keys().filter(|by| by.chain == from.chain && by.seq >= from.from);
        for by in chain.copied().collect::<Vec<_>>() {
            self.judge(by, again);
        }
    }

    fn judge(&mut self, by: EntryRef, again: &mut Vec<Rejudge>) {
        let held = &self.held[&by];
        let verdict = self.knowledge.judge(&held.header, by, &held.entry);
        let added = match &verdict {
            Verdict::Counts(plan) => Some(plan.apply(by, &BTreeMap::new(), &Forks::new()).additions),
            _ => None,
        };
        let news = self.knowledge.learn(by, held.entry.at, added.as_deref());
        if self.verdicts.insert(by, verdict.clone()).as_ref() != Some(&verdict) {
            again.extend(news);
        }
    }

    /// The verdicts, and what holds now; one line each.
    fn state(&self) -> Vec<String> {
        let told = |(by, verdict): (&EntryRef, &Verdict)| {
            let what = match verdict {
                Verdict::Counts(_) => "counts".to_owned(),
                other => format!("{other:?}"),
            };
            format!("{} {} {:?}: {what}", by.chain, by.seq, by.leaf.mark())
        };
        let now = self.knowledge.now();
        let cuts = now.revocations().map(|r| format!("{} {:?}", r.subject, r.kind));
        let newest = format!("{:?}", self.knowledge.newest_config());
        self.verdicts.iter().map(told).chain(cuts).chain([newest]).collect()
    }
}

/// Something that happens at a site. Numbers are taken modulo what there is.
#[derive(Debug, Clone)]
enum Step {
    Act(usize),
    SignIn(usize, usize),
    /// A phone is copied: both go on with its chain.
    Copy(usize),
    /// A phone folds all that HQ has written.
    Fold(usize),
    Rename(usize),
    /// The server is restored from a copy that lacked so many of HQ's newest entries.
    Restore(u64),
    Adopt,
    /// A phone or a person is cut off, as seen by a server that lacked so many of each chain's newest entries.
    Revoke(usize, usize, u64),
    /// Somebody decides about a phone's entries from a number on: HQ, or whoever is signed in on a phone.
    Review(Option<usize>, usize, u64, bool),
    /// HQ closes a phone's chain from a number on, whether it has forked or not.
    Freeze(usize, u64),
}

struct Story {
    world: World,
    people: Vec<PersonId>,
    phones: Vec<Author>,
    segments: Vec<Segment>,
    /// The ends of HQ's chains of earlier epochs.
    ends: Vec<EntryAt>,
}

impl Story {
    fn new() -> Self {
        let mut world = World::new(7);
        let posts = [PostTemplate::DutyLead, PostTemplate::DutyLead, PostTemplate::DutyStaff];
        let people: Vec<_> =
            ["Zhang", "Wang", "Li"].iter().zip(posts).map(|(n, p)| world.person(n, p)).collect();
        let mut phones = vec![world.phone(&people), world.phone(&people)];
        for (phone, person) in phones.iter_mut().zip(&people) {
            phone.sign_in(*person);
        }
        Self { world, people, phones, segments: Vec::new(), ends: Vec::new() }
    }

    fn seal(&mut self) {
        let authors = self.phones.iter_mut().chain([&mut self.world.hq]);
        let open = authors.filter(|a| a.head().map_or(0, |head| head.seq) < a.last());
        let sealed: Vec<_> = open.map(Author::seal).collect();
        self.segments.extend(sealed);
    }

    fn run(mut self, steps: &[Step]) -> Self {
        for step in steps {
            self.step(step);
            self.seal();
        }
        self
    }

    fn step(&mut self, step: &Step) {
        let (phones, people) = (self.phones.len(), self.people.len());
        match step {
            Step::Act(n) => {
                let detailed = Intent::about(Kind::IncidentDetailed, RecordId([1; 16]));
                self.phones[n % phones].record(detailed.set(PLACE, &"roof".to_owned()).done());
            }
            Step::SignIn(n, person) => {
                let person = self.people[person % people];
                self.phones[n % phones].sign_in(person);
            }
            Step::Copy(n) if phones < 4 => {
                let mut copy = self.phones[n % phones].clone();
                copy.wall += 7;
                self.phones.push(copy);
            }
            Step::Fold(n) => {
                let cited = ConfigCite { chain: self.world.hq.chain, seq: self.world.hq_last() };
                self.phones[n % phones].config = Some(cited);
            }
            Step::Rename(n) => drop(self.world.person(&format!("new {n}"), PostTemplate::DutyStaff)),
            Step::Restore(lost) if self.ends.len() < 2 => {
                let last = self.world.hq_last();
                self.ends.push(EntryAt { chain: self.world.hq.chain, seq: last });
                let epoch = u32::try_from(self.ends.len() + 1).expect("few");
                self.world.restore(epoch, last.saturating_sub(*lost).max(1));
            }
            Step::Adopt => {
                for end in self.ends.clone() {
                    let adopted = Intent::about_chain(Kind::EpochAdopted, self.world.hq.chain);
                    self.world.hq.record(adopted.add(EPOCH_ADOPTED, &end).done());
                }
            }
            Step::Revoke(who, kind, lacked) => self.revoke(*who, *kind, *lacked),
            Step::Review(by, about, first, accepted) => self.review(*by, *about, *first, *accepted),
            Step::Freeze(n, from) => self.freeze(*n, *from),
            Step::Copy(_) | Step::Restore(_) => {}
        }
    }

    fn revoke(&mut self, who: usize, kind: usize, lacked: u64) {
        let subjects = self.phones.iter().map(|p| p.device().0).chain(self.people.iter().map(|p| p.0));
        let subjects: Vec<_> = subjects.collect();
        let held = |phone: &Author| self.mark(phone, phone.last().checked_sub(lacked)?);
        let subject = RecordId(subjects[who % subjects.len()]);
        let kind = RevocationKind::ALL[kind % RevocationKind::ALL.len()];
        let cut = self.phones.iter().filter_map(held).collect();
        let revocation = Revocation { subject, kind, cut, decided_at: START, written_off: None };
        self.world.configure(subject, revocation);
    }

    fn review(&mut self, by: Option<usize>, about: usize, first: u64, accepted: bool) {
        let phones = self.phones.len();
        let about = &self.phones[about % phones];
        let Some(last) = self.mark(about, about.last()) else { return };
        let decision = if accepted { HeldDecision::Accepted } else { HeldDecision::Excluded };
        let review = HeldReview { first: first.min(last.seq), last, decision, note: "seen".into() };
        let intent = Intent::about_chain(Kind::HeldReviewed, last.chain).add(HELD_REVIEWED, &review).done();
        match by {
            Some(phone) => self.phones[phone % phones].record(intent),
            None => self.world.hq.record(intent),
        };
    }

    fn freeze(&mut self, n: usize, from: u64) {
        let chain = self.phones[n % self.phones.len()].chain;
        let cause = Some(ForkCause::Copied);
        let review = ForkReview { seq: from, note: "copied".into(), cause, own: None };
        let reviewed = Intent::about_chain(Kind::ForkReviewed, chain).add(FORK_REVIEWED, &review);
        self.world.hq.record(reviewed.done());
    }

    /// The entry of a number as a phone wrote it.
    fn mark(&self, phone: &Author, seq: u64) -> Option<EntryMark> {
        let mut prev = phone.head()?.segment;
        while let Some(segment) = self.segments.iter().find(|s| s.header.id() == prev) {
            if let Some(n) = seq.checked_sub(segment.header.first) {
                let leaf = segment.leaves()[usize::try_from(n).expect("small")];
                return Some(EntryMark { chain: phone.chain, seq, mark: leaf.mark() });
            }
            prev = segment.header.prev;
        }
        None
    }

    fn entries(&self) -> Vec<Held> {
        let ends: BTreeMap<Digest, Digest> =
            self.segments.iter().filter_map(|s| Some((s.header.id(), *s.leaves().last()?))).collect();
        let mut all = Vec::new();
        for segment in &self.segments {
            let mut before = ends.get(&segment.header.prev).copied();
            for (entry, leaf) in segment.decode().expect("ours").into_iter().zip(segment.leaves()) {
                let by = EntryRef { chain: segment.header.chain, seq: entry.seq, leaf };
                all.push(Held { header: segment.header.clone(), key: segment.key, by, entry, before });
                before = Some(leaf);
            }
        }
        all
    }
}

fn state_of<'h>(world: &World, entries: impl IntoIterator<Item = &'h Held>) -> Vec<String> {
    let mut holder = Holder::new(world);
    entries.into_iter().for_each(|held| holder.arrive(held));
    holder.state()
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let n = || 0..6_usize;
    let one = prop_oneof![
        6 => n().prop_map(Step::Act),
        2 => (n(), n()).prop_map(|(a, b)| Step::SignIn(a, b)),
        1 => n().prop_map(Step::Copy),
        2 => n().prop_map(Step::Fold),
        1 => n().prop_map(Step::Rename),
        1 => (0..4_u64).prop_map(Step::Restore),
        1 => Just(Step::Adopt),
        2 => (n(), n(), 0..4_u64).prop_map(|(a, b, c)| Step::Revoke(a, b, c)),
        2 => (prop::option::of(n()), n(), 1..12_u64, any::<bool>()).prop_map(|(a, b, c, d)| Step::Review(a, b, c, d)),
        1 => (n(), 1..6_u64).prop_map(|(a, b)| Step::Freeze(a, b)),
    ];
    prop::collection::vec(one, 1..16)
}

/// A story and two orders in which its entries may arrive.
fn orders() -> impl Strategy<Value = (Vec<Step>, u64)> {
    (steps(), any::<u64>())
}

/// An order in which entries may arrive: as near to a wish as chains allow, which take nothing before what it follows.
fn allowed(mut wish: Vec<&Held>) -> Vec<&Held> {
    let mut order: Vec<&Held> = Vec::new();
    let mut held = std::collections::BTreeSet::new();
    while let Some(next) = wish.iter().position(|h| h.before.is_none_or(|leaf| held.contains(&leaf))) {
        let next = wish.remove(next);
        held.insert(next.by.leaf);
        order.push(next);
    }
    assert!(wish.is_empty(), "every entry follows one that is there");
    order
}

/// Puts entries in an order that follows from a number.
fn shuffled(entries: &[Held], seed: u64) -> Vec<&Held> {
    let mut all: Vec<_> = entries.iter().collect();
    all.sort_by_key(|held| Digest::of(&[&seed.to_be_bytes()[..], &held.by.leaf.0].concat()));
    all
}

#[test]
fn headquarters_revoking_its_own_device_asks_for_nothing_to_be_judged_again() {
    let mut story = Story::new();
    let (hq, device) = (story.world.hq.chain, story.world.hq.device());
    let revocation = Revocation {
        subject: RecordId(device.0),
        kind: RevocationKind::Lost,
        cut: vec![],
        decided_at: START,
        written_off: None,
    };
    story.world.configure(RecordId(device.0), revocation);
    story.seal();
    let mut holder = Holder::new(&story.world);
    for held in story.entries().iter().filter(|held| held.by.chain == hq) {
        holder.arrive(held);
        let Verdict::Counts(plan) = &holder.verdicts[&held.by] else { panic!("{:?}", held.entry.kind) };
        let added = plan.apply(held.by, &BTreeMap::new(), &Forks::new()).additions;
        assert_eq!(holder.knowledge.learn(held.by, held.entry.at, Some(&added)), []);
    }
}

#[test]
fn of_a_closed_chain_what_was_written_knowing_it_waits_for_a_lead_and_nothing_else() {
    let steps = [
        Step::Fold(0),
        Step::Copy(0),
        Step::Act(0),
        Step::Act(2),
        Step::Freeze(0, 2),
        Step::Act(0),
        Step::Fold(2),
        Step::Act(2),
        Step::Act(2),
        Step::Act(0),
    ];
    let verdicts = |steps: &[Step]| {
        let story = Story::new().run(steps);
        let mut holder = Holder::new(&story.world);
        story.entries().iter().for_each(|held| holder.arrive(held));
        let of_chain = holder.verdicts.iter().filter(|(by, _)| by.chain == story.phones[0].chain);
        let held = |verdict: &Verdict| (*verdict == Verdict::Held, matches!(verdict, Verdict::Counts(_)));
        of_chain.map(|(by, verdict)| (by.seq, held(verdict))).collect::<Vec<_>>()
    };
    let (counts, held) = ((false, true), (true, false));
    let told = verdicts(&steps);
    let of = |seq: u64| told.iter().filter(|(s, _)| *s == seq).map(|(_, v)| *v).collect::<Vec<_>>();
    assert_eq!(of(1), [counts]);
    assert_eq!(of(2), [counts, counts], "both branches, from before the review");
    let mut third = of(3);
    third.sort_unstable();
    assert_eq!(third, [counts, held], "one knew, the other did not");
    let confirmed = [&steps[..], &[Step::Review(Some(1), 2, 3, true)]].concat();
    assert!(verdicts(&confirmed).iter().all(|(_, verdict)| *verdict == counts), "a lead confirms it");
}

#[test]
fn what_waits_is_judged_again_only_when_something_is_learnt_that_it_may_wait_for() {
    let mut story = Story::new();
    story.phones[0].record(Intent::about(Kind::IncidentDetailed, RecordId([1; 16])).done());
    story.seal();
    let world = &story.world;
    let phone = story.phones[0].chain;
    let entries = story.entries();
    let (hq, sites): (Vec<_>, Vec<_>) = entries.iter().partition(|held| held.by.chain == world.hq.chain);
    let mut holder = Holder::new(world);
    sites.iter().for_each(|held| holder.arrive(held));
    let waiting = holder.knowledge.waiting().len();
    assert!(waiting > 0 && holder.knowledge.ripe().is_empty());
    // An ordinary entry teaches nothing that anybody waits for.
    let ordinary = sites.iter().rfind(|held| held.by.chain == phone).expect("the phone's");
    holder.judge(ordinary.by, &mut Vec::new());
    assert_eq!(holder.knowledge.ripe(), std::collections::BTreeSet::new());
    hq.iter().for_each(|held| holder.arrive(held));
    assert!(holder.knowledge.waiting().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn verdicts_are_a_function_of_the_set_of_entries((steps, seed) in orders()) {
        let story = Story::new().run(&steps);
        let entries = story.entries();
        let in_order = state_of(&story.world, &entries);
        for wish in [entries.iter().rev().collect(), shuffled(&entries, seed)] {
            let state = state_of(&story.world, allowed(wish));
            let differ: Vec<_> = in_order.iter().zip(&state).filter(|(a, b)| a != b).collect();
            prop_assert!(in_order == state, "{:#?}", differ);
        }
    }
}
