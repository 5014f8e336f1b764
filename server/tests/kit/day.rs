//! A day at a site.

use dutylog_core::base::{PersonId, RecordId, Value};
use dutylog_core::capture::Intent;
use dutylog_core::log::{Purpose, Segment, text_digest};
use dutylog_core::records::Kind;
use dutylog_core::records::incident::{
    ACKNOWLEDGED, Acknowledgement, IncidentKind, KIND, PLACE, SEVERITY, Severity, TIMELINE, TimelineLine,
};
use dutylog_core::records::people::PostTemplate;
use dutylog_core::records::round::{
    Answer, ItemStatus, RESULT, RoundSigned, RoundStarted, SIGNED, STARTED, Window,
};
use dutylog_core::testing::{Author, HOUR, START, World};

/// A day at a site: what HQ wrote, and what two phones recorded, in segments.
pub(crate) struct Day {
    pub(crate) world: World,
    pub(crate) hq: Vec<Segment>,
    pub(crate) a: Vec<Segment>,
    pub(crate) b: Vec<Segment>,
    pub(crate) phones: [Author; 2],
    pub(crate) people: [PersonId; 2],
    pub(crate) incident: RecordId,
    pub(crate) round: RecordId,
}

pub(crate) fn walk(phone: &mut Author, world: &World, person: PersonId) -> RecordId {
    let window = Window { start: START + 8 * HOUR, end: START + 9 * HOUR };
    let started = RoundStarted {
        plan: Some(world.plan),
        checklist: world.checklist,
        checklist_version: 1,
        window: Some(window),
        started_at: phone.wall,
    };
    let round = phone.record(Intent::creating(Kind::RoundStarted).set(STARTED, &started).done()).records[0];
    for (item, reading) in [(1_u32, None), (2, Some(42)), (3, None)] {
        let answer = Answer { status: ItemStatus::Normal, reading, note: None };
        phone.record(Intent::about(Kind::ItemAnswered, round).set_member(RESULT, item, &answer).done());
    }
    let text = text_digest("round");
    let signed = RoundSigned { person, text, at: phone.wall };
    let intent = Intent::about(Kind::RoundSigned, round).add(SIGNED, &signed);
    phone.record(intent.signed(Purpose::Round, text, Value::List(vec![])).done());
    round
}

pub(crate) fn day() -> Day {
    let mut world = World::new(1);
    let lead = world.person("Zhang", PostTemplate::DutyLead);
    let staff = world.person("Li", PostTemplate::DutyStaff);
    let mut first = world.phone(&[lead, staff]);
    let mut second = world.phone(&[lead]);
    let hq = vec![world.publish()];
    (first.wall, second.wall) = (START + 8 * HOUR, START + 8 * HOUR);
    first.sign_in(staff);
    let round = walk(&mut first, &world, staff);
    let raised = Intent::creating(Kind::IncidentRaised).set(KIND, &IncidentKind::Water);
    let incident = first.record(raised.set(SEVERITY, &Severity::High).done()).records[0];
    let mut a = vec![first.seal()];
    second.hear(&a[0]);
    second.sign_in(lead);
    let place =
        |text: &str| Intent::about(Kind::IncidentDetailed, incident).set(PLACE, &text.to_owned()).done();
    second.record(place("basement"));
    first.record(place("cellar"));
    let line = TimelineLine { text: "closed the valve".into(), at: second.wall };
    second.record(Intent::about(Kind::TimelineAdded, incident).add(TIMELINE, &line).done());
    let seen = Acknowledgement { person: lead, at: second.wall };
    second.record(Intent::about(Kind::IncidentAcknowledged, incident).add(ACKNOWLEDGED, &seen).done());
    a.push(first.seal());
    let b = vec![second.seal()];
    Day { world, hq, a, b, phones: [first, second], people: [lead, staff], incident, round }
}
