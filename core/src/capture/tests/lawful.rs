//! Random people doing random things on clocks that jump: whatever is captured counts.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::site::{
    AUDITOR, HELPER, HOUR, LEAD, LEAD_POST, MORNING, NEXT_LEAD, PATROL, PATROL_POST, PLAN, REVIEWER,
    ROUND_LIST, objects,
};
use super::world::{Actor, HQ, World, plain};
use crate::base::RecordId;
use crate::capture::handover::{Freeze, LineAnswer};
use crate::capture::{
    Acknowledge, Action, AddTimelineLine, AnswerHandover, AnswerItem, AssignPerson, ChangeSeverity, CheckIn,
    CheckOut, CloseIncident, CloseSession, Comment, DetailIncident, Entered, Intake, OfferHandover,
    OneSidedHandover, RaiseIncident, ReachCheckpoint, Rejection, ReportByPhone, RestNormal, ShiftName,
    SignRound, SkipCheckpoint, SkipRound, SkipWhat, StartRound, StartWhat, WithdrawHandover,
};
use crate::log::text_digest;
use crate::records::chain::SessionEnd;
use crate::records::handover::Decision;
use crate::records::incident::{IncidentKind, Severity};
use crate::records::round::{ItemStatus, PresenceGrade, Window};
use crate::records::{Bytes, Kind};

const YEARS: i64 = 50 * 365 * 24 * HOUR;

/// Who does what: chosen by number, so that a failure shrinks.
#[derive(Debug, Clone)]
struct Step {
    who: usize,
    what: u8,
    which: u8,
    clock: u8,
}

fn step() -> impl Strategy<Value = Step> {
    (0..ACTORS.len(), 0..25_u8, any::<u8>(), any::<u8>()).prop_map(|(who, what, which, clock)| Step {
        who,
        what,
        which,
        clock,
    })
}

const ACTORS: &[Actor] = &[
    Actor { device: 2, person: Some(LEAD) },
    Actor { device: 3, person: Some(NEXT_LEAD) },
    Actor { device: 2, person: Some(PATROL) },
    Actor { device: 3, person: Some(PATROL) },
    Actor { device: 3, person: Some(HELPER) },
    Actor { device: 2, person: Some(AUDITOR) },
    Actor { device: 2, person: None },
    Actor { device: 1, person: Some(REVIEWER) },
    HQ,
];

/// A world with what was done in it so far.
struct Play {
    world: World,
    rounds: Vec<RecordId>,
    incidents: Vec<RecordId>,
    offers: Vec<(RecordId, Bytes)>,
}

fn one<T: Clone>(list: &[T], which: u8) -> Option<T> {
    list.get(usize::from(which) % list.len().max(1)).cloned()
}

fn text(which: u8) -> Entered {
    ["好\r\n", "", "a\u{0}b", "更换轴承"][usize::from(which) % 4].into()
}

impl Play {
    fn new() -> Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        let world = WORLD.get_or_init(World::new).clone();
        Self { world, rounds: vec![], incidents: vec![], offers: vec![] }
    }

    fn set_clock(&mut self, clock: u8) {
        match clock % 16 {
            0 => self.world.now = MORNING - YEARS,
            1 => self.world.now = MORNING + YEARS,
            2 => self.world.now = MORNING,
            3 => self.world.now += 2 * HOUR,
            4 => self.world.sampled = None,
            5 => self.world.sampled = Some(MORNING),
            6 => self.world.sampled = Some(MORNING + 2 * HOUR),
            _ => {}
        }
    }

    fn step(&mut self, step: &Step) -> Option<Result<Kind, Rejection>> {
        self.set_clock(step.clock);
        let actor = ACTORS[step.who];
        let action = self.action(actor, step.what, step.which)?;
        let done = match self.world.act(actor, action.clone()) {
            Ok(done) => done,
            Err(rejection) => return Some(Err(rejection)),
        };
        match action {
            Action::StartRound(_) => self.rounds.push(done.record()),
            Action::RaiseIncident(_) => self.incidents.push(done.record()),
            Action::OfferHandover(_) | Action::OneSidedHandover(_) => {
                self.offers.push((done.record(), Bytes(done.entry.statement.expect("signed"))));
            }
            _ => {}
        }
        Some(Ok(done.intent.kind))
    }

    fn action(&self, actor: Actor, what: u8, n: u8) -> Option<Action> {
        match what {
            0..=8 => self.on_round(actor, what, n),
            9..=16 => self.on_incident(actor, what, n),
            17..=20 => self.on_handover(actor, what, n),
            _ => Some(self.anywhere(what, n)),
        }
    }

    fn on_round(&self, actor: Actor, what: u8, n: u8) -> Option<Action> {
        let window = Window { start: MORNING - HOUR / 2, end: MORNING + HOUR / 2 };
        let start = || match n % 3 {
            0 => StartWhat::Checklist(ROUND_LIST),
            _ => StartWhat::Plan(PLAN, window),
        };
        let (round, checkpoint) = (one(&self.rounds, n / 8), u32::from(n % 3));
        let grade = PresenceGrade::ALL[usize::from(n) % 4];
        let status = ItemStatus::ALL[usize::from(n) % 3];
        Some(match what {
            0 | 1 => StartRound { what: start() }.into(),
            2 | 3 => {
                let (item, reading) = (u32::from(n % 5), n.is_multiple_of(2).then_some(i64::from(n)));
                AnswerItem { round: round?, item, status, reading, note: Some(text(n)) }.into()
            }
            4 => ReachCheckpoint { round: round?, checkpoint, grade, evidence: "T-1".into() }.into(),
            5 => RestNormal { round: round?, checkpoint }.into(),
            6 => SkipCheckpoint { round: round?, checkpoint, reason: text(n) }.into(),
            7 => {
                let shown =
                    plain(SignRound::text(&self.world.context(actor), round?, self.world.now)).ok()?;
                SignRound { round: round?, shown_at: self.world.now, shown: text_digest(&shown) }.into()
            }
            _ => SkipRound { what: SkipWhat::Planned(PLAN, window), reason: text(n) }.into(),
        })
    }

    fn on_incident(&self, actor: Actor, what: u8, n: u8) -> Option<Action> {
        let incident = one(&self.incidents, n / 8);
        let severity = Severity::ALL[usize::from(n) % 3];
        let all = || Some(Entered::from("内容"));
        let intake = || Intake {
            occurred: Some(0),
            received: None,
            reporter: all(),
            contact: all(),
            place: all(),
            nature: all(),
            first_state: all(),
            suggestion: all(),
        };
        Some(match what {
            9 | 10 => {
                let kind = IncidentKind::ALL[usize::from(n) % IncidentKind::ALL.len()];
                RaiseIncident { kind, severity: None, origin: None, intake: intake() }.into()
            }
            11 => DetailIncident { incident: incident?, intake: intake() }.into(),
            12 => AddTimelineLine { incident: incident?, text: text(n), at: None }.into(),
            13 => ChangeSeverity { incident: incident?, severity }.into(),
            14 => AssignPerson { incident: incident?, person: PATROL, assigned: n.is_multiple_of(2) }.into(),
            15 if n.is_multiple_of(2) => Acknowledge { incident: incident? }.into(),
            15 => ReportByPhone { incident: incident?, to: text(n) }.into(),
            _ => {
                let mut close = CloseIncident {
                    incident: incident?,
                    result: all(),
                    cause: all(),
                    responsibility: all(),
                    countermeasure: all(),
                    shown: None,
                };
                let shown = plain(close.text(&self.world.context(actor))).ok()?;
                close.shown = Some(text_digest(&shown));
                close.into()
            }
        })
    }

    fn on_handover(&self, actor: Actor, what: u8, n: u8) -> Option<Action> {
        let freeze = |record| Freeze {
            record,
            shift: day(),
            to: n.is_multiple_of(2).then_some(NEXT_LEAD),
            heads: self.world.heads(),
            items: vec![],
            answers: [(1, LineAnswer { status: ItemStatus::Normal, note: None })].into(),
            silent: vec![],
            checkpoint: None,
        };
        let record = RecordId([n; 16]);
        let offer = one(&self.offers, n / 8);
        Some(match what {
            17 => {
                let document = plain(freeze(record).freeze(&self.world.context(actor))).ok()?.document;
                OfferHandover { record, document }.into()
            }
            18 => {
                let frozen = plain(freeze(record).freeze(&self.world.context(actor))).ok()?;
                let known = offer.filter(|_| n.is_multiple_of(4)).map(|(record, _)| record);
                let document = known.is_none().then_some(frozen.document);
                OneSidedHandover { record: known.unwrap_or(record), document, reason: text(n) }.into()
            }
            19 => {
                let (record, outgoing) = offer?;
                let decision = Decision::ALL[usize::from(n) % 3];
                AnswerHandover { record, decision, remarks: text(n), outgoing }.into()
            }
            _ => WithdrawHandover { record: offer?.0, reason: text(n) }.into(),
        })
    }

    fn anywhere(&self, what: u8, n: u8) -> Action {
        let post = if n.is_multiple_of(3) { LEAD_POST } else { PATROL_POST };
        let objects = objects();
        match what {
            21 => CheckIn { shift: day(), post, place: None }.into(),
            22 => CheckOut { shift: day(), post, place: None }.into(),
            23 => Comment { record: RecordId([n; 16]), text: text(n) }.into(),
            _ if n.is_multiple_of(2) => CloseSession { reason: SessionEnd::Idle }.into(),
            _ => objects[usize::from(n) % objects.len()].clone().into(),
        }
    }
}

fn day() -> ShiftName {
    ShiftName { date: "2026-03-01".parse().expect("a day"), key: "day".into() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// [`World::act`] panics if an entry that was captured does not count.
    #[test]
    fn whatever_is_captured_counts(steps in prop::collection::vec(step(), 1..60)) {
        let mut play = Play::new();
        for step in &steps {
            play.step(step);
        }
    }
}

#[test]
fn random_play_gets_as_far_as_the_last_signatures() {
    let mut runner = TestRunner::deterministic();
    let plays = prop::collection::vec(step(), 60);
    let mut seen = BTreeSet::new();
    for _ in 0..300 {
        let mut play = Play::new();
        let steps = plays.new_tree(&mut runner).expect("steps").current();
        seen.extend(steps.iter().filter_map(|s| play.step(s)).filter_map(Result::ok));
    }
    let last = [Kind::RoundSigned, Kind::IncidentClosed, Kind::HandoverAccepted, Kind::HandoverRefused];
    assert!(last.iter().all(|kind| seen.contains(kind)), "{seen:?}");
}
