use super::site::{LEAD, PATROL, REVIEWER};
use super::world::{Actor, HQ, World, locked, phone};
use crate::base::{ChainId, RecordId, Value};
use crate::capture::handover::unsettled;
use crate::capture::{Asked, ChangeSeverity, Comment, Intake, RaiseIncident, Rejection, SettleConflict};
use crate::log::{Entry, EntryRef, Op, encode_ops};
use crate::merge::{Lookup, Plan};
use crate::records::handover::Subject;
use crate::records::incident::{ACKNOWLEDGED, IncidentKind, SEVERITY, Severity};
use crate::records::{Capability, Cell, FieldValue, Kind, Member, RecordKind};

const RUNS: Actor = Actor { device: 2, person: Some(LEAD) };

/// An incident whose severity two phones wrote without having seen each other.
fn disputed() -> (World, Cell) {
    let mut world = World::new();
    let raise = RaiseIncident {
        kind: IncidentKind::Power,
        severity: Some(Severity::Low),
        origin: None,
        intake: Intake::default(),
    };
    let record = world.done(RUNS, raise).record();
    elsewhere(&mut world, record);
    (world, Cell { record, field: SEVERITY.id(), member: Member::Whole })
}

fn elsewhere(world: &mut World, record: RecordId) {
    let value = Severity::High.to_value();
    let op = Op::Write { record: 0, field: SEVERITY.id(), member: Member::Whole, value, cites: vec![] };
    let entry = Entry {
        seq: 1,
        at: 0,
        boot: Default::default(),
        author: Some(PATROL),
        session: 0,
        records: vec![record],
        kind: Kind::SeverityChanged.code(),
        ops: encode_ops(&[op]),
        statement: None,
        beyond: vec![],
    };
    let by = EntryRef { chain: ChainId([9; 16]), seq: 1, leaf: entry.leaf() };
    world.state.fold(by, 0, &Plan::of(&entry).expect("known"));
}

fn settle(cell: Cell, value: Value, is_new: bool) -> SettleConflict {
    SettleConflict { cell, value, is_new }
}

#[test]
fn a_conflict_is_settled_by_one_of_its_values_or_openly_by_a_new_one() {
    let (mut world, cell) = disputed();
    let field = cell.field;
    let held = world.state.record(cell.record).expect("in memory");
    let subject = Subject::Conflict { kind: Some(RecordKind::Incident), fields: vec![field] };
    assert_eq!(unsettled(&held), Some(subject), "a handover names it");
    let other = Cell { field: ACKNOWLEDGED.id(), ..cell };
    let table = [
        (RUNS, settle(cell, Severity::Medium.to_value(), false), Rejection::NotALiveValue { field }),
        (RUNS, settle(cell, "高".into(), true), Rejection::ValueUnfit { field }),
        (RUNS, settle(other, Value::Null, true), Rejection::NothingToSettle { field: other.field }),
        (
            phone(2, PATROL),
            settle(cell, Severity::High.to_value(), false),
            Rejection::NotAllowed { capability: Capability::Settle },
        ),
    ];
    for (actor, action, expected) in table {
        assert_eq!(world.act(actor, action).expect_err("rejected"), expected);
    }
    let mut anew = world.clone();
    anew.done(RUNS, settle(cell, Severity::Medium.to_value(), true));
    world.done(RUNS, settle(cell, Severity::High.to_value(), false));
    for mut world in [world, anew] {
        let again = world.act(RUNS, settle(cell, Severity::Low.to_value(), true));
        assert_eq!(again.expect_err("settled"), Rejection::NothingToSettle { field });
        world.done(RUNS, ChangeSeverity { incident: cell.record, severity: Severity::Low });
    }
}

#[test]
fn settling_is_no_way_round_the_right_to_change_a_severity() {
    let (mut world, cell) = disputed();
    let reviewer = Actor { device: HQ.device, person: Some(REVIEWER) };
    let made_up = world.clone().act(reviewer, settle(cell, Severity::Medium.to_value(), true));
    assert_eq!(made_up.expect_err("made up"), Rejection::NotAllowed { capability: Capability::RunIncident });
    world.clone().done(reviewer, settle(cell, Severity::High.to_value(), false));
    world.done(RUNS, settle(cell, Severity::Medium.to_value(), true));
}

#[test]
fn a_comment_says_something_in_a_persons_name() {
    let mut world = World::new();
    let comment = |text: &str| Comment { record: RecordId(LEAD.0), text: text.into() };
    let empty = world.act(RUNS, comment(" "));
    assert_eq!(empty.expect_err("empty"), Rejection::TextMissing { asked: Asked::Text });
    assert_eq!(world.act(locked(2), comment("好")).expect_err("nobody"), Rejection::NobodySignedIn);
    let long = world.act(RUNS, comment(&"长".repeat(6000)));
    assert!(matches!(long, Err(Rejection::TextTooLong { bytes: 18_000, .. })));
    world.done(RUNS, comment("收到\r\n"));
}
