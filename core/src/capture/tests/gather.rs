use std::collections::BTreeSet;

use super::site::{HOUR, LEAD, MORNING, NEXT_LEAD, PATROL, PLAN};
use super::world::{Actor, World, plain};
use crate::base::{DeviceId, RecordId};
use crate::capture::handover::{Gathered, HeardPhone, SILENT_AFTER};
use crate::capture::{AnswerItem, Intake, RaiseIncident, StartRound, StartWhat};
use crate::merge::{Lookup, RecordState};
use crate::records::handover::{Block, HandoverItem, SilentPhone, Subject};
use crate::records::incident::{IncidentKind, Origin};
use crate::records::round::{ItemStatus, RoundStatus, Standing, Window};

const OUT: Actor = Actor { device: 2, person: Some(LEAD) };
const WALKER: Actor = Actor { device: 2, person: Some(PATROL) };
const WINDOW: Window = Window { start: MORNING - HOUR / 2, end: MORNING + HOUR / 2 };

fn heard(n: u8, heard_until: Option<i64>) -> HeardPhone {
    let people = BTreeSet::from([if n == 2 { PATROL } else { NEXT_LEAD }]);
    let (device, name) = (DeviceId([n; 16]), format!("手机 {n}"));
    HeardPhone { device, name, people, heard_until, standing: Standing::InUse }
}

fn state(world: &World, record: RecordId) -> RecordState {
    RecordState { id: record, ..world.state.record(record).expect("held") }
}

fn raise(origin: Option<Origin>) -> RaiseIncident {
    RaiseIncident { kind: IncidentKind::Water, severity: None, origin, intake: Intake::default() }
}

fn items(world: &World, gathered: &Gathered) -> Vec<HandoverItem> {
    plain(gathered.items(&world.context(OUT))).expect("gathered")
}

/// A round that is walked, with one item found wrong, and an incident that has nothing to do with it.
fn morning() -> (World, RecordId, Gathered) {
    let mut world = World::new();
    let round = world.done(WALKER, StartRound { what: StartWhat::Plan(PLAN, WINDOW) }).record();
    let wrong = AnswerItem { round, item: 1, status: ItemStatus::Abnormal, reading: None, note: None };
    world.done(WALKER, wrong);
    let incident = world.done(OUT, raise(None)).record();
    let gathered = Gathered {
        incidents: vec![state(&world, incident)],
        rounds: vec![state(&world, round)],
        phones: vec![heard(2, Some(world.now)), heard(3, None)],
        since: WINDOW.start,
    };
    (world, round, gathered)
}

#[test]
fn what_is_open_is_gathered_in_its_blocks() {
    let (world, round, gathered) = morning();
    let items = items(&world, &gathered);
    let has = |block: Block, found: &dyn Fn(&Subject) -> bool| {
        items.iter().filter(|item| item.block == block && found(&item.subject)).count()
    };
    assert_eq!(has(Block::OpenItems, &|s| matches!(s, Subject::Incident { .. })), 1);
    assert_eq!(has(Block::OpenItems, &|s| matches!(s, Subject::Finding { .. })), 1);
    assert_eq!(
        has(Block::OpenItems, &|s| matches!(s, Subject::Round { status: RoundStatus::Running, .. })),
        1
    );
    assert!(items.iter().any(|item| item.record == round));
    assert!(items.iter().all(|item| item.next_owner.is_none()), "owners are for people to name");
}

#[test]
fn a_finding_that_became_an_incident_is_handed_over_once() {
    let (mut world, round, mut gathered) = morning();
    let incident = world.done(OUT, raise(Some(Origin { round, item: 1 }))).record();
    gathered.incidents.push(state(&world, incident));
    let findings = items(&world, &gathered).into_iter();
    assert_eq!(findings.filter(|i| matches!(i.subject, Subject::Finding { .. })).count(), 0);
}

#[test]
fn a_round_that_nobody_can_know_of_names_the_silent_phone_and_no_person() {
    let (mut world, _, mut gathered) = morning();
    gathered.rounds.clear();
    world.now = WINDOW.end + HOUR;
    let status = |world: &World, gathered: &Gathered| {
        let rounds = items(world, gathered).into_iter().filter_map(|item| match item.subject {
            Subject::Round { status, window, .. } if window == WINDOW => Some((item.block, status)),
            _ => None,
        });
        rounds.collect::<Vec<_>>()
    };
    let silent = RoundStatus::Unknown(vec![DeviceId([2; 16])]);
    assert_eq!(status(&world, &gathered), [(Block::Risks, silent)]);
    gathered.phones[0].heard_until = Some(world.now);
    assert_eq!(status(&world, &gathered), [(Block::Risks, RoundStatus::Missed)]);
}

#[test]
fn phones_that_were_not_heard_are_named_save_this_one_and_those_written_off() {
    let now = MORNING + 24 * HOUR;
    let mut phones = vec![
        heard(2, None),
        heard(3, Some(now - SILENT_AFTER)),
        heard(4, Some(now - SILENT_AFTER - 1)),
        heard(5, None),
        heard(6, None),
    ];
    phones[4].standing = Standing::WrittenOff;
    let gathered = Gathered { phones, ..Gathered::default() };
    let named = |n: u8, heard_until| SilentPhone { name: format!("手机 {n}"), heard_until };
    let silent = gathered.silent(DeviceId([2; 16]), now);
    assert_eq!(silent, [named(4, Some(now - SILENT_AFTER - 1)), named(5, None)]);
}
