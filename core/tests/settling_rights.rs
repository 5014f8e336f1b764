//! Settling a severity is held to the right to change it: by the judge, on every holder of the entry.

use dutylog_core::base::{PersonId, RecordId};
use dutylog_core::capture::Intent;
use dutylog_core::log::{ConfigCite, EntryRef, Segment};
use dutylog_core::merge::{Breach, Knowledge, Verdict};
use dutylog_core::records::config::object_record;
use dutylog_core::records::incident::{NATURE, SEVERITY, Severity};
use dutylog_core::records::people::{Grant, Post, PostTemplate};
use dutylog_core::records::{Bilingual, Capabilities, Capability, FieldValue, Kind, Member, RecordKind};
use dutylog_core::testing::{Author, DAY, START, World};

const INCIDENT: RecordId = RecordId([1; 16]);

/// Somebody who may settle conflicts and not run incidents.
fn arbiter(world: &mut World) -> PersonId {
    let person = world.person("Zhao", PostTemplate::DutyStaff);
    let post = object_record(world.site, RecordKind::Post, b"arbiter");
    let capabilities = Capabilities::of(&[Capability::Settle, Capability::SeeSite]);
    let name = Bilingual::new("仲裁", "arbiter");
    world.configure(post, Post { name, template: None, capabilities, mandatory: false, active: true });
    let grant = Grant { person, post, from: START - 20 * DAY, until: None, reason: None, approver: None };
    world.configure(object_record(world.site, RecordKind::Grant, b"arbiter"), grant);
    person
}

/// What becomes of the newest entry of a phone.
fn judged(world: &World, hq: &Segment, phone: &mut Author) -> Verdict {
    let mut knowledge = Knowledge::new(world.trust());
    let mut last = Verdict::Waits;
    for segment in [hq.clone(), phone.seal()] {
        let device = world.trust().get(segment.key).expect("certified").clone();
        knowledge.learn_device(segment.header.chain, &device);
        for (entry, leaf) in segment.decode().expect("ours").into_iter().zip(segment.leaves()) {
            let by = EntryRef { chain: segment.header.chain, seq: entry.seq, leaf };
            last = knowledge.judge(&segment.header, by, &entry);
            let added = match &last {
                Verdict::Counts(plan) => {
                    Some(plan.apply(by, &Default::default(), &Default::default()).additions)
                }
                _ => None,
            };
            knowledge.learn(by, entry.at, added.as_deref());
        }
    }
    last
}

#[test]
fn whoever_settles_a_severity_may_change_one() {
    let mut world = World::new(1);
    let (lead, arbiter) = (world.person("Zhang", PostTemplate::DutyLead), arbiter(&mut world));
    let mut phone = world.phone(&[lead, arbiter]);
    let hq = world.publish();
    phone.config = Some(ConfigCite { chain: world.hq.chain, seq: world.hq_last() });
    phone.wall = START;
    let settled = |field, value| {
        Intent::about(Kind::ConflictSettled, INCIDENT).write(field, Member::Whole, value).done()
    };
    let severity = || settled(SEVERITY.id(), Severity::High.to_value());
    let table = [
        (lead, severity(), None),
        (arbiter, settled(NATURE.id(), "leak".into()), None),
        (arbiter, severity(), Some(Verdict::Refused(Breach::NotAllowed(Capability::RunIncident)))),
    ];
    for (person, intent, refused) in table {
        let mut phone = phone.clone();
        phone.sign_in(person);
        phone.record(intent);
        let verdict = judged(&world, &hq, &mut phone);
        match refused {
            Some(refused) => assert_eq!(verdict, refused),
            None => assert!(matches!(verdict, Verdict::Counts(_)), "{verdict:?}"),
        }
    }
}
