use super::site::{AUDITOR, LEAD, PATROL, REVIEWER};
use super::world::{Actor, Done, HQ, World, locked, phone, plain};
use crate::base::{PersonId, RecordId};
use crate::capture::{
    Acknowledge, Action, AddTimelineLine, Asked, AssignPerson, ChangeSeverity, CloseIncident, DetailIncident,
    Entered, Intake, RaiseIncident, Rejection, ReportByPhone, incident_facts,
};
use crate::locales::Locale;
use crate::log::{Purpose, text_digest};
use crate::merge::Lookup;
use crate::records::incident::{
    CAUSE, IncidentKind, IncidentState, RECEIVED, RESPONSIBILITY, SEVERITY, Severity, read_back_code,
};
use crate::records::{Capability, FieldId, RecordKind};

const STAFF: Actor = Actor { device: 2, person: Some(PATROL) };
const RUNS: Actor = Actor { device: 2, person: Some(LEAD) };

fn raise(kind: IncidentKind) -> RaiseIncident {
    RaiseIncident { kind, severity: None, origin: None, intake: Intake::default() }
}

fn told() -> Intake {
    let text = |t: &str| Some(Entered::from(t));
    Intake {
        occurred: Some(0),
        received: None,
        reporter: text("赵强"),
        contact: text("8010"),
        place: text("2 号泵房"),
        nature: text("轴承异响"),
        first_state: text("已停机"),
        suggestion: text("更换"),
    }
}

fn close(incident: RecordId) -> CloseIncident {
    let text = |t: &str| Some(Entered::from(t));
    CloseIncident {
        incident,
        result: text("更换轴承"),
        cause: text("磨损"),
        responsibility: text("设备班"),
        countermeasure: text("缩短周期"),
        shown: None,
    }
}

fn raised(by: Actor) -> (World, RecordId) {
    let mut world = World::new();
    let incident = world.done(by, raise(IncidentKind::Equipment)).record();
    (world, incident)
}

#[test]
fn the_kind_alone_is_enough_even_on_a_locked_phone() {
    let (mut world, incident) = raised(locked(2));
    let state = world.state.record(incident).expect("held");
    assert_eq!(state.get(RECEIVED), Some(world.now), "received now");
    world.done(locked(2), AddTimelineLine { incident, text: "已疏散".into(), at: None });
    world.done(STAFF, DetailIncident { incident, intake: told() });
    let auditor = world.act(phone(2, AUDITOR), raise(IncidentKind::Fire));
    assert_eq!(
        auditor.expect_err("no post"),
        Rejection::NotAllowed { capability: Capability::RaiseIncident }
    );
}

#[test]
fn what_stands_against_handling() {
    let (mut world, incident) = raised(STAFF);
    let nobody = PersonId([99; 16]);
    let line = |incident, text: &str| AddTimelineLine { incident, text: text.into(), at: None };
    let table: [(Actor, Action, Rejection); 9] = [
        (STAFF, line(RecordId([9; 16]), "x").into(), Rejection::NotHere { kind: RecordKind::Incident }),
        (STAFF, line(RecordId(LEAD.0), "x").into(), Rejection::NotHere { kind: RecordKind::Incident }),
        (STAFF, line(incident, "\r\n").into(), Rejection::TextMissing { asked: Asked::Text }),
        (STAFF, DetailIncident { incident, intake: Intake::default() }.into(), Rejection::NothingEntered),
        (locked(2), DetailIncident { incident, intake: told() }.into(), Rejection::NobodySignedIn),
        (
            STAFF,
            ChangeSeverity { incident, severity: Severity::High }.into(),
            Rejection::NotAllowed { capability: Capability::RunIncident },
        ),
        (
            RUNS,
            AssignPerson { incident, person: nobody, assigned: true }.into(),
            Rejection::NotHere { kind: RecordKind::Person },
        ),
        (
            STAFF,
            ReportByPhone { incident, to: "".into() }.into(),
            Rejection::TextMissing { asked: Asked::Recipient },
        ),
        (STAFF, close(incident).into(), Rejection::NotAllowed { capability: Capability::CloseIncident }),
    ];
    for (actor, action, expected) in table {
        assert_eq!(world.act(actor, action.clone()).expect_err("rejected"), expected, "{action:?}");
    }
}

#[test]
fn hq_and_the_lead_take_notice_once() {
    let (mut world, incident) = raised(STAFF);
    let reviewer = Actor { person: Some(REVIEWER), ..HQ };
    for actor in [RUNS, reviewer] {
        world.done(actor, Acknowledge { incident });
        let again = world.act(actor, Acknowledge { incident });
        assert_eq!(again.expect_err("twice"), Rejection::AlreadyAcknowledged);
    }
    let site_only = world.act(reviewer, ChangeSeverity { incident, severity: Severity::Low });
    assert!(matches!(site_only, Err(Rejection::SiteOnly { .. })));
    let said = world.done(STAFF, ReportByPhone { incident, to: "值班经理".into() });
    assert!(format!("{:?}", said.intent).contains(&read_back_code(incident)));
    let state = world.state.record(incident).expect("held");
    let facts = incident_facts(&state, None);
    assert_eq!((facts.state(), facts.reported), (IncidentState::Acknowledged, Some(world.now)));
}

fn incomplete(missing: &[FieldId]) -> Rejection {
    Rejection::IncidentIncomplete { missing: missing.to_vec(), disputed: vec![] }
}

#[test]
fn it_closes_when_everything_is_told() {
    let (mut world, incident) = raised(STAFF);
    world.done(STAFF, DetailIncident { incident, intake: told() });
    let partly = CloseIncident { cause: None, responsibility: Some(" ".into()), ..close(incident) };
    let missing = incomplete(&[SEVERITY.id(), CAUSE.id(), RESPONSIBILITY.id()]);
    assert_eq!(world.act(RUNS, partly).expect_err("incomplete"), missing);
    world.done(RUNS, ChangeSeverity { incident, severity: Severity::Low });
    let closed: Done = world.done(RUNS, close(incident));
    assert_eq!(closed.intent.to_sign, None);
    let late: [Action; 3] = [
        close(incident).into(),
        AddTimelineLine { incident, text: "x".into(), at: None }.into(),
        ChangeSeverity { incident, severity: Severity::High }.into(),
    ];
    for action in late {
        assert_eq!(world.act(RUNS, action).expect_err("closed"), Rejection::IncidentClosed);
    }
}

#[test]
fn a_major_one_is_closed_by_signing_what_was_shown() {
    let (mut world, incident) = raised(STAFF);
    world.locale = Locale::ZhCn;
    world.done(STAFF, DetailIncident { incident, intake: told() });
    world.done(RUNS, ChangeSeverity { incident, severity: Severity::High });
    assert_eq!(world.act(RUNS, close(incident)).expect_err("unsigned"), Rejection::ShownTextChanged);
    let text = plain(close(incident).text(&world.context(RUNS))).expect("complete");
    assert!(text.contains("处理结果：更换轴承\n原因：磨损\n"), "{text}");
    let shown = CloseIncident { shown: Some(text_digest(&text)), ..close(incident) };
    world.done(STAFF, AddTimelineLine { incident, text: "补充".into(), at: None });
    assert_eq!(world.act(RUNS, shown).expect_err("changed"), Rejection::ShownTextChanged);
    let text = plain(close(incident).text(&world.context(RUNS))).expect("complete");
    let closed = world.done(RUNS, CloseIncident { shown: Some(text_digest(&text)), ..close(incident) });
    assert_eq!(closed.intent.to_sign.map(|s| s.purpose), Some(Purpose::Incident));
}
